"""Nobody approves the bill of an expense that he claims or has edited, nor another one than was asked for (RUL-09)."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ExpenseCase

RIGHTS = ("account.group_account_user", "hr_expense.group_hr_expense_manager")
APPROVER = ("xero_connector.group_xero_approver", *RIGHTS)


@tagged("post_install", "-at_install")
class TestExpenseApprovals(ExpenseCase):
    def setUp(self):
        super().setUp()
        self.env["xero.approval.rule"].create({"company_id": self.company.id, "kind": "expense"})
        self.clerk = self.new_user("e_clerk", "xero_connector.group_xero_user", *RIGHTS)
        self.approver = self.new_user("e_approver", *APPROVER)
        self.second = self.new_user("e_second", *APPROVER)

    def gated(self, expense):
        """The bill of `expense`, which waits for its approval."""
        self.push(expense, self.clerk)
        self.assertWaits(expense)
        return expense.account_move_id

    def approve(self, move, user):
        with self.as_request(move, user) as current:
            current.action_xero_approve()

    def assertWaits(self, expense):
        self.work(self.connection)
        self.assertEqual(expense.xero_link_id.reason, "waiting_approval")
        self.assertFalse(self.bills_in_xero())

    def test_another_vendor_is_another_bill(self):
        # RUL-09: the vendor stands on the expense alone
        expense = self.spend_company()
        move = self.gated(expense)
        self.approve(move, self.approver)
        with self.as_request(expense, self.clerk) as current:
            current.vendor_id = self.partner.id
        self.assertWaits(expense)
        self.approve(move, self.second)
        self.work(self.connection)
        self.assertEqual(self.in_xero(move)["Contact"]["Name"], self.partner.name)

    def test_who_edited_it_does_not_approve(self):
        # C.5: a schedule asks for what he has changed
        self.env["xero.push.mode"]._create_missing(self.connection)
        expense = self.spend_company()
        move = self.gated(expense)
        self.approve(move, self.second)
        self.work(self.connection)
        with self.as_request(expense, self.approver) as current:
            current.vendor_id = self.partner.id
        self.mode("scheduled", "expense", last_start=False)
        self.schedules()
        self.assertEqual(expense.xero_link_id.reason, "waiting_approval")
        with self.assertRaisesRegex(UserError, "yourself"):
            self.approve(move, self.approver)
        self.assertEqual(self.in_xero(move)["Contact"]["Name"], self.vendor.name)

    def test_who_edited_it_before_it_was_posted_does_not_approve(self):
        # C.5: its entry was not there yet, or is deleted and made anew
        other, rent = self.travel.copy(), self.expense.copy({"code": "990009"})
        for account in (rent, other.product_tmpl_id.with_company(self.company)._get_product_accounts()["expense"]):
            self.map_account(account, "404")
        edits = {
            "total_amount_currency": 5500.0,
            "vendor_id": self.partner.id,
            "name": "Limousine",
            "date": "2026-11-03",
            "account_id": rent.id,
            "product_id": other.id,
        }
        for name, value in edits.items():
            with self.subTest(name):
                expense = self.spend_company(post=False)
                with self.as_request(expense, self.approver) as current:
                    current[name] = value
                move = self.gated(self.book(expense))
                with self.assertRaisesRegex(UserError, "yourself"):
                    self.approve(move, self.approver)
        self.approve(move, self.second)
        self.work(self.connection)
        self.assertEqual(expense.xero_state, "synced")

    def test_who_edited_what_is_posted_anew_does_not_approve(self):
        expense = self.spend()
        with self.as_request(expense, self.approver) as current:
            current.date = "2026-11-03"
        self.env.flush_all()
        expense.account_move_id.button_draft()
        expense.account_move_id.unlink()
        move = self.gated(self.book(expense))
        with self.assertRaisesRegex(UserError, "yourself"):
            self.approve(move, self.approver)

    def test_who_claims_it_does_not_approve(self):
        # C.5: neither whose expense it is nor who has written it
        self.sam.user_id = self.approver
        expense = self.spend()
        self.env.flush_all()
        self.env.cr.execute("UPDATE hr_expense SET create_uid = %s WHERE id = %s", [self.second.id, expense.id])
        self.env.invalidate_all()
        move = self.gated(expense)
        for user in (self.approver, self.second):
            with self.assertRaisesRegex(UserError, "yourself"):
                self.approve(move, user)
        self.assertWaits(expense)
        self.approve(move, self.new_user("e_third", *APPROVER))
        self.work(self.connection)
        self.assertEqual(expense.xero_state, "synced")
