"""Pay periods of a calendar, from its reference date on (facts, sections 4.2 and 4.5)."""

from collections import namedtuple
from datetime import date, timedelta
from decimal import Decimal

Period = namedtuple("Period", "start end payment")
DAYS = {"WEEKLY": 7, "FORTNIGHTLY": 14, "FOURWEEKLY": 28}
MONTHS = {"MONTHLY": 1, "QUARTERLY": 3, "ANNUAL": 12}
PER_YEAR = {"WEEKLY": 52, "FORTNIGHTLY": 26, "FOURWEEKLY": 13, "TWICEMONTHLY": 24, "MONTHLY": 12,
            "QUARTERLY": 4, "ANNUAL": 1}
HALF_MONTH = 15


def day(iso):
    """The date of ``YYYY-MM-DD``."""
    return date.fromisoformat(iso)


def days(start, end):
    """Every civil day from ``start`` to ``end``, as texts."""
    first = day(start)
    return [(first + timedelta(n)).isoformat() for n in range((day(end) - first).days + 1)]


def shifted(iso, count):
    """The day ``count`` days later."""
    return (day(iso) + timedelta(count)).isoformat()


def offset(kind, start, payment):
    """Days from the end of the period that starts on ``start`` to its payment."""
    return (day(payment) - _start(kind, day(start), 1)).days + 1


def period_of(calendar, iso):
    """The period that holds a day; None before the calendar's reference date."""
    if iso < calendar["reference"]:
        return None
    number = _guess(calendar, iso)
    while _at(calendar, number).start > iso:
        number -= 1
    while _at(calendar, number).end < iso:
        number += 1
    return _at(calendar, number)


def periods_between(calendar, start, end):
    """The periods that touch ``start`` .. ``end``."""
    found = []
    period = period_of(calendar, max(start, calendar["reference"]))
    while period.start <= end:
        found.append(period)
        period = period_of(calendar, shifted(period.end, 1))
    return found


def upcoming(calendar):
    """The first period without a posted pay run."""
    return period_of(calendar, calendar["next"])


def weeks(calendar):
    """Weeks of work in one period of the calendar, as Decimal."""
    return Decimal(52) / PER_YEAR[calendar["type"]]


def _at(calendar, number):
    kind, reference = calendar["type"], day(calendar["reference"])
    end = _start(kind, reference, number + 1) - timedelta(1)
    return Period(_start(kind, reference, number).isoformat(), end.isoformat(),
                  (end + timedelta(calendar["offset"])).isoformat())


def _guess(calendar, iso):
    passed = (day(iso) - day(calendar["reference"])).days
    return int(passed * PER_YEAR[calendar["type"]] / 366)


def _start(kind, reference, number):
    if kind in DAYS:
        return reference + timedelta(DAYS[kind] * number)
    if kind == "TWICEMONTHLY":
        later = reference.day > HALF_MONTH  # then it is the second one of its month
        half = timedelta(HALF_MONTH * ((number + later) % 2))
        first = reference - timedelta(HALF_MONTH * later)
        return _months_later(first, (number + later) // 2) + half
    return _months_later(reference, MONTHS[kind] * number)


def _months_later(first, count):
    month = first.month - 1 + count
    year, month = first.year + month // 12, month % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(1)).day
    return date(year, month, min(first.day, last))
