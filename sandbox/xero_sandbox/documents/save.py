"""Create and update invoices, bills and credit notes (facts, sections 2.5 and 3.2 to 3.4)."""

import uuid
from decimal import Decimal

from .. import fields, totals
from ..errors import Invalid, NotFound
from ..wire import ZERO, ZERO_GUID, money
from . import checks, posting, states
from .kinds import EDITABLE, INVOICE, is_sale
from .lines import LineReader, pairs

FINAL = ("SUBMITTED", "AUTHORISED")
AMOUNT_TYPES = ("Exclusive", "Inclusive", "NoTax")
STATUSES = ("DRAFT", "SUBMITTED", "AUTHORISED", "PAID", "VOIDED", "DELETED")
TEXTS = {"Reference": 255, "Url": None, "BrandingThemeID": None}
DAYS = ("ExpectedPaymentDate", "PlannedPaymentDate")
# Edits of part-paid documents that leave UpdatedDateUTC as it is (facts, section 2.4).
SILENT = {"InvoiceID", "Type", "Status", "DueDate"}
MAX_ROUNDING = Decimal("0.10")


def save(call, kind, element, create_only=False, doc_id=None):
    """Create or update one document from a request element.

    :returns: the stored row and a list of warnings.
    :raises Invalid: with Xero's texts; :raises NotFound: unknown document or contact id.
    """
    org = call.org
    old = locate(org, kind, element, create_only, doc_id)
    status = fields.choice(element, "Status", STATUSES)
    if old is None:
        status = status or "DRAFT"
        if status not in EDITABLE:
            raise Invalid(f"{kind.label} not of valid status for creation")
        if fields.choice(element, "Type", (kind.sales, kind.purchase)) is None:
            raise Invalid("The Type field must be specified.")
        return _build(call, kind, element, None, status)
    status = states.check_update(kind, old, element, status)
    if status in ("VOIDED", "DELETED"):
        return retire(org, kind, old, status), []
    if old["paid"] or old["credited"]:
        return _edit_paid_bill(call, kind, element, old), []
    return _build(call, kind, element, old, status)


def locate(org, kind, element, create_only, doc_id):
    """The document an element means, or None for a new one.

    POST without an id but with the number of an existing sales document edits that one.
    """
    rows = kind.rows(org)
    given = doc_id or fields.guid(element, kind.id_field)
    if given and given != ZERO_GUID:
        row = rows.get(given)
        if row is None:
            raise NotFound
        if create_only:
            raise Invalid(f"{kind.label} not of valid status for creation")
        return row
    number = fields.text(element, kind.number_field)
    if create_only or not number or element.get("Type", kind.sales) != kind.sales:
        return None
    return rows.find("number", number)


def retire(org, kind, row, status):
    """Void an approved or delete an unapproved document; final.

    :raises Invalid: when its date is locked.
    """
    if status == "VOIDED":
        errors = checks.lock_errors(org, row["Date"])
        if errors:
            raise Invalid(*errors)
        org.ledger.reverse(row[kind.id_field])
    row = {**row, "Status": status, "FullyPaidOnDate": None, "updated": org.stamp()}
    org.note(row[kind.id_field], status.capitalize())
    return kind.rows(org).put(row)


def _build(call, kind, element, old, status):
    """A new or changed document, checked as a whole; all reasons are collected."""
    org = call.org
    errors = []
    contact = checks.resolve_contact(org, element) if old is None or element.get("Contact") \
        else org.contacts.get(old["contact_id"])
    row = _header(call, kind, element, old, status, contact)
    sale = is_sale(row)
    old_dates = [old["Date"]] if old and old["Status"] == "AUTHORISED" else []
    errors += checks.lock_errors(org, row["Date"], *old_dates)
    warnings = []
    try:
        row["CurrencyCode"], row["CurrencyRate"], warnings = checks.currency_and_rate(
            org, element, contact, old)
    except Invalid as error:
        errors += error.messages
    errors += _number(org, kind, element, row, old)
    errors += _lines(call, kind, element, row, old)
    if errors:
        raise Invalid(*errors)
    _totals(org, kind, element, row)
    if row["Total"] < 0:
        raise Invalid("The document total must not be negative.")
    if old:
        org.ledger.reverse(row[kind.id_field])
    if row["Status"] == "AUTHORISED":
        posting.post(org, row)
        if not row["Total"]:
            row |= {"Status": "PAID", "FullyPaidOnDate": row["Date"]}
    checks.mark_contact(org, contact, sale)
    approved = row["Status"] == "AUTHORISED" and (not old or old["Status"] != "AUTHORISED")
    org.note(row[kind.id_field], "Approved" if approved else "Edited" if old else "Created")
    return kind.rows(org).put(row), warnings


