"""Money spent and received without an invoice, among it overpayments and prepayments, and
how it is booked (facts, section 3.3 "BankTransactions")."""

import uuid

from .. import fields, totals
from ..errors import Invalid
from ..wire import ZERO, money, rounded
from . import checks, pay
from .kinds import OVERPAYMENT, PREPAYMENT, is_sale, kind_of, locate
from .lines import LineReader, pairs

TYPES = ("RECEIVE", "SPEND", "RECEIVE-OVERPAYMENT", "SPEND-OVERPAYMENT", "RECEIVE-PREPAYMENT",
         "SPEND-PREPAYMENT")
CREDIT_KINDS = {"OVERPAYMENT": OVERPAYMENT, "PREPAYMENT": PREPAYMENT}


class OverpaymentLines(LineReader):
    """Lines of an overpayment: on receivables or payables, without tax."""

    def _account_and_tax(self, line, element, item):
        control = self.org.system_account("DEBTORS" if self.sale else "CREDITORS")
        named = (fields.text(element, "AccountCode", 10), fields.guid(element, "AccountID"))
        if item or named not in ((None, None), (control["Code"], None), (
                None, control["AccountID"]), (control["Code"], control["AccountID"])):
            raise Invalid(f"Account code '{named[0] or named[1]}' is not a valid code for this"
                          " document.")
        line |= {"AccountID": control["AccountID"], "AccountCode": control["Code"],
                 "TaxType": control["TaxType"]}


def create(org, element, unit_places=2, reference=True):
    """Create a bank transaction from a request element; returns its row.

    Overpayments and prepayments come to life with it, under the same id.

    :param reference: keep the Reference of overpayments and prepayments (only people may).
    :raises Invalid: with Xero's texts; :raises NotFound: unknown ContactID.
    """
    kind_name = fields.choice(element, "Type", TYPES)
    if kind_name is None:
        raise Invalid("The Type field must be specified.")
    contact = checks.resolve_contact(org, element)
    account = pay.bank_account(org, element, "BankAccount", payments=False)
    if account is None:
        raise Invalid("A valid BankAccount must be specified for this type of transaction.")
    direction, _dash, credit = kind_name.partition("-")
    kind = CREDIT_KINDS.get(credit)
    row = {
        "BankTransactionID": str(uuid.uuid4()), "Type": kind_name,
        "contact_id": contact["ContactID"], "account_id": account["AccountID"],
        "Date": fields.day(element, "Date") or org.today(), "Status": "AUTHORISED",
        "Reference": (fields.text(element, "Reference", 255) or "")
        if kind is None or reference else "",
        "Url": fields.text(element, "Url") or "",
        "IsReconciled": bool(fields.flag(element, "IsReconciled")), "updated": org.stamp(),
        "LineAmountTypes": "NoTax" if kind is OVERPAYMENT else fields.choice(
            element, "LineAmountTypes", ("Exclusive", "Inclusive", "NoTax")) or "Exclusive",
    }
    errors = checks.lock_errors(org, row["Date"])
    if "xero" in row["Url"].lower():
        errors.append("Url must not contain 'xero'.")
    row |= _currency(org, element, account, kind)
    sale = direction == "RECEIVE"
    reader = (OverpaymentLines if kind is OVERPAYMENT else LineReader)(
        org, sale, False, row["LineAmountTypes"], True, unit_places)
    sent = fields.array(element, "LineItems")
    if not sent:
        raise Invalid(*errors, "One or more line items must be specified")
    row["LineItems"] = reader.read(sent)
    if errors or reader.errors:
        raise Invalid(*errors, *reader.errors)
    row["SubTotal"], row["TotalTax"], row["Total"] = totals.document_totals(
        pairs(row["LineItems"]), row["LineAmountTypes"])
    if row["Total"] <= 0:
        raise Invalid("The total of a bank transaction must be greater than zero.")
    if kind:
        row[kind.id_field] = row["BankTransactionID"]
        _put_credit(org, kind, row, element)
    _post(org, row, sale)
    return org.bank_transactions.put(row)


