"""A bill tells which purchase orders it was made from (XQ-37); Xero's Reference is for sales only."""

from odoo import api, models


class XeroDatasetDocument(models.AbstractModel):
    _inherit = "xero.dataset.document"

    @api.model
    def _told_in_lines(self, record):
        # EXTENDS xero_connector: a bill that was matched with an order by its lines names no origin
        texts = super()._told_in_lines(record)
        orders = record.line_ids.purchase_line_id.order_id
        if orders:
            texts["order"] = self.env._("Purchase order: %s", ", ".join(orders.sorted("id").mapped("name")))
        return texts
