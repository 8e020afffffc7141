"""What was changed in Odoo and in Xero since it was sent: a rule decides, never the clock (RUL-14)."""

from odoo import api, models
from odoo.fields import Domain

from .. import values
from .amounts import decimal
from .contact import SENT_AS
from .contact_pull import FIELD_OF, PERSONS, POSTAL
from .document import day_of
from .problem import Problem
from .statuses import GONE

AMOUNTS = ("LineAmount", "TaxAmount")
# Data sets whose links, of the part of a document, settle it in Xero.
SETTLING = ("payment", "credit_allocation", "discount_allocation")
FEW = 5  # elements that are read one by one where no list finds them
FIRST_PAGE = {"page": 1, "pageSize": 100}
TEXTS = ("Description", "AccountCode", "TaxType")


class XeroDataset(models.AbstractModel):
    """Whatever has a fingerprint of what people can edit in Xero is compared before it is overwritten."""

    _inherit = "xero.dataset"

    @api.model
    def _read_answer(self, item):
        # EXTENDS xero.dataset: payments and approvals are no edits
        answer = super()._read_answer(item)
        if edited := self._editable(item):
            answer["xero_print"] = values.fingerprint(edited)
        return answer

    @api.model
    def _editable(self, item):
        """What people can edit of an element in Xero, empty when the answer does not hold it."""
        return {}

    @api.model
    def _editable_lines(self, lines):
        """The same of its lines; prices are left out, they come with two decimals or with four."""
        return [
            {
                **{name: line.get(name) or "" for name in TEXTS},
                **{name: str(decimal(line.get(name))) for name in AMOUNTS},
                "Tracking": sorted(f"{part.get('Name')}={part.get('Option')}" for part in line.get("Tracking") or []),
            }
            for line in lines
        ]

    @api.model
    def _current_queries(self, links):
        """Query parameters that read what an update of `links` would overwrite: an import may be an hour old.

        Like those of :meth:`~.dataset.XeroDataset._conflict_queries`; none: nothing has to be read.
        """
        known = links.mapped("value_prints" if self._by_value else "sent_print")
        if self._whose_counts() == "odoo" or not any(known):
            return []
        return self._queries_of(links.mapped("xero_id"))

    @api.model
    def _whose_counts(self):
        """Whose version counts of what both sides have changed: ``odoo``, ``xero``, or ``ask`` somebody."""
        connection = self._connection
        if not self._by_value:
            return connection.document_owner
        return "odoo" if connection[self._direction] == "push" else connection.contact_owner

    @api.model
    def _queries_of(self, xero_ids):
        """Query parameters that read these elements with their lines; of many only what an import has told is known."""
        return [{"path": f"{self._xero_path}/{xero_id}"} for xero_id in xero_ids] if len(xero_ids) <= FEW else []

    @api.model
    def _learned(self, record, link, item):
        """What `item`, read before an update of `record` leaves, tells that nobody knew: values of the link.

        A Problem where that alone decides that the update must not leave.
        """
        if self._by_value:
            prints, known = self._value_prints(item), link.value_prints or {}
            names = {name for name in self._overwritten(record, item) if known.get(name, prints[name]) != prints[name]}
            return self._kept(record, names) if names else {}
        read = self._read_answer(item)
        edited = read.get("xero_print", link.xero_print) != link.xero_print or read["xero_status"] != link.xero_status
        # What was changed here is still to be sent, or to be told that it cannot be.
        return {**read, "changed": True} if link.sent_print and edited else {}

    @api.model
    def _overwritten(self, record, item):
        """Names of the values of `item`, as `_value_prints` has them, that an update of `record` would overwrite."""
        return set()

    @api.model
    def _kept(self, record, names):
        """The Problem that these values were edited in Xero, and `record` in Odoo."""
        if self._whose_counts() == "xero":
            return Problem("kept_xero", state="skipped", document=record.display_name)
        return self._both_changed_problem(record, names)

    @api.model
    def _check_both_sides(self, record, link):
        """Raise a Problem when an update of `record` would overwrite what somebody changed in Xero."""
        edited = link.sent_print and link.xero_print and link.sent_print != link.xero_print
        owner = self._connection.document_owner
        if edited and owner == "xero":
            raise Problem("kept_xero", state="skipped", document=record.display_name)
        if edited and owner == "ask":
            raise Problem("changed_on_both_sides", state="held", document=record.display_name)


