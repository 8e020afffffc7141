"""Currencies that the Xero organisation is subscribed to."""

from odoo import api, models


class XeroDatasetCurrency(models.AbstractModel):
    """Operation getCurrencies; the codes are kept on the connection."""

    _name = "xero.dataset.currency"
    _inherit = "xero.dataset"
    _description = "Xero Currencies"

    _key = "currency"
    _xero_path = "/Currencies"
    _xero_plural = "Currencies"
    _xero_id = "Code"
    _odoo_model = "xero.connection"

    @api.model
    def _store(self, items):
        """Keep the codes of all currencies of the list."""
        codes = sorted({item["Code"] for item in items if item.get("Code")})
        self._connection.currency_codes = codes
