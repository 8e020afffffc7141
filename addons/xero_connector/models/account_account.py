"""Accounts: the Xero account that stands for each."""

from odoo import fields, models


class AccountAccount(models.Model):
    _inherit = "account.account"

    xero_account_id = fields.Many2one(
        "xero.account",
        company_dependent=True,
        help="Lines on this account go to that Xero account.",
    )
    xero_account_code = fields.Char(
        company_dependent=True,
        help="Used when the connection does not bring in Xero's accounts; empty: Odoo's own code.",
    )
    xero_sync_accounts = fields.Boolean(compute="_compute_xero_sync_accounts")

    def _compute_xero_sync_accounts(self):
        connection = self.env["xero.connection"]._for_company(self.env.company)
        self.xero_sync_accounts = connection.sync_accounts
