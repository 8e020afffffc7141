"""Payments that Odoo has already, by hand or on a bank statement, when Xero's come in (B19 to B21)."""

from odoo.tests import tagged

from .pulled_payments import PulledPaymentCase


@tagged("post_install", "-at_install")
class TestPullPaymentsByHand(PulledPaymentCase):
    def test_one_that_was_typed_in_by_hand_is_linked(self):
        move = self.pushed([(1, 1000.0)])
        wizard = self.env["account.payment.register"].with_context(active_model="account.move", active_ids=move.ids)
        wizard.create({"journal_id": self.bank.id, "payment_date": "2026-11-08"})._create_payments()
        by_hand = move._get_reconciled_payments()
        payment_id = self.pay(move, 1100)
        run = self.pull()
        self.assertEqual((run.linked, run.created), (1, 0))
        self.assertEqual(self.booked(payment_id), by_hand)
        self.assertEqual(len(move._get_reconciled_payments()), 1)

    def test_what_was_written_off_by_hand_is_linked(self):
        # 97 of 100 came, 3 were written off: in Odoo one payment, in Xero two (B20)
        write_off = self.env["xero.account"].search(
            [("connection_id", "=", self.connection.id), ("enable_payments", "=", True), ("type", "!=", "BANK")],
            limit=1,
        )
        fees = self.env["account.account"].search(
            [("company_ids", "in", self.company.ids), ("account_type", "=", "expense")], limit=1
        )
        fees.with_company(self.company).xero_account_id = write_off
        move = self.pushed([{"quantity": 1, "price_unit": 100.0, "tax_ids": [(5, 0, 0)]}])
        wizard = self.env["account.payment.register"].with_context(active_model="account.move", active_ids=move.ids)
        values = {"journal_id": self.bank.id, "payment_date": "2026-11-08", "amount": 97.0}
        values |= {"payment_difference_handling": "reconcile", "writeoff_account_id": fees.id}
        payment = wizard.create(values)._create_payments()
        self.assertEqual(move.payment_state, "paid")
        ids = [self.pay(move, 97), self.pay(move, 3, account=write_off.xero_id)]
        run = self.pull()
        self.assertEqual((run.linked, run.created, run.failed), (2, 0, 0))
        self.assertEqual([self.booked(payment_id) for payment_id in ids], [payment] * 2)
        # Nothing is asked when it is settled anew, and nobody else takes its place.
        move.line_ids.remove_move_reconcile()
        undone = [("code", "=", "payment_undone_here"), ("state", "=", "open")]
        self.assertEqual(self.env["xero.exception"].search_count(undone), 2)
        self.reconcile(payment.move_id, move)
        self.assertFalse(self.env["xero.exception"].search(undone))
        self.assertEqual(self.pull(everything=True).failed, 0)
        self.assertEqual((move.amount_residual, self.balance_of(fees)), (0.0, 3.0))

    def test_one_of_several_documents_is_linked_to_each(self):
        """Odoo's 560 over 110, 120 of 220, and 330: a batch of three in Xero (B20)."""
        moves = [self.pushed([(1, price)]) for price in (100.0, 200.0, 300.0)]
        by_hand = self.by_hand(560)
        self.reconcile(by_hand.move_id, moves[0])
        self.reconcile(by_hand.move_id, moves[2])
        self.reconcile(by_hand.move_id, moves[1])
        self.assertEqual([move.amount_residual for move in moves], [0.0, 100.0, 0.0])
        self.batch(moves, (110.0, 120.0, 330.0))
        run = self.pull()
        self.assertEqual((run.linked, run.created, run.failed), (3, 0, 0))
        links = self.env["xero.link"].search([("dataset", "=", "payment")])
        self.assertEqual(set(links.mapped("part")), {f"account.move,{move.id}" for move in moves})
        self.assertEqual(set(links.mapped("res_id")), {by_hand.id})
        self.assertEqual([move.amount_residual for move in moves], [0.0, 100.0, 0.0])
        # Another one of the same amount is another one.
        self.pay(moves[1], 100)
        self.assertEqual(self.pull().created, 1)

    def test_more_than_the_document_was_is_linked(self):
        move = self.pushed([(1, 1000.0)])
        by_hand = self.by_hand(1500)
        self.reconcile(by_hand.move_id, move)
        payment_id = self.pay(move, 1100)
        self.assertEqual(self.booked_after(payment_id), by_hand)

    def test_a_link_that_says_nothing_yet_is_taken_over(self):
        # Left out, or refused, when payments went to Xero.
        move = self.pushed([(1, 1000.0)])
        by_hand = self.by_hand(1100)
        self.reconcile(by_hand.move_id, move)
        link = self.link(self.connection, "payment", by_hand, False)
        link.write({"state": "excluded", "part": f"account.move,{move.id}"})
        payment_id = self.pay(move, 1100)
        self.assertEqual(self.booked_after(payment_id), by_hand)
        self.assertEqual((link.xero_id, link.state), (payment_id, "synced"))

    def test_a_line_of_a_bank_statement_is_linked(self):
        """Reconciled without a payment: the line stands for Xero's payment, and nothing is booked (B21)."""
        move = self.pushed([(1, 1000.0)])
        line = self.on_statement(move, 1100)
        self.assertEqual(move.amount_residual, 0.0)
        payment_id = self.pay(move, 1100)
        run = self.pull()
        self.assertEqual((run.linked, run.created, run.failed), (1, 0, 0))
        self.assertEqual(self.booked(payment_id), line)
        self.assertEqual(self.balance_of(self.bank.default_account_id), self.xero_balance(self.theirs.xero_id))
        self.assertEqual(self.pull().linked, 0)
        # Deleted in Xero: the bank has moved the money, so a person undoes it here.
        self.xero.advance(400)
        self.call_xero("POST", f"/Payments/{payment_id}", {"Status": "DELETED"})
        self.pull()
        problem = self.env["xero.exception"].search([("code", "=", "payment_deleted_matched")])
        self.assertEqual((problem.state, move.amount_residual), ("open", 0.0))
        line.move_id.line_ids.remove_move_reconcile()
        with self.as_request(problem) as current:
            current.action_retry()
        self.assertEqual((problem.state, line.move_id.state), ("done", "posted"))

    def test_a_statement_line_is_no_credit_of_xero(self):
        # What the bank has paid is not what a credit note has: only the rest is missing here.
        move = self.pushed([(1, 1000.0)])
        self.on_statement(move, 600)
        credit = self.invoice([(1, 100.0)], move_type="out_refund")
        self.push(credit)
        allocation = {"Amount": 110, "Invoice": {"InvoiceID": move.xero_link_id.xero_id}}
        path = f"/CreditNotes/{credit.xero_link_id.xero_id}/Allocations"
        self.xero.advance(400)
        self.create_in_xero(path, {"Allocations": [allocation]})
        self.pull("invoice")
        self.assertEqual(self.problem(move), "credited_in_xero")

    def test_one_that_waits_unreconciled_is_a_question(self):
        move = self.pushed([(1, 1000.0)])
        by_hand = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.partner.id,
                "amount": 1100,
                "date": "2026-11-09",
                "journal_id": self.bank.id,
            }
        )
        by_hand.action_post()
        payment_id = self.pay(move, 1100)
        self.assertEqual(self.pull().failed, 1)
        problem = self.env["xero.exception"].search([("code", "=", "payment_maybe_here")])
        (by_hand.move_id | move).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()
        with self.as_request(problem) as current:
            current.action_retry()
        self.assertEqual((self.booked(payment_id), problem.state), (by_hand, "done"))
