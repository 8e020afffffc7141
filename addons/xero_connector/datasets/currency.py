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
    _whole = True
    _pull_sequence = 20

    @api.model
    def _store(self, items):
        """Keep the codes of all currencies of the list, and activate those in Odoo; none is switched off."""
        codes = sorted({item["Code"] for item in items if item.get("Code")})
        counts = {"created": 0, "updated": 0, "unchanged": len(codes)}
        if codes != self._connection.currency_codes:
            self._connection.currency_codes = codes
        asleep = self.env["res.currency"].with_context(active_test=False)
        asleep = asleep.search([("name", "in", codes), ("active", "=", False)])
        if asleep:
            asleep.active = True
            counts.update(updated=len(asleep), unchanged=len(codes) - len(asleep))
        return counts
