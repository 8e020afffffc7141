"""Staff: who is employed when, and on which calendar."""

import uuid
from decimal import Decimal

from ...errors import Invalid
from ..store import KINDS

BLANK = {
    "title": "", "first": "", "last": "", "born": None, "gender": None, "email": "", "phone": "",
    "job": "", "start": None, "end": None, "reason": None, "calendar": None, "rate": None,
    "engagement": None, "weekly": Decimal(38), "template": [], "wages": [], "leave": {}, "more": {},
}


def blank(org, **values):
    """A new employee's row, not yet kept."""
    stamp = org.stamp()
    return {**BLANK, "id": str(uuid.uuid4()), "created": stamp, "updated": stamp, **values}


def is_active(org, row):
    """Whether the person is employed today or will be."""
    return row["end"] is None or row["end"] >= org.today()


def works_in(row, start, end):
    """Whether the person is employed on some day from ``start`` to ``end``."""
    return (row["start"] or start) <= end and (row["end"] or end) >= start


def calendar_of(org, row):
    """The person's calendar; :raises Invalid: there is none."""
    calendar = org.payroll.calendars.get(row["calendar"])
    if calendar is None:
        raise Invalid("The employee does not have a payroll calendar.")
    return calendar


def rates_of(row):
    """Ids of the earnings rates that are assigned to the person."""
    lines = (*row["template"], *row["wages"])
    return {row["rate"], *(line["rate"] for line in lines)} - {None}


def terminate(org, row, end, reason=None):
    """The person leaves on ``end``; returns the new row."""
    if row["start"] and end < row["start"]:
        raise Invalid("The termination date must not be before the start date.")
    return org.payroll.employees.put({**row, "end": end, "reason": reason, "updated": org.stamp()})


def rehire(org, row, start):
    """The person comes back: a new employee, as Xero makes one; the old one stays terminated."""
    if row["end"] is None or start <= row["end"]:
        raise Invalid("Only a terminated employee can be rehired, after the termination date.")
    leave = {key: {**kept, "balance": kept["balance"] * 0} for key, kept in row["leave"].items()}
    return org.payroll.employees.put(blank(org, **{
        **{key: value for key, value in row.items() if key not in ("id", "created", "updated")},
        "start": start, "end": None, "reason": None, "leave": leave}))


def check_item(org, kind, key, message):
    """The current pay item; :raises Invalid: with ``message`` when there is no such one."""
    if kind not in KINDS:
        raise KeyError(kind)
    row = org.payroll.item(kind, key)
    if row is None or not row["current"]:
        raise Invalid(message)
    return row
