"""Batches and undo of payroll are for payroll: others neither press them nor read a name there (SEC-05, XQ-12)."""

from collections import Counter

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .time_case import TimeCase

ADMIN = ("account.group_account_manager", "xero_connector.group_xero_admin")
PAYROLL = "xero_payroll.group_xero_payroll_user"
OTHERS = {
    "accountant": ("account.group_account_invoice", "xero_connector.group_xero_user"),
    "auditor": ("account.group_account_readonly", "xero_connector.group_xero_auditor"),
    "xero_admin": ADMIN,
}
ON_BATCHES = (
    *("action_check", "action_leave_out_blocked", "action_close", "action_not_for_export"),
    *("action_export", "action_reopen"),
)


@tagged("post_install", "-at_install")
class TestWhoActs(TimeCase):
    def setUp(self):
        super().setUp()
        self.others = {role: self.new_user(f"w_{role}", *groups) for role, groups in OTHERS.items()}
        self.boss = self.new_user("w_boss", *ADMIN, PAYROLL)

    def refused(self, records, action):
        """Nobody else may do `action`, and no name of the employee is told."""
        for role, user in self.others.items():
            with (
                self.subTest(role=role, model=records._name, action=action),
                mute_logger("odoo.addons.base.models.ir_rule", "odoo.models"),
                self.assertRaises(AccessError) as refusal,
                self.as_request(records, user) as current,
            ):
                getattr(current, action)()
            self.assertNotIn(self.hourly.name, str(refusal.exception))

    def batches(self):
        with self.as_request(self.env["xero.run"], self.officer) as current:
            current.action_export_control()
        return self.env["xero.run"].search([("batch_kind", "in", ("leave_application", "timesheet"))])

    def press(self, batches, *actions):
        for action in actions:
            with self.as_request(batches, self.officer) as current:
                getattr(current, action)()

    def test_batches(self):
        self.approved()
        self.leave(1, 1)
        batches = self.batches()
        self.assertEqual(set(batches.mapped("batch_kind")), {"leave_application", "timesheet"})
        steps = (("action_check",), ("action_close",), ("action_export",))
        for done in ((), *steps):
            self.press(batches, *done)
            for batch in batches:
                for action in ON_BATCHES:
                    self.refused(batch, action)
        self.work(self.connection)
        self.assertEqual(set(batches.mapped("state")), {"done"})
        for role, user in self.others.items():
            seen = self.env["xero.run"].with_user(user).search([("batch_kind", "!=", False)])
            self.assertFalse(seen, role)
        self.assertLessEqual(batches, self.env["xero.run"].with_user(self.officer).search([]))

    def test_accounting_still_sees_that_a_push_ran(self):
        self.push(self.approved(), self.officer)
        run = self.env["xero.run"].search([("model", "=", "xero.timesheet")], limit=1)
        for role, user in self.others.items():
            self.assertEqual(run.with_user(user).done, 1, role)

    def test_undo(self):
        leave = self.leave(1, 1)
        self.push(leave, self.officer)
        run = leave.xero_link_id.run_id
        self.refused(run, "action_undo")
        with self.as_request(run, self.boss) as current:
            wizard = self.env["xero.undo"].browse(current.action_undo()["res_id"])
        self.assertIn(self.hourly.name, wizard.line_ids.record_name)
        self.refused(wizard, "action_undo")
        # Whose payroll rights have gone meanwhile has no use of his wizard either.
        self.boss.group_ids -= self.env.ref(PAYROLL)
        with self.assertRaises(AccessError), self.as_request(wizard, self.boss) as current:
            current.action_undo()
        self.boss.group_ids += self.env.ref(PAYROLL)
        with self.as_request(wizard, self.boss) as current:
            current.action_undo()
        self.work(self.connection)
        self.assertEqual(leave.xero_link_id.xero_status, "REJECTED")

    def test_problems_are_counted_for_whom_they_open(self):
        # What To Do and the card count is what their lists show.
        timesheet = self.approved()
        self.hourly.sudo().xero_calendar_id = False
        self.push(timesheet, self.officer)
        self.push(self.invoice(lines=[{"quantity": 1, "price_unit": 5, "account_id": self.income.copy().id}]))
        code = self.problem(timesheet)
        for role, user in {**self.others, "boss": self.boss}.items():
            seen = self.env["xero.exception"].with_user(user).search([("state", "=", "open")])
            self.assertEqual(code in seen.mapped("code"), role == "boss", role)
            todo = self.env["xero.todo"].with_user(user).search([("kind", "=", "exception")])
            self.assertEqual({row.code: row.count for row in todo}, Counter(seen.mapped("code")), role)
            connection = self.connection.with_user(user)
            self.assertEqual(connection.problem_count, len(seen), role)
            self.assertEqual(len(connection.acting.split(", ")), len(set(seen.mapped("who"))), role)
