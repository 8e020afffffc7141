"""Payments and allocations that go by themselves, and what is reconciled later (TIM-09, PAY-09, B14, B19, B23)."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..datasets.allocation import RECONCILABLE
from ..models.xero_connection_push import XeroConnection
from .test_push_payments import PaymentCase


class AutoCase(PaymentCase):
    def paid(self, *amounts):
        """Invoices in Xero, and a payment of the whole that is reconciled with none of them."""
        moves = [self.invoice([{"quantity": 1, "price_unit": amount, "tax_ids": False}]) for amount in amounts]
        self.push(self.env["account.move"].concat(*moves))
        return moves, self.on_account(sum(amounts))

    def sent(self):
        return sorted(float(row["Amount"]) for row in self.payments_in_xero())

    def pushes(self):
        return self.env["xero.run"].search_count([("kind", "=", "push")])


@tagged("post_install", "-at_install")
class TestAutoPayments(AutoCase):
    def test_by_hand_nothing_goes(self):
        move = self.invoice()
        self.push(move)
        runs = self.pushes()
        payment = self.pay([move])
        self.schedules()
        self.assertEqual((self.pushes(), payment.xero_state), (runs, False))

    def test_when_registered_it_is_sent_in_the_background(self):
        # TIM-09
        self.mode("on_posting", "customer_payment")
        move, bill = self.invoice([(1, 100.0)]), self.bill()
        self.push(move | bill)
        self.xero.sandbox.log.clear()
        payment, other = self.pay([move]), self.pay([bill])
        self.assertEqual(self.xero.calls, [], "registering waits for nobody")
        self.assertEqual((payment.xero_state, other.xero_state), ("queued", False))
        self.work(self.connection)
        self.assertEqual((payment.xero_state, self.sent()), ("synced", [110.0]))
        self.assertEqual(self.status_in_xero(move), "PAID")

    def test_registering_never_fails_by_the_queue(self):
        # TIM-09: what was left undone is found by the schedule
        self.mode("on_posting", "customer_payment")
        move = self.invoice([(1, 100.0)])
        self.push(move)
        with (
            patch.object(XeroConnection, "_queue", side_effect=RuntimeError("broken")),
            mute_logger("odoo.addons.xero_connector.models.xero_mixin_approval"),
        ):
            payment = self.pay([move])
        self.assertIn(move.payment_state, ("paid", "in_payment"))
        self.assertFalse(payment.xero_link_id)
        self.schedules()
        self.assertEqual((payment.xero_state, self.sent()), ("synced", [110.0]))

    def test_the_schedule_sends_once_what_its_condition_lets_through(self):
        # TIM-08, RUL-05
        mode = self.mode("scheduled", "customer_payment", domain="[('amount', '>', 100)]")
        small, large = self.invoice([(1, 50.0)]), self.invoice([(1, 500.0)])
        self.push(small | large)
        payments = self.pay([small]) | self.pay([large]) | self.on_account(700.0)
        self.schedules()
        self.assertEqual(payments.mapped("xero_state"), [False, "synced", False])
        runs = self.pushes()
        mode.last_start = "2020-01-01"
        self.schedules()
        self.assertEqual((self.pushes(), self.sent()), (runs, [550.0]))

    def test_an_error_is_not_tried_again_until_it_is_cured(self):
        # ERR-10
        mode = self.mode("scheduled", "customer_payment")
        self.bank.xero_account_id = False
        move = self.invoice()
        self.push(move)
        payment = self.pay([move])
        self.schedules()
        self.assertEqual(payment.xero_link_id.reason, "payment_bank_unmapped")
        runs = self.pushes()
        mode.last_start = "2020-01-01"
        self.schedules()
        self.assertEqual(self.pushes(), runs)

    def test_money_on_account_goes_with_its_document(self):
        self.mode("on_posting", "customer_payment")
        (first, second), payment = self.paid(30.0, 70.0)
        self.assertFalse(payment.xero_link_id)
        self.reconcile(payment, first)
        self.work(self.connection)
        self.assertEqual((self.sent(), payment.xero_state), ([30.0], "held"))
        self.reconcile(payment, second)
        self.work(self.connection)
        self.assertEqual((self.sent(), payment.xero_state), ([30.0, 70.0], "synced"))

    def test_the_rest_of_what_was_pushed_by_hand_follows_its_document(self):
        (first, second), payment = self.paid(30.0, 70.0)
        part = (payment.move_id | first).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        part.with_context(xero_reconcile=(part.ids, 30.0)).reconcile()
        self.push(payment)
        self.assertEqual((payment.xero_state, payment.xero_link_id.reason), ("held", "payment_on_account"))
        self.reconcile(payment, second)
        self.work(self.connection)
        self.assertEqual((payment.xero_state, self.sent()), ("synced", [30.0, 70.0]))

    def test_what_is_no_longer_reconciled_is_told(self):
        # B14: what Xero has stays until a person decides
        mode = self.mode("scheduled", "customer_payment")
        (move,), payment = self.paid(30.0)
        self.reconcile(payment, move)
        self.schedules()
        self.assertEqual(payment.xero_state, "synced")
        move.line_ids.remove_move_reconcile()
        self.assertEqual(payment.xero_state, "outdated")
        mode.last_start = "2020-01-01"
        self.schedules()
        self.assertEqual((payment.xero_state, payment.xero_link_id.reason), ("outdated", "payment_unreconciled"))
        self.assertEqual(self.sent(), [30.0])
        # ERR-10: told once
        runs = self.pushes()
        mode.last_start = "2020-01-01"
        self.schedules()
        self.assertEqual(self.pushes(), runs)
        self.reconcile(payment, move)
        mode.last_start = "2020-01-01"
        self.schedules()
        self.assertEqual((payment.xero_state, payment.xero_link_id.reason, self.sent()), ("synced", False, [30.0]))

    def test_it_waits_for_a_document_that_is_pushed_by_hand(self):
        self.mode("on_posting", "customer_payment")
        move = self.invoice([(1, 100.0)])
        payment = self.pay([move])
        self.work(self.connection)
        self.assertEqual((payment.xero_state, payment.xero_link_id.reason), ("held", "payment_document_missing"))
        self.push(move)
        self.work(self.connection)
        self.assertEqual((payment.xero_state, self.sent()), ("synced", [110.0]))

    def test_a_cancelled_payment_is_deleted_by_the_schedule(self):
        # B14
        mode = self.mode("scheduled", "customer_payment")
        self.connection.on_cancel = "void"
        for undo in ("action_cancel", "action_reject"):
            with self.subTest(undo):
                (move,), payment = self.paid(30.0)
                self.reconcile(payment, move)
                mode.last_start = "2020-01-01"
                self.schedules()
                self.assertEqual(self.sent(), [30.0])
                getattr(payment, undo)()
                self.assertEqual(payment.xero_state, "outdated")
                mode.last_start = "2020-01-01"
                self.schedules()
                self.assertEqual(self.sent(), [])
                self.assertEqual(self.status_in_xero(move), "AUTHORISED")

    def test_cancelled_after_it_was_told(self):
        mode = self.mode("scheduled", "customer_payment")
        self.connection.on_cancel = "void"
        (move,), payment = self.paid(30.0)
        self.reconcile(payment, move)
        self.schedules()
        move.line_ids.remove_move_reconcile()
        for press in (lambda: None, payment.action_cancel):
            press()
            mode.last_start = "2020-01-01"
            self.schedules()
        self.assertEqual(self.sent(), [])

    def test_payments_that_are_registered_together_go_together(self):
        self.mode("on_posting", "supplier_payment")
        bills = [self.bill([(1, 10.0 + number)], ref=f"B{number}") for number in range(8)]
        self.push(self.env["account.move"].concat(*bills))
        runs = self.pushes()
        self.xero.sandbox.log.clear()
        payments = self.pay(bills, group_payment=False)
        self.assertEqual((len(payments), self.pushes()), (8, runs + 1))
        self.work(self.connection)
        self.assertEqual(self.xero.count("PUT /Payments"), 1)
        self.assertEqual(set(payments.mapped("xero_state")), {"synced"})

    def test_another_day_is_told(self):
        (move,), payment = self.paid(30.0)
        self.reconcile(payment, move)
        self.push(payment)
        payment.action_draft()
        payment.date = "2026-11-12"
        payment.action_post()
        self.reconcile(payment, move)
        self.push(payment)
        self.assertEqual((payment.xero_state, payment.xero_link_id.reason), ("outdated", "payment_edited"))

    def test_a_connection_that_is_switched_off_meanwhile(self):
        self.mode("on_posting", "customer_payment")
        move = self.invoice([(1, 100.0)])
        payment = self.pay([move])
        self.work(self.connection)
        self.assertEqual(payment.xero_link_id.reason, "payment_document_missing")
        runs = self.pushes()
        self.connection.enabled = False
        self.connection._release_payments(move.ids)
        self.assertEqual(self.pushes(), runs)
        self.connection.enabled = True
        self.connection.payment_direction = "from_xero"
        self.connection._release_payments(move.ids)
        self.assertEqual(self.pushes(), runs)

    def test_what_comes_from_xero_does_not_go_back(self):
        self.mode("on_posting", "customer_payment")
        self.connection.payment_direction = "both"
        move = self.invoice([(1, 100.0)])
        self.push(move)
        runs = self.pushes()
        body = {
            "Invoice": {"InvoiceID": move.xero_link_id.xero_id},
            "Account": {"AccountID": self.bank_in_xero.xero_id},
            "Date": "2026-11-12",
            "Amount": 110.0,
        }
        self.create_in_xero("/Payments", {"Payments": [body]})
        self.pull("payment")
        self.assertEqual(move.payment_state, "paid")
        self.work(self.connection)
        self.assertEqual((self.pushes(), self.sent()), (runs, [110.0]))

    def test_an_approval_holds_a_payment(self):
        # RUL-09: what an approver must see does not pass him by
        self.mode("on_posting", "customer_payment")
        clerk = self.new_user("pay_clerk", "account.group_account_invoice", "xero_connector.group_xero_user")
        boss = self.new_user("pay_boss", "account.group_account_invoice", "xero_connector.group_xero_approver")
        self.env["xero.approval.rule"].create({"company_id": self.company.id, "kind": "customer_payment"})
        (move,), payment = self.paid(30.0)
        self.reconcile(payment.with_user(clerk), move.with_user(clerk))
        self.work(self.connection)
        self.assertEqual((payment.xero_state, self.sent()), ("held", []))
        self.assertTrue(payment.with_user(boss).xero_can_approve)
        self.assertFalse(payment.with_user(clerk).xero_can_approve)
        payment.with_user(boss).action_xero_approve()
        self.work(self.connection)
        self.assertEqual((payment.xero_state, self.sent()), ("synced", [30.0]))

    def test_who_edited_or_posted_a_payment_does_not_approve(self):
        # C.5
        clerk = self.new_user("pay_clerk", "account.group_account_invoice", "xero_connector.group_xero_user")
        boss = self.new_user("pay_boss", "account.group_account_invoice", "xero_connector.group_xero_approver")
        self.env["xero.approval.rule"].create({"company_id": self.company.id, "kind": "customer_payment"})
        edits = {
            "amount": lambda payment: payment.write({"amount": 30.0}),
            "entry": lambda payment: payment.move_id.write({"date": "2026-11-11"}),
            "post": lambda payment: payment.action_post(),
        }
        for name, edit in edits.items():
            with self.subTest(name):
                (move,), other = self.paid(30.0)
                payment = other.copy({"date": "2026-11-10"})
                payment._generate_journal_entry()
                with self.as_request(payment, boss) as current:
                    edit(current)
                if name != "post":
                    payment.with_user(clerk).action_post()
                self.reconcile(payment.with_user(clerk), move.with_user(clerk))
                self.push(payment, clerk)
                self.assertEqual(payment.xero_link_id.reason, "waiting_approval")
                with self.assertRaisesRegex(UserError, "yourself"):
                    payment.with_user(boss).action_xero_approve()
                self.assertFalse(self.sent())


@tagged("post_install", "-at_install")
class TestAutoAllocations(AutoCase):
    def settle(self):
        for _pass in range(6):
            self.schedules()
            self.age(seconds=30)

    def used(self, credit):
        return [float(row["Amount"]) for row in self.in_xero(credit, "CreditNotes")["Allocations"]]

    def both(self):
        move, credit = self.invoice([(1, 100.0)]), self.invoice([(1, 40.0)], move_type="out_refund")
        self.push(move | credit)
        return move, credit

    def test_by_hand_it_waits_to_be_pushed(self):
        move, credit = self.both()
        self.reconcile(move, credit)
        self.assertEqual((credit.xero_state, move.xero_state), ("outdated", "synced"))
        self.xero.sandbox.log.clear()
        self.push(credit)
        self.settle()
        self.assertEqual((credit.xero_state, self.used(credit)), ("synced", [44.0]))
        self.assertFalse(self.xero.count("POST /CreditNotes"), "the credit note itself has not changed")

    def test_by_schedule_it_goes(self):
        self.mode("scheduled", "credit_note")
        move, credit = self.both()
        self.reconcile(move, credit)
        self.settle()
        self.assertEqual((credit.xero_state, self.used(credit)), ("synced", [44.0]))

    def test_another_amount_is_told(self):
        move, credit = self.both()
        self.reconcile(move, credit)
        self.push(credit)
        self.settle()
        self.pull("credit_note")
        move.line_ids.remove_move_reconcile()
        lines = (move | credit).line_ids.filtered(lambda line: line.account_type in RECONCILABLE)
        lines.with_context(xero_reconcile=(lines.ids, 20.0)).reconcile()
        self.push(credit)
        self.settle()
        link = self.env["xero.link"].search([("dataset", "=", "credit_allocation"), ("res_id", "=", credit.id)])
        self.assertEqual((link.state, link.reason), ("outdated", "allocation_changed"))
        self.assertEqual(self.used(credit), [44.0])

    def test_undone_after_an_import_of_the_time_before(self):
        move, credit = self.both()
        self.pull("credit_note")
        self.reconcile(move, credit)
        self.push(credit)
        self.settle()
        move.line_ids.remove_move_reconcile()
        self.push(credit)
        self.settle()
        link = self.env["xero.link"].search([("dataset", "=", "credit_allocation"), ("res_id", "=", credit.id)])
        self.assertEqual((link.state, link.reason), ("outdated", "allocation_undone"))

    def test_undone_it_is_told(self):
        move, credit = self.both()
        self.reconcile(move, credit)
        self.push(credit)
        self.settle()
        move.line_ids.remove_move_reconcile()
        self.assertEqual(credit.xero_state, "outdated")
        self.push(credit)
        self.settle()
        link = self.env["xero.link"].search([("dataset", "=", "credit_allocation"), ("res_id", "=", credit.id)])
        self.assertEqual((link.state, link.reason), ("outdated", "allocation_undone"))
        self.assertEqual(self.used(credit), [44.0])
