"""Leave: units per pay period, approved or asked for, taken when the pay run is posted (facts, 4.2)."""

import uuid

from ...errors import Invalid
from ...wire import rounded
from . import employees, periods

OPEN = ("REQUESTED", "SCHEDULED")
LOCKED = "Leave cannot be in a pay period that has already been paid."
PROCESSED = "Leave application has already been processed and cannot be modified."
WORKDAYS = 5


def state(row):
    """The state of a whole application: that of its first period."""
    return row["periods"][0]["status"]


def check(org, employee, leave_type, start, end, but=None):
    """Refuse leave that cannot be: its dates, its type, the person, other leave.

    :param but: id of the application that is edited; :raises Invalid: with the reason.
    """
    if end < start:
        raise Invalid("The end date must not be before the start date.")
    if not employees.works_in(employee, start, start) or not employees.works_in(employee, end, end):
        raise Invalid("The employee is not employed on all days of the leave.")
    employees.check_item(org, "leave", leave_type, "The leave type does not exist.")
    if leave_type not in employee["leave"]:
        raise Invalid("The leave type is not assigned to the employee.")
    calendar = employees.calendar_of(org, employee)
    if start < calendar["next"]:
        raise Invalid(LOCKED)
    for row in org.payroll.leaves.group("employee", employee["id"]):
        same = row["id"] != but and row["type"] == leave_type and state(row) != "REJECTED"
        if same and row["start"] <= end and row["end"] >= start:
            raise Invalid("The leave overlaps with other leave of the same type.")
    return calendar


def split(employee, calendar, start, end, status, units=None):
    """The pay periods of the leave with their units.

    :param units: {period start: (period end, units)} as asked for; None counts the working days.
    :raises Invalid: a period asked for is none of those that the dates touch.
    """
    found = periods.periods_between(calendar, start, end)
    wrong = units and any((period.start, period.end) not in {
        (key, value[0]) for key, value in units.items()} for period in found)
    if wrong or (units and len(units) != len(found)):
        raise Invalid("The leave periods must be the pay periods of the leave.")
    return [{"start": period.start, "end": period.end, "status": status,
             "units": units[period.start][1] if units else _units(employee, period, start, end)}
            for period in found]


def keep(org, row, **changes):
    """Store new or changed leave; returns the row."""
    return org.payroll.leaves.put({"id": str(uuid.uuid4()), **row, **changes,
                                   "updated": org.stamp()})


def move(org, row, allowed, status):
    """All periods of an application get ``status``; :raises Invalid: not from where it is."""
    if any(period["status"] not in allowed for period in row["periods"]):
        raise Invalid(PROCESSED if state(row) == "PROCESSED" else
                      f"Leave application is {state(row).lower()}.")
    return keep(org, row, periods=[{**part, "status": status} for part in row["periods"]])


def check_editable(row):
    """Refuse a change of leave that is taken or rejected."""
    if any(part["status"] not in OPEN for part in row["periods"]):
        raise Invalid(PROCESSED if any(part["status"] == "PROCESSED" for part in row["periods"])
                      else "Leave application has been rejected.")


def hours_a_day(employee):
    """Ordinary hours of one working day."""
    return rounded(weekly_hours(employee) / WORKDAYS, 4)


def weekly_hours(employee):
    """Ordinary hours of a week."""
    return employee["weekly"]


def _units(employee, period, start, end):
    first, last = max(period.start, start), min(period.end, end)
    worked = [iso for iso in periods.days(first, last) if periods.day(iso).weekday() < WORKDAYS]
    return hours_a_day(employee) * len(worked)
