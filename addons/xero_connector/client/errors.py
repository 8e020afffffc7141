"""What can go wrong between Odoo and Xero, as one small tree.

Everything above the client decides on these classes, never on HTTP codes.
Source: facts on errors, Accounting API section 3.1 and OAuth2 section 1.
"""


class XeroError(Exception):
    """Base of all errors of the client.

    :ivar retry: sending the same request again later may succeed
    :ivar retry_after: seconds to wait before that, ``None`` when not known
    :ivar may_have_written: Xero may have stored what was sent
    :ivar correlation_id: Xero's own id of the exchange, for its support
    """

    retry = False
    may_have_written = False

    def __init__(self, message="", *, status=None, retry_after=None, correlation_id=None):
        super().__init__(message)
        self.message = message
        self.status = status
        self.retry_after = retry_after
        self.correlation_id = correlation_id

    @property
    def reason(self):
        """Code of what whoever ran into it waits for."""
        return type(self).__name__


class AuthExpired(XeroError):
    """The access token is no longer accepted: refresh it once and repeat."""

    retry = True


class AccessRevoked(XeroError):
    """The user took the consent back, or the refresh token is dead: connect again."""


class CopiedDatabase(AccessRevoked):
    """The tokens were stored by another database: this one is a copy and has to connect itself."""


class KeyMissing(XeroError):
    """This host does not hold the key that the stored tokens were encrypted with."""

    retry = True


class ScopeMissing(XeroError):
    """The token was granted without a scope that this call needs: consent again."""


class Unusable(XeroError):
    """Nothing may be called as things are, and no further call mends that.

    :cvar code: of the problem that says who does, and how
    """

    code = None


class ApiRefused(Unusable):
    """The organisation or the connecting user may not use this API at all; what else is connected works."""

    code = "api_refused"


class UnsafeAddress(Unusable):
    """The address of Xero that is set here is none to send tokens to."""

    code = "address_unsafe"


class Rejected(XeroError):
    """Xero understood the request and refused all of it; nothing was written.

    :ivar elements: echoes of the sent elements with their ``ValidationErrors``, may be empty
    """

    def __init__(self, message="", *, elements=(), **kwargs):
        super().__init__(message, **kwargs)
        self.elements = list(elements)


class NotFound(XeroError):
    """An id of the request is unknown to this organisation; nothing was written."""


class RateLimited(XeroError):
    """A limit is used up; nothing was written.

    :ivar kind: ``minute``, ``day``, ``concurrent`` or ``app``
    """

    retry = True

    def __init__(self, message="", *, kind="minute", **kwargs):
        super().__init__(message, **kwargs)
        self.kind = kind

    @property
    def reason(self):
        # EXTENDS XeroError
        return f"limit_{self.kind}"


class Offline(XeroError):
    """Xero was not reached, or says that the organisation is offline; nothing was written."""

    retry = True


class OutcomeUnknown(XeroError):
    """The request left, and no readable answer came back.

    :ivar cached: Xero answered 500 itself; it repeats that answer for the same idempotency key
    """

    retry = True
    may_have_written = True

    def __init__(self, message="", *, cached=False, **kwargs):
        super().__init__(message, **kwargs)
        self.cached = cached


class Unreadable(OutcomeUnknown):
    """An answer came, but it does not say what was asked."""


# Nothing works until somebody connects again.
NO_CONSENT = (AccessRevoked, CopiedDatabase, AuthExpired, ScopeMissing)
