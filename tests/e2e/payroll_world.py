"""A connected company with people in Xero's payroll, and what a test looks at from outside."""

from world import LIMITS, World

from demo_bookkeeper import Bookkeeper
from demo_connect import ORGANISATION
from demo_hours import faults
from demo_payroll import PayrollWeek, Person
from xero_reader import PayrollReader


class PayrollWorld(World):
    """Odoo, Xero, the company between them, and everybody who is paid weekly by the hour.

    :param workers: as for World
    :param people: how many
    """

    modules = ("xero_connector", "xero_payroll")
    sandbox_options = (*LIMITS, "--employees", 0)
    choices = {"payroll_access": True}

    def __init__(self, workers, people):
        super().__init__("payroll", workers)
        self.people = [Person(f"Person{number}", "Group", 30, (1 + number % 8, number / 4)) for number in range(people)]

    def open(self):
        """Start Odoo, connect the company, and bring everybody in."""
        super().open()
        Bookkeeper(self.xero.url, ORGANISATION).hire(self.people)
        self.press_connection("action_import_payroll")
        while self.open_pulls():
            # So many people take more calls than Xero allows in a minute.
            self.let_time_pass(61)
            self.wait(self.worker_is_idle, "a part of the import")
        self.week = PayrollWeek(self.books, self.connection_id, self.people)

    def open_pulls(self):
        """How many imports have not ended."""
        return self.one("SELECT count(*) FROM xero_run WHERE kind = 'pull' AND state NOT IN ('done', 'stopped')")

    def approved_week(self):
        """Ids of everybody's approved timesheets of the next week that has none."""
        self.week.turn()
        self.week.keep_time()
        sheets = self.week.approve()
        assert len(sheets) == len(self.people)
        return sheets

    def check_everybody_once(self):
        """Each has exactly one timesheet of the week in Xero, with the hours of Odoo."""
        reader = PayrollReader(self.xero.url, ORGANISATION, f"payroll-{next(self._numbers)}")
        assert faults(*self.week.compare(reader)) == []
        self.check_nothing_left_open()
