"""What a payslip holds, worked out from the pay template, approved timesheets and leave (facts, 4.2).

Taxes and contributions are flat shares: figures to read and to book, not a tax calculation.
Lines, by list: ``earnings`` and ``timesheet_earnings`` {rate, price, units, amount},
``leave_earnings`` the same with type, ``deductions`` and ``reimbursements`` {item, amount,
description}, ``contributions``, ``taxes`` and ``employer_taxes`` {name, amount, expense, liability},
``accruals`` {type, units}. ``edited`` says that somebody changed the lines by hand.
"""

import uuid
from decimal import Decimal

from ...wire import ZERO, money, rounded
from . import periods

# name, share, account that bears it (None: the employee), account that owes it.
TAXES = {
    "AU": [("PAYG", "0.20", None, "825")],
    "NZ": [("PAYE", "0.175", None, "825")],
    "UK": [("PAYE Tax", "0.12", None, "825"), ("Employee NIC", "0.08", None, "826")],
}
EMPLOYER_TAXES = {"AU": [], "NZ": [], "UK": [("Employer NIC", "0.15", "477", "826")]}
# Comes out of the contributions, of each whole dollar of them (example of getPaySlip).
CONTRIBUTION_TAX = {"NZ": ("ESCT", "0.175", "825")}
CONTRIBUTIONS = {
    "AU": [("Superannuation Guarantee", "0.12", "478", "826")],
    "NZ": [("KiwiSaver Employer", "0.03", "478", "825")], "UK": [],
}
LISTS = ("earnings", "leave_earnings", "timesheet_earnings", "deductions", "reimbursements",
         "contributions", "taxes", "employer_taxes", "accruals")


def build(org, run, employee, old=None):
    """The payslip row of one person in one pay run; ``old`` keeps its id."""
    calendar = org.payroll.calendars.get(run["calendar"])
    taken, spent = _leave(org, run, employee)
    row = {
        "id": old["id"] if old else str(uuid.uuid4()), "run": run["id"],
        "employee": employee["id"], "edited": False, "updated": org.stamp(),
        "earnings": _earnings(org, employee, calendar, spent), "leave_earnings": taken,
        "timesheet_earnings": _worked(org, run, employee),
        "deductions": [], "reimbursements": [], "accruals": _accruals(employee, calendar),
    }
    return taxed(org, row)


def taxed(org, row):
    """The row with taxes and contributions for its earnings."""
    gross = wages(row)

    def shares(table):
        return [{"name": name, "amount": money(gross * Decimal(share)), "expense": expense,
                 "liability": liability} for name, share, expense, liability in table[org.country]]

    contributions = shares(CONTRIBUTIONS)
    return {**row, "taxes": shares(TAXES), "contributions": contributions,
            "employer_taxes": [*shares(EMPLOYER_TAXES), *_withheld(org, contributions)]}


def _withheld(org, contributions):
    """What the tax takes out of contributions: it is owed instead of them, nobody bears it."""
    if org.country not in CONTRIBUTION_TAX:
        return []
    name, share, liability = CONTRIBUTION_TAX[org.country]
    return [{"name": name, "amount": money(line["amount"] // 1 * Decimal(share)),
             "expense": line["liability"], "liability": liability} for line in contributions]


def total(row, name):
    """Sum of the amounts of a list of lines."""
    return sum((line["amount"] for line in row[name]), ZERO)


def wages(row):
    """Gross earnings."""
    return (total(row, "earnings") + total(row, "leave_earnings")
            + total(row, "timesheet_earnings"))


def net(row):
    """What is left of the earnings; reimbursements come on top (example of getPayRun)."""
    return wages(row) - total(row, "deductions") - total(row, "taxes")


def price_of(org, employee, rate_id):
    """Money for one unit of an earnings rate, 4 decimals."""
    for line in (*employee["template"], *employee["wages"]):
        if line["rate"] == rate_id and line.get("price"):
            return line["price"]
    item = org.payroll.item("earnings", rate_id)
    if item is None:
        return ZERO
    if item["rate_type"] == "MULTIPLE":
        return rounded(item["multiplier"] * ordinary_price(org, employee), 4)
    return item["price"] or ordinary_price(org, employee)


def ordinary_price(org, employee):
    """Money for one ordinary hour."""
    for line in (*employee["template"], *employee["wages"]):
        if line["rate"] == employee["rate"] and (line.get("price") or line.get("salary")):
            return line.get("price") or rounded(line["salary"] / 52 / employee["weekly"], 4)
    item = org.payroll.item("earnings", employee["rate"])
    return item["price"] or ZERO if item else ZERO


def _earnings(org, employee, calendar, spent):
    """The lines of the template and the salary; ``spent`` on leave comes off the first."""
    per_year = periods.PER_YEAR[calendar["type"]]
    active = [line for line in employee["wages"] if line["status"] == "Active"]
    lines = []
    for line in (*employee["template"], *active):
        units, price = line.get("units") or ZERO, price_of(org, employee, line["rate"])
        amount = line.get("fixed") or units * price
        if line.get("salary") and line.get("type") != "Hourly":
            units = rounded(employee["weekly"] * periods.weeks(calendar), 4)
            amount = line["salary"] / per_year
        if amount:
            lines.append({"rate": line["rate"], "price": price, "units": units,
                          "amount": money(amount)})
    if lines and spent:
        first = lines[0]
        lines[0] = {**first, "amount": max(first["amount"] - spent, ZERO)}
    return lines


def _worked(org, run, employee):
    sums = {}
    for sheet in org.payroll.timesheets.group("employee", employee["id"]):
        if sheet["status"] == "APPROVED" and run["start"] <= sheet["start"] <= run["end"]:
            for line in sheet["lines"]:
                sums[line["rate"]] = sums.get(line["rate"], ZERO) + line["units"]
    return [_line(org, employee, rate, units) for rate, units in sums.items() if units]


def _line(org, employee, rate, units):
    price = price_of(org, employee, rate)
    return {"rate": rate, "price": price, "units": units, "amount": money(units * price)}


def _leave(org, run, employee):
    """Leave earnings of the period, and the ordinary pay that the leave takes away."""
    lines, spent = [], ZERO
    price = ordinary_price(org, employee)
    for row in org.payroll.leaves.group("employee", employee["id"]):
        item = org.payroll.item("leave", row["type"])
        for part in row["periods"]:
            if part["status"] != "SCHEDULED" or part["start"] != run["start"]:
                continue
            amount = money(part["units"] * price)
            spent += amount
            if item["paid"]:
                lines.append({"type": row["type"], "rate": employee["rate"], "price": price,
                              "units": part["units"], "amount": amount, "payout": row["payout"]})
    return lines, spent


def _accruals(employee, calendar):
    per_year = periods.PER_YEAR[calendar["type"]]
    return [{"type": key, "units": rounded(kept["yearly"] / per_year, 4)}
            for key, kept in employee["leave"].items() if kept["yearly"]]
