"""New Zealand: Payroll 2.0 (spec xero-payroll-nz)."""

from .v2 import Version2


class NewZealand(Version2):
    """Pay runs are posted in Xero only."""

    code = "NZ"
    limits = {
        "salary": "no_salaries",
        "work_location": "no_work_locations",
        "employee_push": "no_new_staff",
        "pay_template": "no_pay_templates",
    }
