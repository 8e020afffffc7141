"""What payments of Odoo's settle documents with in Xero: payments there, and the credit notes of their discounts."""

from odoo import api, models

from .periods import check_lock_dates
from .statuses import BOOKED, UNDONE


class XeroDatasetSettlement(models.AbstractModel):
    """Taken back when the payment was cancelled, outside locked periods, and sent anew when it is posted again."""

    _name = "xero.dataset.settlement"
    _inherit = "xero.dataset"
    _description = "Xero Settlements"

    _odoo_model = "account.payment"
    _has_parts = True
    _ends_cancelled = True
    _booked_states = BOOKED
    _undone_states = UNDONE

    @api.model
    def _comes_anew(self, record):
        # OVERRIDE xero.dataset
        return record.state in self._booked_states

    @api.model
    def _check_retirement(self, record, link):
        # EXTENDS xero.dataset
        check_lock_dates(self._connection, record.date)
        return super()._check_retirement(record, link)
