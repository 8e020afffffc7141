"""Settings: the way to the connection."""

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    xero_connection_state = fields.Char(compute="_compute_xero_connection_state")

    def _compute_xero_connection_state(self):
        connection = self.env["xero.connection"]._for_company(self.env.company)
        self.xero_connection_state = connection.tenant_name or ""
