"""Create and change purchase orders (facts, section 3.3 "PurchaseOrders" and 3.4; operations
createPurchaseOrders, updateOrCreatePurchaseOrders, updatePurchaseOrder). Nothing reaches the
ledger, so lock dates do not bind them.

Stricter than the facts where these are silent: no 4 decimal prices (the operations know no
unitdp), no way back in the status, no edit of a billed order, accounts on all lines of an order
that is not a draft.
"""

import uuid

from .. import fields, totals
from ..errors import Invalid, NotFound
from ..wire import ZERO, ZERO_GUID, money
from . import checks
from .lines import LineReader, pairs

STATUSES = ("DRAFT", "SUBMITTED", "AUTHORISED", "BILLED", "DELETED")
NEW = STATUSES[:3]
FINAL = ("SUBMITTED", "AUTHORISED", "BILLED")
DAYS = ("DeliveryDate", "ExpectedArrivalDate")
TEXTS = {"Reference": 255, "DeliveryAddress": None, "AttentionTo": 255, "Telephone": 50,
         "DeliveryInstructions": 500, "BrandingThemeID": None}
PLACES = 2
BAD_STATUS = "PurchaseOrder status change is invalid"
DELETED = "Deleted PurchaseOrders cannot be updated"


class OrderLines(LineReader):
    """Lines of an order: a DiscountRate (PurchaseOrder.TotalDiscount), no DiscountAmount (its
    description in the specification names invoices and quotes only)."""

    def _discounts(self, element):
        if fields.number(element, "DiscountAmount"):
            raise Invalid("DiscountAmount can only be applied to accounts receivable invoices and"
                          " quotes.")
        return super()._discounts(element)


def save(call, element, create_only=False, order_id=None):
    """Create or update one order from a request element.

    A create whose number a live order has edits that order and reports success (facts, 3.3).

    :returns: the stored row and a list of warnings.
    :raises Invalid: with Xero's texts; :raises NotFound: unknown order or contact id.
    """
    org = call.org
    old = _locate(org, element, create_only, order_id)
    status = _status(old, fields.choice(element, "Status", STATUSES))
    if status == "DELETED":
        org.note(old["PurchaseOrderID"], "Deleted")
        return org.purchase_orders.put({**old, "Status": status, "updated": org.stamp()}), []
    contact = _contact(org, element) if old is None or element.get("Contact") \
        else org.contacts.get(old["contact_id"])
    row = _header(org, element, old, status, contact)
    row["CurrencyCode"], row["CurrencyRate"], warnings = checks.currency_and_rate(
        org, element, contact, old)
    row["LineItems"] = _lines(org, element, old, row)
    row["SubTotal"], row["TotalTax"], row["Total"] = totals.document_totals(
        pairs(row["LineItems"]), row["LineAmountTypes"])
    row["TotalDiscount"] = sum((
        money(line["Quantity"] * line["UnitAmount"]) - line["LineAmount"]
        for line in row["LineItems"] if "DiscountRate" in line), ZERO)
    if row["Total"] < 0:
        raise Invalid("The document total must not be negative.")
    org.note(row["PurchaseOrderID"], _change(old, status))
    return org.purchase_orders.put(row), warnings


def find(org, key):
    """The order with this id or number, or None."""
    rows = org.purchase_orders
    return rows.get(key) or rows.find("number", number_key(key))


def number_key(number):
    """How Xero compares numbers: upper and lower case are the same."""
    return number.upper()


def _locate(org, element, create_only, order_id):
    given = order_id or fields.guid(element, "PurchaseOrderID")
    if given and given != ZERO_GUID:
        row = org.purchase_orders.get(given)
        if row is None:
            raise NotFound
        if create_only:
            raise Invalid("PurchaseOrder not of valid status for creation")
        return row
    number = fields.text(element, "PurchaseOrderNumber", 255)
    return org.purchase_orders.find("number", number_key(number)) if number else None


def _status(old, sent):
    """The status after the write.

    :raises Invalid: the order is final, or the change leads backwards.
    """
    if old is None:
        if (sent or "DRAFT") not in NEW:
            raise Invalid(BAD_STATUS)
        return sent or "DRAFT"
    current = old["Status"]
    if current == "DELETED":
        raise Invalid(BAD_STATUS, DELETED)
    if sent == "DELETED":
        return sent
    if current == "BILLED":
        raise Invalid(BAD_STATUS)
    if sent is None or sent == current:
        return current
    forward = STATUSES.index(sent) > STATUSES.index(current)
    if not forward or (sent == "BILLED" and current != "AUTHORISED"):
        raise Invalid(BAD_STATUS)
    return sent


def _contact(org, element):
    """The contact, which must exist: a bare name makes none here."""
    sent = fields.obj(element, "Contact")
    if sent and not checks.find_contact(org, sent):
        raise Invalid("A valid Contact must be specified for a purchase order.")
    return checks.resolve_contact(org, element)


def _header(org, element, old, status, contact):
    row = dict(old) if old else {
        "PurchaseOrderID": str(uuid.uuid4()), "LineAmountTypes": "Exclusive", "Reference": "",
        "SentToContact": False}
    row |= {"Status": status, "contact_id": contact["ContactID"], "updated": org.stamp()}
    row["Date"] = fields.day(element, "Date") or row.get("Date") or org.today()
    for key in DAYS:
        row[key] = fields.day(element, key) or row.get(key)
    for key, limit in TEXTS.items():
        value = fields.text(element, key, limit)
        if value is not None:
            row[key] = value
    row["LineAmountTypes"] = fields.choice(
        element, "LineAmountTypes", ("Exclusive", "Inclusive", "NoTax")) or row["LineAmountTypes"]
    if fields.flag(element, "SentToContact"):
        if status not in ("AUTHORISED", "BILLED"):
            raise Invalid("SentToContact can only be set on approved or billed purchase orders.")
        row["SentToContact"] = True
    if row.get("BrandingThemeID") and not org.branding.get(row["BrandingThemeID"]):
        raise Invalid("The branding theme could not be found.")
    row["PurchaseOrderNumber"] = _number(org, element, row)
    return row


def _number(org, element, row):
    number = fields.text(element, "PurchaseOrderNumber", 255)
    if not number:
        return row.get("PurchaseOrderNumber") or org.take_number(
            "PURCHASEORDER", "PO", org.purchase_orders)
    holder = org.purchase_orders.find("number", number_key(number))
    if holder and holder["PurchaseOrderID"] != row["PurchaseOrderID"]:
        raise Invalid("PurchaseOrder # must be unique.")
    return number


def _lines(org, element, old, row):
    sent = fields.array(element, "LineItems")
    if sent is None and old:
        return old["LineItems"]
    if not sent:
        raise Invalid("One or more line items must be specified")
    reader = OrderLines(org, False, True, row["LineAmountTypes"], row["Status"] in FINAL, PLACES)
    lines = reader.read(sent, old["LineItems"] if old else ())
    if reader.errors:
        raise Invalid(*reader.errors)
    return lines


def _change(old, status):
    if status in ("AUTHORISED", "BILLED") and (not old or old["Status"] != status):
        return "Approved" if status == "AUTHORISED" else "Billed"
    return "Edited" if old else "Created"
