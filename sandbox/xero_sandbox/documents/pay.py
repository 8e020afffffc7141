"""Make and remove payments, and book them (facts, section 3.3)."""

import uuid

from .. import fields, wire
from ..errors import Invalid, NotFound
from . import checks
from .kinds import CREDIT_NOTE, INVOICE, KINDS, OVERPAYMENT, PREPAYMENT, is_sale, kind_of, locate, outstanding
from .settle import clearing, settle, with_gain

TYPES = {INVOICE: "ACC{}PAYMENT", CREDIT_NOTE: "A{}CREDITPAYMENT",
         OVERPAYMENT: "A{}OVERPAYMENTPAYMENT", PREPAYMENT: "A{}PREPAYMENTPAYMENT"}
# A deletion that leaves UpdatedDateUTC of the payment as it was (facts, section 10: unverified).
SILENT_DELETION = "silent_payment_deletion"


def create(org, element, batch_id=None):
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
    row = org.payments.put({
        "PaymentID": str(uuid.uuid4()), "document_id": document[kind.id_field],
        "account_id": account["AccountID"], "batch_id": batch_id, "Date": date, "Amount": amount,
        "CurrencyRate": rate,
        "BankAmount": _bank_amount(org, element, account, document, amount, rate),
        "Reference": fields.text(element, "Reference", 255) or "",
        "IsReconciled": bool(fields.flag(element, "IsReconciled")), "Status": "AUTHORISED",
        "PaymentType": _type(kind, document), "updated": org.stamp(),
    })
    _post(org, document, row)
    settle(org, document, paid=document["paid"] + amount,
           payments=[*document["payments"], row["PaymentID"]])
    org.note(row["document_id"], "Paid", f"Payment of {amount} on {date}")
    return row


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
    document = locate(org, payment["document_id"])
    settle(org, document, paid=document["paid"] - payment["Amount"],
           payments=[key for key in document["payments"] if key != payment["PaymentID"]])
    org.ledger.reverse(payment["PaymentID"])
    org.note(payment["document_id"], "Payment removed", f"Payment of {payment['Amount']}")
    updated = payment["updated"] if SILENT_DELETION in org.quirks else org.stamp()
    return org.payments.put({**payment, "Status": "DELETED", "updated": updated})


def bank_account(org, element, key="Account", payments=True):
    """The account that ``element[key]`` names by AccountID or Code, or None when it will not do.

    :param payments: accounts enabled for payments will do, not only those of type BANK.
    """
    sent = fields.obj(element, key) or {}
    account_id, code = fields.guid(sent, "AccountID"), fields.text(sent, "Code")
    account = org.accounts.get(account_id) if account_id else org.accounts.find("code", code)
    if account is None or account["Status"] != "ACTIVE":
        return None
    usable = account["Type"] == "BANK" or (payments and account["EnablePaymentsToAccount"])
    return account if usable else None


def _account(org, element):
    account = bank_account(org, element)
    if account is None:
        raise Invalid("Account type is invalid for making a payment to/from")
    return account


def _type(kind, document):
    if kind is INVOICE:
        return TYPES[kind].format("REC" if is_sale(document) else "PAY")
    return TYPES[kind].format("R" if is_sale(document) else "P")


def _target(org, element):
    found = []
    for kind in KINDS:
        sent = fields.obj(element, kind.label.replace(" ", "")) or {}
        doc_id = fields.guid(sent, kind.id_field)
        number = None
        if kind in (INVOICE, CREDIT_NOTE):
            number = fields.text(sent, kind.number_field) or fields.text(
                element, kind.number_field)
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
        raise Invalid("Exactly one of Invoice, CreditNote, Prepayment and Overpayment must be"
                      " specified.")
    return found[0]


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
    if currency == document["CurrencyCode"]:
        if given is not None and wire.money(given) != amount:
            raise Invalid("The BankAmount must equal the Amount in the account's own currency.")
        return amount
    return wire.money(amount / rate) if given is None else wire.money(given)


def _post(org, document, row):
    """Bank against what the document has on the books; the rest is a realised gain."""
    kind = kind_of(document)
    sign = kind.sign if is_sale(document) else -kind.sign
    bank = wire.money(row["Amount"] / row["CurrencyRate"])
    account = org.accounts.get(row["account_id"])
    if account.get("CurrencyCode", org.base_currency) == org.base_currency:
        bank = row["BankAmount"]
    org.ledger.post(row["PaymentID"], row["Date"], with_gain(org, [
        (row["account_id"], sign * bank), *clearing(org, document, row["Amount"])]))
