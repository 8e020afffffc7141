"""How values look on the wire: dates, money, ids (facts, section 3)."""

import json
import re
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

ZERO_GUID = "00000000-0000-0000-0000-000000000000"
CENT = Decimal("0.01")
ZERO = Decimal("0.00")
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_GUID = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", re.I)
_MS_DATE = re.compile(r"^/Date\((-?\d+)([+-]\d{4})?\)/$")
_ISO_DAY = re.compile(
    r"^(\d{4})-(\d{2})-(\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$")


def is_guid(value):
    """Whether ``value`` is the text of a GUID."""
    return isinstance(value, str) and bool(_GUID.match(value))


def money(value):
    """Round to cents, half away from zero, as Xero does for every line."""
    return value.quantize(CENT, ROUND_HALF_UP)


def rounded(value, places):
    """Round to ``places`` decimals, half away from zero."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def stamp_text(ms):
    """``/Date(ms+0000)/`` of a timestamp in milliseconds."""
    return f"/Date({ms}+0000)/"


def stamp_iso(ms):
    """ISO text with ``Z`` of a timestamp in milliseconds (UpdatedDateUTCString)."""
    return datetime.fromtimestamp(ms / 1000, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


@lru_cache(maxsize=4096)
def day_text(iso):
    """``/Date(ms+0000)/`` of a civil date ``YYYY-MM-DD``, midnight UTC."""
    year, month, day = map(int, iso.split("-"))
    seconds = (datetime(year, month, day, tzinfo=timezone.utc) - _EPOCH).total_seconds()
    return f"/Date({int(seconds) * 1000}+0000)/"


def day_string(iso):
    """The readable twin of a date field, ``2018-10-20T00:00:00``."""
    return iso + "T00:00:00"


@lru_cache(maxsize=4096)
def parse_day(text):
    """The civil date ``YYYY-MM-DD`` in ``text`` (ISO or ``/Date(ms)/``).

    :raises ValueError: when it is not a date.
    """
    found = _MS_DATE.match(text)
    if found:
        return (_EPOCH + timedelta(milliseconds=int(found.group(1)))).strftime("%Y-%m-%d")
    found = _ISO_DAY.match(text)
    if not found:
        raise ValueError(text)
    return date(int(found.group(1)), int(found.group(2)), int(found.group(3))).isoformat()


def long_day(iso):
    """``30-Nov-2018``, as lock date messages spell it."""
    return date.fromisoformat(iso).strftime("%d-%b-%Y")


def _plain(value):
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{value!r} does not belong into an answer")


def dump(payload):
    """Bytes of a JSON answer; decimals become JSON numbers."""
    return json.dumps(payload, default=_plain, separators=(",", ":")).encode()


def load(body):
    """JSON of a request with exact decimals.

    :raises ValueError: when the bytes are not JSON.
    """
    return json.loads(body.decode("utf-8"), parse_float=Decimal, parse_constant=_refuse)


def _refuse(name):
    raise ValueError(name)
