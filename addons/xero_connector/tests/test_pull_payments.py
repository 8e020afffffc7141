"""Payments come in: booked once, with Xero's date, amount and rate; hand-computed figures."""

from datetime import date
from decimal import Decimal

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import XeroCase


@tagged("post_install", "-at_install")
class TestPullPayments(XeroCase):
    def setUp(self):
        super().setUp()
        self.connection = self.connect()
        self.bank = self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "bank")], limit=1
        )
        self.theirs = self.env["xero.account"].search(
            [("connection_id", "=", self.connection.id), ("type", "=", "BANK")], limit=1
        )
        self.bank.xero_account_id = self.theirs

    def pay(self, move, amount, day="2026-11-10", account=None, **values):
        """A payment made in Xero; its id."""
        payment = {
            "Invoice": {"InvoiceID": move.xero_link_id.xero_id},
            "Account": {"AccountID": account or self.theirs.xero_id},
            "Date": day,
            "Amount": amount,
            **values,
        }
        return self.create_in_xero("/Payments", {"Payments": [payment]})["Payments"][0]["PaymentID"]

    def pull(self, key="payment", **options):
        return super().pull(key, **options)

    def booked(self, payment_id):
        """The Odoo record of a payment."""
        link = self.env["xero.link"].search([("dataset", "=", "payment"), ("xero_id", "=", payment_id)])
        return self.env[link.model].browse(link.res_id) if link else self.env["account.payment"]

    def pushed(self, lines, **values):
        move = self.invoice(lines, **values)
        self.push(move)
        self.assertEqual(move.xero_state, "synced", self.problem(move))
        return move

    def balance_of(self, account):
        lines = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("parent_state", "=", "posted"), ("company_id", "=", self.company.id)]
        )
        return round(sum(lines.mapped("balance")), 2)

    def xero_balance(self, account_id):
        report = self.read_xero("/Reports/TrialBalance")["Reports"][0]
        for section in report["Rows"]:
            for row in section.get("Rows") or []:
                cells = row.get("Cells") or []
                attributes = (cells[0].get("Attributes") or [{}]) if cells else [{}]
                if attributes[0].get("Value") == account_id:
                    debit, credit = (float(cells[n]["Value"] or 0) for n in (3, 4))
                    return round(debit - credit, 2)
        return 0.0

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

    def booked_after(self, payment_id):
        self.pull()
        return self.booked(payment_id)

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

    def delete(self, *payment_ids):
        for payment_id in payment_ids:
            self.call_xero("POST", f"/Payments/{payment_id}", {"Status": "DELETED"})
        self.pull()
        self.xero.advance(400)

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

    def by_hand(self, amount):
        """Money of the customer that somebody has registered, on account yet."""
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.partner.id,
                "amount": amount,
                "date": "2026-11-09",
                "journal_id": self.bank.id,
            }
        )
        payment.action_post()
        return payment

    def on_statement(self, move, amount):
        """A line of a bank statement in Odoo, reconciled with `move` itself."""
        self.bank.xero_bank_owner = "odoo"
        receivable = move.line_ids.account_id.filtered(lambda a: a.account_type == "asset_receivable")
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "payment_ref": move.name,
                "partner_id": self.partner.id,
                "amount": amount,
                "date": "2026-11-09",
                "counterpart_account_id": receivable.id,
            }
        )
        self.reconcile(line.move_id, move)
        return line

    def reconcile(self, entry, move):
        lines = (entry | move).line_ids
        lines.filtered(lambda line: line.account_type == "asset_receivable" and not line.reconciled).reconcile()

    def batch(self, moves, amounts):
        """A batch payment in Xero."""
        batch = {
            "Account": {"AccountID": self.theirs.xero_id},
            "Date": "2026-11-10",
            "Reference": "RUN 3",
            "Payments": [
                {"Invoice": {"InvoiceID": move.xero_link_id.xero_id}, "Amount": amount}
                for move, amount in zip(moves, amounts, strict=True)
            ],
        }
        self.create_in_xero("/BatchPayments", {"BatchPayments": [batch]})

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

    def test_a_bank_that_names_the_base_currency(self):
        self.bank.currency_id = self.company.currency_id
        move = self.invoice([(1, 1000.0)], currency_id=self.env.ref("base.USD").id, post=False)
        move.invoice_currency_rate = 0.65
        move.action_post()
        self.push(move)
        payment = self.booked_after(self.pay(move, 1100, CurrencyRate=0.68))
        self.assertEqual((payment.currency_id.name, move.amount_residual, move.payment_state), ("USD", 0.0, "paid"))
        self.assertEqual(self.balance_of(self.bank.default_account_id), self.xero_balance(self.theirs.xero_id))

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
