"""Prepaid money: on the bank once, used for what Xero uses it for, given back when Xero gives it back."""

from contextlib import suppress
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from ..engine import pull
from .pulled_payments import PulledPaymentCase

DAY = "2026-11-10"
ALL = ["contact", "prepaid", "overpayment", "prepayment", "credit_note", "invoice", "payment"]


class Killed(BaseException):
    """The process ends."""


@tagged("post_install", "-at_install")
class TestPullPrepaid(PulledPaymentCase):
    def setUp(self):
        super().setUp()
        self.move = self.pushed([(1, 1000.0)])
        self.contact = self.partner.xero_link_id.xero_id
        self.invoice_id = self.move.xero_link_id.xero_id

    # === STEPS === #

    def pull(self, keys=ALL):
        self.xero.advance(1)
        with self.as_request(self.connection) as connection:
            connection._import(list(keys))
        # A document that shows credit has prepaid money read once more, by the worker.
        runs = self.env["xero.run"].search([("kind", "=", "pull"), ("trigger", "=", "button")], limit=len(keys))
        self.assertEqual(set(runs.mapped("state")), {"done"}, runs.mapped("error"))
        return runs.grouped("dataset")

    def overpay(self, amount, **values):
        vals = {"contact": self.contact, "amount": amount, "account": self.theirs.code, "date": DAY, **values}
        return self.xero.act("overpay", **vals)["OverpaymentID"]

    # === LOOKING === #

    def on_account(self, credit_id):
        link = self.env["xero.link"].search([("dataset", "=", "prepaid"), ("part", "=", credit_id)])
        return self.env["account.payment"].browse(link.res_id)

    def on_bank(self):
        lines = self.env["account.move.line"].search(
            [("account_id", "=", self.bank.default_account_id.id), ("parent_state", "=", "posted")]
        )
        return round(sum(lines.mapped("balance")), 2)

    def assertBankAgrees(self, balance):
        """Bank account in Odoo and in Xero's trial balance."""
        self.assertEqual((self.on_bank(), self.xero_balance(self.theirs.xero_id)), (balance, balance))

    # === MONEY === #

    def test_an_older_consent_leaves_prepaid_money_out(self):
        granted = self.connection.granted_scopes.replace("accounting.banktransactions", "")
        self.connection.granted_scopes = granted
        self.xero.sandbox.log.clear()
        with self.as_request(self.connection) as connection:
            connection.action_import()
        self.assertFalse(self.xero.count("GET /BankTransactions"))
        self.assertEqual((self.connection.state, self.xero.count("GET /Payments")), ("connected", 1))

    def test_an_overpaid_invoice_brings_all_the_money_and_nothing_twice(self):
        credit = self.overpay(1500, invoice=self.invoice_id)
        self.pull()
        rest = self.on_account(credit)
        self.assertRecordValues(
            rest,
            [{"amount": 400.0, "payment_type": "inbound", "partner_type": "customer", "state": "paid"}],
        )
        self.assertEqual((rest.partner_id, str(rest.date), rest.xero_state), (self.partner, DAY, "synced"))
        self.assertEqual(self.move.payment_state, "paid")
        self.assertBankAgrees(1500.0)
        runs = self.pull()
        self.assertEqual(sum(run.created for run in runs.values()), 0)
        self.assertBankAgrees(1500.0)
        self.assertFalse(self.env["xero.exception"].search([("state", "=", "open")]).mapped("cause"))

    def test_it_is_used_in_parts_and_given_back(self):
        other = self.pushed([(1, 100.0)])
        credit = self.overpay(300)
        self.pull()
        self.assertBankAgrees(300.0)
        first = self.xero.act("allocate", overpayment=credit, invoice=self.invoice_id, amount=120, date=DAY)
        self.xero.act("allocate", overpayment=credit, invoice=other.xero_link_id.xero_id, amount=110, date=DAY)
        self.pull()
        self.assertEqual((self.move.amount_residual, other.amount_residual), (980.0, 0.0))
        open_here = self.on_account(credit).move_id.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        self.assertEqual(open_here.amount_residual, -70.0)
        self.assertFalse(self.problem(self.move))
        self.pull()
        self.assertEqual((self.move.amount_residual, other.amount_residual), (980.0, 0.0))
        self.xero.act("deallocate", overpayment=credit, allocation=first["AllocationID"])
        self.pull()
        self.assertEqual((self.move.amount_residual, other.amount_residual), (1100.0, 0.0))
        self.assertBankAgrees(300.0)

    def test_a_killed_worker_books_it_once(self):
        credit = self.overpay(300)
        self.xero.act("allocate", overpayment=credit, invoice=self.invoice_id, amount=120, date=DAY)
        with self.as_request(self.connection) as connection:
            for key in ("prepaid", "overpayment"):
                run = connection._queue_pull(connection._schedule(key), "code").sudo()
                connection.env.cr.commit()
                # After the page was stored, before that was noted.
                with patch.object(pull, "_move_on", side_effect=Killed), suppress(Killed):
                    pull.advance(run)
                connection.env.cr.rollback()
                connection.env.invalidate_all()
                pull.advance(run)
                self.assertEqual((run.state, run.failed), ("done", 0), run.error)
        self.assertEqual(self.move.amount_residual, 980.0)
        self.assertBankAgrees(300.0)

    def test_a_prepayment_with_tax_settles_the_invoice(self):
        line = {"Description": "x", "Quantity": 1, "UnitAmount": 1500, "AccountCode": "200", "TaxType": "OUTPUT"}
        credit = self.xero.act("prepay", contact=self.contact, lines=[line], account=self.theirs.code, date=DAY)
        key = credit["PrepaymentID"]
        self.xero.act("allocate", prepayment=key, invoice=self.invoice_id, amount=1100, date=DAY)
        self.pull()
        self.assertEqual((self.on_account(key).amount, self.move.payment_state), (1650.0, "paid"))
        self.assertBankAgrees(1650.0)
        self.assertFalse(self.problem(self.move))

    def test_to_a_supplier(self):
        bill = self.invoice([(1, 200.0)], move_type="in_invoice", ref="INV 9", post=False)
        expense = self.env["account.account"].search(
            [("company_ids", "in", self.company.ids), ("account_type", "=", "expense")], limit=1
        )
        expense.with_company(self.company).xero_account_id = self.env["xero.account"].search(
            [("connection_id", "=", self.connection.id), ("type", "=", "EXPENSE"), ("system_account", "=", False)],
            limit=1,
        )
        bill.invoice_line_ids.write({"account_id": expense.id, "tax_ids": [Command.clear()]})
        bill.action_post()
        self.push(bill)
        self.assertEqual(bill.xero_state, "synced", self.problem(bill))
        credit = self.overpay(250, direction="spend")
        self.xero.act("allocate", overpayment=credit, invoice=bill.xero_link_id.xero_id, amount=200, date=DAY)
        self.pull()
        payment = self.on_account(credit)
        self.assertEqual((payment.payment_type, payment.partner_type), ("outbound", "supplier"))
        self.assertEqual(bill.payment_state, "paid")
        self.assertBankAgrees(-250.0)

    def test_refunded(self):
        credit = self.overpay(300)
        self.pull()
        refund = self.xero.act("refund", overpayment=credit, amount=300, account=self.theirs.code, date=DAY)
        self.pull()
        link = self.env["xero.link"].search([("dataset", "=", "payment"), ("xero_id", "=", refund["PaymentID"])])
        payment = self.env["account.payment"].browse(link.res_id)
        self.assertEqual((payment.payment_type, payment.amount), ("outbound", 300.0))
        self.assertTrue(self.on_account(credit).is_reconciled)
        self.assertBankAgrees(0.0)

    def test_it_never_goes_to_xero_as_a_payment(self):
        self.connection.payment_direction = "both"
        credit = self.overpay(300)
        self.xero.act("allocate", overpayment=credit, invoice=self.invoice_id, amount=120, date=DAY)
        self.pull()
        payment = self.on_account(credit)
        self.assertFalse(payment._xero_dataset_key())
        self.connection.push("payment", payment)
        self.work(self.connection)
        sent = payment.xero_link_ids.filtered(lambda link: link.dataset == "payment")
        self.assertEqual(set(sent.mapped("state")), {"excluded"})
        self.assertEqual(self.read_xero("/Payments")["Payments"], [])
        self.assertEqual(self.move.amount_residual, 980.0)
        self.assertBankAgrees(300.0)

    def test_deleted_in_xero(self):
        credit = self.overpay(300)
        self.pull()
        payment = self.on_account(credit)
        self.xero.advance(400)
        self.xero.act("delete", bank_transaction=credit)
        self.pull()
        self.assertEqual((payment.state, self.problem(payment)), ("canceled", "payment_deleted"))
        self.assertBankAgrees(0.0)
        self.pull()
        self.assertBankAgrees(0.0)

    def test_strangers_and_what_is_older_than_the_start_are_counted_and_left_out(self):
        stranger = self.create_in_xero("/Contacts", {"Contacts": [{"Name": "Walk-in"}]})["Contacts"][0]["ContactID"]
        self.overpay(10, contact=stranger)
        self.connection.sync_from = "2026-11-01"
        self.overpay(20, date="2026-10-31")
        run = self.pull()["prepaid"]
        self.assertEqual((run.created, run.failed, run.skipped), (0, 0, 2))
        self.assertEqual(self.on_bank(), 0.0)

    def test_one_that_was_typed_in_is_linked(self):
        by_hand = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.partner.id,
                "amount": 300.0,
                "date": "2026-11-08",
                "journal_id": self.bank.id,
            }
        )
        by_hand.action_post()
        first, second = self.overpay(300), self.overpay(300)
        run = self.pull()["prepaid"]
        self.assertEqual((run.linked, run.created), (1, 1))
        self.assertIn(by_hand, self.on_account(first) | self.on_account(second))

    def test_the_bank_of_odoo_waits_for_its_statement(self):
        self.bank.xero_bank_owner = "odoo"
        credit = self.overpay(300)
        self.pull()
        payment = self.on_account(credit)
        self.assertEqual((self.on_bank(), payment.state), (0.0, "in_process"))

    def test_an_unmapped_bank_account_and_a_locked_day(self):
        credit = self.overpay(300)
        self.bank.xero_account_id = False
        self.assertEqual(self.pull()["prepaid"].failed, 1)
        problem = self.env["xero.exception"].search([("code", "=", "payment_account_unmapped")])
        self.bank.xero_account_id = self.theirs
        with self.as_request(problem) as current:
            current.action_retry()
        self.assertEqual((self.on_account(credit).amount, problem.state), (300.0, "done"))
        self.company.fiscalyear_lock_date = "2026-11-15"
        self.overpay(40)
        self.assertEqual(self.pull()["prepaid"].failed, 1)
        self.assertTrue(self.env["xero.exception"].search([("code", "=", "payment_locked_in_odoo")]))

    def test_in_another_currency_with_both_rates(self):
        """USD 650 invoiced at 0.65 = AUD 1,000, prepaid at 0.68 = AUD 955.88, loss 44.12; USD 65 of it stays."""
        move = self.invoice([{"quantity": 1, "price_unit": 650.0, "tax_ids": [Command.clear()]}], post=False)
        move.currency_id = self.env.ref("base.USD")
        move.invoice_currency_rate = 0.65
        move.action_post()
        self.push(move)
        self.assertEqual(move.xero_state, "synced", self.problem(move))
        credit = self.overpay(715, currency="USD", rate=0.68)
        self.xero.act("allocate", overpayment=credit, invoice=move.xero_link_id.xero_id, amount=650, date=DAY)
        self.pull()
        payment = self.on_account(credit)
        self.assertEqual((payment.currency_id.name, payment.amount, move.payment_state), ("USD", 715.0, "paid"))
        losses = self.env["account.move.line"].search(
            [("account_id", "=", self.company.expense_currency_exchange_account_id.id)]
        )
        self.assertAlmostEqual(sum(losses.mapped("balance")), 44.12)
        self.assertEqual(self.on_bank(), self.xero_balance(self.theirs.xero_id))

    # === CREDIT NOTES === #

    def test_a_credit_note_that_xero_has_used(self):
        credit = self.invoice([(1, 500.0)], move_type="out_refund")
        self.push(credit)
        key = credit.xero_link_id.xero_id
        part = self.xero.act("allocate", credit_note=key, invoice=self.invoice_id, amount=330, date=DAY)
        self.pull()
        self.assertEqual((self.move.amount_residual, credit.amount_residual), (770.0, 220.0))
        self.assertFalse(self.problem(self.move))
        self.pull()
        self.assertEqual((self.move.amount_residual, credit.amount_residual), (770.0, 220.0))
        self.xero.act("deallocate", credit_note=key, allocation=part["AllocationID"])
        self.pull()
        self.assertEqual((self.move.amount_residual, credit.amount_residual), (1100.0, 550.0))

    def test_what_odoo_has_reconciled_itself_is_not_done_twice_and_not_undone(self):
        credit = self.invoice([(1, 500.0)], move_type="out_refund")
        self.push(credit)
        lines = (credit | self.move).line_ids.filtered(lambda row: row.account_id.account_type == "asset_receivable")
        lines.reconcile()
        self.pull()
        self.assertEqual(self.move.amount_residual, 550.0)
        key = credit.xero_link_id.xero_id
        self.xero.act("allocate", credit_note=key, invoice=self.invoice_id, amount=550, date=DAY)
        self.pull()
        self.assertEqual((self.move.amount_residual, credit.amount_residual), (550.0, 0.0))

    def test_credit_that_is_used_up_here_is_a_question(self):
        credit, other = self.invoice([(1, 500.0)], move_type="out_refund"), self.invoice([(1, 500.0)])
        self.push(credit)
        lines = (credit | other).line_ids.filtered(lambda row: row.account_id.account_type == "asset_receivable")
        lines.reconcile()
        key = credit.xero_link_id.xero_id
        self.xero.act("allocate", credit_note=key, invoice=self.invoice_id, amount=330, date=DAY)
        self.pull()
        self.assertEqual(self.problem(credit), "allocation_exceeds_residual")
        self.assertEqual(self.move.amount_residual, 1100.0)
