"""Who holds the number of a document in Xero, and what a lost answer has left there."""

from odoo import api, models

from .amounts import decimal
from .document import day_of
from .problem import Problem
from .statuses import GONE, RANKS


class XeroDatasetDocument(models.AbstractModel):
    _inherit = "xero.dataset.document"

    _statuses = (*RANKS, "PAID", *GONE)

    # === LOOK-UP === #

    @api.model
    def _is_conflict(self, code):
        return code == "number_taken"

    @api.model
    def _is_readable(self, item):
        # EXTENDS xero.dataset
        return item.get(self._number_field, "") is not None and item.get("Status") in self._statuses

    @api.model
    def _choose(self, record, link, items, code, arguments):
        number = self._number(record)
        same = [item for item in items if item.get(self._number_field) == number]
        live = [item for item in same if item.get("Status") not in GONE]
        if same and not live:
            raise Problem("number_deleted", number=number)
        matching = [item for item in self._unlinked(link, live) if self._is_same(record, item)]
        if len(matching) == 1:
            return matching[0]
        raise Problem("number_taken", number=number)

    @api.model
    def _is_same(self, record, item):
        """Match rule for a document of the same number: contact, date, currency, total."""
        contact = self._partner(record).xero_link_id
        return (
            item.get("Type") == self._xero_type(record)
            and (item.get("Contact") or {}).get("ContactID") == contact.xero_id
            and item.get("CurrencyCode") == record.currency_id.name
            and decimal(item.get("Total")) == self._totals(record)[2]
            and day_of(item) == str(self._date(record))
        )

    @api.model
    def _could_be(self, element, item):
        return (
            item.get("Type") == element["Type"]
            and item.get("Status") not in GONE
            and (item.get("Contact") or {}).get("ContactID") == element["Contact"]["ContactID"]
            and item.get("CurrencyCode") == element["CurrencyCode"]
            and day_of(item) == element["Date"]
        )

    @api.model
    def _describe(self, item):
        # EXTENDS xero.dataset
        return {
            "name": (item.get("Contact") or {}).get("Name"),
            "number": item.get(self._number_field),
            "date": day_of(item),
            "total": f"{decimal(item.get('Total'))} {item.get('CurrencyCode') or ''}".strip(),
            "status": item.get("Status"),
        }

    @api.model
    def _gone_problem(self, link):
        return Problem("contact_gone" if not link.xero_id else "document_gone", xero_id=link.xero_id or "")
