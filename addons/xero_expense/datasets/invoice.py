"""How the bill of an expense is built."""

from odoo import api, models
from odoo.tools import format_date

from odoo.addons.xero_connector.datasets import amounts
from odoo.addons.xero_connector.datasets.amounts import ZERO, decimal


class XeroDatasetInvoice(models.AbstractModel):
    _inherit = "xero.dataset.invoice"

    @api.model
    def _number(self, record):
        # EXTENDS xero.dataset.document: what Odoo keeps as its reference is a description, the same on many
        if not record._xero_expenses():
            return super()._number(record)
        return record.xero_link_id.number_override or self._own_number(record)

    @api.model
    def _mode(self, record):
        # EXTENDS xero.dataset.document: the amount of an expense is what was paid, whatever its taxes say
        if record._xero_expenses() and self._document_lines(record).tax_ids:
            return amounts.INCLUSIVE
        return super()._mode(record)

    @api.model
    def _totals(self, record):
        # EXTENDS xero.dataset.document: an entry has no totals
        if not record._xero_company_expense():
            return super()._totals(record)
        lines = self._document_lines(record)
        taxes = lines.filtered("tax_repartition_line_id")
        net, tax = (sum((decimal(line.amount_currency) for line in part), ZERO) for part in (lines - taxes, taxes))
        return net, tax, net + tax

    @api.model
    def _rate(self, record):
        # EXTENDS xero.dataset.document: an entry has no rate but the one of its amounts
        if not record._xero_company_expense():
            return super()._rate(record)
        lines = self._document_lines(record)
        return decimal(sum(lines.mapped("amount_currency")) / sum(lines.mapped("balance")), amounts.RATE)

    @api.model
    def _told_in_lines(self, record):
        # EXTENDS xero.dataset.document: when each of the expenses was made (B15)
        texts = super()._told_in_lines(record)
        expenses = record._xero_expenses().sorted("id")
        days = [
            self.env._("%(expense)s: %(date)s", expense=expense.name, date=format_date(self.env, expense.date))
            for expense in expenses
            if expense.date and expense.date != self._date(record)
        ]
        if days:
            texts["expenses"] = self.env._("Dates of the expenses: %s", ", ".join(days))
        return texts
