"""To which accounts and tax rates Xero has booked a document, and whether somebody has moved it since (B24)."""

from collections import defaultdict

from odoo import api, models

from . import amounts
from .amounts import ZERO, Decimal, decimal


class XeroDataset(models.AbstractModel):
    _inherit = "xero.dataset"

    @api.model
    def _booked(self, item):
        """``[[AccountCode, AccountID, TaxType, net]]`` of an element; ``False`` when it has no lines."""
        return False

    @api.model
    def _moved(self, link, item):
        """Arguments of "booked differently", or ``None`` when `item` is booked as it was when it was linked."""
        return None


class XeroDatasetDocumentCheck(models.AbstractModel):
    _inherit = "xero.dataset.document.check"

    @api.model
    def _keep_answer(self, link, item, sources):
        # EXTENDS xero.dataset
        link.booked = self._booked(item)

    @api.model
    def _booked(self, item):
        # EXTENDS xero.dataset
        inclusive = item.get("LineAmountTypes") == amounts.INCLUSIVE
        sums = defaultdict(lambda: ZERO)
        for line in item.get("LineItems") or item.get("JournalLines") or []:
            net = decimal(line.get("LineAmount"))
            if inclusive:
                net -= decimal(line.get("TaxAmount"))
            sums[tuple(line.get(name) or "" for name in ("AccountCode", "AccountID", "TaxType"))] += net
        return [[*kind, str(net)] for kind, net in sorted(sums.items()) if net] or False

    @api.model
    def _moved(self, link, item):
        # EXTENDS xero.dataset: beside what was linked, as both sides may have made it on other accounts than mapped
        if not link.booked or not (rows := self._booked(item)):
            return None
        # An account that has got another code is still the same.
        names = {account_id: code or account_id for code, account_id, _tax_type, _net in link.booked if account_id}
        was, now = _by_name(link.booked, names), _by_name(rows, names)
        tolerance = decimal(self._connection.rounding_tolerance)  # cents go elsewhere when a line is divided
        moved = [name for name in {**was, **now} if abs(was[name] - now[name]) > tolerance]
        return {"detail": ", ".join(f"{name} {was[name]} → {now[name]}" for name in moved)} if moved else None


def _by_name(rows, names):
    """Net per account and TaxType of `rows`, as people name them."""
    sums = defaultdict(lambda: ZERO)
    for code, account_id, tax_type, net in rows:
        sums[f"{names.get(account_id) or code or account_id} {tax_type}".strip()] += Decimal(net)
    return sums
