"""Documents that were cancelled in Odoo: voided or deleted in Xero, when the company wants it so (books B14)."""

from odoo import api, models

from .problem import Problem
from .statuses import GONE


class XeroDatasetDocument(models.AbstractModel):
    """An update that carries nothing but the status; Xero keeps the document and its number."""

    _inherit = "xero.dataset.document"

    @api.model
    def _retires(self, record, link):
        """Whether a push of `record` voids or deletes it in Xero."""
        wanted = self._connection.on_cancel == "void" and record.state == "cancel"
        return bool(wanted and link.xero_id and link.xero_status not in GONE)

    @api.model
    def _check(self, record, link):
        # EXTENDS xero.dataset.document.check
        if not self._retires(record, link):
            return super()._check(record, link)
        figures = link.figures or {}
        if link.xero_status == "PAID" or figures.get("AmountPaid") or figures.get("AmountCredited"):
            raise Problem("cancelled_but_paid", state="outdated", document=record.name)
        return self._check_lock_dates(record)

    @api.model
    def _prepare_payload(self, record, link):
        # EXTENDS xero.dataset.document
        if not self._retires(record, link):
            return super()._prepare_payload(record, link)
        return {"Status": "VOIDED" if link.xero_status == "AUTHORISED" else "DELETED"}, []

    @api.model
    def _with_identity(self, payload, link, record, sources):
        # EXTENDS xero.dataset.document
        if "LineItems" in payload:
            return super()._with_identity(payload, link, record, sources)
        return {**payload, self._xero_id: link.xero_id}

    @api.model
    def _figures(self, record, link):
        # EXTENDS xero.dataset.document: nothing is left to agree on
        return {} if self._retires(record, link) else super()._figures(record, link)

    @api.model
    def _compare(self, figures, item):
        # EXTENDS xero.dataset.document
        return super()._compare(figures, item) if figures else None

    @api.model
    def _notes(self, record):
        # EXTENDS xero.dataset
        if self._retires(record, record.xero_link_id):
            payload, _sources = self._prepare_payload(record, record.xero_link_id)
            return [("status_in_xero", {"status": payload["Status"]})]
        return super()._notes(record)

    @api.model
    def _is_final(self, element, item):
        # EXTENDS xero.dataset
        return element.get("Status") in GONE and item.get("Status") == element["Status"]

    @api.model
    def _state_after(self, item):
        # EXTENDS xero.dataset: no schedule sends it again (B16)
        return "excluded" if item.get("Status") in GONE else super()._state_after(item)
