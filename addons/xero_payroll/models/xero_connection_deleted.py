"""A connection that is deleted takes its pay runs, calendars and pay items along; another one has to find the rest."""

from odoo import models


class XeroConnection(models.Model):
    _inherit = "xero.connection"

    def unlink(self):
        # EXTENDS xero_connector: links of pay runs stand for nothing any more, employees lose calendar and pay items
        own = [("connection_id", "in", self.ids)]
        links = self.env["xero.link"].sudo().with_context(active_test=False)
        self.env["xero.pay.run"].sudo().search(own)._mark_entries()
        links.search([*own, ("dataset", "=", "pay_run")]).unlink()
        links.search([*own, ("dataset", "=", "employee")]).pull_hash = False
        return super().unlink()
