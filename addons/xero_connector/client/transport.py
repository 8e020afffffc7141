"""One HTTP exchange with Xero, on top of xero-python.

xero-python's own defaults are switched off on purpose (facts, section 6): hidden retries that
re-send a PUT, no time-out, one process-wide `Configuration`, models that choke on unknown values.
"""

import logging
import re
from dataclasses import dataclass, field
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode

import urllib3
from xero_python.api_client import ApiClient
from xero_python.api_client.configuration import Configuration
from xero_python.rest import RESTClientObject

from .. import values
from . import errors, shape
from .deadline import POOLS, deadline
from .hidden import Hidden, HiddenBytes

_logger = logging.getLogger(__name__)

TIMEOUT = (5, 30)  # seconds to connect, to wait for bytes
TOTAL = 60  # seconds for a whole exchange; less than after which another process takes a request over
MAX_ANSWER = 64 * 1024 * 1024
CHUNK = 64 * 1024
LONGEST_WAIT = 2 * 24 * 3600  # seconds of a Retry-After that are believed
NOT_MODIFIED = 304
LIMIT_HEADERS = {
    "X-MinLimit-Remaining": "minute",
    "X-DayLimit-Remaining": "day",
    "X-AppMinLimit-Remaining": "app",
}


@dataclass
class Answer:
    """What Xero said.

    :ivar status: HTTP status, always 2xx or 304
    :ivar data: parsed JSON, fractions as Decimal; ``None`` for an empty body
    :ivar limits: calls left, by ``minute``, ``day``, ``app``
    :ivar correlation_id: Xero's own id of the exchange
    :ivar moment: when Xero answered, by its own clock (naive UTC), ``None`` when it does not say
    """

    status: int
    data: object = field(repr=False)
    limits: dict = field(default_factory=dict)
    correlation_id: str = ""
    moment: datetime | None = None

    def rows(self, name, key=None):
        """The list `name` of the answer, empty when nothing was modified.

        :param name: name of the list, or a function that finds it in the data
        :param key: name of the id that each element must have
        :return: list of mappings
        :raises errors.OutcomeUnknown: the answer does not hold it; nothing is known then
        """
        if self.status == NOT_MODIFIED:
            return []
        find = name if callable(name) else lambda data: data.get(name)
        found = find(self.data) if isinstance(self.data, dict) else None
        if not isinstance(found, list) or key and not all(item.get(key) for item in found):
            raise errors.OutcomeUnknown(
                "Xero's answer could not be read", status=self.status, correlation_id=self.correlation_id
            )
        return found


