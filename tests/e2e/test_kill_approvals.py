"""kill -9 of the worker while a group is made and approved, person after person: others go on where it stopped."""

from contextlib import closing, contextmanager

import psycopg2
import pytest
from payroll_world import MODEL, NewZealand, UnitedKingdom

import database

PEOPLE = 20  # two calls each, and what is looked up, within what Xero allows in a minute
DIES_AT = 8  # so that some have their timesheet approved, one is on the way, and the others have none
CREATE = "POST /payroll.xro/2.0/Timesheets"
APPROVE = f"{CREATE}/{{TimesheetID}}/Approve"
SAME_KEY, LOOKED_UP = 2, 7  # minutes until somebody goes on
APPROVED = {"push_status_timesheet": "approved"}


class NewZealandApproves(NewZealand):
    """Timesheets arrive approved."""

    choices = {**NewZealand.choices, **APPROVED}


class UnitedKingdomApproves(UnitedKingdom):
    """Timesheets arrive approved."""

    choices = {**UnitedKingdom.choices, **APPROVED}


@pytest.fixture(scope="module", params=(NewZealandApproves, UnitedKingdomApproves), ids=lambda kind: kind.country)
def payroll(request):
    with request.param(workers=2, people=PEOPLE).opened() as world:
        yield world


def die_in(payroll, call):
    """The worker dies while Xero has done that call for somebody and not answered yet."""
    done = payroll.count(call)
    with payroll.fault("slow_after", method="POST", path=f"/{call.rpartition('/')[2]}$", seconds=2, nth=DIES_AT):
        payroll.week.push()
        payroll.wait(lambda: payroll.count(call) == done + DIES_AT, "that call")
        payroll.lose_workers()


def die_between(payroll):
    """The worker dies when somebody's timesheet is made and known, and nobody has asked Xero to approve it."""
    done = payroll.count(CREATE)
    with payroll.fault("slow_after", method="POST", path="/Timesheets$", seconds=2, nth=DIES_AT):
        payroll.week.push()
        payroll.wait(lambda: payroll.count(CREATE) == done + DIES_AT, "that timesheet")
        with nobody_calls(payroll):
            payroll.wait(lambda: made(payroll) == 1, "its answer")
            payroll.lose_workers()


@contextmanager
def nobody_calls(payroll):
    """Meanwhile everybody waits for the budget of calls."""
    with closing(psycopg2.connect(dbname=payroll.database, **database.connection_arguments())) as connection:
        connection.cursor().execute("SELECT id FROM xero_budget FOR UPDATE")
        yield


def made(payroll):
    """How many timesheets Odoo knows to be made and has still to approve."""
    return payroll.one(
        "SELECT count(*) FROM xero_link WHERE model = %s AND state = 'queued' AND xero_status = 'DRAFT'", MODEL)


@pytest.mark.parametrize("minutes", (SAME_KEY, LOOKED_UP), ids=("the same key again", "looked up"))
@pytest.mark.parametrize("call", (CREATE, APPROVE), ids=("while made", "while approved"))
def test_whoever_was_on_the_way_is_made_once_and_approved_once(payroll, call, minutes):
    """What was asked of Xero is asked once more under its key, or looked up: never a second time."""
    payroll.forget()
    sheets = payroll.approved_week()
    calls = {name: payroll.count(name) for name in (CREATE, APPROVE)}
    die_in(payroll, call)
    assert payroll.states(sheets, MODEL)["sending"] == 1
    payroll.let_time_pass(minutes * 60)
    payroll.wait_for_the_group(sheets)
    check_all_approved(payroll)
    again = {call: 1} if minutes == SAME_KEY else {}
    assert {name: payroll.count(name) - calls[name] for name in calls} == {
        name: PEOPLE + again.get(name, 0) for name in calls}


def test_whoever_was_made_and_not_approved_is_approved(payroll):
    """Half of the work is known to be done: the other half follows, and nothing is made again."""
    payroll.forget()
    sheets = payroll.approved_week()
    calls = {name: payroll.count(name) for name in (CREATE, APPROVE)}
    die_between(payroll)
    assert payroll.states(sheets, MODEL) == {"synced": DIES_AT - 1, "queued": PEOPLE - DIES_AT + 1}
    payroll.let_time_pass(SAME_KEY * 60)
    payroll.wait_for_the_group(sheets)
    check_all_approved(payroll)
    assert {name: payroll.count(name) - calls[name] for name in calls} == dict.fromkeys(calls, PEOPLE)


def check_all_approved(payroll):
    """Each has one timesheet of the week, with the hours of Odoo, and it is approved."""
    payroll.check_everybody_once()
    assert {sheet.status for sheet in payroll.reader().timesheets()} == {"Approved"}
    assert payroll.complaints() == []
