"""Receipts of expenses follow their bill: those of the expense, and nobody else's (ATT-03)."""

from odoo.tests import tagged

from .common import ExpenseCase

PUT = "PUT /Invoices/{InvoiceID}/Attachments/{FileName}"


@tagged("post_install", "-at_install")
class TestExpenseFiles(ExpenseCase):
    def attach(self, record, name="receipt.pdf", text="receipt"):
        values = {"name": name, "raw": b"%PDF-1.4 " + text.encode(), "res_model": record._name, "res_id": record.id}
        return self.env["ir.attachment"].create(values)

    def files(self, expense):
        """Names of the files that Xero keeps for the bill."""
        rows = self.xero.organisation(1).attachments.group("owner", expense.account_move_id.xero_link_id.xero_id)
        return sorted(row["FileName"] for row in rows)

    def test_receipts_go_with_the_bill(self):
        for make in (self.spend, self.spend_company):
            expense = make(post=False)
            self.attach(expense)
            self.pushed(self.book(expense))
            self.assertEqual(self.files(expense), ["receipt.pdf"])
            self.assertEqual(expense.xero_file_count, 1)
            # One that comes later, on the expense or on its entry; each once.
            calls = self.xero.count(PUT)
            self.attach(expense, "later.pdf", "later")
            self.assertEqual(expense.xero_state, "outdated")
            self.attach(expense.account_move_id, "entry.pdf", "entry")
            self.push(expense)
            self.push(expense)
            self.assertEqual(self.files(expense), ["entry.pdf", "later.pdf", "receipt.pdf"])
            self.assertEqual(self.xero.count(PUT) - calls, 2)
            self.assertEqual(expense.xero_state, "synced")

    def test_nobody_elses_receipts(self):
        # Odoo copies the receipts of all expenses that are posted together on each employee's entry.
        mine, theirs = self.spend(post=False), self.spend(post=False, employee_id=self.kim.id)
        self.attach(mine, "mine.pdf", "mine")
        self.attach(theirs, "theirs.pdf", "theirs")
        both = self.book(mine | theirs)
        self.assertEqual(sorted(mine.account_move_id.attachment_ids.mapped("name")), ["mine.pdf", "theirs.pdf"])
        self.push(both)
        self.assertEqual((self.files(mine), self.files(theirs)), (["mine.pdf"], ["theirs.pdf"]))

    def test_switched_off(self):
        self.connection.include_ap_attachments = False
        for make in (self.spend, self.spend_company):
            expense = make(post=False)
            self.attach(expense)
            self.pushed(self.book(expense))
            self.attach(expense, "later.pdf", "later")
            self.assertEqual(expense.xero_state, "synced")
            self.assertEqual(self.files(expense), [])

    def test_posted_anew_the_files_are_not_doubled(self):
        expense = self.spend(post=False)
        self.attach(expense)
        self.pushed(self.book(expense))
        expense.account_move_id.button_draft()
        expense.action_reset()
        self.book(expense)
        self.pushed(expense)
        self.assertEqual(self.files(expense), ["receipt.pdf"])
        self.assertEqual(self.xero.count(PUT), 1)