class _RestClient(RESTClientObject):
    """xero-python's REST client without retries and redirects, sending bytes as they are."""

    def __init__(self, configuration):
        super().__init__(configuration)
        self.pool_manager.connection_pool_kw["retries"] = urllib3.Retry(
            total=0, redirect=0, respect_retry_after_header=False
        )
        self.pool_manager.pool_classes_by_scheme = POOLS

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
    """Sends one request at a time, each over a connection of its own.

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
            sent["Authorization"] = Hidden(f"Bearer {self._access_token}")
        if self._tenant_id:
            sent["xero-tenant-id"] = self._tenant_id
        if params:
            url = f"{url}?{urlencode(params)}"
        try:
            with deadline(TOTAL):
                status, answered, data = self._exchange(method, url, sent, body)
        except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError):
            raise errors.Offline("Xero could not be reached") from None
        except urllib3.exceptions.MaxRetryError as error:
            raise _from_connection(error.reason) from None
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise _from_connection(error) from None
        try:
            return read_answer(status, answered, data)
        except errors.XeroError as error:
            if self._access_token:
                # Whoever echoes our header must not bring it into a message.
                error.message = error.message.replace(self._access_token, "…")
                error.args = (error.message,)
            raise

    def _exchange(self, method, url, headers, body):
        """Status, headers and bytes of the answer to one request."""
        client = self._client.rest_client
        try:
            response = client.exchange(method, url, headers, body)
            return response.status, response.headers, _read_body(response)
        except BaseException as error:
            # In the frames of the libraries headers and body lie open.
            raise error.with_traceback(None) from None
        finally:
            client.pool_manager.clear()


def _read_body(response):
    """The body, unpacked, as long as it is not too long to be read.

    :raises errors.OutcomeUnknown: it is; the rest is not even received
    """
    parts, size = [], 0
    while part := HiddenBytes(response.read(CHUNK, decode_content=True)):
        parts.append(part)
        size += len(part)
        if size > MAX_ANSWER:
            response.close()
            raise errors.OutcomeUnknown("Xero's answer is too large to be read", status=response.status)
    return HiddenBytes(b"".join(parts))


def _from_connection(reason):
    """The error for a connection that broke: nothing sent, or nobody knows."""
    # A failure of TLS is none of these: it can come with the answer. That of a handshake is a new connection's.
    never_sent = (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError)
    if isinstance(reason, never_sent):
        return errors.Offline("Xero could not be reached")
    return errors.OutcomeUnknown("The connection broke before Xero answered")


def read_answer(status, headers, data):
    """Turn status, headers and body bytes into an :class:`Answer`, or raise what they mean."""
    correlation_id = _matching(r"[0-9A-Za-z-]{1,64}", headers.get("Xero-Correlation-Id")) or ""
    if 200 <= status < 300 or status == NOT_MODIFIED:
        try:
            parsed = shape.check(values.loads(data)) if data.strip() else None
        except ValueError:
            raise errors.OutcomeUnknown(
                "Xero's answer could not be read", status=status, correlation_id=correlation_id
            ) from None
        limits = {name: _number(headers.get(header)) for header, name in LIMIT_HEADERS.items()}
        limits = {name: left for name, left in limits.items() if left is not None}
        return Answer(status, parsed, limits, correlation_id, _moment(headers.get("Date")))
    raise _from_status(status, headers, data, correlation_id)


def _moment(header):
    """Naive UTC time of a Date header, ``None`` when it cannot be read."""
    try:
        return parsedate_to_datetime(header or "").astimezone(timezone.utc).replace(tzinfo=None)
    except (ValueError, TypeError, OverflowError):
        return None


def _matching(pattern, header):
    """The text of a header when all of it fits `pattern`."""
    header = (header or "").strip()
    return header if re.fullmatch(pattern, header) else None


def _number(header):
    """The whole number of a header, or ``None``; others than the digits 0 to 9 are no digits."""
    found = _matching(r"[0-9]{1,9}", header)
    return None if found is None else int(found)


def _wait(header):
    """Seconds of a Retry-After header, at most :data:`LONGEST_WAIT`; ``None`` when it says none."""
    seconds = _number(header)
    return seconds and min(seconds, LONGEST_WAIT)


def _read_refusal(data):
    """Detail and elements in the body of a refusal, as far as they can be read."""
    try:
        parsed = shape.row(values.loads(data))
        elements = parsed.get("Elements")
        elements = shape.check({"Elements": elements})["Elements"] or [] if elements else []
    except ValueError:
        return "", []
    details = (parsed.get(name) for name in ("Detail", "Message", "error"))
    found = next((shape.text(detail) for detail in details if detail and isinstance(detail, str)), "")
    return found or _read_problem(parsed.get("problem")), elements


def _read_problem(problem):
    """What the ``problem`` of Payroll 2.0 says: its detail, and which fields are wrong."""
    if not isinstance(problem, dict):
        return ""
    texts = [problem.get("detail") or problem.get("title")]
    fields = problem.get("invalidFields")
    for wrong in fields if isinstance(fields, list) else ():
        if isinstance(wrong, dict):
            texts.append(": ".join(str(wrong[part]) for part in ("name", "reason") if wrong.get(part)))
    return shape.text(" ".join(text for text in texts if text and isinstance(text, str)))


def _from_status(status, headers, data, correlation_id):
    common = {"status": status, "correlation_id": correlation_id}
    detail, elements = _read_refusal(data)
    challenge = headers.get("WWW-Authenticate", "")
    if status in (401, 403):
        # Xero has shipped both spellings.
        if "insufficient_scope" in challenge or "insufficent_scope" in challenge:
            return errors.ScopeMissing(detail or shape.text(challenge), **common)
        if status == 401 and "AuthorizationUnsuccessful" in detail:
            return errors.ScopeMissing(detail, **common)
        kind = errors.AuthExpired if status == 401 else errors.AccessRevoked
        return kind(detail, **common)
    if status == 404:
        return errors.NotFound(detail, **common)
    if status == 429:
        problem = headers.get("X-Rate-Limit-Problem", "").lower()
        kind = next((k for k in ("day", "concurrent", "app") if k in problem), "minute")
        return errors.RateLimited(kind=kind, retry_after=_wait(headers.get("Retry-After")), **common)
    if status == 503:
        return errors.Offline(detail or "Xero says that the organisation is offline", **common)
    if status < 400 or status == 408 or status >= 500:
        # A redirect is not Xero's, and it is never followed: our token would go with it.
        return errors.OutcomeUnknown(detail, cached=status == 500, **common)
    return errors.Rejected(detail or f"HTTP {status}", elements=elements, **common)
