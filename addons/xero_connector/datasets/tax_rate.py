"""Tax rates: Xero's list, and what the shipped tables propose for Odoo's taxes."""

import csv
import re

from odoo import api, models
from odoo.tools.misc import file_open

from .reference import told_status

# Northern Ireland's chart is built from the British taxes.
TABLES = {"au": "au", "nz": "nz", "uk": "uk", "xi": "uk"}
SAME_RATE = 0.005  # per cent
_OWN = re.compile(r"TAX\d+")  # how Xero numbers rates that its users add


class XeroDatasetTaxRate(models.AbstractModel):
    """Operation getTaxRates; rates are mapped, never created (B5)."""

    _name = "xero.dataset.tax_rate"
    _inherit = "xero.dataset.reference"
    _description = "Xero Tax Rates"

    _key = "tax_rate"
    _xero_path = "/TaxRates"
    _xero_plural = "TaxRates"
    _xero_id = "TaxType"
    _odoo_model = "xero.tax.rate"
    _pull_sequence = 40
    _store_key = "tax_type"

    @api.model
    def _prepare_vals(self, item):
        return {
            "tax_type": item.get("TaxType"),
            "name": item.get("Name") or None,
            "effective_rate": float(item.get("EffectiveRate") or 0),
            "components": [
                {
                    "name": part.get("Name"),
                    "rate": float(part.get("Rate") or 0),
                    "compound": bool(part.get("IsCompound")),
                    "kept": bool(part.get("IsNonRecoverable")),
                }
                for part in item.get("TaxComponents") or []
            ],
            "status": told_status(item),
            "can_apply_to_assets": bool(item.get("CanApplyToAssets")),
            "can_apply_to_equity": bool(item.get("CanApplyToEquity")),
            "can_apply_to_expenses": bool(item.get("CanApplyToExpenses")),
            "can_apply_to_liabilities": bool(item.get("CanApplyToLiabilities")),
            "can_apply_to_revenue": bool(item.get("CanApplyToRevenue")),
        }

    @api.model
    def _propose(self, taxes):
        """Xero rates for Odoo taxes.

        A tax of a chart is looked up in the shipped table by its template, nothing else; for a tax
        that somebody made, a rate above zero proposes when exactly one Xero rate fits.

        :param taxes: ``account.tax`` of the company of the connection
        :return: ``{tax id: (xero.tax.rate or empty, reason)}``; the reason is text
        """
        rates = self.env["xero.tax.rate"].search(
            [
                ("connection_id", "=", self._connection.id),
                ("tenant_id", "=", self._connection.tenant_id),
                ("status", "=", "ACTIVE"),
            ]
        )
        by_type = rates.grouped("tax_type")
        table = _table(TABLES.get(self._connection.company_id.chart_template))
        templates = self._template_xmlids(taxes)
        return {tax.id: self._propose_one(tax, templates.get(tax.id), table, by_type, rates) for tax in taxes}

    @api.model
    def _is_own(self, rate):
        """Whether the organisation itself made a rate, as far as one can tell.

        Those that Xero ships for a country have their tax in its chart, with the boxes of the return, or are more
        than a percentage (imports, reverse charge): they are mapped, not made (B5).
        """
        return bool(_OWN.fullmatch(rate.tax_type)) or self._connection.company_id.chart_template not in TABLES

    @api.model
    def _propose_one(self, tax, template, table, by_type, rates):
        nothing = rates.browse()
        if template in table:
            row = table[template]
            if not row["tax_type"]:
                return nothing, row["reason"]
            rate = by_type.get(row["tax_type"], nothing)
            if not rate:
                return nothing, self.env._("%(type)s fits, but this organisation does not use it", type=row["tax_type"])
            return rate, row["reason"]
        if tax.amount_type != "percent" or tax.amount <= 0:
            return nothing, self.env._("Choose yourself: the rate alone does not tell which one fits")
        flag = "can_apply_to_revenue" if tax.type_tax_use == "sale" else "can_apply_to_expenses"
        fitting = rates.filtered(lambda rate: rate[flag] and abs(rate.effective_rate - tax.amount) < SAME_RATE)
        if len(fitting) == 1:
            return fitting, self.env._("The only Xero rate of %(rate)s %% for this use", rate=tax.amount)
        return nothing, self.env._("Choose yourself: %(count)s Xero rates have this percentage", count=len(fitting))

    @api.model
    def _template_xmlids(self, taxes):
        """``{tax id: xmlid in the chart template}`` for taxes that came from the chart."""
        own = re.compile(rf"{self._connection.company_id.id}_(.+)")
        data = (
            self.env["ir.model.data"]
            .sudo()
            .search([("module", "=", "account"), ("model", "=", "account.tax"), ("res_id", "in", taxes.ids)])
        )
        found = ((row.res_id, own.fullmatch(row.name)) for row in data)
        return {res_id: match.group(1) for res_id, match in found if match}


def _table(name):
    """The shipped table of a chart: ``{template xmlid: row}``."""
    if not name:
        return {}
    with file_open(f"xero_connector/tax_tables/{name}.csv") as file:
        return {row["template_xmlid"]: row for row in csv.DictReader(file)}
