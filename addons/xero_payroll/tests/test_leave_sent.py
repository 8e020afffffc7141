"""Leave that is in Xero, and what people do with it in Odoo then: none of it is undone or lost in silence."""

from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .test_push_leave import FRIDAY, MONDAY, TUESDAY, LeavePushCase
from .time_case import DeskCase

UNDECIDED = "Leave is in Xero and not granted here: approve or refuse it"
LATER = 70  # days: from when on nothing has begun yet, wherever the company is


@tagged("post_install", "-at_install")
class TestLeaveSent(LeavePushCase):
    def bring_in_later(self):
        self.xero.advance(600)
        self.bring_in("leave_application", everything=True)

    def test_back_to_approval_stays_so(self):
        # XQ-09: nobody grants it again but people
        leave = self.leave(1)
        self.push(leave, self.officer)
        leave.action_back_to_approval()
        self.bring_in_later()
        self.assertEqual((leave.state, leave.xero_state), ("confirm", "outdated"))
        self.push(leave, self.officer)
        self.bring_in_later()
        self.assertEqual((leave.state, leave.xero_leave_status), ("confirm", "current"))

    def test_another_working_schedule_is_sent(self):
        leave = self.leave(LATER + 0, LATER + 4)
        self.push(leave, self.officer)
        self.assertEqual((sum(self.units(self.rows()[0])), leave.xero_state), (40, "synced"))
        self.hourly.resource_calendar_id = self.half_days()
        self.assertEqual((leave.number_of_hours, leave.xero_state), (20, "outdated"))
        self.push(leave, self.officer)
        self.assertEqual(sum(self.units(self.rows()[0])), 20)

    def half_days(self):
        mornings = [
            (0, 0, {"name": "Morning", "dayofweek": str(day), "hour_from": 8, "hour_to": 12, "day_period": "morning"})
            for day in range(5)
        ]
        return self.env["resource.calendar"].create(
            {"name": "Mornings", "company_id": self.company.id, "attendance_ids": mornings, "tz": self.hourly.tz}
        )

    def test_what_nobody_knows_the_outcome_of_is_not_deleted(self):
        # XQ-09
        leave = self.leave(1)
        self.xero.sandbox.faults.add("drop_after", method="POST", path="/payroll.xro/", times=1)
        self.push(leave, self.officer)
        self.assertEqual((leave.xero_state, leave.xero_link_id.xero_id), ("in_doubt", False))
        with self.assertRaisesRegex(UserError, "on its way"):
            leave.unlink()

    # === SEVERAL THAT ARE ONE APPLICATION === #

    def one_application(self):
        """Friday and Monday, sent as one application over two pay periods."""
        friday, monday = self.leave(FRIDAY), self.leave(MONDAY)
        self.push(friday | monday, self.officer)
        return friday, monday

    def to_process(self):
        """What the filter of the list finds of the person."""
        leaves = self.env["hr.leave"].with_user(self.officer)
        search = etree.fromstring(leaves.get_view(view_type="search")["arch"])
        (domain,) = search.xpath("//filter[@name='xero_to_process']/@domain")
        return leaves.search([*safe_eval(domain), ("employee_id", "=", self.hourly.id)]).with_env(self.env)

    def test_all_of_them_have_a_status(self):
        # XQ-18, XQ-20
        friday, monday = self.leave(FRIDAY), self.leave(MONDAY)
        self.assertEqual(self.to_process(), friday | monday)
        self.push(friday | monday, self.officer)
        self.assertEqual((friday | monday).mapped("xero_leave_status"), ["current"] * 2)
        self.assertFalse(self.to_process())
        for _period in range(2):
            self.post_pay_run()
            self.xero.advance(600)
        self.bring_in("payroll_calendar", "pay_run", "leave_application")
        self.assertEqual((friday | monday).mapped("xero_leave_status"), ["taken"] * 2)
        self.push(monday, self.officer)
        self.assertFalse(self.problem(monday))

    def test_who_is_not_part_of_it_any_more_has_none(self):
        friday, monday = self.one_application()
        monday.action_refuse()
        self.assertFalse(monday.xero_leave_status)
        self.push(friday, self.officer)
        monday.unlink()
        self.assertEqual(friday.xero_leave_status, "current")

    def test_leave_that_never_goes_to_xero_is_not_to_be_processed(self):
        # XQ-18
        unpaid = self.env["hr.leave.type"].create(
            {"name": "Duty", "company_id": self.company.id, "requires_allocation": False, "leave_validation_type": "hr"}
        )
        self.leave(1, leave_type=unpaid)
        self.assertFalse(self.to_process())

    def test_what_is_running_is_extended(self):
        # XQ-10: two weeks, of which the first is paid
        running = self.leave(3, MONDAY + 4)
        self.push(running, self.officer)
        self.post_pay_run()
        self.xero.advance(600)
        self.bring_in("payroll_calendar", "pay_run", "leave_application")
        self.assertEqual(running.xero_leave_status, "current")
        more = self.leave(MONDAY + 7)
        self.push(more, self.officer)
        self.assertEqual((more.xero_state, more.xero_leave_status), ("synced", "current"), more.xero_message)
        self.assertEqual((running.xero_state, len(self.rows())), ("synced", 2))

    def test_what_went_with_leave_of_a_paid_period_is_there(self):
        friday, monday = self.one_application()
        self.post_pay_run()
        self.xero.advance(600)
        self.bring_in("payroll_calendar", "pay_run", "leave_application")
        self.assertFalse(self.env["xero.payroll.desk"]._late(friday | monday))
        # A day more is an application of its own.
        tuesday = self.leave(TUESDAY)
        self.push(tuesday, self.officer)
        self.assertEqual((tuesday.xero_state, friday.xero_state, len(self.rows())), ("synced", "synced", 2))

    def test_what_went_with_leave_of_a_paid_period_goes_nowhere_else(self):
        # XQ-10: Xero has its days in the application that has begun
        friday, monday = self.one_application()
        self.post_pay_run()
        self.xero.advance(600)
        self.bring_in("payroll_calendar", "pay_run", "leave_application")
        monday.action_back_to_approval()
        monday.request_date_to = self.day(TUESDAY)
        monday.action_approve()
        self.assertEqual(monday.state, "validate")
        self.push(monday, self.officer)
        self.assertEqual(len(self.rows()), 1)
        self.assertIn("leave_period", self.problem(friday))
        self.assertEqual(self.env["xero.payroll.desk"]._late(monday), monday)

    def test_what_went_with_leave_that_is_refused_or_gone_is_to_be_processed(self):
        friday, monday = self.one_application()
        self.connection._dataset("leave_application")._gone_problem(friday.xero_link_id)
        self.assertEqual((friday | monday).mapped("xero_leave_status"), [False, False])
        self.push(friday | monday, self.officer)
        self.assertEqual(monday.xero_leave_status, "current")
        friday.action_refuse()
        self.assertFalse(monday.xero_leave_status)
        self.assertEqual(self.to_process() & monday, monday)


@tagged("post_install", "-at_install")
class TestLeaveSentOnTheDesk(DeskCase):
    def test_leave_that_is_in_xero_and_granted_no_more(self):
        # XQ-28: Xero pays it
        leave = self.leave(0, 0)
        self.push(leave, self.officer)
        leave.action_back_to_approval()
        desk = self.desk()
        self.assertEqual(self.reasons(desk)[UNDECIDED], 1)
        line = desk.line_ids.filtered(lambda line: line.reason == UNDECIDED)
        self.assertEqual((line.employee_ids, line.without_hours), (self.hourly, False))
        self.assertEqual(line.action_open()["domain"], [("id", "in", leave.ids)])
        with self.assertRaisesRegex(UserError, "nothing to push"):
            self.press(desk, "action_push")
        leave.action_refuse()
        self.press(desk, "action_refresh")
        self.assertEqual(self.reasons(desk)["Leave to push"], 1)

    def test_of_somebody_whose_hours_are_in_xero(self):
        self.push(self.approved(self.hourly, self.second), self.officer)
        leave = self.leave(1, 1)
        self.push(leave, self.officer)
        leave.action_back_to_approval()
        self.assertEqual(self.reasons(self.desk()), {UNDECIDED: 1})
