"""Data sets of payroll: hooks only, no HTTP, no commit."""

from . import (
    payroll,
    pay_item,
    payroll_calendar,
    employee,
    employee_match,
    employee_pay,
    salary,
    payroll_push,
    employee_push,
    timesheet_check,
    time_rules,
    timesheet,
    pay_template,
    leave_type,
    leave_balance,
    leave_application,
    leave_group,
    leave_units,
    leave_push,
    pay_run,
)
