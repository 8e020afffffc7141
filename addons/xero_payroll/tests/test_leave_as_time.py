"""Leave entered as time becomes time off of as many hours, also when it is changed, and holds up nobody else."""

from datetime import date, timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .time_case import TimeCase


@tagged("post_install", "-at_install")
class TestLeaveAsTime(TimeCase):
    def setUp(self):
        super().setUp()
        self.start = self.weekly.start_date
        self.away, self.annual = self.leave_task("Annual Leave", request_unit="hour")

    def leave_task(self, name, **values):
        """A task whose hours are leave, and the time off type."""
        leave_type = self.env["hr.leave.type"].create(
            {
                "name": name,
                "company_id": self.company.id,
                "requires_allocation": False,
                "leave_validation_type": "hr",
                "xero_pay_item_id": self.pay_item(name).id,
                **values,
            }
        )
        task = self.env["project.task"].create({"name": name, "project_id": self.project.id})
        self.env["xero.rate.map"].create(
            {
                "connection_id": self.connection.id,
                "kind_ref": f"project.task,{task.id}",
                "pay_item_id": self.pay_item(name).id,
            }
        )
        return task, leave_type

    def be_away(self, hours, day=1, task=None, employee=None):
        task = task or self.away
        return self.work_hours(employee or self.hourly, self.start + timedelta(days=day), hours, task_id=task.id)

    def leaves(self, employee=None):
        """Open leave by its hours."""
        own = [("employee_id", "=", (employee or self.hourly).id), ("state", "=", "validate")]
        return self.env["hr.leave"].search(own, order="date_from")

    def in_xero(self):
        """Hours of the applications that Xero has not rejected."""
        parts = [part for row in self.payroll.leaves for part in row["periods"]]
        return sorted(float(part["units"]) for part in parts if part["status"] != "REJECTED")

    def change(self, sheet):
        sheet.with_user(self.officer).action_reopen()
        return self.approve(self.collect())

    def test_one_timesheet_and_one_leave_application(self):
        # XQ-11, XW-01
        self.work_hours(self.hourly, self.start, 8)
        self.be_away(3)
        sheet = self.approve(self.collect())
        leave = self.leaves()
        self.assertEqual((leave.state, leave.number_of_hours), ("validate", 3))
        self.push(sheet, self.officer)
        self.push(leave, self.officer)
        self.assertEqual(sum(line["units"] for line in self.in_payroll(sheet)["lines"]), 8)
        self.assertEqual(self.in_xero(), [3])

    def test_one_press_sends_both(self):
        # XW-01
        self.work_hours(self.hourly, self.start, 8)
        self.be_away(3)
        sheet = self.approve(self.collect())
        with self.as_request(self.env["xero.payroll.desk"], self.officer) as desks:
            desk = desks.browse(desks.action_open()["res_id"])
            desk.calendar_id = self.weekly
            desk.action_push()
        self.assertEqual(len(self.payroll.timesheets), 1)
        self.assertEqual(sum(line["units"] for line in self.in_payroll(sheet)["lines"]), 8)
        self.assertEqual(self.in_xero(), [3])

    def test_a_whole_day_over_lunch(self):
        self.be_away(8)
        self.approve(self.collect())
        leave = self.leaves()
        self.assertEqual((leave.number_of_hours, leave.request_hour_from, leave.request_hour_to), (8, 8, 17))

    def test_more_than_a_morning(self):
        self.be_away(5.5)
        self.approve(self.collect())
        self.assertEqual((self.leaves().number_of_hours, self.leaves().request_hour_to), (5.5, 14.5))

    def test_what_does_not_fit_holds_up_nobody_else(self):
        second = self.employee_of(self.person(6))
        self.be_away(9)
        self.be_away(8, employee=second)
        sheets = self.collect()
        sheets.action_manager_approve()
        with self.as_request(self.env["xero.payroll.desk"], self.officer) as desks:
            desk = desks.browse(desks.action_open()["res_id"])
            desk.calendar_id = self.weekly
            outcome = desk.action_approve()
        self.assertIn(self.hourly.name, outcome["params"]["message"])
        self.assertNotIn(second.name, outcome["params"]["message"])
        states = {sheet.employee_id: sheet.state for sheet in sheets}
        self.assertEqual(states, {self.hourly: "manager_approved", second: "payroll_approved"})
        self.assertFalse(self.leaves())
        self.assertEqual(self.leaves(second).number_of_hours, 8)
        with self.assertRaisesRegex(UserError, "other hours of “Annual Leave”"):
            sheets.with_user(self.officer).action_payroll_approve()

    def test_hours_that_change_change_the_leave(self):
        hours = self.be_away(3)
        sheet = self.approve(self.collect())
        self.push(self.leaves(), self.officer)
        hours.unit_amount = 5
        self.change(sheet)
        leave = self.leaves()
        self.assertEqual(leave.mapped("number_of_hours"), [5])
        self.push(self.env["hr.leave"].search([("employee_id", "=", self.hourly.id)]), self.officer)
        self.assertEqual(self.in_xero(), [5])
        self.change(sheet)
        self.assertEqual(self.leaves(), leave, "unchanged")
        hours.unlink()
        self.work_hours(self.hourly, self.start, 8)
        self.change(sheet)
        self.assertFalse(self.leaves())

    def test_sick_beside_half_a_day_of_other_leave(self):
        half = self.env["hr.leave"].create(
            {
                "employee_id": self.hourly.id,
                "holiday_status_id": self.annual.id,
                "request_date_from": self.start + timedelta(days=1),
                "request_date_to": self.start + timedelta(days=1),
                "request_hour_from": 8,
                "request_hour_to": 12,
            }
        )
        half.action_approve()
        task, sick = self.leave_task("Personal/Carer's Leave", request_unit="hour")
        self.be_away(4, task=task)
        self.approve(self.collect())
        both = self.leaves()
        self.assertEqual(both.mapped("number_of_hours"), [4, 4])
        self.assertEqual((both[1].holiday_status_id, both[1].request_hour_from), (sick, 13))

    def ask(self, last=1, first=1, **values):
        """A request for leave from the second day of the week on."""
        return self.env["hr.leave"].create(
            {
                "employee_id": self.hourly.id,
                "holiday_status_id": self.annual.id,
                "request_date_from": self.start + timedelta(days=first),
                "request_date_to": self.start + timedelta(days=last),
                **values,
            }
        )

    def test_what_somebody_asked_for_stands(self):
        asked = self.ask(last=3)
        asked.action_approve()
        self.be_away(8)
        self.approve(self.collect())
        self.assertEqual(self.leaves(), asked)

    def test_what_somebody_asked_for_under_a_type_that_is_the_same_in_xero(self):
        other = self.annual.copy({"name": "Annual Leave, Booked Ahead"})
        other.xero_pay_item_id = self.annual.xero_pay_item_id
        for day, leave_type in ((1, self.annual), (2, other)):
            self.ask(first=day, last=day, holiday_status_id=leave_type.id).action_approve()
            self.be_away(8, day=day)
        asked = self.leaves()
        self.approve(self.collect())
        self.assertEqual((len(asked), self.leaves()), (2, asked))

    def test_what_somebody_asked_for_is_decided_first(self):
        # Were it refused later, the day would be neither leave nor time.
        asked = self.ask()
        self.be_away(8)
        sheet = self.collect()
        undecided = self.assertRaisesRegex(UserError, "“Annual Leave” was asked for, and nobody has decided")
        with undecided, self.env.cr.savepoint():
            self.approve(sheet)
        asked.action_refuse()
        self.approve(sheet)
        self.assertEqual(self.leaves().number_of_hours, 8)
        self.assertNotEqual(self.leaves(), asked)

    def test_less_was_granted_than_the_timesheet_has(self):
        asked = self.ask(request_hour_from=8, request_hour_to=12)
        asked.action_approve()
        self.be_away(8)
        sheet = self.collect()
        with self.assertRaisesRegex(UserError, "other hours of “Annual Leave” than were granted"):
            self.approve(sheet)

    def test_leave_of_a_paid_week_that_was_not_taken(self):
        # It is paid, and only people can correct that in Xero.
        hours = self.be_away(8)
        self.work_hours(self.hourly, self.start, 8)
        sheet = self.approve(self.collect())
        self.push(sheet, self.officer)
        self.push(self.leaves(), self.officer)
        self.post_pay_run()
        self.xero.advance(600)
        self.bring_in("payroll_calendar", "timesheet", "leave_application", "pay_run")
        hours.unit_amount = 4
        self.work_week(self.hourly, self.start + timedelta(days=7), [8])
        following = self.approve(self.collect().filtered(lambda row: row.date_from > self.start))
        self.assertEqual((following.line_ids.mapped("units"), following.total), ([8, -4], 8))
        self.assertEqual(self.leaves().number_of_hours, 8)
        self.assertIn("Annual Leave", following.xero_message)
        self.push(following, self.officer)
        problem = self.problems("leave_not_taken")
        self.assertEqual(problem.arguments["day"], str(self.start + timedelta(days=1)))
        self.assertEqual(sum(line["units"] for line in self.in_payroll(following)["lines"]), 8)
        with self.as_request(self.env["xero.payroll.desk"], self.officer) as desks:
            desk = desks.browse(desks.action_open()["res_id"])
            desk.calendar_id = self.weekly
            desk.action_refresh()
            self.assertIn("Paid leave was not taken", desk.line_ids.mapped("reason"))
            self.assertIn("Annual Leave", following.with_env(desk.env).xero_message)
            problem.with_env(desk.env).action_ignore()
            following.with_env(desk.env).invalidate_recordset(["xero_message"])
            self.assertFalse(following.with_env(desk.env).xero_message)
            desk.action_refresh()
            self.assertNotIn("Paid leave was not taken", desk.line_ids.mapped("reason"))
        # Said once: it is no debt of later weeks.
        self.post_pay_run()
        self.xero.advance(600)
        self.bring_in("payroll_calendar", "timesheet", "leave_application", "pay_run")
        self.assertFalse(self.collect().line_ids.filtered(lambda line: line.units < 0))

    def test_the_day_on_which_clocks_change(self):
        sunday = {"name": "Sunday", "dayofweek": "6", "hour_from": 9, "hour_to": 17, "day_period": "morning"}
        self.hourly.resource_calendar_id = self.env["resource.calendar"].create(
            {"name": "Sundays", "tz": "Australia/Sydney", "attendance_ids": [(5, 0, 0), (0, 0, sunday)]}
        )
        self.hourly.tz = "Australia/Sydney"
        for day in (date(2026, 4, 5), date(2026, 10, 4), date(2026, 10, 11)):
            self.assertEqual(self.hourly._xero_span(day, 3), (9, 12), day)
