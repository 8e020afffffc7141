"""Books B12: people of a branch that has no connection are paid with those of its parent."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .time_case import DeskCase


@tagged("post_install", "-at_install")
class TestBranches(DeskCase):
    def setUp(self):
        super().setUp()
        self.branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        both = self.company | self.branch
        self.env.user.company_ids += self.branch
        self.officer.company_ids += self.branch
        self.env = self.env(context={**self.env.context, "allowed_company_ids": both.ids})
        self.connection, self.weekly = self.connection.with_env(self.env), self.weekly.with_env(self.env)
        self.hourly = self.hourly.with_env(self.env)
        self.hourly.company_id = self.branch
        self.project = self.project.with_env(self.env)
        self.project.company_id = False

    def local(self, *groups):
        """Somebody who works in the branch only."""
        return self.new_user("local", *groups, companies=self.branch)

    def test_from_hours_to_the_pay_run(self):
        self.work_week(self.hourly)
        self.work_week(self.second)
        desk = self.desk()
        self.assertEqual(desk.total_count, 2)
        self.press(desk, "action_collect")
        sheets = self.env["xero.timesheet"].search([])
        self.assertEqual({sheet.employee_id: sheet.company_id for sheet in sheets}[self.hourly], self.branch)
        sheets.action_manager_approve()
        self.press(desk, "action_approve")
        self.press(desk, "action_push")
        self.assertEqual((desk.ready_count, self.reasons(desk)), (2, {}))
        self.assertEqual(len(self.rows_of(self.hourly)), 1)
        self.assertEqual(self.collect(), sheets)

    def test_nothing_to_pay(self):
        desk = self.desk()
        for line in desk.line_ids:
            self.press(line, "action_nothing_to_pay")
        self.assertEqual((desk.ready_count, self.reasons(desk)), (2, {}))

    def test_an_officer_who_works_in_the_parent_only(self):
        # The pay run is one: it is not said to be complete, and what he may not see holds up nobody else.
        self.work_week(self.hourly)
        self.work_week(self.second)
        parents = self.new_user("parents", "xero_payroll.group_xero_payroll_user")
        self.env = self.env(context={**self.env.context, "allowed_company_ids": self.company.ids})
        desk = self.desk(parents)
        self.press(desk, "action_collect", parents)
        self.env["xero.timesheet"].sudo().search([]).action_manager_approve()
        self.press(desk, "action_approve", parents)
        self.press(desk, "action_push", parents)
        self.assertEqual((desk.ready_count, desk.total_count), (1, 2))
        self.assertEqual(list(self.reasons(desk)), ["Works at Branch: select that company, too"])
        self.assertFalse(desk.next_step)
        self.assertEqual((len(self.rows_of(self.second)), self.rows_of(self.hourly.sudo())), (1, []))

    def test_an_officer_of_the_branch_alone(self):
        # He works with his own people; of the others he is told how many there are.
        local = self.local("xero_payroll.group_xero_payroll_user")
        self.work_week(self.hourly)
        self.work_week(self.second)
        self.env = self.env(context={**self.env.context, "allowed_company_ids": self.branch.ids})
        desk = self.desk(local)
        self.press(desk, "action_collect", local)
        self.env["xero.timesheet"].sudo().search([]).action_manager_approve()
        self.press(desk, "action_approve", local)
        self.press(desk, "action_push", local)
        self.assertEqual((desk.ready_count, desk.total_count), (1, 2))
        self.assertEqual(list(self.reasons(desk)), [f"Works at {self.company.name}: select that company, too"])
        self.assertEqual((len(self.rows_of(self.hourly)), self.rows_of(self.second.sudo())), (1, []))
        own = desk.with_user(local)
        self.assertFalse(own.line_ids.employee_ids)
        Form(own)
        self.assertFalse(own.connection_id.has_access("read"))
        with self.assertRaisesRegex(UserError, f"Payroll of {self.company.name} is brought in by somebody"):
            self.press(desk, "action_import", local)

    def test_leave_on_the_screen_of_an_officer_of_the_branch_alone(self):
        # Which types go to Xero is said in the company of the connection.
        local = self.local("xero_payroll.group_xero_payroll_user")
        leave = self.leave(0, 4)
        self.env = self.env(context={**self.env.context, "allowed_company_ids": self.branch.ids})
        desk = self.desk(local)
        self.assertEqual(self.reasons(desk)["Leave to push"], 1)
        self.press(desk, "action_push", local)
        self.assertEqual((leave.xero_state, desk.ready_count, desk.total_count), ("synced", 1, 2))

    def test_a_connection_that_a_branch_does_not_use(self):
        local = self.local("xero_payroll.group_xero_payroll_user")
        self.new_connection(self.branch)
        desks = self.env["xero.payroll.desk"].with_user(local).with_context(allowed_company_ids=self.branch.ids)
        with self.assertRaisesRegex(AccessError, "None of your companies"):
            desks.create({"connection_id": self.connection.id, "calendar_id": self.weekly.id})

    def test_hours_that_are_counted_otherwise(self):
        self.assertFalse(self.hourly.xero_late_from)
        self.connection.time_rounding = "15"
        self.assertEqual(self.hourly.xero_late_from, self.weekly.start_date)

    def test_salaries_that_nobody_wants_any_more(self):
        self.hourly.xero_annual_salary = 50000
        self.connection.sync_salaries = True
        self.connection.sync_salaries = False
        self.assertFalse(self.hourly.xero_annual_salary)

    def test_balance_on_a_request(self):
        self.bring_in("leave_balance")
        leave = self.leave(0, 0)
        balance = self.hourly.xero_balance_ids.filtered(lambda row: row.pay_item_id.name == self.leave_name)
        self.assertTrue(balance.units)
        self.assertEqual(leave.xero_balance_at_request, balance.units)

    def test_balances_from_before_branches_were_known(self):
        self.bring_in("leave_balance")
        balances = self.hourly.xero_balance_ids
        self.assertEqual(balances.company_id, self.branch)
        self.env.cr.execute("UPDATE xero_leave_balance SET company_id = %s", [self.company.id])
        self.env.invalidate_all()
        self.bring_in("leave_balance")
        self.assertEqual(balances.company_id, self.branch)

    def test_in_the_branch_itself(self):
        # Time off types stand for leave types in the company of the connection.
        self.bring_in("leave_balance")
        manager = self.local()
        boss = self.env["hr.employee"].create({"name": "Boss", "user_id": manager.id, "company_id": self.branch.id})
        self.hourly.parent_id = boss
        leave = self.leave(0, 0)
        here = leave.with_context(allowed_company_ids=self.branch.ids)
        self.assertTrue(here.xero_pay_item_id)
        self.assertEqual(here.xero_message, leave.xero_message)
        self.work_week(self.hourly)
        sheet = self.collect().with_user(manager).with_context(allowed_company_ids=self.branch.ids)
        sheet.action_manager_approve()
        self.assertEqual(sheet.balance_ids.sudo().pay_item_id.name, self.leave_name)
        self.assertEqual(sheet.line_ids.pay_item_id, self.ordinary)

    def test_leave_on_a_timesheet(self):
        self.leave(0, 0).action_refuse()
        self.work_week(self.hourly)
        sheet = self.collect().with_context(allowed_company_ids=self.branch.ids)
        line = sheet.line_ids.sorted("date")[0]
        line.pay_item_id = self.pay_item(self.leave_name)
        sheet.action_manager_approve()
        sheet.with_user(self.officer).action_payroll_approve()
        self.assertEqual(sheet.state, "payroll_approved")
