"""Payroll 2.0 of AU (timesheets), NZ and UK: camelCase, ISO dates, problems (facts, 4.3 to 4.5)."""

from . import (
    calendars,
    details,
    employees,
    items,
    leave,
    leave_types,
    pay,
    pay_runs,
    reference,
    statutory,
    timesheets,
)

_MODULES = (employees, items, calendars, leave, leave_types, pay, pay_runs, details, reference,
            timesheets, statutory)


def _routes(name):
    return [route for module in _MODULES
            for route in (*getattr(module, "ROUTES", ()), *getattr(module, name, ()))]


ROUTES = {"AU": timesheets.ROUTES, "NZ": _routes("NZ_ROUTES"), "UK": _routes("UK_ROUTES")}
