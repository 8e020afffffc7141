"""The demo's comparison of a payroll week finds what is wrong."""

from decimal import Decimal

import pytest

import demo_hours
from demo_hours import PersonWeek
from xero_reader import XeroTimesheet

EIGHT, NONE = Decimal("8.00"), Decimal("0.00")
SHEET = XeroTimesheet("Mia Carter", "2026-11-09", "2026-11-15", "DRAFT", Decimal("29.50"))
WEEK = PersonWeek("Mia Carter", Decimal("29.50"), EIGHT, (SHEET,), EIGHT)


def faults(week, *names):
    return demo_hours.faults([week], names or ["Mia Carter"])


def test_nothing_is_wrong_when_both_sides_agree():
    assert faults(WEEK) == []


@pytest.mark.parametrize("week, said", [
    (WEEK._replace(worked=Decimal("29.51")), "hours of work are 29.51 in Odoo and 29.50 in Xero"),
    (WEEK._replace(leave_in_xero=NONE), "hours of leave are 8.00 in Odoo and 0.00 in Xero"),
    (WEEK._replace(worked=Decimal("59.00"), timesheets=(SHEET, SHEET)), "has 2 timesheets in Xero instead of one"),
    (WEEK._replace(worked=NONE, timesheets=()), "has 0 timesheets in Xero instead of one"),
])
def test_a_week_that_differs_is_found(week, said):
    (fault,) = faults(week)
    assert fault.startswith("Mia Carter") and fault.endswith(said)


def test_a_timesheet_of_somebody_else_is_found():
    assert faults(WEEK, "Mia Carter", "Abe Stranger") == ["Abe Stranger has a timesheet in Xero, but no hours in Odoo"]


def test_the_table_has_a_row_for_each_and_the_sums():
    other = PersonWeek("Jack Nolan", Decimal("38.00"), NONE, (SHEET._replace(hours=Decimal("37.50")),), NONE)
    *_head, mia, jack, total = demo_hours.table([WEEK, other])
    assert mia.split() == ["Mia", "Carter", "Draft", "29.50", "8.00", "29.50", "8.00", "0.00"]
    assert jack.split() == ["Jack", "Nolan", "Draft", "38.00", "0.00", "37.50", "0.00", "0.50"]
    assert total.split() == ["2", "people", "67.50", "8.00", "67.00", "8.00", "0.50"]
