"""One of Xero's APIs: its address, its calls, and how it wraps answers and refusals."""

import re
import uuid

from werkzeug.exceptions import MethodNotAllowed
from werkzeug.exceptions import NotFound as NoRoute
from werkzeug.routing import Map, Rule

from . import wire
from .answer import Answer
from .errors import NotFound
from .files import File
from .oauth import scopes


class Surface:
    """The accounting API; the payroll APIs change what they do otherwise.

    ``root`` is the address below the host, ``country`` the only one that has this API (None: all),
    ``name`` what the log and the contract put before a path.
    """

    def __init__(self, root, routes, name="", country=None):
        """:param routes: (method, path with <Id> parts, function(call, **ids))."""
        self.root = root
        self.name = name
        self.country = country
        self._map = Map([Rule(path, methods=[method], endpoint=(path, function))
                         for method, path, function in routes], strict_slashes=False)

    def serves(self, path, country):
        """Whether a call of an organisation in ``country`` belongs here."""
        return path.startswith(self.root + "/") and self.country in (None, country)

    def route(self, path, method):
        """(template, function, ids) of a path below the root.

        :raises NotFound: there is no such path, or (501) no such method of it.
        """
        try:
            (template, function), ids = self._map.bind("").match(path, method=method)
        except NoRoute:
            raise NotFound from None
        except MethodNotAllowed:
            error = NotFound()
            error.status = 501
            raise error from None
        return self.name + re.sub(r"<(\w+)>", r"{\1}", template), function, ids

    def allows(self, granted, method, path):
        """Whether the scopes ``granted`` open a call."""
        return scopes.allows(granted, method, path)

    def admit(self, org):
        """Refuse a user or an organisation that may not use this API at all.

        :raises ApiError: 401 or 403.
        """

    def run(self, function, call, ids):
        """What the endpoint answers: a dict, a file, or None for 204."""
        return function(call, **ids)

    def envelope(self, sandbox, app, payload):
        """The whole answer around what the endpoint answered."""
        return {"Id": str(uuid.uuid4()), "Status": "OK",
                "ProviderName": sandbox.oauth.apps[app]["name"],
                "DateTimeUTC": f"/Date({int(sandbox.clock.now() * 1000)})/", **payload}

    def answer(self, sandbox, app, payload):
        """The :class:`Answer` of an endpoint that succeeded."""
        if payload is None:
            return Answer(204, b"")
        if isinstance(payload, File):
            return Answer(200, payload.body, payload.content_type)
        return Answer(200, wire.dump(self.envelope(sandbox, app, payload)))

    def refusal(self, sandbox, error):
        """The :class:`Answer` of an :class:`~xero_sandbox.errors.ApiError`."""
        return Answer(error.status, error.payload(), error.content_type, error.headers)
