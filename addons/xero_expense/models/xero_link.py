"""Links of bills: the expenses show them, too."""

from odoo import api, models


class XeroLink(models.Model):
    _inherit = "xero.link"

    def _xero_report_left(self):
        """These bills of expenses are in Xero, and nothing in Odoo stands for them any more."""
        self.env["xero.exception"]._report(
            [
                (link, "expense_bill_left", {"number": link.number or "", "status": link.xero_status or ""}, 0.0)
                for link in self.filtered("connection_id")
            ]
        )

    @api.model
    def _forget_shown(self, model, ids):
        # EXTENDS xero_connector
        if model == "account.move":
            self.env["hr.expense"].invalidate_model(["xero_link_id", "xero_state", "xero_message"])
        return super()._forget_shown(model, ids)
