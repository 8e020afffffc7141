"""Documents that were changed in Odoo and in Xero since they were sent: a rule decides, never the clock (RUL-14)."""

from odoo import api, models

from .. import values
from .amounts import decimal
from .document import day_of
from .problem import Problem

AMOUNTS = ("LineAmount", "TaxAmount")
TEXTS = ("Description", "AccountCode", "TaxType")


class XeroDataset(models.AbstractModel):
    _inherit = "xero.dataset"

    @api.model
    def _check_both_sides(self, record, link):
        """Raise a Problem when an update of `record` would overwrite what somebody changed in Xero."""


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
    def _check_both_sides(self, record, link):
        # EXTENDS xero.dataset
        edited = link.sent_print and link.xero_print and link.sent_print != link.xero_print
        owner = self._connection.document_owner
        if edited and owner == "xero":
            raise Problem("kept_xero", state="skipped", document=record.display_name)
        if edited and owner == "ask":
            raise Problem("changed_on_both_sides", state="held", document=record.display_name)
