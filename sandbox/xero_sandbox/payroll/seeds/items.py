"""Pay items of a new organisation, with the traps that real ones hold: an archived twin of
Ordinary Hours, a name with a space too many, an allowance that is no hourly rate.

Each row: kind, name, values; account codes are those of the demo chart.
"""

from decimal import Decimal

RATE, TIMES, FIXED = "RATEPERUNIT", "MULTIPLE", "FIXEDAMOUNT"
ORDINARY = {"AU": "Ordinary Hours", "NZ": "Ordinary Time", "UK": "Regular Hours"}
OVERTIME = {"AU": "Overtime Hours", "NZ": "Overtime", "UK": "Overtime"}
SALARY = {"AU": "Ordinary Hours", "NZ": "Salary", "UK": "Salary"}
# Leave types that everybody has: hours a year, opening balance.
LEAVE = {
    "AU": {"Annual Leave": ("152", "38.5"), "Personal/Carer's Leave": ("76", "12.25"),
           "Long Service Leave": ("0", "0"), "Unpaid Leave": ("0", "0")},
    "NZ": {"Annual Leave": ("160", "42"), "Sick Leave": ("80", "24"),
           "Alternative Holidays": ("0", "8"), "Unpaid Leave": ("0", "0")},
    "UK": {"Holiday": ("200", "61.5"), "Sick Leave": ("0", "0"), "Unpaid Leave": ("0", "0")},
}


def _rate(kind, name, earnings, quick=None, multiplier=None, units="Hours", **values):
    return ("earnings", name, {
        "rate_type": kind, "earnings": earnings, "units": None if kind == FIXED else units,
        "price": quick and Decimal(quick), "multiplier": multiplier and Decimal(multiplier),
        **values})


def _leave(name, paid=True, units="Hours", **values):
    return ("leave", name, {"paid": paid, "units": units, **values})


_AU = [
    _rate(RATE, "Ordinary Hours", "ORDINARYTIMEEARNINGS", current=False, old=True),
    _rate(RATE, "Ordinary Hours", "ORDINARYTIMEEARNINGS"),
    _rate(TIMES, "Overtime Hours", "OVERTIMEEARNINGS", multiplier="1.5"),
    _rate(TIMES, "Double Time", "OVERTIMEEARNINGS", multiplier="2"),
    _rate(RATE, "Travel  Time ", "ALLOWANCE", quick="28.5"),
    _rate(FIXED, "Tool Allowance", "ALLOWANCE", fixed=Decimal("25")),
    _rate(FIXED, "Bonus", "BONUSESANDCOMMISSIONS"),
    _leave("Annual Leave", category="ANNUALLEAVE"),
    _leave("Personal/Carer's Leave", category="PERSONALSICKCARERSLEAVE"),
    _leave("Long Service Leave", category="LONGSERVICELEAVE"),
    _leave("Unpaid Leave", paid=False), _leave("Jury Duty", category="JURYDUTYLEAVE"),
    _leave("Rostered Day Off", current=False, old=True),
    ("deduction", "Union Fees/Subscriptions", {"account": "850", "category": "UNIONFEES"}),
    ("deduction", "Lease Payments", {"account": "850", "category": "NONE"}),
    ("reimbursement", "Travel Costs", {"account": "493"}),
    ("reimbursement", "Other Reimbursable Costs", {"account": "429"}),
]
_NZ = [
    _rate(RATE, "Ordinary Time", "RegularEarnings", current=False),
    _rate(RATE, "Ordinary Time", "RegularEarnings"), _rate(RATE, "Salary", "RegularEarnings"),
    _rate(TIMES, "Overtime", "OvertimeEarnings", multiplier="1.5"),
    _rate(RATE, "Travel  Time ", "Allowance", quick="28.5"),
    _rate(FIXED, "Tool Allowance", "Allowance", fixed=Decimal("25")),
    _leave("Annual Leave"), _leave("Sick Leave"), _leave("Alternative Holidays"),
    _leave("Unpaid Leave", paid=False), _leave("Parental Leave", current=False),
    ("deduction", "KiwiSaver Voluntary Contributions",
     {"account": "825", "category": "KiwiSaverVoluntaryContributions"}),
    ("deduction", "Rent", {"account": "850", "category": "NzOther", "fixed": Decimal("200")}),
    ("reimbursement", "Travel Costs", {"account": "493"}),
    ("superannuation", "KiwiSaver", {"account": "825", "category": "KiwiSaver",
                                     "calculation": "PercentageOfTaxableEarnings",
                                     "percentage": 3}),
    ("statutory", "Child Support", {"account": "825", "category": "ChildSupport"}),
]
_UK = [
    _rate(RATE, "Regular Hours", "RegularEarnings", current=False),
    _rate(RATE, "Regular Hours", "RegularEarnings"), _rate(RATE, "Salary", "RegularEarnings"),
    _rate(TIMES, "Overtime", "OvertimeEarnings", multiplier="1.5"),
    _rate(RATE, "Travel  Time ", "Allowance", quick="28.5"),
    _rate(FIXED, "Tool Allowance", "Allowance", fixed=Decimal("25")),
    _leave("Holiday"), _leave("Sick Leave"), _leave("Unpaid Leave", paid=False),
    _leave("Parental Leave", current=False),
    ("deduction", "Childcare Voucher", {"account": "850", "category": "ChildCareVoucher"}),
    ("deduction", "Other Deduction", {"account": "850", "category": "UkOther"}),
    ("reimbursement", "Travel Costs", {"account": "493"}),
    ("superannuation", "Stakeholder Pension", {
        "account": "825", "category": "StakeholderPension", "calculation": "PercentageOfGross",
        "percentage": 5}),
    ("statutory", "Court Order", {"account": "825", "category": "CourtFines"}),
    _leave("Statutory Sick Pay", statutory=True),
]
ITEMS = {"AU": _AU, "NZ": _NZ, "UK": _UK}
