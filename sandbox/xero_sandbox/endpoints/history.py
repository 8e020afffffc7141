"""History and notes of records (facts, section 3.3 "History"; operations getContactHistory,
createContactHistory and those of the other resources)."""

from datetime import datetime, timezone

from .. import fields, wire
from ..errors import Invalid, NotFound, ValidationFailed

MAX_DETAILS = 2500
TABLES = {"Contacts": "contacts", "Invoices": "invoices", "CreditNotes": "credit_notes",
          "Items": "items", "Payments": "payments", "BatchPayments": "batch_payments",
          "Overpayments": "overpayments", "Prepayments": "prepayments",
          "BankTransactions": "bank_transactions", "ManualJournals": "manual_journals",
          "PurchaseOrders": "purchase_orders"}
# The specification's own examples of these writes are refusals.
NO_NOTES = ("Payments", "Overpayments", "Prepayments")
NOT_FOUND = "The document with the supplied id was not found for this endpoint."


def get_history(call, plural, key):
    """GET /{Endpoint}/{id}/History: newest first."""
    row = _row(call, plural, key)
    entries = (call.org.history.get(row) or {"entries": []})["entries"]
    return {"HistoryRecords": [_answer(entry) for entry in reversed(entries)]}


def put_history(call, plural, key):
    """PUT /{Endpoint}/{id}/History: leave notes; nothing takes them away again."""
    record = _row(call, plural, key)
    elements = call.elements("HistoryRecords")
    answers, refused = [], []
    with call.org.transaction():
        for element in elements:
            try:
                answers.append(_note(call.org, plural, record, element))
            except Invalid as error:
                refused.append({**element, "ValidationErrors": [
                    {"Message": message} for message in error.messages]})
        if refused:
            raise ValidationFailed(refused)
    return {"HistoryRecords": answers}


def _note(org, plural, record, element):
    details = fields.text(element, "Details", MAX_DETAILS)
    if plural in NO_NOTES:
        raise Invalid(NOT_FOUND)
    if not (details or "").strip():
        raise Invalid("The Details field must be specified.")
    org.note(record, "Note", details)
    entry = org.history.get(record)["entries"][-1]
    return {**{key: value for key, value in _answer(entry).items()
               if key not in ("Changes", "User")}, "ValidationErrors": []}


def _row(call, plural, key):
    table = getattr(call.org, TABLES[plural])
    row = table.get(key)
    if row is None:
        raise NotFound
    return row[table.id_field]


def _answer(entry):
    moment = datetime.fromtimestamp(entry["at"] / 1000, timezone.utc)
    return {"Changes": entry["Changes"], "DateUTCString": moment.strftime("%Y-%m-%dT%H:%M:%S"),
            "DateUTC": wire.stamp_text(entry["at"]), "User": entry["User"],
            "Details": entry["Details"]}


def _routes(plural, id_field):
    path = f"/{plural}/<{id_field}>/History"
    return [("GET", path, lambda call, **ids: get_history(call, plural, ids[id_field])),
            ("PUT", path, lambda call, **ids: put_history(call, plural, ids[id_field]))]


ROUTES = [route for plural in TABLES for route in _routes(plural, plural[:-1] + "ID")]
