"""What people do in Xero's own screens, behind the connector's back.

``{"action": "edit", "invoice": id, "values": {...}}`` and so on; see ``ACTIONS``. The same
rules as in the API hold (states, locks), except that a person may remove a reconciled payment.
"""

from types import SimpleNamespace

from .documents import save
from .documents.kinds import CREDIT_NOTE, INVOICE
from .endpoints import payments
from .wire import parse_day

UI = "xero-ui"


def act(org, request):
    """Do ``request["action"]``; returns the row that changed, as it is stored.

    :raises KeyError: unknown action or record, missing argument; :raises Invalid: refused.
    """
    with org.transaction():
        return ACTIONS[request["action"]](org, request)


def edit(org, request):
    """{invoice | credit_note | contact: id, values: {field: value}}."""
    if "contact" in request:
        return _change(org, org.contacts, request["contact"], **request["values"])
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


def pay(org, request):
    """{invoice | credit_note: id, amount, account: code, date, reconciled?: bool}."""
    kind, row = _document(org, request)
    return payments.create(org, {
        "Invoice" if kind is INVOICE else "CreditNote": {kind.id_field: row[kind.id_field]},
        "Account": {"Code": request["account"]}, "Amount": request["amount"],
        "Date": request["date"], "IsReconciled": request.get("reconciled", False)})


def unpay(org, request):
    """{payment: id}: removes it, reconciled or not."""
    row = _row(org.payments, request["payment"])
    return payments.remove(org, {**row, "IsReconciled": False})


def archive(org, request):
    """{contact: id} or {account: code}."""
    if "contact" in request:
        return _change(org, org.contacts, request["contact"], ContactStatus="ARCHIVED")
    account = org.accounts.find("code", request["account"])
    return _change(org, org.accounts, account["AccountID"], Status="ARCHIVED")


def merge(org, request):
    """{contact: id, into: id}: documents move, the source is archived and points to the target."""
    source, target = (_row(org.contacts, request[key])["ContactID"] for key in ("contact", "into"))
    for kind in (INVOICE, CREDIT_NOTE):
        for row in [row for row in kind.rows(org) if row["contact_id"] == source]:
            _change(org, kind.rows(org), row[kind.id_field], contact_id=target)
    return _change(org, org.contacts, source, ContactStatus="ARCHIVED", MergedToContactID=target)


def lock(org, request):
    """{period?: date or null, end_of_year?: date or null}."""
    for key, field in (("period", "PeriodLockDate"), ("end_of_year", "EndOfYearLockDate")):
        if key in request:
            org.details[field] = request[key] and parse_day(request[key])
    return org.details


def rename(org, request):
    """{contact: id | account: code | tax_rate: TaxType | organisation: true, name}."""
    name = request["name"]
    if "contact" in request:
        return _change(org, org.contacts, request["contact"], Name=name)
    if "account" in request:
        account = org.accounts.find("code", request["account"])
        return _change(org, org.accounts, account["AccountID"], Name=name)
    if "tax_rate" in request:
        return org.tax_rates.put({**org.tax_rates.rows[request["tax_rate"]], "Name": name})
    org.details["Name"] = name
    return org.details


ACTIONS = {function.__name__: function for function in (
    edit, approve, void, delete, pay, unpay, archive, merge, lock, rename)}


def _save(org, request, values):
    kind, row = _document(org, request)
    call = SimpleNamespace(org=org, app=UI, unit_places=4)
    return save.save(call, kind, values, doc_id=row[kind.id_field])[0]


def _document(org, request):
    kind = INVOICE if "invoice" in request else CREDIT_NOTE
    key = request["invoice" if kind is INVOICE else "credit_note"]
    return kind, _row(kind.rows(org), key)


def _row(table, key):
    row = table.get(key)
    if row is None:
        raise KeyError(key)
    return row


def _change(org, table, key, **values):
    return table.put({**_row(table, key), **values, "updated": org.stamp()})
