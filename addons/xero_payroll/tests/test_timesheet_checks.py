"""What keeps hours from going to Xero: each has an exception of its own, and nothing is sent."""

from datetime import timedelta

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import format_date

from .time_case import TimeCase


@tagged("post_install", "-at_install")
class TestTimesheetChecks(TimeCase):
    def refused(self, timesheet, code):
        """Push; the sentence of the problem, which has this code, and no write has left."""
        self.forget_calls()
        self.push(timesheet, self.officer)
        self.assertEqual(self.problem(timesheet), code)
        self.assertEqual([call for call in self.payroll_calls() if call.startswith("POST")], [])
        problem = self.env["xero.exception"].search([("res_id", "=", timesheet.id), ("state", "=", "open")])
        self.assertNotIn("…", f"{problem.cause}{problem.correction}")
        return problem.cause

    def by_hand(self, first, last):
        """An approved timesheet of any days."""
        timesheet = self.env["xero.timesheet"].create(
            {
                "employee_id": self.hourly.id,
                "company_id": self.company.id,
                "calendar_id": self.weekly.id,
                "date_from": first,
                "date_to": last,
                "line_ids": [(0, 0, {"date": first, "units": 8, "pay_item_id": self.ordinary.id})],
            }
        )
        return self.approve(timesheet)

    # === PERIOD === #

    def test_a_day_of_another_period(self):
        # The day before would be the last one of the period, and the day after none at all.
        self.work_hours(self.hourly, self.weekly.start_date, 8)
        sheet = self.collect()
        for day in (sheet.date_from - timedelta(1), sheet.date_to + timedelta(1)):
            with self.assertRaisesRegex(ValidationError, f"is not a day of the timesheet {self.hourly.name}"):
                sheet.line_ids = [(0, 0, {"date": day, "units": 1, "pay_item_id": self.ordinary.id})]

    def test_a_posted_pay_run_locks_its_period(self):
        timesheet = self.approved()
        self.post_pay_run()
        self.bring_in("pay_run")
        text = self.refused(timesheet, "timesheet_period_paid")
        self.assertIn("Weekly Calendar", text)

    def test_the_calendar_goes_on_after_a_pay_run(self):
        timesheet = self.approved()
        self.post_pay_run()
        self.bring_in("payroll_calendar")
        self.weekly.invalidate_recordset()
        text = self.refused(timesheet, "timesheet_before_calendar")
        # XW-15
        self.assertIn(format_date(self.env, timesheet.date_to), text)
        self.assertIn(format_date(self.env, self.weekly.start_date), text)

    def test_xero_itself_says_that_the_period_is_paid(self):
        timesheet = self.approved()
        self.post_pay_run()
        self.push(timesheet, self.officer)
        self.assertEqual(self.problem(timesheet), "time_period_paid_in_xero")

    def test_not_the_whole_period(self):
        start = self.weekly.start_date
        text = self.refused(self.by_hand(start, start + timedelta(days=5)), "timesheet_not_period")
        self.assertIn(format_date(self.env, start + timedelta(days=6)), text)

    def test_three_weeks(self):
        start = self.weekly.start_date
        self.refused(self.by_hand(start, start + timedelta(days=20)), "timesheet_not_period")

    def test_a_monthly_calendar_takes_no_timesheets(self):
        self.hourly.sudo().xero_calendar_id = self.calendar("Monthly Calendar")
        start = self.hourly.xero_calendar_id.start_date
        text = self.refused(self.by_hand(start, start + timedelta(days=27)), "calendar_no_timesheets")
        self.assertIn("Monthly Calendar", text)

    def test_no_calendar(self):
        timesheet = self.approved()
        self.hourly.sudo().xero_calendar_id = False
        self.refused(timesheet, "employee_no_calendar")

    def test_a_calendar_without_a_start(self):
        timesheet = self.approved()
        self.weekly.sudo().start_date = False
        self.refused(timesheet, "calendar_no_start")

    # === PEOPLE === #

    def test_hired_again(self):
        timesheet = self.approved()
        key = self.hourly.xero_link_id.xero_id
        self.xero.act("terminate", employee=key, date=str(self.weekly.start_date + timedelta(days=3)))
        self.hourly.xero_link_id.xero_status = "TERMINATED"
        self.refused(timesheet, "time_employee_rehired")

    def test_two_people_of_one_name(self):
        timesheet = self.approved()
        self.hourly.xero_link_id.unlink()
        self.refused(timesheet, "time_employee_unknown")
        self.env["hr.employee"].create({"name": f" {self.hourly.name.upper()}", "company_id": self.company.id})
        self.refused(timesheet, "time_employee_same_name")

    # === LINES === #

    def pushed_with(self, item, code, **values):
        """Push a week whose first day is under `item`: that one is held back, the others go."""
        timesheet = self.approved()
        line = timesheet.line_ids.sorted("date")[0].sudo()
        line.write({"pay_item_id": item and item.id, **values})
        self.push(timesheet, self.officer)
        sent = [line["units"] for line in self.in_payroll(timesheet)["lines"]]
        self.assertEqual((sent[0], sent[1]), (0, 8))
        held = self.env["xero.link"].search([("model", "=", timesheet._name), ("part", "=", "held")])
        self.assertEqual(held.state, "failed")
        self.assertEqual(self.problem(timesheet), code)
        self.assertIn("held back", timesheet.xero_message)
        return timesheet

    def test_unknown_lines_are_held_back_the_others_go(self):
        timesheet = self.pushed_with(None, "pay_item_missing")
        self.assertEqual(timesheet.xero_state, "synced")
        timesheet.line_ids.sudo().pay_item_id = self.ordinary
        self.push(timesheet, self.officer)
        self.assertFalse(self.problem(timesheet))
        timesheet.invalidate_recordset()
        self.assertFalse(timesheet.xero_message)
        self.assertEqual(self.in_payroll(timesheet)["lines"][0]["units"], 8)

    def test_unknown_lines_are_shown_before_anybody_approves_them(self):
        self.work_week(self.hourly)
        sheet = self.collect()
        first, *others = sheet.line_ids
        first.pay_item_id = self.rate("Double Time")
        others[0].pay_item_id = False
        shown = [line.xero_problem for line in sheet.with_user(self.officer).line_ids]
        self.assertEqual(shown, ["Pay item not assigned", "Unknown pay item", False, False, False])
        first.pay_item_id = self.rate("Overtime Hours")
        others[0].pay_item_id = self.ordinary
        self.assertEqual(set(sheet.with_user(self.officer).line_ids.mapped("xero_problem")), {False})

    def test_not_assigned_to_the_employee(self):
        self.pushed_with(self.rate("Double Time"), "pay_item_unassigned")

    def test_an_archived_rate_of_the_same_name(self):
        old = (
            self.env["xero.pay.item"]
            .with_context(active_test=False)
            .search([("name", "=", "Ordinary Hours"), ("active", "=", False)])
        )
        self.pushed_with(old, "pay_item_twin")

    def test_an_archived_rate(self):
        self.xero.act("archive", pay_item="Overtime Hours")
        self.bring_in("pay_item")
        old = self.env["xero.pay.item"].with_context(active_test=False).search([("name", "=", "Overtime Hours")])
        self.pushed_with(old, "pay_item_archived")

    def test_not_paid_by_the_hour(self):
        self.pushed_with(self.rate("Tool Allowance"), "pay_item_not_hours")

    def test_salary_or_hours_is_asked(self):
        timesheet = self.approved()
        self.hourly.sudo().xero_paid_from = False
        self.push(timesheet, self.officer)
        self.assertEqual(self.problem(timesheet), "paid_from_unknown")

    def test_leave_is_no_worked_time(self):
        timesheet = self.approved()
        timesheet.line_ids.sorted("date")[0].sudo().pay_item_id = self.pay_item("Annual Leave")
        self.push(timesheet, self.officer)
        self.assertEqual(self.in_payroll(timesheet)["lines"][0]["units"], 0)
        self.assertFalse(self.problem(timesheet))

    # === ACCESS === #

    def test_payroll_access_off(self):
        timesheet = self.approved()
        self.connection.payroll_access = False
        self.refused(timesheet, "payroll_off")
        self.mode("scheduled", "timesheet")
        self.env["xero.timesheet"].sudo().search([]).write({"state": "draft"})
        self.assertFalse(self.connection._collect_hours())

    def test_xero_refuses_payroll(self):
        timesheet = self.approved()
        self.payroll.access = "no_permission"
        self.push(timesheet, self.officer)
        self.assertEqual(self.problem(timesheet), "api_refused")
        self.assertEqual(self.connection.state, "connected")

    def test_xero_refuses_payroll_after_a_lost_answer(self):
        timesheet = self.approved()
        self.xero.sandbox.faults.add("drop_after", method="POST", path="/Timesheets", times=1)
        self.push(timesheet, self.officer)
        self.payroll.access = "no_permission"
        self.age(minutes=10)
        self.work(self.connection)
        # Nobody knows what Xero has, and somebody hears of it.
        self.assertEqual((timesheet.xero_state, self.problem(timesheet)), ("in_doubt", "api_refused"))
        problem = self.problems("api_refused")
        self.assertIn("connect again", problem.correction)
        self.forget_calls()
        for _hour in range(20):
            self.age(minutes=60)
            self.work(self.connection)
        self.assertEqual(self.payroll_calls(), [], "not asked for ever")
        # Cured as the text says.
        self.payroll.access = "full"
        with self.as_request(self.connection) as connection:
            connection.action_disconnect()
        code = self.xero.authorise(
            scopes=self.scopes_of(self.connection), redirect_uri=self.connection.redirect_uri, organisation=1
        )
        with self.as_request(self.connection) as connection:
            connection._receive_code(code, connection.redirect_uri)
        self.work(self.connection)
        self.assertEqual((timesheet.xero_state, problem.state), ("synced", "done"))
        self.assertEqual(len(self.rows_of(self.hourly)), 1)
