"""Payments that were undone in Odoo while Xero still counts them: what a person can do, and when it is settled."""

from odoo.tests import tagged

from .test_push_payments import PaymentCase


@tagged("post_install", "-at_install")
class TestUndonePayments(PaymentCase):
    def exceptions(self, payment):
        domain = [("model", "=", payment._name), ("res_id", "=", payment.id), ("state", "in", ("open", "progress"))]
        return self.env["xero.exception"].search(domain)

    def cancelled(self):
        """A payment that Xero has and Odoo has cancelled, with its problem."""
        move, payment = self.paid_invoice()
        payment.action_cancel()
        self.push(payment)
        problem = self.exceptions(payment)
        self.assertEqual((problem.code, problem.cure), ("payment_cancelled_in_odoo", "delete_there"))
        self.assertIn(payment.name, problem.cause)
        return move, payment, problem

    def sent(self, payment):
        return self.links(payment).filtered("xero_id")

    def cure(self, problem):
        with self.as_request(problem) as current:
            current.action_cure()

    def assertSettled(self, payment):
        self.assertEqual((self.exceptions(payment).ids, payment.xero_state), ([], "excluded"))

    def test_it_is_deleted_in_xero_by_choice(self):
        move, payment, problem = self.cancelled()
        self.cure(problem)
        self.assertFalse(self.payments_in_xero())
        self.assertEqual((problem.state, self.status_in_xero(move)), ("done", "AUTHORISED"))
        self.assertSettled(payment)
        event = self.env["xero.event"].search([("kind", "=", "taken_back"), ("res_id", "=", payment.id)])
        self.assertEqual((event.user_id, event.xero_id), (self.env.user, self.sent(payment).xero_id))
        # That was said of this payment: one that is registered again and cancelled again is asked about again.
        payment.action_draft()
        payment.action_post()
        self.reconcile(payment, move)
        self.push(payment)
        self.assertEqual(len(self.payments_in_xero()), 1)
        payment.action_cancel()
        self.push(payment)
        self.assertEqual(self.exceptions(payment).code, "payment_cancelled_in_odoo")
        self.assertEqual(len(self.payments_in_xero()), 1)

    def test_one_that_was_rejected_is_deleted_too(self):
        for choice in ("report", "void"):
            with self.subTest(choice):
                move, payment = self.paid_invoice()
                self.connection.on_cancel = choice
                payment.action_reject()
                self.push(payment)
                if choice == "report":
                    problem = self.exceptions(payment)
                    self.assertEqual((problem.code, problem.cure), ("payment_cancelled_in_odoo", "delete_there"))
                    self.cure(problem)
                self.assertEqual((self.payments_in_xero(), self.status_in_xero(move)), ([], "AUTHORISED"))
                self.assertSettled(payment)

    def test_somebody_has_deleted_it_there(self):
        move, payment, problem = self.cancelled()
        self.delete_in_xero(payment, move)
        self.xero.sandbox.log.clear()
        self.cure(problem)
        self.assertFalse(self.xero.count("POST /Payments"))
        self.assertEqual(problem.state, "done")
        self.assertSettled(payment)

    def test_what_is_on_a_statement_there_stays(self):
        move, payment, problem = self.cancelled()
        payment_id = self.sent(payment).xero_id
        self.xero.act("reconcile", payment=payment_id)
        self.cure(problem)
        self.assertEqual((problem.code, problem.state), ("payment_reconciled_there", "open"))
        self.assertIn(payment.name, problem.cause)
        self.assertEqual(len(self.payments_in_xero()), 1)
        self.xero.act("reconcile", payment=payment_id, reconciled=False)
        self.cure(problem)
        self.assertFalse(self.payments_in_xero())
        self.assertSettled(payment)

    def test_what_lies_in_a_locked_period_stays(self):
        move, payment, problem = self.cancelled()
        lock = {"period_lock_date": "2026-11-11", "organisation_read_at": "2099-01-01"}
        self.connection.write(lock)
        self.cure(problem)
        self.assertEqual((problem.code, problem.state), ("locked_period", "open"))
        self.assertEqual(len(self.payments_in_xero()), 1)

    def test_one_that_is_waited_for_is_deleted_once_xero_answers(self):
        move, payment, problem = self.cancelled()
        self.xero.sandbox.faults.add("offline503", method="POST", path="/Payments/", times=1)
        self.cure(problem)
        self.assertEqual(len(self.payments_in_xero()), 1)
        self.work_until(lambda: payment.xero_state == "excluded")
        self.assertFalse(self.payments_in_xero())
        self.assertSettled(payment)

    def test_both_are_left_and_it_is_put_aside(self):
        move, payment, problem = self.cancelled()
        with self.as_request(problem) as current:
            current.action_ignore()
        self.assertEqual((self.exceptions(payment).ids, len(self.payments_in_xero())), ([], 1))

    def test_a_share_undone_here_and_deleted_there_is_settled(self):
        self.connection.payment_direction = "both"
        for used in (True, False):
            with self.subTest(used_for_another=used):
                first, payment = self.paid_invoice()
                second = self.invoice([(1, 100.0)])
                self.push(second)
                first.line_ids.remove_move_reconcile()
                self.push(payment)
                link = self.sent(payment)
                self.assertEqual(link.reason, "payment_unreconciled")
                if used:
                    self.reconcile(payment, second)
                self.xero.advance(400)
                problem = self.delete_in_xero(payment, first)
                self.pull("payment")
                codes = [other.code for other in self.exceptions(payment) if other.link_id == link]
                self.assertEqual(codes, [])
                self.assertEqual((problem.state, link.state, link.reason), ("done", "excluded", False))
                self.assertIn(payment.state, ("paid", "in_process"))
                self.assertEqual(bool(second.amount_residual), not used)
