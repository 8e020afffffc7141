"""Timesheets: whole pay periods, one per person and period, locked by the pay run (facts, 4.2, 4.3)."""

import uuid

from ...errors import Invalid
from ...wire import ZERO
from . import employees, periods

BAD_PERIOD = "Provided period doesn't correspond with a pay period"
LOCKED = "The pay run for this pay period has already been posted."
EXISTS = "This timesheet already exists, please provide the timesheet ID"
PROCESSED = "Timesheet has already been processed and cannot be modified."
TERMINATED = "The employee is not employed in this pay period."
BAD_RATE = "The earnings rate is not valid for timesheets."
NOT_ASSIGNED = "The earnings rate is not assigned to the employee."
BAD_TRACKING = "The TrackingItemID is not an option of the timesheet tracking category."
ANY_RATE = "any_earnings_rate"


def check_open(org, calendar, start, end, bad_period=BAD_PERIOD):
    """The period from ``start`` to ``end``; :raises Invalid: it is none, or it is paid already."""
    period = periods.period_of(calendar, start)
    if period is None or (period.start, period.end) != (start, end):
        raise Invalid(bad_period)
    if start < calendar["next"]:
        raise Invalid(LOCKED)
    return period


def check_new(org, employee, calendar, start, end, exists=EXISTS, bad_period=BAD_PERIOD):
    """Refuse a second timesheet, a wrong period, a person who does not work then.

    :raises Invalid: with Xero's text.
    """
    check_open(org, calendar, start, end, bad_period)
    if not employees.works_in(employee, start, end):
        raise Invalid(TERMINATED)
    if any(row["start"] <= end and row["end"] >= start
           for row in org.payroll.timesheets.group("employee", employee["id"])):
        raise Invalid(exists)


def check_line(org, employee, line):
    """Refuse hours that no timesheet may hold.

    :param line: {date, rate, tracking, units}; :raises Invalid: with the reason.
    """
    rate = employees.check_item(org, "earnings", line["rate"], BAD_RATE)
    if rate["rate_type"] == "FIXEDAMOUNT":
        raise Invalid(BAD_RATE)
    if ANY_RATE not in org.quirks and rate["id"] not in employees.rates_of(employee):
        raise Invalid(NOT_ASSIGNED)
    if line["tracking"] and line["tracking"] not in _options(org):
        raise Invalid(BAD_TRACKING)
    if line["units"] < 0:
        raise Invalid("The number of units must not be negative.")


def check_editable(org, row, *states):
    """Refuse a change of a timesheet that is processed, or not in one of ``states``."""
    if row["status"] == "PROCESSED":
        raise Invalid(PROCESSED)
    if states and row["status"] not in states:
        raise Invalid(f"The timesheet is {row['status'].lower()} and cannot be changed.")


def keep(org, row, **changes):
    """Store a new or changed timesheet; returns the row."""
    stamp = org.stamp()
    return org.payroll.timesheets.put({
        "id": str(uuid.uuid4()), "status": "DRAFT", "lines": [], "created": stamp, **row,
        **changes, "updated": stamp})


def hours(row):
    """Units of all lines."""
    return sum((line["units"] for line in row["lines"]), ZERO)


def _options(org):
    """Ids of the active options of the category that timesheets use."""
    category = timesheet_category(org)
    return {option["TrackingOptionID"] for option in category["Options"]
            if option["Status"] == "ACTIVE"} if category else set()


def timesheet_category(org):
    """The tracking category for timesheets: the first one."""
    return next((row for row in org.tracking if row["Status"] == "ACTIVE"), None)


def group_category(org):
    """The tracking category for groups of employees: the second one."""
    return next((row for row in list(org.tracking)[1:] if row["Status"] == "ACTIVE"), None)
