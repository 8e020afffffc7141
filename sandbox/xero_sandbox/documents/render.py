"""Documents as the API answers them (operations getInvoices, getInvoice, getCreditNotes,
getOverpayments, getPrepayments)."""

from .. import wire
from ..endpoints import contacts
from .kinds import CREDIT_NOTE, CREDITS, INVOICE, OVERPAYMENT, PREPAYMENT, kind_of, outstanding

OPTIONAL = ("BrandingThemeID", "Url")
DAYS = ("ExpectedPaymentDate", "PlannedPaymentDate")
OVER = ("VOIDED", "DELETED")


def line(row, places):
    """One line; without unitdp=4 its price shows 2 decimals."""
    answer = {**row, "ValidationErrors": []}
    if places == 2 and "UnitAmount" in row:
        answer["UnitAmount"] = wire.money(row["UnitAmount"])
    return answer


def document(org, row, places, full_contact=False, single=False, lines=True, summary=False):
    """An invoice, bill or credit note.

    :param places: decimals of unit prices; :param full_contact: with all contact details;
    :param single: fields that only writes and GET by id return;
    :param lines: False in lists that are not paged; :param summary: summaryOnly.
    """
    kind = kind_of(row)
    answer = {**_common(org, row, full_contact), kind.number_field: row[kind.number_field],
              **day("DueDate", row["DueDate"]),
              "HasErrors": False, "SentToContact": row["SentToContact"]}
    for key in OPTIONAL:
        if row.get(key):
            answer[key] = row[key]
    if row["FullyPaidOnDate"]:
        answer["FullyPaidOnDate"] = wire.day_text(row["FullyPaidOnDate"])
    if not summary:
        answer["LineItems"] = [line(part, places) for part in row["LineItems"]] if lines else []
    if kind is INVOICE:
        answer |= _invoice(org, row, single, summary)
    else:
        answer |= _credit(org, row)
    return answer


def credit(org, row, places, single=False, lines=True):
    """An overpayment or a prepayment."""
    answer = {**_common(org, row, single), **_credit(org, row),
              "LineItems": [line(part, places) for part in row["LineItems"]] if lines else []}
    if kind_of(row) is PREPAYMENT and row["InvoiceNumber"]:
        # "Returns Invoice number field. Reference field isn't available." (specification)
        answer |= {"Reference": row["InvoiceNumber"], "InvoiceNumber": row["InvoiceNumber"]}
    return answer


def _common(org, row, full_contact):
    kind, contact = kind_of(row), org.contacts.get(row["contact_id"])
    return {
        "Type": row["Type"], kind.id_field: row[kind.id_field], "Reference": row["Reference"],
        "CurrencyCode": row["CurrencyCode"], "CurrencyRate": row["CurrencyRate"],
        "Contact": contacts.render(org, contact) if full_contact else contacts.brief(contact),
        **day("Date", row["Date"]),
        "Status": row["Status"], "LineAmountTypes": row["LineAmountTypes"],
        "SubTotal": row["SubTotal"], "TotalTax": row["TotalTax"], "Total": row["Total"],
        "UpdatedDateUTC": wire.stamp_text(row["updated"]),
        "UpdatedDateUTCString": wire.stamp_iso(row["updated"]),
        "HasAttachments": org.has_files(row[kind.id_field]),
    }


def _invoice(org, row, single, summary):
    answer = {
        "AmountDue": wire.ZERO if row["Status"] in OVER else outstanding(row),
        "AmountPaid": row["paid"], "AmountCredited": row["credited"],
        "IsDiscounted": bool(row["TotalDiscount"]),
    }
    if row["TotalDiscount"]:
        answer["TotalDiscount"] = row["TotalDiscount"]
    for key in DAYS:
        if row.get(key):
            answer |= day(key, row[key])
    if single and "RoundingAmount" in row:
        answer["RoundingAmount"] = row["RoundingAmount"]
    if not summary:
        answer |= {"Payments": payments(org, row)}
        for kind in CREDITS:
            answer[kind.plural] = [_applied(org, kind, part) for part in row["allocations"]
                                   if kind.id_field in part]
    return answer


def _applied(org, kind, part):
    """A credit inside the invoice that it was used for."""
    row = kind.rows(org).rows[part[kind.id_field]]
    answer = {kind.id_field: row[kind.id_field], "AppliedAmount": part["Amount"],
              "Total": row["Total"], **day("Date", part["Date"]), "LineItems": []}
    if kind is CREDIT_NOTE:
        answer["CreditNoteNumber"] = row["CreditNoteNumber"]
    return answer


