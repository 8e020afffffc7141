"""Xero's spelling of dates, moments and money in JSON (facts, section 3.0)."""

import hashlib
import json
import re
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

_TICKS = re.compile(r"/Date\((-?\d+)([+-]\d{4})?\)/")
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def parse_moment(text):
    """A naive UTC datetime from ``/Date(1539993600000+0000)/`` or ISO text, else ``None``."""
    if not text or not isinstance(text, str):
        return None
    ticks = _TICKS.fullmatch(text)
    try:
        if ticks:
            moment = _EPOCH + timedelta(milliseconds=int(ticks.group(1)))
        else:
            moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
        if moment.tzinfo:
            moment = moment.astimezone(timezone.utc).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None
    return moment.replace(microsecond=0)


def parse_date(text):
    """The civil date of :func:`parse_moment`, else ``None``."""
    moment = parse_moment(text)
    return moment.date() if moment else None


def _encode(value):
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")


def dumps(value):
    """JSON bytes of `value`; Decimal as number, dates as ``YYYY-MM-DD``, keys sorted.

    A Decimal of at most 15 significant digits survives the way over a JSON number unchanged.
    """
    return _text(value).encode()


def _text(value):
    return json.dumps(value, default=_encode, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _refuse_constant(name):
    raise ValueError(f"{name} is no number")


def fingerprint(content, without=()):
    """Text that is the same for the same content, however odd its characters are.

    :param content: mapping that :func:`dumps` can write
    :param without: keys that do not count
    """
    counted = {name: value for name, value in content.items() if name not in without}
    return hashlib.sha256(_text(counted).encode(errors="surrogatepass")).hexdigest()


def to_json(value):
    """`value` with plain numbers and texts only, for a JSON column."""
    return json.loads(dumps(value))


def loads(data):
    """Value of JSON bytes with every fraction as Decimal.

    :raises ValueError: not JSON (``NaN`` and ``Infinity`` are not), or nested too deep to be read
    """
    try:
        return json.loads(data, parse_float=Decimal, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
