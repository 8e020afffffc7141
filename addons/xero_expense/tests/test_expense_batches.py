"""Export Control tells of expenses what the ledger says (EXP-01)."""

from odoo.tests import tagged

from .common import ExpenseCase


@tagged("post_install", "-at_install")
class TestExpenseBatches(ExpenseCase):
    def test_sums_equal_the_ledger(self):
        usd = self.env["res.currency"].search([("name", "=", "USD")])
        self.connection.currency_codes = ["AUD", "USD"]
        expenses = self.env["hr.expense"]
        for spend in (self.spend, self.spend_company):
            expenses |= spend(33.33) | spend(19.99, tax_ids=False)
            expenses |= spend(71.07, currency_id=usd.id)
        expenses |= self.book(self.spend(10.01, post=False) | self.spend(20.02, post=False))
        user = self.new_user("e_export", "xero_connector.group_xero_user", "account.group_account_user")
        with self.as_request(self.env["xero.run"], user) as current:
            current.action_export_control()
        batch = self.env["xero.run"].search([("batch_kind", "=", "expense"), ("company_id", "=", self.company.id)])
        moves = expenses.account_move_id
        self.assertEqual(set(batch.document_ids.mapped("res_id")), set(moves.ids))
        spent = sum(line.balance for line in moves.line_ids if line.account_id == self.expense or line.tax_line_id)
        self.assertAlmostEqual(batch.amount, spent, places=2)
        self.assertAlmostEqual(batch.amount, sum(expenses.mapped("total_amount")), places=2)
        for name in ("action_close", "action_export"):
            with self.as_request(batch, user) as current:
                getattr(current, name)()
        self.work(self.connection)
        self.assertEqual(set(expenses.mapped("xero_state")), {"synced"})
        base = sum(row["Total"] / row["CurrencyRate"] for row in self.bills_in_xero())
        self.assertAlmostEqual(float(base), batch.amount, places=2)
