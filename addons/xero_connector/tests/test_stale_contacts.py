"""A contact's id that Xero does not know: it is looked for once, by number and name (XW-21)."""

from odoo.tests import tagged

from .common import XeroCase

NOBODYS = "11111111-2222-4333-8444-555555555555"


@tagged("post_install", "-at_install")
class TestStaleContacts(XeroCase):
    def setUp(self):
        super().setUp()
        self.connection = self.connect()
        self.push(self.partner)
        self.lost = self.partner.xero_link_id
        self.true_id = self.lost.xero_id

    def make_stale(self, xero_id=NOBODYS, **values):
        """The link names an id that this organisation does not have; what it has is changed to `values`."""
        theirs = self.xero.organisation(1).contacts
        theirs.put({**theirs.get(self.true_id), **values})
        self.lost.xero_id = xero_id
        self.env.flush_all()
        self.start = len(self.xero.calls)

    def writes(self, path):
        calls = self.xero.calls[self.start :]
        return [call for call in calls if call["method"] in ("PUT", "POST") and path in call["path"]]

    def assertRelinked(self):
        self.assertEqual(self.lost.xero_id, self.true_id)
        self.assertFalse(self.problem(self.partner))
        found = self.env["xero.event"].search([("res_id", "=", self.partner.id), ("kind", "=", "rematched")])
        self.assertEqual(len(found), 1)

    def test_the_id_of_another_organisation(self):
        foreign = next(iter(self.xero.organisation(2).contacts))
        before = dict(foreign)
        # Our own number in it tells who it is, whatever Xero's users call it.
        self.make_stale(foreign["ContactID"], Name="Blue Gum (Sydney)")
        self.partner.phone = "+61 2 5550 1234"
        self.push(self.partner)
        self.assertRelinked()
        item = self.in_xero(self.partner, "Contacts")
        self.assertIn("+61 2 5550 1234", [phone["PhoneNumber"] for phone in item["Phones"]])
        self.assertEqual(self.partner.xero_state, "synced")
        self.assertEqual(self.xero.organisation(2).contacts.get(foreign["ContactID"]), before)
        self.assertEqual(len(self.writes("/Contacts")), 2)

    def test_a_document_finds_it_by_name_or_account_number(self):
        for values in (
            {"ContactNumber": "", "Name": "BLUE GUM PTY LTD"},
            {"ContactNumber": "", "Name": "B. Gum", "AccountNumber": "C001"},
        ):
            with self.subTest(values):
                self.env["xero.event"].search([("kind", "=", "rematched")]).sudo().unlink()
                self.partner.with_company(self.company).xero_ar_account = " C 001 "
                self.make_stale(**values)
                move = self.invoice()
                self.push(move)
                self.assertRelinked()
                self.assertAgrees(move)
                self.assertEqual(self.in_xero(move)["Contact"]["ContactID"], self.true_id)
                self.assertFalse(self.problem(move))

    def test_a_changed_document_finds_it(self):
        move = self.invoice()
        self.push(move)
        self.make_stale()
        move.button_draft()
        move.invoice_line_ids.price_unit = 1200
        move.action_post()
        self.push(move)
        self.assertRelinked()
        self.assertAgrees(move)

    def test_nobody_or_several_are_a_question(self):
        twin = {"Contacts": [{"Name": "Other Gum", "AccountNumber": "C001"}]}
        self.create_in_xero("/Contacts", twin)
        for values in (
            {"ContactNumber": "", "Name": "Red Gum"},
            {"ContactStatus": "ARCHIVED"},
            {"ContactNumber": "", "AccountNumber": "C001"},
        ):
            with self.subTest(values):
                if "AccountNumber" in values:
                    self.partner.with_company(self.company).xero_ar_account = "C001"
                self.make_stale(**{"ContactStatus": "ACTIVE", **values})
                move = self.invoice()
                self.push(move)
                self.assertEqual(self.problem(move), "contact_gone")
                self.assertEqual(self.lost.xero_id, NOBODYS)
                self.assertEqual(len(self.writes("/Invoices")), 1)

    def test_it_is_asked_once(self):
        move = self.invoice()
        self.push(move)
        self.make_stale()
        # The document is gone, too: the contact's new id does not mend that.
        move.xero_link_id.xero_id = NOBODYS
        move.button_draft()
        move.invoice_line_ids.price_unit = 1200
        move.action_post()
        self.push(move)
        self.assertEqual(self.problem(move), "document_gone")
        self.assertEqual(len(self.writes("/Invoices")), 2)
        # By number and by name, and not again for the second refusal.
        searches = [call for call in self.xero.calls[self.start :] if call["path"].endswith("/Contacts")]
        self.assertEqual(len(searches), 2)
        self.assertEqual(self.lost.xero_id, self.true_id)

    def test_an_id_that_another_partner_holds_stays_with_it(self):
        other = self.env["res.partner"].create({"name": "Blue Gum Pty Ltd", "is_company": True})
        self.make_stale(ContactNumber="")
        self.link(self.connection, "contact", other, self.true_id)
        self.partner.phone = "+61 2 5550 1234"
        self.push(self.partner)
        self.assertEqual(self.problem(self.partner), "contact_gone")
        self.assertEqual(other.xero_link_id.xero_id, self.true_id)
