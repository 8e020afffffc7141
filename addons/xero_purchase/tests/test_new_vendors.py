"""Vendors that come from Xero: the currency that is bought in (XW-35)."""

from odoo.tests import tagged

from .common import PurchaseCase


@tagged("post_install", "-at_install")
class TestNewVendors(PurchaseCase):
    def test_currency_of_purchases_is_xeros_else_the_template_s(self):
        usd, eur = self.env.ref("base.USD"), self.env.ref("base.EUR")
        template = self.env["res.partner"].create({"name": "Template"})
        template.with_company(self.company).property_purchase_currency_id = eur
        self.connection.write({"on_missing_partner": "create", "template_partner_id": template.id})
        contacts = [{"Name": "In Dollars", "DefaultCurrency": "USD"}, {"Name": "Says Nothing"}]
        made = self.create_in_xero("/Contacts", {"Contacts": contacts})["Contacts"]
        with self.as_request(self.connection) as connection:
            connection._import(["contact"])
        for contact, currency in zip(made, (usd, eur), strict=True):
            link = self.env["xero.link"].search([("xero_id", "=", contact["ContactID"])])
            partner = self.env["res.partner"].browse(link.res_id).with_company(self.company)
            self.assertEqual(partner.property_purchase_currency_id, currency, contact["Name"])
