"""Who may send expenses, what others notice of it, and what is left when the add-on goes (SEC-01, SEC-05)."""

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from odoo.addons.xero_expense.hooks import uninstall_hook

from .common import ExpenseCase

ACCOUNTANT, READER = "account.group_account_user", "hr_expense.group_hr_expense_user"


@tagged("post_install", "-at_install")
class TestExpenseRights(ExpenseCase):
    def test_who_may_push(self):
        expense = self.spend()
        for login, groups in (
            ("auditor", ("xero_connector.group_xero_auditor",)),
            ("accountant", (ACCOUNTANT,)),
            # A right to Xero is no right to the books.
            ("reader", ("xero_connector.group_xero_user", READER, "account.group_account_readonly")),
        ):
            with self.assertRaises(AccessError):
                self.push(expense, self.new_user(f"e_{login}", *groups))
        self.assertFalse(self.bills_in_xero())
        user = self.new_user("e_both", "xero_connector.group_xero_user", ACCOUNTANT)
        for make in (self.spend, self.spend_company):
            expense = make()
            action = self.push(expense, user)
            self.assertEqual(action["params"]["type"], "success")
            self.assertEqual(expense.xero_link_id.run_id.user_id, user)

    def test_employees_notice_nothing(self):
        self.sam.user_id = employee = self.new_user("e_sam")
        expense = self.spend()
        self.pushed(expense)
        mine = expense.with_user(employee)
        self.assertEqual(mine.read(["name", "state"])[0]["state"], "posted")
        for name in ("xero_state", "xero_number", "xero_former_link_id"):
            with self.assertRaises(AccessError):
                mine.read([name])
        with Form(mine) as form:
            self.assertNotIn("xero_state", form._view["fields"])
        draft = self.spend(post=False).with_user(employee)
        draft.write({"name": "Bus", "date": "2026-11-03"})
        self.env["ir.attachment"].with_user(employee).create(
            {"name": "ticket.txt", "raw": b"ticket", "res_model": "hr.expense", "res_id": draft.id}
        )
        draft.unlink()

    def test_lists_find_and_group(self):
        sent, kept, draft = self.spend(), self.spend_company(vendor_id=False), self.spend(post=False)
        self.pushed(sent)
        self.refused(kept)
        accountant = self.env["hr.expense"].with_user(self.new_user("e_lists", ACCOUNTANT))
        ours = [("id", "in", (sent | kept | draft).ids)]
        for states, found in ((["synced"], sent), (["failed"], kept), ([False], draft)):
            self.assertEqual(accountant.search([*ours, ("xero_state", "in", states)]), found)
        groups = accountant._read_group(ours, ["xero_state"], ["__count"])
        self.assertEqual(dict(groups), {"synced": 1, "failed": 1, False: 1})
        grouped = accountant.formatted_read_group(ours, ["xero_state"], ["__count"])
        for group in grouped:
            found = accountant.search(group["__extra_domain"]) & accountant.search(ours)
            self.assertEqual(len(found), group["__count"], group)

    def test_what_is_left(self):
        self.env["xero.push.mode"]._create_missing(self.connection)
        self.env["ir.filters"].create(
            {"name": "Not there", "model_id": "hr.expense", "domain": "[('xero_state', '=', False)]"}
        )
        own, company, kept = self.spend(), self.spend_company(), self.spend_company(vendor_id=False)
        self.pushed(own)
        self.pushed(company)
        self.refused(kept)
        uninstall_hook(self.env)
        # Without us an entry is no bill: nobody compares it any more, and the receipt goes on.
        self.assertEqual((own.xero_state, company.xero_state, kept.xero_state), ("synced", "excluded", "excluded"))
        self.assertTrue(company.xero_link_id.xero_id)
        for model, domain in (
            ("xero.push.mode", [("kind", "=", "expense")]),
            ("xero.exception", [("code", "like", "expense")]),
            ("ir.filters", [("model_id", "=", "hr.expense"), ("domain", "like", "xero")]),
        ):
            self.assertFalse(self.env[model].search_count(domain))
        self.assertTrue(self.env["xero.push.mode"].search_count([("kind", "=", "bill")]))
