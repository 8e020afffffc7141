"""Leave applications and balances as they are in Xero (LVE-02, LVE-08, XQ-20 to XQ-24)."""

from datetime import timedelta
from decimal import Decimal

from lxml import etree

from odoo import fields
from odoo.tests import tagged

from .common import PayrollCase


class LeaveCase(PayrollCase):
    staff = 2

    def setUp(self):
        super().setUp()
        self.bring_in_staff()
        self.type = self.env["hr.leave.type"].create(
            {
                "name": "Annual Leave",
                "company_id": self.company.id,
                "xero_pay_item_id": self.pay_item("Annual Leave").id,
                "requires_allocation": False,
                "request_unit": "hour",
            }
        )
        self.someone = self.person(1)
        self.employee = self.employee_of(self.someone)
        calendar = self.payroll.calendars.get(self.someone["calendar"])
        # A Monday in a period that is not paid yet, of whose month the week is.
        start = fields.Date.to_date(calendar["next"]) + timedelta(38)
        self.monday = start - timedelta(start.weekday())

    def request(self, first=0, last=1, **values):
        """A request in Xero, days counted from a Monday."""
        return self.xero.act(
            "request_leave",
            employee=self.someone["id"],
            leave_type="Annual Leave",
            start=str(self.monday + timedelta(first)),
            end=str(self.monday + timedelta(last)),
            **values,
        )

    def leaves(self):
        return self.env["hr.leave"].search([("employee_id", "=", self.employee.id)])


