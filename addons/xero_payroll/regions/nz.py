"""New Zealand: Payroll 2.0 (spec xero-payroll-nz)."""

from .v2 import Version2


class NewZealand(Version2):
    """Pay runs are posted in Xero only."""

    code = "NZ"
    limits = {
        "statutory_leave": "no_statutory_leave",
        "work_location": "no_work_locations",
    }
    taxes_contributions = True  # ESCT (example of getPaySlip)
    earnings_lines = "Earnings"
    employee_needs = (*Version2.employee_needs, "EngagementType")
    person = (*Version2.person, "JobTitle")
    employment = ("EngagementType",)
