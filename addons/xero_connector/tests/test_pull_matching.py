"""Which partner a contact is, whatever the order in which contacts arrive."""

from odoo.tests import tagged

from .contacts import ContactCase


@tagged("post_install", "-at_install")
class TestPullMatching(ContactCase):
    def setUp(self):
        super().setUp()
        self.connection.on_missing_partner = "create"

    def one_by_one(self):
        """Each contact is taken in for itself, as when a border between two blocks lies between them."""
        self.patch(self.env.registry["xero.dataset.contact"], "_block", 1)

    def code(self, contact_id):
        return self.env["xero.exception"].search([("xero_id", "=", contact_id), ("state", "=", "open")]).code

    def test_the_second_contact_of_another_block_is_a_question(self):
        self.one_by_one()
        partner = self.env["res.partner"].create({"name": "Wattle"})
        first, second = self.contact("Wattle Ltd"), self.contact("Wattle Pty")
        self.pull()
        self.assertEqual(self.linked(first), partner)
        self.assertFalse(self.linked(second))
        self.assertEqual(self.code(second), "partner_wanted_twice")
        self.assertEqual(self.env["res.partner"].search_count([("name", "ilike", "wattle")]), 1)

    def test_a_surer_key_that_comes_later_is_a_question(self):
        self.one_by_one()
        partner = self.env["res.partner"].create({"name": "Wattle", "xero_ar_account": "W1"})
        self.env["res.partner"].create({"name": "Acacia"})
        by_name = self.contact("Wattle Ltd")
        sure = self.contact("Acacia", AccountNumber="W1")
        self.pull()
        self.assertEqual(self.linked(by_name), partner)
        self.assertFalse(self.linked(sure))
        self.assertEqual(self.code(sure), "partner_wanted_twice")

    def test_a_weaker_key_that_comes_later_is_another_partner(self):
        # In one block the surer of the two gets the partner, too.
        self.env["res.partner"].create({"name": "Wattle", "xero_ar_account": "W1"})
        for block in (500, 1):
            with self.subTest(block):
                self.patch(self.env.registry["xero.dataset.contact"], "_block", block)
                sure, other = self.contact(f"Sure {block}", AccountNumber="W1"), self.contact("Wattle Ltd")
                self.pull()
                self.assertEqual(self.linked(sure).name, "Wattle")
                self.assertEqual(self.linked(other).name, "Wattle Ltd")
                self.env["xero.link"].search([("xero_id", "in", [sure, other])]).unlink()
                self.linked(other).unlink()
                for contact_id in (sure, other):
                    self.edit(contact_id, Name=f"Old {contact_id}", AccountNumber="", ContactStatus="ARCHIVED")

    def test_contacts_that_nobody_had_to_guess_stay_apart(self):
        # Two contacts with one address are two in Xero; made from them they are two here.
        self.one_by_one()
        ids = [self.contact(name, EmailAddress="office@x.example") for name in ("North", "South")]
        run = self.pull()
        self.assertFalse(run.failed)
        self.assertEqual([self.linked(contact_id).name for contact_id in ids], ["North", "South"])

    def test_account_numbers_keep_their_punctuation(self):
        # XW-19: spaces and case only
        partner = self.env["res.partner"].create({"name": "P", "xero_ar_account": "1-12"})
        other, same = self.contact("Q", AccountNumber="11-2"), self.contact("R", AccountNumber=" 1 -12")
        self.pull()
        self.assertNotEqual(self.linked(other), partner)
        self.assertEqual(self.linked(same), partner)
