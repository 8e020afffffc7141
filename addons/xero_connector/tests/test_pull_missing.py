"""Contacts that are only in Xero are told by their number, and somebody decides (B25)."""

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .contacts import ContactCase


@tagged("post_install", "-at_install")
class TestPullMissing(ContactCase):
    def setUp(self):
        super().setUp()
        self.pull()
        self.known = self.connection.contacts_missing
        self.ids = [self.contact(f"Only There {number}") for number in range(3)]

    def press_import(self):
        with self.as_request(self.connection) as connection:
            return connection.action_import()["params"]["message"]

    def test_an_import_says_how_many_are_only_in_xero(self):
        message = self.press_import()
        run = self.connection._schedule("contact").last_run_id
        self.assertGreaterEqual(run.missing, 3)
        self.assertEqual((run.created, run.linked), (0, 0))
        for text in (message, run._summary()):
            self.assertIn(f"{run.missing} only in Xero", text)

    def test_the_number_is_that_of_all(self):
        self.pull(everything=True)
        self.assertEqual(self.connection.contacts_missing, self.known + 3)
        # What changed is a part of them.
        self.xero.advance(400)
        self.edit(self.ids[0], EmailAddress="a@x.example")
        self.assertGreaterEqual(self.pull().missing, 1)
        self.assertEqual(self.connection.contacts_missing, self.known + 3)

    def test_they_are_created(self):
        self.pull(everything=True)
        with self.as_request(self.connection) as connection:
            connection.action_create_missing()
        names = [self.linked(contact_id).name for contact_id in self.ids]
        self.assertEqual(names, [f"Only There {number}" for number in range(3)])
        self.assertEqual(self.connection.on_missing_partner, "create")
        self.assertEqual(self.connection.contacts_missing, 0)

    def test_they_are_left_out_until_there_are_more(self):
        self.pull(everything=True)
        self.assertTrue(self.is_asked())
        self.connection.action_ignore_missing()
        self.pull(everything=True)
        self.assertFalse(self.is_asked())
        self.contact("One More")
        self.pull(everything=True)
        self.assertTrue(self.is_asked())

    def is_asked(self):
        """Whether the form shows the question."""
        arch = etree.fromstring(self.connection.get_view(view_type="form")["arch"])
        (question,) = arch.xpath("//div[field[@name='contacts_missing']]")
        values = self.connection.read()[0]
        return not safe_eval(question.get("invisible"), values)

    def test_pairs_come_first(self):
        self.env["xero.link"].search([("dataset", "=", "contact")]).unlink()
        self.partner.customer_rank = 1
        with self.assertRaisesRegex(UserError, "Adopt"), self.env.cr.savepoint():
            self.connection.action_create_missing()
        self.assertEqual(self.connection.on_missing_partner, "skip")

    def test_an_administrator_decides(self):
        connection = self.connection.with_user(self.new_user("x_user", "xero_connector.group_xero_user"))
        for action in ("action_create_missing", "action_ignore_missing"):
            with self.subTest(action), self.assertRaises(AccessError):
                getattr(connection, action)()

    def test_items_without_a_product_are_told(self):
        self.xero.act("create_item", values={"Code": "TEA-1", "Name": "Tea"})
        self.assertIn("Items: ", self.press_import())
