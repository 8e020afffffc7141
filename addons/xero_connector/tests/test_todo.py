"""To Do counts whatever goes to Xero, and opens just what it has counted."""

from odoo.tests import tagged

from .test_push_payments import PaymentCase


@tagged("post_install", "-at_install")
class TestTodo(PaymentCase):
    def todo(self, kind, model):
        """The row of `kind` for records of `model`."""
        self.env.flush_all()
        self.env["xero.todo"].invalidate_model()
        domain = [("company_id", "=", self.company.id), ("kind", "=", kind), ("model", "=", model)]
        return self.env["xero.todo"].search(domain)

    def assertOpens(self, todo, records):
        action = todo.action_open()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual((found, todo.count), (records, len(records)))

    def test_payments(self):
        moves = self.invoice([(1, 100.0)]) | self.invoice([(1, 50.0)])
        self.push(moves)
        payment = self.pay(moves, group_payment=True)
        waiting = self.todo("not_yet", "account.payment")
        self.assertEqual((waiting.amount, waiting.name), (165.0, "Payments: Posted: push them"))
        self.assertOpens(waiting, payment)
        self.push(payment)
        self.assertFalse(self.todo("not_yet", "account.payment"))
        # Two parts are one payment.
        payment.action_cancel()
        changed = self.todo("outdated", "account.payment")
        self.assertEqual(changed.amount, 165.0)
        self.assertOpens(changed, payment)

    def test_payments_that_are_not_to_go(self):
        move = self.invoice([(1, 100.0)])
        self.push(move)
        self.on_account(20.0)
        self.assertFalse(self.todo("not_yet", "account.payment"), "it pays nothing")
        self.connection.payment_direction = "from_xero"
        self.pay([move])
        self.assertFalse(self.todo("not_yet", "account.payment"))

    def test_entries_of_chosen_journals(self):
        entry = self.journal_entry()
        self.pay([self.invoice([(1, 100.0)])])
        invoices = [("move_type", "=", "out_invoice"), ("company_id", "=", self.company.id)]
        others = self.env["account.move"].search(invoices)
        self.assertOpens(self.todo("not_yet", "account.move"), (entry | others).sorted())
        entry.journal_id.xero_send_entries = False
        self.assertOpens(self.todo("not_yet", "account.move"), others)

    def test_what_only_the_statement_has_paid(self):
        # PAY-09: the line is what is to be pushed
        move, other = self.invoice([(1, 100.0)]), self.invoice([(1, 100.0)])
        self.push(move | other)
        model = "account.bank.statement.line"
        self.assertFalse(self.todo("not_yet", model))
        line = self.on_statement(60.0, move)
        row = self.todo("not_yet", model)
        self.assertEqual((row.amount, row.name), (60.0, "Bank Statement Line: Posted: push them"))
        self.assertOpens(row, line)
        self.connection.payment_direction = "from_xero"
        self.assertFalse(self.todo("not_yet", model))
        self.connection.payment_direction = "to_xero"
        self.push(line)
        self.assertFalse(self.todo("not_yet", model))
        line.action_undo_reconciliation()
        self.assertOpens(self.todo("outdated", model), line)