@tagged("post_install", "-at_install")
class TestPullLeave(LeaveCase):
    def test_an_approved_application_is_a_validated_leave_once(self):
        # LVE-08, XQ-20
        row = self.request(title="Snow")
        self.bring_in("leave_application")
        leave = self.leaves()
        self.assertEqual((leave.state, leave.xero_leave_status), ("confirm", "requested"))
        self.assertEqual((leave.request_date_from, leave.request_date_to), (self.monday, self.monday + timedelta(1)))
        self.assertEqual((leave.holiday_status_id, leave.sudo().private_name), (self.type, "Snow"))
        self.xero.advance(600)
        self.xero.act("approve", leave=row["id"])
        self.bring_in("leave_application")
        self.assertEqual(self.leaves(), leave)
        self.assertEqual((leave.state, leave.xero_leave_status), ("validate", "current"))
        self.assertEqual((leave.xero_state, leave.xero_link_id.part), ("synced", str(self.monday)))
        self.bring_in("leave_application", everything=True)
        self.assertEqual(self.leaves(), leave)
        self.assertEqual(self.last_run("leave_application").unchanged, 1)
        self.assertFalse(self.problems())

    def paid(self, **values):
        """A request that was approved and paid."""
        row = self.request(**values)
        self.xero.act("approve", leave=row["id"])
        stored = self.payroll.leaves.get(row["id"])
        done = [{**part, "status": "PROCESSED"} for part in stored["periods"]]
        self.payroll.leaves.put({**stored, "periods": done})

    def test_what_was_paid_out_is_no_absence(self):
        self.paid(payout="CASHED_OUT")
        self.bring_in("leave_application")
        self.assertFalse(self.leaves())
        self.assertEqual(self.last_run("leave_application").left_out, {"cashed_out": 1})
        self.assertFalse(self.problems())

    def test_old_leave_of_who_is_not_here_is_left_out(self):
        self.paid()
        self.someone = self.person(2)
        self.request(7, 7)
        for link in self.env["xero.link"].search([("dataset", "=", "employee")]):
            link.unlink()
        self.bring_in("leave_application")
        run = self.last_run("leave_application")
        self.assertEqual((run.left_out, run.failed), ({"employee_not_here": 1}, 1))
        self.assertIn("not linked", run.left_out_text)
        # What is still to come is a question.
        self.assertEqual(len(self.problems("leave_employee_unknown")), 1)

    def test_what_was_paid_is_taken(self):
        self.paid()
        self.bring_in("leave_application")
        self.assertEqual((self.leaves().state, self.leaves().xero_leave_status), ("validate", "taken"))

    def test_a_leave_that_is_in_odoo_already_is_linked(self):
        known = self.env["hr.leave"].create(
            {
                "employee_id": self.employee.id,
                "holiday_status_id": self.type.id,
                "request_date_from": self.monday,
                "request_date_to": self.monday + timedelta(1),
            }
        )
        self.request()
        self.bring_in("leave_application")
        self.assertEqual(self.leaves(), known)
        self.assertEqual(known.xero_leave_status, "requested")

    def test_two_types_that_are_one_in_xero(self):
        other = self.type.copy({"name": "Annual Leave, Booked Ahead"})
        other.xero_pay_item_id = self.type.xero_pay_item_id
        for number, leave_type in enumerate((self.type, other)):
            monday = self.monday + timedelta(7 * number)
            self.env["hr.leave"].create(
                {
                    "employee_id": self.employee.id,
                    "holiday_status_id": leave_type.id,
                    "request_date_from": monday,
                    "request_date_to": monday,
                }
            )
            self.request(7 * number, 7 * number)
        known = self.leaves()
        self.bring_in("leave_application")
        self.assertEqual((len(known), self.leaves()), (2, known))
        self.assertEqual(set(known.mapped("xero_leave_status")), {"requested"})
        # What nobody has entered here gets the first of them.
        self.request(14, 14)
        self.bring_in("leave_application")
        self.assertEqual((self.leaves() - known).holiday_status_id, self.type)

    def test_what_was_rejected_never_comes_in(self):
        row = self.request()
        self.xero.act("reject", leave=row["id"])
        self.bring_in("leave_application")
        self.assertFalse(self.leaves())
        self.assertFalse(self.problems())

    def test_a_later_rejection_is_a_question(self):
        row = self.request()
        self.xero.act("approve", leave=row["id"])
        self.bring_in("leave_application")
        self.xero.advance(600)
        self.xero.act("reject", leave=row["id"])
        self.bring_in("leave_application")
        leave = self.leaves()
        self.assertEqual((leave.state, leave.xero_leave_status), ("validate", "rejected"))
        problem = self.problems("leave_rejected")
        self.assertEqual(problem.link_id.res_id, leave.id)
        leave.action_refuse()
        with self.as_request(self.connection) as connection:
            connection._import(["leave_application"], everything=True)
        self.assertEqual(problem.state, "done")

    def test_a_leave_type_that_odoo_does_not_have(self):
        self.request()
        self.type.xero_pay_item_id = False
        self.bring_in("leave_application")
        problem = self.problems("leave_type_unmapped")
        self.assertIn(self.employee.name, problem.cause)
        self.assertFalse(self.leaves())
        self.type.xero_pay_item_id = self.pay_item("Annual Leave")
        with self.as_request(problem) as current:
            current.action_retry()
        self.assertEqual(problem.state, "done")
        self.assertTrue(self.leaves())

    def test_reasons_for_leave_stay_out_of_the_log(self):
        # SEC-07
        self.request(title="Operation")
        self.type.xero_pay_item_id = False
        self.bring_in("leave_application")
        for model in ("xero.event", "xero.exception", "xero.link"):
            self.assertNotIn("Operation", str(self.env[model].search([]).read()))

    def test_part_of_a_day(self):
        row = self.request(last=0, units=4)
        self.xero.act("approve", leave=row["id"])
        self.bring_in("leave_application")
        leave = self.leaves()
        self.assertEqual((leave.number_of_hours, leave.state), (4, "validate"))
        self.assertFalse(self.problems())
        officer = self.new_user("officer", "xero_payroll.group_xero_payroll_user")
        self.push(leave, officer)
        self.assertEqual([part["units"] for part in self.payroll.leaves.get(row["id"])["periods"]], [4])

    def test_half_a_day(self):
        self.type.with_context(xero_no_echo=True).request_unit = "half_day"
        self.request(last=0, units=4)
        self.bring_in("leave_application")
        self.assertEqual((self.leaves().number_of_hours, self.leaves().number_of_days), (4, 0.5))
        self.assertFalse(self.problems())

    def test_hours_that_odoo_cannot_hold_are_a_question(self):
        self.type.with_context(xero_no_echo=True).request_unit = "day"
        self.request(last=0, units=4)
        self.bring_in("leave_application")
        problem = self.problems("leave_days_differ")
        self.assertEqual(problem.link_id.res_id, self.leaves().id)

    def test_hours_of_several_days_that_differ_are_a_question(self):
        self.request(last=1, units=12)
        self.bring_in("leave_application")
        self.assertTrue(self.problems("leave_days_differ"))

    def test_another_working_day_is_said_in_the_history(self):
        # 7.6 hours a day in Xero, 8 in Odoo: the same days, and other hours.
        self.request(last=1, units=15.2)
        self.request(first=3, last=3, units=8)
        self.bring_in("leave_application")
        self.assertFalse(self.problems())
        two_days = self.leaves().filtered(lambda leave: leave.number_of_days == 2)
        said = self.env["xero.event"].search([("kind", "=", "leave_hours_differ")])
        self.assertEqual((said.mapped("res_id"), said.result), (two_days.ids, "warning"))

    def test_hours_that_somebody_changes_in_xero_are_a_question(self):
        row = self.request(last=0)
        self.xero.act("approve", leave=row["id"])
        self.bring_in("leave_application")
        self.assertFalse(self.problems())
        self.xero.advance(600)
        stored = self.payroll.leaves.get(row["id"])
        parts = [{**part, "units": Decimal(3)} for part in stored["periods"]]
        self.payroll.leaves.put({**stored, "periods": parts})
        self.bring_in("leave_application", everything=True)
        self.assertEqual(self.problems().mapped("code"), ["leave_days_differ"])

    def test_switched_off(self):
        self.connection.sync_leave = False
        self.request()
        with self.as_request(self.connection) as connection:
            self.assertNotIn("leave_application", connection.sudo()._pulled_keys())


