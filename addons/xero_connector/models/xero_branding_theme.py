"""Xero's branding themes."""

from odoo import fields, models


class XeroBrandingTheme(models.Model):
    """One branding theme; the one with the lowest order is Xero's default."""

    _name = "xero.branding.theme"
    _description = "Xero Branding Theme"
    _order = "sort_order, name"

    connection_id = fields.Many2one("xero.connection", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="connection_id.company_id", store=True, index=True)
    tenant_id = fields.Char(required=True)
    xero_id = fields.Char("Xero ID", required=True)
    name = fields.Char(required=True)
    sort_order = fields.Integer()
    active = fields.Boolean(default=True)

    _xero_unique = models.Constraint(
        "UNIQUE(connection_id, tenant_id, xero_id)", "This branding theme is here already."
    )
