"""Xero's tax rates, one row per rate and connection."""

from odoo import api, fields, models

CLASS_FLAGS = {
    "ASSET": "can_apply_to_assets",
    "EQUITY": "can_apply_to_equity",
    "EXPENSE": "can_apply_to_expenses",
    "LIABILITY": "can_apply_to_liabilities",
    "REVENUE": "can_apply_to_revenue",
}


class XeroTaxRate(models.Model):
    """One tax rate of a Xero organisation, known by its TaxType; names are editable there."""

    _name = "xero.tax.rate"
    _description = "Xero Tax Rate"
    _order = "name"

    connection_id = fields.Many2one("xero.connection", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="connection_id.company_id", store=True, index=True)
    tenant_id = fields.Char(required=True)
    tax_type = fields.Char(required=True)
    name = fields.Char(required=True)
    effective_rate = fields.Float(digits=(16, 4))
    components = fields.Json()
    status = fields.Char(default="ACTIVE")
    can_apply_to_assets = fields.Boolean()
    can_apply_to_equity = fields.Boolean()
    can_apply_to_expenses = fields.Boolean()
    can_apply_to_liabilities = fields.Boolean()
    can_apply_to_revenue = fields.Boolean()
    active = fields.Boolean(default=True)

    _xero_unique = models.Constraint(
        "UNIQUE(connection_id, tenant_id, tax_type)", "This Xero tax rate is here already."
    )

    @api.depends("name", "tax_type")
    def _compute_display_name(self):
        for rate in self:
            rate.display_name = f"{rate.name} [{rate.tax_type}]"

    def _fits(self, account):
        """Whether Xero takes this rate on `account` (a ``xero.account``)."""
        flag = CLASS_FLAGS.get(account.account_class)
        return not flag or self[flag]

    def _is_kept(self):
        """Whether Xero books a part of this tax where the line is booked: nobody gets that back."""
        return any(part.get("kept") for part in self.components or [])
