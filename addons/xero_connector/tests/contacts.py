"""Contacts that people make and edit in Xero, and what an import makes of them."""

from .common import XeroCase


class ContactCase(XeroCase):
    def setUp(self):
        super().setUp()
        self.connection = self.connect(mapped=False)

    def contact(self, name, **values):
        """A contact made in Xero; its id."""
        made = self.create_in_xero("/Contacts", {"Contacts": [{"Name": name, **values}]})
        return made["Contacts"][0]["ContactID"]

    def pull(self, key="contact", everything=False):
        with self.as_request(self.connection) as connection:
            connection._import([key], everything=everything)
        return self.env["xero.run"].search([("kind", "=", "pull"), ("dataset", "=", key)], limit=1)

    def linked(self, contact_id):
        """Partner of a contact."""
        link = self.env["xero.link"].search([("dataset", "=", "contact"), ("xero_id", "=", contact_id)])
        return self.env["res.partner"].browse(link.res_id)

    def edit(self, contact_id, **values):
        """A Xero user changes a contact."""
        org = self.xero.organisation(1)
        org.contacts.put({**org.contacts.get(contact_id), **values, "updated": org.stamp()})
