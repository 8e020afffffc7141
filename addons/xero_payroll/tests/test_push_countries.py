"""New Zealand and the United Kingdom: one timesheet and one leave for each call, in steps where Xero wants them."""

from datetime import timedelta
from decimal import Decimal
from urllib.parse import parse_qs

from odoo.tests import tagged

from .common import NewZealand, UnitedKingdom
from .test_push_groups import GroupCase
from .time_case import WEEK, CountryTime

V2 = "/payroll.xro/2.0"


class CountryPush(CountryTime):
    """The tests of a country; the classes below say which."""

    def writes(self):
        return [call for call in self.payroll_calls() if not call.startswith("GET")]

    def sent_units(self, timesheet):
        row = self.in_payroll(timesheet)
        return [(line["date"], line["units"]) for line in sorted(row["lines"], key=lambda line: line["date"])]

    def test_hours_arrive_by_day(self):
        timesheet = self.approved()
        self.push(timesheet, self.officer)
        start = timesheet.date_from
        expected = [(str(start + timedelta(days=day)), Decimal(str(units))) for day, units in enumerate(WEEK)]
        self.assertEqual(self.sent_units(timesheet), expected)
        self.assertEqual((self.in_payroll(timesheet)["status"], timesheet.state), ("DRAFT", "pushed"))
        self.assertEqual(self.writes(), [f"POST {V2}/Timesheets"])

    def test_approved_in_a_second_step(self):
        self.connection.push_status_timesheet = "approved"
        timesheet = self.approved()
        self.push(timesheet, self.officer)
        key = timesheet.xero_link_id.xero_id
        self.assertEqual((self.in_payroll(timesheet)["status"], timesheet.xero_state), ("APPROVED", "synced"))
        self.assertEqual(self.writes(), [f"POST {V2}/Timesheets", f"POST {V2}/Timesheets/{key}/Approve"])
        run = timesheet.xero_link_id.run_id
        self.assertEqual((run.done, run.total), (1, 1))

    def test_an_approved_one_is_reverted_and_corrected(self):
        self.connection.push_status_timesheet = "approved"
        timesheet = self.approved()
        self.push(timesheet, self.officer)
        key = timesheet.xero_link_id.xero_id
        timesheet.with_user(self.officer).action_reopen()
        self.env["account.analytic.line"].search([("employee_id", "=", self.hourly.id)])[0].unit_amount = 3.0
        self.approve(self.collect())
        self.forget_calls()
        self.push(timesheet, self.officer)
        own = f"{V2}/Timesheets/{key}"
        self.assertEqual(self.writes()[:3], [f"POST {own}/RevertToDraft", f"DELETE {own}", f"POST {V2}/Timesheets"])
        self.assertTrue(self.writes()[3].endswith("/Approve"))
        (row,) = self.rows_of(self.hourly)
        self.assertEqual((row["status"], row["id"]), ("APPROVED", timesheet.xero_link_id.xero_id))
        self.assertEqual(sum(line["units"] for line in row["lines"]), Decimal(str(timesheet.total)))

    def test_lost_answers(self):
        self.connection.push_status_timesheet = "approved"
        timesheet = self.approved()
        for path in ("/Timesheets", "/Approve"):
            self.xero.sandbox.faults.add("drop_after", method="POST", path=path, times=1)
        self.push(timesheet, self.officer)
        self.settle(self.connection, lambda: timesheet.mapped("xero_state"))
        self.assertEqual([row["status"] for row in self.rows_of(self.hourly)], ["APPROVED"])

    def test_three_times_504(self):
        # XW-18
        timesheet = self.approved()
        self.xero.sandbox.faults.add("html504", method="POST", path="/Timesheets", times=3)
        self.push(timesheet, self.officer)
        self.settle(self.connection, lambda: timesheet.mapped("xero_state"))
        self.assertEqual(len(self.xero.sandbox.faults.log), 3)
        self.assertEqual((timesheet.xero_state, len(self.rows_of(self.hourly))), ("synced", 1))

    def test_lost_for_longer_than_xero_remembers(self):
        timesheet = self.approved()
        self.xero.sandbox.faults.add("drop_after", method="POST", path="/Timesheets", times=1)
        self.push(timesheet, self.officer)
        self.xero.sandbox.faults.clear()
        self.age(minutes=7)
        self.work(self.connection)
        self.assertEqual((timesheet.xero_state, len(self.rows_of(self.hourly))), ("synced", 1))

    def test_a_monthly_calendar_takes_no_timesheets(self):
        # XW-12
        self.hourly.sudo().xero_calendar_id = monthly = self.calendar("Monthly Calendar")
        first, last = monthly._period(monthly.start_date)
        line = {"date": first, "units": 8, "pay_item_id": self.ordinary.id}
        owner = {"employee_id": self.hourly.id, "company_id": self.company.id}
        timesheet = self.env["xero.timesheet"].create(
            {**owner, "date_from": first, "date_to": last, "line_ids": [(0, 0, line)]}
        )
        self.push(self.approve(timesheet), self.officer)
        self.assertEqual((self.problem(timesheet), self.payroll_calls()), ("calendar_no_timesheets", []))

    def test_a_group_costs_a_create_and_an_approval_each(self):
        self.connection.push_status_timesheet = "approved"
        timesheets = self.group(12)
        self.forget_calls()
        self.queue(timesheets)
        self.work(self.connection)
        self.check_everybody_once(timesheets)
        self.assertEqual(len(self.writes()), 24)

    def test_three_time_outs(self):
        # XW-18
        timesheets = self.group(6)
        self.xero.sandbox.faults.add("html504", method="POST", path="/Timesheets", times=3)
        self.queue(timesheets)
        self.settle(self.connection, lambda: timesheets.mapped("xero_state"))
        self.assertEqual(len(self.xero.sandbox.faults.log), 3)
        self.check_everybody_once(timesheets)

    def test_a_status_that_cannot_be_read_is_asked_for_again(self):
        # The next step hangs on it: an approval must not be forgotten.
        self.connection.push_status_timesheet = "approved"
        timesheets = self.group(6)
        for kind in ("unknown_enum", "null_strings"):
            self.xero.sandbox.faults.add(kind, method="POST", path="/Timesheets", times=3)
        self.queue(timesheets)
        self.settle(self.connection, lambda: timesheets.mapped("xero_state"))
        self.assertEqual(len(self.xero.sandbox.faults.log), 6)
        self.check_everybody_once(timesheets)
        self.assertEqual({row["status"] for row in self.payroll.timesheets}, {"APPROVED"})

    def test_a_storm_over_a_group(self):
        self.connection.push_status_timesheet = "approved"
        timesheets = self.group(60)
        self.queue(timesheets)
        self.assertTrue(self.ride_out(timesheets, 1))
        self.check_everybody_once(timesheets)
        self.assertEqual({row["status"] for row in self.payroll.timesheets}, {"APPROVED"})

    def test_killed_after_xero_has_written(self):
        self.connection.push_status_timesheet = "approved"
        timesheets = self.group(12)
        self.assertEqual(self.kill_and_settle(timesheets), 1)
        self.check_everybody_once(timesheets)
        self.assertEqual({row["status"] for row in self.payroll.timesheets}, {"APPROVED"})

    def test_what_is_paid_is_not_read_again(self):
        # Years of timesheets would cost a call for each hundred of them, each time.
        def asked_from():
            self.forget_calls()
            self.bring_in("timesheet")
            (call,) = [call for call in self.xero.calls if call["path"].endswith("/Timesheets")]
            return parse_qs(call["query"])["startDate"][0]

        timesheet = self.approved()
        self.push(timesheet, self.officer)
        self.assertEqual(asked_from(), str(timesheet.date_from))
        self.post_pay_run()
        self.assertEqual(asked_from(), str(timesheet.date_from))
        self.assertEqual(timesheet.xero_link_id.xero_status, "PROCESSED")
        # A day later; until then pages of one reading may still be to come.
        self.assertEqual(asked_from(), str(timesheet.date_from))
        self.env.cr.execute("UPDATE xero_link SET write_date = write_date - interval '2 days'")
        self.assertEqual(asked_from(), str(self.connection._today()))

    def test_deleted_in_xero(self):
        timesheet = self.approved()
        self.push(timesheet, self.officer)
        self.xero.act("delete", timesheet=timesheet.xero_link_id.xero_id)
        self.forget_calls()
        self.bring_in("timesheet")
        self.work(self.connection)
        self.assertEqual(self.problem(timesheet), "timesheet_gone")
        self.assertEqual(len(self.payroll_calls()), 2, "the list, and the one that it lacks")
        self.push(timesheet, self.officer)
        self.assertEqual((timesheet.xero_state, len(self.rows_of(self.hourly))), ("synced", 1))

    def test_leave_that_was_deleted_in_xero(self):
        leave = self.leave(0, 0)
        self.push(leave, self.officer)
        self.xero.act("delete", leave=leave.xero_link_id.xero_id)
        self.env.cr.execute("UPDATE xero_link SET write_date = write_date - interval '1 minute'")
        self.forget_calls()
        self.bring_in("leave_application")
        self.assertEqual((self.problem(leave), leave.xero_leave_status), ("leave_gone", False))
        self.assertEqual(len(self.payroll_calls()), len(self.employees()))
        self.push(leave, self.officer)
        self.assertEqual((leave.xero_state, leave.xero_leave_status), ("synced", "current"))

    def lose(self, method, path):
        """A timesheet is corrected, and the answer to that step of it is lost for longer than Xero remembers."""
        timesheet = self.approved()
        self.push(timesheet, self.officer)
        timesheet.with_user(self.officer).action_reopen()
        self.env["account.analytic.line"].search([("employee_id", "=", self.hourly.id)])[0].unit_amount = 3.0
        self.approve(self.collect())
        self.xero.sandbox.faults.add("drop_after", method=method, path=path, times=1)
        self.push(timesheet, self.officer)
        self.assertEqual(timesheet.xero_state, "in_doubt")
        self.xero.sandbox.faults.clear()
        self.age(minutes=7)
        self.settle(self.connection, lambda: timesheet.mapped("xero_state"))
        self.assertEqual((timesheet.xero_state, self.problem(timesheet)), ("synced", False))
        (row,) = self.rows_of(self.hourly)
        self.assertEqual(sum(line["units"] for line in row["lines"]), Decimal(str(timesheet.total)))

    def test_a_lost_delete(self):
        self.lose("DELETE", "/Timesheets")

    def test_a_lost_revert(self):
        self.connection.push_status_timesheet = "approved"
        self.lose("POST", "/RevertToDraft")

    def test_paid_already(self):
        timesheet = self.approved()
        self.post_pay_run()
        self.push(timesheet, self.officer)
        self.assertEqual(self.problem(timesheet), "time_period_paid_in_xero")

    # === LEAVE === #

    def test_leave_arrives_and_is_taken_back(self):
        leave = self.leave(4, 7)
        self.push(leave, self.officer)
        (row,) = self.payroll.leaves
        self.assertEqual([part["units"] for part in row["periods"]], [8, 8])
        self.assertEqual((leave.xero_state, leave.xero_link_id.xero_id), ("synced", row["id"]))
        self.forget_calls()
        self.push(leave, self.officer)
        self.assertEqual(self.writes(), [])
        leave.action_refuse()
        self.push(leave, self.officer)
        self.assertEqual(list(self.payroll.leaves), [])
        self.assertEqual((leave.xero_leave_status, leave.xero_state), ("rejected", "excluded"))

    def test_a_lost_rejection(self):
        leave = self.leave(1, 1)
        self.push(leave, self.officer)
        leave.action_refuse()
        self.xero.sandbox.faults.add("drop_after", method="DELETE", path="/Leave", times=1)
        self.push(leave, self.officer)
        self.assertEqual(leave.xero_state, "in_doubt")
        self.xero.sandbox.faults.clear()
        self.age(minutes=7)
        self.work(self.connection)
        self.assertEqual((leave.xero_state, leave.xero_leave_status), ("excluded", "rejected"))
        self.assertFalse(self.problem(leave))

    def test_leave_that_is_paid_is_not_taken_back(self):
        # LVE-09
        leave = self.leave(1, 1)
        self.push(leave, self.officer)
        self.post_pay_run()
        leave.action_refuse()
        self.push(leave, self.officer)
        self.assertEqual(self.problem(leave), "time_processed_in_xero")
        self.xero.advance(600)
        self.bring_in("leave_application")
        self.assertEqual(leave.xero_leave_status, "taken")
        self.forget_calls()
        self.push(leave, self.officer)
        self.assertEqual((self.problem(leave), self.writes()), ("leave_taken_in_xero", []))
        (row,) = self.payroll.leaves
        self.assertEqual({part["status"] for part in row["periods"]}, {"PROCESSED"})

    def test_a_leave_type_that_is_not_assigned(self):
        # XQ-23: no list that is read says so before; the refusal is told in our words
        row = self.payroll.employees.get(self.hourly.xero_link_id.xero_id)
        kept = {key: units for key, units in row["leave"].items() if key != self.pay_item(self.leave_name).xero_id}
        self.payroll.employees.put({**row, "leave": kept})
        leave = self.leave(1, 1)
        self.push(leave, self.officer)
        problem = self.problems("leave_type_unassigned_in_xero")
        self.assertEqual((problem.model, problem.res_id, len(self.writes())), ("hr.leave", leave.id, 1))
        self.assertIn("Assign", problem.correction)

    def test_a_lost_leave(self):
        leave = self.leave(1, 1)
        self.xero.sandbox.faults.add("drop_after", method="POST", path="/Leave", times=1)
        self.push(leave, self.officer)
        self.xero.sandbox.faults.clear()
        self.age(minutes=7)
        self.work(self.connection)
        self.assertEqual((leave.xero_state, len(list(self.payroll.leaves))), ("synced", 1))


@tagged("post_install", "-at_install")
class TestPushNewZealand(NewZealand, CountryPush, GroupCase):
    pass


@tagged("post_install", "-at_install")
class TestPushUnitedKingdom(UnitedKingdom, CountryPush, GroupCase):
    def test_statutory_leave_does_not_go_as_other_leave(self):
        # B.1: it has an API of its own
        item = self.pay_item("Statutory Sick Pay")
        self.assertTrue(item.is_statutory_leave)
        boss = self.new_user("boss", "xero_payroll.group_xero_payroll_admin")
        wizard = self.connection.with_user(boss).action_copy_leave_types()["res_id"]
        offered = self.env["xero.leave.type.wizard"].browse(wizard).line_ids.pay_item_id
        self.assertTrue(offered)
        self.assertNotIn(item, offered)
        leave = self.leave(1, 1)
        leave.holiday_status_id.sudo().with_context(xero_no_echo=True).xero_pay_item_id = item
        self.push(leave, self.officer)
        self.assertEqual((self.problem(leave), self.payroll_calls()), ("payroll_not_offered", []))
        self.assertIn("United Kingdom", self.problems("payroll_not_offered").cause)
        self.assertIn("Statutory leave", str(self.connection.payroll_capabilities))
