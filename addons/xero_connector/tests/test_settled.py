"""What is paid or used in part cannot be changed in Xero: it is held before any call (INV-09, K17)."""

from odoo.tests import tagged

from .test_push_payments import PaymentCase


@tagged("post_install", "-at_install")
class TestSettled(PaymentCase):
    def setUp(self):
        super().setUp()
        self.move = self.invoice([(1, 100.0)])
        self.push(self.move)

    def settle(self, credit):
        """Use a credit note for the invoice, on both sides."""
        lines = (self.move | credit).line_ids
        lines.filtered(lambda line: line.account_type == "asset_receivable").reconcile()
        self.push(credit)
        self.work(self.connection)
        self.assertTrue(self.in_xero(credit, "CreditNotes")["Allocations"])

    def bring_in(self):
        with self.as_request(self.connection) as current:
            current.action_import()

    def assertHeld(self, record):
        record.ref = "changed"
        self.xero.sandbox.log.clear()
        self.push(record)
        self.assertEqual((self.problem(record), record.xero_state), ("settled_in_xero", "held"))
        self.assertFalse(self.xero.calls)

    def test_an_import_tells(self):
        body = {"Invoice": {"InvoiceID": self.move.xero_link_id.xero_id}, "Account": {"Code": "090"}}
        paid = self.create_in_xero("/Payments", {**body, "Date": "2026-11-12", "Amount": 30.0})["Payments"][0]
        self.bring_in()
        self.assertHeld(self.move)
        # Taken back there it can go.
        self.call_xero("POST", f"/Payments/{paid['PaymentID']}", {"Status": "DELETED"})
        self.bring_in()
        self.push(self.move)
        self.assertEqual((self.move.xero_state, self.in_xero(self.move)["Reference"]), ("synced", "changed"))

    def test_our_own_payment_tells(self):
        payment = self.pay([self.move], amount=30.0)
        self.push(payment)
        self.assertEqual(payment.xero_state, "synced")
        self.assertHeld(self.move)

    def test_our_own_credit_tells(self):
        credit = self.invoice([(1, 10.0)], move_type="out_refund")
        self.push(credit)
        self.settle(credit)
        self.assertHeld(self.move)

    def test_a_credit_note_in_use(self):
        credit, other = (self.invoice([(1, 150.0)], move_type="out_refund") for _time in range(2))
        self.push(credit | other)
        self.settle(credit)
        self.assertHeld(credit)
        other.ref = "changed"
        self.push(other)
        self.assertFalse(self.problem(other), "nothing is used of that one")

    def test_an_unchanged_one_is_no_question(self):
        payment = self.pay([self.move], amount=30.0)
        self.push(payment)
        self.push(self.move)
        self.assertEqual((self.problem(self.move), self.move.xero_state), (False, "synced"))
