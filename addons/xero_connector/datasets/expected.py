"""What Xero will compute of what is sent: the figures that a dry run shows beside Odoo's (XK-03)."""

from odoo import api, models

from . import amounts
from .amounts import ZERO, decimal


class XeroDataset(models.AbstractModel):
    _inherit = "xero.dataset"

    @api.model
    def _expected_figures(self, record, payloads):
        """List of ``(name, Odoo's amount, Xero's amount)``, as far as the data set has any.

        :param payloads: what is sent of `record`, one for each part
        """
        return []

    @api.model
    def _taxes_of(self, lines, mode):
        """Tax of each of the lines that are sent: what is told, else what Xero will compute."""
        rates = self.env["xero.tax.rate"].search([("connection_id", "=", self._connection.id)])
        percent = {rate.tax_type: decimal(rate.effective_rate, amounts.UNIT) for rate in rates}
        return [
            amounts.tax_of(line["LineAmount"], percent.get(line.get("TaxType"), ZERO), mode) if told is None else told
            for line in lines
            for told in (line.get("TaxAmount"),)
        ]


class XeroDatasetDocument(models.AbstractModel):
    _inherit = "xero.dataset.document"

    @api.model
    def _expected_figures(self, record, payloads):
        # OVERRIDE xero.dataset
        (payload,) = payloads
        lines = [line for line in payload.get("LineItems") or [] if "LineAmount" in line]
        if not lines:
            return []
        mode = payload.get("LineAmountTypes")
        tax = sum(self._taxes_of(lines, mode), ZERO)
        gross = sum((line["LineAmount"] for line in lines), ZERO)
        net = gross - tax if mode == amounts.INCLUSIVE else gross
        theirs = (net, tax, net + tax)
        names = (self.env._("Net"), self.env._("Tax"), self.env._("Total"))
        return list(zip(names, self._totals(record), theirs, strict=True))


class XeroDatasetManualJournal(models.AbstractModel):
    _inherit = "xero.dataset.manual_journal"

    @api.model
    def _expected_figures(self, record, payloads):
        # OVERRIDE xero.dataset
        (payload,) = payloads
        lines = payload.get("JournalLines")
        if not lines:
            return []
        taxes = self._taxes_of(lines, payload["LineAmountTypes"])
        told = [{**line, "TaxAmount": tax} for line, tax in zip(lines, taxes, strict=True)]
        ours, theirs = self._both_sides(self._figures(record, self.env["xero.link"]), {**payload, "JournalLines": told})
        return [(name, ours.get(name, ZERO), theirs.get(name, ZERO)) for name in {**ours, **theirs}]


class XeroDatasetPayment(models.AbstractModel):
    _inherit = "xero.dataset.payment"

    @api.model
    def _expected_figures(self, record, payloads):
        # OVERRIDE xero.dataset
        parts = [part for payload in payloads for part in payload.get("Payments") or [payload] if "Amount" in part]
        theirs = sum((part["Amount"] for part in parts), ZERO)
        sent = set(record.xero_link_ids.filtered("xero_id").mapped("part"))
        ours = sum((share.amount for share in self._shares(record) if share.part not in sent), ZERO)
        return [(self.env._("Amount"), ours, theirs)] if parts else []
