"""The cures of an order's problems know its vendor."""

from odoo.tests import tagged

from .common import PurchaseCase


@tagged("post_install", "-at_install")
class TestOrderCures(PurchaseCase):
    def cure(self, order, code):
        """Press "Put right" on the problem of `order`; the problem, and what the button returns."""
        problem = self.env["xero.exception"].search(
            [("model", "=", "purchase.order"), ("res_id", "=", order.id), ("state", "=", "open")]
        )
        self.assertEqual(problem.code, code)
        with self.as_request(problem) as current:
            return problem, current.action_cure()

    def test_a_vendor_restored_in_xero_is_looked_at_again(self):
        self.push(self.partner)
        contacts = self.xero.organisation(1).contacts
        contact = contacts.get(self.partner.xero_link_id.xero_id)
        contacts.put({**contact, "ContactStatus": "ARCHIVED"})
        with self.as_request(self.partner) as partner:
            partner.action_xero_refresh()
        order = self.order()
        self.push(order)
        contacts.put({**contact, "ContactStatus": "ACTIVE"})
        problem, _action = self.cure(order, "contact_archived")
        self.assertEqual((problem.state, order.xero_state), ("done", "synced"))

    def test_the_vendor_whose_contact_was_refused_is_opened(self):
        there = self.create_in_xero("/Contacts", {"Contacts": [{"Name": self.partner.name}]})["Contacts"][0]
        other = self.env["res.partner"].create({"name": "Somebody Else"})
        self.link(self.connection, "contact", other, there["ContactID"])
        person = self.env["res.partner"].create({"name": "Pat", "parent_id": self.partner.id})
        order = self.order(partner_id=person.id)
        self.push(order)
        _problem, action = self.cure(order, "contact_not_in_xero")
        self.assertEqual((action["res_model"], action["res_id"]), ("res.partner", self.partner.id))
