"""One payment of several documents as one line of the bank's statement (books B20)."""

from odoo import api, models

from .. import values
from .amounts import ZERO, decimal
from .problem import Problem
from .statuses import GONE


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

    @api.model
    def _is_pulled(self):
        # OVERRIDE: the Payments of it are
        return False

    @api.model
    def _is_batch(self, payment):
        """Whether `payment` goes, or went, as one: plain cash in the organisation's currency for several documents.

        Where people enter payments on both sides each one is looked for before it is sent, and goes alone.
        """
        links = payment.xero_link_ids.filtered(lambda link: link.tenant_id == self._connection.tenant_id)
        if links.filtered(lambda link: link.dataset == self._key and link.xero_id):
            return True
        connection = self._connection
        if not connection.batch_payments or connection.payment_direction != "to_xero" or links.filtered("xero_id"):
            return False
        _liquidity, counterparts, write_offs = payment._seek_for_lines()
        if write_offs or not all(line.reconciled for line in counterparts):
            return False
        shares = self._shares(payment)
        documents = self.env["account.move"].union(*(share.document for share in shares))
        base = payment.company_id.currency_id
        currencies = documents.currency_id | payment.currency_id | (payment.journal_id.currency_id or base)
        kinds = set(documents.mapped("move_type"))
        return len(shares) > 1 and currencies == base and kinds in ({"out_invoice"}, {"in_invoice"})

    # === CHECK === #

    @api.model
    def _parts(self, records):
        # OVERRIDE
        return dict.fromkeys(records.ids, ("",))

    @api.model
    def _check_sent(self, record, link):
        # OVERRIDE
        sent = set((link.figures or {}).get("payments") or {})
        if sent != {share.document.xero_link_id.xero_id for share in self._shares(record)}:
            raise Problem("payment_changed", state="outdated", amount=str(self._total(record)))

    @api.model
    def _check_shares(self, record, link):
        # OVERRIDE
        if not self._is_batch(record):
            raise Problem("payment_unreconciled", state="excluded")
        self._account(self._shares(record)[0], record)

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
            "Reference": self._reference(record),
            "Payments": [{**self._prepare_target(share.document), "Amount": share.amount} for share in shares],
        }, []

    # === ANSWER === #

    @api.model
    def _read_answer(self, item):
        # EXTENDS xero.dataset.payment
        payments = {_invoice(part): part.get("PaymentID") for part in item.get("Payments") or []}
        return {
            **super()._read_answer(item),
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
            payment = self._browse(link.res_id)
            if link.xero_status in GONE:
                parts = self._part_links(payment).filtered("xero_id")
                parts.write({"xero_status": link.xero_status, "state": "excluded"})
            else:
                self._link_parts(payment, link)
        return super()._after_push(links)

    @api.model
    def _part_links(self, payment):
        tenant_id = self._connection.tenant_id
        return payment.xero_link_ids.filtered(lambda link: link.dataset == "payment" and link.tenant_id == tenant_id)

    @api.model
    def _link_parts(self, payment, link):
        known = {part.part: part for part in self._part_links(payment)}
        for share in self._shares(payment):
            payment_id = link.figures["payments"].get(share.document.xero_link_id.xero_id)
            values_of_part = {
                "xero_id": payment_id,
                "xero_status": link.xero_status,
                "xero_total": float(share.amount),
                "number": link.number,
                "state": "synced",
                "synced_at": link.synced_at,
            }
            if share.part in known:
                known[share.part].write(values_of_part)
            elif payment_id:
                link.copy({"dataset": "payment", "part": share.part, "figures": False, **values_of_part})

    # === LOOK-UP === #

    @api.model
    def _lookup_key(self, item):
        # OVERRIDE
        day = item.get("Date")
        payments = item.get("Payments") or []
        return (
            (item.get("Account") or {}).get("AccountID"),
            values.parse_date(day) if isinstance(day, str) else day,
            item.get("Reference") or "",
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
            batches = link.search(
                [
                    ("dataset", "=", "batch_payment"),
                    ("tenant_id", "=", link.tenant_id),
                    ("model", "=", link.model),
                    ("res_id", "=", link.res_id),
                ]
            )
            batches.write({"xero_status": item.get("Status"), "state": "excluded"})
        return result


def _invoice(payment):
    """Id of the document of a payment, as sent or as answered."""
    return (payment.get("Invoice") or {}).get("InvoiceID")
