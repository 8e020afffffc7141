"""Invoices and bills (operations getInvoices, createInvoices, updateOrCreateInvoices,
getInvoice, updateInvoice) and credit notes, which behave alike."""

from .. import query
from ..documents import render, save
from ..documents.kinds import CREDIT_NOTE, INVOICE, outstanding
from ..errors import NotFound


def _find(call, kind, key):
    rows = kind.rows(call.org)
    row = rows.get(key) or rows.find("number", key)
    if row is None:
        raise NotFound
    return row


def _list(call, kind):
    rows = list(kind.rows(call.org))
    statuses = None
    if kind is INVOICE:
        rows, statuses = _filtered(call, rows)
    rows, extra = query.select(call, rows, kind.id_field, paged=bool(statuses),
                               extra_fields=_extra_fields)
    places, summary = call.unit_places, kind is INVOICE and call.flag("summaryOnly")
    return {**extra, kind.plural: [
        render.document(call.org, row, places, lines=bool(extra), summary=summary)
        for row in rows]}


def _filtered(call, rows):
    ids, numbers = call.ids("IDs"), call.values("InvoiceNumbers")
    contact_ids, statuses = call.ids("ContactIDs"), call.values("Statuses")
    if ids is not None:
        rows = [row for row in rows if row["InvoiceID"] in ids]
    if numbers is not None:
        rows = [row for row in rows if row["InvoiceNumber"] in numbers]
    if contact_ids is not None:
        rows = [row for row in rows if row["contact_id"] in contact_ids]
    if statuses is not None:
        rows = [row for row in rows if row["Status"] in statuses]
    if call.flag("createdByMyApp"):
        rows = [row for row in rows if row["app"] == call.app]
    term = (call.args.get("searchTerm") or "").casefold()
    if term:
        rows = [row for row in rows if term in row["InvoiceNumber"].casefold()
                or term in row["Reference"].casefold()]
    return rows, statuses


def _extra_fields(row, path):
    if path in ("AmountDue", "RemainingCredit"):
        return outstanding(row)
    raise KeyError(path)


def _get(call, kind, key):
    row = _find(call, kind, key)
    return {kind.plural: [render.document(
        call.org, row, call.unit_places, full_contact=True, single=True)]}


def _save_one(kind, create_only, doc_id=None):
    def save_one(call, element):
        row, warnings = save.save(call, kind, element, create_only, doc_id)
        return render.document(call.org, row, call.unit_places, full_contact=True,
                               single=True), warnings
    return save_one


def _write(call, kind, create_only):
    return call.batch(kind.plural, _save_one(kind, create_only), kind.id_field, "HasErrors")


def _update(call, kind, key):
    row = _find(call, kind, key)
    return call.batch(kind.plural, _save_one(kind, False, row[kind.id_field]), kind.id_field,
                      "HasErrors", single=True)


def _routes(kind):
    path, item = f"/{kind.plural}", f"/{kind.plural}/<{kind.id_field}>"
    return [
        ("GET", path, lambda call: _list(call, kind)),
        ("PUT", path, lambda call: _write(call, kind, True)),
        ("POST", path, lambda call: _write(call, kind, False)),
        ("GET", item, lambda call, **ids: _get(call, kind, ids[kind.id_field])),
        ("POST", item, lambda call, **ids: _update(call, kind, ids[kind.id_field])),
    ]


ROUTES = _routes(INVOICE) + _routes(CREDIT_NOTE)
