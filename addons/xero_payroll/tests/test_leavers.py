"""Hours of whoever has left are paid once, too: Xero takes none from outside, people enter them there (XQ-31)."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .time_case import DeskCase

LEFT = "Has left: enter the last hours in Xero"
LEFT_LEAVE = "Has left: put the last leave right in Xero"


@tagged("post_install", "-at_install")
class TestLeavers(DeskCase):
    def leave_the_company(self):
        """The first week is worked and paid; then the employment has ended."""
        self.work_week(self.hourly)
        self.work_week(self.second)
        self.push(self.approve(self.collect()), self.officer)
        self.xero.advance(600)
        self.xero.act("terminate", employee=self.person(3)["id"], date=str(self.day(6)))
        self.pay()
        self.patch(self.env.registry["xero.connection"], "_today", lambda connection: self.day(8))
        self.bring_in("employee")
        self.assertFalse(self.hourly.active)

    def late_hours(self, day, hours):
        """Hours that are written down after he has left, as by somebody who stands in for him."""
        last = self.hourly.departure_date
        self.hourly.active = True
        found = self.work_hours(self.hourly, day, hours)
        self.hourly.write({"active": False, "departure_date": last})
        return found

    def pay(self):
        """Somebody posts the pay run in Xero; Odoo hears of it."""
        self.post_pay_run()
        self.xero.advance(600)
        self.bring_in("payroll_calendar", "timesheet", "pay_run")

    def left(self, desk):
        return desk.line_ids.filtered(lambda line: line.reason == LEFT)

    def test_late_hours(self):
        self.leave_the_company()
        self.assertFalse(self.left(self.desk()))
        self.late_hours(self.day(5), 4)  # of the week that is paid
        desk = self.desk()
        self.assertEqual((desk.date_from, self.left(desk).employee_ids), (self.day(7), self.hourly))
        self.assertEqual(self.left(desk).hours, 4)
        # He is named with the hours, and they are on a timesheet.
        self.press(desk, "action_collect")
        sheet = self.env["xero.timesheet"].search([("employee_id", "=", self.hourly.id), ("state", "=", "draft")])
        self.assertEqual([(line.source_date, line.units) for line in sheet.line_ids], [(self.day(5), 4)])
        self.press(self.left(desk), "action_nothing_to_pay")
        self.assertEqual((sheet.state, sheet.by_hand, self.left(desk).ids), ("pushed", True, []))
        self.assertIn("4.0 hours", str(sheet.message_ids.mapped("body")))
        self.push(sheet, self.officer)
        self.assertEqual((sheet.xero_state, len(self.rows_of(self.hourly))), ("excluded", 1))
        # Neither are they late in the next week, nor do later ones get lost.
        self.pay()
        self.assertFalse(self.left(self.desk()))
        self.late_hours(self.day(6), 2)
        desk = self.desk()
        self.assertEqual((desk.date_from, self.left(desk).hours), (self.day(14), 2))

    def test_a_timesheet_that_was_approved_is_a_problem_that_names_him(self):
        self.leave_the_company()
        self.late_hours(self.day(5), 4)
        drafts = self.collect().filtered(lambda row: row.state == "draft")
        sheet = self.approve(drafts.filtered(lambda row: row.employee_id == self.hourly))
        self.push(sheet, self.officer)
        problem = self.problems("time_employee_left")
        self.assertIn(self.hourly.name, problem.cause)
        self.assertIn("Nothing to Pay", problem.correction)
        self.press(self.left(self.desk()), "action_nothing_to_pay")
        self.assertEqual((problem.state, sheet.by_hand), ("done", True))
        # Opened again they are hours that nobody has paid.
        sheet.with_user(self.officer).action_reopen()
        self.assertEqual((sheet.state, sheet.by_hand, self.left(self.desk()).hours), ("draft", False, 4))

    def test_hours_that_nobody_has_seen_yet(self):
        self.leave_the_company()
        hours = self.late_hours(self.day(5), 4)
        desk = self.desk()
        hours.unit_amount = 6
        with self.assertRaisesRegex(UserError, "changed meanwhile"):
            self.press(self.left(desk), "action_nothing_to_pay")

    def test_last_hours_that_are_brought_in(self):
        # Of the week that is paid next: on a draft, and pushed before.
        self.work_week(self.hourly, hours=[8, 8])
        sheet = self.collect()
        self.hourly.xero_link_id.xero_status = "TERMINATED"
        self.hourly.write({"active": False, "departure_date": self.day(1)})
        desk = self.desk()
        self.press(self.left(desk), "action_nothing_to_pay")
        self.assertEqual((sheet.state, sheet.by_hand, self.left(desk).ids), ("pushed", True, []))
        self.post_pay_run()
        self.xero.advance(600)
        self.bring_in("payroll_calendar", "pay_run")
        self.assertFalse(self.left(self.desk()))

    def test_pushed_before_he_left(self):
        sheet = self.approved(hours=[8, 8])
        self.push(sheet, self.officer)
        self.hourly.xero_link_id.xero_status = "TERMINATED"
        self.hourly.write({"active": False, "departure_date": self.day(2)})
        self.late_hours(self.day(2), 3)
        desk = self.desk()
        self.assertEqual(self.left(desk).hours, 19)
        self.press(self.left(desk), "action_nothing_to_pay")
        self.assertEqual((sheet.total, sheet.state, sheet.by_hand, sheet.xero_state), (19, "pushed", False, "synced"))
        self.assertFalse(self.left(desk))
        self.pay()
        self.assertEqual((sheet.xero_status, self.left(self.desk()).ids), ("PROCESSED", []))

    def reopened(self):
        """Hours of the week that is paid next, in Xero and opened again before he left."""
        sheet = self.approved(hours=[8, 8])
        self.push(sheet, self.officer)
        sheet.with_user(self.officer).action_reopen()
        self.hourly.xero_link_id.xero_status = "TERMINATED"
        self.hourly.write({"active": False, "departure_date": self.day(2)})
        return sheet

    def test_in_xero_and_opened_again_before_he_left(self):
        sheet = self.reopened()
        desk = self.desk()
        self.assertEqual((self.left(desk).hours, sheet.xero_state), (16, "outdated"))
        self.press(self.left(desk), "action_nothing_to_pay")
        self.assertEqual((sheet.state, sheet.xero_state), ("pushed", "excluded"))
        self.assertEqual(sheet.xero_link_id.reason, "timesheet_by_hand")
        self.assertEqual(self.reasons(desk), {"No hours in this period": 1})
        # What payroll enters there then is no question.
        self.xero.advance(600)
        row = self.in_payroll(sheet)
        lines = [{**line, "units": line["units"] + 1} for line in row["lines"]]
        self.payroll.timesheets.put({**row, "lines": lines, "updated": self.xero.organisation(1).stamp()})
        self.bring_in("timesheet")
        self.assertFalse(self.problems("timesheet_edited"))

    def test_a_push_of_his_that_failed(self):
        sheet = self.reopened()
        self.push(self.approve(sheet), self.officer)
        self.assertEqual(sheet.xero_state, "failed")
        desk = self.desk()
        self.press(self.left(desk), "action_nothing_to_pay")
        self.assertEqual((sheet.xero_state, self.left(desk).ids), ("excluded", []))
        self.assertFalse(self.problems("time_employee_left"))

    def held_back(self):
        """A timesheet of the week that is paid next, without the hours of its first day."""
        sheet = self.approved(hours=[8, 8])
        sheet.line_ids.sorted("date")[0].sudo().pay_item_id = self.rate("Double Time")
        self.push(sheet, self.officer)
        self.hourly.write({"active": False, "departure_date": self.day(2)})
        return sheet

    def test_hours_that_were_held_back(self):
        sheet = self.held_back()
        self.hourly.xero_link_id.xero_status = "TERMINATED"
        desk = self.desk()
        self.assertEqual((self.left(desk).employee_ids, sheet.xero_state), (self.hourly, "synced"))
        problem = self.problems("pay_item_unassigned")
        self.press(self.left(desk), "action_nothing_to_pay")
        self.assertEqual((problem.state, self.left(desk).ids), ("done", []))
        self.pay()
        self.assertFalse(self.left(self.desk()))

    def test_hours_that_were_held_back_while_xero_still_employs_him(self):
        self.held_back()
        self.assertIn("Pay item not assigned", self.desk().line_ids.mapped("reason"))

    def test_only_odoo_knows_that_he_has_left(self):
        # Xero takes his hours.
        self.work_week(self.hourly)
        self.hourly.write({"active": False, "departure_date": self.day(4)})
        sheet = self.approve(self.collect())
        self.assertEqual(sheet.total, 37.6)
        desk = self.desk()
        self.assertIn("Time to push", desk.line_ids.mapped("reason"))
        self.press(desk, "action_push")
        self.assertEqual((sheet.xero_state, len(self.rows_of(self.hourly))), ("synced", 1))
        self.press(desk, "action_refresh")
        self.assertFalse(self.left(desk))

    def test_archived_without_a_day(self):
        # Odoo archives first, and asks for the day then.
        self.work_week(self.hourly)
        self.hourly.active = False
        self.assertFalse(self.hourly.departure_date)
        sheet = self.approve(self.collect())
        desk = self.desk()
        self.assertIn("Time to push", desk.line_ids.mapped("reason"))
        self.press(desk, "action_push")
        self.assertEqual((sheet.total, sheet.xero_state, len(self.rows_of(self.hourly))), (37.6, "synced", 1))
        self.press(desk, "action_refresh")
        self.assertFalse(self.left(desk))
        # Once nothing is open he is not listed any more.
        self.pay()
        self.assertNotIn(self.hourly, self.desk().line_ids.employee_ids)

    def test_hours_come_from_elsewhere_from_now_on(self):
        # What was paid to him as hours were counted before is not owed again.
        self.leave_the_company()
        self.connection.time_rounding = "30"
        self.assertFalse(self.left(self.desk()))

    def test_a_salary_covers_them(self):
        self.leave_the_company()
        self.hourly.xero_paid_from = "template"
        self.hourly.xero_late_from = False
        self.late_hours(self.day(5), 4)
        self.assertFalse(self.left(self.desk()))

    def leave_of_a_leaver(self):
        """Granted leave of the week that is paid next, of somebody whose employment has ended in Xero."""
        leave = self.leave(0, 1)
        self.hourly.xero_link_id.xero_status = "TERMINATED"
        self.hourly.write({"active": False, "departure_date": self.day(1)})
        return leave

    def test_leave_that_did_not_go(self):
        leave = self.leave_of_a_leaver()
        desk = self.desk()
        self.assertEqual(self.reasons(desk), {LEFT_LEAVE: 1, "No hours in this period": 1})
        line = desk.line_ids.filtered(lambda line: line.reason == LEFT_LEAVE)
        self.assertEqual((line.employee_ids, line.hours), (self.hourly, 0))
        self.assertEqual(line.action_open()["domain"], [("id", "in", leave.ids)])
        # The problem of a push says what to do, and that is what cures it.
        self.push(leave, self.officer)
        problem = self.problems("time_employee_left")
        self.assertIn("hours and leave in Xero, then press Nothing to Pay", problem.correction)
        desk = self.desk()
        self.press(desk.line_ids.filtered("leave_ids"), "action_nothing_to_pay")
        self.assertEqual((problem.state, desk.total_count), ("done", 1))
        self.assertIn(self.officer.name, str(leave.message_ids.mapped("body")))
        self.assertFalse(self.env["xero.timesheet"].search([]))
        self.push(leave, self.officer)
        self.assertEqual((leave.xero_state, len(self.payroll.leaves)), ("excluded", 0))
        # Should it be granted anew, it is something to do again.
        leave.action_refuse()
        self.assertFalse(leave.xero_by_hand)

    def test_leave_that_changes_after_it_was_put_right(self):
        leave = self.leave(0, 1).with_context(leave_skip_state_check=True)
        self.push(leave, self.officer)
        leave.request_date_to = self.day(0)
        self.hourly.xero_link_id.xero_status = "TERMINATED"
        self.hourly.write({"active": False, "departure_date": self.day(1)})
        for last in (2, 1):
            desk = self.desk()
            self.press(desk.line_ids.filtered("leave_ids"), "action_nothing_to_pay")
            self.assertEqual((leave.xero_state, leave.xero_by_hand), ("excluded", True))
            self.assertFalse(desk.line_ids.leave_ids)
            leave.request_date_to = self.day(last)
            self.assertEqual((leave.xero_state, self.desk().line_ids.leave_ids), ("outdated", leave))

    def test_leave_and_hours(self):
        # One after the other: hours are entered as hours.
        leave = self.leave_of_a_leaver()
        self.late_hours(self.day(2), 4)
        desk = self.desk()
        self.assertEqual(self.left(desk).hours, 4)
        self.press(self.left(desk), "action_nothing_to_pay")
        self.assertEqual(desk.line_ids.leave_ids, leave)
        self.press(desk.line_ids.filtered("leave_ids"), "action_nothing_to_pay")
        self.assertEqual(list(self.reasons(desk)), ["No hours in this period"])

    def test_leave_of_whom_only_odoo_knows_that_he_has_left(self):
        leave = self.leave(0, 1)
        self.hourly.write({"active": False, "departure_date": self.day(1)})
        desk = self.desk()
        self.assertIn("Leave to push", self.reasons(desk))
        self.press(desk, "action_push")
        self.assertEqual((leave.xero_state, desk.total_count), ("synced", 1))

    def test_leave_that_is_on_its_way(self):
        leave = self.leave_of_a_leaver()
        self.push(leave, self.officer)
        desk = self.desk()
        leave.sudo().xero_link_id.state = "in_doubt"
        with self.assertRaisesRegex(UserError, "on its way"):
            self.press(desk.line_ids.filtered("leave_ids"), "action_nothing_to_pay")

    def test_a_look_collects_hours_once(self):
        self.leave_the_company()
        self.late_hours(self.day(5), 4)
        desk, timesheets, looks = self.desk(), self.env.registry["xero.timesheet"], []
        collected = timesheets._collected_lines
        self.patch(timesheets, "_collected_lines", lambda *args: looks.append(args) or collected(*args))
        with self.as_request(desk, self.officer) as current:
            current.action_refresh()
            current.read(["summary", "next_step", "leave_warning"])
        self.assertEqual((len(looks), self.left(desk).hours), (1, 4))

    def test_only_the_button_says_so(self):
        sheet = self.approved()
        with self.assertRaisesRegex(Exception, "opened again"):
            sheet.with_user(self.officer).write({"by_hand": True})
