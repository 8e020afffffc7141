"""Payments of documents in a foreign currency: both ledgers end with the same balances, gains included (B3, B19)."""

from odoo.tests import tagged

from .books import BooksCase

DOLLARS = "USD"


@tagged("post_install", "-at_install")
class TestForeignPayments(BooksCase):
    def setUp(self):
        super().setUp()
        self.dollar = self.env["res.currency"].search([("name", "=", DOLLARS)])
        for day, rate in (("2026-11-01", 0.65), ("2026-11-10", 0.68), ("2026-11-20", 0.71)):
            self.env["res.currency.rate"].create(
                {"currency_id": self.dollar.id, "company_id": self.company.id, "name": day, "rate": rate}
            )
        self.write_off = self.env["account.account"].create(
            {"name": "Bank charges", "code": "610999", "account_type": "expense", "company_ids": self.company.ids}
        )
        theirs = self.account("404")
        theirs.sudo().enable_payments = True
        self.xero.organisation(1).accounts.get(theirs.xero_id)["EnablePaymentsToAccount"] = True
        self.write_off.with_company(self.company).xero_account_id = theirs

    def foreign(self, *nets):
        moves = self.env["account.move"].concat(
            *(self.invoice([(1, net)], currency_id=self.dollar.id, invoice_date="2026-11-05") for net in nets)
        )
        self.push(moves)
        return moves

    def send(self, *payments):
        for payment in payments:
            self.push(payment)
        self.work(self.connection)
        self.assertEqual({payment.xero_state for payment in payments}, {"synced"})
        self.assertBooksAgree()

    def test_whole(self):
        self.send(self.pay(self.foreign(1000.0)))

    def test_in_two_parts_at_two_rates(self):
        move = self.foreign(1000.0)
        self.send(self.pay(move, amount=400.0))
        self.send(self.pay(move, payment_date="2026-11-20"))
        self.assertEqual(self.status_in_xero(move), "PAID")

    def test_one_payment_of_several(self):
        # At 0.68 210.29, 315.44 and 946.32, each rounded down; the bank gets a cent more than their sum.
        moves = self.foreign(130.0, 195.0, 585.0)
        self.send(self.pay(moves, group_payment=True))
        self.assertEqual({self.status_in_xero(move) for move in moves}, {"PAID"})

    def test_taken_off_one_it_is_the_same_for_the_others(self):
        # A cent of the shares moves when the first one is taken off.
        moves = self.foreign(130.0, 195.0, 585.0)
        payment = self.pay(moves, group_payment=True)
        self.send(payment)
        receivable = moves[0].line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        receivable.remove_move_reconcile()
        self.push(payment)
        reasons = {link.part: link.reason for link in self.links(payment) if link.xero_id}
        self.assertEqual(
            reasons, {f"account.move,{move.id}": move == moves[0] and "payment_unreconciled" for move in moves}
        )

    def test_in_the_companys_currency(self):
        move = self.foreign(1000.0)
        self.send(self.pay(move, currency_id=self.company.currency_id.id, amount=500.0))

    def test_with_a_write_off(self):
        move = self.foreign(1000.0)
        payment = self.pay(
            move,
            amount=1090.0,
            payment_difference_handling="reconcile",
            writeoff_account_id=self.write_off.id,
            writeoff_label="Charges",
        )
        self.send(payment)
        self.assertEqual(self.status_in_xero(move), "PAID")

    def test_of_a_bill(self):
        bill = self.bill([(1, 800.0)], post=False, currency_id=self.dollar.id)
        bill.action_post()
        self.push(bill)
        self.send(self.pay(bill))

    def test_a_refund(self):
        credit = self.invoice(
            [(1, 200.0)], move_type="out_refund", currency_id=self.dollar.id, invoice_date="2026-11-05"
        )
        self.push(credit)
        self.send(self.pay(credit))

    def test_a_credit_note_used_at_another_rate(self):
        move = self.foreign(1000.0)
        credit = self.invoice(
            [(1, 200.0)], move_type="out_refund", currency_id=self.dollar.id, invoice_date="2026-11-20"
        )
        self.push(credit)
        self.reconcile(move, credit)
        self.push(credit)
        self.work(self.connection)
        self.assertBooksAgree()
