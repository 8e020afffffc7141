"""kill -9 of the worker in the middle of a group: another one brings it to its end, everybody once."""

import pytest
from payroll_world import MODEL, NewZealand, PayrollWorld, UnitedKingdom

PEOPLE = 60
AGES = {"the same key again": 2, "looked up": 7}  # minutes until somebody goes on
WRITES = {"AU": "POST /payroll.xro/1.0/Timesheets"}
ABROAD = "POST /payroll.xro/2.0/Timesheets"
BATCHES = {"AU": 50}  # elsewhere one person for each call


@pytest.fixture(scope="module", params=(PayrollWorld, NewZealand, UnitedKingdom), ids=lambda kind: kind.country)
def payroll(request):
    with request.param(workers=2, people=PEOPLE).opened() as world:
        yield world


@pytest.mark.parametrize("minutes", AGES.values(), ids=AGES)
def test_a_group_of_a_killed_worker_ends_with_one_timesheet_each(payroll, minutes):
    """The worker dies while Xero has written a batch and not answered yet."""
    payroll.forget()
    write = WRITES.get(payroll.country, ABROAD)
    sheets = payroll.approved_week()
    with payroll.fault("slow_after", method="POST", path="/Timesheets$", seconds=2, nth=1):
        written = payroll.count(write)
        payroll.week.push()
        payroll.wait(lambda: payroll.count(write) == written + 1, "the first batch")
        payroll.lose_workers()
    assert payroll.states(sheets, MODEL)["sending"] == BATCHES.get(payroll.country, 1)
    payroll.let_time_pass(minutes * 60)
    payroll.wait_for_the_group(sheets)
    payroll.check_everybody_once()
    assert payroll.complaints() == []
