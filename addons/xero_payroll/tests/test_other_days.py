"""Timesheets of other days than the pay period: people enter them, or come to another payroll calendar."""

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .time_case import DeskCase

OTHER_DAYS = "Hours in a timesheet of other days: enter them in the one of this period, then delete it"


@tagged("post_install", "-at_install")
class TestOtherDays(DeskCase):
    def setUp(self):
        super().setUp()
        self.fortnightly = self.calendar("Fortnightly Calendar")

    def move(self, day=0):
        """The person who was paid weekly is paid every two weeks, from periods that begin on that day."""
        self.fortnightly.sudo().start_date = self.day(day)
        self.hourly.sudo().xero_calendar_id = self.fortnightly

    def of_fortnight(self, sheets):
        return sheets.filtered(lambda sheet: (sheet.employee_id, sheet.calendar_id) == (self.hourly, self.fortnightly))

    def test_a_draft_of_other_days_stops_nobody(self):
        self.work_week(self.hourly)
        week = self.collect()
        week.line_ids = [(0, 0, {"date": self.start, "units": 1, "pay_item_id": self.ordinary.id, "name": "By hand"})]
        self.move()
        self.work_hours(self.hourly, self.day(8), 5)
        self.work_week(self.second)
        sheets = self.collect()
        fortnight = self.of_fortnight(sheets)
        self.assertEqual((fortnight.date_to, fortnight.total), (self.day(13), 42.6))
        self.assertEqual((sheets - fortnight).mapped("employee_id"), self.second)
        # What people wrote there would not go: payroll hears of it.
        desk = self.desk()
        desk.calendar_id = self.fortnightly
        self.press(desk, "action_refresh")
        line = desk.line_ids.filtered(lambda line: line.reason == OTHER_DAYS)
        self.assertEqual(line.employee_ids, self.hourly)
        self.assertIn(week.id, line.action_open()["domain"][0][2])
        week.unlink()
        self.press(desk, "action_refresh")
        self.assertIn("Waits for the manager's approval", self.reasons(desk))
        self.assertNotIn(OTHER_DAYS, self.reasons(desk))

    def stray(self):
        """A draft of six days of the week that is paid next, with hours that somebody has entered."""
        stray = self.env["xero.timesheet"]._begin(self.hourly, self.weekly, self.start, self.day(5))
        stray.line_ids = [(0, 0, {"date": self.start, "units": 1, "pay_item_id": self.ordinary.id})]
        return stray

    def test_hours_of_whoever_has_left(self):
        stray = self.stray()
        self.hourly.write({"active": False, "departure_date": self.day(2)})
        line = self.desk().line_ids.filtered(lambda line: line.reason == OTHER_DAYS)
        self.assertEqual(line.employee_ids, self.hourly)
        self.assertEqual(line.action_open()["domain"][0][2], stray.ids)
        stray.unlink()
        self.assertNotIn(self.hourly, self.desk().line_ids.employee_ids)

    def test_a_week_that_went_is_no_fortnight(self):
        self.push(self.approved(), self.officer)
        self.move()
        self.work_hours(self.hourly, self.day(8), 5)
        desk = self.desk()
        desk.calendar_id = self.fortnightly
        self.press(desk, "action_refresh")
        self.assertEqual(self.reasons(desk).get("No hours in this period"), 1)
        fortnight = self.of_fortnight(self.collect())
        self.assertEqual(fortnight.line_ids.mapped("date"), [self.day(8)])

    def test_late_hours_that_went_with_another_timesheet_are_paid_once(self):
        # Somebody is on that calendar already, so that hours may be late there.
        self.fortnightly.sudo().start_date = self.day(-7)
        salaried = self.employee_of(self.person(2))
        self.env["xero.timesheet"]._begin(salaried, self.fortnightly, self.day(-7), self.day(6))
        self.push(self.approved(), self.officer)
        self.post_pay_run()
        self.xero.advance(600)
        self.bring_in("payroll_calendar", "timesheet", "pay_run")
        self.work_hours(self.hourly, self.day(5), 2)
        week = self.collect().filtered(lambda sheet: sheet.date_from == self.day(7))
        self.assertEqual(week.line_ids.mapped("source_date"), [self.day(5)])
        self.push(self.approve(week), self.officer)
        self.move(7)
        self.work_hours(self.hourly, self.day(14), 8)
        fortnight = self.of_fortnight(self.collect())
        self.assertEqual((fortnight.date_from, fortnight.total), (self.day(7), 8))


@tagged("post_install", "-at_install")
class TestSourceUninstalled(DeskCase):
    """The app that hours came from is not there any more."""

    def setUp(self):
        super().setUp()
        self.sheet = self.approved()
        self.push(self.sheet, self.officer)
        self.connection.hours_source = "attendance"
        self.patch(self.env.registry["xero.hours.attendance"], "_source_model", "hr.uninstalled")

    def test_it_is_said_where_hours_are_brought_in(self):
        with self.assertRaisesRegex(UserError, "choose at the connection where “Hours come from”"):
            self.collect()
        self.second.write({"active": False, "departure_date": self.day(2)})  # his last hours cannot be counted
        desk = self.desk()
        self.assertEqual((desk.ready_count, desk.total_count), (1, 1))
        with self.assertRaisesRegex(UserError, "is not installed any more"):
            self.press(desk, "action_collect")
        with Form(self.sheet.with_user(self.officer)) as form:
            self.assertFalse(form.source_changed)

    def test_the_schedule_sends_what_is_approved(self):
        self.sheet.with_user(self.officer).action_reopen()
        self.sheet.line_ids[0].sudo().units = 3
        self.approve(self.sheet)
        self.env["xero.push.mode"]._create_missing(self.connection)
        self.mode("scheduled", "timesheet")
        self.schedules()
        self.assertEqual(self.sheet.xero_state, "synced")
        event = self.env["xero.event"].search([("kind", "=", "hours_not_collected")], limit=1)
        self.assertEqual((event.connection_id, event.result), (self.connection, "failed"))
        self.assertIn("Bring in Hours", event.message)
