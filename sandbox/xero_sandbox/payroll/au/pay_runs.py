"""PayRuns of AU 1.0: create a draft, change it, post it for good (facts, 4.2; operations
getPayRuns, createPayRun, getPayRun, updatePayRun)."""

from ... import fields
from ...errors import Invalid
from ...wire import ZERO
from ..rules import pay_runs as rules
from ..rules import payslips
from . import body

STATUSES = ("DRAFT", "POSTED")


def shown(org, row):
    """A pay run without its payslips, days as texts."""
    return {"PayRunID": row["id"], "PayrollCalendarID": row["calendar"],
            "PayRunPeriodStartDate": row["start"], "PayRunPeriodEndDate": row["end"],
            "PaymentDate": row["payment"], "PayRunStatus": row["status"],
            "PayslipMessage": row["message"], **_sums(rules.slips(org, row), "Reimbursement")}


def _sums(slips, reimbursed):
    """Totals of payslips; the field for reimbursements is spelt in two ways."""
    def total(amount):
        return sum(map(amount, slips), ZERO)

    return {
        "Wages": total(payslips.wages),
        "Deductions": total(lambda slip: payslips.total(slip, "deductions")),
        "Tax": total(lambda slip: payslips.total(slip, "taxes")),
        "Super": total(lambda slip: payslips.total(slip, "contributions")),
        reimbursed: total(lambda slip: payslips.total(slip, "reimbursements")),
        "NetPay": total(payslips.net)}


def render(org, row, slips=False):
    """A pay run as the API answers it; ``slips`` come with one only."""
    answer = shown(org, row)
    for key in ("PayRunPeriodStartDate", "PayRunPeriodEndDate", "PaymentDate"):
        answer[key] = body.day(answer[key])
    if slips:
        answer["Payslips"] = [summary(org, slip) for slip in rules.slips(org, row)]
    return {key: value for key, value in answer.items() if value != ""} | body.stamped(row)


def summary(org, slip):
    """A payslip in one line."""
    employee = org.payroll.employees.get(slip["employee"])
    return {"EmployeeID": slip["employee"], "PayslipID": slip["id"],
            "FirstName": employee["first"], "LastName": employee["last"],
            **_sums([slip], "Reimbursements")} | body.stamped(slip)


def get_pay_runs(call):
    """GET /PayRuns: without payslips."""
    rows = body.listing(call, call.org.payroll.pay_runs, shown)
    return {"PayRuns": [render(call.org, row) for row in rows]}


def get_pay_run(call, PayRunID):
    """GET /PayRuns/{PayRunID}: with a line per payslip."""
    row = body.found(call.org.payroll.pay_runs, PayRunID)
    return {"PayRuns": [render(call.org, row, slips=True)]}


def post_pay_runs(call):
    """POST /PayRuns: drafts of the next period of their calendars."""
    return body.batch(call, "PayRuns", "PayRunID", _create)


def post_pay_run(call, PayRunID):
    """POST /PayRuns/{PayRunID}: payment date, message, or PayRunStatus POSTED."""
    row = body.found(call.org.payroll.pay_runs, PayRunID)
    return body.update(call, "PayRuns", "PayRunID", row["id"], _change)


def _create(org, element):
    if element.get("PayRunID"):
        return _change(org, element, fields.guid(element, "PayRunID"))
    calendar = org.payroll.calendars.get(fields.guid(element, "PayrollCalendarID"))
    if calendar is None:
        raise Invalid("The PayrollCalendarID field is required.")
    if fields.choice(element, "PayRunStatus", STATUSES) == "POSTED":
        raise Invalid("A pay run is created as a draft.")
    run = rules.create(org, calendar, fields.day(element, "PaymentDate"),
                       fields.text(element, "PayslipMessage") or "")
    for name, ours in (("PayRunPeriodStartDate", "start"), ("PayRunPeriodEndDate", "end")):
        if fields.day(element, name) not in (None, run[ours]):
            raise Invalid("The dates are not those of the next pay period of the calendar.")
    return render(org, run)


def _change(org, element, key):
    run = org.payroll.pay_runs.get(key)
    if run is None:
        raise Invalid("The pay run does not exist.")
    status = fields.choice(element, "PayRunStatus", STATUSES)
    sent = {"payment": fields.day(element, "PaymentDate"),
            "message": fields.text(element, "PayslipMessage")}
    run = rules.edit(org, run, **{name: value for name, value in sent.items()
                                  if value is not None})
    if status == "POSTED":
        run = rules.post(org, run)
    return render(org, run)


_ONE = "/PayRuns/<PayRunID>"
ROUTES = [
    ("GET", "/PayRuns", get_pay_runs), ("POST", "/PayRuns", post_pay_runs),
    ("GET", _ONE, get_pay_run), ("POST", _ONE, post_pay_run),
]
