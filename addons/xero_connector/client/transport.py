"""One HTTP exchange with Xero, on top of xero-python.

xero-python's own defaults are switched off on purpose (facts, section 6): hidden retries that
re-send a PUT, no time-out, one process-wide `Configuration`, models that choke on unknown values.
"""

import logging
from dataclasses import dataclass, field
from urllib.parse import urlencode

import urllib3
from xero_python.api_client import ApiClient
from xero_python.api_client.configuration import Configuration
from xero_python.rest import RESTClientObject

from .. import values
from . import errors

_logger = logging.getLogger(__name__)

TIMEOUT = (5, 30)  # seconds to connect, to wait for bytes
MAX_ANSWER = 64 * 1024 * 1024
LIMIT_HEADERS = {
    "X-MinLimit-Remaining": "minute",
    "X-DayLimit-Remaining": "day",
    "X-AppMinLimit-Remaining": "app",
}


@dataclass
class Answer:
    """What Xero said.

    :ivar status: HTTP status, always 2xx
    :ivar data: parsed JSON, fractions as Decimal; ``None`` for an empty body
    :ivar limits: calls left, by ``minute``, ``day``, ``app``
    :ivar correlation_id: Xero's own id of the exchange
    """

    status: int
    data: object
    limits: dict = field(default_factory=dict)
    correlation_id: str = ""


class _RestClient(RESTClientObject):
    """xero-python's REST client without retries and redirects, sending bytes as they are."""

    def __init__(self, configuration):
        super().__init__(configuration)
        self.pool_manager.connection_pool_kw["retries"] = urllib3.Retry(
            total=0, redirect=0, respect_retry_after_header=False
        )

    def exchange(self, method, url, headers, body=None):
        """One request; any status comes back as a response."""
        return self.pool_manager.request(
            method,
            url,
            body=body,
            headers=headers,
            timeout=urllib3.Timeout(connect=TIMEOUT[0], read=TIMEOUT[1]),
            redirect=False,
            preload_content=False,
        )


def _api_client():
    configuration = Configuration()
    # The class hands out shallow copies of one instance: nothing of a former user may stay in it.
    configuration.oauth2_token = None
    client = ApiClient(configuration)
    client.rest_client = _RestClient(configuration)
    return client


class Transport:
    """Sends one request at a time; holds connections open between them.

    :param access_token: bearer token, or ``None`` for the token endpoints
    :param tenant_id: organisation that the calls are for, or ``None``
    """

    def __init__(self, access_token=None, tenant_id=None):
        self._client = _api_client()
        self._access_token = access_token
        self._tenant_id = tenant_id

    def request(self, method, url, *, params=None, body=None, headers=None):
        """Send one request.

        :param method: HTTP method
        :param url: whole address without query
        :param params: query parameters, a mapping
        :param body: bytes, sent unchanged, or ``None``
        :param headers: extra headers
        :return: :class:`Answer`
        :raises errors.XeroError: one of its subclasses
        """
        sent = {
            "Accept": "application/json",
            "User-Agent": self._client.user_agent,
            **(headers or {}),
        }
        if self._access_token:
            sent["Authorization"] = f"Bearer {self._access_token}"
        if self._tenant_id:
            sent["xero-tenant-id"] = self._tenant_id
        if params:
            url = f"{url}?{urlencode(params)}"
        try:
            response = self._client.rest_client.exchange(method, url, sent, body)
            data = response.read(MAX_ANSWER + 1, decode_content=True)
            response.drain_conn()
        except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError):
            raise errors.Offline("Xero could not be reached") from None
        except urllib3.exceptions.MaxRetryError as error:
            raise _from_connection(error.reason) from None
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise _from_connection(error) from None
        if len(data) > MAX_ANSWER:
            raise errors.OutcomeUnknown("Xero's answer is too large to be read")
        return read_answer(response.status, response.headers, data)


def _from_connection(reason):
    """The error for a connection that broke: nothing sent, or nobody knows."""
    never_sent = (
        urllib3.exceptions.NewConnectionError,
        urllib3.exceptions.ConnectTimeoutError,
        urllib3.exceptions.SSLError,
    )
    if isinstance(reason, never_sent):
        return errors.Offline("Xero could not be reached")
    return errors.OutcomeUnknown("The connection broke before Xero answered")


def read_answer(status, headers, data):
    """Turn status, headers and body bytes into an :class:`Answer`, or raise what they mean."""
    correlation_id = headers.get("Xero-Correlation-Id", "")
    if 200 <= status < 300:
        try:
            parsed = values.loads(data) if data.strip() else None
        except ValueError:
            raise errors.OutcomeUnknown(
                "Xero's answer could not be read", status=status, correlation_id=correlation_id
            ) from None
        limits = {
            name: int(headers[header]) for header, name in LIMIT_HEADERS.items() if headers.get(header, "").isdigit()
        }
        return Answer(status, parsed, limits, correlation_id)
    raise _from_status(status, headers, data, correlation_id)


def _from_status(status, headers, data, correlation_id):
    common = {"status": status, "correlation_id": correlation_id}
    try:
        parsed = values.loads(data)
    except ValueError:
        parsed = {}
    parsed = parsed if isinstance(parsed, dict) else {}
    detail = str(parsed.get("Detail") or parsed.get("Message") or parsed.get("error") or "")
    challenge = headers.get("WWW-Authenticate", "")
    if status in (401, 403):
        # Xero has shipped both spellings.
        if "insufficient_scope" in challenge or "insufficent_scope" in challenge:
            return errors.ScopeMissing(detail or challenge, **common)
        if status == 401 and "AuthorizationUnsuccessful" in detail:
            return errors.ScopeMissing(detail, **common)
        kind = errors.AuthExpired if status == 401 else errors.AccessRevoked
        return kind(detail, **common)
    if status == 404:
        return errors.NotFound(detail, **common)
    if status == 429:
        retry_after = headers.get("Retry-After", "")
        problem = headers.get("X-Rate-Limit-Problem", "").lower()
        kind = next((k for k in ("day", "concurrent", "app") if k in problem), "minute")
        return errors.RateLimited(
            kind=kind,
            retry_after=int(retry_after) if retry_after.isdigit() else None,
            **common,
        )
    if status == 503:
        return errors.Offline(detail or "Xero says that the organisation is offline", **common)
    if status >= 500:
        return errors.OutcomeUnknown(detail, cached=status == 500, **common)
    elements = parsed.get("Elements")
    return errors.Rejected(detail, elements=elements if isinstance(elements, list) else (), **common)
