"""Money that a line of a bank statement has moved for documents, without a payment in Odoo (PAY-09, books B20, B21)."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from .allocation import RECONCILABLE
from .amounts import CENT, ZERO, decimal
from .payment_here import STATEMENT_LINE
from .payment_push import REFERENCE
from .problem import Problem

_lt = LazyTranslate(__name__)


class XeroDatasetStatementPayment(models.AbstractModel):
    """Payments all the same, under the key of those: each part of a line is one document that it pays."""

    _name = "xero.dataset.statement_payment"
    _inherit = "xero.dataset.payment"
    _description = "Xero Payments by Bank Statement"

    _odoo_model = STATEMENT_LINE
    _kinds = {"statement_payment": (_lt("Payments by bank statement"), [])}
    _pull_sequence = None
    _adopt_sequence = None
    _instead_of = ()
    # Before lines went by themselves people were told to enter what they pay in Xero, whatever the direction.
    _looks_first = True
    _booked_states = ("posted",)
    _undone_states = ("cancel",)

    @api.model
    def _ready_domain(self):
        # OVERRIDE xero.dataset.payment: what pays a document from a bank account whose statements are Odoo's
        start = self._connection.sync_from
        if not start:
            return Domain.FALSE
        pays = Domain("matched_debit_ids.debit_move_id.move_type", "!=", "entry")
        pays |= Domain("matched_credit_ids.credit_move_id.move_type", "!=", "entry")
        counterpart = Domain("account_type", "in", RECONCILABLE)
        ours = Domain("journal_id.xero_account_id", "=", False) | Domain("journal_id.xero_bank_owner", "=", "odoo")
        return (
            Domain("move_id.state", "in", self._booked_states)
            & Domain("move_id.date", ">=", start)
            & (Domain("move_id.line_ids", "any", counterpart & pays) & ours | self._sent_domain())
        )

    # === PARTS === #

    @api.model
    def _parts_of(self, payment):
        # EXTENDS xero.dataset.payment: what pays nothing is no money on account, nobody has looked at it yet
        if not payment.move_id._get_reconciled_invoices():
            return self._links_of_parts(payment).filtered("xero_id").mapped("part")
        return super()._parts_of(payment)

    @api.model
    def _money_lines(self, record):
        # OVERRIDE xero.dataset.payment: what makes the line larger, or settles something else, is other money
        _liquidity, _suspense, others = record._seek_for_lines()
        counterparts, sign = self._counterparts(record.move_id), 1 if self._is_inbound(record) else -1
        write_offs = (others - counterparts).filtered(
            lambda line: sign * line.amount_currency >= 0 and not line.matched_debit_ids | line.matched_credit_ids
        )
        return counterparts, write_offs

    @api.model
    def _is_inbound(self, record):
        # OVERRIDE xero.dataset.payment
        return record.amount > 0

    @api.model
    def _is_discount(self, cash, record):
        # OVERRIDE xero.dataset.payment: only a payment makes a credit note of its own
        return False

    @api.model
    def _settled(self, record, counterparts):
        # EXTENDS xero.dataset.payment: what each share has moved on the bank account, in the currency of that
        shares = []
        for currency, lines in counterparts.grouped("currency_id").items():
            settled = super()._settled(record, lines)
            if currency != record.currency_id:
                rate = self._bank_rate(record)
                for share in settled:
                    share.own = (share.base * rate).quantize(CENT)
            shares += settled
        return shares

    @api.model
    def _bank_rate(self, record):
        """How much of the bank account's currency the line has moved for one of the company's."""
        liquidity, _suspense, _others = record._seek_for_lines()
        base = sum((decimal(line.balance) for line in liquidity), ZERO)
        return decimal(record.amount) / base if base else ZERO

    @api.model
    def _whole_money(self, record):
        # OVERRIDE xero.dataset.payment: a line may pay an invoice and a credit note
        rate = self._bank_rate(record)
        # Rounded as the shares are, which it is compared with.
        terms = (
            decimal(line.amount_currency)
            if line.currency_id == record.currency_id
            else (decimal(line.balance) * rate).quantize(CENT)
            for line in self._counterparts(record.move_id)
        )
        return sum(map(abs, terms), ZERO)

    # === CHECK === #

    @api.model
    def _check_source(self, record, link):
        # OVERRIDE xero.dataset.payment: there the money comes in by Xero's own feed (B21)
        journal = record.journal_id
        if not link.xero_id and journal.xero_account_id and journal.xero_bank_owner == "xero":
            raise Problem("payment_bank_of_xero", state="excluded", journal=journal.display_name)

    # === BUILD === #

    @api.model
    def _reference(self, payment):
        # OVERRIDE xero.dataset.payment
        return (payment.payment_ref or payment.name or "")[:REFERENCE]

    @api.model
    def _amount(self, record):
        # OVERRIDE xero.dataset.payment
        return abs(record.amount_total_signed) if record else 0.0

    # === WHAT ONLY PAYMENTS HAVE === #

    @api.model
    def _followers(self, links):
        # OVERRIDE xero.dataset.payment: no credit note
        return {}

    @api.model
    def _taken_back_with(self, links):
        # OVERRIDE xero.dataset.payment
        return links.browse()


class XeroDatasetPayment(models.AbstractModel):
    _inherit = "xero.dataset.payment"

    _by_model = {STATEMENT_LINE: "statement_payment"}
