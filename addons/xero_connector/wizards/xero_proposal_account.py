"""Accounts of Xero's that Odoo lacks."""

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

# Xero's types (facts, section 3.3); bank accounts are journals in Odoo and stay out.
ACCOUNT_TYPES = {
    "CURRENT": "asset_current",
    "CURRLIAB": "liability_current",
    "DEPRECIATN": "expense_depreciation",
    "DIRECTCOSTS": "expense_direct_cost",
    "EQUITY": "equity",
    "EXPENSE": "expense",
    "FIXED": "asset_fixed",
    "INVENTORY": "asset_current",
    "LIABILITY": "liability_current",
    "NONCURRENT": "asset_non_current",
    "OTHERINCOME": "income_other",
    "OVERHEADS": "expense",
    "PAYG": "liability_current",
    "PREPAYMENT": "asset_prepayments",
    "REVENUE": "income",
    "SALES": "income",
    "TERMLIAB": "liability_non_current",
}


class XeroProposalAccount(models.TransientModel):
    """One account of Xero's that no Odoo account stands for."""

    _name = "xero.proposal.account"
    _inherit = "xero.proposal.line"
    _description = "Create from Xero: Account"

    _source = "xero_account_id"

    xero_account_id = fields.Many2one("xero.account", required=True, readonly=True, ondelete="cascade")
    code = fields.Char()
    account_type = fields.Selection(
        lambda self: self.env["account.account"]._fields["account_type"]._description_selection(self.env),
        required=True,
    )
    taken_by_id = fields.Many2one("account.account", "Code is used by", compute="_compute_taken_by_id")

    @api.depends("code")
    def _compute_taken_by_id(self):
        for line in self:
            accounts = self.env["account.account"].with_company(line._company)
            domain = [*accounts._check_company_domain(line._company), ("code", "=", line.code)]
            line.taken_by_id = accounts.search(domain, limit=1) if line.code else False

    @api.model
    def _prepare_lines(self, connection):
        # EXTENDS xero.proposal.line
        if not connection.sync_accounts:
            return []
        theirs = self._active_rows("xero.account", connection)
        theirs = theirs.filtered(lambda account: not account.system_account and account.type in ACCOUNT_TYPES)
        accounts = self.env["account.account"].with_company(connection.company_id)
        domain = accounts._check_company_domain(connection.company_id)
        mapped = accounts.search([*domain, ("xero_account_id", "in", theirs.ids)]).xero_account_id
        return [
            {
                "xero_account_id": account.id,
                "code": account.code,
                "name": account.name,
                "account_type": ACCOUNT_TYPES[account.type],
            }
            for account in theirs - mapped
        ]

    def _check(self):
        # EXTENDS xero.proposal.line
        if not self.code or self.taken_by_id:
            raise UserError(
                self.env._(
                    "%(name)s needs a code that no other account has: %(code)s does not do.",
                    name=self.name,
                    code=self.code or "?",
                )
            )

    def _create_record(self):
        # EXTENDS xero.proposal.line
        accounts = self.env["account.account"].sudo().with_company(self._company)
        accounts.create(
            {
                "code": self.code,
                "name": self.name,
                "account_type": self.account_type,
                "company_ids": [Command.set(self._company.ids)],
                "xero_account_id": self.xero_account_id.id,
            }
        )
