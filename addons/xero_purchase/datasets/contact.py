"""Contacts: the currency that is bought in from a vendor."""

from odoo import api, models


class XeroDatasetContact(models.AbstractModel):
    _inherit = "xero.dataset.contact"

    @api.model
    def _prepare_vals(self, item):
        # EXTENDS xero_connector
        code = item.get("DefaultCurrency")
        currency = code and self.env["res.currency"].search([("name", "=", code)], limit=1)
        return {**super()._prepare_vals(item), "property_purchase_currency_id": currency and currency.id}
