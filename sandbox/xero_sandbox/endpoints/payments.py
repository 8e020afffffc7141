"""Payments of invoices and bills, refunds of credit notes, overpayments and prepayments (facts,
section 3.3; operations getPayments, createPayments, createPayment, getPayment, deletePayment)."""

from .. import query
from ..documents import pay, render
from ..documents.kinds import kind_of, locate
from ..errors import Invalid, NotFound


def get_payments(call):
    """GET /Payments: always paged. Deleted ones come when filtered or modified (facts, 2.4)."""
    plain = call.since is None and "where" not in call.args
    rows, extra = query.select(call, call.org.payments, shown=plain, paged=True,
                               extra_fields=_extra_fields(call.org))
    return {**extra, "Payments": [render.payment(call.org, row) for row in rows]}


def get_payment(call, PaymentID):
    """GET /Payments/{PaymentID}: with the whole document inside."""
    return {"Payments": [render.payment(call.org, _find(call, PaymentID), single=True)]}


def put_payments(call):
    """PUT /Payments: create a list."""
    return call.batch("Payments", _create_one, "PaymentID", "HasValidationErrors")


def post_payment(call):
    """POST /Payments: create one."""
    return call.batch("Payments", _create_one, "PaymentID", "HasValidationErrors", single=True)


def delete_payment(call, PaymentID):
    """POST /Payments/{PaymentID} with Status DELETED, the only change there is."""
    payment = _find(call, PaymentID)

    def delete(call, element):
        if element.get("Status") != "DELETED" or set(element) - {"Status", "PaymentID"}:
            raise Invalid("Only the Status of a payment can be changed, to DELETED.")
        if payment["batch_id"]:
            raise Invalid("Payments within a batch cannot be deleted.")
        row = pay.remove(call.org, payment)
        return render.payment(call.org, row, single=True), []

    return call.batch("Payments", delete, "PaymentID", "HasValidationErrors", single=True)


def _create_one(call, element):
    return render.payment(call.org, pay.create(call.org, element), single=True), []


def _extra_fields(org):
    """Fields of the document and the account, for ``where``; all documents are ``Invoice``."""
    def field(row, path):
        name, _dot, key = path.partition(".")
        if name == "Account" and key in ("AccountID", "Code"):
            return org.accounts.get(row["account_id"]).get(key)
        if path == "BatchPaymentID":
            return row["batch_id"]
        document = locate(org, row["document_id"])
        kind = kind_of(document)
        if path in ("Invoice.InvoiceID", f"{kind.label.replace(' ', '')}.{kind.id_field}"):
            return document[kind.id_field]
        if path in ("Invoice.InvoiceNumber", "CreditNote.CreditNoteNumber"):
            return document[kind.number_field]
        if path == "Invoice.Type":
            return render.type_in_payment(document)
        if path == "Invoice.Contact.ContactID":
            return document["contact_id"]
        if path in ("CreditNote.CreditNoteID", "Prepayment.PrepaymentID",
                    "Overpayment.OverpaymentID"):
            return None
        raise KeyError(path)
    return field


def _find(call, key):
    row = call.org.payments.get(key)
    if row is None:
        raise NotFound
    return row


ROUTES = [
    ("GET", "/Payments", get_payments), ("PUT", "/Payments", put_payments),
    ("POST", "/Payments", post_payment), ("GET", "/Payments/<PaymentID>", get_payment),
    ("POST", "/Payments/<PaymentID>", delete_payment),
]
