"""Payments that go to Xero by themselves: when they settle something, and when what they settle has arrived."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from .allocation import RECONCILABLE
from .payment_check import COUNTED, GOES_FIRST
from .statuses import BOOKED, GONE, WAITING

_lt = LazyTranslate(__name__)


class XeroDatasetPayment(models.AbstractModel):
    _inherit = "xero.dataset.payment"

    _kinds = {
        "customer_payment": (_lt("Customer payments"), [("partner_type", "=", "customer")]),
        "supplier_payment": (_lt("Supplier payments"), [("partner_type", "=", "supplier")]),
    }
    _settling = ()

    @api.model
    def _ready_domain(self):
        # EXTENDS xero.dataset: registered since the start date, and there is a document to pay
        start = self._connection.sync_from
        if not start:
            return Domain.FALSE
        pays = Domain("matched_debit_ids", "!=", False) | Domain("matched_credit_ids", "!=", False)
        counterpart = Domain("account_type", "in", RECONCILABLE)
        return (
            Domain("state", "in", BOOKED)
            & Domain("date", ">=", start)
            & (Domain("move_id.line_ids", "any", counterpart & pays) | self._sent_domain())
        )

    @api.model
    def _after_push(self, links):
        # EXTENDS xero.dataset: where Xero counts this no longer, other money of its documents may have waited for that
        gone = links.filtered(lambda link: link.xero_status in GONE)
        own = [("tenant_id", "=", self._connection.tenant_id), ("model", "=", self._odoo_model)]
        parts = gone.search([*own, ("dataset", "=", "payment"), ("res_id", "in", gone.mapped("res_id"))]).mapped("part")
        freed = [int(part.split(",")[1]) for part in parts if part]
        self._connection._release_payments(freed, (COUNTED, GOES_FIRST))
        return super()._after_push(links)


class XeroDatasetDocument(models.AbstractModel):
    _inherit = "xero.dataset.document"

    @api.model
    def _after_push(self, links):
        # EXTENDS xero.dataset: what pays a document may have waited for it
        moves = links.filtered(lambda link: link.model == "account.move")
        arrived = moves.filtered(lambda link: link.xero_status not in (*WAITING, *GONE))
        self._connection._release_payments(arrived.mapped("res_id"))
        return super()._after_push(links)
