"""A discount for early payment that takes tax back: a credit note in Xero, used for the invoice (books B20)."""

from odoo import api, models

from . import amounts
from .amounts import RATE, ZERO, decimal
from .payment_push import is_taxed
from .problem import Problem
from .statuses import BOOKED, BUSY_STATES, GONE, UNDONE

CREDIT_TYPES = {"customer": "ACCRECCREDIT", "supplier": "ACCPAYCREDIT"}
KINDS = {"customer": "credit_note", "supplier": "supplier_credit"}


class XeroDatasetDiscount(models.AbstractModel):
    """Operation createCreditNotes, for the written-off lines of a payment's entry; the part is the paid document."""

    _name = "xero.dataset.discount"
    _inherit = "xero.dataset.credit_note"
    _description = "Xero Early Payment Discounts"

    _key = "discount"
    _odoo_model = "account.payment"
    _sequence = 62
    _kinds = {}
    _has_parts = True
    _in_batches = False
    _date_can_move = False
    _pull_sequence = None
    _adopt_sequence = None
    _cancelled_code = "discount_cancelled_in_odoo"
    _undone_states = UNDONE

    @api.model
    def _is_pulled(self):
        # OVERRIDE
        return False

    @api.model
    def _parts(self, records):
        # EXTENDS xero.dataset
        return {
            payment.id: list(
                dict.fromkeys([*self._links(payment).filtered("xero_id").mapped("part"), *self._given(payment)])
            )
            for payment in records
        }

    @api.model
    def _given(self, payment):
        """Parts of the documents on which `payment` is discounted now."""
        shares = self._connection._dataset("payment")._discounted(payment)
        return [f"account.move,{share.document.id}" for share in shares]

    @api.model
    def _links(self, payment):
        """Links of its credit notes."""
        mine = "discount", self._connection.tenant_id
        return payment.xero_link_ids.filtered(lambda link: (link.dataset, link.tenant_id) == mine)

    @api.model
    def _allocation(self, link):
        """Link of what its credit note is used for, in Xero still; possibly empty."""
        found = _in_xero(link, "discount_allocation")
        return found.filtered(lambda other: other.part == link.part)

    @api.model
    def _comes_anew(self, record):
        # OVERRIDE xero.dataset: where its number is used up, a person gives it another one
        return record.state in BOOKED

    @api.model
    def _taken_back_with(self, links):
        # EXTENDS xero.dataset
        return _in_xero(links, "discount_allocation")

    @api.model
    def _prepare_retirement(self, link):
        # EXTENDS xero.dataset: what is used for an invoice is freed first
        allocation = self._allocation(link)
        if allocation and link.state == "queued":
            state = "queued" if allocation.state in BUSY_STATES else "outdated"
            raise Problem("undo_paid", state=state, document=self._browse(link.res_id).name)
        return super()._prepare_retirement(link)

    @api.model
    def _prefetch(self, records):
        # OVERRIDE
        records.move_id.line_ids.fetch(["account_id", "tax_ids", "amount_currency", "tax_repartition_line_id"])

    @api.model
    def _followers(self, links):
        # EXTENDS xero.dataset.document: it is used for the invoice
        rows = [
            (link.res_id, link.part, link.company_id.id)
            for link in links
            if link._is_in_xero() and (not self._retires(self._browse(link.res_id), link) or self._allocation(link))
        ]
        return {**super()._followers(links.browse()), "discount_allocation": rows}

    # === CHECK === #

    @api.model
    def _check_state(self, record, link):
        # OVERRIDE: a credit note that is there is never changed
        booked, total = record.state in BOOKED, self._totals(record)[2]
        if link.xero_id and link.xero_status in GONE:
            raise Problem("undo_gone", state="excluded", status=link.xero_status)
        if not booked:
            if not link.xero_id:
                raise Problem("cancelled", state="excluded")
            raise Problem(self._cancelled_code, state="outdated", payment=record.name, number=link.number or "")
        if link.part not in self._given(record):
            raise Problem("payment_unreconciled", state="outdated" if link.xero_id else "excluded")
        if link.xero_id and total != decimal(link.xero_total):
            raise Problem("payment_changed", state="outdated", amount=str(total))
        if link.xero_id:
            raise Problem("payment_sent", state="unchanged")
        if any(len(line.tax_ids) > 1 for line in self._document_lines(record)):
            raise Problem("payment_discount_with_tax", document=record.name)
        self._document(link)

    @api.model
    def _document(self, link):
        """What the discount is given on.

        :raises Problem: it is not in Xero
        """
        document = self.env["account.move"].browse(int(link.part.split(",")[1])).exists()
        self._connection._dataset("payment")._prepare_target(document)
        return document

    # === WHAT IS SENT === #

    @api.model
    def _partner(self, records):
        # OVERRIDE
        return records.partner_id.commercial_partner_id

    @api.model
    def _numbered_by_supplier(self, record):
        # OVERRIDE: our number on both sides
        return False

    @api.model
    def _number(self, record):
        # OVERRIDE
        return self._links(record)[:1].number_override or record.name

    @api.model
    def _reference(self, record):
        # OVERRIDE
        return (record.memo or "")[:255]

    @api.model
    def _prepare_extra(self, record, link):
        # OVERRIDE
        return {"Reference": self._reference(record)} if record.partner_type == "customer" else {}

    @api.model
    def _date(self, record):
        # OVERRIDE
        return record.date

    @api.model
    def _xero_type(self, record):
        # OVERRIDE
        return CREDIT_TYPES.get(record.partner_type)

    @api.model
    def _status(self, record):
        # OVERRIDE: whatever the company chose for credit notes, Xero lets only an approved one be used. It goes
        # with its payment, and a payment waits until its document is approved.
        return "AUTHORISED"

    @api.model
    def _sign(self, record):
        # OVERRIDE
        return 1 if record.payment_type == "inbound" else -1

    @api.model
    def _rate(self, record):
        # OVERRIDE
        lines = self._document_lines(record)
        base = abs(sum((decimal(line.balance) for line in lines), ZERO))
        return (self._totals(record)[2] / base).quantize(RATE)

    @api.model
    def _totals(self, record):
        # OVERRIDE
        sign, net, tax = self._sign(record), ZERO, ZERO
        for line in self._document_lines(record):
            amount = decimal(sign * line.amount_currency)
            if line.tax_repartition_line_id:
                tax += amount
            else:
                net += amount
        return net, tax, net + tax

    @api.model
    def _amount(self, record):
        # OVERRIDE
        return abs(sum(self._document_lines(record).mapped("balance")))

    # === LINES === #

    @api.model
    def _document_lines(self, record):
        # OVERRIDE
        _liquidity, _counterparts, write_offs = record._seek_for_lines()
        return write_offs.filtered(is_taxed)

    @api.model
    def _carries_amount(self, line):
        # OVERRIDE
        return not line.tax_repartition_line_id

    @api.model
    def _tracked_lines(self, records):
        # OVERRIDE
        return self.env["account.move.line"].union(*(self._document_lines(record) for record in records))

    @api.model
    def _shown_lines(self, record):
        # OVERRIDE
        return self._document_lines(record).filtered(self._carries_amount)

    @api.model
    def _side(self, line):
        # OVERRIDE
        return "sales" if line.payment_id.partner_type == "customer" else "purchase"

    @api.model
    def _mapped_account(self, line):
        # OVERRIDE: nothing stands in for the account of the discount
        return line.account_id.xero_account_id

    @api.model
    def _has_discount(self, line):
        # OVERRIDE
        return False

    @api.model
    def _mode(self, record):
        # OVERRIDE
        return amounts.EXCLUSIVE

    @api.model
    def _amount_lines(self, record):
        # OVERRIDE
        sign, lines = self._sign(record), []
        for aml, account, rate in self._line_mappings(record):
            net = decimal(sign * aml.amount_currency)
            line = amounts.Line(
                source=aml.id,
                net=net,
                gross=net,
                tax_type=rate.tax_type,
                rate=decimal(rate.effective_rate, amounts.UNIT),
                unit_amount=net,
                extra={"aml": aml, "account": account},
            )
            lines += self._divided(line, self._tracked_shares(aml))
        return lines


