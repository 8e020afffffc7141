"""Pay periods of every kind of calendar."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xero_sandbox.payroll.rules import periods


def calendar(kind, reference="2024-01-01", payment=None):
    return {"type": kind, "reference": reference, "next": reference,
            "offset": periods.offset(kind, reference, payment) if payment else 0}


@pytest.mark.parametrize(("kind", "day", "start", "end"), [
    ("WEEKLY", "2026-10-07", "2026-10-05", "2026-10-11"),
    ("FORTNIGHTLY", "2026-10-07", "2026-10-05", "2026-10-18"),
    ("FOURWEEKLY", "2026-10-07", "2026-10-05", "2026-11-01"),
    ("MONTHLY", "2024-02-29", "2024-02-01", "2024-02-29"),
    ("TWICEMONTHLY", "2026-02-15", "2026-02-01", "2026-02-15"),
    ("TWICEMONTHLY", "2026-02-16", "2026-02-16", "2026-02-28"),
    ("QUARTERLY", "2026-12-31", "2026-10-01", "2026-12-31"),
    ("ANNUAL", "2026-12-31", "2026-01-01", "2026-12-31"),
])
def test_the_period_of_a_day(kind, day, start, end):
    assert periods.period_of(calendar(kind), day)[:2] == (start, end)


def test_twice_a_month_from_the_second_half_on():
    row = calendar("TWICEMONTHLY", "2026-01-16")
    assert [periods.period_of(row, day).start for day in ("2026-01-31", "2026-02-01", "2026-03-01")
            ] == ["2026-01-16", "2026-02-01", "2026-03-01"]


def test_nothing_before_the_reference_date():
    assert periods.period_of(calendar("WEEKLY"), "2023-12-31") is None


def test_the_payment_keeps_its_distance_to_the_end():
    row = calendar("MONTHLY", payment="2024-01-29")
    assert periods.period_of(row, "2024-02-10").payment == "2024-02-27"
    assert periods.period_of(calendar("WEEKLY", payment="2024-01-10"), "2026-10-07").payment == (
        "2026-10-14")


@given(st.sampled_from(sorted(periods.PER_YEAR)), st.dates(
    min_value=periods.day("2024-01-01"), max_value=periods.day("2040-12-31")))
def test_periods_follow_each_other_without_a_gap(kind, day):
    row = calendar(kind)
    period = periods.period_of(row, day.isoformat())
    assert period.start <= day.isoformat() <= period.end
    assert periods.period_of(row, periods.shifted(period.end, 1)).start == periods.shifted(
        period.end, 1)
