"""Purchase orders in Xero's own screens."""

from types import SimpleNamespace

from ..documents import purchase_orders, save
from ..documents.kinds import INVOICE
from .rows import find

UI = "xero-ui"
LINE = ("Description", "Quantity", "UnitAmount", "AccountCode", "TaxType", "ItemCode")


def create_order(org, request):
    """{purchase_order: element as in the API}; a number that is taken is refused here."""
    element = request["purchase_order"]
    number = element.get("PurchaseOrderNumber")
    if number and purchase_orders.find(org, number):
        raise ValueError("PurchaseOrder # must be unique.")
    return purchase_orders.save(_call(org), element)[0]


def edit_order(org, request):
    """{purchase_order: id, values: {field: value}}."""
    return _save(org, request, request["values"])


def approve_order(org, request):
    """{purchase_order: id}: to AUTHORISED."""
    return _save(org, request, {"Status": "AUTHORISED"})


def delete_order(org, request):
    """{purchase_order: id}."""
    return _save(org, request, {"Status": "DELETED"})


def bill(org, request):
    """{purchase_order: id}: copy an approved order to a draft bill; it is BILLED then."""
    row = find(org.purchase_orders, request["purchase_order"])
    save.save(_call(org), INVOICE, {
        "Type": "ACCPAY", "Contact": {"ContactID": row["contact_id"]}, "Date": row["Date"],
        "Reference": row["PurchaseOrderNumber"], "CurrencyCode": row["CurrencyCode"],
        "LineAmountTypes": row["LineAmountTypes"],
        "LineItems": [{key: line[key] for key in LINE if key in line}
                      for line in row["LineItems"]]}, create_only=True)
    return _save(org, request, {"Status": "BILLED"})


def _save(org, request, values):
    row = find(org.purchase_orders, request["purchase_order"])
    return purchase_orders.save(_call(org), values, order_id=row["PurchaseOrderID"])[0]


def _call(org):
    return SimpleNamespace(org=org, app=UI, unit_places=4)
