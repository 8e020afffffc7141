from . import xero_payroll_desk, xero_leave_type_wizard
