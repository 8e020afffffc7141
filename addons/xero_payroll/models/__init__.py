from . import (
    xero_pay_item,
    xero_payroll_calendar,
    xero_payroll_mixin,
    hr_employee,
    hr_leave_type,
    hr_leave,
    xero_leave_balance,
    xero_pay_run,
    xero_payslip,
    xero_timesheet,
    xero_timesheet_line,
    xero_connection,
)
