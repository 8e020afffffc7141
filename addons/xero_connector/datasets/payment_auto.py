"""Payments that go to Xero by themselves: when they settle something, and when what they settle has arrived."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .allocation import RECONCILABLE
from .payment import UNRECONCILED
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
    def _unsettled_domain(self):
        # EXTENDS xero.dataset: what was taken off one document pays another one since then
        self.env.flush_all()
        rows = SQL(
            "(SELECT m.id FROM %s m WHERE %s)",
            SQL.identifier(self.env[self._odoo_model]._table),
            settles_anew(self._odoo_model, self._connection.tenant_id),
        )
        return Domain("id", "in", rows)

    @api.model
    def _after_push(self, links):
        # EXTENDS xero.dataset
        self._release_waiting(links.filtered(lambda link: link.xero_status in GONE))
        return super()._after_push(links)

    @api.model
    def _release_waiting(self, links):
        # EXTENDS xero.dataset: other money of the same documents
        own = [("tenant_id", "=", self._connection.tenant_id), ("model", "in", links.mapped("model"))]
        ours = links.search([*own, ("dataset", "=", "payment"), ("res_id", "in", links.mapped("res_id"))])
        freed = [int(part.split(",")[1]) for part in ours.mapped("part") if part]
        self._connection._release_payments(freed, (COUNTED, GOES_FIRST))
        return super()._release_waiting(links)


class XeroDatasetDocument(models.AbstractModel):
    _inherit = "xero.dataset.document"

    @api.model
    def _after_push(self, links):
        # EXTENDS xero.dataset: what pays a document may have waited for it
        moves = links.filtered(lambda link: link.model == "account.move")
        arrived = moves.filtered(lambda link: link.xero_status not in (*WAITING, *GONE))
        self._connection._release_payments(arrived.mapped("res_id"))
        return super()._after_push(links)


# === HELPERS === #


def settles(condition):
    """SQL: whether the money `m` settles an entry `d` of that condition."""
    return SQL(
        """EXISTS (
               SELECT 1 FROM account_move_line i JOIN account_account a ON a.id = i.account_id
                 JOIN account_partial_reconcile p ON i.id IN (p.debit_move_id, p.credit_move_id)
                 JOIN account_move_line o ON o.id IN (p.debit_move_id, p.credit_move_id) AND o.id != i.id
                 JOIN account_move d ON d.id = o.move_id
                WHERE i.move_id = m.move_id AND a.account_type IN %s AND %s)""",
        RECONCILABLE,
        condition,
    )


def settles_anew(model, tenant_id):
    """SQL: whether the money `m` settles a document that has no link, while the link of another one is excluded.

    Any other link is changed, or waits, with its money, so only these would hide it. A link that was left out since
    nothing was settled, before anything went, is none. Of what is on account, or goes as a whole, its own link decides.
    """
    own = SQL("model = %s AND res_id = m.id AND tenant_id = %s", model, tenant_id)
    return SQL(
        """EXISTS (SELECT 1 FROM xero_link WHERE %s AND dataset = 'payment' AND state = 'excluded')
           AND NOT EXISTS (SELECT 1 FROM xero_link WHERE %s AND part = '' AND state != 'excluded')
           AND %s""",
        own,
        own,
        settles(
            SQL(
                """d.move_type != 'entry'
                   AND NOT EXISTS (SELECT 1 FROM xero_link
                                    WHERE %s AND dataset = 'payment' AND part = 'account.move,' || d.id
                                      AND NOT (state = 'excluded' AND xero_id IS NULL AND reason = %s))""",
                own,
                UNRECONCILED,
            )
        ),
    )
