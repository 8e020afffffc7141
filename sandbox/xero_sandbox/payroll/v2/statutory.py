"""Statutory leave of UK (facts, 4.4): sick leave is created and read, the rest is read only. It
needs the scope payroll.settings, except for the balance."""

import uuid

from ... import fields
from ...errors import NotFound
from ...wire import ZERO
from . import shape

REQUIRED = ("employeeID", "leaveTypeID", "startDate", "endDate", "workPattern",
            "isPregnancyRelated", "sufficientNotice")
TYPES = ("Sick", "Adoption", "Maternity", "Paternity", "Sharedparental", "Bereavement",
         "NeonatalCare")
WEEKS = 28


def post_sick(call):
    """POST /StatutoryLeaves/Sick."""
    org, sent = call.org, shape.body(call)
    shape.require(sent, *REQUIRED)
    person = shape.record(sent, "employeeID", org.payroll.employees)
    shape.record(sent, "leaveTypeID", org.payroll.pay_items, "leave")
    row = {**{key: sent[key] for key in REQUIRED}, "statutoryLeaveID": str(uuid.uuid4()),
           "startDate": shape.moment(shape.day(sent, "startDate")),
           "endDate": shape.moment(shape.day(sent, "endDate")), "type": "Sick",
           "status": "Pending", "isEntitled": bool(fields.flag(sent, "sufficientNotice")),
           "entitlementWeeksRemaining": WEEKS, "overlapsWithOtherLeave": False,
           "entitlementFailureReasons": []}
    org.payroll.employees.put({**person, "updated": org.stamp(), "more": {
        **person["more"], "sick": [*person["more"].get("sick", []), row]}})
    return {"statutorySickLeave": row}


def get_sick(call, StatutorySickLeaveID):
    """GET /StatutoryLeaves/Sick/{StatutorySickLeaveID}."""
    for person in call.org.payroll.employees:
        for row in person["more"].get("sick", []):
            if row["statutoryLeaveID"] == StatutorySickLeaveID.lower():
                return {"statutorySickLeave": row}
    raise NotFound


def get_summary(call, EmployeeID):
    """GET /StatutoryLeaves/Summary/{EmployeeID}."""
    person = shape.found(call.org.payroll.employees, EmployeeID)
    names = ("statutoryLeaveID", "employeeID", "type", "startDate", "endDate", "isEntitled",
             "status")
    return {"statutoryLeaves": [{name: row[name] for name in names}
                                for row in person["more"].get("sick", [])]}


def get_balance(call, EmployeeID):
    """GET /Employees/{EmployeeID}/StatutoryLeaveBalance?LeaveType=."""
    person = shape.found(call.org.payroll.employees, EmployeeID)
    kind = shape.choice({"LeaveType": call.args.get("LeaveType", "Sick")}, "LeaveType", TYPES)
    left = person["weekly"] * WEEKS if kind == "Sick" else ZERO
    return {"leaveBalance": {"leaveType": kind, "balanceRemaining": left, "units": "Hours"}}


UK_ROUTES = [
    ("POST", "/StatutoryLeaves/Sick", post_sick),
    ("GET", "/StatutoryLeaves/Sick/<StatutorySickLeaveID>", get_sick),
    ("GET", "/StatutoryLeaves/Summary/<EmployeeID>", get_summary),
    ("GET", "/Employees/<EmployeeID>/StatutoryLeaveBalance", get_balance),
]
