"""Payroll AU 1.0: PascalCase, bare arrays, /Date(ms)/ (facts, section 4.2)."""

from . import calendars, employees, leave, pay_items, pay_runs, payslips, reference, timesheets

ROUTES = [route for module in (
    employees, pay_items, calendars, timesheets, leave, pay_runs, payslips, reference)
    for route in module.ROUTES]
