"""Leave of one person in NZ and UK (facts, 4.4 and 4.5): approved at once, Completed by the pay run;
what people asked for in Xero itself only shows when it is approved."""

from ... import fields
from ...errors import NotFound
from ...wire import rounded
from ..rules import employees
from ..rules import leave as rules
from . import shape

STATUSES = {"SCHEDULED": "Approved", "PROCESSED": "Completed"}
DESCRIPTION = 50


def render(org, employee, row):
    """Leave as the API answers it."""
    return {"leaveID": row["id"], "leaveTypeID": row["type"], "description": row["title"],
            "startDate": shape.moment(row["start"]), "endDate": shape.moment(row["end"]),
            "periods": [_period(org, employee, part, STATUSES[part["status"]])
                        for part in row["periods"]],
            "updatedDateUTC": shape.stamp(row["updated"])}


def _period(org, employee, part, status):
    answer = {"periodStartDate": shape.moment(part["start"]),
              "periodEndDate": shape.moment(part["end"]), "numberOfUnits": part["units"],
              "periodStatus": status}
    if org.country == "NZ":
        answer |= {"typeOfUnits": "Hours", "typeOfUnitsTaken": "Weeks",
                   "numberOfUnitsTaken": rounded(part["units"] / rules.weekly_hours(employee), 4)}
    return answer


def _shown(org, employee):
    return [row for row in org.payroll.leaves.group("employee", employee["id"])
            if rules.state(row) in STATUSES]


def get_leaves(call, EmployeeID):
    """GET /Employees/{EmployeeID}/Leave."""
    person = shape.found(call.org.payroll.employees, EmployeeID)
    rows = sorted(_shown(call.org, person), key=lambda row: (row["start"], row["id"]))
    return {"leave": [render(call.org, person, row) for row in rows]}


def get_leave(call, EmployeeID, LeaveID):
    """GET /Employees/{EmployeeID}/Leave/{LeaveID}: UK only."""
    person, row = _found(call, EmployeeID, LeaveID)
    return {"leave": render(call.org, person, row)}


def post_leave(call, EmployeeID):
    """POST /Employees/{EmployeeID}/Leave: of a type that is assigned to the person."""
    person = shape.found(call.org.payroll.employees, EmployeeID)
    return {"leave": _save(call.org, person, shape.body(call))}


def put_leave(call, EmployeeID, LeaveID):
    """PUT /Employees/{EmployeeID}/Leave/{LeaveID}: the whole leave."""
    person, row = _found(call, EmployeeID, LeaveID)
    rules.check_editable(row)
    return {"leave": _save(call.org, person, shape.body(call), row)}


def delete_leave(call, EmployeeID, LeaveID):
    """DELETE /Employees/{EmployeeID}/Leave/{LeaveID}: unless it is taken."""
    _person, row = _found(call, EmployeeID, LeaveID)
    rules.check_editable(row)
    call.org.payroll.leaves.remove(row["id"])
    return {}


def _found(call, employee_id, leave_id):
    person = shape.found(call.org.payroll.employees, employee_id)
    row = shape.found(call.org.payroll.leaves, leave_id)
    if row not in _shown(call.org, person):
        raise NotFound
    return person, row


def _save(org, person, sent, old=None):
    shape.require(sent, "leaveTypeID", "description", "startDate", "endDate")
    kind = shape.record(sent, "leaveTypeID", org.payroll.pay_items, "leave")["id"]
    start, end = shape.day(sent, "startDate"), shape.day(sent, "endDate")
    rules.check(org, person, kind, start, end, but=old and old["id"])
    asked = {shape.day(part, "periodStartDate"): (
        shape.day(part, "periodEndDate"), fields.number(part, "numberOfUnits") or 0)
        for part in fields.array(sent, "periods") or ()}
    parts = rules.split(person, employees.calendar_of(org, person), start, end, "SCHEDULED", asked)
    row = {**(old or {"employee": person["id"], "description": "", "payout": "DEFAULT"}),
           "type": kind, "title": shape.text(sent, "description", DESCRIPTION), "start": start,
           "end": end, "periods": parts}
    return render(org, person, rules.keep(org, row))


def get_balances(call, EmployeeID):
    """GET /Employees/{EmployeeID}/LeaveBalances."""
    person = shape.found(call.org.payroll.employees, EmployeeID)
    rows, block = shape.page(call, list(person["leave"].items()))
    items = call.org.payroll.pay_items
    return {**block, "leaveBalances": [
        {"name": items.get(key)["name"], "leaveTypeID": key, "typeOfUnits": "Hours",
         "balance": rounded(kept["balance"], 4)} for key, kept in rows]}


def get_periods(call, EmployeeID):
    """GET /Employees/{EmployeeID}/LeavePeriods?startDate&endDate: what leave would come to."""
    person = shape.found(call.org.payroll.employees, EmployeeID)
    asked = {name: shape.query_day(call, name) for name in ("startDate", "endDate")}
    shape.require(asked, *asked)
    calendar = employees.calendar_of(call.org, person)
    status = "Estimated" if call.org.country == "NZ" else "Approved"
    parts = rules.split(person, calendar, max(asked["startDate"], calendar["reference"]),
                        asked["endDate"], "SCHEDULED")
    return {"periods": [_period(call.org, person, part, status) for part in parts]}


_PERSON = "/Employees/<EmployeeID>"
_ONE = _PERSON + "/Leave/<LeaveID>"
ROUTES = [
    ("GET", _PERSON + "/Leave", get_leaves), ("POST", _PERSON + "/Leave", post_leave),
    ("PUT", _ONE, put_leave), ("DELETE", _ONE, delete_leave),
    ("GET", _PERSON + "/LeaveBalances", get_balances),
    ("GET", _PERSON + "/LeavePeriods", get_periods),
]
UK_ROUTES = [("GET", _ONE, get_leave)]
