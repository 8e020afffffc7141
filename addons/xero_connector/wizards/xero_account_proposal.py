"""Xero accounts that Odoo lacks, proposed line by line; nothing is created before somebody confirms."""

from odoo import api, fields, models
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


class XeroAccountProposal(models.TransientModel):
    """Proposals for the accounts of one connection that no Odoo account stands for."""

    _name = "xero.account.proposal"
    _description = "Create Accounts from Xero"

    connection_id = fields.Many2one("xero.connection", required=True, ondelete="cascade")
    line_ids = fields.One2many("xero.account.proposal.line", "wizard_id")

    @api.model
    def _open(self, connection):
        """Open the list of proposals; none is chosen."""
        connection.ensure_one()
        connection._check_administrator()
        connection.check_access("write")
        wizard = self.create({"connection_id": connection.id})
        wizard.line_ids = [(0, 0, vals) for vals in wizard._prepare_lines()]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Create Accounts from Xero"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def _prepare_lines(self):
        connection = self.connection_id
        theirs = self.env["xero.account"].search(
            [
                ("connection_id", "=", connection.id),
                ("tenant_id", "=", connection.tenant_id),
                ("status", "=", "ACTIVE"),
                ("system_account", "=", False),
                ("type", "in", list(ACCOUNT_TYPES)),
            ]
        )
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

    def action_create(self):
        """Create the chosen accounts, each with its mapping.

        :raises UserError: nothing is chosen, or a code is missing or taken
        """
        self.ensure_one()
        connection = self.connection_id
        connection._check_administrator()
        connection.check_access("write")
        chosen = self.line_ids.filtered("chosen")
        if not chosen:
            raise UserError(self.env._("Tick the accounts that are to be created."))
        accounts = self.env["account.account"].sudo().with_company(connection.company_id)
        for line in chosen:
            if not line.code or line.taken_by_id:
                raise UserError(
                    self.env._(
                        "%(name)s needs a code that no other account has: %(code)s does not do.",
                        name=line.name,
                        code=line.code or "?",
                    )
                )
            account = accounts.create(
                {
                    "code": line.code,
                    "name": line.name,
                    "account_type": line.account_type,
                    "company_ids": [(6, 0, connection.company_id.ids)],
                }
            )
            account.xero_account_id = line.xero_account_id
        return {"type": "ir.actions.client", "tag": "soft_reload"}


class XeroAccountProposalLine(models.TransientModel):
    """One account of Xero's that Odoo lacks."""

    _name = "xero.account.proposal.line"
    _description = "Create Accounts from Xero: Line"

    wizard_id = fields.Many2one("xero.account.proposal", required=True, ondelete="cascade")
    chosen = fields.Boolean("Create")
    xero_account_id = fields.Many2one("xero.account", required=True, readonly=True, ondelete="cascade")
    code = fields.Char()
    name = fields.Char(required=True)
    account_type = fields.Selection(
        lambda self: self.env["account.account"]._fields["account_type"]._description_selection(self.env),
        required=True,
    )
    taken_by_id = fields.Many2one("account.account", "Code is used by", compute="_compute_taken_by_id")

    @api.depends("code")
    def _compute_taken_by_id(self):
        for line in self:
            company = line.wizard_id.connection_id.company_id
            accounts = self.env["account.account"].with_company(company)
            domain = [*accounts._check_company_domain(company), ("code", "=", line.code)]
            line.taken_by_id = accounts.search(domain, limit=1) if line.code else False
