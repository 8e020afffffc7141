"""Payments on their way to Xero: the cash of each document, and what was written off (books B19, B20, B23)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from odoo import api, models

from .. import values
from .amounts import CENT, RATE, ZERO, decimal
from .figures import difference
from .payment import DAYS_APART, UNRECONCILED
from .periods import check_lock_dates, check_start
from .problem import Problem
from .statuses import GONE, UNDER_WAY, WAITING

REFERENCE = 255  # characters
DISCOUNTED = ("out_invoice", "out_receipt", "in_invoice", "in_receipt")
AT_ONCE = 25  # documents whose payments are asked for in one call


@dataclass
class Share:
    """What one payment pays of one document.

    :ivar part: part of the link
    :ivar document: ``account.move``
    :ivar amount: in the document's currency
    :ivar own: the same in the payment's currency
    :ivar base: the same in the company's currency
    :ivar write_off: line of the payment's entry that takes it, empty for cash
    """

    part: str
    document: models.BaseModel
    amount: Decimal
    own: Decimal
    base: Decimal
    write_off: models.BaseModel


class XeroDatasetPayment(models.AbstractModel):
    """Operation createPayments. Xero changes nothing of a payment later on, it only deletes it."""

    _inherit = "xero.dataset.payment"

    _sequence = 60
    _in_books = True
    _taken_code = "payment_maybe_there"
    _instead_of = ("batch_payment",)
    # A cent of one document's share may move to another's when a third one is taken off.
    _derived = ("CurrencyRate", "BankAmount")

    @property
    def _looks_first(self):
        """Where people enter payments on both sides, Xero is asked before each batch (B19)."""
        return self._connection.payment_direction == "both"

    # === PARTS === #

    @api.model
    def _parts(self, records):
        # EXTENDS xero.dataset
        return {payment.id: self._parts_of(payment) for payment in records}

    @api.model
    def _parts_of(self, payment):
        """Parts of one payment; the empty one stands for money on account, which waits for its document."""
        sent = self._links_of_parts(payment).filtered("xero_id").mapped("part")
        try:
            parts = list(dict.fromkeys([*sent, *(share.part for share in self._shares(payment))]))
        except Problem:
            return [*sent, ""]  # its check tells what is wrong
        counterparts, _write_offs = self._money_lines(payment)
        rest = any(not line.currency_id.is_zero(line.amount_residual_currency) for line in counterparts)
        return [*parts, ""] if rest or not parts else parts

    @api.model
    def _links_of_parts(self, payment):
        """Links of the parts of `payment` in this organisation."""
        tenant_id = self._connection.tenant_id
        return payment.xero_link_ids.filtered(lambda link: link.dataset == self._key and link.tenant_id == tenant_id)

    @api.model
    def _shares(self, payment):
        """List of :class:`Share`: the cash for each document, and the lines that were written off."""
        counterparts, write_offs = self._money_lines(payment)
        cash = self._settled(payment, counterparts)
        if not cash or not write_offs:
            return cash
        sign = 1 if self._is_inbound(payment) else -1
        credited = write_offs.filtered(is_taxed) if self._is_discount(cash, payment) else write_offs.browse()
        parts = []
        # A credit note takes the discount as a whole: see discount.py.
        for lines in filter(None, (credited, *(write_offs - credited))):
            amount = sum((sign * decimal(line.amount_currency) for line in lines), ZERO)
            base = sum((sign * decimal(line.balance) for line in lines), ZERO)
            if not amount:
                # The difference of two rates is never sent: it makes the cash what it is.
                max(cash, key=lambda share: share.base).base -= base
                continue
            # Of an invoice and a credit note in one it was kept of what has the direction of the money.
            bearers = [share for share in reversed(cash) if share.document.is_inbound() == self._is_inbound(payment)]
            last = next((share for share in bearers if share.amount > amount), None)
            if last is None or amount <= 0 or last.document.currency_id != payment.currency_id:
                account = lines[0].account_id.display_name
                raise Problem("payment_write_off_unclear", payment=payment.name, account=account)
            last.amount, last.own, last.base = last.amount - amount, last.own - amount, last.base - base
            if lines != credited:
                parts.append(Share(f"{last.part},{lines.id}", last.document, amount, amount, base, lines))
        if any(share.base <= 0 for share in cash):
            account = write_offs[0].account_id.display_name
            raise Problem("payment_write_off_unclear", payment=payment.name, account=account)
        return cash + parts

    @api.model
    def _discounted(self, payment):
        """List of the :class:`Share` of the one document on which `payment` was discounted with tax."""
        counterparts, write_offs = self._money_lines(payment)
        if not write_offs.filtered(is_taxed):
            return []
        cash = self._settled(payment, counterparts)
        return cash if self._is_discount(cash, payment) else []

    @api.model
    def _money_lines(self, record):
        """``(counterparts, lines that were written off)`` of the entry of a payment."""
        _liquidity, counterparts, write_offs = record._seek_for_lines()
        return counterparts, write_offs

    @api.model
    def _is_inbound(self, record):
        return record.payment_type == "inbound"

    @api.model
    def _is_discount(self, cash, record):
        """Whether what `record` writes off with tax is a discount on the one document that it pays."""
        return (
            len(cash) == 1
            and cash[0].document.move_type in DISCOUNTED
            and cash[0].document.currency_id == record.currency_id
        )

    @api.model
    def _settled(self, payment, counterparts):
        """The cash share of each document that `counterparts` are reconciled with, exchange differences apart."""
        found = defaultdict(lambda: [ZERO, ZERO, ZERO])
        for line in counterparts:
            whole, told = decimal(line.amount_currency), ZERO
            rate = decimal(line.balance) / whole if whole else ZERO
            for partials, other, own_side, other_side in (
                (line.matched_debit_ids, "debit_move_id", "credit", "debit"),
                (line.matched_credit_ids, "credit_move_id", "debit", "credit"),
            ):
                for partial in partials.sorted("id"):
                    document = partial[other].move_id
                    if document.is_invoice(include_receipts=True):
                        own = decimal(partial[f"{own_side}_amount_currency"])
                        sums = found[document]
                        sums[0] += decimal(partial[f"{other_side}_amount_currency"])
                        sums[1] += own
                        # Rounded one by one, the shares would not sum up to the line.
                        sums[2] -= abs(told * rate).quantize(CENT)
                        told += own
                        sums[2] += abs(told * rate).quantize(CENT)
        nothing = self.env["account.move.line"]
        return [
            Share(f"account.move,{document.id}", document, *sums, nothing)
            for document, sums in sorted(found.items(), key=lambda row: row[0].id)
        ]

    @api.model
    def _share(self, payment, link):
        """The share that `link` stands for.

        :raises Problem: the payment does not pay that document any more
        """
        share = next((share for share in self._shares(payment) if share.part == link.part), None)
        if share is None:
            raise Problem(UNRECONCILED, state="outdated" if link.xero_id else "excluded")
        return share

    # === CHECK === #

    @api.model
    def _check(self, record, link):
        connection = self._connection
        self._check_source(record, link)
        if record.state in self._undone_states:
            if link.xero_id and link.xero_status != "DELETED":
                raise Problem("payment_cancelled_in_odoo", state="outdated", payment=record.name)
            raise Problem("cancelled", state="excluded")
        if link.xero_id and link.xero_status in GONE:
            raise Problem("undo_gone", state="excluded", status=link.xero_status)
        if link.xero_id:
            self._check_sent(record, link)
            raise Problem("payment_sent", state="unchanged")
        if connection.payment_direction == "from_xero":
            raise Problem("payments_from_xero", state="excluded")
        if record.state not in self._booked_states:
            raise Problem("not_posted")
        check_start(connection, record.date, link)
        check_lock_dates(connection, record.date)
        self._check_shares(record, link)

    @api.model
    def _check_source(self, record, link):
        """Raise a Problem when Xero gets the money of `record` in another way."""
        if record._xero_is_prepaid():
            raise Problem("payment_prepaid", state="excluded", payment=record.name)

    @api.model
    def _check_sent(self, record, link):
        """Raise a Problem when a payment that Xero has is not what it was: there it cannot be changed."""
        amount = self._share(record, link).amount
        if not self._connection._same_money(amount, decimal(link.xero_total)):
            raise Problem("payment_changed", state="outdated", amount=str(amount))
        self._check_unedited(record, link)

    @api.model
    def _check_unedited(self, record, link):
        """Raise a Problem when `record` would be sent otherwise now: its day, bank account or reference is another."""
        try:
            payload = self._prepare_payload(record, link)[0]
        except Problem:
            return  # nothing says that it has changed
        if link.content_hash and link.content_hash != self._content_hash(payload):
            raise Problem("payment_edited", state="outdated", payment=record.name)

    @api.model
    def _check_shares(self, record, link):
        """Raise a Problem when Xero cannot be told what `link` stands for."""
        if not link.part:
            self._shares(record)
            raise Problem("payment_on_account", state="held", payment=record.name)
        self._account(self._share(record, link), record)

    @api.model
    def _account(self, share, payment):
        """Xero's account that the money goes to or comes from (PAY-07, PAY-08).

        :raises Problem: none, or one that takes no payments
        """
        line, journal = share.write_off, payment.journal_id
        if line and is_taxed(line):
            raise Problem("payment_discount_with_tax", document=share.document.name)
        connection = self._connection
        bank = journal.xero_account_id or connection.default_bank_account_id
        account = line.account_id.xero_account_id if line else bank
        if not account or account.connection_id != connection or account.tenant_id != connection.tenant_id:
            if line:
                raise Problem("account_unmapped", account=line.account_id.display_name)
            raise Problem("payment_bank_unmapped", journal=journal.display_name)
        if account.status != "ACTIVE" or not (account.type == "BANK" or account.enable_payments):
            raise Problem("payment_account", account=account.display_name)
        return account

    # === BUILD === #

    @api.model
    def _prepare_payload(self, record, link):
        share = self._share(record, link)
        account = self._account(share, record)
        payload = {
            **self._prepare_target(share.document),
            "Account": {"AccountID": account.xero_id},
            "Date": record.date,
            "Amount": share.amount,
            "Reference": (share.write_off.name or "")[:REFERENCE] or self._reference(record),
        }
        document, company = share.document, record.company_id
        bank = record.journal_id.currency_id or company.currency_id
        if document.currency_id != company.currency_id:
            payload["CurrencyRate"] = (share.amount / share.base).quantize(RATE)
        if bank != document.currency_id and not share.write_off:
            payload["BankAmount"] = share.own if bank == record.currency_id else share.base
        return payload, []

    @api.model
    def _reference(self, payment):
        return (payment.memo or payment.name or "")[:REFERENCE]

    @api.model
    def _prepare_target(self, document):
        """The paid document as Xero names it.

        :raises Problem: it is not there, or not approved there
        """
        link = document.xero_link_id
        if not link.xero_id:
            under_way = link.state in UNDER_WAY
            state = "queued" if under_way else "held"
            raise Problem("payment_document_missing", state=state, document=document.name)
        if link.xero_status in WAITING:
            raise Problem("payment_waits", state="held", document=document.name, status=link.xero_status)
        if link.xero_status in GONE:
            raise Problem("payment_document_gone", document=document.name, status=link.xero_status)
        if link.dataset == "credit_note":
            return {"CreditNote": {"CreditNoteID": link.xero_id}}
        return {"Invoice": {"InvoiceID": link.xero_id}}

    # === ANSWER === #

    @api.model
    def _lookup_key(self, item):
        return (
            self._paid_document(item)[1],
            values.parse_date(item.get("Date")),
            decimal(item.get("Amount")),
            (item.get("Account") or {}).get("AccountID"),
            item.get("Reference") or "",
        )

    @api.model
    def _figures(self, record, link):
        if not link.part:
            return {}
        share = self._share(record, link)
        return {"amount": str(share.amount), "currency": share.document.currency_id.name}

    @api.model
    def _compare(self, figures, item):
        ours, theirs = Decimal(figures["amount"]), decimal(item.get("Amount"))
        if self._connection._same_money(ours, theirs):
            return None
        return difference({"amount": ours}, {"amount": theirs}, figures["currency"], lambda sums: sums["amount"])

    @api.model
    def _amount(self, record):
        return abs(record.amount_company_currency_signed) if record else 0.0

    # === LOOK-UP === #

    @api.model
    def _could_be(self, element, item):
        return item.get("Status") == "AUTHORISED"

    @api.model
    def _is_readable(self, item):
        # EXTENDS xero.dataset
        return item.get("Status") in ("AUTHORISED", "DELETED") and item.get("Reference", "") is not None

    @api.model
    def _is_conflict(self, code):
        # Somebody may have entered the same payment in Xero (B19).
        return code in ("payment_exceeds", "payment_not_authorised")

    @api.model
    def _conflict_queries(self, records):
        documents = self.env["account.move"].union(*(s.document for r in records for s in self._shares(r)))
        ids = [document.xero_link_id.xero_id for document in documents if document.xero_link_id.xero_id]
        blocks = [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]
        return [
            {"where": " OR ".join(f'Invoice.InvoiceID==Guid("{xero_id}")' for xero_id in block)} for block in blocks
        ]

    @api.model
    def _is_held(self, element, items, figures):
        # EXTENDS xero.dataset: the same money may be typed in under another date or reference
        free = self._unlinked(self.env["xero.link"], items)
        return any(self._is_same_money(element, item) for item in free)

    @api.model
    def _choose(self, record, link, items, code, arguments):
        element = self._prepare_payload(record, link)[0]
        same = [item for item in self._unlinked(link, items) if self._is_same_money(element, item)]
        if not same and code == self._taken_code:
            # It was another of ours by now: nothing is in the way of this one any more.
            raise Problem(code, state="queued", count=0, **arguments)
        if len(same) != 1:
            raise Problem(code, **{"count": len(same), **arguments})
        return same[0]

    @api.model
    def _is_same_money(self, element, item):
        """Whether a payment in Xero is the one that `element` would make: document, amount, nearly the same day."""
        day = element["Date"]
        day = values.parse_date(day) if isinstance(day, str) else day
        return (
            item.get("Status") == "AUTHORISED"
            and self._paid_document(item)[1] == self._paid_document(element)[1]
            and self._connection._same_money(decimal(element["Amount"]), decimal(item.get("Amount")))
            and abs(values.parse_date(item.get("Date")) - day) <= timedelta(days=DAYS_APART)
        )

    @api.model
    def _gone_problem(self, link):
        return Problem("document_gone", xero_id=link.xero_id or "")


# === HELPERS === #


def is_taxed(line):
    """Whether a written-off line takes tax back, or is that tax."""
    return bool(line.tax_ids or line.tax_line_id)
