"""LeaveApplications of AU 1.0 (facts, 4.2; operations getLeaveApplications,
getLeaveApplicationsV2, createLeaveApplication, getLeaveApplication, updateLeaveApplication,
approveLeaveApplication, rejectLeaveApplication): created ones are approved at once; no delete."""

from ... import fields
from ...errors import BadRequest, Invalid
from ..rules import employees
from ..rules import leave as rules
from . import body

PAYOUTS = ("DEFAULT", "CASHED_OUT")
APPROVED = ("SCHEDULED", "PROCESSED")
NAMES = {"EmployeeID": "employee", "LeaveTypeID": "type", "Title": "title", "StartDate": "start",
         "EndDate": "end"}


def shown(_org, row):
    """An application without its periods, days as texts."""
    return {"LeaveApplicationID": row["id"], "Description": row["description"],
            "PayOutType": row["payout"], **{name: row[ours] for name, ours in NAMES.items()}}


def render(org, row):
    """An application as the API answers it."""
    periods = [{"PayPeriodStartDate": body.day(part["start"]),
                "PayPeriodEndDate": body.day(part["end"]), "LeavePeriodStatus": part["status"],
                "NumberOfUnits": part["units"]} for part in row["periods"]]
    return body.filled({**shown(org, row), "StartDate": body.day(row["start"]),
                        "EndDate": body.day(row["end"])}) | {
        "LeavePeriods": periods} | body.stamped(row)


def get_approved(call):
    """GET /LeaveApplications: approved ones only."""
    rows = [row for row in call.org.payroll.leaves if rules.state(row) in APPROVED]
    return _list(call, rows)


def get_all(call):
    """GET /LeaveApplications/v2: asked for and rejected ones too."""
    return _list(call, None)


def _list(call, rows):
    rows = body.listing(call, call.org.payroll.leaves, shown, rows)
    return {"LeaveApplications": [render(call.org, row) for row in rows]}


def get_one(call, LeaveApplicationID):
    """GET /LeaveApplications/{LeaveApplicationID}."""
    row = body.found(call.org.payroll.leaves, LeaveApplicationID)
    return {"LeaveApplications": [render(call.org, row)]}


def post_all(call):
    """POST /LeaveApplications: an element with a LeaveApplicationID is an update."""
    return body.batch(call, "LeaveApplications", "LeaveApplicationID", save)


def post_one(call, LeaveApplicationID):
    """POST /LeaveApplications/{LeaveApplicationID}."""
    row = body.found(call.org.payroll.leaves, LeaveApplicationID)
    return body.update(call, "LeaveApplications", "LeaveApplicationID", row["id"], save)


def post_approve(call, LeaveApplicationID):
    """POST /LeaveApplications/{LeaveApplicationID}/approve: of a request."""
    return _move(call, LeaveApplicationID, ("REQUESTED",), "SCHEDULED")


def post_reject(call, LeaveApplicationID):
    """POST /LeaveApplications/{LeaveApplicationID}/reject: unless it is taken."""
    return _move(call, LeaveApplicationID, rules.OPEN, "REJECTED")


def _move(call, key, allowed, status):
    row = body.found(call.org.payroll.leaves, key)
    try:
        with call.org.transaction():
            row = rules.move(call.org, row, allowed, status)
    except Invalid as error:
        raise BadRequest("ValidationException", error.messages[0]) from None
    return {"LeaveApplications": [render(call.org, row)]}


def save(org, element, key=None, status="SCHEDULED"):
    """Create or change one application; returns the answer element. :raises Invalid: refused."""
    key = key or fields.guid(element, "LeaveApplicationID")
    row = _old(org, key) if key else {"description": "", "payout": "DEFAULT"}
    sent = {"employee": fields.guid(element, "EmployeeID"),
            "type": fields.guid(element, "LeaveTypeID"), "title": fields.text(element, "Title", 50),
            "start": fields.day(element, "StartDate"), "end": fields.day(element, "EndDate"),
            "description": fields.text(element, "Description", 200),
            "payout": fields.choice(element, "PayOutType", PAYOUTS)}
    if key and sent["employee"] not in (None, row["employee"]):
        raise Invalid("The EmployeeID of a leave application cannot be changed.")
    row = {**row, **{name: value for name, value in sent.items() if value is not None}}
    missing = [f"The {name} field is required." for name, ours in NAMES.items()
               if not row.get(ours)]
    if missing:
        raise Invalid(*missing)
    employee = org.payroll.employees.get(row["employee"])
    if employee is None:
        raise Invalid("The employee does not exist.")
    rules.check(org, employee, row["type"], row["start"], row["end"], but=key)
    status = rules.state(row) if key else status
    calendar = employees.calendar_of(org, employee)
    periods = rules.split(employee, calendar, row["start"], row["end"], status, _units(element))
    return render(org, rules.keep(org, row, periods=periods))


def _old(org, key):
    row = org.payroll.leaves.get(key)
    if row is None:
        raise Invalid("The leave application does not exist.")
    rules.check_editable(row)
    return row


def _units(element):
    """The units that are asked for, by period; None: Xero counts them."""
    found = fields.array(element, "LeavePeriods")
    return {fields.day(part, "PayPeriodStartDate"): (
        fields.day(part, "PayPeriodEndDate"), fields.number(part, "NumberOfUnits") or 0)
        for part in found} if found else None


_ALL, _ONE = "/LeaveApplications", "/LeaveApplications/<LeaveApplicationID>"
ROUTES = [
    ("GET", _ALL, get_approved), ("POST", _ALL, post_all), ("GET", _ALL + "/v2", get_all),
    ("GET", _ONE, get_one), ("POST", _ONE, post_one), ("POST", _ONE + "/approve", post_approve),
    ("POST", _ONE + "/reject", post_reject),
]
