"""Paid in Xero, paid in Odoo: reimbursements, and what the company has paid itself (BIL-11, XQ-35, B19 to B22)."""

from odoo.tests import tagged

from .common import ExpenseCase

PUT = "PUT /Payments"


@tagged("post_install", "-at_install")
class TestExpensePayments(ExpenseCase):
    def setUp(self):
        super().setUp()
        self.connection.write({"payment_direction": "from_xero", "sync_payments": True})

    def pay_in_xero(self, expense, amount, day="2026-11-20"):
        xero_id = expense.xero_link_id.xero_id
        return self.xero.act("pay", invoice=xero_id, amount=amount, account="090", date=day)

    def pull(self):
        """Bring in documents and payments, as the schedules do."""
        for key in ("invoice", "payment"):
            with self.as_request(self.connection) as current:
                current.pull(key)
            self.work(self.connection)

    def problems(self):
        return self.env["xero.exception"].search([("state", "=", "open")]).mapped("code")

    # === WHAT THE EMPLOYEE PAID === #

    def test_a_reimbursement_comes_back(self):
        # BIL-11
        expense = self.spend()
        self.pushed(expense)
        self.assertEqual((expense.state, expense.xero_payment_state), ("posted", "unpaid"))
        self.pay_in_xero(expense, 110)
        self.pull()
        self.assertEqual((expense.state, expense.xero_payment_state), ("paid", "paid"))
        self.assertEqual(expense.account_move_id.payment_state, "paid")
        self.assertBooksAgree()

    def test_each_state(self):
        # XQ-35: Draft, Unpaid, Partially paid, Paid, Cancelled
        expense = self.spend()
        self.assertFalse(expense.xero_payment_state)
        self.connection.push_status_expense = "draft"
        self.pushed(expense)
        self.assertEqual(expense.xero_payment_state, "draft")
        self.call_xero("POST", "/Invoices", {"InvoiceID": expense.xero_link_id.xero_id, "Status": "AUTHORISED"})
        self.pull()
        self.assertEqual(expense.xero_payment_state, "unpaid")
        self.pay_in_xero(expense, 40)
        self.pull()
        self.assertEqual(expense.xero_payment_state, "partial")
        self.assertEqual(expense.account_move_id.payment_state, "partial")
        self.assertEqual(expense.account_move_id.amount_residual, 70.0)
        self.pay_in_xero(expense, 70)
        self.pull()
        self.assertEqual((expense.xero_payment_state, expense.account_move_id.payment_state), ("paid", "paid"))
        other = self.spend(5.0)
        self.pushed(other)
        self.call_xero("POST", "/Invoices", {"InvoiceID": other.xero_link_id.xero_id, "Status": "DELETED"})
        self.pull()
        self.assertEqual(other.xero_payment_state, "cancelled")

    # === WHAT THE COMPANY PAID === #

    def test_the_bank_feed_pays_the_bill_and_nothing_twice(self):
        # B22: in Odoo it is paid since it was posted, whatever day the bank says
        expense = self.spend_company()
        payment = expense.account_move_id.origin_payment_id
        self.pushed(expense)
        self.pay_in_xero(expense, 110, day="2026-11-21")
        before = self.env["account.payment"].search_count([])
        self.pull()
        self.assertEqual(self.env["account.payment"].search_count([]), before)
        self.assertEqual((payment.xero_state, expense.xero_payment_state), ("synced", "paid"))
        self.assertFalse(self.problems())
        self.assertBooksAgree()

    def test_another_amount_is_reported(self):
        expense = self.spend_company()
        self.pushed(expense)
        self.pay_in_xero(expense, 60)
        self.pull()
        self.assertEqual(self.problems(), ["payment_exceeds_residual"])
        self.assertEqual(expense.xero_payment_state, "partial")

    def test_a_payment_that_is_deleted_there_leaves_the_expense(self):
        expense = self.spend_company()
        payment = expense.account_move_id.origin_payment_id
        self.pushed(expense)
        first = self.pay_in_xero(expense, 110)
        self.pull()
        self.call_xero("POST", f"/Payments/{first['PaymentID']}", {"Status": "DELETED"})
        self.pull()
        self.assertEqual(self.problems(), ["expense_payment_deleted"])
        self.assertEqual((expense.state, expense.account_move_id.state), ("paid", "posted"))
        self.assertNotEqual(payment.state, "canceled")
        # The bank line is matched again.
        self.pay_in_xero(expense, 110)
        self.pull()
        self.assertEqual((payment.xero_state, expense.xero_payment_state), ("synced", "paid"))
        self.assertBooksAgree()

    def test_odoo_owns_the_bank(self):
        # B19: the payment goes with its bill
        self.connection.payment_direction = "to_xero"
        expense = self.spend_company()
        payment = expense.account_move_id.origin_payment_id
        self.pushed(expense)
        action = self.push(payment)
        self.assertEqual(action["params"]["type"], "success", action["params"]["message"])
        row = self.payments_in_xero()[0]
        self.assertEqual((float(row["Amount"]), row["document_id"]), (110.0, expense.xero_link_id.xero_id))
        self.push(payment)
        self.assertEqual(self.xero.count(PUT), 1)
        self.assertBooksAgree()

    def test_in_a_foreign_currency(self):
        self.connection.payment_direction = "to_xero"
        self.connection.currency_codes = ["AUD", "USD"]
        usd = self.env["res.currency"].search([("name", "=", "USD")])
        expense = self.spend_company(88.0, currency_id=usd.id, post=False)
        expense.total_amount = 137.5
        self.pushed(self.book(expense))
        action = self.push(expense.account_move_id.origin_payment_id)
        self.assertEqual(action["params"]["type"], "success", action["params"]["message"])
        row = self.payments_in_xero()[0]
        self.assertEqual((float(row["Amount"]), float(row["CurrencyRate"])), (88.0, 0.64))

    def test_the_reimbursement_goes_to_xero(self):
        self.connection.payment_direction = "to_xero"
        expense = self.spend()
        self.pushed(expense)
        self.push(self.pay([expense.account_move_id]))
        self.assertEqual(self.in_xero(expense.account_move_id)["Status"], "PAID")
        self.assertEqual(expense.state, "paid")
        self.assertBooksAgree()
