"""Credit notes used for documents: what Odoo has reconciled is allocated in Xero."""

from odoo import api, models

from .. import values
from .amounts import decimal
from .document import day_of
from .periods import check_lock_dates
from .problem import Problem
from .statuses import GONE, WAITING


class XeroDatasetCreditAllocation(models.AbstractModel):
    """Operation createCreditNoteAllocation; the part of a link is the document that its credit note is used for."""

    _name = "xero.dataset.credit_allocation"
    _inherit = "xero.dataset"
    _description = "Xero Credit Note Allocations"

    _key = "credit_allocation"
    _xero_plural = "Allocations"
    _xero_id = "AllocationID"
    _odoo_model = "account.move"
    _sequence = 50
    _paged = False

    # === WHICH === #

    @api.model
    def _waiting(self, links):
        """Allocations that Xero does not have, and those that it has although Odoo has them no longer.

        :param links: links of documents that are in Xero, credit notes and others
        :return: list of ``(credit note id, part, company id)``
        """
        moves = self.env["account.move"].browse(links.mapped("res_id")).exists()
        reconciled = {pair for move in moves for pair in self._reconciled(move)}
        pairs = {
            (credit, document)
            for credit, document in reconciled
            if credit.xero_link_id.xero_id and document.xero_link_id.xero_id
        }
        credits = moves.filtered(_is_credit).union(*(credit for credit, _document in pairs))
        known = self.env["xero.link"].search(
            [
                ("tenant_id", "=", self._connection.tenant_id),
                ("dataset", "=", self._key),
                ("res_id", "in", credits.ids),
                ("xero_id", "!=", False),
            ]
        )
        sent = {(link.res_id, link.part) for link in known}
        asked = known.filtered(lambda link: link.res_id in moves.ids)
        undone = asked.filtered(lambda link: self._is_seen(link) and not self._is_kept(link))
        return [(link.res_id, link.part, link.company_id.id) for link in undone] + [
            (credit.id, _part(document), credit.company_id.id)
            for credit, document in sorted(pairs, key=lambda pair: (pair[0].id, pair[1].id))
            if (credit.id, _part(document)) not in sent and not self._is_there(credit, document)
        ]

    @api.model
    def _reconciled(self, move):
        """``(credit note, document)`` for everything that `move` is reconciled with."""
        lines = move.line_ids
        others = lines.matched_debit_ids.debit_move_id.move_id | lines.matched_credit_ids.credit_move_id.move_id
        for other in others.filtered(lambda other: other.is_invoice(include_receipts=True)):
            credit, document = (move, other) if _is_credit(move) else (other, move)
            if _is_credit(credit) and not _is_credit(document):
                yield credit, document

    @api.model
    def _is_kept(self, link):
        """Whether Odoo still uses the credit note of `link` for its document, with the same amount."""
        return self._amount_and_day(self._browse(link.res_id), self._document(link))[0] == decimal(link.xero_total)

    @api.model
    def _is_seen(self, link):
        """Whether Xero has that allocation, as far as imports and pushes have told."""
        seen = _seen(self._browse(link.res_id))
        return seen is None or self._document(link).xero_link_id.xero_id in seen

    @api.model
    def _is_there(self, credit, document):
        """Whether the last import has seen that allocation in Xero, wherever it was made."""
        theirs = decimal((_seen(credit) or {}).get(document.xero_link_id.xero_id))
        return bool(theirs) and theirs >= self._amount_and_day(credit, document)[0]

    @api.model
    def _amount_and_day(self, credit, document):
        """Amount in the document's currency, and the day when both were there."""
        partials = credit.line_ids.matched_debit_ids | credit.line_ids.matched_credit_ids
        amount, day = decimal(0), None
        for partial in partials:
            for mine, theirs in (("debit", "credit"), ("credit", "debit")):
                if partial[f"{mine}_move_id"].move_id == credit and partial[f"{theirs}_move_id"].move_id == document:
                    amount += decimal(partial[f"{theirs}_amount_currency"])
                    day = max(filter(None, (day, partial.max_date)))
        return amount, day

    # === PUSH === #

    @api.model
    def _check(self, record, link):
        document = self._document(link)
        amount, day = self._amount_and_day(record, document)
        if not amount:
            raise Problem("allocation_undone", state="outdated" if link.xero_id else "excluded", credit=record.name)
        names = {"credit": record.name, "document": document.name}
        if link.xero_id and amount != decimal(link.xero_total):
            raise Problem("allocation_changed", state="outdated", amount=str(amount), **names)
        if link.xero_id:
            raise Problem("payment_sent", state="unchanged")
        if record.currency_id != document.currency_id:
            raise Problem("allocation_currency", **names)
        if record.commercial_partner_id != document.commercial_partner_id:
            raise Problem("allocation_contact", **names)
        statuses = (record.xero_link_id.xero_status, document.xero_link_id.xero_status)
        if any(status in GONE for status in statuses):
            raise Problem("allocation_document_gone", **names)
        if any(status in WAITING for status in statuses):
            raise Problem("allocation_waits", state="held", **names)
        check_lock_dates(self._connection, day)

    @api.model
    def _document(self, link):
        return self.env["account.move"].browse(int(link.part.split(",")[1])).exists()

    @api.model
    def _prepare_payload(self, record, link):
        document = self._document(link)
        amount, day = self._amount_and_day(record, document)
        return {"Invoice": {"InvoiceID": document.xero_link_id.xero_id}, "Amount": amount, "Date": day}, []

    @api.model
    def _request_path(self, link, payload):
        # EXTENDS xero.dataset: the allocations of one credit note go together
        return f"/CreditNotes/{self._credit_id(link)}/Allocations?{self._write_query}"

    @api.model
    def _credit_id(self, link):
        """Id of the credit note in Xero."""
        return self._browse(link.res_id).xero_link_id.xero_id

    @api.model
    def _lookup_key(self, item):
        day = day_of(item)
        if not day[:4].isdigit():
            day = str(values.parse_date(item.get("Date")) or "")
        return (item.get("Invoice") or {}).get("InvoiceID"), decimal(item.get("Amount")), day

    @api.model
    def _read_answer(self, item):
        return {"xero_id": item.get(self._xero_id), "xero_total": float(decimal(item.get("Amount")))}

    # === LOOK-UP === #

    @api.model
    def _list_path(self, path):
        # EXTENDS xero.dataset: the credit note tells what it was used for
        return path.split("/Allocations", 1)[0]

    @api.model
    def _listed(self, answer):
        # EXTENDS xero.dataset
        credits = answer.rows("CreditNotes", "CreditNoteID")
        return [part for credit in credits for part in credit.get("Allocations") or []]

    @api.model
    def _after_push(self, links):
        # EXTENDS xero.dataset: what the last import has not seen yet
        for link in links:
            credit = self._browse(link.res_id)
            if (seen := _seen(credit)) is not None:
                told = {self._document(link).xero_link_id.xero_id: link.xero_total}
                figures = credit.xero_link_id.figures
                credit.xero_link_id.figures = {**figures, "allocations": {**seen, **told}}
        return super()._after_push(links)

    @api.model
    def _gone_problem(self, link):
        return Problem("document_gone", xero_id=link.xero_id or "")


class XeroDatasetDocument(models.AbstractModel):
    _inherit = "xero.dataset.document"

    @api.model
    def _followers(self, links):
        # EXTENDS xero.dataset: a credit note finds its documents, a document its credit notes
        followers = super()._followers(links)
        if waiting := self._connection._dataset("credit_allocation")._waiting(links):
            followers["credit_allocation"] = waiting
        return followers


# === HELPERS === #


def _is_credit(move):
    return move.move_type in ("out_refund", "in_refund")


def _seen(credit):
    """``{id of a document in Xero: amount}`` that Xero has allocated, as far as it was told; ``None`` before that."""
    return (credit.xero_link_id.figures or {}).get("allocations")


def _part(document):
    return f"account.move,{document.id}"
