"""Whether the books behind a connection are real ones (XK-03)."""

from odoo import api, fields, models


class XeroConnection(models.Model):
    _inherit = "xero.connection"

    environment = fields.Selection(
        [("production", "Production"), ("test", "Test")],
        compute="_compute_environment",
        precompute=True,
        store=True,
        readonly=False,
        required=True,
        copy=False,
        help="Test: a Demo Company, a trial organisation, or a copy of this database. It is told on every card, and "
        "settings stay those of this connection.",
    )

    @api.depends("is_demo_company")
    def _compute_environment(self):
        for connection in self:
            connection.environment = "test" if connection.is_demo_company else connection.environment or "production"
