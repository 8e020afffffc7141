"""Expenses that change, are cancelled or are posted anew keep one bill in Xero; one that is there is found (B14)."""

from odoo.tests import tagged

from .common import ExpenseCase


@tagged("post_install", "-at_install")
class TestExpenseChanges(ExpenseCase):
    def live(self):
        return [row for row in self.bills_in_xero() if row["Status"] not in ("VOIDED", "DELETED")]

    def cancel(self, expense):
        """Cancel the entry, as accountants do; the expense is free to be posted again."""
        move = expense.account_move_id
        move.button_draft()
        move.button_cancel()
        self.assertEqual((move.state, expense.state), ("cancel", "approved"))
        return move

    def reset(self, expenses):
        """Reset the expenses to draft, which deletes their entry."""
        expenses.account_move_id.button_draft()
        expenses.action_reset()
        self.assertEqual(set(expenses.mapped("state")), {"draft"})

    # === CHANGES === #

    def test_a_changed_bill_is_updated_in_place(self):
        expense = self.spend()
        first = self.pushed(expense)
        move = expense.account_move_id
        move.button_draft()
        self.assertEqual(expense.xero_state, "outdated")
        move.invoice_line_ids.price_unit = 99.0
        move.action_post()
        self.push(expense)
        item = self.in_xero(move)
        self.assertEqual((item["InvoiceID"], item["Total"]), (first["InvoiceID"], 99.0))
        self.assertEqual(item["LineItems"][0]["LineItemID"], first["LineItems"][0]["LineItemID"])

    def test_the_vendor_is_corrected(self):
        expense = self.spend_company()
        first = self.pushed(expense)
        expense.vendor_id = self.partner
        self.assertEqual(expense.xero_state, "outdated")
        item = self.pushed(expense)
        self.assertEqual((item["InvoiceID"], item["Contact"]["Name"]), (first["InvoiceID"], "Blue Gum Pty Ltd"))

    # === CANCELLED === #

    def test_cancelled_is_reported_or_voided(self):
        for make in (self.spend, self.spend_company):
            for rule, status in (("report", "AUTHORISED"), ("void", "VOIDED")):
                self.connection.on_cancel = rule
                expense = make()
                self.pushed(expense)
                move = self.cancel(expense)
                self.push(move)
                self.assertEqual(self.in_xero(move)["Status"], status)
                self.assertEqual(self.problem(move), "cancelled_in_odoo" if rule == "report" else False)

    def test_posted_anew_waits_for_the_cancelled_one(self):
        for make in (self.spend, self.spend_company):
            expense = make()
            self.pushed(expense)
            move = self.cancel(expense)
            self.book(expense)
            self.assertNotEqual(expense.account_move_id, move)
            self.assertEqual(self.refused(expense), "expense_sent_before")
            self.assertIn(move.xero_number, expense.xero_message)
            self.connection.on_cancel = "void"
            self.push(move)
            self.pushed(expense)
            self.assertEqual(len(self.live()), 1)
            self.push(self.cancel(expense))
            self.connection.on_cancel = "report"

    def test_posted_anew_after_a_reset_goes_on_with_its_bill(self):
        expenses = self.spend(post=False) | self.spend(33.0, post=False)
        first = self.pushed(self.book(expenses))
        self.reset(expenses)
        expenses[0].total_amount_currency = 77.0
        self.book(expenses)
        self.assertEqual(set(expenses.mapped("xero_state")), {"outdated"})
        item = self.pushed(expenses)
        self.assertEqual((item["InvoiceID"], item["Total"]), (first["InvoiceID"], 110.0))
        self.assertEqual(item["Url"].rpartition("/")[2], str(expenses.account_move_id.id))
        self.assertEqual(len(self.live()), 1)

    def test_an_undo_takes_back_a_bill_that_others_have_taken_over(self):
        self.push(self.sam.work_contact_id)
        expense = self.spend()
        self.pushed(expense)
        run = expense.xero_link_id.run_id
        self.reset(expense)
        self.book(expense)
        with self.as_request(run) as current:
            wizard = self.env["xero.undo"].browse(current.action_undo()["res_id"])
        self.assertEqual(wizard.line_ids.link_id, expense.xero_link_id)
        with self.as_request(wizard) as current:
            current.action_undo()
        self.work(self.connection)
        self.assertFalse(self.live())
        self.assertEqual((expense.xero_state, self.problem(expense.account_move_id)), ("excluded", False))

    def test_a_payment_that_is_cancelled_takes_its_entry_along(self):
        # Odoo deletes the entry: its bill must not be forgotten.
        expense = self.spend_company()
        first = self.pushed(expense)
        link, payment = expense.xero_link_id, expense.account_move_id.origin_payment_id
        payment.action_draft()
        payment.action_cancel()
        self.assertFalse(expense.account_move_id)
        problem = self.env["xero.exception"].search([("link_id", "=", link.id), ("state", "=", "open")])
        self.assertEqual(problem.code, "expense_bill_left")
        self.book(expense)
        self.assertEqual(self.pushed(expense)["InvoiceID"], first["InvoiceID"])
        self.assertNotEqual(problem.state, "open")
        self.assertEqual(len(self.live()), 1)

    def test_a_reversed_entry(self):
        expense = self.spend_company()
        self.pushed(expense)
        move = expense.account_move_id
        reversal = move._reverse_moves(cancel=True)
        self.assertEqual(self.problem(move), "expense_bill_left")
        # What takes it back is no bill, and no journal of people either.
        reversal.journal_id.xero_send_entries = True
        self.assertEqual(reversal._xero_dataset_key(), "manual_journal")
        self.push(reversal)
        self.assertEqual(reversal.xero_link_id.reason, "journal_of_payment")
        self.book(expense)
        self.assertEqual(self.refused(expense), "expense_sent_before")

    def test_posted_anew_with_others_is_asked_for(self):
        expenses = self.spend(post=False) | self.spend(33.0, post=False)
        self.pushed(self.book(expenses))
        self.reset(expenses)
        self.book(expenses[0])
        self.assertEqual(self.refused(expenses[0]), "expense_sent_before")
        domain = [("res_id", "=", expenses[0].account_move_id.id), ("state", "=", "open")]
        problem = self.env["xero.exception"].search(domain)
        # A person has deleted the first bill in Xero.
        with self.as_request(problem) as current:
            current.action_cure()
        self.assertEqual(expenses[0].xero_state, "synced")

    def test_what_was_deleted_in_xero_comes_anew(self):
        self.connection.push_status_expense = "draft"
        expense = self.spend()
        first = self.pushed(expense)
        self.call_xero("POST", "/Invoices", {"InvoiceID": first["InvoiceID"], "Status": "DELETED"})
        expense.account_move_id.xero_link_id.xero_status = "DELETED"
        self.reset(expense)
        self.book(expense)
        self.assertNotEqual(self.pushed(expense)["InvoiceID"], first["InvoiceID"])

    # === ALREADY THERE === #

    def theirs(self, contact, total, day):
        """A bill that a person made in Xero."""
        line = {"Description": "Taxi", "Quantity": 1, "UnitAmount": total, "AccountCode": "429", "TaxType": "INPUT"}
        body = {
            "Type": "ACCPAY",
            "Contact": {"ContactID": contact.xero_link_id.xero_id},
            "InvoiceNumber": "taxi",
            "Date": str(day),
            "DueDate": str(day),
            "Status": "AUTHORISED",
            "LineAmountTypes": "Inclusive",
            "LineItems": [line],
        }
        return self.create_in_xero("/Invoices", body)["Invoices"][0]["InvoiceID"]

    def test_a_bill_that_somebody_made_is_adopted(self):
        self.push(self.sam.work_contact_id)
        own, company = self.spend(), self.spend_company(55.0)
        made = {
            self.theirs(self.sam.work_contact_id, 110.0, own.account_move_id.date): own,
            self.theirs(self.vendor, 55.0, company.account_move_id.date): company,
        }
        with self.as_request(self.connection) as current:
            current.action_adopt()
        self.work(self.connection)
        pairs = self.env["xero.pair"].search([("dataset", "=", "invoice"), ("state", "=", "proposed")])
        for pair in pairs.filtered(lambda pair: pair.xero_id in made):
            self.assertEqual(pair.res_id, made[pair.xero_id].account_move_id.id)
            with self.as_request(pair) as current:
                current.action_accept()
        for xero_id, expense in made.items():
            self.assertEqual((expense.xero_link_id.xero_id, expense.xero_state), (xero_id, "synced"))
            self.push(expense)
        self.assertFalse(self.xero.count("PUT /Invoices") - len(made))
        self.assertEqual(len(self.live()), len(made))

    def test_a_lost_answer(self):
        for make in (self.spend, self.spend_company):
            expense = make()
            self.push(self.sam.work_contact_id)
            self.xero.sandbox.faults.add("drop_after", method="PUT", path="/Invoices$", times=1)
            self.push(expense)
            self.assertEqual(expense.xero_state, "in_doubt")
            self.age(minutes=7)
            for _pass in range(4):
                self.work(self.connection)
                self.age(seconds=30)
            self.assertEqual(expense.xero_state, "synced")
            number = expense.account_move_id.name
            self.assertEqual([row["InvoiceNumber"] for row in self.live()].count(number), 1)
            self.xero.sandbox.faults.clear()
