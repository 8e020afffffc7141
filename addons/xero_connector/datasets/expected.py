"""What Xero will compute of what is sent: the figures that a dry run shows beside Odoo's (XK-03)."""

from collections import defaultdict

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
    def _tax_of_line(self, line, mode):
        """Tax that Xero will compute for a line that is sent, or is told."""
        if (told := line.get("TaxAmount")) is not None:
            return decimal(told)
        connection = [("connection_id", "=", self._connection.id)]
        rate = self.env["xero.tax.rate"].search([*connection, ("tax_type", "=", line.get("TaxType"))], limit=1)
        return amounts.tax_of(line["LineAmount"], decimal(rate.effective_rate, amounts.UNIT), mode)


class XeroDatasetDocument(models.AbstractModel):
    _inherit = "xero.dataset.document"

    @api.model
    def _expected_figures(self, record, payloads):
        # OVERRIDE xero.dataset
        found = defaultdict(lambda: ZERO)
        for payload in payloads:
            mode = payload.get("LineAmountTypes")
            for line in payload.get("LineItems") or []:
                if "LineAmount" in line:
                    found["gross"] += line["LineAmount"]
                    found["tax"] += self._tax_of_line(line, mode)
                    found["within"] += self._tax_of_line(line, mode) if mode == amounts.INCLUSIVE else ZERO
        if not found:
            return []
        net = found["gross"] - found["within"]
        theirs = (net, found["tax"], net + found["tax"])
        names = (self.env._("Net"), self.env._("Tax"), self.env._("Total"))
        return list(zip(names, self._totals(record), theirs, strict=True))


class XeroDatasetManualJournal(models.AbstractModel):
    _inherit = "xero.dataset.manual_journal"

    @api.model
    def _expected_figures(self, record, payloads):
        # OVERRIDE xero.dataset
        rows = []
        for payload in payloads:
            if not payload.get("JournalLines"):
                continue
            mode = payload["LineAmountTypes"]
            lines = [{**line, "TaxAmount": self._tax_of_line(line, mode)} for line in payload["JournalLines"]]
            figures = self._figures(record, self.env["xero.link"])
            ours, theirs = self._both_sides(figures, {**payload, "JournalLines": lines})
            rows += [(name, ours.get(name, ZERO), theirs.get(name, ZERO)) for name in {**ours, **theirs}]
        return rows


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
