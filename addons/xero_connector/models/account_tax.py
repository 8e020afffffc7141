"""Taxes: the Xero tax rate that stands for each."""

from odoo import api, fields, models


class AccountTax(models.Model):
    _inherit = "account.tax"

    xero_tax_rate_id = fields.Many2one(
        "xero.tax.rate",
        check_company=True,
        copy=False,
        ondelete="set null",
        help="Lines with this tax carry that TaxType in Xero.",
    )
    xero_rate_warning = fields.Char(compute="_compute_xero_rate_warning")

    @api.depends("xero_tax_rate_id", "amount", "amount_type", "invoice_repartition_line_ids.factor_percent")
    def _compute_xero_rate_warning(self):
        """Say when both rates differ; reverse charge counts by its net effect (B5)."""
        for tax in self:
            rate = tax.xero_tax_rate_id
            effect = tax._xero_net_effect()
            if rate and effect is not None and abs(rate.effective_rate - effect) > 0.005:
                tax.xero_rate_warning = self.env._(
                    "%(tax)s adds %(ours).2f %%, Xero's %(rate)s %(theirs).2f %%.",
                    tax=tax.name,
                    ours=effect,
                    rate=rate.name,
                    theirs=rate.effective_rate,
                )
            else:
                tax.xero_rate_warning = False

    def _xero_net_effect(self):
        """Per cent that the tax adds to a line, or ``None`` when it is not a percentage."""
        self.ensure_one()
        if self.amount_type != "percent":
            return None
        factors = self.invoice_repartition_line_ids.filtered(lambda line: line.repartition_type == "tax")
        return self.amount * sum(factors.mapped("factor_percent")) / 100

    def _xero_is_withheld(self):
        """Whether the tax, or a part of it, takes money off: that is never sent as a tax (B6)."""
        self.ensure_one()
        parts = self.children_tax_ids if self.amount_type == "group" else self
        withheld = "is_withholding_tax_on_payment" in self._fields and any(
            parts.mapped("is_withholding_tax_on_payment")
        )
        return withheld or any(part.amount < 0 for part in parts)
