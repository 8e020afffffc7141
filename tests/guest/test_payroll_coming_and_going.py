"""Payroll goes out of a company that works with it, comes again and is upgraded; accounting never notices."""

import pytest
from host import Modules
from payroll_world import PayrollWorld

PAYROLL = "xero_payroll"
KINDS = ("timesheet", "pay_template", "leave_application")
SETS = (*KINDS, "employee", "salary", "pay_item", "payroll_calendar", "leave_type", "leave_balance", "pay_run")
MODELS = ("hr.employee", "hr.leave", "xero.timesheet")
# Columns of the connector that say what a row is about.
PLACES = {"dataset": SETS, "kind": KINDS, "batch_kind": KINDS, "model": MODELS}


class Company(Modules, PayrollWorld):
    """Accounting and payroll, and everything that people can choose for the latter."""

    def __init__(self):
        super().__init__(workers=0, people=2)

    def use(self):
        """Time and leave in Xero, more of it waiting; modes, rules, a batch, a favourite."""
        create, call = self.books.create, self.books.call
        sheets = self.approved_week()
        self.week.push()
        self.wait(lambda: self.states(sheets, "xero.timesheet") == {"synced": 2}, "the week")
        self.week.turn()
        self.week.keep_time()
        self.week.approve()
        call("xero.run", "action_collect", [])
        modes = call("xero.push.mode", "search", [("kind", "in", KINDS)])
        call("xero.push.mode", "write", modes, {"push_mode": "scheduled", "timing": "interval", "minutes": 5})
        create("xero.approval.rule", kind="timesheet", company_id=self.books.company_id)
        call("xero.validation.rule", "create", [
            {"name": f"Rule of {model}", "model": model, "message": "No"} for model in MODELS])
        create("ir.filters", name="My time", model_id="xero.timesheet", domain="[]")
        create("ir.filters", name="My staff", model_id="hr.employee", domain="[('xero_state', '=', 'synced')]")
        self.ledger = self.sql("SELECT id, debit, credit FROM account_move_line ORDER BY id")

    def left(self):
        """Rows of the connector's tables that speak of payroll, by table and column."""
        rows = self.sql(
            "SELECT table_name::text, column_name::text FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name LIKE 'xero\\_%%' AND column_name = ANY(%s)", list(PLACES))
        counts = {
            (table, column): self.one(f'SELECT count(*) FROM "{table}" WHERE "{column}" = ANY(%s)',
                                      list(PLACES[column]))
            for table, column in rows}
        return {place: count for place, count in counts.items() if count}

    def let_schedules_run(self):
        """Everything that is due starts, and ends."""
        self.books.call("xero.connection", "write", [self.connection_id], {"enabled": True})
        self.sql("UPDATE xero_schedule SET last_start = last_start - interval '2 days'")
        self.sql("UPDATE xero_push_mode SET last_start = last_start - interval '2 days'")
        self.let_time_pass(360)
        self.wait(lambda: self.one("SELECT max(last_start) > now() AT TIME ZONE 'UTC' - interval '1 minute'"
                                   " FROM xero_schedule"), "the schedules", 90)
        self.rest()

    def failures(self):
        """What the history says went wrong by itself."""
        return self.sql("SELECT kind, arguments FROM xero_event WHERE result = 'failed' OR kind = 'mode_failed'")


@pytest.fixture(scope="module")
def company():
    """A company at work."""
    world = Company()
    try:
        world.open()
        world.use()
        yield world
    finally:
        world.close()


@pytest.fixture(scope="module")
def gone(company):
    """Payroll is uninstalled, in the middle of all that."""
    places = {column for _table, column in company.left()}
    assert places == set(PLACES)
    company.uninstall(PAYROLL)
    return company


@pytest.fixture(scope="module")
def back(gone):
    """It was a mistake: payroll is installed again, and granted again."""
    gone.install(PAYROLL)
    gone.books.call("xero.connection", "write", [gone.connection_id], {"payroll_access": True})
    gone.press_connection("action_disconnect")
    gone.consent_again()
    gone.press_connection("action_import_payroll")
    gone.wait(lambda: not gone.open_pulls(), "the import")
    return gone


def test_nothing_of_payroll_is_left_in_the_connector(gone):
    assert gone.left() == {}
    assert gone.sql("SELECT name FROM ir_filters WHERE name IN ('My time', 'My staff')") == []


def test_people_and_books_stay(gone):
    assert gone.one("SELECT count(*) FROM hr_employee WHERE name LIKE 'Person%%'") == 2
    assert gone.sql("SELECT id, debit, credit FROM account_move_line ORDER BY id") == gone.ledger


def test_accounting_goes_on_by_itself(gone):
    """Schedules run, an invoice goes, screens open; nothing fails every few minutes."""
    before = gone.failures()
    gone.let_schedules_run()
    (move,) = gone.invoices(1, gone.known_customers(1))
    assert gone.press(move)[1]["type"] == "success"
    for model in ("xero.connection", "xero.exception", "xero.run", "xero.event", "hr.employee"):
        gone.books.call(model, "get_views", [(False, "form"), (False, "list"), (False, "search")])
    assert gone.failures() == before
    assert gone.complaints() == []


def test_it_comes_again(back):
    """The same people are found again, nobody is there twice, and the kinds of documents are offered again."""
    assert back.one("SELECT count(*) FROM hr_employee WHERE name LIKE 'Person%%'") == 2
    assert back.one("SELECT count(*) FROM xero_link WHERE dataset = 'employee' AND xero_id IS NOT NULL") == 2
    back.books.call("xero.connection", "get_views", [(False, "form")])
    assert back.complaints() == []


def test_an_upgrade_keeps_what_there_is(back):
    query = ("SELECT 'link', xero_id, res_id FROM xero_link WHERE dataset = 'employee' UNION ALL"
             " SELECT 'item', xero_id, id FROM xero_pay_item UNION ALL"
             " SELECT 'calendar', xero_id, id FROM xero_payroll_calendar ORDER BY 1, 2")
    before, after = back.upgrade(PAYROLL, lambda: back.sql(query))
    assert before == after and len(before) > 10
    assert back.complaints() == []
