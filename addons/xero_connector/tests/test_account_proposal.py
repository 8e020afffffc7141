"""Accounts come from Xero only line by line, by an administrator, with their mapping."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import XeroCase


@tagged("post_install", "-at_install")
class TestAccountProposal(XeroCase):
    def setUp(self):
        super().setUp()
        self.connection = self.connect()

    def open(self, user=None):
        connection = self.connection.with_user(user or self.env.user)
        return self.env["xero.account.proposal"].browse(connection.action_propose_accounts()["res_id"])

    def test_what_odoo_lacks_is_proposed_and_nothing_created(self):
        before = self.env["account.account"].search_count([])
        wizard = self.open()
        self.assertEqual(self.env["account.account"].search_count([]), before)
        self.assertFalse(wizard.line_ids.filtered("chosen"))
        theirs = wizard.line_ids.xero_account_id
        self.assertNotIn("BANK", theirs.mapped("type"))
        self.assertFalse(theirs.filtered("system_account"))
        self.assertNotIn(self.income.with_company(self.company).xero_account_id, theirs)
        with self.assertRaises(UserError):
            wizard.action_create()

    def test_a_chosen_one_is_created_and_mapped(self):
        wizard = self.open()
        line = wizard.line_ids.filtered(lambda row: row.xero_account_id.type == "OVERHEADS")[:1] or wizard.line_ids[0]
        line.write({"chosen": True, "code": "987650"})
        wizard.action_create()
        accounts = self.env["account.account"].with_company(self.company)
        account = accounts.search([("xero_account_id", "=", line.xero_account_id.id)])
        self.assertEqual((account.code, account.name, account.company_ids), ("987650", line.name, self.company))
        self.assertEqual(account.account_type, line.account_type)
        self.assertNotIn(line.xero_account_id, self.open().line_ids.xero_account_id)

    def test_a_code_that_is_taken_is_said_and_refused(self):
        wizard = self.open()
        line = wizard.line_ids[0]
        line.write({"chosen": True, "code": self.income.with_company(self.company).code})
        self.assertEqual(line.taken_by_id, self.income)
        before = self.env["account.account"].search_count([])
        with self.assertRaises(UserError):
            wizard.action_create()
        self.assertEqual(self.env["account.account"].search_count([]), before)

    def test_only_administrators(self):
        user = self.new_user("clerk", "xero_connector.group_xero_user", "account.group_account_user")
        with self.assertRaises(AccessError):
            self.open(user)
