"""The state of a running sandbox."""

import threading
from datetime import datetime, timezone

from . import contract
from .clock import VirtualClock
from .errors import Unauthorized
from .faults import Faults
from .idempotency import IdempotencyStore
from .limits import Limits
from .log import RequestLog
from .oauth import jwt
from .oauth.store import OAuthStore
from .organisation import Organisation

DEFAULTS = {"country": "AU", "organisations": 2, "day_limit": 5000, "minute_limit": 60,
            "concurrent_limit": 5, "employees": 60}


class Sandbox:
    """Organisations, identity, limits and logs of one sandbox, guarded by ``lock``."""

    def __init__(self, **options):
        """Options as in ``DEFAULTS``."""
        self.lock = threading.RLock()
        self.log = RequestLog()
        self.violations = []
        self.contract = contract.from_environment()
        self.clock = VirtualClock()
        self.changed = 0
        self.options = dict(DEFAULTS)
        self.reset(**options)

    def reset(self, **options):
        """Start afresh with the last options, changed by ``options``.

        :raises ValueError: for an unknown option or country.
        """
        unknown = set(options) - set(DEFAULTS)
        if unknown:
            raise ValueError(f"Unknown option {', '.join(sorted(unknown))}")
        merged = {**self.options, **options}
        if merged["country"] not in ("AU", "NZ", "UK") or merged["organisations"] < 1:
            raise ValueError("country is AU, NZ or UK; organisations at least 1")
        with self.lock:
            self.options = merged
            self.clock = VirtualClock()
            self.oauth = OAuthStore(self.clock)
            self.idempotency = IdempotencyStore(self.clock)
            self.limits = Limits(self.clock, merged["day_limit"], merged["minute_limit"],
                                 concurrent=merged["concurrent_limit"])
            self.organisations = {}
            for number in range(1, merged["organisations"] + 1):
                org = Organisation(merged["country"], number, self.clock, merged["employees"])
                self.organisations[org.tenant_id] = org
            self.faults = Faults(self.clock)
            self.log.clear()
            self.violations.clear()
            self.changed += 1

    def organisation(self, number=1):
        """The ``number``-th organisation, counted from 1."""
        return list(self.organisations.values())[number - 1]

    def claims(self, request):
        """The claims of the request's access token.

        :raises Unauthorized: missing, unreadable, forged or expired.
        """
        kind, _space, token = request.headers.get("Authorization", "").partition(" ")
        if kind != "Bearer" or not token:
            raise Unauthorized("AuthenticationUnsuccessful")
        try:
            claims = jwt.decode(token, self.oauth.key)
        except jwt.BadToken:
            raise Unauthorized("TokenInvalidSignature") from None
        if claims.get("aud") != "xero-sandbox/resources":
            raise Unauthorized("AuthenticationUnsuccessful")
        if claims["exp"] <= self.clock.now():
            moment = datetime.fromtimestamp(claims["exp"], timezone.utc)
            raise Unauthorized(
                f"TokenExpired: token expired at {moment.strftime('%m/%d/%Y %H:%M:%S')}")
        return claims
