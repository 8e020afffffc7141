"""Hours of a pay period that is over: each is paid once, in the next period, whatever became of it."""

from datetime import datetime, time, timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .time_case import LateCase


@tagged("post_install", "-at_install")
class TestLateHours(LateCase):
    # === NEVER SENT === #

    def test_approved_and_never_pushed(self):
        sheet = self.approved(hours=[8, 7])
        self.pay()
        following = self.of_week(1)
        self.assertEqual(self.late(following), {0: 8, 1: 7})
        self.pay_for(following)
        self.assertFalse(self.late(self.of_week(2)), "paid once")
        self.assertEqual(sheet.state, "payroll_approved")

    def test_entered_when_there_was_no_timesheet(self):
        second = self.employee_of(self.person(6))
        self.work_hours(second, self.start, 8)
        self.pay_for(self.of_week(0, second))
        self.work_hours(self.hourly, self.day(1), 5)
        following = self.of_week(1)
        self.assertEqual(self.late(following), {1: 5})
        self.pay_for(following)
        self.assertFalse(self.of_week(2))

    def test_hours_from_before_timesheets_are_nobodys_debt(self):
        self.work_hours(self.hourly, self.day(-3), 5)
        self.work_hours(self.hourly, self.start, 8)
        self.pay_for(self.of_week(0))
        self.assertFalse(self.of_week(1))

    def test_a_draft_of_a_paid_period_does_not_follow_any_more(self):
        self.work_hours(self.hourly, self.start, 8)
        sheet = self.of_week(0)
        self.post_pay_run()
        self.bring_in("pay_run")  # the calendar is not read yet
        self.work_hours(self.hourly, self.day(1), 5)
        self.assertEqual(self.late(self.of_week(1)), {0: 8, 1: 5})
        self.assertEqual(sheet.total, 8)

    def test_late_overtime_of_a_salary(self):
        self.xero.act("assign", employee=self.person(2)["id"], rate="Overtime Hours")
        self.bring_in("employee")
        salaried = self.employee_of(self.person(2))
        fortnightly = salaried.xero_calendar_id
        self.start = fortnightly.start_date
        task = self.env["project.task"].create({"name": "Night shift", "project_id": self.project.id})
        rate = {"kind_ref": f"project.task,{task.id}", "pay_item_id": self.rate("Overtime Hours").id}
        self.env["xero.rate.map"].create({"connection_id": self.connection.id, **rate})
        self.work_week(salaried)
        sheet = self.approve(self.of_week(0, salaried))
        self.push(sheet, self.officer)
        self.assertEqual(sheet.xero_state, "excluded")
        self.pay("Fortnightly Calendar")
        self.work_hours(salaried, self.day(5), 2.5, task_id=task.id)
        following = self.of_week(2, salaried)
        self.assertEqual(self.late(following), {5: 2.5}, "the salary covers the rest")
        self.push(self.approve(following), self.officer)
        self.assertEqual(sum(line["units"] for line in self.in_payroll(following)["lines"]), 2.5)

    def test_what_was_held_back_goes_later(self):
        sheet = self.approved(hours=[8, 7])
        sheet.line_ids[0].sudo().pay_item_id = False
        self.push(sheet, self.officer)
        self.pay()
        self.assertEqual(sheet.xero_status, "PROCESSED")
        self.assertEqual(self.late(self.of_week(1)), {0: 8})

    # === PAID IN ANOTHER WAY BEFORE === #

    def test_hours_come_from_elsewhere_from_now_on(self):
        self.work_week(self.hourly)
        self.pay_for(self.of_week(0))
        self.attend(0, 7)
        self.connection.hours_source = "attendance"
        following = self.of_week(1)
        self.assertEqual((following.total, self.late(following)), (8, {}))

    def test_hours_come_from_elsewhere_while_the_week_is_not_paid_yet(self):
        self.work_week(self.hourly)
        sheet = self.approve(self.of_week(0))
        self.attend(0, 7)
        self.connection.hours_source = "attendance"
        self.pay_for(sheet)
        self.assertFalse(self.late(self.of_week(1)))

    def attend(self, *days):
        """Attendances of eight hours."""
        for day in days:
            begin = datetime.combine(self.day(day), time(2))
            moments = {"check_in": begin, "check_out": begin + timedelta(hours=8)}
            self.env["hr.attendance"].create({"employee_id": self.hourly.id, **moments})

    def test_hours_are_rounded_from_now_on(self):
        self.work_week(self.hourly, hours=[7.6, 7.6])
        self.pay_for(self.of_week(0))
        self.connection.time_rounding = "30"
        self.work_hours(self.hourly, self.day(7), 7.6)
        following = self.of_week(1)
        self.assertEqual((following.total, self.late(following)), (8, {}))

    def test_who_had_a_salary(self):
        salaried = self.employee_of(self.person(2))
        self.start = salaried.xero_calendar_id.start_date
        self.work_week(salaried)
        sheet = self.approve(self.of_week(0, salaried))
        self.push(sheet, self.officer)
        self.assertEqual(sheet.xero_state, "excluded")
        self.pay("Fortnightly Calendar")
        salaried.sudo().xero_paid_from = "timesheet"
        self.work_hours(salaried, self.day(14), 8)
        following = self.of_week(2, salaried)
        self.assertEqual((following.total, self.late(following)), (8, {}))

    def test_who_was_paid_monthly(self):
        monthly = self.employee_of(self.person(1))
        monthly.sudo().xero_paid_from = "timesheet"
        self.work_hours(monthly, self.day(0), 8)
        self.work_week(self.hourly)
        self.pay_for(self.of_week(0))
        self.xero.act("edit", employee=self.person(1)["id"], calendar="Weekly Calendar")
        self.bring_in("employee")
        self.work_hours(monthly, self.day(7), 5)
        following = self.of_week(1, monthly)
        self.assertEqual((following.total, self.late(following)), (5, {}))

    def test_who_was_paid_weekly_and_is_paid_every_two_weeks(self):
        # The weeks of the one calendar lie across the periods of the other.
        hours = self.work_week(self.hourly)
        self.pay_for(self.of_week(0))
        fortnightly = self.calendar("Fortnightly Calendar")
        fortnightly.sudo().start_date = self.day(-7)
        self.hourly.sudo().xero_calendar_id = fortnightly
        hours[0].unit_amount = 9
        self.work_hours(self.hourly, self.day(-1), 5)
        sheet = self.of_week(-1)
        self.assertEqual((sheet.calendar_id, sheet.date_to), (fortnightly, self.day(6)))
        self.assertEqual({(line.date - self.start).days: line.units for line in sheet.line_ids}, {-1: 5, 0: 1})
        self.approve(sheet)
        self.assertFalse(sheet.source_changed)

    def test_who_comes_to_payroll_later(self):
        # A contractor whom Xero employs from now on: earlier hours were invoiced.
        second = self.employee_of(self.person(6))
        second.sudo().xero_calendar_id = False
        second.sudo().xero_late_from = False
        self.work_hours(second, self.day(0), 8)
        self.work_week(self.hourly)
        self.pay_for(self.of_week(0))
        second.sudo().xero_calendar_id = self.weekly
        self.work_hours(second, self.day(7), 5)
        following = self.of_week(1, second)
        self.assertEqual((following.total, self.late(following)), (5, {}))

    def test_a_calendar_that_was_lost_and_is_there_again(self):
        second = self.employee_of(self.person(6))
        second.sudo().xero_late_from = False
        self.work_hours(second, self.day(0), 8)
        self.work_week(self.hourly)
        self.pay_for(self.of_week(0))
        second.sudo().xero_calendar_id = False
        second.sudo().xero_calendar_id = self.weekly
        self.assertEqual(self.late(self.of_week(1, second)), {0: 8}, "nobody has paid them")

    # === PAID TOO MUCH === #

    def test_deleted_hours_are_taken_off_once(self):
        hours = self.work_week(self.hourly)
        self.pay_for(self.of_week(0))
        hours[4].unlink()
        for number in (7, 14):
            self.work_hours(self.hourly, self.day(number), 8)
        second = self.of_week(1)
        self.assertEqual(self.late(second), {4: -6})
        self.assertFalse(self.late(self.of_week(2)), "while the second week is not paid")
        self.pay_for(second)
        self.assertFalse(self.late(self.of_week(2)), "and when it is")

    def test_moved_hours_are_paid_once(self):
        hours = self.work_week(self.hourly)
        self.pay_for(self.of_week(0))
        hours[0].date = self.day(8)
        second = self.of_week(1)
        self.assertEqual((self.late(second), second.total), ({0: -8}, 0))
        self.work_hours(self.hourly, self.day(9), 3)
        second = self.of_week(1)
        self.pay_for(second)
        self.assertFalse(self.of_week(2))

    def test_what_is_taken_off_finds_hours_on_other_days(self):
        hours = self.work_week(self.hourly)
        self.pay_for(self.of_week(0))
        hours[4].unlink()
        self.work_hours(self.hourly, self.day(8), 4)
        self.work_hours(self.hourly, self.day(10), 5)
        second = self.of_week(1)
        self.assertEqual((self.late(second), second.total), ({4: -6}, 3))
        self.push(self.approve(second), self.officer)
        self.assertFalse(self.problem(second))
        self.assertEqual([line["units"] for line in self.in_payroll(second)["lines"]], [0, 0, 0, 3, 0, 0, 0])

    def test_more_than_there_is(self):
        hours = self.work_week(self.hourly)
        self.pay_for(self.of_week(0))
        hours[4].unlink()
        self.work_hours(self.hourly, self.day(8), 4)
        second = self.of_week(1)
        self.push(self.approve(second), self.officer)
        self.assertEqual((second.total, self.problem(second)), (-2, "timesheet_negative"))

    # === OPENED AGAIN === #

    def test_what_is_paid_is_not_opened_again(self):
        sheet = self.approved()
        self.push(sheet, self.officer)
        self.pay()
        with self.assertRaisesRegex(UserError, "is paid in Xero and stays"):
            sheet.with_user(self.officer).action_reopen()
        self.assertEqual(sheet.state, "pushed")

    def test_opened_again_before_odoo_knew_that_it_was_paid(self):
        hours = self.work_week(self.hourly, hours=[8, 7])
        sheet = self.approve(self.of_week(0))
        self.push(sheet, self.officer)
        self.post_pay_run()
        sheet.with_user(self.officer).action_reopen()
        hours[0].unit_amount = 3
        self.approve(self.collect())
        self.push(sheet, self.officer)
        self.assertEqual((self.problem(sheet), sheet.total), ("time_processed_in_xero", 10))
        self.xero.advance(600)
        self.bring_in("payroll_calendar")
        self.work_hours(self.hourly, self.day(8), 8)
        self.assertEqual(self.late(self.of_week(1)), {0: -5}, "what was sent counts")
        self.bring_in("timesheet")
        self.assertEqual((sheet.total, sheet.state, sheet.xero_state), (15, "pushed", "synced"))
        self.assertFalse(self.problem(sheet))
        second = self.of_week(1)
        self.assertEqual(self.late(second), {0: -5})
        self.pay_for(second)
        self.assertFalse(self.of_week(2))
