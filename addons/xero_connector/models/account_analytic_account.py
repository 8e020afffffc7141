"""Analytic accounts: the tracking option that they are in Xero (XW-04)."""

from odoo import fields, models


class AccountAnalyticAccount(models.Model):
    _inherit = "account.analytic.account"

    xero_tracking_option_id = fields.Many2one(
        "xero.tracking.option",
        company_dependent=True,
        help="What Xero is told of this account; empty: nothing.",
    )
