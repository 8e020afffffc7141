"""One payment of several documents is one line of the bank's statement in Xero, by option (books B20)."""

import json

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import LOST
from .test_push_payments import PaymentCase


@tagged("post_install", "-at_install")
class TestPushBatchPayments(PaymentCase):
    def setUp(self):
        super().setUp()
        self.connection.batch_payments = True

    def three(self):
        moves = self.env["account.move"].concat(*(self.invoice([(1, price)]) for price in (100.0, 50.0, 25.0)))
        self.push(moves)
        return moves, self.pay(moves, group_payment=True, communication="Wire 4711")

    def batches(self):
        return [row for row in self.xero.organisation(1).batch_payments if row["Status"] == "AUTHORISED"]

    def by_dataset(self, payment):
        return {key: len(links) for key, links in self.links(payment).filtered("xero_id").grouped("dataset").items()}

    def test_three_invoices_are_one_line(self):
        moves, payment = self.three()
        action = self.push(payment)
        self.assertEqual(action["params"]["type"], "success", action["params"]["message"])
        (batch,) = self.batches()
        self.assertEqual((float(batch["TotalAmount"]), batch["Details"]), (192.5, "Wire 4711"))
        self.assertEqual((batch["Type"], batch["account_id"]), ("RECBATCH", self.bank_in_xero.xero_id))
        self.assertEqual([self.status_in_xero(move) for move in moves], ["PAID"] * 3)
        self.assertEqual((self.xero.count("PUT /BatchPayments"), self.xero.count("PUT /Payments")), (1, 0))
        links = self.links(payment)
        self.assertEqual(set(links.mapped("xero_id")), {batch["BatchPaymentID"], *batch["payments"]})
        self.assertEqual(self.by_dataset(payment), {"batch_payment": 1, "payment": 3})
        self.assertEqual((payment.xero_state, self.problem(payment)), ("synced", False))
        self.push(payment)
        self.assertEqual(len(self.batches()), 1)

    def test_unreconciled_and_reconciled_again_it_is_as_it_was(self):
        moves, payment = self.three()
        self.push(payment)
        moves[0].line_ids.remove_move_reconcile()
        self.assertEqual(payment.xero_state, "outdated")
        self.push(payment)
        self.assertEqual((payment.xero_state, payment.xero_link_id.reason), ("outdated", "payment_changed"))
        lines = (moves[0] | payment.move_id).line_ids
        lines.filtered(lambda x: x.account_type == "asset_receivable" and not x.reconciled).reconcile()
        self.push(payment)
        self.assertEqual(set(self.links(payment).mapped("state")), {"synced"})
        self.assertFalse(self.env["xero.exception"].search([("res_id", "=", payment.id), ("state", "=", "open")]))
        self.assertEqual(len(self.batches()), 1)

    def test_bills_too(self):
        bills = self.bill() | self.bill(lines=((1, 80.0),), ref="PM-7782")
        self.push(bills)
        payment = self.pay(bills, group_payment=True)
        self.push(payment)
        self.assertEqual((payment.xero_state, self.problem(payment)), ("synced", False))
        self.assertEqual([batch["Type"] for batch in self.batches()], ["PAYBATCH"])

    def test_two_payments_of_the_same_words_stay_two(self):
        (_first, one), (_second, other) = self.three(), self.three()
        self.push(one | other)
        self.assertEqual([len(batch["payments"]) for batch in self.batches()], [3, 3])
        self.assertEqual(self.xero.count("PUT /BatchPayments"), 1)

    def test_what_goes_one_by_one(self):
        fees = self.env["account.account"].search(
            [("company_ids", "in", self.company.ids), ("account_type", "=", "expense")], limit=2
        )[1]
        self.map_account(fees, "404")
        self.account("404").enable_payments = True
        write_off = {
            "payment_difference_handling": "reconcile",
            "writeoff_account_id": fees.id,
            "writeoff_label": "Fee",
        }
        moves = [self.invoice([{"quantity": 1, "price_unit": 100.0, "tax_ids": False}]) for _number in range(6)]
        self.push(self.env["account.move"].concat(*moves))
        alone = self.pay(moves[:1])
        with_fee = self.pay(moves[1:3], group_payment=True, amount=195.0, **write_off)
        part = self.pay(moves[3:5], group_payment=True, amount=250.0)
        late = self.pay(moves[5:])
        dataset = self.connection._dataset("batch_payment")
        self.assertFalse([payment.name for payment in alone | with_fee | part | late if dataset._is_batch(payment)])
        both = self.three()[1]
        self.assertTrue(dataset._is_batch(both))
        self.connection.payment_direction = "both"
        self.assertFalse(dataset._is_batch(both), "each one is looked for first")

    def test_a_part_payment_of_two_is_plain_cash(self):
        moves = self.env["account.move"].concat(*(self.invoice([(1, 100.0)]) for _number in range(2)))
        self.push(moves)
        payment = self.pay(moves, group_payment=True, amount=150.0)
        self.push(payment)
        (batch,) = self.batches()
        self.assertEqual(float(batch["TotalAmount"]), 150.0)
        self.assertEqual(sorted(self.status_in_xero(move) for move in moves), ["AUTHORISED", "PAID"])

    @mute_logger("odoo.addons.xero_connector")
    def test_a_lost_answer_pays_once(self):
        for kind in LOST:
            with self.subTest(kind):
                moves, payment = self.three()
                before = len(self.batches())
                self.xero.sandbox.faults.add(kind, method="PUT", path="/BatchPayments$", times=1)
                self.push(payment)
                self.age(minutes=7)
                self.work_until(lambda payment=payment: payment.xero_state == "synced")
                self.assertEqual(len(self.batches()), before + 1)
                self.assertEqual(self.by_dataset(payment), {"batch_payment": 1, "payment": 3})
                self.assertEqual([self.status_in_xero(move) for move in moves], ["PAID"] * 3)
                self.xero.sandbox.faults.clear()

    def test_it_waits_for_a_draft(self):
        # B23: none of it goes before all of its documents are approved
        self.connection.push_status_invoice = "draft"
        draft = self.invoice([(1, 10.0)])
        self.push(draft)
        self.connection.push_status_invoice = "authorised"
        other = self.invoice([(1, 20.0)])
        self.push(other)
        payment = self.pay(draft | other, group_payment=True)
        self.push(payment)
        self.assertEqual((payment.xero_state, payment.xero_link_id.reason), ("held", "payment_waits"))
        self.assertFalse(self.batches())
        self.call_xero("POST", f"/Invoices/{draft.xero_link_id.xero_id}", {"Status": "AUTHORISED"})
        with self.as_request(self.connection) as current:
            current.action_import()
        self.work(self.connection)
        self.assertEqual(len(self.batches()), 1)

    def test_what_is_on_its_way_decides_how_it_goes_on(self):
        for kind, path in (("batch_payment", "/BatchPayments$"), ("payment", "/Payments$")):
            with self.subTest(kind):
                self.connection.batch_payments = kind == "batch_payment"
                moves, payment = self.three()
                before = len(self.payments_in_xero())
                self.xero.sandbox.faults.add("drop_after", method="PUT", path=path, times=1)
                self.push(payment)
                self.assertEqual(payment.xero_state, "in_doubt")
                self.connection.batch_payments = not self.connection.batch_payments
                self.assertEqual(payment._xero_dataset_key(), kind)
                self.push(payment)
                self.age(minutes=7)
                self.work_until(lambda payment=payment: payment.xero_state == "synced")
                self.assertEqual(len(self.payments_in_xero()), before + 3)
                self.assertEqual([self.status_in_xero(move) for move in moves], ["PAID"] * 3)
                self.assertEqual(payment.xero_state, "synced")

    def test_what_waited_alone_goes_with_the_others(self):
        payment = self.on_account(110.0)
        self.push(payment)
        self.assertEqual(payment.xero_link_id.reason, "payment_on_account")
        moves = self.env["account.move"].concat(*(self.invoice([(1, 50.0)]) for _number in range(2)))
        self.push(moves)
        lines = (payment.move_id | moves).line_ids.filtered(lambda x: x.account_id.account_type == "asset_receivable")
        lines.reconcile()
        self.push(payment)
        self.assertEqual((payment.xero_state, self.problem(payment)), ("synced", False))
        self.assertEqual(self.by_dataset(payment), {"batch_payment": 1, "payment": 2})
        self.assertEqual(len(self.links(payment)), 3)

    def test_other_shares_are_a_change(self):
        moves = self.env["account.move"].concat(*(self.invoice([(1, 100.0)]) for _number in range(2)))
        self.push(moves)
        payment = self.pay(moves, group_payment=True, amount=150.0)
        self.push(payment)
        lines = (payment.move_id | moves).line_ids.filtered(lambda x: x.account_id.account_type == "asset_receivable")
        lines.remove_move_reconcile()
        first, second = (lines.filtered(lambda line, move=move: line.move_id == move) for move in moves[::-1])
        (lines.filtered(lambda line: line.move_id == payment.move_id) | first).reconcile()
        (lines.filtered(lambda line: line.move_id == payment.move_id) | second).reconcile()
        batch_link = self.links(payment).filtered(lambda link: link.dataset == "batch_payment")
        amounts = {amount for _id, amount in batch_link.figures["payments"].values()}
        self.assertEqual(amounts, {"110.00", "40.00"})
        self.push(payment)
        self.assertEqual((batch_link.state, batch_link.reason), ("outdated", "payment_changed"))

    def test_undo_deletes_the_whole(self):
        # B16
        moves, payment = self.three()
        self.push(payment)
        boss = self.new_user("boss", "account.group_account_manager", "xero_connector.group_xero_admin")
        batch_link = self.links(payment).filtered(lambda link: link.dataset == "batch_payment")
        with self.as_request(batch_link.run_id, boss) as current:
            wizard = self.env["xero.undo"].browse(current.action_undo()["res_id"])
        with self.as_request(wizard, boss) as current:
            current.action_undo()
        self.work(self.connection)
        self.assertFalse(self.batches())
        self.assertFalse(self.payments_in_xero())
        self.assertEqual([self.status_in_xero(move) for move in moves], ["AUTHORISED"] * 3)
        self.assertEqual(set(self.links(payment).mapped("xero_status")), {"DELETED"})
        self.assertIn(payment.state, ("in_process", "paid"), "Odoo's own stays")

    def test_deleted_in_xero(self):
        _moves, payment = self.three()
        self.push(payment)
        (batch,) = self.batches()
        self.call_xero("POST", f"/BatchPayments/{batch['BatchPaymentID']}", {"Status": "DELETED"})
        self.connection.payment_direction = "both"
        with self.as_request(self.connection) as current:
            current.action_import()
        self.assertEqual(payment.state, "canceled")
        self.assertEqual(set(self.links(payment).mapped("state")), {"excluded"})

    def test_cancelled_in_odoo(self):
        # B14, by choice
        moves, payment = self.three()
        self.push(payment)
        payment.action_cancel()
        self.connection.on_cancel = "void"
        self.push(payment)
        self.assertFalse(self.batches())
        self.assertEqual([self.status_in_xero(move) for move in moves], ["AUTHORISED"] * 3)
        self.assertEqual(set(self.links(payment).mapped("state")), {"excluded"})

    def test_a_dry_run_shows_the_whole(self):
        _moves, payment = self.three()
        with self.as_request(payment) as current:
            action = current.action_xero_dry_run()
        wizard = self.env["xero.dry.run"].browse(action["res_id"])
        self.assertIn("PUT /BatchPayments", wizard.request)
        (body,) = json.loads(wizard.body)["BatchPayments"]
        self.assertEqual([part["Amount"] for part in body["Payments"]], [110.0, 55.0, 27.5])
