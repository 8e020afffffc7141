"""Payslip of AU 1.0, a path in the singular (facts, 4.2; operations getPayslip, updatePayslip):
lines can be replaced as long as the pay run is a draft."""

from ... import fields, wire
from ...errors import Invalid
from ...wire import ZERO, money
from ..rules import employees, pay_runs, payslips
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
    slip = org.payroll.payslips.get(key)
    if org.payroll.pay_runs.get(slip["run"])["status"] == "POSTED":
        raise Invalid(pay_runs.POSTED)
    employee = org.payroll.employees.get(slip["employee"])
    readers = {
        "EarningsLines": ("earnings", lambda line: _read_earned(org, employee, line)),
        "TimesheetEarningsLines": ("timesheet_earnings",
                                   lambda line: _read_earned(org, employee, line)),
        "DeductionLines": ("deductions",
                           lambda line: _read_item(org, "deduction", "DeductionTypeID", line)),
        "ReimbursementLines": ("reimbursements", lambda line: _read_item(
            org, "reimbursement", "ReimbursementTypeID", line)),
    }
    changes = {ours: [read(line) for line in fields.array(element, name)]
               for name, (ours, read) in readers.items() if element.get(name) is not None}
    unknown = set(element) - set(readers) - {"EmployeeID", "PayslipID"}
    if unknown or not changes:
        raise Invalid("Only earnings, timesheet earnings, deductions and reimbursements of a"
                      " payslip can be replaced.")
    row = payslips.taxed(org, {**slip, **changes, "edited": True, "updated": org.stamp()})
    return render(org, org.payroll.payslips.put(row))


def _read_earned(org, employee, line):
    item = employees.check_item(org, "earnings", fields.guid(line, "EarningsRateID"),
                                "The earnings rate does not exist.")
    price = fields.number(line, "RatePerUnit")
    if price is None:
        price = payslips.price_of(org, employee, item["id"])
    units = fields.number(line, "NumberOfUnits") or ZERO
    amount = fields.number(line, "Amount") or fields.number(line, "FixedAmount")
    return {"rate": item["id"], "price": price, "units": units,
            "amount": money(amount or units * price)}


def _read_item(org, kind, id_field, line):
    item = employees.check_item(org, kind, fields.guid(line, id_field),
                                f"The {id_field} does not exist.")
    return {"item": item["id"], "amount": money(fields.number(line, "Amount") or ZERO),
            "description": fields.text(line, "Description", 50) or ""}


_ONE = "/Payslip/<PayslipID>"
ROUTES = [("GET", _ONE, get_payslip), ("POST", _ONE, post_payslip)]
