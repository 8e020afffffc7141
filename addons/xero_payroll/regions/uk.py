"""United Kingdom: Payroll 2.0 (spec xero-payroll-uk)."""

from .v2 import Version2


class UnitedKingdom(Version2):
    """Pay runs are made and posted in Xero only."""

    code = "GB"
    limits = {
        "salary": "no_salaries",
        "work_location": "no_work_locations",
        "employee_push": "no_new_staff",
        "pay_template": "no_pay_templates",
    }
