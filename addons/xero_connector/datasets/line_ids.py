"""LineItemIDs of documents that were not sent from here: without them an update makes every line anew (facts, 3.2)."""

from collections import defaultdict

from odoo import api, models

from . import amounts
from .amounts import decimal


class XeroDataset(models.AbstractModel):
    _inherit = "xero.dataset"

    @api.model
    def _line_ids(self, record, item):
        """Which of Xero's lines is which of `record`, ``{line id: [LineItemID]}``; ``False`` when it has no lines."""
        return False


class XeroDatasetDocument(models.AbstractModel):
    _inherit = "xero.dataset.document"

    @api.model
    def _line_ids(self, record, item):
        # EXTENDS xero.dataset: text and amount tell lines apart, else the amount alone, in their order
        inclusive = item.get("LineAmountTypes") == amounts.INCLUSIVE
        ours = {line.id: self._line_key(record, line, inclusive) for line in self._shown_lines(record)}
        theirs = {line["LineItemID"]: _key(line) for line in item.get("LineItems") or [] if line.get("LineItemID")}
        found = {}
        for tells in (lambda key: key, lambda key: key[1]):
            waiting = defaultdict(list)
            for line_item_id, key in theirs.items():
                waiting[tells(key)].append(line_item_id)
            for line_id, key in list(ours.items()):
                if same := waiting[tells(key)]:
                    found[str(line_id)] = [same.pop(0)]
                    del ours[line_id], theirs[found[str(line_id)][0]]
        return found or False

    @api.model
    def _line_key(self, record, line, inclusive):
        """Text and amount of a line of Odoo's, as Xero would show them."""
        if line.display_type in self._text_types:
            amount = None
        elif line.display_type in (False, "product"):
            amount = decimal(line.price_total if inclusive else line.price_subtotal)
        else:
            amount = decimal(self._sign(record) * line.amount_currency)
        return _words(line.name), amount


def _key(line):
    """The same of a line of Xero's."""
    amount = decimal(line.get("LineAmount"))
    return _words(line.get("Description")), amount if amount or line.get("AccountCode") else None


def _words(text):
    return " ".join((text or "").casefold().split())
