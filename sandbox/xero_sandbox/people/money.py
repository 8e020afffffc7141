"""Payments, batches, overpayments, prepayments and allocations in Xero's own screens."""

from ..documents import bank
from ..documents import pay as payments
from ..documents.kinds import CREDIT_NOTE, INVOICE, OVERPAYMENT, PREPAYMENT, kind_of, outstanding
from ..endpoints import allocations, batch_payments
from ..errors import Invalid
from .rows import change, find

TARGETS = {"invoice": INVOICE, "credit_note": CREDIT_NOTE, "overpayment": OVERPAYMENT,
           "prepayment": PREPAYMENT}
OPTIONS = {"rate": "CurrencyRate", "bank_amount": "BankAmount", "reference": "Reference"}


def pay(org, request):
    """{invoice | credit_note | overpayment | prepayment: id, amount, account: code, date,
    reference?, rate?, bank_amount?, reconciled?: bool}; of a credit it is a refund."""
    name, kind = next((name, kind) for name, kind in TARGETS.items() if name in request)
    row = find(kind.rows(org), request[name])
    element = {
        kind.label.replace(" ", ""): {kind.id_field: row[kind.id_field]},
        "Account": {"Code": request["account"]}, "Amount": request["amount"],
        "Date": request["date"], "IsReconciled": request.get("reconciled", False)}
    element |= {field: request[key] for key, field in OPTIONS.items() if key in request}
    return payments.create(org, element)


def refund(org, request):
    """As ``pay``, of a credit_note, overpayment or prepayment."""
    if "invoice" in request:
        raise Invalid("Only credits can be refunded.")
    return pay(org, request)


def unpay(org, request):
    """{payment: id}: removes it, reconciled or not; payments of a batch go with the batch."""
    row = find(org.payments, request["payment"])
    if row["batch_id"]:
        raise Invalid("Payments within a batch cannot be deleted.")
    return payments.remove(org, {**row, "IsReconciled": False})


def batch_pay(org, request):
    """{payments: [{invoice: id, amount}], account: code, date, reference?, reconciled?}."""
    row = batch_payments.create(org, {
        "Account": {"Code": request["account"]}, "Date": request["date"],
        "Reference": request.get("reference", ""), "Payments": [
            {"Invoice": {"InvoiceID": part["invoice"]}, "Amount": part["amount"],
             "Reference": part.get("reference", "")} for part in request["payments"]]})
    if request.get("reconciled"):
        return reconcile(org, {"batch": row["BatchPaymentID"]})
    return row


def unbatch(org, request):
    """{batch: id}: removes it with its payments, reconciled or not."""
    row = find(org.batch_payments, request["batch"])
    if row["IsReconciled"]:
        row = reconcile(org, {"batch": row["BatchPaymentID"], "reconciled": False})
    return batch_payments.remove(org, row)


def overpay(org, request):
    """{contact: id, amount, account: code, date, direction?: receive | spend, currency?, rate?,
    reference?}, or {invoice: id, amount, account, date}: pays it and keeps the rest.

    :returns: the overpayment.
    """
    amount, contact = request["amount"], request.get("contact")
    direction = request.get("direction", "receive")
    options = dict(request)
    if "invoice" in request:
        row = find(org.invoices, request["invoice"])
        contact, rest = row["contact_id"], outstanding(row)
        direction = "receive" if row["Type"] == "ACCREC" else "spend"
        options.setdefault("currency", row["CurrencyCode"])
        pay(org, {**request, "amount": rest})
        amount -= rest
    element = _transaction(options, contact, f"{direction.upper()}-OVERPAYMENT")
    element["LineItems"] = [{"Description": "Overpayment", "Quantity": 1, "UnitAmount": amount}]
    row = bank.create(org, element, 4)
    return org.overpayments.get(row["BankTransactionID"])


def prepay(org, request):
    """{contact: id, lines: [LineItem], account: code, date, direction?, types?: LineAmountTypes,
    rate?, reference?}; returns the prepayment."""
    element = _transaction(request, request["contact"],
                           f"{request.get('direction', 'receive').upper()}-PREPAYMENT")
    element |= {"LineItems": request["lines"],
                "LineAmountTypes": request.get("types", "Exclusive")}
    return org.prepayments.get(bank.create(org, element, 4)["BankTransactionID"])


def transact(org, request):
    """{bank_transaction: element as in the API}: money spent or received."""
    return bank.create(org, request["bank_transaction"], 4)


def remove_transaction(org, request):
    """{bank_transaction: id}: deletes it, voids its overpayment or prepayment."""
    return bank.remove(org, find(org.bank_transactions, request["bank_transaction"]), True)


def allocate(org, request):
    """{credit_note | overpayment | prepayment: id, invoice: id, amount, date}."""
    return allocations.allocate(org, _credit(org, request), {
        "Invoice": {"InvoiceID": request["invoice"]}, "Amount": request["amount"],
        "Date": request["date"]})


def deallocate(org, request):
    """{credit_note | overpayment | prepayment: id, allocation: id}; returns the credit."""
    credit = _credit(org, request)
    part = allocations.find(credit, request["allocation"])
    if part is None:
        raise KeyError(request["allocation"])
    allocations.deallocate(org, credit, part)
    kind = kind_of(credit)
    return kind.rows(org).get(credit[kind.id_field])


def reconcile(org, request):
    """{payment | batch | bank_transaction: id, reconciled?: false to undo}."""
    value = request.get("reconciled", True)
    if "payment" in request:
        return change(org, org.payments, request["payment"], IsReconciled=value)
    if "bank_transaction" in request:
        return change(org, org.bank_transactions, request["bank_transaction"], IsReconciled=value)
    row = change(org, org.batch_payments, request["batch"], IsReconciled=value)
    for key in row["payments"]:
        change(org, org.payments, key, IsReconciled=value)
    return row


def _credit(org, request):
    name, kind = next((name, kind) for name, kind in TARGETS.items()
                      if name in request and kind is not INVOICE)
    return find(kind.rows(org), request[name])


def _transaction(request, contact, type_):
    element = {"Type": type_, "Contact": {"ContactID": contact},
               "BankAccount": {"Code": request["account"]}, "Date": request["date"],
               "IsReconciled": request.get("reconciled", False),
               "Reference": request.get("reference", "")}
    for key, field in (("currency", "CurrencyCode"), ("rate", "CurrencyRate")):
        if key in request:
            element[field] = request[key]
    return element
