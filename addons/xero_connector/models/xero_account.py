"""Xero's chart of accounts, one row per account and connection."""

from odoo import api, fields, models
from odoo.fields import Domain

# What an invoice line may never name (facts, section 3.2).
SYSTEM_ACCOUNTS_ALLOWED_ON_LINES = ("ROUNDING",)
# What a manual journal may name as well: it moves no document, only the ledger.
SYSTEM_ACCOUNTS_ALLOWED_IN_JOURNALS = ("ROUNDING", "GST", "HISTORICAL", "WAGEPAYABLES", "UNPAIDEXPCLM")


class XeroAccount(models.Model):
    """One account of a Xero organisation; the pick-list of the account mapping."""

    _name = "xero.account"
    _description = "Xero Account"
    _order = "code, name"

    connection_id = fields.Many2one("xero.connection", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="connection_id.company_id", store=True, index=True)
    tenant_id = fields.Char(required=True)
    xero_id = fields.Char("Xero ID", required=True)
    code = fields.Char()
    name = fields.Char(required=True)
    type = fields.Char()
    account_class = fields.Char("Class")
    tax_type = fields.Char("Default Tax Type")
    status = fields.Char(default="ACTIVE")
    system_account = fields.Char()
    enable_payments = fields.Boolean("Payments Enabled")
    currency_code = fields.Char()
    active = fields.Boolean(default=True)

    _xero_unique = models.Constraint("UNIQUE(connection_id, tenant_id, xero_id)", "This Xero account is here already.")

    @api.depends("code", "name", "status")
    def _compute_display_name(self):
        for account in self:
            name = f"{account.code} {account.name}" if account.code else account.name
            archived = account.status == "ARCHIVED"
            account.display_name = self.env._("%s (archived)", name) if archived else name

    @api.model
    def _search_display_name(self, operator, value):
        """By number, by name, or by both as they are shown."""
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        found = Domain("code", operator, value) | Domain("name", operator, value)
        for label in [value] if isinstance(value, str) else value:
            code, _space, name = (label or "").strip().partition(" ")
            if name:
                found |= Domain("code", "=", code) & Domain("name", "=" if operator == "in" else operator, name)
        return found

    def _usable_on_lines(self):
        """Whether a document line may name this account."""
        self.ensure_one()
        return self.type != "BANK" and (
            not self.system_account or self.system_account in SYSTEM_ACCOUNTS_ALLOWED_ON_LINES
        )

    def _usable_in_journals(self):
        """Whether a line of a manual journal may name this account."""
        self.ensure_one()
        return self.type not in ("BANK", "INVENTORY") and (
            not self.system_account or self.system_account in SYSTEM_ACCOUNTS_ALLOWED_IN_JOURNALS
        )