def _header(call, kind, element, old, status, contact):
    row = dict(old) if old else {
        kind.id_field: str(uuid.uuid4()), "Type": element["Type"], "LineAmountTypes": "Exclusive",
        "Reference": "", "paid": ZERO, "credited": ZERO, "payments": [], "allocations": [],
        "FullyPaidOnDate": None, "SentToContact": False, "DueDate": None, "app": call.app,
    }
    row |= {"Status": status, "contact_id": contact["ContactID"], "updated": call.org.stamp()}
    row["Date"] = fields.day(element, "Date") or row.get("Date") or call.org.today()
    row["DueDate"] = fields.day(element, "DueDate") or row["DueDate"]
    row["LineAmountTypes"] = fields.choice(
        element, "LineAmountTypes", AMOUNT_TYPES) or row["LineAmountTypes"]
    for key, limit in TEXTS.items():
        value = fields.text(element, key, limit)
        if value is not None and (key != "Url" or kind is INVOICE):
            row[key] = value
    for key in DAYS if kind is INVOICE else ():
        row[key] = fields.day(element, key) or row.get(key)
    row["SentToContact"] = bool(fields.flag(element, "SentToContact")) or row["SentToContact"]
    if row.get("BrandingThemeID") and not call.org.branding.get(row["BrandingThemeID"]):
        raise Invalid("The branding theme could not be found.")
    if "xero" in row.get("Url", "").lower():
        raise Invalid("Url must not contain 'xero'.")
    return row


def _number(org, kind, element, row, old):
    """Set the document's number; returns errors."""
    number = fields.text(element, kind.number_field, 255)
    if row["Type"] != kind.sales:
        row[kind.number_field] = (
            number if number is not None else (old or {}).get(kind.number_field, ""))
        return []
    if not number:
        row[kind.number_field] = old[kind.number_field] if old else org.take_number(
            row["Type"], kind.prefix, kind.rows(org))
        return []
    holder = kind.rows(org).find("number", number)
    row[kind.number_field] = number
    if holder and holder[kind.id_field] != row[kind.id_field]:
        return [f"{kind.label} # must be unique."]
    return []


def _lines(call, kind, element, row, old):
    """Set the document's lines; returns errors. Lines that are not sent stay."""
    final = row["Status"] in FINAL
    errors = []
    if final and kind is INVOICE and not row["DueDate"]:
        errors.append("The document DueDate field must be specified.")
    sent = fields.array(element, "LineItems")
    old_lines = old["LineItems"] if old else []
    if sent is None and old:
        sent = [_resend(line) for line in old_lines]
    if not sent:
        return [*errors, "One or more line items must be specified"]
    reader = LineReader(call.org, is_sale(row), row["Type"] == "ACCREC", row["LineAmountTypes"],
                        final, 4 if element.get("LineItems") is None else call.unit_places)
    lines = reader.read(sent, old_lines)
    untouched = element.get("LineItems") is None and (
        row["LineAmountTypes"] == old["LineAmountTypes"])
    row["LineItems"] = old_lines if untouched else lines
    return errors + reader.errors


def _resend(line):
    """A stored line as if the client had sent it again; its amounts are computed anew."""
    return {key: value for key, value in line.items()
            if key not in ("LineAmount", "TaxAmount") and value != []}


def _totals(org, kind, element, row):
    row["SubTotal"], row["TotalTax"], row["Total"] = totals.document_totals(
        pairs(row["LineItems"]), row["LineAmountTypes"])
    discount = sum((_discount_of(line) for line in row["LineItems"]), ZERO)
    row["TotalDiscount"] = discount
    row.pop("RoundingAmount", None)
    rounding = fields.number(element, "RoundingAmount")
    if kind is INVOICE and org.rounding_enabled and rounding:
        _apply_rounding(element, row, money(rounding))


def _apply_rounding(element, row, rounding):
    """The opt-in RoundingAmount (facts 3.2): SUBMITTED and AUTHORISED, all three totals sent."""
    if row["Status"] not in FINAL:
        return
    if any(element.get(key) is None for key in ("SubTotal", "TotalTax", "Total")):
        return
    if abs(rounding) > MAX_ROUNDING:
        raise Invalid("RoundingAmount must be between -0.10 and 0.10.")
    row["RoundingAmount"] = rounding
    row["Total"] += rounding


def _discount_of(line):
    if "DiscountRate" not in line and "DiscountAmount" not in line:
        return ZERO
    return money(line["Quantity"] * line["UnitAmount"]) - line["LineAmount"]


def _edit_paid_bill(call, kind, element, old):
    """The edits that Xero allows on (partly) paid bills since March 2026."""
    org = call.org
    errors = checks.lock_errors(org, old["Date"])
    if errors:
        raise Invalid(*errors)
    contact = checks.resolve_contact(org, element) if element.get("Contact") \
        else org.contacts.get(old["contact_id"])
    row = _header(call, kind, element, old, old["Status"], contact)
    row["InvoiceNumber"] = fields.text(element, "InvoiceNumber", 255) or old["InvoiceNumber"]
    edits = {line["LineItemID"]: line for line in fields.array(element, "LineItems") or []}
    reader = LineReader(org, False, False, row["LineAmountTypes"], True, 4)
    sent = [{**_resend(line), **_moved(edits.get(line["LineItemID"], {}))}
            for line in old["LineItems"]]
    lines = reader.read(sent, old["LineItems"])
    if reader.errors:
        raise Invalid(*reader.errors)
    row["LineItems"] = [
        {**new, **{key: line[key] for key in ("LineAmount", "TaxAmount") if key in line}}
        for new, line in zip(lines, old["LineItems"], strict=True)]
    org.ledger.reverse(row[kind.id_field])
    posting.post(org, row)
    if set(element) <= SILENT:
        row["updated"] = old["updated"]
    org.note(row[kind.id_field], "Edited")
    return kind.rows(org).put(row)


def _moved(edit):
    """An edit of a line; a new AccountCode replaces the old AccountID too."""
    return {**edit, "AccountID": None} if edit.get("AccountCode") else edit
