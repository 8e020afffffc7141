"""Adoption of what is on both sides already."""

from .common import XeroCase

LINE = {"Description": "x", "Quantity": 1, "AccountCode": "200", "TaxType": "OUTPUT"}


class AdoptCase(XeroCase):
    def setUp(self):
        super().setUp()
        self.connection = self.connect()

    def adopt(self):
        with self.as_request(self.connection) as connection:
            connection.action_adopt()
        runs = self.env["xero.run"].search([("kind", "=", "adopt")])
        while any(run.state in ("queued", "running") for run in runs):
            self.work(self.connection)
        self.assertEqual(set(runs.mapped("state")), {"done"}, runs.mapped("error"))
        return self.env["xero.pair"].search([("connection_id", "=", self.connection.id)])

    def accept_all(self):
        with self.as_request(self.connection) as connection:
            return connection.action_accept_pairs()

    def contact_in_xero(self, name):
        return self.create_in_xero("/Contacts", {"Contacts": [{"Name": name}]})["Contacts"][0]["ContactID"]

    def in_xero_only(self, move, **values):
        """The same document made in Xero by hand, as a Xero user would; its id."""
        contact = values.pop("contact")
        line = {
            "Description": "x",
            "Quantity": 1,
            "UnitAmount": move.amount_untaxed,
            "AccountCode": "200",
            "TaxType": "OUTPUT",
        }
        document = {
            "Type": "ACCREC",
            "Contact": {"ContactID": contact},
            "InvoiceNumber": move.name,
            "Date": str(move.invoice_date),
            "DueDate": str(move.invoice_date),
            "Status": "AUTHORISED",
            "LineItems": [line],
            **values,
        }
        return self.create_in_xero("/Invoices", {"Invoices": [document]})["Invoices"][0]["InvoiceID"]
