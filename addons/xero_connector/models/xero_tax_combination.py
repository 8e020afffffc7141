"""Several Odoo taxes on one line, and the one TaxType that stands for them."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class XeroTaxCombination(models.Model):
    """A set of taxes that appears together on lines, mapped as a whole."""

    _name = "xero.tax.combination"
    _description = "Xero Tax Combination"
    _check_company_auto = True

    connection_id = fields.Many2one("xero.connection", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="connection_id.company_id", store=True, index=True)
    tax_ids = fields.Many2many("account.tax", string="Taxes", required=True, check_company=True)
    tax_rate_id = fields.Many2one(
        "xero.tax.rate", "Xero Tax Rate", required=True, domain="[('connection_id', '=', connection_id)]"
    )

    @api.constrains("tax_ids", "connection_id")
    def _check_tax_ids(self):
        for combination in self:
            if len(combination.tax_ids) < 2:
                raise ValidationError(
                    self.env._("A combination needs two taxes or more; map a single tax on the tax itself.")
                )
            same = self.search([("connection_id", "=", combination.connection_id.id)]) - combination
            if any(other.tax_ids == combination.tax_ids for other in same):
                raise ValidationError(self.env._("These taxes have a combination already."))

    @api.depends("tax_ids", "tax_rate_id")
    def _compute_display_name(self):
        for combination in self:
            names = " + ".join(combination.tax_ids.mapped("name"))
            combination.display_name = f"{names} → {combination.tax_rate_id.name}"
