"""Batch payments of Xero's are one payment each, however they come in (B20)."""

from odoo.tests import tagged

from .pulled_payments import PulledPaymentCase


@tagged("post_install", "-at_install")
class TestPullPaymentBatches(PulledPaymentCase):
    def test_a_batch_is_one_payment(self):
        moves = [self.pushed([(1, price)]) for price in (100.0, 200.0, 300.0)]
        self.batch(moves, (110.0, 120.0, 330.0))
        run = self.pull()
        self.assertEqual((run.created, run.failed), (3, 0))
        payment = moves[0]._get_reconciled_payments()
        self.assertEqual((len(payment), payment.amount), (1, 560.0))
        self.assertEqual([move.amount_residual for move in moves], [0.0, 100.0, 0.0])
        self.assertEqual(self.balance_of(self.bank.default_account_id), self.xero_balance(self.theirs.xero_id))

    def test_a_batch_is_one_payment_across_blocks(self):
        """Three before it fill a block of four, one after it cannot be booked: still one line of the bank (B20)."""
        dataset = self.env.registry["xero.dataset.payment"]
        self.patch(dataset, "_block", 4)
        moves = [self.pushed([(1, 100.0)]) for _n in range(7)]
        for move in moves[:3]:
            self.pay(move, 110)
        self.batch(moves[3:6], (110.0,) * 3)
        self.pay(moves[6], 110)
        wrong, prepare = moves[6], dataset._prepare_payment

        def refuse(dataset, group):
            if group[0]["move"].id == wrong.id:
                raise ValueError("No.")
            return prepare(dataset, group)

        self.patch(dataset, "_prepare_payment", refuse)
        run = self.pull()
        self.assertEqual((run.created, run.failed), (6, 1))
        payments = [move._get_reconciled_payments() for move in moves]
        self.assertEqual([payment.amount for payment in payments], [110.0] * 3 + [330.0] * 3 + [0])

    def test_a_batch_is_one_payment_across_pages(self):
        self.patch(self.env.registry["xero.dataset.payment"], "_page", 4)
        moves = [self.pushed([(1, 100.0)]) for _n in range(7)]
        for move in moves[:2]:
            self.pay(move, 110)
            self.xero.advance(5)
        self.batch(moves[2:5], (110.0,) * 3)
        for move in moves[5:]:
            self.xero.advance(5)
            self.pay(move, 110)
        run = self.pull()
        self.assertEqual((run.created, run.failed), (7, 0))
        payments = [move._get_reconciled_payments() for move in moves]
        self.assertEqual([payment.amount for payment in payments], [110.0] * 2 + [330.0] * 3 + [110.0] * 2)

    def test_a_batch_larger_than_a_page_comes_in(self):
        self.patch(self.env.registry["xero.dataset.payment"], "_page", 3)
        moves = [self.pushed([(1, 100.0)]) for _n in range(6)]
        self.pay(moves[0], 110)
        self.xero.advance(5)
        self.batch(moves[1:], (110.0,) * 5)
        run = self.pull()
        self.assertEqual((run.created, run.failed), (6, 0))
        self.assertEqual({move.payment_state for move in moves}, {"paid"})

    def test_a_batch_that_was_refused_is_one_payment_when_read_again(self):
        moves = [self.pushed([(1, 100.0)]) for _n in range(3)]
        self.bank.xero_account_id = False
        self.connection.default_bank_account_id = False
        self.batch(moves, (110.0,) * 3)
        self.assertEqual(self.pull().failed, 3)
        problems = self.env["xero.exception"].search([("code", "=", "payment_account_unmapped")])
        self.bank.xero_account_id = self.theirs
        with self.as_request(problems) as current:
            current.action_retry()
        payments = moves[0]._get_reconciled_payments()
        self.assertEqual(payments.mapped("amount"), [330.0])
        self.assertEqual({move._get_reconciled_payments() for move in moves}, {payments})
        self.assertEqual(set(problems.mapped("state")), {"done"})

    def test_a_batch_deleted_in_xero_opens_all_its_documents(self):
        moves = [self.pushed([(1, price)]) for price in (100.0, 200.0)]
        rows = [{"invoice": move.xero_link_id.xero_id, "amount": move.amount_total} for move in moves]
        batch = self.xero.act("batch_pay", payments=rows, account="090", date="2026-11-10")
        self.pull()
        payment = moves[0]._get_reconciled_payments()
        # One that is not the last of its sequence.
        later = self.pushed([(1, 50.0)])
        self.pay(later, 55)
        self.pull()
        self.xero.advance(400)
        self.xero.act("unbatch", batch=batch["BatchPaymentID"])
        self.pull()
        self.assertEqual(payment.state, "canceled")
        self.assertTrue(payment.move_id, "the cancelled entry keeps its number")
        self.assertEqual([move.amount_residual for move in moves], [110.0, 220.0])
        links = self.env["xero.link"].search([("model", "=", "account.payment"), ("res_id", "=", payment.id)])
        self.assertEqual(set(links.mapped("xero_status")), {"DELETED"})
        self.assertEqual(set(self.env["xero.exception"].search([]).mapped("code")), {"payment_deleted"})
