"""Approvals of money that travels in parts, and of money that somebody has used for something else (RUL-09, C.5)."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..datasets.allocation import RECONCILABLE
from .test_auto_payments import AutoCase

APPROVER = ("account.group_account_invoice", "xero_connector.group_xero_approver")


@tagged("post_install", "-at_install")
class TestApprovedMoney(AutoCase):
    def setUp(self):
        super().setUp()
        self.clerk = self.new_user("money_clerk", "account.group_account_invoice", "xero_connector.group_xero_user")
        self.boss = self.new_user("money_boss", *APPROVER)
        self.second = self.new_user("money_second", *APPROVER)
        self.env["xero.approval.rule"].create({"company_id": self.company.id, "kind": "customer_payment"})

    def use(self, payment, move, user=None):
        """Somebody, else the clerk, uses `payment` for `move`."""
        lines = (payment.move_id | move).with_user(user or self.clerk).line_ids
        lines.filtered(lambda line: line.account_type in RECONCILABLE and not line.reconciled).reconcile()

    def waiting(self, payment):
        return self.links(payment).filtered(lambda link: link.reason == "waiting_approval")

    def approve(self, payment, user=None):
        with self.as_request(payment, user or self.boss) as current:
            current.action_xero_approve()
        self.work(self.connection)

    def partly_sent(self):
        """Two invoices, and a payment that Xero has for the first one."""
        (first, second), payment = self.paid(30.0, 70.0)
        self.use(payment, first)
        self.push(payment, self.clerk)
        self.approve(payment)
        self.assertEqual(self.paid_in_xero(first), [30.0])
        return first, second, payment

    def test_beside_money_on_account(self):
        (first, second), payment = self.paid(30.0, 70.0)
        self.push(payment, self.clerk)
        self.use(payment, first)
        self.work(self.connection)
        self.assertEqual(payment.xero_link_id.reason, "payment_on_account")
        self.assertEqual(self.waiting(payment).with_user(self.boss).waits_for, payment.xero_waits_for)
        self.assertTrue(payment.with_user(self.boss).xero_can_approve)
        self.assertFalse(payment.with_user(self.clerk).xero_can_approve)
        self.approve(payment)
        self.assertEqual((self.paid_in_xero(first), self.waiting(payment).ids), ([30.0], []))

    def test_beside_one_that_somebody_has_to_look_at(self):
        first, second, payment = self.partly_sent()
        first.line_ids.remove_move_reconcile()
        self.use(payment, second)
        self.push(payment, self.clerk)
        self.assertEqual(payment.xero_link_id.reason, "payment_unreconciled")
        self.approve(payment)
        self.assertEqual(self.paid_in_xero(second), [70.0])

    def test_several_parts_in_the_list_are_one_decision(self):
        moves, payment = self.paid(30.0, 70.0)
        for move in moves:
            self.use(payment, move)
        self.push(payment, self.clerk)
        links = self.waiting(payment)
        self.assertEqual(len(links), 2)
        with self.as_request(links, self.boss) as current:
            current.action_approve()
        self.work(self.connection)
        self.assertEqual((self.paid_in_xero(*moves), payment.xero_state), ([30.0, 70.0], "synced"))

    def test_who_uses_it_for_something_else_does_not_approve(self):
        _first, second, payment = self.partly_sent()
        self.use(payment, second, self.boss)
        self.push(payment, self.clerk)
        self.assertTrue(self.waiting(payment))
        with self.assertRaisesRegex(UserError, "yourself"):
            self.approve(payment)
        self.approve(payment, self.second)
        self.assertEqual(self.paid_in_xero(second), [70.0])

    def test_who_only_takes_it_off_may_approve(self):
        first, second, payment = self.partly_sent()
        first.with_user(self.boss).line_ids.remove_move_reconcile()
        self.use(payment, second)
        self.push(payment, self.clerk)
        self.approve(payment)
        self.assertEqual(self.paid_in_xero(second), [70.0])
