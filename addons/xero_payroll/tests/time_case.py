"""Ground for tests of what goes to Xero's payroll: people paid by the hour, and their hours."""

from datetime import timedelta

from odoo import fields

from .common import PayrollCase

WEEK = [8.0, 8.0, 7.6, 8.0, 6.0]


class TimeCase(PayrollCase):
    """Persons 3 and 6 are paid by the hour, weekly; 2 and 4 a salary, fortnightly; 1 and 5 a salary, monthly."""

    staff = 6
    leave_name = "Annual Leave"

    def setUp(self):
        super().setUp()
        self.bring_in_staff()
        self.project = self.env["project.project"].create(
            {"name": "Wharf", "allow_timesheets": True, "company_id": self.company.id}
        )
        self.officer = self.new_user("officer", "xero_payroll.group_xero_payroll_user")
        self.hourly = self.employee_of(self.person(3))
        self.weekly = self.calendar("Weekly Calendar")
        self.ordinary = self.rate("Ordinary Hours")
        self.forget_calls()

    def calendar(self, name):
        return self.env["xero.payroll.calendar"].search(
            [("connection_id", "=", self.connection.id), ("name", "=", name)]
        )

    def rate(self, name):
        return self.pay_item(name, "earnings")

    def work_hours(self, employee, day, hours, **values):
        """A line of Odoo's own timesheets."""
        return self.env["account.analytic.line"].create(
            {
                "project_id": self.project.id,
                "employee_id": employee.id,
                "date": day,
                "unit_amount": hours,
                "name": "Work",
                **values,
            }
        )

    def work_week(self, employee, start=None, hours=WEEK):
        """Hours of one day after another."""
        start = start or employee.xero_calendar_id.start_date
        return self.env["account.analytic.line"].concat(
            *(self.work_hours(employee, start + timedelta(days=day), units) for day, units in enumerate(hours))
        )

    def leave(self, first, last):
        """Granted leave of the person who is paid weekly, from one day of the period to another."""
        leave_type = self.env["hr.leave.type"].create(
            {
                "name": self.leave_name,
                "company_id": self.company.id,
                "requires_allocation": False,
                "leave_validation_type": "hr",
                "xero_pay_item_id": self.pay_item(self.leave_name).id,
            }
        )
        start = self.weekly.start_date
        leave = self.env["hr.leave"].create(
            {
                "employee_id": self.hourly.id,
                "holiday_status_id": leave_type.id,
                "request_date_from": start + timedelta(days=first),
                "request_date_to": start + timedelta(days=last),
            }
        )
        leave.action_approve()
        return leave

    def collect(self):
        """Bring in hours as the payroll officer does; the timesheets."""
        with self.as_request(self.connection, self.officer) as connection:
            found = connection.action_collect_hours()["domain"][0][2]
        return self.env["xero.timesheet"].browse(found)

    def approve(self, timesheets):
        """Both approvals, by others than those whose time it is."""
        timesheets.action_manager_approve()
        timesheets.with_user(self.officer).action_payroll_approve()
        return timesheets

    def approved(self, *employees, hours=WEEK):
        """Approved timesheets of the period that is paid next."""
        for employee in employees or (self.hourly,):
            self.work_week(employee, hours=hours)
        return self.approve(self.collect())

    def in_payroll(self, timesheet):
        """The row of the sandbox for a timesheet."""
        return self.payroll.timesheets.get(timesheet.xero_link_id.xero_id)

    def rows_of(self, employee):
        """All timesheets that Xero has of an employee."""
        return self.payroll.timesheets.group("employee", employee.xero_link_id.xero_id)

    def post_pay_run(self, calendar="Weekly Calendar"):
        """Somebody posts the next pay run in Xero, timesheets approved."""
        for row in list(self.payroll.timesheets):
            if row["status"] == "DRAFT":
                self.xero.act("approve", timesheet=row["id"])
        return self.xero.act("post_pay_run", calendar=calendar)

    def today(self):
        return fields.Date.today()


class LateCase(TimeCase):
    """Pay periods that come to an end; days are counted from the first of the one that is paid first."""

    def setUp(self):
        super().setUp()
        self.start = self.weekly.start_date

    def day(self, number):
        return self.start + timedelta(days=number)

    def pay(self, calendar="Weekly Calendar"):
        """Somebody posts the pay run in Xero; Odoo hears of it."""
        self.post_pay_run(calendar)
        self.xero.advance(600)
        self.bring_in("payroll_calendar", "timesheet", "pay_run")

    def pay_for(self, sheet):
        self.push(self.approve(sheet), self.officer)
        self.pay()
        self.assertEqual(sheet.xero_status, "PROCESSED")

    def of_week(self, number, employee=None):
        """The timesheet of a week after its hours were brought in, weeks counted from the one paid first."""
        employee = employee or self.hourly
        return self.collect().filtered(
            lambda sheet: (sheet.employee_id, sheet.date_from) == (employee, self.day(7 * number))
        )

    def late(self, sheet):
        """``{day on which it was worked: hours}``, days counted from the first period."""
        found = {}
        for line in sheet.line_ids.filtered("source_date"):
            day = (line.source_date - self.start).days
            found[day] = found.get(day, 0) + line.units
        return found


class DeskCase(TimeCase):
    """Ready to Pay of the people who are paid weekly, as a payroll officer works with it."""

    def setUp(self):
        super().setUp()
        self.start = self.weekly.start_date
        self.second = self.employee_of(self.person(6))

    def day(self, number):
        """A day counted from the first one of the period that is paid next."""
        return self.start + timedelta(days=number)

    def opened(self, user=None):
        """The screen as it opens."""
        with self.as_request(self.env["xero.payroll.desk"], user or self.officer) as desks:
            key = desks.action_open()["res_id"]
        return self.env["xero.payroll.desk"].browse(key)

    def desk(self, user=None):
        """The screen of the weekly calendar."""
        desk = self.opened(user)
        with self.as_request(desk, user or self.officer) as current:
            current.calendar_id = self.weekly
            current.action_refresh()
        return desk

    def press(self, record, action, user=None):
        """Press a button on the screen or on a line of it; after a push, look again at what came of it."""
        with self.as_request(record, user or self.officer) as current:
            getattr(current, action)()
            if action == "action_push":
                current.action_refresh()

    def reasons(self, desk):
        return {line.reason: line.count for line in desk.line_ids}


class CountryTime:
    """Before :class:`TimeCase`: hours go under :attr:`ordinary_name`, which nobody there is linked to."""

    ordinary_name = None

    def setUp(self):
        super().setUp()
        self.ordinary = self.rate(self.ordinary_name)
        self.env["xero.rate.map"].create({"connection_id": self.connection.id, "pay_item_id": self.ordinary.id})
        self.hourly.sudo().xero_paid_from = "timesheet"
        self.forget_calls()
