"""A connected company with people in Xero's payroll, and what a test looks at from outside."""

from datetime import datetime, timezone

from world import LIMITS, World

from demo_bookkeeper import Bookkeeper
from demo_company import Books
from demo_connect import ORGANISATION, Connecting
from demo_hours import faults
from demo_payroll import PayrollWeek, Person
from xero_reader import PAYROLL_PAGE, PAYROLL_SCOPES, ZERO, PayrollReader, XeroSession, XeroTimesheet

MODEL = "xero.timesheet"


class PayrollWorld(World):
    """Odoo, Xero, the company between them, and everybody who is paid weekly by the hour.

    :param workers: as for World
    :param people: how many
    """

    modules = ("xero_connector", "xero_payroll")
    sandbox_options = (*LIMITS, "--employees", 0)
    choices = {"payroll_access": True}

    def __init__(self, workers, people):
        super().__init__(f"payroll_{self.country.lower()}", workers)
        self.people = [Person(f"Person{number}", "Group", 30, (1 + number % 8, number / 4)) for number in range(people)]

    def open(self):
        """Start Odoo, connect the company, and bring everybody in."""
        super().open()
        self.fill_payroll()
        self.press_connection("action_import_payroll")
        while self.open_pulls():
            # So many people take more calls than Xero allows in a minute.
            self.let_time_pass(61)
            self.wait(self.worker_is_idle, "a part of the import")
        self.week = PayrollWeek(self.books, self.connection_id, self.people)

    def fill_payroll(self):
        """Everybody is employed in Xero."""
        Bookkeeper(self.xero.url, ORGANISATION).hire(self.people)

    def reader(self):
        """Another program that reads Xero's payroll."""
        return PayrollReader(self.xero.url, ORGANISATION, f"payroll-{next(self._numbers)}")

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

    def lose_workers(self):
        """Kill whoever runs scheduled actions; returns when they are gone."""
        killed = self.kill_cron_workers()
        assert killed
        self.wait(lambda: not set(killed) & set(self.cron_workers()), "the end of the workers")

    def wait_for_the_group(self, sheets):
        """Return when other workers have brought these timesheets to their end, and the run."""

        def at_the_end():
            # A worker that has just started hears of no work before it listens.
            self.wake_workers()
            return self.states(sheets, MODEL) == {"synced": len(sheets)}

        self.wait(at_the_end, "the end of the group", 120)
        self.wait(lambda: self.open_pushes() == 0, "the end of the run")

    def check_everybody_once(self):
        """Each has exactly one timesheet of the week in Xero, with the hours of Odoo."""
        assert faults(*self.week.compare(self.reader())) == []
        self.check_nothing_left_open()


class BooksAbroad(Books):
    """A company without any books: payroll needs none.

    :param country, currency, tz: of the company
    """

    def __init__(self, client, today, country, currency, tz):
        super().__init__(client, today)
        self.country, self.currency, self.tz = country, currency, tz

    def make(self):
        """Make the company."""
        country = self.find("res.country", ("code", "=", self.country))
        everything = {"active_test": False}
        currency = self.client.call("res.currency", "search", [("name", "=", self.currency)], context=everything)
        self.client.call("res.currency", "write", currency, {"active": True})
        self.company_id = self.create("res.company", name="Abroad", country_id=country, currency_id=currency[0])
        self.context = {"allowed_company_ids": [self.company_id], "tz": self.tz}
        self.call("res.users", "write", [self.client.uid], {"company_id": self.company_id})


class PayrollWorldAbroad(PayrollWorld):
    """The same in a country where each person is a call of its own, and Xero says nothing of pay.

    :cvar place: country, currency and time zone for Odoo
    :cvar rate, leave: what hours are paid under there, and a leave type
    """

    place = rate = leave = None

    @property
    def organisation(self):
        """Name of the organisation."""
        return f"Demo Company ({self.country})"

    def open(self):
        """Start Odoo, connect the company, bring everybody in, and say what hours are paid under."""
        super().open()
        rate = self.books.find("xero.pay.item", ("kind", "=", "earnings"), ("name", "=", self.rate))
        self.books.create("xero.rate.map", connection_id=self.connection_id, pay_item_id=rate)
        self.books.call("hr.employee", "write", list(self.week.employees.values()), {"xero_paid_from": "timesheet"})

    def connect(self):
        """A new connection to the organisation."""
        connecting = Connecting(self.books)
        connecting.organisation = self.organisation
        connecting.consent(**self.choices)
        connecting.choose_organisation()
        connecting.begin(self.books.today)
        self.connection_id = connecting.connection_id

    def fill_payroll(self):
        """Everybody is employed in Xero."""
        Bookkeeper(self.xero.url, self.organisation).hire(self.people, self.rate, self.leave)

    def reader(self):
        """Another program that reads Xero's payroll."""
        return ReaderAbroad(self.xero.url, self.organisation, f"payroll-{next(self._numbers)}")

    def _books(self):
        return BooksAbroad(self.admin, datetime.now(timezone.utc).date(), *self.place)

    def _prepare_xero(self):
        """Nothing: the organisation has all that payroll needs."""

    def _hire(self):
        """Nobody: the administrator does payroll."""


class NewZealand(PayrollWorldAbroad):
    """A company there."""

    country, place = "NZ", ("NZ", "NZD", "Pacific/Auckland")
    rate, leave = "Ordinary Time", "Annual Leave"


class UnitedKingdom(PayrollWorldAbroad):
    """A company there."""

    country, place = "UK", ("GB", "GBP", "Europe/London")
    rate, leave = "Regular Hours", "Holiday"


class ReaderAbroad(XeroSession):
    """Reads what people are paid for in Payroll 2.0; as PayrollReader."""

    api = "/payroll.xro/2.0"

    def __init__(self, url, organisation, app):
        super().__init__(url, organisation, app, PAYROLL_SCOPES)
        people = self._rows("Employees", "employees")
        self._names = {row["employeeID"]: f"{row['firstName']} {row['lastName']}" for row in people}

    def timesheets(self):
        """Every XeroTimesheet."""
        return [
            XeroTimesheet(self._names[row["employeeID"]], row["startDate"][:10], row["endDate"][:10], row["status"],
                          row["totalHours"].quantize(ZERO))
            for row in self._rows("Timesheets", "timesheets")
        ]

    def leaves(self):
        """None is sent here."""
        return []

    def _rows(self, path, name):
        found, page = [], 1
        while True:
            rows = self.get(path, page=page)[name]
            found += rows
            if len(rows) < PAYROLL_PAGE:
                return found
            page += 1
