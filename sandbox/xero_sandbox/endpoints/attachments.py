"""Attachments of records (facts, sections 2.3 and 3.3 "Attachments"; operations
getInvoiceAttachments, getInvoiceAttachmentByFileName, createInvoiceAttachmentByFileName,
updateInvoiceAttachmentByFileName and those of the other resources).

Where the facts are silent the stricter holds: PUT needs a new name, POST one that is there and
gives the file a new id, an empty file or a closed record is refused.
"""

import base64
import uuid
from urllib.parse import quote

from ..errors import Invalid, NotFound, ValidationFailed
from ..files import File

TABLES = {"Invoices": "invoices", "CreditNotes": "credit_notes", "Contacts": "contacts",
          "BankTransactions": "bank_transactions", "ManualJournals": "manual_journals",
          "PurchaseOrders": "purchase_orders"}
ONLINE = ("Invoices", "CreditNotes")  # their customers may see files
MOST = 10
FORBIDDEN = set('<>:"/\\|?*+\0')
LONGEST = 255
CLOSED = ("VOIDED", "DELETED", "ARCHIVED")


def get_list(call, plural, key):
    """GET /{Endpoint}/{id}/Attachments."""
    return {"Attachments": [_answer(call, plural, row) for row in _files(call, plural, key)]}


def get_file(call, plural, key, name):
    """GET /{Endpoint}/{id}/Attachments/{FileName or AttachmentID}: the bytes."""
    for row in _files(call, plural, key):
        if name in (row["FileName"], row["AttachmentID"]):
            return File(base64.b64decode(row["content"]), row["MimeType"])
    raise NotFound


def put_file(call, plural, key, name):
    """PUT /{Endpoint}/{id}/Attachments/{FileName}: a new file."""
    files = _files(call, plural, key)

    def check():
        if any(row["FileName"].casefold() == name.casefold() for row in files):
            raise Invalid(f"An attachment with the file name {name} already exists.")
        if len(files) >= MOST:
            raise Invalid(f"A maximum of {MOST} attachments is allowed.")

    online = plural in ONLINE and call.flag("IncludeOnline")
    return _save(call, plural, key, name, online, check)


def post_file(call, plural, key, name):
    """POST /{Endpoint}/{id}/Attachments/{FileName}: other bytes for a file that is there."""
    old = next((row for row in _files(call, plural, key) if row["FileName"] == name), None)
    if old is None:
        raise NotFound
    return _save(call, plural, key, name, old["IncludeOnline"],
                 lambda: call.org.attachments.remove(old["AttachmentID"]))


def _save(call, plural, key, name, online, prepare):
    mime = (call.headers.get("Content-Type") or "").split(";")[0].strip()
    with call.org.transaction():
        try:
            _check(call, plural, key, name, mime)
            prepare()
        except Invalid as error:
            raise ValidationFailed([{"FileName": name, "ValidationErrors": [
                {"Message": message} for message in error.messages]}]) from None
        row = call.org.attachments.put({
            "AttachmentID": str(uuid.uuid4()), "owner": _owner(call, plural, key),
            "FileName": name, "MimeType": mime, "ContentLength": len(call.body),
            "IncludeOnline": online, "content": base64.b64encode(call.body).decode(),
            "updated": call.org.stamp()})
    return {"Attachments": [_answer(call, plural, row)]}


def _check(call, plural, key, name, mime):
    record = _record(call, plural, key)
    if FORBIDDEN & set(name) or len(name) > LONGEST or not name.strip():
        raise Invalid("The file name contains invalid characters or is too long.")
    if not call.body:
        raise Invalid("The file is empty.")
    if "/" not in mime or mime in ("application/json", "application/x-www-form-urlencoded"):
        raise Invalid("The Content-Type must be that of the file.")
    if (record.get("Status") or record.get("ContactStatus")) in CLOSED:
        raise Invalid("Attachments cannot be added to this document because of its status.")


def _record(call, plural, key):
    row = getattr(call.org, TABLES[plural]).get(key)
    if row is None:
        raise NotFound
    return row


def _owner(call, plural, key):
    return _record(call, plural, key)[_id_field(plural)]


def _files(call, plural, key):
    found = call.org.attachments.group("owner", _owner(call, plural, key))
    return sorted(found, key=lambda row: row["updated"])


def _answer(call, plural, row):
    answer = {key: row[key] for key in ("AttachmentID", "FileName", "MimeType", "ContentLength")}
    answer["Url"] = (f"https://api.xero.com/api.xro/2.0/{plural}/{row['owner']}/Attachments/"
                     f"{quote(row['FileName'], safe='')}")
    if plural in ONLINE:
        answer["IncludeOnline"] = row["IncludeOnline"]
    return answer


def _id_field(plural):
    return plural[:-1] + "ID"


def _routes(plural):
    id_field = _id_field(plural)
    path = f"/{plural}/<{id_field}>/Attachments"

    def bound(function):
        return lambda call, **ids: function(
            call, plural, ids[id_field], *([ids["FileName"]] if "FileName" in ids else []))

    return [("GET", path, bound(get_list)),
            *((method, f"{path}/<FileName>", bound(function)) for method, function in (
                ("GET", get_file), ("PUT", put_file), ("POST", post_file)))]


ROUTES = [route for plural in TABLES for route in _routes(plural)]
