"""Documents as the API answers them (operations getInvoices, getInvoice, getCreditNotes)."""

from .. import wire
from ..endpoints import contacts
from .kinds import INVOICE, is_sale, kind_of, outstanding

OPTIONAL = ("BrandingThemeID", "Url")
DAYS = ("ExpectedPaymentDate", "PlannedPaymentDate")


def line(row, places):
    """One line; without unitdp=4 its price shows 2 decimals."""
    answer = {**row, "ValidationErrors": []}
    if places == 2 and "UnitAmount" in row:
        answer["UnitAmount"] = wire.money(row["UnitAmount"])
    return answer


def document(org, row, places, full_contact=False, single=False, lines=True, summary=False):
    """A document.

    :param places: decimals of unit prices; :param full_contact: with all contact details;
    :param single: fields that only writes and GET by id return;
    :param lines: False in lists that are not paged; :param summary: summaryOnly.
    """
    kind = kind_of(row)
    contact = org.contacts.get(row["contact_id"])
    answer = {
        "Type": row["Type"], kind.id_field: row[kind.id_field],
        kind.number_field: row[kind.number_field], "Reference": row["Reference"],
        "CurrencyCode": row["CurrencyCode"], "CurrencyRate": row["CurrencyRate"],
        "Contact": contacts.render(contact) if full_contact else contacts.brief(contact),
        **_day("Date", row["Date"]), **_day("DueDate", row["DueDate"]),
        "Status": row["Status"], "LineAmountTypes": row["LineAmountTypes"],
        "SubTotal": row["SubTotal"], "TotalTax": row["TotalTax"], "Total": row["Total"],
        "UpdatedDateUTC": wire.stamp_text(row["updated"]),
        "UpdatedDateUTCString": wire.stamp_iso(row["updated"]),
        "HasErrors": False, "HasAttachments": False, "SentToContact": row["SentToContact"],
    }
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
        answer |= _credit_note(org, row, summary)
    return answer


def _invoice(org, row, single, summary):
    answer = {
        "AmountDue": outstanding(row) if row["Status"] not in ("VOIDED", "DELETED") else wire.ZERO,
        "AmountPaid": row["paid"], "AmountCredited": row["credited"],
        "IsDiscounted": bool(row["TotalDiscount"]),
    }
    if row["TotalDiscount"]:
        answer["TotalDiscount"] = row["TotalDiscount"]
    for key in DAYS:
        if row.get(key):
            answer |= _day(key, row[key])
    if single and "RoundingAmount" in row:
        answer["RoundingAmount"] = row["RoundingAmount"]
    if not summary:
        answer |= {"Payments": payments(org, row), "Prepayments": [], "Overpayments": [],
                   "CreditNotes": _credits(org, row)}
    return answer


def _credit_note(org, row, summary):
    answer = {
        "RemainingCredit": outstanding(row) if row["Status"] in ("AUTHORISED", "PAID") or (
            row["Status"] in ("DRAFT", "SUBMITTED")) else wire.ZERO,
    }
    if not summary:
        answer |= {"Payments": payments(org, row), "Allocations": [
            {"AllocationID": part["AllocationID"], "Amount": part["Amount"],
             "Date": wire.day_text(part["Date"]),
             "Invoice": stub(org.invoices.get(part["InvoiceID"]))} for part in row["allocations"]]}
    return answer


def payments(org, row):
    """The payments inside a document, short."""
    return [{
        "PaymentID": pay["PaymentID"], "Date": wire.day_text(pay["Date"]),
        "Amount": pay["Amount"], "CurrencyRate": pay["CurrencyRate"],
        "Reference": pay["Reference"], "HasAccount": False, "HasValidationErrors": False,
    } for pay in map(org.payments.get, row["payments"])]


def _credits(org, row):
    result = []
    for part in row["allocations"]:
        note = org.credit_notes.get(part["CreditNoteID"])
        result.append({
            "CreditNoteID": part["CreditNoteID"], "CreditNoteNumber": note["CreditNoteNumber"],
            "AppliedAmount": part["Amount"], "Total": note["Total"],
            **_day("Date", part["Date"]), "LineItems": [],
        })
    return result


def stub(row):
    """A document inside another object: its id and number."""
    kind = kind_of(row)
    return {kind.id_field: row[kind.id_field], kind.number_field: row[kind.number_field],
            "Type": row["Type"], "LineItems": []}


def paid_document(org, row):
    """The document inside a payment."""
    return {
        **stub(row), "CurrencyCode": row["CurrencyCode"],
        "Contact": contacts.brief(org.contacts.get(row["contact_id"])),
    }


def _day(key, iso):
    return {key + "String": wire.day_string(iso), key: wire.day_text(iso)} if iso else {}


def direction(row):
    """AR or AP, for the type of a payment."""
    return "AR" if is_sale(row) else "AP"
