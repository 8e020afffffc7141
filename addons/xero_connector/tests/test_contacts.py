"""Contacts travel with their documents (CTC)."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import XeroCase


@tagged("post_install", "-at_install")
class TestContacts(XeroCase):
    def setUp(self):
        super().setUp()
        self.connection = self.connect()

    def child(self, name, **values):
        return self.env["res.partner"].create({"name": name, "parent_id": self.partner.id, "type": "contact", **values})

    def pushed(self, partner):
        self.push(partner)
        return self.in_xero(partner, "Contacts")

    def test_company_is_the_contact_of_its_people(self):
        # CTC-05, CTC-06
        first = self.child("Ann Marie Lee", email="ann@bluegum.example")
        self.child("Bob Ray", email="bob@bluegum.example")
        self.push(self.invoice(partner_id=first.id))
        item = self.in_xero(self.partner, "Contacts")
        self.assertEqual(item["Name"], "Blue Gum Pty Ltd")
        self.assertEqual((item["FirstName"], item["LastName"]), ("Ann", "Marie Lee"))
        person = item["ContactPersons"][0]
        self.assertEqual((person["FirstName"], person["LastName"]), ("Bob", "Ray"))
        self.assertTrue(person["IncludeInEmails"])

    def test_addresses(self):
        # CTC-07
        self.partner.write(
            {"street": "1 Wharf St", "city": "Sydney", "zip": "2000", "country_id": self.env.ref("base.au").id}
        )
        self.env["res.partner"].create(
            {"name": "Accounts", "type": "invoice", "parent_id": self.partner.id, "street": "PO Box 7", "city": "Ryde"}
        )
        addresses = {a["AddressType"]: a for a in self.pushed(self.partner)["Addresses"]}
        self.assertEqual(addresses["STREET"]["AddressLine1"], "1 Wharf St")
        self.assertEqual(addresses["STREET"]["Country"], "Australia")
        self.assertEqual(addresses["POBOX"]["AddressLine1"], "PO Box 7")

    def test_person_without_company(self):
        # CTC-09
        person = self.env["res.partner"].create({"name": "Pat Doe"})
        self.push(self.invoice(partner_id=person.id))
        self.assertEqual(self.in_xero(person, "Contacts")["Name"], "Pat Doe")

    def test_more_than_five_people(self):
        # CTC-10
        for number in range(8):
            self.child(f"Person {number}")
        item = self.pushed(self.partner)
        self.assertEqual(len(item["ContactPersons"]), 5)
        event = self.env["xero.event"].search([("kind", "=", "persons_ignored")])
        self.assertIn("2 persons", event.message)
        self.assertNotIn("Person", event.message, "names of people stay out of the log")

    def test_flags_are_xeros_own(self):
        # CTC-11
        dataset = self.connection._dataset("contact")
        payload, _lines = dataset._prepare_payload(dataset._browse(self.partner.id), self.env["xero.link"])
        self.assertFalse({"IsCustomer", "IsSupplier"} & payload.keys())

    def test_number_is_written_once(self):
        link = self.env["xero.link"]
        self.push(self.partner)
        link = self.partner.xero_link_id
        dataset = self.connection._dataset("contact")
        self.assertNotIn("ContactNumber", dataset._with_identity({}, link, self.partner, []))
        self.assertTrue(self.in_xero(self.partner, "Contacts")["ContactNumber"].startswith("odoo-"))

    def test_changed_partner_is_updated(self):
        self.push(self.partner)
        xero_id = self.partner.xero_link_id.xero_id
        self.partner.phone = "+61 2 5550 1234"
        self.assertEqual(self.partner.xero_state, "outdated")
        item = self.pushed(self.partner)
        self.assertEqual(item["ContactID"], xero_id)
        self.assertIn("+61 2 5550 1234", [phone["PhoneNumber"] for phone in item["Phones"]])

    def test_a_changed_partner_travels_with_its_next_document(self):
        # TIM-09
        self.push(self.invoice())
        self.partner.phone = "02 5550 1234"
        self.xero.sandbox.log.clear()
        move = self.invoice()
        self.push(move)
        self.assertEqual((move.xero_state, self.partner.xero_state), ("synced", "synced"))
        numbers = [phone["PhoneNumber"] for phone in self.in_xero(self.partner, "Contacts")["Phones"]]
        self.assertIn("02 5550 1234", numbers)
        self.assertEqual(self.xero.count("POST /Contacts"), 1)
        with self.subTest("Xero keeps the contacts"):
            self.connection.contact_direction = "pull"
            self.partner.phone = "02 5550 9999"
            self.push(self.invoice())
            self.assertFalse(self.problem(self.partner))
            self.assertEqual(self.xero.count("POST /Contacts"), 1)
        with self.subTest("CTC-13: nor does it go by itself, and the history says why"):
            self.push(self.partner)
            self.assertEqual(self.xero.count("POST /Contacts"), 1)
            self.assertTrue(self.env["xero.event"].search([("code", "=", "contact_only_pulled")]))

    def test_email_that_xero_would_refuse(self):
        self.partner.email = "büro@bluegum.example"
        self.assertFalse(self.pushed(self.partner)["EmailAddress"])
        self.assertTrue(self.env["xero.event"].search([("kind", "=", "email_ignored")]))

    def test_documents_name_the_contact_by_its_id_only(self):
        self.push(self.partner)
        dataset = self.connection._dataset("invoice")
        move = self.invoice()
        payload, _lines = dataset._prepare_payload(dataset._browse(move.id), self.env["xero.link"])
        self.assertEqual(payload["Contact"], {"ContactID": self.partner.xero_link_id.xero_id})

    def test_two_partners_of_one_name(self):
        # Never "Name (1)": the second one is a question
        twin = self.partner.copy({"name": "Blue Gum Pty Ltd"})
        self.push(self.partner)
        self.push(twin)
        self.assertEqual(self.problem(twin), "contact_ambiguous")

    def test_name_of_an_archived_contact(self):
        archived = self.env["res.partner"].create({"name": "Old Harbour Traders", "is_company": True})
        self.push(archived)
        self.assertEqual(self.problem(archived), "contact_name_archived")

    def test_a_link_that_is_cleared(self):
        # XW-16: the next push finds the contact of that name again, and makes no second one
        self.push(self.partner)
        key = self.partner.xero_link_id.xero_id
        reader = self.new_user("reader", "base.group_partner_manager")
        with self.assertRaises(AccessError):
            self.partner.with_user(reader).action_xero_clear_link()
        clerk = self.new_user("clerk", "xero_connector.group_xero_user", "base.group_partner_manager")
        link = self.partner.xero_link_id
        link.state = "sending"
        with self.assertRaisesRegex(UserError, "on its way"):
            self.partner.with_user(clerk).action_xero_clear_link()
        link.state = "synced"
        self.partner.with_user(clerk).action_xero_clear_link()
        self.assertFalse(self.partner.xero_link_id)
        self.assertTrue(self.env["xero.event"].search([("kind", "=", "link_cleared"), ("xero_id", "=", key)]))
        with self.assertRaisesRegex(UserError, "not linked"):
            self.partner.with_user(clerk).action_xero_clear_link()
        self.push(self.partner)
        self.assertEqual((self.partner.xero_link_id.xero_id, self.partner.xero_state), (key, "synced"))
