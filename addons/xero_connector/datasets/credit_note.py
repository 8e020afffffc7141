"""Customer credit notes: Xero's ACCRECCREDIT credit notes."""

from odoo import api, models


class XeroDatasetCreditNote(models.AbstractModel):
    """Operations createCreditNotes, updateOrCreateCreditNotes, getCreditNotes."""

    _name = "xero.dataset.credit_note"
    _inherit = "xero.dataset.document"
    _description = "Xero Customer Credit Notes"

    _key = "credit_note"
    _xero_path = "/CreditNotes"
    _xero_plural = "CreditNotes"
    _xero_id = "CreditNoteID"
    _move_types = ("out_refund",)
    _xero_type = "ACCRECCREDIT"
    _number_field = "CreditNoteNumber"
    _status_field = "push_status_credit_note"
    _pull_sequence = 100

    @api.model
    def _conflict_queries(self, records):
        # This list has no filter by several numbers: one read for each that is taken.
        numbers = [self._number(record) for record in records]
        return [{"where": f'CreditNoteNumber=="{number}"', "page": 1, "pageSize": 100} for number in numbers]

    @api.model
    def _deep_link(self, xero_id):
        return f"/AccountsReceivable/ViewCreditNote.aspx?creditNoteID={xero_id}"
