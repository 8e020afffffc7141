"""Leave types of the organisation and of each person in NZ and UK (facts, 4.4 and 4.5): a type
must be assigned before leave of it can be taken; NZ sets leave up once per person."""

from ... import fields
from ...errors import Invalid, NotFound
from ...wire import ZERO
from . import items, shape

SCHEDULES = {
    "NZ": ("AnnuallyAfter6Months", "OnAnniversaryDate", "PercentageOfGrossEarnings", "NoAccruals"),
    "UK": ("BeginningOfCalendarYear", "OnAnniversaryDate", "EachPayPeriod", "OnHourWorked"),
}
YEARLY = {"NZ": "unitsAccruedAnnually", "UK": "hoursAccruedAnnually"}
UNITS = "Hours"
SETUP = {"Annual Leave": "annualLeaveOpeningBalance", "Sick Leave": "sickLeaveOpeningBalance"}


def render(org, row):
    """A leave type as the API answers it."""
    answer = {"leaveTypeID": row["id"], "name": row["name"], "isPaidLeave": row["paid"],
              "showOnPayslip": row["shown"], "isActive": row["current"],
              "updatedDateUTC": shape.stamp(row["updated"])}
    if org.country == "UK":
        return {**answer, "isStatutoryLeave": row["more"].get("statutory", False)}
    return {**answer, "typeOfUnits": row["units"], "typeOfUnitsToAccrue": row["units"]}


def get_types(call):
    """GET /LeaveTypes?ActiveOnly=."""
    rows = [row for row in call.org.payroll.items("leave")
            if row["current"] or not call.flag("ActiveOnly")]
    rows, block = shape.page(call, rows)
    return {**block, "leaveTypes": [render(call.org, row) for row in rows]}


def get_type(call, LeaveTypeID):
    """GET /LeaveTypes/{LeaveTypeID}."""
    row = call.org.payroll.item("leave", LeaveTypeID)
    if row is None:
        raise NotFound
    return {"leaveType": render(call.org, row)}


def post_type(call):
    """POST /LeaveTypes."""
    org, sent = call.org, shape.body(call)
    shape.require(sent, "name", "isPaidLeave", "showOnPayslip")
    row = {**items.new(org, "leave", shape.text(sent, "name", 100), "name"), "units": UNITS,
           "paid": fields.flag(sent, "isPaidLeave"), "shown": fields.flag(sent, "showOnPayslip")}
    return {"leaveType": render(org, org.payroll.pay_items.put(row))}


def _assigned(org, key, kept):
    return {"leaveTypeID": key, "scheduleOfAccrual": SCHEDULES[org.country][-1],
            YEARLY[org.country]: kept["yearly"], "openingBalance": ZERO, **kept["more"]}


def get_assigned(call, EmployeeID):
    """GET /Employees/{EmployeeID}/LeaveTypes."""
    row = shape.found(call.org.payroll.employees, EmployeeID)
    return {"leaveTypes": [_assigned(call.org, *part) for part in row["leave"].items()]}


def post_assigned(call, EmployeeID):
    """POST /Employees/{EmployeeID}/LeaveTypes: the person may take leave of this type."""
    org, sent = call.org, shape.body(call)
    row = shape.found(org.payroll.employees, EmployeeID)
    shape.require(sent, "leaveTypeID", "scheduleOfAccrual")
    item = shape.record(sent, "leaveTypeID", org.payroll.pay_items, "leave")
    if item["id"] in row["leave"]:
        raise Invalid("The leave type is already assigned to the employee.")
    if not row["calendar"]:
        raise Invalid("Please add the employment of the employee.")
    shape.choice(sent, "scheduleOfAccrual", SCHEDULES[org.country])
    kept = {"balance": fields.number(sent, "openingBalance") or ZERO,
            "yearly": fields.number(sent, YEARLY[org.country]) or ZERO,
            "more": {key: value for key, value in sent.items() if key != "leaveTypeID"}}
    org.payroll.employees.put({**row, "leave": {**row["leave"], item["id"]: kept},
                               "updated": org.stamp()})
    return {"leaveType": _assigned(org, item["id"], kept)}


def post_setup(call, EmployeeID):
    """POST /Employees/{EmployeeID}/LeaveSetup: once per person, before any leave."""
    org, sent = call.org, shape.body(call)
    row = shape.found(org.payroll.employees, EmployeeID)
    if row["leave"]:
        raise Invalid("Leave has already been set up for the employee.")
    if not row["calendar"]:
        raise Invalid("Please add the employment of the employee.")
    kinds = {item["name"]: item["id"] for item in org.payroll.items("leave") if item["current"]}
    yearly = fields.number(sent, "SickLeaveToAccrueAnnually") or fields.number(
        sent, "sickLeaveToAccrueAnnually") or ZERO
    leave = {kinds[name]: {"balance": fields.number(sent, key) or ZERO, "more": {},
                           "yearly": yearly if name == "Sick Leave" else row["weekly"] * 4}
             for name, key in SETUP.items()}
    org.payroll.employees.put({**row, "leave": leave, "updated": org.stamp()})
    return {"leaveSetup": {key[0].lower() + key[1:]: value for key, value in sent.items()}}


_MINE = "/Employees/<EmployeeID>/LeaveTypes"
ROUTES = [
    ("GET", "/LeaveTypes", get_types), ("POST", "/LeaveTypes", post_type),
    ("GET", "/LeaveTypes/<LeaveTypeID>", get_type), ("GET", _MINE, get_assigned),
    ("POST", _MINE, post_assigned),
]
NZ_ROUTES = [("POST", "/Employees/<EmployeeID>/LeaveSetup", post_setup)]
