"""PayRuns and PaySlips of NZ and UK (facts, 4.1): to read. NZ can make a draft and change the
lines of its payslips; posting is for people in Xero itself."""

from ... import wire
from ...errors import Conflict, InvalidField
from ...wire import ZERO
from ..rules import pay_runs, payslip_lines, payslips
from . import shape
from .calendars import NAMES

STATUSES = {"DRAFT": "Draft", "POSTED": "Posted"}
ONE_DRAFT = "There can only be one draft pay run per a calendar"


def render(org, row, slips=False):
    """A pay run; its payslips come with one only, without their lines."""
    found = pay_runs.slips(org, row)
    pay = sum((payslips.net(slip) + payslips.total(slip, "reimbursements") for slip in found), ZERO)
    cost = sum((_cost(org, slip) for slip in found), ZERO)
    answer = {
        "payRunID": row["id"], "payrollCalendarID": row["calendar"],
        "periodStartDate": shape.moment(row["start"]), "periodEndDate": shape.moment(row["end"]),
        "paymentDate": shape.moment(row["payment"]), "totalCost": cost, "totalPay": pay,
        "payRunStatus": STATUSES[row["status"]], "payRunType": row["kind"],
        "calendarType": NAMES[org.payroll.calendars.get(row["calendar"])["type"]],
        "postedDateTime": shape.moment(row["posted"])}
    if slips:
        answer["paySlips"] = [_totals(org, slip) for slip in found]
    return answer


def _cost(org, slip):
    """What an employer spends; in NZ his tax is a part of the contributions."""
    extra = ["reimbursements", "contributions", *(["employer_taxes"] if org.country == "UK" else [])]
    return payslips.wages(slip) + sum((payslips.total(slip, name) for name in extra), ZERO)


def _pay(org, slip):
    """Pay of a payslip; UK's is what it was before deductions, unlike its pay run's (example of getPayRun)."""
    before = payslips.total(slip, "deductions") if org.country == "UK" else ZERO
    return payslips.net(slip) + payslips.total(slip, "reimbursements") + before


def _totals(org, slip):
    person = org.payroll.employees.get(slip["employee"])
    gross = payslips.wages(slip)
    answer = {
        "paySlipID": slip["id"], "employeeID": person["id"], "payRunID": slip["run"],
        "lastEdited": shape.stamp(slip["updated"]) if slip["edited"] else None,
        "firstName": person["first"], "lastName": person["last"], "totalEarnings": gross,
        "grossEarnings": gross,
        "totalPay": _pay(org, slip),
        "totalEmployerTaxes": payslips.total(slip, "employer_taxes"),
        "totalEmployeeTaxes": payslips.total(slip, "taxes"),
        "totalDeductions": payslips.total(slip, "deductions"),
        "totalReimbursements": payslips.total(slip, "reimbursements"),
        "bacsHash": None, "paymentMethod": "Electronically"}
    added = payslips.total(slip, "contributions")
    if org.country == "NZ":
        return {**answer, "totalStatutoryDeductions": ZERO, "totalSuperannuation": added}
    return {**answer, "totalCourtOrders": ZERO, "totalBenefits": added}


def slip_of(org, slip):
    """A payslip with its lines."""
    def earned(line, linked):
        return {"earningsRateID": line["rate"], "ratePerUnit": line["price"],
                "numberOfUnits": line["units"], "fixedAmount": None, "amount": line["amount"],
                "isLinkedToTimesheet": linked}

    named = [{"earningsLineID": line["rate"], **earned(line, False),
              "displayName": org.payroll.item("earnings", line["rate"])["name"]}
             for line in slip["earnings"]]
    benefits = [{"displayName": line["name"], "amount": line["amount"]}
                for line in slip["contributions"]]
    return {
        **_totals(org, slip), "earningsLines": named,
        "leaveEarningsLines": [earned(line, False) for line in slip["leave_earnings"]],
        "timesheetEarningsLines": [earned(line, True) for line in slip["timesheet_earnings"]],
        "deductionLines": [{"deductionTypeID": line["item"], "amount": line["amount"]}
                           for line in slip["deductions"]],
        "reimbursementLines": [{"reimbursementTypeID": line["item"], "amount": line["amount"],
                                "description": line["description"]}
                               for line in slip["reimbursements"]],
        "leaveAccrualLines": [{"leaveTypeID": line["type"], "numberOfUnits": line["units"]}
                              for line in slip["accruals"]],
        "employeeTaxLines": _taxes(slip["taxes"]),
        "employerTaxLines": _taxes(slip["employer_taxes"]),
        "superannuationLines" if org.country == "NZ" else "benefitLines": benefits}


def _taxes(lines):
    return [{"description": line["name"], "amount": line["amount"], "manualAdjustment": False}
            for line in lines]


def get_pay_runs(call):
    """GET /PayRuns?status=: without payslips."""
    status = call.args.get("status", "").lower()
    rows = [row for row in call.org.payroll.pay_runs
            if not status or STATUSES[row["status"]].lower() == status]
    rows, block = shape.page(call, rows)
    return {**block, "payRuns": [render(call.org, row) for row in rows]}


def get_pay_run(call, PayRunID):
    """GET /PayRuns/{PayRunID}."""
    row = shape.found(call.org.payroll.pay_runs, PayRunID)
    return {"payRun": render(call.org, row, slips=True)}


def post_pay_run(call):
    """POST /PayRuns: NZ only, a draft of the calendar's next period whatever dates are sent."""
    org, sent = call.org, shape.body(call)
    shape.require(sent, "payrollCalendarID")
    calendar = shape.record(sent, "payrollCalendarID", org.payroll.calendars)
    if shape.choice(sent, "payRunStatus", tuple(STATUSES.values())) == "Posted":
        raise InvalidField("payRunStatus", "A pay run is created as a draft.")
    if pay_runs.draft_of(org, calendar):
        raise Conflict({"Message": ONE_DRAFT})
    run = pay_runs.create(org, calendar, shape.day(sent, "paymentDate"))
    return {"payRun": render(org, run, slips=True)}


def get_slips(call):
    """GET /PaySlips?PayRunID=, which is required."""
    key = call.args.get("PayRunID", "")
    if not wire.is_guid(key):
        raise InvalidField("PayRunID", "The PayRunID is required.")
    run = shape.found(call.org.payroll.pay_runs, key)
    rows, block = shape.page(call, pay_runs.slips(call.org, run))
    return {**block, "paySlips": [slip_of(call.org, slip) for slip in rows]}


def get_slip(call, **ids):
    """GET /PaySlips/{PaySlipID}; UK writes Payslips."""
    (key,) = ids.values()
    return {"paySlip": slip_of(call.org, shape.found(call.org.payroll.payslips, key))}


def put_slip(call, PaySlipID):
    """PUT /PaySlips/{PaySlipID}: NZ only, replaces the lists of lines that are sent."""
    slip = shape.found(call.org.payroll.payslips, PaySlipID)
    row = payslip_lines.replace(call.org, slip, shape.body(call), payslip_lines.camel)
    return {"paySlip": slip_of(call.org, row)}


ROUTES = [("GET", "/PayRuns", get_pay_runs), ("GET", "/PayRuns/<PayRunID>", get_pay_run)]
NZ_ROUTES = [
    ("POST", "/PayRuns", post_pay_run), ("GET", "/PaySlips", get_slips),
    ("GET", "/PaySlips/<PaySlipID>", get_slip), ("PUT", "/PaySlips/<PaySlipID>", put_slip),
]
UK_ROUTES = [("GET", "/Payslips", get_slips), ("GET", "/Payslips/<PayslipID>", get_slip)]
