"""United Kingdom: Payroll 2.0 (spec xero-payroll-uk)."""

from .v2 import Version2


class UnitedKingdom(Version2):
    """Pay runs are made and posted in Xero only."""

    code = "GB"
    limits = {
        "statutory_leave": "no_statutory_leave",
        "work_location": "no_work_locations",
    }
    earnings_lines = "earnings"
    employee_needs = (*Version2.employee_needs, "Gender", "NICategory", "WorkplacePostcode")
    employment = ("EmployeeNumber", "NICategories")
