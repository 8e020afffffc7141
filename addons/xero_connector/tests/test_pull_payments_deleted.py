"""Payments that were deleted in Xero or undone in Odoo, one of several, and all of them."""

from odoo.tests import tagged

from .pulled_payments import PulledPaymentCase


@tagged("post_install", "-at_install")
class TestPullDeletedPayments(PulledPaymentCase):
    def test_deleted_in_xero_opens_the_invoice(self):
        move = self.pushed([(1, 1000.0)])
        payment_id = self.pay(move, 1100)
        payment = self.booked_after(payment_id)
        self.assertEqual(move.payment_state, "paid")
        self.xero.advance(400)
        self.call_xero("POST", f"/Payments/{payment_id}", {"Status": "DELETED"})
        self.pull()
        self.assertEqual((payment.state, move.payment_state, move.amount_residual), ("canceled", "not_paid", 1100.0))
        self.assertEqual(self.problem(payment), "payment_deleted")
        self.assertEqual(self.balance_of(self.bank.default_account_id), 0.0)
        # It stays cancelled, and is not booked again; whoever has to look at it is told as long as he has not.
        for everything in (False, True):
            self.pull(everything=everything)
            self.assertEqual(self.problem(payment), "payment_deleted")
        self.xero.advance(400)
        self.pull()
        self.assertEqual((move.payment_state, self.problem(payment)), ("not_paid", "payment_deleted"))

    def test_undone_in_odoo_only(self):
        # B24: Xero counts it, Odoo no longer does
        move = self.pushed([(1, 1000.0)])
        payment_id = self.pay(move, 1100)
        payment = self.booked_after(payment_id)
        move.line_ids.remove_move_reconcile()
        problem = self.env["xero.exception"].search([("code", "=", "payment_undone_here")])
        self.assertEqual(problem.state, "open")
        for name in (payment.display_name, move.name):
            self.assertIn(name, problem.cause)
        # Whatever else changes in Xero, it stays a question.
        self.xero.advance(400)
        self.xero.organisation(1).payments.put(
            {**self.xero.organisation(1).payments.get(payment_id), "Reference": "Again"}
        )
        self.pull(everything=True)
        self.assertEqual(problem.state, "open")
        # Settled again, it is answered.
        self.reconcile(payment.move_id, move)
        self.assertEqual((problem.state, move.payment_state), ("done", "paid"))
        payment.action_draft()
        self.assertEqual(self.problem(payment), "payment_undone_here")
        payment.action_post()
        self.assertFalse(self.problem(payment))
        payment.action_draft()
        payment.action_cancel()
        self.assertEqual(self.problem(payment), "payment_undone_here")
        # Deleted there, too, both agree.
        self.delete(payment_id)
        self.assertFalse(self.problem(payment))

    def of_two(self):
        """One payment of 330 here, over documents of 110 and 220; two payments in Xero: ``(payment, moves, ids)``."""
        moves = self.pushed([(1, 100.0)]), self.pushed([(1, 200.0)])
        by_hand = self.by_hand(330)
        for move in moves:
            self.reconcile(by_hand.move_id, move)
        ids = [self.pay(move, move.amount_total) for move in moves]
        self.assertEqual(self.pull().linked, 2)
        self.xero.advance(400)
        return by_hand, moves, ids

    def shared(self):
        return self.env["xero.exception"].search([("code", "=", "payment_deleted_shared"), ("state", "=", "open")])

    def test_one_of_two_deleted_leaves_the_other_paid(self):
        payment, moves, ids = self.of_two()
        self.delete(ids[0])
        self.assertEqual((payment.state, [move.amount_residual for move in moves]), ("paid", [0.0, 0.0]))
        problem = self.shared()
        for name in (payment.display_name, moves[0].name, moves[1].name):
            self.assertIn(name, problem.cause)
        # Read again it is still so, until somebody has undone it here.
        with self.as_request(problem) as current:
            current.action_retry()
        self.assertEqual((problem.state, payment.state), ("open", "paid"))
        moves[0].line_ids.remove_move_reconcile()
        with self.as_request(problem) as current:
            current.action_retry()
        self.assertEqual((problem.state, payment.state, moves[1].amount_residual), ("done", "paid", 0.0))
        # The other one goes as well: nobody counts on it any more.
        self.delete(ids[1])
        self.assertEqual((payment.state, moves[1].amount_residual), ("canceled", 220.0))

    def test_both_deleted_one_after_the_other(self):
        payment, moves, ids = self.of_two()
        self.delete(ids[0])
        problem = self.shared()
        self.delete(ids[1])
        self.assertEqual((payment.state, [move.amount_residual for move in moves]), ("canceled", [110.0, 220.0]))
        with self.as_request(problem) as current:
            current.action_retry()
        self.assertEqual(problem.state, "done")

    def test_both_deleted_at_once(self):
        payment, moves, ids = self.of_two()
        self.delete(*ids)
        self.assertEqual((payment.state, [move.amount_residual for move in moves]), ("canceled", [110.0, 220.0]))
        self.assertFalse(self.shared())

    def test_one_of_two_deleted_and_registered_again(self):
        payment, moves, ids = self.of_two()
        self.delete(ids[0])
        problem = self.shared()
        again = self.pay(moves[0], 110)
        self.assertEqual(self.pull().created, 0)
        self.assertEqual(self.booked(again), payment)
        with self.as_request(problem) as current:
            current.action_retry()
        self.assertEqual((problem.state, payment.state), ("done", "paid"))

    def test_deleted_in_xero_but_used_for_another_document_here(self):
        move, other = self.pushed([(1, 100.0)]), self.pushed([(1, 100.0)])
        payment_id = self.pay(move, 110)
        payment = self.booked_after(payment_id)
        move.line_ids.remove_move_reconcile()
        self.reconcile(payment.move_id, other)
        self.xero.advance(400)
        self.delete(payment_id)
        self.assertEqual((payment.state, other.amount_residual, move.amount_residual), ("paid", 0.0, 110.0))
        self.assertIn(other.name, self.shared().cause)

    def test_a_refused_deletion_is_read_again(self):
        move = self.pushed([(1, 1000.0)])
        payment_id = self.pay(move, 1100)
        payment = self.booked_after(payment_id)
        self.xero.advance(400)
        self.call_xero("POST", f"/Payments/{payment_id}", {"Status": "DELETED"})
        self.company.fiscalyear_lock_date = "2026-11-15"
        self.pull()
        self.assertEqual((payment.state, self.problem(payment)), ("paid", "payment_deleted_locked"))
        self.company.fiscalyear_lock_date = False
        problem = self.env["xero.exception"].search([("code", "=", "payment_deleted_locked")])
        with self.as_request(problem) as current:
            current.action_retry()
        self.assertEqual((payment.state, move.payment_state), ("canceled", "not_paid"))
        self.assertEqual(self.problem(payment), "payment_deleted")
