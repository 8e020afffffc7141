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

    def test_the_surest_key_decides_by_default(self):
        # RUL-01
        ours = {"xero_ar_account": "K-1", "vat": "51824753556", "company_registry": "824753556"}
        ours |= {"email": "k@x.example", "name": "Kauri"}
        theirs = {"AccountNumber": "K-1", "TaxNumber": "51 824 753 556", "CompanyNumber": "824753556"}
        theirs |= {"EmailAddress": "k@x.example", "Name": "Kauri Ltd"}
        partners = self.env["res.partner"].with_context(no_vat_validation=True)
        # The weakest first, so that no id decides.
        found = [partners.create({"name": f"By {key}", key: value}) for key, value in reversed(ours.items())][::-1]
        for weakest in range(5):
            with self.subTest(list(theirs)[weakest]):
                values = {"Name": f"Other {weakest}", **dict(list(theirs.items())[weakest:])}
                values["Name"] += " Pty" * weakest  # no two contacts have one name in Xero
                contact_id = self.contact(**{"name": values.pop("Name"), **values})
                self.pull()
                self.assertEqual(self.linked(contact_id), found[weakest])

    def test_the_best_is_the_one_with_most_in_common(self):
        # RUL-02
        self.connection.on_duplicate_match = "link"
        self.connection.match_rule_ids.filtered(lambda rule: rule.key == "name").sequence = 1
        partners = self.env["res.partner"].create(
            [{"name": "Wattle"}, {"name": "Wattle", "email": "w@x.example"}, {"name": "Wattle"}]
        )
        contact_id = self.contact("Wattle", EmailAddress="w@x.example")
        self.pull()
        self.assertEqual(self.linked(contact_id), partners[1])

    def test_account_numbers_keep_their_punctuation(self):
        # XW-19: spaces and case only
        partner = self.env["res.partner"].create({"name": "P", "xero_ar_account": "1-12"})
        other, same = self.contact("Q", AccountNumber="11-2"), self.contact("R", AccountNumber=" 1 -12")
        self.pull()
        self.assertNotEqual(self.linked(other), partner)
        self.assertEqual(self.linked(same), partner)
