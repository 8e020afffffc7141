"""The cures of an expense's problems know whom its bill is for."""

from odoo.tests import tagged

from .common import ExpenseCase


@tagged("post_install", "-at_install")
class TestExpenseCures(ExpenseCase):
    def archive(self, partner, status="ARCHIVED"):
        contacts = self.xero.organisation(1).contacts
        contacts.put({**contacts.get(partner.xero_link_id.xero_id), "ContactStatus": status})

    def problem_of(self, expense):
        domain = [("res_id", "=", expense.account_move_id.id), ("model", "=", "account.move"), ("state", "=", "open")]
        return self.env["xero.exception"].search(domain)

    def test_the_vendor_that_was_corrected_is_looked_at_again(self):
        expense = self.spend_company()
        expense.vendor_id = self.partner
        self.archive(self.partner)
        with self.as_request(self.partner) as partner:
            partner.action_xero_refresh()
        self.push(expense)
        problem = self.problem_of(expense)
        self.assertEqual(problem.code, "contact_archived")
        self.archive(self.partner, "ACTIVE")
        with self.as_request(problem) as current:
            current.action_cure()
        self.assertEqual((problem.state, expense.xero_state), ("done", "synced"))

    def test_the_vendor_that_was_corrected_is_opened(self):
        there = self.create_in_xero("/Contacts", {"Contacts": [{"Name": "Cab Company"}]})["Contacts"][0]
        cab, other = self.env["res.partner"].create([{"name": "Cab Company"}, {"name": "Somebody Else"}])
        self.link(self.connection, "contact", other, there["ContactID"])
        expense = self.spend_company()
        expense.vendor_id = cab
        self.push(expense)
        problem = self.problem_of(expense)
        self.assertEqual(problem.code, "contact_not_in_xero")
        with self.as_request(problem) as current:
            self.assertEqual(current.action_cure()["res_id"], cab.id)
