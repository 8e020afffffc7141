"""Journal entries: Xero's manual journals, how they are built and read back."""

from collections import defaultdict

from odoo import api, models
from odoo.tools.translate import LazyTranslate

from .. import values
from . import amounts
from .amounts import ZERO, Decimal, decimal
from .document import TEXT
from .figures import difference
from .problem import Problem
from .statuses import GONE

NARRATION = 1000
_lt = LazyTranslate(__name__)
STATUSES = {"draft": "DRAFT", "posted": "POSTED"}
IN_XERO = (*STATUSES.values(), "ARCHIVED", *GONE)


class XeroDatasetManualJournal(models.AbstractModel):
    """Operations createManualJournals, updateOrCreateManualJournals, getManualJournals, getManualJournal."""

    _name = "xero.dataset.manual_journal"
    _inherit = "xero.dataset.manual_journal.check"
    _description = "Xero Manual Journals"

    _key = "manual_journal"
    _xero_path = "/ManualJournals"
    _xero_plural = "ManualJournals"
    _xero_id = "ManualJournalID"
    _odoo_model = "account.move"
    _sequence = 60
    _kinds = {
        "manual_journal": (
            _lt("Journal entries"),
            [("move_type", "=", "entry"), ("journal_id.xero_send_entries", "=", True)],
        ),
    }
    _unhashed = ("Status",)
    _scope = "accounting.manualjournals"
    _pull_sequence = 100
    _only_sent = True

    @api.model
    def _prefetch(self, records):
        records.fetch(["name", "ref", "state", "move_type", "date", "journal_id", "currency_id", "line_ids"])
        records.line_ids.fetch(
            ["display_type", "account_id", "tax_ids", "balance", "currency_id", "name", "tax_repartition_line_id"]
        )

    @api.model
    def _is_readable(self, item):
        # EXTENDS xero.dataset
        return item.get("Narration", "") is not None and item.get("Status") in IN_XERO

    @api.model
    def _status(self, record):
        choice = STATUSES.get(self._connection.push_status_manual_journal)
        return choice if record.state == "posted" or not choice else "DRAFT"

    # === BUILD === #

    @api.model
    def _prepare_payload(self, record, link):
        lines = self._amount_lines(record)
        payload = {
            "Narration": self._narration(record),
            "Date": self._date(record),
            # Every line says its TaxType, "no tax" too (B4); NoTax would leave that out of the tax return.
            "LineAmountTypes": amounts.EXCLUSIVE,
            "JournalLines": [self._journal_line(record, line) for line in lines],
        }
        if url := self._connection._record_url(record):
            payload["Url"] = url
        if link.xero_id and link.xero_status == "DRAFT" and self._status(record) == "POSTED":
            payload["Status"] = "POSTED"
        return payload, [line.source for line in lines]

    @api.model
    def _narration(self, record):
        """The name of the entry first: it is what people, and a look-up without Url, find it by."""
        return " - ".join(part for part in (self._own_number(record), record.ref) if part)[:NARRATION]

    @api.model
    def _journal_line(self, record, line):
        """JournalLine of an :class:`~.amounts.Line`; it has no TaxAmount, Xero computes that itself."""
        aml, account = line.extra["aml"], line.extra["account"]
        item = {
            "Description": (aml.name or record.ref or self._own_number(record))[:TEXT],
            "LineAmount": line.amount,
            "TaxType": line.tax_type,
            **self._account_item(account, aml),
        }
        if tracking := self._tracking_items(line.extra["tracking"]):
            item["Tracking"] = tracking
        return item

    @api.model
    def _with_identity(self, payload, link, record, sources):
        payload = super()._with_identity(payload, link, record, sources)
        if not link.xero_id:
            return {**payload, "Status": self._status(record)}
        # Whether an update without a Status keeps it is not documented. Of a draft none is sent: somebody
        # may have posted it in Xero meanwhile, and that cannot be taken back.
        return {**payload, "Status": "POSTED"} if link.xero_status == "POSTED" else payload

    @api.model
    def _notes(self, record):
        # EXTENDS xero.dataset
        notes = super()._notes(record)
        accounts = self._direct_postings(record)
        if accounts:
            notes.append(("tax_account_direct", {"account": ", ".join(accounts.mapped("display_name"))}))
        return notes

    @api.model
    def _amount(self, record):
        return abs(record.amount_total_signed) if record else 0.0

    # === ANSWER === #

    @api.model
    def _read_answer(self, item):
        found = _found(item)
        return {**super()._read_answer(item), "xero_total": float(_debits(found))}

    @api.model
    def _figures(self, record, link):
        figures = defaultdict(lambda: ZERO)
        for line in self._booked_lines(record):
            if not line.tax_repartition_line_id:
                account = line.account_id.xero_account_id
                label = (account.code or account.xero_id) if account else self._line_account_code(line)
                figures[f"account {label}"] += decimal(line.balance)
        for kind, tax in self._expected_taxes(record).items():
            figures[f"tax {kind}".strip()] += tax
        return {"currency": record.company_id.currency_id.name, **{name: str(value) for name, value in figures.items()}}

    @api.model
    def _compare(self, figures, item):
        if not item.get("JournalLines"):
            return None
        return difference(*self._both_sides(figures, item), figures.get("currency", ""), _debits)

    @api.model
    def _both_sides(self, figures, item):
        """Odoo's `figures` and those of the lines of `item`: two ``{name: Decimal}``."""
        ours = {name: Decimal(text) for name, text in figures.items() if name != "currency"}
        found = _found(item)
        if "tax" in ours:  # several taxes on a line: only their sum can be told
            taxes = [name for name in found if name.startswith("tax ")]
            found["tax"] = sum((found.pop(name) for name in taxes), ZERO)
        return ours, found

    # === PULL === #

    @api.model
    def _title(self, item):
        # EXTENDS xero.dataset
        return item.get("Narration") or item[self._xero_id]

    # === LOOK-UP === #

    @api.model
    def _lookup_key(self, item):
        return item.get("Url") or item.get("Narration")

    @api.model
    def _could_be(self, element, item):
        same_day = values.parse_date(item.get("Date")) == values.parse_date(element["Date"])
        return same_day and item.get("Status") not in GONE

    @api.model
    def _choose(self, record, link, items, code, arguments):
        raise Problem("several_candidates", count=len(items))

    @api.model
    def _describe(self, item):
        # EXTENDS xero.dataset
        day = values.parse_date(item.get("Date"))
        return {"name": item.get("Narration"), "date": str(day or ""), "status": item.get("Status")}

    @api.model
    def _gone_problem(self, link):
        return Problem("document_gone", xero_id=link.xero_id or "")


# === HELPERS === #


def _found(item):
    """What a journal of Xero's books: net per account and tax per TaxType, debit positive."""
    found = defaultdict(lambda: ZERO)
    inclusive = item.get("LineAmountTypes") == amounts.INCLUSIVE
    for line in item.get("JournalLines") or []:
        amount, tax = decimal(line.get("LineAmount")), decimal(line.get("TaxAmount"))
        label = line.get("AccountCode") or line.get("AccountID")
        found[f"account {label}"] += amount - tax if inclusive else amount
        found[f"tax {line.get('TaxType')}"] += tax
    return found


def _debits(figures):
    return sum((value for value in figures.values() if value > 0), ZERO)
