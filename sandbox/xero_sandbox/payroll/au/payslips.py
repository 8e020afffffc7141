"""Payslip of AU 1.0, a path in the singular (facts, 4.2; operations getPayslip, updatePayslip):
lines can be replaced as long as the pay run is a draft."""

from ... import wire
from ...errors import Invalid
from ..rules import payslip_lines
from . import body
from .pay_runs import summary

CALCULATION = "FIXEDAMOUNT"


def render(org, slip):
    """A payslip as the API answers it."""
    return {**summary(org, slip), "LastEdited": wire.stamp_text(slip["updated"]),
            "EarningsLines": [_earned(line) for line in slip["earnings"]],
            "LeaveEarningsLines": [{**_earned(line), "PayOutType": line["payout"]}
                                   for line in slip["leave_earnings"]],
            "TimesheetEarningsLines": [_earned(line) for line in slip["timesheet_earnings"]],
            "DeductionLines": [{"DeductionTypeID": line["item"], "Amount": line["amount"],
                                "CalculationType": CALCULATION} for line in slip["deductions"]],
            "LeaveAccrualLines": [{"LeaveTypeID": line["type"], "NumberOfUnits": line["units"],
                                   "AutoCalculate": True} for line in slip["accruals"]],
            "ReimbursementLines": [
                {"ReimbursementTypeID": line["item"], "Amount": line["amount"],
                 "Description": line["description"]} for line in slip["reimbursements"]],
            "SuperannuationLines": [
                {"ContributionType": "SGC", "CalculationType": "STATUTORY",
                 "ExpenseAccountCode": line["expense"], "LiabilityAccountCode": line["liability"],
                 "Amount": line["amount"]} for line in slip["contributions"]],
            "TaxLines": [{"Amount": line["amount"], "TaxTypeName": line["name"],
                          "LiabilityAccount": line["liability"]} for line in slip["taxes"]]}


def _earned(line):
    return {"EarningsRateID": line["rate"], "RatePerUnit": line["price"],
            "NumberOfUnits": line["units"], "Amount": line["amount"]}


def get_payslip(call, PayslipID):
    """GET /Payslip/{PayslipID}: one object, not a list."""
    return {"Payslip": render(call.org, body.found(call.org.payroll.payslips, PayslipID))}


def post_payslip(call, PayslipID):
    """POST /Payslip/{PayslipID}: an array with the lists of lines to replace."""
    slip = body.found(call.org.payroll.payslips, PayslipID)
    return body.update(call, "Payslips", "PayslipID", slip["id"], _save)


def _save(org, element, key):
    unknown = set(element) - {*payslip_lines.LISTS, "EmployeeID", "PayslipID"}
    if unknown:
        raise Invalid(f"{', '.join(sorted(unknown))} of a payslip cannot be replaced.")
    return render(org, payslip_lines.replace(org, org.payroll.payslips.get(key), element))


_ONE = "/Payslip/<PayslipID>"
ROUTES = [("GET", _ONE, get_payslip), ("POST", _ONE, post_payslip)]
