"""The credit note of an early payment discount used for its invoice, and freed again."""

from odoo import api, models

from .. import values
from .amounts import decimal
from .problem import Problem
from .statuses import GONE


class XeroDatasetDiscountAllocation(models.AbstractModel):
    """Operation createCreditNoteAllocation, of the credit note of a discount."""

    _name = "xero.dataset.discount_allocation"
    _inherit = ["xero.dataset.settlement", "xero.dataset.credit_allocation"]
    _description = "Xero Allocations of Early Payment Discounts"

    _key = "discount_allocation"
    _sequence = 64
    # Xero tells no status of an allocation: it is there, or it is not.
    _retired = {False: "DELETED"}

    @api.model
    def _parts(self, records):
        # EXTENDS xero.dataset
        return self._connection._dataset("discount")._parts(records)

    @api.model
    def _credit(self, record, link):
        """Link of the credit note."""
        links = self._connection._dataset("discount")._links(record)
        return links.filtered(lambda other: other.part == link.part)

    @api.model
    def _check(self, record, link):
        # OVERRIDE
        if link.xero_status in GONE:
            raise Problem("undo_gone", state="excluded", status=link.xero_status)
        if link.xero_id:
            raise Problem("payment_sent", state="unchanged")
        if not self._credit(record, link).xero_id:
            raise Problem("payment_unreconciled", state="excluded")

    @api.model
    def _prepare_payload(self, record, link):
        # OVERRIDE
        target = self._connection._dataset("payment")._prepare_target(self._document(link))
        amount = decimal(self._credit(record, link).xero_total)
        return {**target, "Amount": amount, "Date": record.date}, []

    @api.model
    def _credit_id(self, link):
        # OVERRIDE
        return self._credit(self._browse(link.res_id), link).xero_id

    # === TAKEN BACK: operation deleteCreditNoteAllocations === #

    @api.model
    def _request_path(self, link, payload):
        # EXTENDS xero.dataset.credit_allocation
        if payload.get("Status") in GONE:
            return f"/CreditNotes/{self._credit_id(link)}/Allocations/{link.xero_id}"
        return super()._request_path(link, payload)

    @api.model
    def _verb(self, method, element):
        # OVERRIDE xero.dataset
        return "DELETE" if element.get("Status") in GONE else method

    @api.model
    def _content(self, body):
        # EXTENDS xero.dataset: the address says it all
        gone = values.loads(body)[self._xero_plural][0].get("Status") in GONE
        return super()._content(b"" if gone else body)

    @api.model
    def _answered(self, data, sent):
        # EXTENDS xero.dataset
        if sent[0].get("Status") not in GONE:
            return super()._answered(data, sent)
        return sent if data.get("IsDeleted") is True else []

    @api.model
    def _unlisted(self, element):
        # OVERRIDE xero.dataset: what was taken back is listed no more
        return element if element.get("Status") in GONE else None

    @api.model
    def _read_answer(self, item):
        # EXTENDS xero.dataset.credit_allocation
        if item.get("Status") in GONE:
            return {"xero_id": item[self._xero_id], "xero_status": item["Status"]}
        return super()._read_answer(item)

    @api.model
    def _gone_problem(self, link):
        # EXTENDS xero.dataset.credit_allocation: somebody has taken it back in Xero
        if not self._retires(self._browse(link.res_id), link):
            return super()._gone_problem(link)
        link.xero_status = "DELETED"
        return Problem("undo_gone", state="excluded", status=link.xero_status)

    @api.model
    def _followers(self, links):
        # EXTENDS xero.dataset: the credit note is free to be taken back
        freed = links.filtered(lambda link: link.xero_status in GONE)
        return {"discount": [(link.res_id, link.part, link.company_id.id) for link in freed]}
