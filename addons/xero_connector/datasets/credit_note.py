"""Credit notes of both kinds: Xero's ACCRECCREDIT and ACCPAYCREDIT credit notes."""

from odoo import api, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class XeroDatasetCreditNote(models.AbstractModel):
    """Operations createCreditNotes, updateOrCreateCreditNotes, getCreditNotes."""

    _name = "xero.dataset.credit_note"
    _inherit = ["xero.dataset.document", "xero.dataset.allocation"]
    _description = "Xero Credit Notes"

    _key = "credit_note"
    _xero_path = "/CreditNotes"
    _xero_plural = "CreditNotes"
    _xero_id = "CreditNoteID"
    _types = {"out_refund": "ACCRECCREDIT", "in_refund": "ACCPAYCREDIT"}
    _status_fields = {"ACCRECCREDIT": "push_status_credit_note", "ACCPAYCREDIT": "push_status_supplier_credit"}
    _kinds = {
        "credit_note": (_lt("Customer credit notes"), [("move_type", "=", "out_refund")]),
        "supplier_credit": (_lt("Supplier credits"), [("move_type", "=", "in_refund")]),
    }
    _number_field = "CreditNoteNumber"
    # Before the invoices, whose settlement is compared.
    _pull_sequence = 86

    @api.model
    def _prepare_extra(self, record, link):
        return {"Reference": self._reference(record)} if record.move_type == "out_refund" else {}

    @api.model
    def _take_in_linked(self, item, link, record):
        # EXTENDS xero.dataset.document: what Xero has settled with the credit is settled in Odoo, too
        result = super()._take_in_linked(item, link, record)
        live = item.get("Status") in ("AUTHORISED", "PAID") and record.state == "posted"
        if not live or link.state in ("sending", "in_doubt") or self._connection.payment_direction == "to_xero":
            return result
        values, changes, problem = self._allocate(item, record, link)
        figures = {**result.values.get("figures", {}), **values.pop("figures")}
        result.values |= {**values, "figures": figures}
        result.problem = result.problem or problem
        result.kind = "updated" if changes else result.kind
        return result

    @api.model
    def _conflict_queries(self, records):
        # This list has no filter by several numbers: one read for each that is taken.
        numbers = [self._number(record) for record in records]
        return [
            {"where": f'CreditNoteNumber=="{number}"', "page": 1, "pageSize": 100}
            for number in numbers
            if '"' not in number  # it would end the text
        ]

    @api.model
    def _deep_link(self, xero_id):
        return f"/AccountsReceivable/ViewCreditNote.aspx?creditNoteID={xero_id}"