class XeroDatasetPayment(models.AbstractModel):
    _inherit = "xero.dataset.payment"

    @api.model
    def _approval_amounts(self, record):
        # EXTENDS xero.dataset: its discount is a credit note, and who approves those is asked, too
        amounts = super()._approval_amounts(record)
        if self._discounted(record):
            amounts[KINDS[record.partner_type]] = self._connection._dataset("discount")._amount(record)
        return amounts

    @api.model
    def _followers(self, links):
        # EXTENDS xero.dataset: what is written off with tax is no payment; what takes it back begins with its use
        discounts = self._connection._dataset("discount")
        payments = self._browse(list(dict.fromkeys(links.mapped("res_id")))).exists()
        followers = {**super()._followers(links), "discount": [], "discount_allocation": []}
        for payment in payments:
            sent = discounts._links(payment).grouped("part")
            for part in discounts._parts(payment)[payment.id]:
                link = sent.get(part)
                retired = link and discounts._retires(payment, link) and discounts._allocation(link)
                key = "discount_allocation" if retired else "discount"
                followers[key].append((payment.id, part, payment.company_id.id))
        return followers

    @api.model
    def _taken_back_with(self, links):
        # EXTENDS xero.dataset: without its cash a discount has no ground
        discounts = _in_xero(links, "discount")
        allocations = self._connection._dataset("discount")._taken_back_with(discounts)
        return super()._taken_back_with(links) | discounts | allocations


# === HELPERS === #


def _in_xero(links, key):
    """What Xero still has of the data set `key` of the payments of `links`."""
    domain = [("dataset", "=", key), ("model", "=", "account.payment"), ("tenant_id", "in", links.mapped("tenant_id"))]
    return links.search([*domain, ("res_id", "in", links.mapped("res_id"))]).filtered(lambda link: link._is_in_xero())
