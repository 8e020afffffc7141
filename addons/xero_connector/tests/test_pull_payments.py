"""Payments come in: booked once, with Xero's date, amount and rate; hand-computed figures."""

from datetime import date
from decimal import Decimal

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .pulled_payments import PulledPaymentCase


@tagged("post_install", "-at_install")
class TestPullPayments(PulledPaymentCase):
    def test_a_payment_settles_the_invoice_once(self):
        move = self.pushed([(1, 1000.0)])
        payment_id = self.pay(move, 1100, Reference="DEP 7")
        run = self.pull()
        payment = self.booked(payment_id)
        self.assertRecordValues(
            payment,
            [
                {
                    "amount": 1100.0,
                    "date": date(2026, 11, 10),
                    "memo": "DEP 7",
                    "state": "paid",
                    "journal_id": self.bank.id,
                }
            ],
        )
        self.assertEqual(payment.state, "paid")
        self.assertEqual((move.payment_state, move.amount_residual, run.created), ("paid", 0.0, 1))
        self.assertEqual(self.pull().created, 0)
        self.assertEqual(len(move._get_reconciled_payments()), 1)
        self.assertEqual(self.balance_of(self.bank.default_account_id), self.xero_balance(self.theirs.xero_id))
        self.assertEqual(payment.xero_state, "synced")

    def test_the_owner_of_the_bank_account_decides_where_it_is_booked(self):
        move = self.pushed([(1, 1000.0)])
        self.bank.xero_bank_owner = "odoo"
        payment = self.booked_after(self.pay(move, 1100))
        self.assertEqual(self.balance_of(self.bank.default_account_id), 0.0)
        self.assertEqual(self.balance_of(payment.outstanding_account_id), 1100.0)
        line = {"journal_id": self.bank.id, "payment_ref": "x", "amount": 5.0, "date": "2026-11-11"}
        self.env["account.bank.statement.line"].create(line)
        # A journal with statements stays Odoo's: Xero's payments would book the same money again.
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.bank.xero_bank_owner = "xero"
        statement = self.env["account.bank.statement.line"].search([("journal_id", "=", self.bank.id)])
        statement.move_id.button_draft()
        statement.unlink()
        self.bank.xero_bank_owner = "xero"
        with self.assertRaises(UserError):
            self.env["account.bank.statement.line"].create(line)

    def test_the_bank_is_right_whoever_owns_it(self):
        """1,100 once: at Xero's owner with the payment, at Odoo's with the line of the statement (B21)."""
        for owner in ("xero", "odoo"):
            with self.subTest(owner):
                journal = self.env["account.journal"].create(
                    {"name": f"Bank of {owner}", "type": "bank", "code": owner.upper(), "company_id": self.company.id}
                )
                self.bank.xero_account_id = False
                journal.write({"xero_account_id": self.theirs.id, "xero_bank_owner": owner})
                before = self.xero_balance(self.theirs.xero_id)
                move = self.pushed([(1, 1000.0)])
                payment = self.booked_after(self.pay(move, 1100))
                self.assertEqual((payment.journal_id, move.amount_residual), (journal, 0.0))
                if owner == "odoo":
                    outstanding = payment.outstanding_account_id
                    self.assertEqual(self.balance_of(journal.default_account_id), 0.0)
                    line = self.env["account.bank.statement.line"].create(
                        {
                            "journal_id": journal.id,
                            "payment_ref": "DEP 7",
                            "amount": 1100.0,
                            "date": "2026-11-11",
                            "counterpart_account_id": outstanding.id,
                        }
                    )
                    lines = (line.move_id | payment.move_id).line_ids
                    lines.filtered_domain([("account_id", "=", outstanding.id)]).reconcile()
                    self.assertEqual((line.is_reconciled, payment.is_matched), (True, True))
                    self.assertEqual(self.balance_of(outstanding), 0.0)
                moved = self.xero_balance(self.theirs.xero_id) - before
                self.assertEqual((self.balance_of(journal.default_account_id), moved), (1100.0, 1100.0))
                # Neither the next import nor the night books it again.
                self.pull()
                self.pull(everything=True)
                self.assertEqual(self.balance_of(journal.default_account_id), 1100.0)
                self.assertEqual(move._get_reconciled_payments(), payment)
                journal.xero_account_id = False

    def test_a_bank_in_a_third_currency(self):
        """USD 1,100 invoiced at 0.65, paid at 0.68 from EUR 1,010: AUD 1,617.65 leave the receivable, loss 74.66."""
        euro = self.env.ref("base.EUR")
        account = self.env["account.account"].create(
            {"name": "Euro", "code": "110099", "account_type": "asset_cash", "currency_id": euro.id}
        )
        self.bank.write({"default_account_id": account.id, "currency_id": euro.id})
        move = self.invoice([(1, 1000.0)], currency_id=self.env.ref("base.USD").id, post=False)
        move.invoice_currency_rate = 0.65
        move.action_post()
        self.push(move)
        payment_id = self.pay(move, 1100, CurrencyRate=0.68)
        row = self.xero.organisation(1).payments.get(payment_id)
        self.xero.organisation(1).payments.put({**row, "BankAmount": Decimal("1010.00")})
        payment = self.booked_after(payment_id)
        self.assertEqual((payment.currency_id, payment.amount), (euro, 1010.0))
        self.assertEqual((move.amount_residual, move.payment_state), (0.0, "paid"))
        liquidity = payment.move_id.line_ids.filtered(lambda line: line.account_id == account)
        self.assertEqual((liquidity.amount_currency, liquidity.balance), (1010.0, 1617.65))
        exchange = move.line_ids.matched_credit_ids.exchange_move_id
        loss = exchange.line_ids.filtered(
            lambda line: line.account_id == self.company.expense_currency_exchange_account_id
        )
        self.assertAlmostEqual(loss.balance, 74.66)

    def test_the_default_bank_account(self):
        """CFG-17: what is paid there is the money of the one bank journal without an account of its own."""
        self.bank.xero_account_id = False
        move = self.pushed([(1, 1000.0)])
        payment_id = self.pay(move, 1100)
        self.assertEqual(self.pull().failed, 1)
        self.connection.default_bank_account_id = self.theirs
        problem = self.env["xero.exception"].search([("code", "=", "payment_account_unmapped")])
        with self.as_request(problem) as current:
            current.action_retry()
        self.assertEqual((self.booked(payment_id).journal_id, move.payment_state), (self.bank, "paid"))
        # With two of them nobody can tell which one it is.
        self.env["account.journal"].create(
            {"name": "Second", "type": "bank", "code": "BNK9", "company_id": self.company.id}
        )
        other = self.pushed([(1, 1000.0)])
        self.pay(other, 1100)
        self.assertEqual(self.pull().failed, 1)
        self.assertEqual(other.payment_state, "not_paid")

    def test_usd_with_both_rates(self):
        """USD 1,100 invoiced at 0.65 = AUD 1,692.31, paid at 0.68 = AUD 1,617.65, loss 74.66."""
        usd = self.env.ref("base.USD")
        self.xero.organisation(1)  # subscribed to USD in the demo data
        move = self.invoice([(1, 1000.0)], currency_id=usd.id, post=False)
        move.invoice_currency_rate = 0.65
        move.action_post()
        self.assertAlmostEqual(move.amount_total_signed, 1692.31)
        self.push(move)
        self.assertEqual(move.xero_state, "synced", self.problem(move))
        payment = self.booked_after(self.pay(move, 1100, CurrencyRate=0.68))
        self.assertEqual((payment.currency_id, payment.amount, move.amount_residual), (usd, 1100.0, 0.0))
        self.assertEqual(self.balance_of(self.bank.default_account_id), 1617.65)
        exchange = move.line_ids.matched_credit_ids.exchange_move_id
        loss = exchange.line_ids.filtered(
            lambda line: line.account_id == self.company.expense_currency_exchange_account_id
        )
        self.assertAlmostEqual(loss.balance, 74.66)
        self.assertEqual(self.balance_of(self.bank.default_account_id), self.xero_balance(self.theirs.xero_id))

    def test_97_paid_and_3_written_off(self):
        write_off = self.env["xero.account"].search(
            [("connection_id", "=", self.connection.id), ("enable_payments", "=", True), ("type", "!=", "BANK")],
            limit=1,
        )
        self.assertTrue(write_off)
        fees = self.env["account.account"].search(
            [("company_ids", "in", self.company.ids), ("account_type", "=", "expense")], limit=1
        )
        fees.with_company(self.company).xero_account_id = write_off
        move = self.pushed([{"quantity": 1, "price_unit": 100.0, "tax_ids": [(5, 0, 0)]}])
        self.pay(move, 97)
        fee_id = self.pay(move, 3, account=write_off.xero_id)
        self.pull()
        entry = self.booked(fee_id)
        self.assertEqual((entry._name, entry.state), ("account.move", "posted"))
        self.assertEqual((move.amount_residual, move.payment_state), (0.0, "paid"))
        self.assertEqual(self.balance_of(self.bank.default_account_id), 97.0)
        self.assertEqual(self.balance_of(fees), 3.0)
        # PAY-28: deleted in Xero, it no longer counts.
        self.xero.advance(400)
        self.delete(fee_id)
        self.assertEqual((entry.state, move.amount_residual, self.balance_of(fees)), ("cancel", 3.0, 0.0))
        self.assertEqual(self.problem(entry), "payment_deleted")

    def test_two_parts(self):
        move = self.pushed([(1, 1000.0)])
        self.pay(move, 400, "2026-11-01")
        self.pull()
        self.assertEqual((move.payment_state, move.amount_residual), ("partial", 700.0))
        self.pay(move, 300, "2026-11-02")
        self.pay(move, 400, "2026-11-03")
        self.pull()
        self.assertEqual((move.payment_state, move.amount_residual), ("paid", 0.0))
        self.assertEqual(sorted(move._get_reconciled_payments().mapped("amount")), [300.0, 400.0, 400.0])

    def test_problems_hold_back_only_one(self):
        moves = [self.pushed([(1, 1000.0)]) for _n in range(3)]
        for number, move in enumerate(moves):
            self.pay(move, 1100, "2026-09-10" if number == 0 else "2026-11-10")
        self.company.fiscalyear_lock_date = "2026-09-30"
        run = self.pull()
        self.assertEqual((run.created, run.failed), (2, 1))
        problem = self.env["xero.exception"].search([("code", "=", "payment_locked_in_odoo")])
        self.assertEqual(moves[0].payment_state, "not_paid")
        self.company.fiscalyear_lock_date = False
        with self.as_request(problem) as current:
            current.action_retry()
        self.assertEqual((moves[0].payment_state, problem.state), ("paid", "done"))

    def test_an_unmapped_account(self):
        self.bank.xero_account_id = False
        move = self.pushed([(1, 1000.0)])
        self.pay(move, 1100)
        self.assertEqual(self.pull().failed, 1)
        self.assertTrue(self.env["xero.exception"].search([("code", "=", "payment_account_unmapped")]))

    def test_not_ours_is_skipped_and_counted(self):
        contact = self.create_in_xero("/Contacts", {"Contacts": [{"Name": "Walk-in"}]})["Contacts"][0]
        line = {"Description": "x", "Quantity": 1, "UnitAmount": 5, "AccountCode": "200", "TaxType": "OUTPUT"}
        document = {
            "Type": "ACCREC",
            "Contact": {"ContactID": contact["ContactID"]},
            "Date": "2026-11-01",
            "DueDate": "2026-11-01",
            "Status": "AUTHORISED",
            "LineItems": [line],
        }
        made = self.create_in_xero("/Invoices", {"Invoices": [document]})["Invoices"][0]
        payment = {
            "Invoice": {"InvoiceID": made["InvoiceID"]},
            "Account": {"AccountID": self.theirs.xero_id},
            "Date": "2026-11-02",
            "Amount": 5.5,
        }
        self.create_in_xero("/Payments", {"Payments": [payment]})
        run = self.pull()
        self.assertEqual((run.created, run.failed), (0, 0))
        self.assertGreaterEqual(run.skipped, 1)

    def test_switches_and_direction(self):
        move = self.pushed([(1, 1000.0)])
        self.pay(move, 1100)
        self.connection.sync_receipts = False
        self.assertEqual(self.pull().created, 0)
        self.assertEqual(move.payment_state, "not_paid")
        self.connection.write({"sync_receipts": True, "payment_direction": "to_xero"})
        with self.assertRaises(UserError):
            self.connection.pull("payment")

    def test_without_accounts_a_payment_finds_its_bank(self):
        # CFG-07: account codes are typed in, from the start; banks have no such code
        self.connection.sync_accounts = False
        self.env["xero.account"].search([("connection_id", "=", self.connection.id)]).unlink()
        self.assertIn("account", self.connection._pulled_keys())
        self.pull("account")
        self.theirs = self.env["xero.account"].search(
            [("connection_id", "=", self.connection.id), ("code", "=", "090")]
        )
        self.bank.xero_account_id = self.theirs
        self.income.with_company(self.company).xero_account_code = "200"
        move = self.pushed([(1, 1000.0)])
        payment = self.booked_after(self.pay(move, 1100))
        self.assertEqual((payment.journal_id, move.payment_state), (self.bank, "paid"))

    def test_who_meets_another_at_the_same_payment_sees_what_that_one_has_made(self):
        move = self.pushed([(1, 1000.0)])
        payment_id = self.pay(move, 1100)
        dataset, met = self.env.registry["xero.dataset.payment"], []
        take_in = dataset._take_in

        def interrupted(this, items, links):
            results = take_in(this, items, links)
            if not met:  # another process is quicker
                met.append(True)
                self.link(self.connection, "payment", move, payment_id)
            return results

        self.patch(dataset, "_take_in", interrupted)
        run = self.pull()
        self.assertEqual((run.created, run.failed), (1, 0))
        self.assertFalse(self.env["xero.exception"].search([("code", "=", "not_understood")]))
        self.assertEqual(len(move._get_reconciled_payments()), 1)

    def test_a_bank_that_names_the_base_currency(self):
        self.bank.currency_id = self.company.currency_id
        move = self.invoice([(1, 1000.0)], currency_id=self.env.ref("base.USD").id, post=False)
        move.invoice_currency_rate = 0.65
        move.action_post()
        self.push(move)
        payment = self.booked_after(self.pay(move, 1100, CurrencyRate=0.68))
        self.assertEqual((payment.currency_id.name, move.amount_residual, move.payment_state), ("USD", 0.0, "paid"))
        self.assertEqual(self.balance_of(self.bank.default_account_id), self.xero_balance(self.theirs.xero_id))

    def test_refund_of_a_credit_note(self):
        credit = self.invoice([(1, 100.0)], move_type="out_refund")
        self.push(credit)
        payment = {
            "CreditNote": {"CreditNoteID": credit.xero_link_id.xero_id},
            "Account": {"AccountID": self.theirs.xero_id},
            "Date": "2026-11-10",
            "Amount": 110,
        }
        made = self.create_in_xero("/Payments", {"Payments": [payment]})["Payments"][0]
        refund = self.booked_after(made["PaymentID"])
        self.assertTrue(refund, self.env["xero.exception"].search([]).mapped("cause"))
        self.assertEqual((refund.payment_type, refund.partner_type), ("outbound", "customer"))
        self.assertEqual(credit.payment_state, "paid")
        self.assertEqual(self.balance_of(self.bank.default_account_id), -110.0)