def remove(org, row, by_person=False):
    """Delete a bank transaction; an overpayment or prepayment of its own is voided.

    :raises Invalid: deleted, reconciled, used already, or in a locked period.
    """
    if row["Status"] != "AUTHORISED":
        raise Invalid("This bank transaction has already been deleted.")
    if row["IsReconciled"] and not by_person:
        raise Invalid("This Bank Transaction cannot be edited as it has been reconciled with a"
                      " Bank Statement.")
    errors = checks.lock_errors(org, row["Date"])
    if errors:
        raise Invalid(*errors)
    kind = CREDIT_KINDS.get(row["Type"].partition("-")[2])
    if kind:
        credit = kind.rows(org).get(row[kind.id_field])
        if credit["paid"] or credit["credited"]:
            raise Invalid("This document cannot be edited as it has a payment or credit note"
                          " allocated to it.")
        kind.rows(org).put({**credit, "Status": "VOIDED", "updated": org.stamp()})
    org.ledger.reverse(row["BankTransactionID"])
    return org.bank_transactions.put({**row, "Status": "DELETED", "updated": org.stamp()})


def balances(org):
    """What is on each bank account, by code, in the account's own currency."""
    sums = {}
    for row in org.payments:
        if row["Status"] == "AUTHORISED":
            document = locate(org, row["document_id"])
            sign = kind_of(document).sign * (1 if is_sale(document) else -1)
            key = row["account_id"]
            sums[key] = sums.get(key, ZERO) + sign * row["BankAmount"]
    for row in org.bank_transactions:
        if row["Status"] == "AUTHORISED":
            key, total = row["account_id"], row["Total"]
            if row["CurrencyCode"] != org.accounts.get(key).get("CurrencyCode", org.base_currency):
                total = money(total / row["CurrencyRate"])
            sign = 1 if row["Type"].startswith("RECEIVE") else -1
            sums[key] = sums.get(key, ZERO) + sign * total
    return {account.get("Code", key): amount for key, amount in sums.items()
            if amount and (account := org.accounts.get(key))["Type"] == "BANK"}


def _currency(org, element, account, kind):
    """CurrencyCode and CurrencyRate: the bank account's, except that an overpayment may be in
    the currency of the invoice that was overpaid."""
    own = account.get("CurrencyCode", org.base_currency)
    code = fields.text(element, "CurrencyCode") or own
    if code != own and not (kind is OVERPAYMENT and own == org.base_currency):
        raise Invalid("The currency of a bank transaction is that of its bank account.")
    if not org.currencies.rows.get(code):
        raise Invalid(f"Organisation is not subscribed to currency {code}")
    if code == org.base_currency:
        return {"CurrencyCode": code, "CurrencyRate": rounded(fields.number({"r": 1}, "r"), 6)}
    rate = fields.number(element, "CurrencyRate")
    rate = org.day_rate(code) if rate is None else rounded(rate, 6)
    if rate <= 0:
        raise Invalid("The currency rate must be greater than zero.")
    return {"CurrencyCode": code, "CurrencyRate": rate}


def _put_credit(org, kind, row, element):
    credit = {key: row[key] for key in (
        "Type", "contact_id", "account_id", "Date", "Status", "Reference", "CurrencyCode",
        "CurrencyRate", "LineAmountTypes", "LineItems", "SubTotal", "TotalTax", "Total",
        "updated")}
    credit |= {kind.id_field: row["BankTransactionID"], "paid": ZERO, "credited": ZERO,
               "payments": [], "allocations": [], "FullyPaidOnDate": None}
    if kind is PREPAYMENT:
        credit["InvoiceNumber"] = org.take_number(
            "ACCREC", "INV", org.invoices) if row["Type"] == kind.sales else ""
    kind.rows(org).put(credit)


def _post(org, row, sale):
    """Bank against lines, tax and rounding, in base currency."""
    sign, rate = (1 if sale else -1), row["CurrencyRate"]
    amounts = {row["account_id"]: sign * money(row["Total"] / rate)}
    for line in row["LineItems"]:
        if "LineAmount" in line:
            net = line["LineAmount"]
            if row["LineAmountTypes"] == "Inclusive":
                net -= line["TaxAmount"]
            key = line["AccountID"]
            amounts[key] = amounts.get(key, ZERO) - sign * money(net / rate)
    tax = org.system_account("GST")["AccountID"]
    amounts[tax] = amounts.get(tax, ZERO) - sign * money(row["TotalTax"] / rate)
    rounding = org.system_account("ROUNDING")["AccountID"]
    amounts[rounding] = amounts.get(rounding, ZERO) - sum(amounts.values(), ZERO)
    org.ledger.post(row["BankTransactionID"], row["Date"],
                    [(account, amount) for account, amount in amounts.items() if amount])