@tagged("post_install", "-at_install")
class TestPullBalances(LeaveCase):
    def balances(self, employee=None):
        rows = self.env["xero.leave.balance"].search([("employee_id", "=", (employee or self.employee).id)])
        return {row.pay_item_id.name: row.units for row in rows}

    def test_balances(self):
        # LVE-02: one call for each employee
        self.xero.act("set_balance", employee=self.someone["id"], leave_type="Annual Leave", units=12.5)
        self.forget_calls()
        self.bring_in("leave_balance")
        path = "GET /payroll.xro/1.0/Employees/"
        self.assertEqual(sorted(self.payroll_calls()), sorted(path + self.person(number)["id"] for number in (1, 2)))
        self.assertEqual(self.balances()["Annual Leave"], 12.5)
        balance = self.env["xero.leave.balance"].search([], limit=1)
        self.assertEqual((balance.type_of_units, bool(balance.as_of)), ("Hours", True))
        self.xero.act("set_balance", employee=self.someone["id"], leave_type="Annual Leave", units=3.25)
        self.xero.act("unassign", employee=self.someone["id"], leave_type="Long Service Leave")
        self.bring_in("leave_balance")
        self.assertEqual(self.balances()["Annual Leave"], 3.25)
        self.assertNotIn("Long Service Leave", self.balances())

    def test_nothing_is_allocated(self):
        # XQ-22
        self.bring_in("leave_balance")
        self.assertFalse(self.env["hr.leave.allocation"].search([("employee_id", "in", self.employees().ids)]))

    def test_who_has_left_costs_no_call(self):
        self.xero.act("terminate", employee=self.person(2)["id"])
        self.bring_in("employee")
        self.forget_calls()
        self.bring_in("leave_balance")
        self.assertEqual(len(self.payroll_calls()), 1)

    def test_who_is_not_in_xero_any_more_holds_up_nobody(self):
        self.xero.act("delete", employee=self.someone["id"])
        self.bring_in("leave_balance")
        run = self.last_run("leave_balance")
        self.assertEqual((run.state, run.failed), ("done", 1))
        other = self.employee_of(self.person(1))
        self.assertNotEqual(other, self.employee)
        self.assertTrue(self.balances(other))
        problem = self.problems("employee_list_refused")
        self.assertEqual((problem.link_id.res_id, problem.who), (self.employee.id, "bookkeeper"))
        for part in (self.employee.name, "Leave Balances"):
            self.assertIn(part, f"{problem.cause} {problem.correction}")
        # Another list of his says nothing of this one.
        self.env["xero.exception"]._close_list(problem.link_id, problem.code, "salary")
        self.assertEqual(problem.state, "open")
        self.payroll.employees.put(self.someone)
        self.bring_in("leave_balance")
        self.assertEqual((problem.state, self.last_run("leave_balance").failed), ("done", 0))

    def test_who_sees_them(self):
        # XQ-24, LVE-02
        self.bring_in("leave_balance")
        boss, worker, stranger = (self.new_user(login, "base.group_user") for login in ("boss", "worker", "stranger"))
        payroll = self.new_user("payroll", "xero_payroll.group_xero_payroll_user")
        manager = self.env["hr.employee"].create({"name": "Boss", "user_id": boss.id, "company_id": self.company.id})
        self.employee.write({"user_id": worker.id, "parent_id": manager.id})
        rows = self.env["xero.leave.balance"]
        mine = rows.search([("employee_id", "=", self.employee.id)])
        self.assertEqual(rows.with_user(boss).search([]), mine)
        self.assertEqual(rows.with_user(payroll).search([]), rows.search([]))
        self.assertFalse(rows.with_user(worker).search([]))
        self.employee.xero_show_balance = True
        self.assertEqual(rows.with_user(worker).search([]), mine)
        self.assertFalse(rows.with_user(stranger).search([]))

    def test_the_balance_at_the_time_of_the_request(self):
        # XQ-19
        self.xero.act("set_balance", employee=self.someone["id"], leave_type="Annual Leave", units=20)
        self.bring_in("leave_balance")
        leave = self.env["hr.leave"].create(
            {
                "employee_id": self.employee.id,
                "holiday_status_id": self.type.id,
                "request_date_from": self.monday,
                "request_date_to": self.monday,
            }
        )
        self.assertEqual(leave.xero_balance_at_request, 20)
        self.xero.act("set_balance", employee=self.someone["id"], leave_type="Annual Leave", units=4)
        self.bring_in("leave_balance")
        self.assertEqual(leave.xero_balance_at_request, 20)

    def test_leave_is_read_before_payroll_approves(self):
        # XQ-21
        payroll = self.new_user("payroll", "xero_payroll.group_xero_payroll_user")
        today = fields.Date.context_today(self.env.user)
        timesheet = self.env["xero.timesheet"].create(
            {
                "employee_id": self.employee.id,
                "company_id": self.company.id,
                "date_from": today - timedelta(9),
                "date_to": today - timedelta(3),
            }
        )
        self.assertIn("read it again first", timesheet.leave_warning)
        form = etree.fromstring(timesheet.with_user(payroll).get_view(view_type="form")["arch"])
        (button,) = form.xpath("//button[@name='action_xero_pull_leave']")
        self.assertEqual(button.getparent().xpath("./field/@name"), ["leave_warning"])
        with self.as_request(timesheet, payroll) as current:
            current.action_xero_pull_leave()
        self.assertFalse(timesheet.leave_warning)
        timesheet.date_to = today + timedelta(2)
        self.assertTrue(timesheet.leave_warning)

    def test_switched_off(self):
        # XQ-26
        self.connection.pull_leave_balances = False
        with self.as_request(self.connection) as connection:
            self.assertNotIn("leave_balance", connection.sudo()._pulled_keys())
