"""Credit that Xero uses for documents: Odoo reconciles the same two entries with the same amount."""

from collections import defaultdict

from odoo import api, models

from .amounts import decimal
from .problem import Problem

RECONCILABLE = ("asset_receivable", "liability_payable")


class XeroDatasetAllocation(models.AbstractModel):
    """What credit notes, overpayments and prepayments have in common (facts, section 3.3; books B20, B23)."""

    _name = "xero.dataset.allocation"
    _inherit = "xero.dataset"
    _description = "Xero Allocations"

    @api.model
    def _allocate(self, item, move, link):
        """Reconcile the entry of a credit with the linked documents that it was used for in Xero.

        It compares what is reconciled with what Xero says, so that it may run again at any time. What Xero has
        taken back is only undone where this has brought it in.

        :param item: the credit as Xero sent it, with its ``Allocations``
        :param move: its posted entry
        :param link: its link, possibly empty; its figures know what was allocated the last time
        :return: ``(link values, number of changes, Problem or None)``
        """
        wanted = defaultdict(lambda: decimal(0))
        for part in item.get("Allocations") or []:
            wanted[(part.get("Invoice") or {}).get("InvoiceID")] += decimal(part.get("Amount"))
        before = (link.figures or {}).get("allocations", {}) if link else {}
        documents = self._allocated_documents({*wanted, *before})
        problem, changes, settled = None, 0, []
        for invoice_id in sorted(filter(None, {*wanted, *before})):
            document = documents.get(invoice_id)
            if not document or document.state != "posted":
                continue
            amount, partials = decimal(wanted.get(invoice_id, 0)), self._partials(move, document)
            have = sum((self._amount_of(partial, document) for partial in partials), decimal(0))
            if have > amount and decimal(before.get(invoice_id, 0)) > amount:
                partials.unlink()
                have, changes = decimal(0), changes + 1
            if have < amount and (short := self._reconcile_amount(move, document, amount - have)):
                problem = problem or short
                continue
            changes += have < amount
            settled.append(invoice_id)
        self._close_credited(settled)
        allocations = {key: float(amount) for key, amount in wanted.items() if key}
        values = {"figures": {"allocations": allocations, "RemainingCredit": float(item.get("RemainingCredit") or 0)}}
        if any(invoice_id not in documents for invoice_id in allocations):
            # A document that is linked later has to find its credit.
            values["pull_hash"] = False
        return values, changes, problem

    @api.model
    def _allocated_documents(self, invoice_ids):
        """``{Xero id: account.move}`` of the linked documents."""
        links = self.env["xero.link"]._holding(self._connection.tenant_id, "invoice", invoice_ids)
        moves = self.env["account.move"].browse(links.mapped("res_id")).exists().grouped("id")
        return {link.xero_id: moves[link.res_id] for link in links if link.res_id in moves}

    @api.model
    def _open_lines(self, move):
        """Receivable and payable lines that are not settled yet, the earliest due first."""
        lines = move.line_ids.filtered(lambda line: line.account_type in RECONCILABLE and not line.reconciled)
        return lines.sorted(lambda line: (line.date_maturity or line.date, line.id))

    @api.model
    def _partials(self, move, document):
        """Reconciliations between two entries."""
        lines = move.line_ids
        return lines.matched_debit_ids.filtered(lambda row: row.debit_move_id.move_id == document) | (
            lines.matched_credit_ids.filtered(lambda row: row.credit_move_id.move_id == document)
        )

    @api.model
    def _amount_of(self, partial, document):
        """Amount of a reconciliation in the currency of `document`."""
        on_debit = partial.debit_move_id.move_id == document
        return decimal(partial.debit_amount_currency if on_debit else partial.credit_amount_currency)

    @api.model
    def _reconcile_amount(self, move, document, amount):
        """Reconcile `amount` (in the documents' currency) between two entries.

        :return: ``None`` when it is done, else the Problem: less is open, nothing was reconciled
        """
        ours, theirs = self._open_lines(move), self._open_lines(document)
        pairs = [(a, b) for a in ours for b in theirs if a.account_id == b.account_id and a.balance * b.balance < 0]
        left, plan, used = amount, [], defaultdict(lambda: decimal(0))
        for pair in pairs:
            free = min(abs(decimal(line.amount_residual_currency)) - used[line.id] for line in pair)
            part = min(left, free)
            if part > 0:
                plan.append((pair, part))
                left -= part
                for line in pair:
                    used[line.id] += part
        if left > 0:
            return Problem(
                "allocation_exceeds_residual",
                credit=move.display_name,
                document=document.display_name,
                amount=f"{amount:.2f}",
                residual=f"{amount - left:.2f}",
                currency=document.currency_id.name,
            )
        for (first, second), part in plan:
            lines = first | second
            lines.with_context(xero_reconcile=(lines.ids, float(part))).reconcile()
        return None

    @api.model
    def _close_credited(self, invoice_ids):
        """What the documents were missing is here now."""
        if not invoice_ids:
            return
        links = self.env["xero.link"]._holding(self._connection.tenant_id, "invoice", invoice_ids)
        self.env["xero.exception"]._close_code(links, "credited_in_xero")
