"""Batch payments of invoices or of bills (facts, section 3.3; operations getBatchPayments,
createBatchPayment, getBatchPayment, deleteBatchPayment, deleteBatchPaymentByUrlParam)."""

import uuid

from .. import fields, query, wire
from ..documents import pay, render
from ..documents.kinds import INVOICE, is_sale, kind_of, locate
from ..errors import Invalid, NotFound

TEXTS = {"Reference": 255, "Particulars": 12, "Code": 12, "Details": 18, "Narrative": 18}
# Which texts a country's banks know; the others are ignored.
ONLY_IN = {"Reference": "NZ", "Particulars": "NZ", "Code": "NZ", "Narrative": "UK"}


def get_batches(call):
    """GET /BatchPayments: not paged; deleted ones come when filtered or modified."""
    plain = call.since is None and "where" not in call.args
    rows, _extra = query.select(call, call.org.batch_payments, shown=plain, paged=False)
    return {"BatchPayments": [_answer(call.org, row) for row in rows]}


def get_batch(call, BatchPaymentID):
    """GET /BatchPayments/{BatchPaymentID}."""
    return {"BatchPayments": [_answer(call.org, _find(call, BatchPaymentID))]}


def put_batches(call):
    """PUT /BatchPayments: create, each with all its payments or not at all."""
    def save(call, element):
        return _answer(call.org, create(call.org, element)), []

    return _bare(call.batch("BatchPayments", save, "BatchPaymentID"))


def post_batch(call, BatchPaymentID=None):
    """POST /BatchPayments[/{BatchPaymentID}] with Status DELETED: delete the whole batch."""
    given = BatchPaymentID and _find(call, BatchPaymentID)

    def delete(call, element):
        row = given or _find(call, fields.guid(element, "BatchPaymentID"))
        if element.get("Status") != "DELETED" or set(element) - {"Status", "BatchPaymentID"}:
            raise Invalid("Only the Status of a batch payment can be changed, to DELETED.")
        return _answer(call.org, remove(call.org, row)), []

    return _bare(call.batch("BatchPayments", delete, "BatchPaymentID", single=True))


def create(org, element):
    """Create a batch and its payments from a request element; returns the batch row.

    :raises Invalid: with Xero's texts; :raises NotFound: unknown invoice id.
    """
    account = pay.bank_account(org, element, payments=False)
    if account is None:
        raise Invalid("Account type is invalid for making a payment to/from")
    date = fields.day(element, "Date")
    if date is None:
        raise Invalid("The Date field must be specified.")
    sent = fields.array(element, "Payments")
    if not sent:
        raise Invalid("A batch payment must contain at least one payment.")
    batch_id = str(uuid.uuid4())
    texts = {key: fields.text(element, key, limit) or "" for key, limit in TEXTS.items()
             if ONLY_IN.get(key, org.country) == org.country}
    # Each payment has the account and the date of the batch, whatever it says itself.
    own = {"Account": {"AccountID": account["AccountID"]}, "Date": element["Date"],
           "IsReconciled": False}
    rows = [pay.create(org, {**part, **own}, batch_id) for part in sent]
    documents = [locate(org, row["document_id"]) for row in rows]
    if any(kind_of(document) is not INVOICE for document in documents) or len(
            {is_sale(document) for document in documents}) > 1:
        raise Invalid("All payments in a batch must be for invoices or all must be for bills.")
    if len({document["CurrencyCode"] for document in documents}) > 1:
        raise Invalid("All payments in a batch must be in the same currency.")
    return org.batch_payments.put({
        "BatchPaymentID": batch_id, "account_id": account["AccountID"], "Date": date, **texts,
        "payments": [row["PaymentID"] for row in rows],
        "Type": "RECBATCH" if is_sale(documents[0]) else "PAYBATCH", "Status": "AUTHORISED",
        "TotalAmount": sum((row["Amount"] for row in rows), wire.ZERO), "IsReconciled": False,
        "updated": org.stamp()})


def remove(org, row):
    """Delete a batch with its payments.

    :raises Invalid: deleted already, reconciled, or in a locked period.
    """
    if row["Status"] == "DELETED":
        raise Invalid("This batch payment has already been deleted.")
    if row["IsReconciled"]:
        raise Invalid("This batch payment cannot be deleted because it has been reconciled.")
    for key in row["payments"]:
        pay.remove(org, org.payments.get(key))
    return org.batch_payments.put({**row, "Status": "DELETED", "updated": org.stamp()})


def _find(call, key):
    row = call.org.batch_payments.get(key)
    if row is None:
        raise NotFound
    return row


def _answer(org, row):
    answer = render.batch(org, row)
    answer["Payments"] = [] if row["Status"] == "DELETED" else [
        _short(org.payments.get(key)) for key in row["payments"]]
    return answer


def _short(payment):
    return {"PaymentID": payment["PaymentID"], "Amount": payment["Amount"],
            "BankAmount": payment["BankAmount"],
            "Invoice": {"InvoiceID": payment["document_id"], "Payments": [], "CreditNotes": [],
                        "Prepayments": [], "Overpayments": [], "HasErrors": False,
                        "IsDiscounted": False, "LineItems": []}}


def _bare(payload):
    """Batch payments have no status of their own in answers, only ValidationErrors (facts, 3.1)."""
    for element in payload["BatchPayments"]:
        element.pop("StatusAttributeString", None)
    return payload


_ONE = "/BatchPayments/<BatchPaymentID>"
ROUTES = [
    ("GET", "/BatchPayments", get_batches), ("PUT", "/BatchPayments", put_batches),
    ("POST", "/BatchPayments", post_batch), ("GET", _ONE, get_batch), ("POST", _ONE, post_batch),
]
