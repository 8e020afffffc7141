"""Invoices, bills and credit notes in Xero's own screens."""

from types import SimpleNamespace

from ..documents import save
from ..documents.kinds import CREDIT_NOTE, INVOICE
from ..wire import parse_day
from .rows import find

UI = "xero-ui"


def create(org, request):
    """{invoice | credit_note: element as in the API}."""
    kind = INVOICE if "invoice" in request else CREDIT_NOTE
    element = request["invoice" if kind is INVOICE else "credit_note"]
    return save.save(_call(org), kind, element, create_only=True)[0]


def edit(org, request):
    """{invoice | credit_note: id, values: {field: value}}."""
    return _save(org, request, request["values"])


def approve(org, request):
    """{invoice | credit_note: id}: to AUTHORISED."""
    return _save(org, request, {"Status": "AUTHORISED"})


def void(org, request):
    """{invoice | credit_note: id}."""
    return _save(org, request, {"Status": "VOIDED"})


def delete(org, request):
    """{invoice | credit_note: id}: a draft."""
    return _save(org, request, {"Status": "DELETED"})


def reschedule(org, request):
    """{invoice: id, due_date?, sent?: bool}; paid ones too, whose UpdatedDateUTC stays then."""
    row = find(org.invoices, request["invoice"])
    changes = {} if row["paid"] or row["credited"] else {"updated": org.stamp()}
    if "due_date" in request:
        changes["DueDate"] = parse_day(request["due_date"])
    if "sent" in request:
        changes["SentToContact"] = bool(request["sent"])
    return org.invoices.put({**row, **changes})


def document(org, request):
    """The kind and the row of the document that a request names."""
    kind = INVOICE if "invoice" in request else CREDIT_NOTE
    return kind, find(kind.rows(org), request["invoice" if kind is INVOICE else "credit_note"])


def _save(org, request, values):
    kind, row = document(org, request)
    return save.save(_call(org), kind, values, doc_id=row[kind.id_field])[0]


def _call(org):
    return SimpleNamespace(org=org, app=UI, unit_places=4)
