"""Taking back what was sent: voided or deleted in Xero, by a status alone (books B14, B16; facts, section 3.4)."""

from odoo import api, models

from .. import values
from .problem import Problem
from .statuses import GONE

UNDER_WAY = ("queued", "running")  # states of a run
CHOSEN = "taken_back"  # reason of a link whose record a person has taken back in Xero, too


class XeroDataset(models.AbstractModel):
    """Hooks that all data sets have; by default nothing is taken back."""

    _inherit = "xero.dataset"

    _ends_cancelled = False  # whether the company may have what is cancelled in Odoo taken back
    _retired = {}  # {status in Xero: the status that takes the record back}

    @api.model
    def _retires(self, record, link):
        """Whether a push of `record` takes it back.

        The run of `link` undoes another one; or it was cancelled in Odoo, and the company or somebody wants that (B14).
        """
        run = link.run_id
        undone = bool(run.undoes_id) and run.state in UNDER_WAY
        wanted = self._ends_cancelled and (self._connection.on_cancel == "void" or link.reason == CHOSEN)
        return undone or wanted and record.state in self._undone_states and link._is_in_xero()

    @api.model
    def _check_retirement(self, record, link):
        """Raise a Problem when what `link` stands for has to stay in Xero; no API call."""
        if not self._retired:
            raise Problem("undo_stays", state="skipped")
        if link.xero_status in GONE:
            raise Problem("undo_gone", state="skipped", status=link.xero_status)
        if link.xero_status not in self._retired:
            raise Problem("undo_impossible", state="skipped", status=link.xero_status or "")

    @api.model
    def _prepare_retirement(self, link):
        """The element that takes `link` back; Xero keeps the record and its number."""
        return {self._xero_id: link.xero_id, "Status": self._retired[link.xero_status]}

    @api.model
    def _taken_back_with(self, links):
        """Links of what an undo takes back with `links`, whichever run has sent it."""
        return links.browse()

    @api.model
    def _comes_anew(self, record):
        """Whether `record`, which we have taken back in Xero, can go again: it has no number that is used up there."""
        return False

    @api.model
    def _is_final(self, element, item):
        """Whether an update has come to its end in Xero, so that sending it again would be refused."""
        return element.get("Status") in GONE and item.get("Status") == element["Status"]

    @api.model
    def _unlisted(self, element):
        """What stands for an update of `element` that Xero does not list, ``None`` where that tells nothing."""
        return None

    @api.model
    def _as_answer(self, element, item):
        """`item`, which was looked up and shows that an update by `element` was done, as its answer would have been."""
        return item

    @api.model
    def _state_after(self, item):
        """State of a link whose record Xero has taken, as it answers it; no schedule sends a retired one again.

        ``queued``: that was only a step, the next one follows in the same run.
        """
        return "excluded" if item.get("Status") in GONE else "synced"


class XeroDatasetDocumentCheck(models.AbstractModel):
    _inherit = "xero.dataset.document.check"

    @api.model
    def _check_not_locked(self, record):
        """Raise a Problem when `record` lies in a locked period: there nothing is taken back."""
        try:
            self._check_lock_dates(record)
        except Problem as locked:
            if record.state not in self._undone_states:
                raise
            raise Problem("cancelled_but_locked", state="outdated", document=record.name) from locked


class XeroDatasetDocument(models.AbstractModel):
    """Documents and orders are taken back also when they were cancelled in Odoo and the company wants it so."""

    _inherit = "xero.dataset.document"

    _ends_cancelled = True
    _retired = {"AUTHORISED": "VOIDED", "DRAFT": "DELETED", "SUBMITTED": "DELETED"}

    @api.model
    def _check_retirement(self, record, link):
        # EXTENDS xero.dataset
        if link.xero_status == "PAID" or self._settled_in_xero(record, link):
            code = "cancelled_but_paid" if record.state == "cancel" else "undo_paid"
            raise Problem(code, state="outdated", document=record.name)
        self._check_not_locked(record)
        return super()._check_retirement(record, link)


class XeroDatasetManualJournal(models.AbstractModel):
    _inherit = "xero.dataset.manual_journal"

    _ends_cancelled = True
    _retired = {"POSTED": "VOIDED", "DRAFT": "DELETED"}

    @api.model
    def _comes_anew(self, record):
        # OVERRIDE xero.dataset
        return record.state == "posted"

    @api.model
    def _check_retirement(self, record, link):
        # EXTENDS xero.dataset
        self._check_not_locked(record)
        return super()._check_retirement(record, link)


class XeroDatasetPayment(models.AbstractModel):
    """Operation deletePayment: one call for each payment."""

    _inherit = "xero.dataset.payment"

    _retired = {"AUTHORISED": "DELETED"}

    @api.model
    def _check_retirement(self, record, link):
        # EXTENDS xero.dataset.settlement
        result = super()._check_retirement(record, link)
        if (link.figures or {}).get("is_reconciled"):
            raise Problem("payment_reconciled_there", state="outdated", payment=record.name)
        return result

    @api.model
    def _request_path(self, link, payload):
        # EXTENDS xero.dataset
        if payload.get("Status") in GONE:
            return f"{self._xero_path}/{link.xero_id}"
        return super()._request_path(link, payload)

    @api.model
    def _content(self, body):
        # EXTENDS xero.dataset: PaymentDelete of the specification is the status alone
        element = values.loads(body)[self._xero_plural][0]
        if element.get("Status") in GONE:
            body = values.dumps({"Status": element["Status"]})
        return super()._content(body)
