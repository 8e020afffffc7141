"""Tax rates of Xero's that no tax of Odoo's stands for."""

from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class XeroProposalTax(models.TransientModel):
    """One tax rate of Xero's that Odoo lacks; a plain percentage, excluded from the price."""

    _name = "xero.proposal.tax"
    _inherit = "xero.proposal.line"
    _description = "Create from Xero: Tax"

    _source = "tax_rate_id"

    tax_rate_id = fields.Many2one("xero.tax.rate", required=True, readonly=True, ondelete="cascade")
    amount = fields.Float("Per cent", related="tax_rate_id.effective_rate")
    type_tax_use = fields.Selection([("sale", "Sales"), ("purchase", "Purchases")], "Used on")
    company_id = fields.Many2one(related="wizard_id.connection_id.company_id")
    account_id = fields.Many2one(
        "account.account",
        "Tax Account",
        domain="[('company_ids', 'parent_of', company_id)]",
        help="Where the tax is booked; Xero itself has one account for it.",
    )

    @api.model
    def _prepare_lines(self, connection):
        # EXTENDS xero.proposal.line
        rates = self._active_rows("xero.tax.rate", connection) - self._used(connection)
        dataset = connection._dataset("tax_rate")
        rates = rates.filtered(lambda rate: dataset._is_own(rate) and _is_plain(rate))
        return [{"tax_rate_id": rate.id, "name": rate.name, **self._guess(connection, rate)} for rate in rates]

    @api.model
    def _used(self, connection):
        """Rates that something in Odoo stands for already."""
        taxes = self.env["account.tax"].with_context(active_test=False)
        taxes = taxes.search([("company_id", "=", connection.company_id.id), ("xero_tax_rate_id", "!=", False)])
        no_tax = connection.no_tax_sale_rate_id | connection.no_tax_purchase_rate_id
        return taxes.xero_tax_rate_id | connection.combination_ids.tax_rate_id | no_tax

    @api.model
    def _guess(self, connection, rate):
        """What Xero's own flags say of its use, and the account that other taxes of that use are booked to."""
        uses = {"sale": rate.can_apply_to_revenue, "purchase": rate.can_apply_to_expenses}
        wanted = [use for use, fits in uses.items() if fits]
        use = wanted[0] if len(wanted) == 1 else False
        account = self._usual_account(connection, use) if rate.effective_rate else self.env["account.account"]
        return {"type_tax_use": use, "account_id": account.id}

    @api.model
    def _usual_account(self, connection, use):
        """The account that most taxes of that use are booked to, or an empty one."""
        domain = [("company_id", "=", connection.company_id.id), ("tax_id.type_tax_use", "=", use)]
        domain += [("repartition_type", "=", "tax"), ("account_id", "!=", False)]
        lines = self.env["account.tax.repartition.line"]
        found = lines._read_group(domain, ["account_id"], ["__count"], order="__count desc", limit=1)
        return found[0][0] if found else self.env["account.account"]

    def _check(self):
        # EXTENDS xero.proposal.line
        if not self.type_tax_use:
            raise UserError(self.env._("Say whether %s is used on sales or on purchases.", self.name))
        if self.amount and not self.account_id:
            # Without one the tax would be booked as income or cost.
            raise UserError(self.env._("%s needs the account that the tax is booked to.", self.name))

    def _create_record(self):
        # EXTENDS xero.proposal.line
        repartition = [
            Command.create({"repartition_type": "base"}),
            Command.create({"repartition_type": "tax", "account_id": self.account_id.id}),
        ]
        taxes = self.env["account.tax"].sudo().with_company(self._company)
        taxes.create(
            {
                "name": self.name,
                "amount_type": "percent",
                "amount": self.amount,
                "type_tax_use": self.type_tax_use,
                "price_include_override": "tax_excluded",
                "company_id": self._company.id,
                "invoice_repartition_line_ids": repartition,
                "refund_repartition_line_ids": repartition,
                "xero_tax_rate_id": self.tax_rate_id.id,
            }
        )


def _is_plain(rate):
    """Whether a percentage of the price says all of a rate: nothing withheld, no tax upon a tax."""
    return rate.effective_rate >= 0 and not any(part.get("compound") for part in rate.components or [])
