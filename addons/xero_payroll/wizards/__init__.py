from . import xero_payroll_desk, xero_payroll_desk_ready, xero_payroll_desk_line, xero_leave_type_wizard
