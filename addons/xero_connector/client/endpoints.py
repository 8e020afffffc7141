"""Which addresses the client talks to, and which it refuses."""

import os
import re
from urllib.parse import urlsplit

DEFAULTS = {
    "login": "https://login.xero.com",
    "identity": "https://identity.xero.com",
    "api": "https://api.xero.com",
}
VARIABLES = {
    "login": "XERO_LOGIN_URL",
    "identity": "XERO_IDENTITY_URL",
    "api": "XERO_API_URL",
}
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


# Nothing but scheme, host, port and path: what else an address may hold is read differently by different parsers.
_PLAIN = re.compile(r"https?://(\[[0-9a-f:]+\]|[0-9a-z.-]+)(:[0-9]{1,5})?(/[0-9a-z._~/-]*)?", re.ASCII | re.IGNORECASE)


def _split(url):
    """Scheme and host of a plain address, else ``(None, None)``."""
    if not _PLAIN.fullmatch(url or ""):
        return None, None
    try:
        parts = urlsplit(url)
        return (parts.scheme, parts.hostname) if parts.port != 0 else (None, None)
    except ValueError:
        return None, None


def is_safe(url):
    """Whether `url` is https, or plain http to this machine itself."""
    scheme, _host = _split(url)
    return scheme == "https" or is_loopback(url)


def is_loopback(url):
    """Whether `url` is plain http to this machine itself (the sandbox, development)."""
    scheme, host = _split(url)
    return scheme == "http" and host in LOOPBACK


def resolve(kind, configured=None):
    """The base address of one of Xero's three hosts, read at each exchange.

    :param kind: ``login``, ``identity`` or ``api``
    :param configured: value of the system parameter, may be empty
    :return: address without a trailing slash; the environment wins over `configured`
    :raises ValueError: the address is neither https nor plain http to this machine
    """
    url = (os.environ.get(VARIABLES[kind]) or configured or DEFAULTS[kind]).rstrip("/")
    if not is_safe(url):
        raise ValueError(f"The {kind} address of Xero must be https (plain http only to this machine): {url}")
    return url
