"""Pay runs: one draft per calendar, posted for good, then the period is locked (facts, 4.2, 4.6)."""

import uuid

from ...documents.checks import lock_errors
from ...errors import Invalid
from ...wire import ZERO
from . import employees, payslips, periods

POSTED = "The pay run has already been posted."
WAGES, PAYABLE = "477", "WAGEPAYABLES"


def draft_of(org, calendar):
    """The calendar's draft pay run, or None."""
    return next((row for row in org.payroll.pay_runs.group("calendar", calendar["id"])
                 if row["status"] == "DRAFT"), None)


def create(org, calendar, payment=None, message=""):
    """A draft pay run of the calendar's next period with a payslip for everybody on it.

    :raises Invalid: there is a draft already.
    """
    if draft_of(org, calendar):
        raise Invalid("There can only be one draft pay run per a calendar")
    period = periods.upcoming(calendar)
    run = org.payroll.pay_runs.put({
        "id": str(uuid.uuid4()), "calendar": calendar["id"], "start": period.start,
        "end": period.end, "payment": payment or period.payment, "status": "DRAFT",
        "kind": "Scheduled", "message": message, "posted": None, "updated": org.stamp()})
    for employee in org.payroll.employees.group("calendar", calendar["id"]):
        if employees.works_in(employee, run["start"], run["end"]):
            org.payroll.payslips.put(payslips.build(org, run, employee))
    return run


def slips(org, run):
    """The payslips of a run, by name."""
    people = org.payroll.employees
    return sorted(org.payroll.payslips.group("run", run["id"]), key=lambda row: (
        people.get(row["employee"])["last"], people.get(row["employee"])["first"], row["id"]))


def refresh(org, run):
    """Work the payslips out anew, except those that somebody edited."""
    for row in slips(org, run):
        if not row["edited"]:
            employee = org.payroll.employees.get(row["employee"])
            org.payroll.payslips.put(payslips.build(org, run, employee, old=row))


def edit(org, run, **changes):
    """Change payment date or message; :raises Invalid: the run is posted."""
    if run["status"] == "POSTED":
        raise Invalid(POSTED)
    return org.payroll.pay_runs.put({**run, **changes, "updated": org.stamp()})


def post(org, run):
    """Post a draft: books, leave taken, timesheets processed, the period locked; no way back.

    :raises Invalid: posted already, or the payment date is before a lock date.
    """
    if run["status"] == "POSTED":
        raise Invalid(POSTED)
    errors = lock_errors(org, run["payment"])
    if errors:
        raise Invalid(*errors)
    refresh(org, run)
    for row in slips(org, run):
        _settle(org, run, row)
    calendar = org.payroll.calendars.get(run["calendar"])
    org.payroll.calendars.put({**calendar, "next": periods.shifted(run["end"], 1),
                               "updated": org.stamp()})
    _book(org, run)
    return org.payroll.pay_runs.put({**run, "status": "POSTED", "posted": org.today(),
                                     "updated": org.stamp()})


def _settle(org, run, slip):
    """Timesheets, leave and balances of one person."""
    for row in org.payroll.timesheets.group("employee", slip["employee"]):
        if row["status"] == "APPROVED" and run["start"] <= row["start"] <= run["end"]:
            org.payroll.timesheets.put({**row, "status": "PROCESSED", "updated": org.stamp()})
    moves = {line["type"]: line["units"] for line in slip["accruals"]}
    for row in org.payroll.leaves.group("employee", slip["employee"]):
        due = [part for part in row["periods"]
               if part["status"] == "SCHEDULED" and part["start"] == run["start"]]
        if due:
            moves[row["type"]] = moves.get(row["type"], ZERO) - sum(part["units"] for part in due)
            org.payroll.leaves.put({**row, "updated": org.stamp(), "periods": [
                {**part, "status": "PROCESSED"} if part in due else part
                for part in row["periods"]]})
    employee = org.payroll.employees.get(slip["employee"])
    leave = {key: {**kept, "balance": kept["balance"] + moves.get(key, ZERO)}
             for key, kept in employee["leave"].items()}
    org.payroll.employees.put({**employee, "leave": leave, "updated": org.stamp()})


def _book(org, run):
    """The wages journal: gross pay and its on-costs against what is owed, on the payment date."""
    amounts = {}

    def add(code, amount):
        amounts[code] = amounts.get(code, ZERO) + amount

    for slip in slips(org, run):
        for name in ("earnings", "leave_earnings", "timesheet_earnings"):
            for line in slip[name]:
                item = org.payroll.item("earnings", line["rate"])
                add(item["account"] if item else WAGES, line["amount"])
        for name in ("taxes", "employer_taxes", "contributions"):
            for line in slip[name]:
                add(line["liability"], -line["amount"])
                if line["expense"]:
                    add(line["expense"], line["amount"])
        for name, sign in (("deductions", -1), ("reimbursements", 1)):
            for line in slip[name]:
                add(org.payroll.pay_items.get(line["item"])["account"], sign * line["amount"])
        add(org.system_account(PAYABLE)["Code"],
            -payslips.net(slip) - payslips.total(slip, "reimbursements"))
    org.ledger.post(run["id"], run["payment"], [
        (org.accounts.find("code", code)["AccountID"], amount)
        for code, amount in amounts.items() if amount])
