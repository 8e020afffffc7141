"""Payments of invoices, bills and refunds of credit notes (facts, section 3.3; operations
getPayments, createPayments, createPayment, getPayment, deletePayment)."""

import uuid

from .. import fields, query, wire
from ..documents import checks, render
from ..documents.kinds import CREDIT_NOTE, INVOICE, is_sale, kind_of, outstanding
from ..documents.settle import settle
from ..errors import Invalid, NotFound
from . import accounts

TYPES = {("Invoices", True): "ACCRECPAYMENT", ("Invoices", False): "ACCPAYPAYMENT",
         ("CreditNotes", True): "ARCREDITPAYMENT", ("CreditNotes", False): "APCREDITPAYMENT"}


def get_payments(call):
    """GET /Payments: always paged."""
    rows, extra = query.select(call, list(call.org.payments), "PaymentID", paged=True,
                               extra_fields=_extra_fields(call.org))
    return {**extra, "Payments": [_answer(call.org, row) for row in rows]}


def get_payment(call, PaymentID):
    """GET /Payments/{PaymentID}."""
    return {"Payments": [_answer(call.org, _find(call, PaymentID))]}


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
        return _answer(call.org, remove(call.org, payment)), []

    return call.batch("Payments", delete, "PaymentID", "HasValidationErrors", single=True)


def remove(org, payment):
    """Delete a payment: its document is open again.

    :raises Invalid: deleted already, reconciled, or in a locked period.
    """
    if payment["Status"] == "DELETED":
        raise Invalid("This payment has already been deleted.")
    if payment["IsReconciled"]:
        raise Invalid("This payment cannot be deleted because it has been reconciled.")
    errors = checks.lock_errors(org, payment["Date"])
    if errors:
        raise Invalid(*errors)
    document = _document_of(org, payment)
    settle(org, document, payment["Date"], paid=document["paid"] - payment["Amount"],
           payments=[key for key in document["payments"] if key != payment["PaymentID"]])
    org.ledger.reverse(payment["PaymentID"])
    return org.payments.put({**payment, "Status": "DELETED", "updated": org.stamp()})


def _create_one(call, element):
    return _answer(call.org, create(call.org, element)), []


def create(org, element):
    """Create a payment from a request element; returns the row.

    :raises Invalid: with Xero's texts; :raises NotFound: unknown document id.
    """
    document = _target(org, element)
    account = _account(org, element)
    amount = fields.number(element, "Amount")
    if amount is None or wire.money(amount) <= 0:
        raise Invalid("The payment amount must be greater than zero.")
    if document["Status"] != "AUTHORISED":
        raise Invalid("Payments can only be made against Authorised documents")
    amount = wire.money(amount)
    if amount > outstanding(document):
        raise Invalid("Payment amount exceeds the amount outstanding on this document")
    date = fields.day(element, "Date")
    if date is None:
        raise Invalid("The Date field must be specified.")
    errors = checks.lock_errors(org, date)
    if errors:
        raise Invalid(*errors)
    kind = kind_of(document)
    rate = _rate(org, element, document)
    row = {
        "PaymentID": str(uuid.uuid4()), "document_id": document[kind.id_field],
        "account_id": account["AccountID"], "Date": date, "Amount": amount, "CurrencyRate": rate,
        "BankAmount": _bank_amount(org, element, account, document, amount, rate),
        "Reference": fields.text(element, "Reference", 255) or "",
        "IsReconciled": bool(fields.flag(element, "IsReconciled")), "Status": "AUTHORISED",
        "PaymentType": TYPES[kind.plural, is_sale(document)], "updated": org.stamp(),
    }
    _post(org, document, row)
    settle(org, document, date, paid=document["paid"] + amount,
           payments=[*document["payments"], row["PaymentID"]])
    return org.payments.put(row)


def _target(org, element):
    found = []
    for key, kind in (("Invoice", INVOICE), ("CreditNote", CREDIT_NOTE)):
        sent = fields.obj(element, key) or {}
        doc_id = fields.guid(sent, kind.id_field)
        number = fields.text(sent, kind.number_field) or fields.text(element, kind.number_field)
        if doc_id:
            row = kind.rows(org).get(doc_id)
            if row is None:
                raise NotFound
            found.append(row)
        elif number:
            row = kind.rows(org).find("number", number)
            if row is None:
                raise Invalid(f"{kind.label} could not be found")
            found.append(row)
    if len(found) != 1:
        raise Invalid("Exactly one of Invoice and CreditNote must be specified.")
    return found[0]