def _credit(org, row):
    """What credit notes, overpayments and prepayments have in common."""
    return {
        "RemainingCredit": wire.ZERO if row["Status"] in OVER else outstanding(row),
        "Payments": payments(org, row),
        "Allocations": [
            {"AllocationID": part["AllocationID"], "Amount": part["Amount"],
             "Date": wire.day_text(part["Date"]),
             "Invoice": stub(org.invoices.get(part["InvoiceID"]))} for part in row["allocations"]],
    }


def payments(org, row):
    """The payments inside a document, short."""
    result = []
    for pay in map(org.payments.get, row["payments"]):
        result.append({
            "PaymentID": pay["PaymentID"], "Date": wire.day_text(pay["Date"]),
            "Amount": pay["Amount"], "CurrencyRate": pay["CurrencyRate"],
            "Reference": pay["Reference"], "HasAccount": False, "HasValidationErrors": False})
        if pay["batch_id"]:
            result[-1]["BatchPaymentID"] = pay["batch_id"]
    return result


def stub(row):
    """A document inside another object: its id and number."""
    kind = kind_of(row)
    answer = {kind.id_field: row[kind.id_field], "LineItems": []}
    if kind in (INVOICE, CREDIT_NOTE):
        answer |= {kind.number_field: row[kind.number_field], "Type": row["Type"]}
    return answer


def day(key, iso):
    """A date field with its readable twin; nothing without a date."""
    return {key + "String": wire.day_string(iso), key: wire.day_text(iso)} if iso else {}


def type_in_payment(row):
    """The Type of any document inside a payment: AROVERPAYMENT for RECEIVE-OVERPAYMENT ..."""
    kind = kind_of(row)
    if kind in (OVERPAYMENT, PREPAYMENT):
        return ("AR" if row["Type"] == kind.sales else "AP") + kind.label.upper()
    return row["Type"]


def payment(org, row, single=False):
    """A payment. Its document is always called Invoice, a credit note too (specification,
    examples of getPayments and deletePayment).

    :param single: GET by id and writes show the whole document.
    """
    account = org.accounts.get(row["account_id"])
    shown = ("AccountID", "Code", "Name") if single else ("AccountID", "Code")
    answer = {key: value for key, value in row.items()
              if key not in ("document_id", "account_id", "batch_id", "updated")}
    answer |= {
        "Date": wire.day_text(row["Date"]), "UpdatedDateUTC": wire.stamp_text(row["updated"]),
        "UpdatedDateUTCString": wire.stamp_iso(row["updated"]), "HasAccount": True,
        "HasValidationErrors": False,
        "Account": {key: account[key] for key in shown if key in account},
        "Invoice": _paid(org, row["document_id"], single),
    }
    if row["batch_id"]:
        answer |= {"BatchPaymentID": row["batch_id"], "BatchPayment": batch(
            org, org.batch_payments.get(row["batch_id"]))}
    return answer


def _paid(org, key, single):
    kind = next(kind for kind in (INVOICE, *CREDITS) if kind.rows(org).get(key))
    row = kind.rows(org).get(key)
    answer = {
        "Type": type_in_payment(row), "InvoiceID": key, "InvoiceNumber": row[kind.number_field],
        "CurrencyCode": row["CurrencyCode"], "Payments": [], "CreditNotes": [], "Prepayments": [],
        "Overpayments": [], "HasErrors": False, "IsDiscounted": False, "LineItems": [],
        "Contact": contacts.brief(org.contacts.get(row["contact_id"])),
    }
    if not single:
        return answer
    return answer | {
        "Reference": row["Reference"], "Status": row["Status"], **day("Date", row["Date"]),
        **day("DueDate", row.get("DueDate")), "LineAmountTypes": row["LineAmountTypes"],
        "LineItems": [line(part, 2) for part in row["LineItems"]], "SubTotal": row["SubTotal"],
        "TotalTax": row["TotalTax"], "Total": row["Total"], "AmountDue": outstanding(row),
        "AmountPaid": row["paid"], "AmountCredited": row["credited"],
        "CurrencyRate": row["CurrencyRate"], "Payments": payments(org, row),
        "UpdatedDateUTC": wire.stamp_text(row["updated"]),
    }


def batch(org, row):
    """A batch payment without its payments, as it stands inside each of them."""
    account = org.accounts.get(row["account_id"])
    shown = {"AccountID": account["AccountID"]}
    if "CurrencyCode" in account:
        shown["CurrencyCode"] = account["CurrencyCode"]
    answer = {key: value for key, value in row.items()
              if key not in ("account_id", "payments", "updated") and value != ""}
    return answer | {"Account": shown, **day("Date", row["Date"]),
                     "UpdatedDateUTC": wire.stamp_text(row["updated"])}
