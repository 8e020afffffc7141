"""Fields of a contact that have to be there, or to be its own (XM-08); what a fresh company has to say (RUL-06)."""

from odoo.tests import tagged

from .common import XeroCase

STATUSES = ("push_status_invoice", "push_status_credit_note", "push_status_bill", "push_status_supplier_credit")


@tagged("post_install", "-at_install")
class TestContactMarks(XeroCase):
    def mark(self, connection, field, **marks):
        connection.field_rule_ids.filtered(lambda rule: rule.field == field).write(marks)

    def test_a_mandatory_field_that_is_empty_is_a_problem(self):
        connection = self.connect()
        for field, fill in (
            ("vat", {"vat": "53 004 085 616"}),
            ("phone", {"phone": "02 5550 0001"}),
            ("address", {"street": "1 Wharf Road"}),
        ):
            with self.subTest(field):
                partner = self.env["res.partner"].create({"name": f"Without {field}", "is_company": True})
                self.mark(connection, field, mandatory=True)
                self.push(partner)
                self.assertEqual(self.problem(partner), "field_missing")
                self.assertFalse(self.xero.count("PUT /Contacts"))
                partner.write(fill)
                self.push(partner)
                self.assertEqual(partner.xero_state, "synced")
                self.mark(connection, field, mandatory=False)
                self.xero.sandbox.log.clear()

    def test_a_document_says_what_its_contact_lacks(self):
        connection = self.connect()
        self.mark(connection, "company_registry", mandatory=True)
        move = self.invoice()
        self.push(move)
        self.assertEqual(self.problem(self.partner), "field_missing")
        self.assertFalse(move.xero_link_id.xero_id)

    def test_a_unique_field_belongs_to_one_contact_in_xero(self):
        connection = self.connect()
        self.mark(connection, "email", unique=True)
        other = self.partner.copy({"name": "Red Gum Pty Ltd", "email": self.partner.email})
        self.push(self.partner)
        self.assertEqual(self.partner.xero_state, "synced", "the other one is not in Xero")
        self.push(other)
        self.assertEqual(self.problem(other), "field_not_unique")
        other.email = "own@redgum.example"
        self.push(other)
        self.assertEqual(other.xero_state, "synced")


@tagged("post_install", "-at_install")
class TestFreshCompany(XeroCase):
    def test_only_accounts_taxes_start_and_status_are_to_be_said(self):
        # RUL-06: matching rules and all else come with the installation; B8 and B18 ask for the other two
        connection = self.connect(mapped=False, **dict.fromkeys(STATUSES, False), sync_from=False)
        self.assertTrue(connection.field_rule_ids)
        self.assertTrue(self.env["xero.match.rule"].search([("connection_id", "=", connection.id)]))
        move = self.invoice()
        self.push(move)
        self.assertEqual(self.problem(move), "status_not_chosen")
        connection.action_preset_direct()
        self.push(move)
        self.assertEqual(self.problem(move), "start_not_chosen")
        connection.action_accept_start()
        connection.sync_from = min(connection.sync_from, move.date)
        self.push(move)
        self.assertEqual(self.problem(move), "account_unmapped")
        accounts = self.env["xero.account"].search([("connection_id", "=", connection.id), ("code", "=", "200")])
        self.income.with_company(self.company).xero_account_id = accounts
        self.push(move)
        self.assertEqual(self.problem(move), "tax_unmapped")
        self.gst.xero_tax_rate_id = self.env["xero.tax.rate"].search(
            [("connection_id", "=", connection.id), ("tax_type", "=", "OUTPUT")]
        )
        self.push(move)
        self.assertAgrees(move)
