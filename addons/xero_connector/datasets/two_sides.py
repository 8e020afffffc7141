"""Documents that were changed in Odoo and in Xero since they were sent: a rule decides, never the clock (RUL-14)."""

from odoo import api, models

from .. import values
from .amounts import decimal
from .document import day_of
from .problem import Problem

AMOUNTS = ("LineAmount", "TaxAmount")
PAGE = 100
TEXTS = ("Description", "AccountCode", "TaxType")


class XeroDataset(models.AbstractModel):
    _inherit = "xero.dataset"

    @api.model
    def _check_both_sides(self, record, link):
        """Raise a Problem when an update of `record` would overwrite what somebody changed in Xero."""

    @api.model
    def _current_queries(self, links):
        """Query parameters that read what an update of `links` would overwrite; none: nothing has to be read.

        Like those of :meth:`~.dataset.XeroDataset._conflict_queries`.
        """
        return []


class XeroDatasetDocument(models.AbstractModel):
    _inherit = "xero.dataset.document"

    @api.model
    def _read_answer(self, item):
        # EXTENDS xero.dataset: what people edit in Xero; payments and approvals are no edits
        answer = super()._read_answer(item)
        if item.get("LineItems"):
            answer["xero_print"] = self._print_of(item)
        return answer

    @api.model
    def _print_of(self, item):
        """Fingerprint of a document in Xero; prices are left out, they come with two decimals or with four."""
        lines = [
            {
                **{name: line.get(name) or "" for name in TEXTS},
                **{name: str(decimal(line.get(name))) for name in AMOUNTS},
                "Tracking": sorted(f"{part.get('Name')}={part.get('Option')}" for part in line.get("Tracking") or []),
            }
            for line in item["LineItems"]
        ]
        return values.fingerprint(
            {
                "number": item.get(self._number_field) or "",
                "reference": item.get("Reference") or "",
                "day": day_of(item),
                "due": (item.get("DueDateString") or item.get("DueDate") or "")[:10],
                "contact": (item.get("Contact") or {}).get("ContactID") or "",
                "mode": item.get("LineAmountTypes") or "",
                "lines": lines,
            }
        )

    @api.model
    def _current_queries(self, links):
        # EXTENDS xero.dataset: what is told by an import may be an hour old
        if self._connection.document_owner == "odoo" or not any(links.mapped("sent_print")):
            return []
        return self._queries_of(links.mapped("xero_id"))

    @api.model
    def _queries_of(self, xero_ids):
        """Query parameters that read these documents with their lines."""
        return [{"path": f"{self._xero_path}/{xero_id}"} for xero_id in xero_ids]

    @api.model
    def _check_both_sides(self, record, link):
        # EXTENDS xero.dataset
        edited = link.sent_print and link.xero_print and link.sent_print != link.xero_print
        owner = self._connection.document_owner
        if edited and owner == "xero":
            raise Problem("kept_xero", state="skipped", document=record.display_name)
        if edited and owner == "ask":
            raise Problem("changed_on_both_sides", state="held", document=record.display_name)


class XeroDatasetInvoice(models.AbstractModel):
    _inherit = "xero.dataset.invoice"

    @api.model
    def _queries_of(self, xero_ids):
        # EXTENDS xero.dataset.document: only pages have lines
        return [{"IDs": ",".join(xero_ids), "page": 1, "pageSize": PAGE}]


class XeroDatasetCreditNote(models.AbstractModel):
    _inherit = "xero.dataset.credit_note"

    @api.model
    def _queries_of(self, xero_ids):
        # EXTENDS xero.dataset.document: this list has no filter by ids
        where = " OR ".join(f'CreditNoteID==Guid("{xero_id}")' for xero_id in xero_ids)
        return [{"where": where, "page": 1, "pageSize": PAGE}]
