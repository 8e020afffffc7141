"""What was changed in Odoo and in Xero since it was sent: a rule decides, never the clock (RUL-14)."""

from odoo import api, models
from odoo.fields import Domain

from .. import values
from .amounts import decimal
from .document import day_of
from .problem import Problem
from .statuses import GONE

AMOUNTS = ("LineAmount", "TaxAmount")
# Data sets whose links, of the part of a document, settle it in Xero.
SETTLING = ("payment", "credit_allocation", "discount_allocation")
FEW = 5  # elements that are read one by one where no list finds them
PAGE = 100
TEXTS = ("Description", "AccountCode", "TaxType")


class XeroDataset(models.AbstractModel):
    """Whatever has a fingerprint of what people can edit in Xero is compared before it is overwritten."""

    _inherit = "xero.dataset"

    @api.model
    def _read_answer(self, item):
        # EXTENDS xero.dataset: payments and approvals are no edits
        answer = super()._read_answer(item)
        if edited := self._editable(item):
            answer["xero_print"] = values.fingerprint(edited)
        return answer

    @api.model
    def _editable(self, item):
        """What people can edit of an element in Xero, empty when the answer does not hold it."""
        return {}

    @api.model
    def _editable_lines(self, lines):
        """The same of its lines; prices are left out, they come with two decimals or with four."""
        return [
            {
                **{name: line.get(name) or "" for name in TEXTS},
                **{name: str(decimal(line.get(name))) for name in AMOUNTS},
                "Tracking": sorted(f"{part.get('Name')}={part.get('Option')}" for part in line.get("Tracking") or []),
            }
            for line in lines
        ]

    @api.model
    def _current_queries(self, links):
        """Query parameters that read what an update of `links` would overwrite: an import may be an hour old.

        Like those of :meth:`~.dataset.XeroDataset._conflict_queries`; none: nothing has to be read.
        """
        if self._connection.document_owner == "odoo" or not any(links.mapped("sent_print")):
            return []
        return self._queries_of(links.mapped("xero_id"))

    @api.model
    def _queries_of(self, xero_ids):
        """Query parameters that read these elements with their lines; of many only what an import has told is known."""
        return [{"path": f"{self._xero_path}/{xero_id}"} for xero_id in xero_ids] if len(xero_ids) <= FEW else []

    @api.model
    def _check_both_sides(self, record, link):
        """Raise a Problem when an update of `record` would overwrite what somebody changed in Xero."""
        edited = link.sent_print and link.xero_print and link.sent_print != link.xero_print
        owner = self._connection.document_owner
        if edited and owner == "xero":
            raise Problem("kept_xero", state="skipped", document=record.display_name)
        if edited and owner == "ask":
            raise Problem("changed_on_both_sides", state="held", document=record.display_name)


class XeroDatasetDocument(models.AbstractModel):
    _inherit = "xero.dataset.document"

    @api.model
    def _check_both_sides(self, record, link):
        # EXTENDS xero.dataset: what is paid or used binds a document in Xero, whoever has changed what (INV-09)
        if link.xero_id and self._settled_in_xero(record, link):
            raise Problem("settled_in_xero", state="held", document=record.display_name)
        return super()._check_both_sides(record, link)

    @api.model
    def _settled_in_xero(self, record, link):
        """Whether a part of `record` is paid or credited in Xero, as far as an import or our own payments tell."""
        figures = link.figures or {}
        if figures.get("AmountPaid") or figures.get("AmountCredited"):
            return True
        part = f"{record._name},{record.id}"
        of_it = Domain("part", "=", part) | Domain("part", "=like", f"{part},%")
        uses = [("dataset", "=", "credit_allocation"), ("model", "=", record._name), ("res_id", "=", record.id)]
        there = [("tenant_id", "=", link.tenant_id), ("xero_id", "!=", False), ("xero_status", "not in", GONE)]
        domain = Domain(there) & (Domain("dataset", "in", SETTLING) & of_it | Domain(uses))
        return bool(self.env["xero.link"].search_count(domain, limit=1))

    @api.model
    def _editable(self, item):
        # OVERRIDE xero.dataset
        if not item.get("LineItems"):
            return {}
        return {
            "number": item.get(self._number_field) or "",
            "reference": item.get("Reference") or "",
            "day": day_of(item),
            "due": (item.get("DueDateString") or item.get("DueDate") or "")[:10],
            "contact": (item.get("Contact") or {}).get("ContactID") or "",
            "mode": item.get("LineAmountTypes") or "",
            "lines": self._editable_lines(item["LineItems"]),
        }


class XeroDatasetManualJournal(models.AbstractModel):
    _inherit = "xero.dataset.manual_journal"

    @api.model
    def _editable(self, item):
        # OVERRIDE xero.dataset
        if not item.get("JournalLines"):
            return {}
        return {
            "narration": item.get("Narration") or "",
            "day": values.parse_date(item.get("Date")),
            "mode": item.get("LineAmountTypes") or "",
            "lines": self._editable_lines(item["JournalLines"]),
        }

    @api.model
    def _queries_of(self, xero_ids):
        # OVERRIDE xero.dataset
        return _by_id("ManualJournalID", xero_ids)


class XeroDatasetInvoice(models.AbstractModel):
    _inherit = "xero.dataset.invoice"

    @api.model
    def _queries_of(self, xero_ids):
        # OVERRIDE xero.dataset: only pages have lines
        return [{"IDs": ",".join(xero_ids), "page": 1, "pageSize": PAGE}]


class XeroDatasetCreditNote(models.AbstractModel):
    _inherit = "xero.dataset.credit_note"

    @api.model
    def _queries_of(self, xero_ids):
        # OVERRIDE xero.dataset: this list has no filter by ids
        return _by_id("CreditNoteID", xero_ids)


# === HELPERS === #


def _by_id(name, xero_ids):
    """Query parameters of a list that has no filter by ids."""
    where = " OR ".join(f'{name}==Guid("{xero_id}")' for xero_id in xero_ids)
    return [{"where": where, "page": 1, "pageSize": PAGE}]
