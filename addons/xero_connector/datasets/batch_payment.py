"""One payment of several documents as one line of the bank's statement (books B20)."""

from odoo import api, models

from .. import values
from .amounts import ZERO, decimal
from .problem import Problem
from .statuses import BUSY_STATES, GONE, UNDER_WAY

DETAILS = 18  # characters


class XeroDatasetBatchPayment(models.AbstractModel):
    """Operations createBatchPayment, deleteBatchPaymentByUrlParam; getBatchPayments for what was lost.

    Xero makes a Payment of each document, and these get links of their own, as if they had been sent alone.
    """

    _name = "xero.dataset.batch_payment"
    _inherit = "xero.dataset.payment"
    _description = "Xero Batch Payments"

    _key = "batch_payment"
    _xero_path = "/BatchPayments"
    _xero_plural = "BatchPayments"
    _xero_id = "BatchPaymentID"
    _has_parts = False
    _paged = False
    _pull_sequence = None
    _adopt_sequence = None
    _looks_first = False
    _instead_of = ()

    @api.model
    def _is_pulled(self):
        # OVERRIDE: the Payments of it are
        return False

    @api.model
    def _is_batch(self, payment):
        """Whether `payment` goes, or went, as one: plain cash in the organisation's currency for several documents.

        Where people enter payments on both sides each one is looked for before it is sent, and goes alone.
        """
        connection = self._connection
        links = payment.xero_link_ids.filtered(lambda link: link.tenant_id == connection.tenant_id)
        # What Xero has, or may have, decides.
        tied = links.filtered(lambda link: link.xero_id or link.state in BUSY_STATES).mapped("dataset")
        if self._key in tied:
            return True
        if "payment" in tied or not connection.batch_payments or connection.payment_direction != "to_xero":
            return False
        _liquidity, counterparts, write_offs = payment._seek_for_lines()
        if write_offs or not all(line.reconciled for line in counterparts):
            return False
        shares = self._shares(payment)
        documents = self.env["account.move"].union(*(share.document for share in shares))
        base = payment.company_id.currency_id
        currencies = documents.currency_id | payment.currency_id | (payment.journal_id.currency_id or base)
        kinds = set(documents.mapped("move_type"))
        whole = sum((share.amount for share in shares), ZERO) == decimal(payment.amount)
        arriving = all(link.xero_id or link.state in UNDER_WAY for link in (move.xero_link_id for move in documents))
        return (
            len(shares) > 1 and whole and arriving and currencies == base and kinds in ({"out_invoice"}, {"in_invoice"})
        )

    # === CHECK === #

    @api.model
    def _parts(self, records):
        # OVERRIDE
        return dict.fromkeys(records.ids, ("",))

    @api.model
    def _check_sent(self, record, link):
        # OVERRIDE
        sent = {key: decimal(amount) for key, (_id, amount) in (link.figures or {}).get("payments", {}).items()}
        if sent != {share.document.xero_link_id.xero_id: share.amount for share in self._shares(record)}:
            raise Problem("payment_changed", state="outdated", amount=str(self._total(record)))
        self._check_unedited(record, link)

    @api.model
    def _check_shares(self, record, link):
        # OVERRIDE
        if not self._is_batch(record):
            raise Problem("payment_no_batch", state="held", payment=record.name)
        shares = self._shares(record)
        self._account(shares[0], record)
        for share in shares:
            self._check_counted(record, share)

    # === BUILD === #

    @api.model
    def _total(self, payment):
        return sum((share.amount for share in self._shares(payment)), ZERO)

    @api.model
    def _prepare_payload(self, record, link):
        # OVERRIDE
        shares = self._shares(record)
        return {
            "Account": {"AccountID": self._account(shares[0], record).xero_id},
            "Date": record.date,
            **self._text(record),
            "Payments": [{**self._prepare_target(share.document), "Amount": share.amount} for share in shares],
        }, []

    @api.model
    def _text(self, payment):
        """What the statement says; each country's banks have a field of their own."""
        text = self._reference(payment)
        if self._connection.country_code == "NZ":
            return {"Reference": text}
        return {"Details": text[:DETAILS]}

    # === ANSWER === #

    @api.model
    def _read_answer(self, item):
        # EXTENDS xero.dataset.payment
        payments = {
            _invoice(part): (part.get("PaymentID"), str(decimal(part.get("Amount"))))
            for part in item.get("Payments") or []
            if part.get("PaymentID")
        }
        return {
            **super()._read_answer(item),
            "number": item.get("Reference") or item.get("Details") or False,
            "xero_total": float(item.get("TotalAmount") or 0),
            "figures": {"is_reconciled": bool(item.get("IsReconciled")), "payments": payments},
        }

    @api.model
    def _figures(self, record, link):
        # OVERRIDE
        return {"amount": str(self._total(record)), "currency": record.currency_id.name}

    @api.model
    def _compare(self, figures, item):
        # OVERRIDE
        return super()._compare(figures, {**item, "Amount": item.get("TotalAmount")})

    @api.model
    def _after_push(self, links):
        # EXTENDS xero.dataset: what the parts are, so that they are known when they are read
        for link in links:
            parts = self._part_links(link)
            if link.xero_status in GONE:
                parts.filtered("xero_id").write({"xero_status": link.xero_status, "state": "excluded"})
            else:
                self._link_parts(link, parts)
        return super()._after_push(links)

    @api.model
    def _after_unchanged(self, links):
        # EXTENDS xero.dataset: its single payments are what they were, too
        for link in links:
            parts = self._part_links(link).filtered(lambda part: part.xero_id and part.state == "outdated")
            parts.write({"state": "synced", "reason": False})
            self.env["xero.exception"]._close(parts)
        return super()._after_unchanged(links)

    @api.model
    def _part_links(self, link):
        """Links of the single payments of the record of `link`."""
        domain = [("dataset", "=", "payment"), ("tenant_id", "=", link.tenant_id)]
        return link.search([*domain, ("model", "=", link.model), ("res_id", "=", link.res_id)])

    @api.model
    def _link_parts(self, link, parts):
        """Links of the payments that Xero has made, as its answer tells them, whatever Odoo's payment is by now."""
        made = link.figures["payments"]
        documents = link._holding(link.tenant_id, "invoice", list(made))
        known = {part.part: part for part in parts}
        for document in documents:
            payment_id, amount = made[document.xero_id]
            part = f"{document.model},{document.res_id}"
            values_of_part = {
                "xero_id": payment_id,
                "xero_status": link.xero_status,
                "xero_total": float(amount),
                "number": link.number,
                "state": "synced",
                "reason": False,
                "synced_at": link.synced_at,
            }
            if part in known:
                known[part].write(values_of_part)
            else:
                link.copy({"dataset": "payment", "part": part, "figures": False, **values_of_part})
        parts = self._part_links(link)
        self.env["xero.exception"]._close(parts.filtered("xero_id"))
        # What waited to go alone has gone with the others.
        parts.filtered(lambda part: not part.xero_id).unlink()

    # === LOOK-UP === #

    @api.model
    def _lookup_key(self, item):
        # OVERRIDE: not by its words, which not every country's Xero keeps
        day = item.get("Date")
        payments = item.get("Payments") or []
        return (
            (item.get("Account") or {}).get("AccountID"),
            values.parse_date(day) if isinstance(day, str) else day,
            frozenset((_invoice(part), decimal(part.get("Amount"))) for part in payments),
        )

    @api.model
    def _lookup_params(self, sent):
        # EXTENDS xero.dataset: the list has no pages
        days = {self._lookup_key(element)[1] for element in sent}
        return {"where": " OR ".join(f"Date==DateTime({day:%Y,%m,%d})" for day in sorted(days))}

    @api.model
    def _is_conflict(self, code):
        # OVERRIDE: only single payments can be somebody else's
        return False


