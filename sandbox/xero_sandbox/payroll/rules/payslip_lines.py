"""Replacing the lines of a payslip while its pay run is a draft (facts, section 4.1)."""

from ... import fields
from ...errors import Invalid
from ...wire import ZERO, money
from . import employees, pay_runs, payslips

ITEMS = {"deductions": ("deduction", "DeductionLines", "DeductionTypeID"),
         "reimbursements": ("reimbursement", "ReimbursementLines", "ReimbursementTypeID")}
EARNINGS = {"earnings": "EarningsLines", "timesheet_earnings": "TimesheetEarningsLines"}
LISTS = (*EARNINGS.values(), *(name for _kind, name, _field in ITEMS.values()))


def camel(name):
    """A name of AU 1.0 as payroll 2.0 spells it."""
    return name[0].lower() + name[1:]


def replace(org, slip, element, spell=str):
    """The payslip with the lists of lines that ``element`` holds, and new taxes.

    :param spell: how the API spells the names of AU 1.0; :raises Invalid: the pay run is posted,
        an item does not exist, or no list was sent.
    """
    if org.payroll.pay_runs.get(slip["run"])["status"] == "POSTED":
        raise Invalid(pay_runs.POSTED)
    person = org.payroll.employees.get(slip["employee"])
    changes = {}
    for ours, name in EARNINGS.items():
        lines = fields.array(element, spell(name))
        if lines is not None:
            changes[ours] = [_earned(org, person, line, spell) for line in lines]
    for ours, (kind, name, id_field) in ITEMS.items():
        lines = fields.array(element, spell(name))
        if lines is not None:
            changes[ours] = [_item(org, kind, spell(id_field), line, spell) for line in lines]
    if not changes:
        raise Invalid("Only earnings, timesheet earnings, deductions and reimbursements of a"
                      " payslip can be replaced.")
    return org.payroll.payslips.put(payslips.taxed(
        org, {**slip, **changes, "edited": True, "updated": org.stamp()}))


def _earned(org, person, line, spell):
    rate = fields.guid(line, spell("EarningsRateID"))
    item = employees.check_item(org, "earnings", rate, "The earnings rate does not exist.")
    price = fields.number(line, spell("RatePerUnit"))
    if price is None:
        price = payslips.price_of(org, person, item["id"])
    units = fields.number(line, spell("NumberOfUnits")) or ZERO
    fixed = fields.number(line, spell("FixedAmount")) or fields.number(line, spell("Amount"))
    return {"rate": item["id"], "price": price, "units": units,
            "amount": money(units * price or fixed or ZERO)}


def _item(org, kind, id_field, line, spell):
    item = employees.check_item(org, kind, fields.guid(line, id_field),
                                f"The {id_field} does not exist.")
    return {"item": item["id"], "amount": money(fields.number(line, spell("Amount")) or ZERO),
            "description": fields.text(line, spell("Description"), 50) or ""}