def _account(org, element):
    sent = fields.obj(element, "Account") or {}
    account_id, code = fields.guid(sent, "AccountID"), fields.text(sent, "Code")
    account = org.accounts.get(account_id) if account_id else org.accounts.find("code", code)
    if account is None or account["Status"] != "ACTIVE" or not (
            account["Type"] == "BANK" or account["EnablePaymentsToAccount"]):
        raise Invalid("Account type is invalid for making a payment to/from")
    return account


def _rate(org, element, document):
    if document["CurrencyCode"] == org.base_currency:
        return document["CurrencyRate"]
    rate = fields.number(element, "CurrencyRate")
    rate = org.day_rate(document["CurrencyCode"]) if rate is None else wire.rounded(rate, 6)
    if rate <= 0:
        raise Invalid("The currency rate must be greater than zero.")
    return rate


def _bank_amount(org, element, account, document, amount, rate):
    """Amount in the bank account's currency; accounts without one use the base currency."""
    given = fields.number(element, "BankAmount")
    currency = account.get("CurrencyCode", org.base_currency)
    if currency not in (org.base_currency, document["CurrencyCode"]):
        raise Invalid("Account currency does not match the currency of the document.")
    if given is not None:
        return wire.money(given)
    return amount if currency == document["CurrencyCode"] else wire.money(amount / rate)


def _post(org, document, row):
    """Bank against receivable or payable; the difference in rates is a realised gain."""
    sale, kind = is_sale(document), kind_of(document)
    sign = kind.sign if sale else -kind.sign
    control = org.system_account("DEBTORS" if sale else "CREDITORS")["AccountID"]
    open_after = outstanding(document) - row["Amount"]
    settled = (wire.money(outstanding(document) / document["CurrencyRate"])
               - wire.money(open_after / document["CurrencyRate"]))
    bank = wire.money(row["Amount"] / row["CurrencyRate"])
    account = org.accounts.get(row["account_id"])
    if account.get("CurrencyCode", org.base_currency) == org.base_currency:
        bank = row["BankAmount"]
    lines = [(row["account_id"], sign * bank), (control, -sign * settled)]
    if bank != settled:
        gain = org.system_account("REALISEDCURRENCYGAIN")["AccountID"]
        lines.append((gain, sign * (settled - bank)))
    org.ledger.post(row["PaymentID"], row["Date"], lines)


def _document_of(org, payment):
    return org.invoices.get(payment["document_id"]) or org.credit_notes.get(
        payment["document_id"])


def _extra_fields(org):
    def field(row, path):
        document = _document_of(org, row)
        name, _dot, key = path.partition(".")
        if name == "Invoice" and key in ("InvoiceID", "InvoiceNumber"):
            return document.get(key)
        if name == "CreditNote" and key in ("CreditNoteID", "CreditNoteNumber"):
            return document.get(key)
        raise KeyError(path)
    return field


def _find(call, key):
    row = call.org.payments.get(key)
    if row is None:
        raise NotFound
    return row


def _answer(org, row):
    document = _document_of(org, row)
    account = accounts.render(org.accounts.get(row["account_id"]))
    answer = {key: value for key, value in row.items()
              if key not in ("document_id", "account_id", "updated")}
    answer |= {
        "Date": wire.day_text(row["Date"]), "UpdatedDateUTC": wire.stamp_text(row["updated"]),
        "UpdatedDateUTCString": wire.stamp_iso(row["updated"]), "HasAccount": True,
        "HasValidationErrors": False,
        "Account": {key: account[key] for key in ("AccountID", "Code", "Name") if key in account},
    }
    answer[kind_of(document).label.replace(" ", "")] = render.paid_document(org, document)
    return answer


ROUTES = [
    ("GET", "/Payments", get_payments), ("PUT", "/Payments", put_payments),
    ("POST", "/Payments", post_payment), ("GET", "/Payments/<PaymentID>", get_payment),
    ("POST", "/Payments/<PaymentID>", delete_payment),
]
