"""Timesheets of payroll 2.0, the same in AU, NZ and UK (facts, 4.3): dated lines, Draft ->
Approved -> Completed by the pay run; lines only change in a draft."""

import uuid

from ... import fields
from ...errors import InvalidField, NotFound
from ..rules import employees, periods
from ..rules import timesheets as rules
from . import shape

BAD_PERIOD = "The timesheet dates don't match any of the pay period dates"
EXISTS = "A timesheet already exists for this employee and pay period."
STATUSES = {"DRAFT": "Draft", "APPROVED": "Approved", "PROCESSED": "Completed",
            "REJECTED": "Draft", "REQUESTED": "Draft"}
OPEN = ("DRAFT", "REQUESTED", "REJECTED")
DRAFT = {"AU": OPEN, "UK": OPEN, "NZ": ("DRAFT", "REJECTED")}


def _status(org, row):
    """The status as the country names it; only NZ knows Requested."""
    if row["status"] == "REQUESTED" and org.country == "NZ":
        return "Requested"
    return STATUSES[row["status"]]


def render(org, row, lines=True):
    """A timesheet as the API answers it; a list leaves the lines out."""
    answer = {"timesheetID": row["id"], "payrollCalendarID": row["calendar"],
              "employeeID": row["employee"], "startDate": shape.moment(row["start"]),
              "endDate": shape.moment(row["end"]), "status": _status(org, row),
              "totalHours": rules.hours(row), "updatedDateUTC": shape.stamp(row["updated"])}
    if lines:
        answer["timesheetLines"] = [_line(line) for line in row["lines"]]
    return answer


def _line(line):
    return {"timesheetLineID": line["id"], "date": shape.moment(line["date"]),
            "earningsRateID": line["rate"], "trackingItemID": line["tracking"],
            "numberOfUnits": line["units"]}


def get_timesheets(call):
    """GET /Timesheets: filter, status, startDate, endDate; sort=startDate gives the newest first."""
    org = call.org
    asked = shape.filters(call, "employeeid", "payrollcalendarid")
    first, last = shape.query_day(call, "startDate"), shape.query_day(call, "endDate")
    status = call.args.get("status", "").lower()
    rows = [row for row in org.payroll.timesheets
            if row["employee"] == asked.get("employeeid", row["employee"])
            and row["calendar"] == asked.get("payrollcalendarid", row["calendar"])
            and (not first or row["start"] >= first) and (not last or row["end"] <= last)
            and (not status or _status(org, row).lower() == status)]
    rows.sort(key=lambda row: row["created"])
    if call.args.get("sort", "").lower().startswith("startdate"):
        rows.sort(key=lambda row: row["start"], reverse=True)
    rows, block = shape.page(call, rows)
    return {**block, "timesheets": [render(org, row, lines=False) for row in rows]}


def get_timesheet(call, TimesheetID):
    """GET /Timesheets/{TimesheetID}."""
    return _answer(call.org, shape.found(call.org.payroll.timesheets, TimesheetID))


def post_timesheet(call):
    """POST /Timesheets: one draft of a whole pay period."""
    org, sent = call.org, shape.body(call)
    shape.require(sent, "payrollCalendarID", "employeeID", "startDate", "endDate")
    calendar = shape.record(sent, "payrollCalendarID", org.payroll.calendars)
    employee = shape.record(sent, "employeeID", org.payroll.employees)
    if employees.calendar_of(org, employee)["id"] != calendar["id"]:
        raise InvalidField("payrollCalendarID", "The employee is not on this payroll calendar.")
    start, end = shape.day(sent, "startDate"), shape.day(sent, "endDate")
    rules.check_new(org, employee, calendar, start, end, EXISTS, BAD_PERIOD)
    row = {"employee": employee["id"], "calendar": calendar["id"], "start": start, "end": end}
    lines = [_read(org, row, line) for line in fields.array(sent, "timesheetLines") or ()]
    return _answer(org, rules.keep(org, row, lines=lines))


