from . import (
    test_access,
    test_calendars,
    test_countries,
    test_privacy,
    test_pull_employees,
    test_pull_leave,
    test_pull_pay_items,
    test_pull_pay_runs,
    test_roles,
    test_screens,
    test_push_timesheets,
    test_timesheet_checks,
)