class XeroDatasetDocument(models.AbstractModel):
    _inherit = "xero.dataset.document"

    @api.model
    def _check_both_sides(self, record, link):
        # EXTENDS xero.dataset: what is paid or used binds a document in Xero, whoever has changed what (INV-09)
        if link.xero_id and self._settled_in_xero(record, link):
            raise Problem("settled_in_xero", state="held", document=record.display_name)
        return super()._check_both_sides(record, link)

    @api.model
    def _settled_in_xero(self, record, link):
        """Whether a part of `record` is paid or credited in Xero, as far as an import or our own payments tell."""
        figures = link.figures or {}
        if figures.get("AmountPaid") or figures.get("AmountCredited"):
            return True
        of_it = self.env["xero.link"]._parts_domain(record)
        uses = [("dataset", "=", "credit_allocation"), ("model", "=", record._name), ("res_id", "=", record.id)]
        there = [("tenant_id", "=", link.tenant_id), ("xero_id", "!=", False), ("xero_status", "not in", GONE)]
        domain = Domain(there) & (Domain("dataset", "in", SETTLING) & of_it | Domain(uses))
        return bool(self.env["xero.link"].search_count(domain, limit=1))

    @api.model
    def _editable(self, item):
        # OVERRIDE xero.dataset
        if not item.get("LineItems"):
            return {}
        return {
            "number": item.get(self._number_field) or "",
            "reference": item.get("Reference") or "",
            "day": day_of(item),
            "due": (item.get("DueDateString") or item.get("DueDate") or "")[:10],
            "contact": (item.get("Contact") or {}).get("ContactID") or "",
            "mode": item.get("LineAmountTypes") or "",
            "lines": self._editable_lines(item["LineItems"]),
        }


class XeroDatasetManualJournal(models.AbstractModel):
    _inherit = "xero.dataset.manual_journal"

    @api.model
    def _editable(self, item):
        # OVERRIDE xero.dataset
        if not item.get("JournalLines"):
            return {}
        return {
            "narration": item.get("Narration") or "",
            "day": values.parse_date(item.get("Date")),
            "mode": item.get("LineAmountTypes") or "",
            "lines": self._editable_lines(item["JournalLines"]),
        }

    @api.model
    def _queries_of(self, xero_ids):
        # OVERRIDE xero.dataset
        return [{**_where("ManualJournalID", xero_ids), **FIRST_PAGE}]


class XeroDatasetInvoice(models.AbstractModel):
    _inherit = "xero.dataset.invoice"

    @api.model
    def _queries_of(self, xero_ids):
        # OVERRIDE xero.dataset: only pages have lines
        return [_by_ids(xero_ids)]


class XeroDatasetCreditNote(models.AbstractModel):
    _inherit = "xero.dataset.credit_note"

    @api.model
    def _queries_of(self, xero_ids):
        # OVERRIDE xero.dataset: this list has no filter by ids
        return [{**_where("CreditNoteID", xero_ids), **FIRST_PAGE}]


class XeroDatasetContact(models.AbstractModel):
    _inherit = "xero.dataset.contact"

    @api.model
    def _queries_of(self, xero_ids):
        # OVERRIDE xero.dataset: only pages have persons
        return [{**_by_ids(xero_ids), **self._pull_params()}]

    @api.model
    def _overwritten(self, record, item):
        # OVERRIDE xero.dataset
        names = set(self._differing(record, self._prepare_vals(item)))
        if any(self._differing(self._postal(record), place) for place in self._prepare_postal(item)):
            names.add(POSTAL)
        if self._persons(record)[0] and self._missing_persons(record, item):
            names.add(PERSONS)
        # What does not travel is not overwritten, or Odoo's own; Xero alone knows the terms.
        travels = {"name", PERSONS, *SENT_AS} - self._connection._closed_fields("to_xero")
        travels -= self._connection._closed_fields("from_xero")
        return {name for name in names if FIELD_OF.get(name, name) in travels}

    @api.model
    def _labels(self, record, names):
        # OVERRIDE xero.dataset: as the field rules call them, and what these do not have as Odoo does
        labels = dict(self.env["xero.field.rule"]._fields["field"]._description_selection(self.env))
        own = {name: field._description_string(self.env) for name, field in record._fields.items() if name in names}
        return {labels.get(FIELD_OF.get(name, name)) or own[name] for name in names}


class XeroDatasetItem(models.AbstractModel):
    _inherit = "xero.dataset.item"

    @api.model
    def _queries_of(self, xero_ids):
        # OVERRIDE xero.dataset: this list has neither pages nor a filter by ids
        return [{**_where("ItemID", xero_ids), **self._pull_params()}]

    @api.model
    def _overwritten(self, record, item):
        # OVERRIDE xero.dataset
        unsent = {"name"} if self._connection.item_name_policy == "legacy" else set()
        return self._news(record, item).keys() - unsent


# === HELPERS === #


def _by_ids(xero_ids):
    """Query parameters of a list that has a filter by ids."""
    return {"IDs": ",".join(xero_ids), **FIRST_PAGE}


def _where(name, xero_ids):
    """Query parameters of a list that has none."""
    return {"where": " OR ".join(f'{name}==Guid("{xero_id}")' for xero_id in xero_ids)}