class XeroDatasetPayment(models.AbstractModel):
    _inherit = "xero.dataset.payment"

    @api.model
    def _take_back(self, item, link):
        # EXTENDS xero.dataset.payment: Xero deletes a batch as a whole
        result = super()._take_back(item, link)
        if result.kind == "removed":
            payment = self.env[link.model].browse(link.res_id)
            batches = link._of(payment, self._connection, "batch_payment")
            batches.write({"xero_status": item.get("Status"), "state": "excluded"})
        return result

    @api.model
    def _batches_under_way(self, document):
        """Links of batches that Xero may count for `document`: what was sent tells, nothing else does yet."""
        batches, wanted = self.env["xero.link"], document.xero_link_id.xero_id
        sent = [("connection_id", "=", self._connection.id), ("dataset", "=", "batch_payment")]
        for request in self.env["xero.request"].search([*sent, ("state", "!=", "answered")]):
            elements = values.loads(request._body_bytes())["BatchPayments"]
            for detail, batch in zip(request.link_ids, elements, strict=True):
                if wanted in map(_invoice, batch.get("Payments") or ()):
                    batches |= batches.browse(detail["link"])
        return batches.exists()


def _invoice(payment):
    """Id of the document of a payment, as sent or as answered."""
    return (payment.get("Invoice") or {}).get("InvoiceID")
