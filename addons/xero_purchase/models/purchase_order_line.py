"""Lines of purchase orders: a sent order that changes is to be sent again."""

from odoo import api, models

SENT_FIELDS = {
    "analytic_distribution",
    "date_planned",
    "discount",
    "name",
    "price_unit",
    "product_id",
    "product_qty",
    "product_uom_id",
    "sequence",
    "tax_ids",
}


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        """Create; the orders have changed."""
        lines = super().create(vals_list)
        lines.order_id._xero_line_changed()
        return lines

    def write(self, vals):
        """Write; the orders have changed."""
        result = super().write(vals)
        if SENT_FIELDS & vals.keys():
            self.order_id._xero_line_changed()
        return result

    def unlink(self):
        """Delete; the orders have changed."""
        orders = self.order_id
        result = super().unlink()
        orders.exists()._xero_line_changed()
        return result
