"""Organisations that a consent opened, to choose one from."""

from odoo import fields, models


class XeroTenantChoice(models.Model):
    """One organisation that may be connected; gone once one was chosen."""

    _name = "xero.tenant.choice"
    _description = "Xero Organisation to Choose"

    connection_id = fields.Many2one("xero.connection", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    name = fields.Char(required=True)
    tenant_id = fields.Char(required=True)
    xero_connection_id = fields.Char(required=True)
    country_code = fields.Char()
    base_currency_code = fields.Char()
