"""Journal items: a posted line that changes is a change of its document."""

from odoo import models

SENT_FIELDS = {
    "name",
    "account_id",
    "product_id",
    "quantity",
    "price_unit",
    "discount",
    "tax_ids",
    "analytic_distribution",
}


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def write(self, vals):
        # EXTENDS account
        result = super().write(vals)
        if SENT_FIELDS & vals.keys():
            self.move_id.filtered(lambda move: move.state == "posted")._xero_mark_outdated()
        return result
