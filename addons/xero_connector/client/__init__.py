"""Pure Python, no ORM: one HTTP exchange with Xero, OAuth, scopes, errors.

The only place that imports ``xero_python``.
"""

from . import api, endpoints, errors, oauth, scopes
from .api import XeroApi
