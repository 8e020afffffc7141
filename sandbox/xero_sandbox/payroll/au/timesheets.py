"""Timesheets of AU 1.0: one number per day of the pay period (facts, 4.2; operations getTimesheets,
createTimesheet, getTimesheet, updateTimesheet)."""

import uuid

from ... import fields
from ...errors import Invalid, unreadable
from ...wire import ZERO
from ..rules import employees, periods
from ..rules import timesheets as rules
from . import body

STATUSES = ("DRAFT", "PROCESSED", "APPROVED", "REJECTED", "REQUESTED")
WRITABLE = ("DRAFT", "REQUESTED", "APPROVED")


def shown(_org, row):
    """A timesheet without its lines, days as texts."""
    return {"TimesheetID": row["id"], "EmployeeID": row["employee"], "StartDate": row["start"],
            "EndDate": row["end"], "Status": row["status"], "Hours": rules.hours(row)}


def render(org, row):
    """A timesheet as the API answers it."""
    answer = shown(org, row)
    return {**answer, "StartDate": body.day(row["start"]), "EndDate": body.day(row["end"]),
            "TimesheetLines": _lines(row)} | body.stamped(row)


def _lines(row):
    """Lines by earnings rate and tracking, with a number for every day of the period."""
    every = periods.days(row["start"], row["end"])
    groups = {}
    for line in row["lines"]:
        units = groups.setdefault((line["rate"], line["tracking"]), dict.fromkeys(every, ZERO))
        units[line["date"]] += line["units"]
    return [body.filled({"EarningsRateID": rate, "TrackingItemID": tracking})
            | {"NumberOfUnits": list(units.values())} | body.stamped(row)
            for (rate, tracking), units in groups.items()]


def get_timesheets(call):
    """GET /Timesheets: with lines, pages of 100."""
    rows = body.listing(call, call.org.payroll.timesheets, shown)
    return {"Timesheets": [render(call.org, row) for row in rows]}


def get_timesheet(call, TimesheetID):
    """GET /Timesheets/{TimesheetID}: one object, not a list."""
    row = body.found(call.org.payroll.timesheets, TimesheetID)
    return {"Timesheet": render(call.org, row)}


def post_timesheets(call):
    """POST /Timesheets: an element with a TimesheetID is an update."""
    return body.batch(call, "Timesheets", "TimesheetID", save)


def post_timesheet(call, TimesheetID):
    """POST /Timesheets/{TimesheetID}."""
    row = body.found(call.org.payroll.timesheets, TimesheetID)
    return body.update(call, "Timesheets", "TimesheetID", row["id"], save)


def save(org, element, key=None):
    """Create or change one timesheet; returns the answer element. :raises Invalid: refused."""
    key = key or fields.guid(element, "TimesheetID")
    row = _old(org, element, key) if key else _new(org, element)
    status = fields.choice(element, "Status", STATUSES) or row.get("status", "DRAFT")
    if status not in WRITABLE:
        raise Invalid(f"The status {status} cannot be set.")
    lines = fields.array(element, "TimesheetLines")
    changes = {} if lines is None else {"lines": _read_lines(org, row, lines)}
    return render(org, rules.keep(org, row, status=status, **changes))


def _new(org, element):
    values = {"EmployeeID": fields.guid(element, "EmployeeID"),
              "StartDate": fields.day(element, "StartDate"),
              "EndDate": fields.day(element, "EndDate")}
    missing = [f"The {name} field is required." for name, value in values.items() if not value]
    if missing:
        raise Invalid(*missing)
    key, start, end = values.values()
    employee = org.payroll.employees.get(key)
    if employee is None:
        raise Invalid("The employee does not exist.")
    calendar = employees.calendar_of(org, employee)
    rules.check_new(org, employee, calendar, start, end)
    return {"employee": key, "calendar": calendar["id"], "start": start, "end": end}


def _old(org, element, key):
    row = org.payroll.timesheets.get(key)
    if row is None:
        raise Invalid("The timesheet does not exist.")
    rules.check_editable(org, row)
    calendar = org.payroll.calendars.get(row["calendar"])
    rules.check_open(org, calendar, row["start"], row["end"])
    for name, ours in (("EmployeeID", "employee"), ("StartDate", "start"), ("EndDate", "end")):
        read = fields.guid if ours == "employee" else fields.day
        if read(element, name) not in (None, row[ours]):
            raise Invalid(f"The {name} of a timesheet cannot be changed.")
    return row


def _read_lines(org, row, elements):
    employee = org.payroll.employees.get(row["employee"])
    every = periods.days(row["start"], row["end"])
    lines = []
    for element in elements:
        rate = fields.guid(element, "EarningsRateID")
        tracking = fields.guid(element, "TrackingItemID")
        units = _units(element)
        if len(units) != len(every):
            raise Invalid(f"The number of units must be given for each of the {len(every)} days"
                          " of the pay period.")
        for iso, count in zip(every, units, strict=True):
            line = {"id": str(uuid.uuid4()), "date": iso, "rate": rate, "tracking": tracking,
                    "units": count}
            rules.check_line(org, employee, line)
            lines.append(line)
    return lines


def _units(element):
    value = element.get("NumberOfUnits")
    if not isinstance(value, list):
        raise unreadable("NumberOfUnits must be an array of numbers.")
    numbers = [fields.number({"NumberOfUnits": part}, "NumberOfUnits") for part in value]
    if None in numbers:
        raise unreadable("NumberOfUnits must be an array of numbers.")
    return numbers


_ONE = "/Timesheets/<TimesheetID>"
ROUTES = [
    ("GET", "/Timesheets", get_timesheets), ("POST", "/Timesheets", post_timesheets),
    ("GET", _ONE, get_timesheet), ("POST", _ONE, post_timesheet),
]
