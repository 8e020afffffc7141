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
        # PAY-09: Xero is not told of it, so somebody is
        self.bank.xero_bank_owner = "odoo"
        move, other = self.invoice([(1, 100.0)]), self.invoice([(1, 100.0)])
        self.push(move | other)
        self.assertFalse(self.todo("statement", "account.move"))
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "payment_ref": move.name,
                "partner_id": self.partner.id,
                "amount": 60.0,
                "date": "2026-11-09",
                "counterpart_account_id": move.line_ids.filtered("date_maturity").account_id.id,
            }
        )
        self.reconcile(line.move_id, move)
        row = self.todo("statement", "account.move")
        self.assertEqual(row.amount, 60.0)
        self.assertOpens(row, move)
        self.xero.act("pay", invoice=move.xero_link_id.xero_id, amount=110, account="090", date="2026-11-10")
        self.pull("invoice")
        self.assertFalse(self.todo("statement", "account.move"))