def delete_timesheet(call, TimesheetID):
    """DELETE /Timesheets/{TimesheetID}: of a draft."""
    row = _editable(call, TimesheetID)
    call.org.payroll.timesheets.remove(row["id"])
    return {}


def post_approve(call, TimesheetID):
    """POST /Timesheets/{TimesheetID}/Approve."""
    return _answer(call.org, rules.keep(call.org, _editable(call, TimesheetID), status="APPROVED"))


def post_revert(call, TimesheetID):
    """POST /Timesheets/{TimesheetID}/RevertToDraft: an approved one, until it is paid."""
    row = shape.found(call.org.payroll.timesheets, TimesheetID)
    rules.check_editable(call.org, row, "APPROVED", "REQUESTED")
    return _answer(call.org, rules.keep(call.org, row, status="DRAFT"))


def post_line(call, TimesheetID):
    """POST /Timesheets/{TimesheetID}/Lines."""
    row = _editable(call, TimesheetID, lines=True)
    line = _read(call.org, row, shape.body(call))
    rules.keep(call.org, row, lines=[*row["lines"], line])
    return {"timesheetLine": _line(line)}


def put_line(call, TimesheetID, TimesheetLineID):
    """PUT /Timesheets/{TimesheetID}/Lines/{TimesheetLineID}."""
    row = _editable(call, TimesheetID, lines=True)
    old = _line_of(row, TimesheetLineID)
    line = {**_read(call.org, row, shape.body(call)), "id": old["id"]}
    rules.keep(call.org, row, lines=[line if part is old else part for part in row["lines"]])
    return {"timesheetLine": _line(line)}


def delete_line(call, TimesheetID, TimesheetLineID):
    """DELETE /Timesheets/{TimesheetID}/Lines/{TimesheetLineID}."""
    row = _editable(call, TimesheetID, lines=True)
    old = _line_of(row, TimesheetLineID)
    rules.keep(call.org, row, lines=[part for part in row["lines"] if part is not old])
    return {}


def _answer(org, row):
    return {"timesheet": render(org, row)}


def _editable(call, key, lines=False):
    """The timesheet of a path that may change; its ``lines`` only in a draft."""
    row = shape.found(call.org.payroll.timesheets, key)
    rules.check_editable(call.org, row, *(DRAFT[call.org.country] if lines else OPEN))
    calendar = call.org.payroll.calendars.get(row["calendar"])
    rules.check_open(call.org, calendar, row["start"], row["end"])
    return row


def _line_of(row, key):
    line = next((line for line in row["lines"] if line["id"] == key.lower()), None)
    if line is None:
        raise NotFound
    return line


def _read(org, row, element):
    shape.require(element, "date", "earningsRateID")
    iso, units = shape.day(element, "date"), fields.number(element, "numberOfUnits")
    if iso not in periods.days(row["start"], row["end"]):
        raise InvalidField("date", "The date of the line is outside of the timesheet.")
    if units is None:
        raise InvalidField("numberOfUnits", "The numberOfUnits field is required.")
    line = {"id": str(uuid.uuid4()), "date": iso, "rate": fields.guid(element, "earningsRateID"),
            "tracking": fields.guid(element, "trackingItemID"), "units": units}
    rules.check_line(org, org.payroll.employees.get(row["employee"]), line)
    return line


_ALL, _ONE = "/Timesheets", "/Timesheets/<TimesheetID>"
_LINE = _ONE + "/Lines/<TimesheetLineID>"
ROUTES = [
    ("GET", _ALL, get_timesheets), ("POST", _ALL, post_timesheet), ("GET", _ONE, get_timesheet),
    ("DELETE", _ONE, delete_timesheet), ("POST", _ONE + "/Lines", post_line),
    ("POST", _ONE + "/Approve", post_approve), ("POST", _ONE + "/RevertToDraft", post_revert),
    ("PUT", _LINE, put_line), ("DELETE", _LINE, delete_line),
]
