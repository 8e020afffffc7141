"""kill -9 of the worker in the middle of a group: another one brings it to its end, everybody once."""

import pytest
from payroll_world import PayrollWorld

PEOPLE, BATCH = 60, 50
AGES = {"the same key again": 2, "looked up": 7}  # minutes until somebody goes on
WRITE = "POST /payroll.xro/1.0/Timesheets"
MODEL = "xero.timesheet"


@pytest.fixture(scope="module")
def payroll():
    world = PayrollWorld(workers=2, people=PEOPLE)
    try:
        world.open()
        yield world
    finally:
        world.close()


@pytest.mark.parametrize("minutes", AGES.values(), ids=AGES)
def test_a_group_of_a_killed_worker_ends_with_one_timesheet_each(payroll, minutes):
    """The worker dies while Xero has written a batch and not answered yet."""
    payroll.forget()
    sheets = payroll.approved_week()
    with payroll.fault("slow_after", method="POST", path="/Timesheets$", seconds=2, nth=1):
        written = payroll.count(WRITE)
        payroll.week.push()
        payroll.wait(lambda: payroll.count(WRITE) == written + 1, "the first batch")
        killed = payroll.cron_workers()
        payroll.kill_cron_workers()
        payroll.wait(lambda: not set(killed) & set(payroll.cron_workers()), "the end of the workers")
    assert payroll.states(sheets, MODEL)["sending"] == BATCH
    payroll.let_time_pass(minutes * 60)

    def at_the_end():
        # A worker that has just started hears of no work before it listens.
        payroll.wake_workers()
        return payroll.states(sheets, MODEL) == {"synced": PEOPLE}

    payroll.wait(at_the_end, "the end of the group", 60)
    payroll.wait(lambda: payroll.open_pushes() == 0, "the end of the run")
    payroll.check_everybody_once()
    assert payroll.complaints() == []
