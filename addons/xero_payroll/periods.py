"""Pay periods: how they follow one another from a first one on (facts, section 4.2)."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

WEEKS = {"WEEKLY": 1, "FORTNIGHTLY": 2, "FOURWEEKLY": 4}
MONTHS = {"MONTHLY": 1, "QUARTERLY": 3, "ANNUAL": 12}
HALF = 15  # days of the first period of a month that has two
LATE = timedelta(days=62)  # how long an hour may still be changed
KINDS = (*WEEKS, *MONTHS, "TWICEMONTHLY")


def start(kind, first, number):
    """First day of a period.

    :param kind: one of :data:`KINDS`
    :param first: first day of period 0
    """
    if kind in WEEKS:
        return first + timedelta(weeks=WEEKS[kind] * number)
    if kind == "TWICEMONTHLY":
        later = first.day > HALF  # then it is the second one of its month
        months, half = divmod(number + later, 2)
        return first - timedelta(days=HALF * later) + relativedelta(months=months) + timedelta(days=HALF * half)
    return first + relativedelta(months=MONTHS[kind] * number)


def number_of(kind, first, day):
    """Which period `day` lies in, counted from 0; periods before the first one are negative."""
    if kind in WEEKS:
        return (day - first).days // (7 * WEEKS[kind])
    months = (day.year - first.year) * 12 + day.month - first.month
    number = 2 * months if kind == "TWICEMONTHLY" else months // MONTHS[kind]
    # The guess is right or next to right: a period begins later in some months than in others.
    while start(kind, first, number) > day:
        number -= 1
    while start(kind, first, number + 1) <= day:
        number += 1
    return number


def period(kind, first, day):
    """First and last day of the period that `day` lies in."""
    number = number_of(kind, first, day)
    return start(kind, first, number), start(kind, first, number + 1) - timedelta(days=1)
