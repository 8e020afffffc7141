"""A payroll week of the demo company: hours and leave in Odoo, approved, sent to Xero, and read there."""

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from demo_hours import ZERO, PersonWeek

CALENDAR, RATE, LEAVE = "Weekly Calendar", "Ordinary Hours", "Annual Leave"
BALANCE = 60  # hours of leave that everybody has left


class Person(NamedTuple):
    """Somebody who is paid by the hour.

    :ivar hours: of each day of the week, from its first one on
    :ivar away: days of the week on leave, counted from 0
    """

    first: str
    last: str
    pay: float
    hours: tuple
    away: tuple = ()

    @property
    def name(self):
        """The name as both sides show it."""
        return f"{self.first} {self.last}"


PEOPLE = (
    Person("Mia", "Carter", 34.5, (8, 8, 7.5, 8, 6)),
    Person("Jack", "Nolan", 31.2, (7.6, 7.6, 7.6, 7.6, 7.6)),
    Person("Priya", "Shah", 36.75, (8, 8, 8, 0, 7.25), away=(3,)),
    Person("Tom", "Becker", 29.9, (4, 4.25, 0, 6.5, 5)),
    Person("Ella", "Wong", 33, (8, 8, 8, 8, 8, 4.5)),
)


class PayrollWeek:
    """The week that is paid next, as managers and the payroll officer see it in Odoo.

    :param books: demo_company.Books
    :param connection_id: of the xero.connection
    :param people: those of Xero's payroll, imported
    :ivar first, last: its days
    :ivar summary: what the officer's screen says of who can be paid
    :ivar next_step: what it tells the officer to do in Xero
    """

    def __init__(self, books, connection_id, people=PEOPLE):
        self.books, self.connection_id = books, connection_id
        self._desk_id = books.call("xero.payroll.desk", "action_open")["res_id"]
        self._read_dates()
        self.summary = self.next_step = ""
        self.employees = {person: self._employee(person) for person in people}

    def turn(self):
        """Go on to the week after."""
        self._press("action_next")
        self._read_dates()

    def keep_time(self):
        """Everybody enters hours; how many entries that is."""
        project = self.books.create(
            "project.project", name="Workshop", allow_timesheets=True, company_id=self.books.company_id)
        hours = [
            {"project_id": project, "employee_id": employee, "date": self._day(number), "unit_amount": hours,
             "name": "Machine service"}
            for person, employee in self.employees.items() for number, hours in enumerate(person.hours) if hours
        ]
        return len(self.books.call("account.analytic.line", "create", hours))

    def days_away(self, person):
        """The days on which somebody is on leave."""
        return [self._day(number) for number in person.away]

    def take_leave(self):
        """Whoever is away has asked for leave and got it."""
        self._copy_leave_type()
        leave_type = self.books.find("hr.leave.type", ("xero_pay_item_id.name", "=", LEAVE))
        leaves = self.books.call("hr.leave", "create", [
            {"employee_id": employee, "holiday_status_id": leave_type, "request_date_from": day, "request_date_to": day}
            for person, employee in self.employees.items() for day in self.days_away(person)])
        self.books.call("hr.leave", "action_approve", leaves)

    def approve(self):
        """Managers approve the time, payroll the pay items; ids of the timesheets."""
        self._press("action_collect")
        sheets = self.books.call("xero.timesheet", "search", [
            ("employee_id", "in", list(self.employees.values())), ("date_from", "=", str(self.first))])
        self.books.call("xero.timesheet", "action_manager_approve", sheets)
        self._press("action_approve")
        return sheets

    def push(self):
        """Time and leave go to Xero: those of a few people at once, of many in the background."""
        self._press("action_push")
        self._press("action_refresh")
        self.summary, self.next_step = self._look("summary", "next_step")

    def faults(self):
        """What keeps the pay run from being run, one sentence each."""
        return [] if self.next_step else [f"Nobody is told to run the pay run: {self.summary}"]

    def compare(self, reader):
        """The PersonWeek of everybody, and the names of all who have a timesheet of the week in Xero.

        :param reader: a PayrollReader
        """
        first, last = str(self.first), str(self.last)
        sheets = [sheet for sheet in reader.timesheets() if (sheet.first, sheet.last) == (first, last)]
        leaves = [leave for leave in reader.leaves() if first <= leave.first <= last]
        worked = self._sums("account.analytic.line", "unit_amount", ("date", ">=", first), ("date", "<=", last))
        away = self._sums("hr.leave", "number_of_hours", ("state", "=", "validate"))
        return [
            PersonWeek(
                person.name, worked.get(employee, ZERO), away.get(employee, ZERO),
                tuple(sheet for sheet in sheets if sheet.person == person.name),
                sum((leave.hours for leave in leaves if leave.person == person.name), ZERO),
            )
            for person, employee in self.employees.items()
        ], [sheet.person for sheet in sheets]

    # === HELPERS === #

    def _employee(self, person):
        return self.books.find("hr.employee", ("company_id", "=", self.books.company_id), ("name", "=", person.name))

    def _copy_leave_type(self):
        """Copy Leave Types: annual leave becomes a type of time off."""
        wizard = self.books.call("xero.connection", "action_copy_leave_types", [self.connection_id])["res_id"]
        line = self.books.find("xero.leave.type.wizard.line", ("wizard_id", "=", wizard),
                               ("pay_item_id.name", "=", LEAVE))
        self.books.call("xero.leave.type.wizard.line", "write", [line], {"ticked": True})
        self.books.call("xero.leave.type.wizard", "action_copy", [wizard])

    def _day(self, number):
        return str(self.first + timedelta(days=number))

    def _read_dates(self):
        self.first, self.last = (date.fromisoformat(day) for day in self._look("date_from", "date_to"))

    def _press(self, button):
        self.books.call("xero.payroll.desk", button, [self._desk_id])

    def _look(self, *fields):
        row = self.books.call("xero.payroll.desk", "read", [self._desk_id], list(fields))[0]
        return [row[field] or "" for field in fields]

    def _sums(self, model, field, *domain):
        """Hours of that field by employee."""
        own = ("employee_id", "in", list(self.employees.values()))
        sums = {}
        for row in self.books.call(model, "search_read", [own, *domain], ["employee_id", field]):
            employee = row["employee_id"][0]
            sums[employee] = sums.get(employee, ZERO) + Decimal(repr(row[field])).quantize(ZERO)
        return sums
