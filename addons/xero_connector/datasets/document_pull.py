"""What became in Xero of documents and entries that are linked (B24): status, and differences for people."""

from odoo import api, models

from .amounts import decimal
from .figures import DIFFERING
from .problem import Problem
from .pulled import Result
from .statuses import GONE


class XeroDatasetDocumentCheck(models.AbstractModel):
    """What all of them share: nothing is made in Odoo, the status follows, differences are said."""

    _inherit = "xero.dataset.document.check"

    _paged = True
    _knows_changes = True
    _hides_deleted = True
    _block = 200
    _pull_codes = DIFFERING

    # === HOOKS === #

    @api.model
    def _take_in_unknown(self, items):
        # EXTENDS xero.dataset: documents are never made in Odoo (XQ-08); Adopt links existing ones
        return [Result(item, "skipped", reason="only_in_xero") for item in items]

    @api.model
    def _take_in_linked(self, item, link, record):
        if link.state in ("sending", "in_doubt"):
            # Our own change is on its way; its answer says more than this page.
            return Result(item, "unchanged", link=link, values={"pull_hash": False})
        status = item.get("Status")
        if status in GONE:
            return self._take_in_gone(item, link, record, status)
        disagreement = self._disagreement(item, link, record) if link.state == "synced" else None
        difference = disagreement.arguments if disagreement else False
        values = {"figures": _owed(item)}
        if not link.booked:
            values["booked"] = self._booked(item)
        if not link.line_ids:  # linked by somebody, or before its lines were kept
            values["line_ids"] = self._line_ids(record, item)
        problem = disagreement or self._other_problem(item, record)
        if link.state == "synced":
            values |= {"difference": difference, "reason": disagreement.code if disagreement else False}
        changed = status != link.xero_status or bool(difference) != bool(link.difference)
        notes = [("status_in_xero", {"status": status})] if status != link.xero_status else []
        return Result(
            item, "updated" if changed else "unchanged", link=link, problem=problem, values=values, notes=notes
        )

    @api.model
    def _disagreement(self, item, link, record):
        """The Problem that both sides differ: in figures, or in where they are booked; ``None`` when they agree."""
        if difference := self._compare(self._figures(record, link), item):
            return Problem("totals_differ", **difference)
        moved = self._moved(link, item)
        return Problem("booked_differently", **moved) if moved else None

    @api.model
    def _other_problem(self, item, record):
        """What else people have to know of the element of a linked record, as a Problem or ``None``."""
        return None

    @api.model
    def _take_in_gone(self, item, link, record, status):
        """Voided or deleted in Xero: nothing happens in Odoo by itself, somebody decides."""
        problem = None
        if record.state == self._confirmed_state and link.state != "excluded":
            problem = self._problem_of_gone(record, status)
        kind = "updated" if status != link.xero_status else "unchanged"
        return Result(item, kind, link=link, problem=problem, values={"difference": False})

    @api.model
    def _problem_of_gone(self, record, status):
        """The Problem when Xero has voided or deleted a record that counts in Odoo."""
        return Problem("gone_in_xero", document=record.display_name, status=status)


class XeroDatasetDocument(models.AbstractModel):
    _inherit = "xero.dataset.document"

    _every = 30

    @api.model
    def _pull_params(self):
        # EXTENDS xero.dataset
        return {"unitdp": 4}

    @api.model
    def _title(self, item):
        # EXTENDS xero.dataset
        return item.get(self._number_field) or item[self._xero_id]

    @api.model
    def _take_in(self, items, links):
        # EXTENDS xero.dataset: payments wait until their document is approved (B23)
        approved = [
            link.res_id
            for item in items
            if (link := links.get(item[self._xero_id]))
            and link.xero_status in ("DRAFT", "SUBMITTED")
            and item.get("Status") == "AUTHORISED"
        ]
        results = super()._take_in(items, links)
        self._connection._release_payments(approved)
        if any(result.problem and result.problem.code == "credited_in_xero" for result in results):
            self._connection._pull_credits()
        return results

    @api.model
    def _other_problem(self, item, record):
        # EXTENDS xero.dataset.document.check: credit or prepaid money that settles the document in Xero, not in Odoo
        credited = decimal(item.get("AmountCredited"))
        if not credited or record.state != "posted":
            return None
        settled = decimal(abs(record.amount_total)) - decimal(abs(record.amount_residual))
        credited_here = settled - self._paid_here(record)
        if credited <= max(credited_here, 0):
            return None
        return Problem(
            "credited_in_xero",
            document=record.display_name,
            amount=str(credited - max(credited_here, 0)),
            currency=record.currency_id.name,
        )

    @api.model
    def _paid_here(self, record):
        """What payments have settled, in the document's currency; prepaid money counts as credit, as in Xero."""
        lines, paid = record.line_ids, decimal(0)
        for partials, ours, theirs in (
            (lines.matched_debit_ids, "credit", "debit"),
            (lines.matched_credit_ids, "debit", "credit"),
        ):
            for partial in partials:
                entry = partial[f"{theirs}_move_id"].move_id
                payment = entry.origin_payment_id
                if entry.statement_line_id or payment and not payment._xero_is_prepaid():
                    paid += decimal(partial[f"{ours}_amount_currency"]) - self._discount_in_xero(payment, record)
        return paid

    @api.model
    def _discount_in_xero(self, payment, record):
        """What of `payment` is a credit note in Xero (B20)."""
        links = payment.xero_link_ids.filtered(
            lambda link: link.dataset == "discount" and link.part == f"account.move,{record.id}"
        )
        sent = links.filtered(lambda link: link.xero_id and link.tenant_id == self._connection.tenant_id)
        return sum((decimal(link.xero_total) for link in sent), decimal(0))


def _owed(item):
    """What is paid and due in Xero, in the document's currency."""
    names = ("AmountDue", "AmountPaid", "AmountCredited", "RemainingCredit")
    return {name: float(item[name]) for name in names if item.get(name) is not None}
