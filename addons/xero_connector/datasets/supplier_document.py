"""What is different for bills and supplier credits: their number is the supplier's, and nobody keeps it unique."""

from odoo import api, models

from . import amounts
from .amounts import decimal
from .document import day_of
from .problem import Problem
from .statuses import BUSY_STATES

OWN_NAME = "Odoo: "  # starts the line that tells which entry a document of Xero's was made from


class XeroDatasetDocument(models.AbstractModel):
    """Hooks of :class:`~.document.XeroDatasetDocument` for purchases; sales go on as they were."""

    _inherit = "xero.dataset.document"

    @api.model
    def _numbered_by_supplier(self, record):
        """Whether `record` is a supplier's document, as bills and supplier credits are."""
        return record.is_purchase_document(include_receipts=True)

    # === CHECK === #

    @api.model
    def _check(self, record, link):
        result = super()._check(record, link)
        if self._numbered_by_supplier(record):
            self._check_duplicate(record, link)
        return result

    @api.model
    def _check_duplicate(self, record, link):
        """The second bill with the same reference waits until a person has said that it is another one (BIL-13)."""
        if link.xero_id or link.duplicate_accepted_by_id:
            return
        first = record.duplicated_ref_ids.filtered(
            lambda other: other.company_id == record.company_id
            and (other.state == "posted" and other.id < record.id or self._may_be_in_xero(other.xero_link_id))
        )
        if first:
            raise Problem("possible_duplicate", state="held", reference=record.ref or "", other=first[0].name)

    @api.model
    def _may_be_in_xero(self, link):
        return link._is_in_xero() or link.state in BUSY_STATES

    @api.model
    def _side(self, line):
        # EXTENDS
        return "purchase" if self._numbered_by_supplier(line.move_id) else super()._side(line)

    # === BUILD === #

    @api.model
    def _number(self, record):
        if not self._numbered_by_supplier(record):
            return super()._number(record)
        return record.xero_link_id.number_override or (record.ref or self._own_number(record))[:255]

    @api.model
    def _settle_typed_in(self, record, lines, expected):
        """The tax of a bill is what stands on the paper, any amount (B2)."""
        if not self._numbered_by_supplier(record) or not self._connection.allow_tax_amount:
            return super()._settle_typed_in(record, lines, expected)
        return amounts.settle_typed_in(lines, expected)

    @api.model
    def _notes(self, record):
        # EXTENDS xero.dataset
        notes = super()._notes(record)
        if not self._numbered_by_supplier(record):
            return notes
        lines = self._amount_lines(record)
        settled = self._settle(record, lines)
        if settled.remainder > decimal(self._connection.rounding_tolerance):
            computed = sum(amounts.computed_taxes(lines, settled.mode).values(), amounts.ZERO)
            notes.append(("tax_typed_in", {"odoo": str(self._totals(record)[1]), "xero": str(computed)}))
        return notes

    @api.model
    def _line_items(self, record, lines):
        """What Xero has no field for stands in lines of its own."""
        items, sources = super()._line_items(record, lines)
        if self._numbered_by_supplier(record):
            for source, text in self._told_in_lines(record).items():
                items.append({"Description": text})
                sources.append(source)
        return items, sources

    @api.model
    def _told_in_lines(self, record):
        """``{name of the line: text}``: the bill's own date (B15), its purchase order (XQ-37), our entry."""
        texts = {}
        if record.invoice_date and record.invoice_date != self._date(record):
            texts["date"] = self.env._("Date of the document: %s", record.invoice_date)
        if record.invoice_origin:
            texts["order"] = self.env._("Purchase order: %s", record.invoice_origin)
        if not self._has_url(record):
            texts["name"] = f"{OWN_NAME}{self._own_number(record)}"
        return texts

    @api.model
    def _has_url(self, record):
        """Whether Xero keeps the address of `record`: bills have one, supplier credits do not."""
        return self._xero_type(record) == "ACCPAY" and bool(self._connection._record_url(record))

    # === LOOK-UP === #

    @api.model
    def _lookup_key(self, item):
        if item.get("Type") not in ("ACCPAY", "ACCPAYCREDIT"):
            return super()._lookup_key(item)
        contact = (item.get("Contact") or {}).get("ContactID")
        return item.get(self._number_field) or "", contact, day_of(item), item.get("Url") or _own_name(item)


# === HELPERS === #


def _own_name(item):
    """Our entry name in a document of Xero's, ``None`` when somebody else made it."""
    texts = (line.get("Description") or "" for line in item.get("LineItems") or [])
    return next((text for text in texts if text.startswith(OWN_NAME)), None)
