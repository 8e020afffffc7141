"""Which addresses the client talks to, and which it refuses."""

import os
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


def is_safe(url):
    """Whether `url` is https, or plain http to this machine itself."""
    parts = urlsplit(url or "")
    return parts.scheme == "https" and bool(parts.hostname) or is_loopback(url)


def is_loopback(url):
    """Whether `url` is plain http to this machine itself (the sandbox, development)."""
    parts = urlsplit(url or "")
    return parts.scheme == "http" and parts.hostname in LOOPBACK


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
