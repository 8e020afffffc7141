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
    rows = _filtered(call) if kind is INVOICE else None
    # Voided and deleted ones come with their status when filtered or modified (facts, 2.4).
    plain = rows is None and call.since is None and "where" not in call.args
    rows, extra = query.select(
        call, kind.rows(call.org), rows, shown=plain, extra_fields=_extra_fields,
        paged=True if kind is INVOICE and call.values("Statuses") else None)
    places, summary = call.unit_places, kind is INVOICE and call.flag("summaryOnly")
    return {**extra, kind.plural: [
        render.document(call.org, row, places, lines=bool(extra), summary=summary)
        for row in rows]}


def _filtered(call):
    """The rows that the filters of Invoices leave, None without any filter."""
    ids, contact_ids = call.ids("IDs"), call.ids("ContactIDs")
    table, term = call.org.invoices, (call.args.get("searchTerm") or "").casefold()
    tests = []
    for values, field in ((call.values("InvoiceNumbers"), "InvoiceNumber"),
                          (contact_ids, "contact_id"), (call.values("Statuses"), "Status")):
        if values is not None:
            tests.append(lambda row, values=values, field=field: row[field] in values)
    if call.flag("createdByMyApp"):
        tests.append(lambda row: row["app"] == call.app)
    if term:
        tests.append(lambda row: term in row["InvoiceNumber"].casefold()
                     or term in row["Reference"].casefold())
    if ids is None and not tests:
        return None
    if ids is not None:
        rows = [row for row in map(table.get, ids) if row]
    elif contact_ids is not None:
        rows = [row for key in contact_ids for row in table.group("contact", key)]
    else:
        rows = table
    return [row for row in rows if all(test(row) for test in tests)]


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
