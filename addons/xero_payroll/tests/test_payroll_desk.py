"""The payroll officer sees who is ready, approves, pushes, and is told what to do in Xero."""

from datetime import timedelta

from freezegun import freeze_time
from lxml import etree

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from odoo.addons.xero_connector.models import xero_mixin

from .time_case import DeskCase


@tagged("post_install", "-at_install")
class TestPayrollDesk(DeskCase):
    def test_from_hours_to_the_pay_run(self):
        self.work_week(self.hourly)
        desk = self.desk()
        self.assertEqual((desk.ready_count, desk.total_count), (0, 2))
        self.assertEqual(self.reasons(desk), {"No hours in this period": 2})
        self.work_week(self.second)
        self.press(desk, "action_collect")
        self.assertEqual(self.reasons(desk), {"Waits for the manager's approval": 2})
        self.env["xero.timesheet"].search([]).action_manager_approve()
        self.press(desk, "action_refresh")
        self.assertEqual(self.reasons(desk), {"Waits for payroll's approval": 2})
        self.press(desk, "action_approve")
        self.assertEqual(self.reasons(desk), {"Time to push": 2})
        self.assertFalse(desk.next_step)
        self.press(desk, "action_push")
        self.assertEqual((desk.ready_count, self.reasons(desk)), (2, {}))
        self.assertIn("2 of 2", desk.summary)
        # As drafts, which nobody is paid from.
        self.assertIn("First approve the draft timesheets in Xero (2)", desk.next_step)
        self.assertIn("then run the pay run Weekly Calendar", desk.next_step)
        self.xero.advance(600)
        for row in list(self.payroll.timesheets):
            self.xero.act("approve", timesheet=row["id"])
        self.press(desk, "action_import")
        self.assertIn("Now run the pay run Weekly Calendar", desk.next_step)
        self.assertIn("shortcode=", desk.action_open_xero()["url"])
        self.post_pay_run()
        self.press(desk, "action_import")
        self.assertIn("is posted", desk.next_step)

    def test_timesheets_are_found_by_week_and_status(self):
        # XQ-28
        sheet = self.approved()
        model = self.env["xero.timesheet"].with_user(self.officer)
        search = etree.fromstring(model.get_view(view_type="search")["arch"])
        filters = {node.get("name"): node.get("domain") for node in search.iter("filter") if node.get("domain")}
        groups = {safe_eval(node.get("context"))["group_by"] for node in search.iter("filter") if node.get("context")}
        self.assertLessEqual({"employee_type", "state", "calendar_id"}, groups)
        start = fields.Datetime.to_datetime(sheet.date_from)
        for days, expected in ((2, {"this_week", "to_push"}), (9, {"last_week", "to_push"}), (20, {"to_push"})):
            with freeze_time(start + timedelta(days=days)):
                found = {name for name, domain in filters.items() if sheet in model.search(safe_eval(domain))}
            self.assertEqual(found, expected)
        rows = etree.fromstring(model.get_view(view_type="list")["arch"])
        self.assertIn("action_xero_push", rows.xpath("//header/button/@name"))
        with self.as_request(sheet, self.officer) as current:
            current.action_xero_push()
        self.assertEqual(sheet.state, "pushed")
        self.assertIn(sheet, model.search(safe_eval(filters["pushed"])))

    def test_a_problem_is_a_reason(self):
        self.approved()
        self.hourly.xero_link_id.xero_status = "TERMINATED"
        desk = self.desk()
        self.assertIn("Not linked to anybody in Xero", self.reasons(desk))
        self.hourly.xero_link_id.xero_status = "ACTIVE"
        sheet = self.env["xero.timesheet"].search([])
        sheet.line_ids[0].sudo().pay_item_id = False
        self.press(desk, "action_push")
        self.assertIn("Unknown pay item", self.reasons(desk))
        line = desk.line_ids.filtered(lambda line: line.reason == "Unknown pay item")
        self.assertEqual(line.action_open()["domain"], [("id", "in", sheet.ids)])

    def test_hours_that_were_held_back_go_when_their_cause_is_gone(self):
        sheet = self.approved()
        line = sheet.line_ids.sorted("date")[0].sudo()
        line.pay_item_id = self.rate("Double Time")
        desk = self.desk()
        self.press(desk, "action_push")
        self.assertEqual((self.reasons(desk)["Pay item not assigned"], sheet.xero_state), (1, "synced"))
        self.xero.act("assign", employee=self.person(3)["id"], rate="Double Time")
        self.bring_in("employee")
        self.press(desk, "action_push")
        self.assertNotIn("Pay item not assigned", self.reasons(desk))
        self.assertAlmostEqual(float(sum(line["units"] for line in self.in_payroll(sheet)["lines"])), sheet.total)

    def test_periods_of_a_salaried_calendar(self):
        desk = self.desk()
        desk.write({"calendar_id": self.calendar("Fortnightly Calendar").id})
        self.press(desk, "action_refresh")
        self.assertEqual((desk.ready_count, desk.total_count), (2, 2))
        first = desk.date_from
        self.press(desk, "action_next")
        self.assertGreater(desk.date_from, first)
        self.press(desk, "action_previous")
        self.assertEqual(desk.date_from, first)
        with self.assertRaisesRegex(UserError, "nothing to push"):
            self.press(desk, "action_push")

    def test_the_screen_opens(self):
        desk = self.desk().with_user(self.officer)
        with Form(desk) as form:
            form.day = self.today()
        Form(self.env["xero.timesheet"].with_user(self.officer))

    def test_no_calendar(self):
        self.env["xero.payroll.calendar"].sudo().search([]).start_date = False
        with self.assertRaisesRegex(UserError, "Weekly Calendar"):
            self.desk()

    def test_where_people_are_before_a_usual_name(self):
        # XW-13
        self.weekly.sudo().copy({"name": "Wages Weekly", "xero_id": "wages"})
        fortnightly = self.calendar("Fortnightly Calendar")
        wages, people = self.calendar("Wages Weekly"), self.employees()
        people.sudo().xero_calendar_id = wages
        self.assertEqual(self.opened().calendar_id, wages)
        people[0].sudo().xero_calendar_id = fortnightly
        self.assertEqual(self.opened().calendar_id, fortnightly, "the usual name, with somebody on it")
        people.sudo().xero_calendar_id = False
        self.assertIn(self.opened().calendar_id, self.weekly | fortnightly)

    def test_leave_that_is_taken_back_is_part_of_it(self):
        leave = self.leave(0, 0)
        self.push(leave, self.officer)
        leave.action_refuse()
        desk = self.desk()
        self.assertEqual(self.reasons(desk)["Leave to push"], 1)
        self.press(desk, "action_push")
        self.assertEqual(leave.xero_leave_status, "rejected")
        self.assertNotIn("Leave to push", self.reasons(desk))

    def test_leave_on_its_way_is_not_ready(self):
        leave = self.leave(0, 0)
        self.push(leave, self.officer)
        desk = self.desk()
        for state in ("in_doubt", "sending"):
            leave.sudo().xero_link_id.state = state
            self.press(desk, "action_refresh")
            self.assertEqual(self.reasons(desk).get("Leave to push"), 1, state)

    def test_away_the_whole_week(self):
        self.work_week(self.second)
        self.approve(self.collect())
        leave = self.leave(0, 3)
        desk = self.desk()
        self.press(desk, "action_push")
        self.assertEqual(self.reasons(desk), {"No hours in this period": 1})
        friday = leave.request_date_to + timedelta(1)
        owner = {"employee_id": self.hourly.id, "holiday_status_id": leave.holiday_status_id.id}
        more = self.env["hr.leave"].create({**owner, "request_date_from": friday, "request_date_to": friday})
        more.action_approve()
        self.press(desk, "action_push")
        self.assertEqual((desk.ready_count, self.reasons(desk)), (2, {}))
        self.assertIn("run the pay run", desk.next_step)

    def test_away_the_whole_week_where_people_work(self):
        # In Sydney the next Monday's work begins before the period has ended in UTC.
        self.hourly.tz = self.hourly.resource_calendar_id.tz = "Australia/Sydney"
        leave, desk = self.leave(0, 4), self.desk()
        self.press(desk, "action_push")
        self.assertEqual((leave.xero_state, self.reasons(desk)), ("synced", {"No hours in this period": 1}))
        self.assertNotIn(self.hourly, desk.line_ids.employee_ids)

    def test_nothing_to_pay(self):
        self.work_week(self.second)
        self.approve(self.collect())
        desk = self.desk()
        self.press(desk, "action_push")
        line = desk.line_ids
        self.assertEqual((line.reason, line.without_hours), ("No hours in this period", True))
        self.press(line, "action_nothing_to_pay")
        self.assertEqual((desk.ready_count, self.reasons(desk)), (2, {}))
        self.assertIn("run the pay run", desk.next_step)
        sheet = self.env["xero.timesheet"].search([("employee_id", "=", self.hourly.id)])
        self.assertIn(self.officer.name, str(sheet.message_ids.mapped("body")))
        # Who has hours after all is paid for them.
        self.work_hours(self.hourly, self.weekly.start_date, 4)
        self.press(desk, "action_collect")
        self.assertEqual((sheet.state, sheet.total), ("draft", 4))
        self.assertEqual(self.reasons(desk), {"Waits for the manager's approval": 1})

    def test_last_hours_of_somebody_who_has_left(self):
        self.work_week(self.hourly, hours=[8, 8, 8])
        last = self.day(2)
        self.xero.advance(600)
        self.xero.act("terminate", employee=self.person(3)["id"], date=str(last))
        self.patch(self.env.registry["xero.connection"], "_today", lambda connection: self.day(3))
        self.bring_in("employee")
        self.assertFalse(self.hourly.active)
        desk = self.desk()
        self.assertEqual(self.reasons(desk)["Has left: enter the last hours in Xero"], 1)
        line = desk.line_ids.filtered(lambda line: line.employee_ids == self.hourly)
        self.press(line, "action_nothing_to_pay")
        self.assertEqual((desk.ready_count, desk.total_count), (1, 2))
        # In the next period he is not listed any more.
        self.press(desk, "action_next")
        self.assertEqual(desk.total_count, 1)

    def test_whoever_was_pushed_before_he_left_is_ready(self):
        self.push(self.approved(), self.officer)
        last = self.day(4)
        self.hourly.write({"active": False, "departure_date": last})
        desk = self.desk()
        self.assertEqual((desk.ready_count, desk.total_count), (1, 2))
        self.hourly.active = True
        self.work_hours(self.hourly, last, 2)
        self.hourly.write({"active": False, "departure_date": last})
        self.press(desk, "action_refresh")
        self.assertEqual(self.reasons(desk)["Has left: enter the last hours in Xero"], 1)

    def test_leave_is_part_of_it(self):
        leave = self.leave(0, 0)
        desk = self.desk()
        self.assertEqual(self.reasons(desk)["Leave to push"], 1)
        self.press(desk, "action_push")
        self.assertEqual(leave.xero_state, "synced")

    # === HOURS THAT ARE APPROVED, AND NOT WHAT IS PAID === #

    def test_whoever_is_paid_by_the_hour_again(self):
        # Books B27: a salary covers them no more
        self.hourly.xero_paid_from = "template"
        sheet = self.approved(self.hourly, self.second).filtered(lambda row: row.employee_id == self.hourly)
        desk = self.desk()
        self.press(desk, "action_push")
        self.assertEqual((sheet.xero_state, self.reasons(desk)), ("excluded", {}))
        self.hourly.xero_paid_from = "timesheet"
        self.press(desk, "action_refresh")
        self.assertEqual(self.reasons(desk), {"Time to push": 1})
        self.press(desk, "action_push")
        self.assertEqual((sheet.xero_state, self.reasons(desk)), ("synced", {}))
        self.assertEqual(len(self.rows_of(self.hourly)), 1)

    def test_hours_that_went_before_he_was_paid_otherwise(self):
        sheet = self.approved(self.hourly, self.second).filtered(lambda row: row.employee_id == self.hourly)
        sheet.line_ids.sorted("date")[0].sudo().pay_item_id = self.rate("Overtime Hours")
        self.hourly.sudo().xero_pay_item_ids += sheet.line_ids.pay_item_id
        self.hourly.xero_paid_from = "template"
        desk = self.desk()
        self.press(desk, "action_push")
        self.assertEqual((sheet.xero_state, self.reasons(desk)), ("synced", {}))
        self.hourly.xero_paid_from = "timesheet"
        self.press(desk, "action_refresh")
        self.assertEqual(self.reasons(desk), {"Time to push": 1})
        self.press(desk, "action_push")
        self.assertAlmostEqual(float(sum(line["units"] for line in self.in_payroll(sheet)["lines"])), sheet.total)

    def test_hours_that_were_edited_after_their_approval(self):
        # XQ-29
        hours = self.work_week(self.hourly)
        sheets = self.approved(self.second)
        sheet = sheets.filtered(lambda row: row.employee_id == self.hourly)
        hours[0].unit_amount += 1
        desk = self.desk()
        edited = "Hours differ from where they were entered: open the timesheet again and bring in hours"
        self.assertEqual(self.reasons(desk), {edited: 1, "Time to push": 1})
        self.press(desk, "action_push")
        self.assertEqual((desk.ready_count, self.reasons(desk)), (1, {edited: 1}))
        rows = self.env["xero.timesheet"].with_user(self.officer)
        arch = etree.fromstring(rows.get_view(view_type="list")["arch"])
        self.assertTrue(arch.xpath("//field[@name='source_changed']"))
        self.assertEqual(rows.search([]).filtered("source_changed"), sheet)
        with self.as_request(sheet, self.officer) as current:
            current.action_reopen()
        self.press(desk, "action_collect")
        self.approve(sheet)
        self.press(desk, "action_push")
        self.assertEqual((desk.ready_count, self.reasons(desk)), (2, {}))
        # Once they are paid the form says so, and the difference is of the next period.
        self.post_pay_run()
        self.xero.advance(600)
        self.bring_in("payroll_calendar", "timesheet", "pay_run")
        hours[0].unit_amount += 1
        with Form(sheet.with_user(self.officer)) as form:
            self.assertTrue(form.source_changed)
        desk.day = sheet.date_from
        self.press(desk, "action_refresh")
        self.assertEqual(self.reasons(desk), {})

    def test_a_look_at_all_hours_costs_as_much_as_at_one_timesheet(self):
        sheets = self.approved(self.hourly, self.second)
        for some in (sheets[:1], sheets):
            self.env.invalidate_all()
            some.mapped("employee_id.name")
            connections, looks = self.env.registry["xero.connection"], []
            entries = connections._entries
            self.patch(connections, "_entries", lambda *args, e=entries, seen=looks: seen.append(args) or e(*args))
            self.assertFalse(any(some.mapped("source_changed")))
            self.assertEqual(len(looks), 1)

    # === THE ANSWER OF A PUSH === #

    def test_leave_and_time_have_one_answer(self):
        leave = self.leave(0, 0)
        sheets = self.approved(self.hourly, self.second)
        self.pay_item(self.leave_name).sudo().active = False
        desk = self.desk()
        with self.as_request(desk, self.officer) as current:
            told = current.action_push()["params"]
        self.assertEqual((leave.xero_state, set(sheets.mapped("xero_state"))), ("failed", {"synced"}))
        self.assertEqual((told["type"], told["sticky"]), ("danger", True))
        for record in (leave, *sheets):
            self.assertIn(record.display_name, told["message"])

    def test_in_the_background_both_are_shown(self):
        self.patch(xero_mixin, "INLINE", 0)
        self.leave(0, 0)
        self.approved(self.hourly, self.second)
        desk = self.desk()
        with self.as_request(desk, self.officer) as current:
            shown = current.action_push()
        links = self.env["xero.link"].search([("run_id", "in", shown["domain"][0][2])])
        self.assertEqual(set(links.mapped("dataset")), {"leave_application", "timesheet"})

    def test_calendars_that_no_hours_can_be_sent_for(self):
        # XW-12
        desk, monthly = self.desk(), self.calendar("Monthly Calendar")
        self.assertTrue(monthly)
        self.assertIn(self.weekly, desk.calendar_ids)
        self.assertNotIn(monthly, desk.calendar_ids)
        with self.assertRaisesRegex(UserError, "Monthly Calendar"):
            desk.calendar_id = monthly
