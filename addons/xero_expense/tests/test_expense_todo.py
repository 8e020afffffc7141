"""To Do counts what the company paid, and what has paid it."""

from odoo.tests import tagged

from .common import ExpenseCase


@tagged("post_install", "-at_install")
class TestExpenseTodo(ExpenseCase):
    def assertWaiting(self, records, amount):
        """To Do says that just these are not yet in Xero."""
        self.env.flush_all()
        self.env["xero.todo"].invalidate_model()
        todo = self.env["xero.todo"].search(
            [("company_id", "=", self.company.id), ("kind", "=", "not_yet"), ("model", "=", records._name)]
        )
        self.assertEqual((todo.count, todo.amount), (len(records), amount))
        if records:
            self.assertEqual(records.search(todo.action_open()["domain"]), records)

    def test_what_the_company_paid_is_counted_with_its_payment(self):
        nothing = self.env["account.move"]
        expense = self.spend_company(110.0)
        move, payment = expense.account_move_id, expense.account_move_id.origin_payment_id
        self.assertWaiting(move, 110.0)
        self.assertWaiting(payment, 110.0)
        # It is none of the entries that people make.
        move.journal_id.xero_send_entries = True
        self.assertWaiting(move, 110.0)
        self.push(expense)
        self.assertWaiting(nothing, 0.0)
        self.assertWaiting(payment, 110.0)
        self.push(payment)
        self.assertWaiting(payment.browse(), 0.0)

    def test_it_counts_where_money_goes_to_xero_and_since_the_start(self):
        expense = self.spend_company(110.0)
        payments = self.env["account.payment"]
        self.connection.payment_direction = "from_xero"
        self.assertWaiting(payments, 0.0)
        self.connection.write({"payment_direction": "to_xero", "sync_from": "2026-11-03"})
        self.assertWaiting(payments, 0.0)
        self.assertWaiting(expense.account_move_id.browse(), 0.0)

    def test_its_reversal_and_other_payments_are_not_counted(self):
        move = self.spend_company(110.0).account_move_id
        move._reverse_moves(cancel=True)
        self.on_account(20.0)
        self.assertWaiting(move, 110.0)
        self.assertWaiting(move.origin_payment_id, 110.0)
