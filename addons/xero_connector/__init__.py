try:
    import xero_python
except ImportError:
    raise ImportError(
        "The Python package xero-python is missing: run “pip install xero-python==15.2.0” in the "
        "environment of this Odoo and restart it."
    ) from None

from . import controllers, datasets, models, wizards
from .hooks import uninstall_hook
