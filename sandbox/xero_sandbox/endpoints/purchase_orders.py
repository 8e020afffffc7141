"""Purchase orders (operations getPurchaseOrders, createPurchaseOrders,
updateOrCreatePurchaseOrders, getPurchaseOrder, getPurchaseOrderByNumber, updatePurchaseOrder)."""

from .. import query, wire
from ..documents import purchase_orders, render
from ..errors import BadRequest, NotFound
from . import contacts

KEPT_BACK = ("contact_id", "updated", "TotalDiscount", "LineItems", "Date",
             *purchase_orders.DAYS)


def get_orders(call):
    """GET /PurchaseOrders: always paged, deleted ones too (the specification's example)."""
    rows, extra = query.select(call, call.org.purchase_orders, _filtered(call), paged=True)
    return {**extra, "PurchaseOrders": [_answer(call.org, row) for row in rows]}


def get_order(call, PurchaseOrderID):
    """GET /PurchaseOrders/{PurchaseOrderID} or {PurchaseOrderNumber}."""
    return {"PurchaseOrders": [_answer(call.org, _find(call, PurchaseOrderID), single=True)]}


def put_orders(call):
    """PUT /PurchaseOrders: create a list."""
    return call.batch("PurchaseOrders", _save(create_only=True), "PurchaseOrderID")


def post_orders(call):
    """POST /PurchaseOrders: create or update a list."""
    return call.batch("PurchaseOrders", _save(), "PurchaseOrderID")


def post_order(call, PurchaseOrderID):
    """POST /PurchaseOrders/{PurchaseOrderID}: update one."""
    row = _find(call, PurchaseOrderID)
    return call.batch("PurchaseOrders", _save(order_id=row["PurchaseOrderID"]),
                      "PurchaseOrderID", single=True)


def _save(**how):
    def save(call, element):
        row, warnings = purchase_orders.save(call, element, **how)
        return _answer(call.org, row, single=True), warnings
    return save


def _find(call, key):
    row = purchase_orders.find(call.org, key)
    if row is None:
        raise NotFound
    return row


def _filtered(call):
    """The rows that Status, DateFrom and DateTo leave, None without any of them."""
    status = call.args.get("Status")
    first, last = _day(call, "DateFrom"), _day(call, "DateTo")
    if status is not None and status not in purchase_orders.STATUSES:
        raise BadRequest("QueryParseException", f"Status {status} is not known")
    if not (status or first or last):
        return None
    return [row for row in call.org.purchase_orders
            if status in (None, row["Status"])
            and (first or "") <= row["Date"] <= (last or "9999")]


def _day(call, name):
    text = call.args.get(name)
    if not text:
        return None
    try:
        return wire.parse_day(text)
    except ValueError:
        raise BadRequest("QueryParseException", f"{name} must be a date") from None


def _answer(org, row, single=False):
    """An order; single: with all details of its contact."""
    contact = org.contacts.get(row["contact_id"])
    answer = {key: value for key, value in row.items()
              if key not in KEPT_BACK and value is not None}
    answer |= {
        "Type": "PURCHASEORDER", "HasErrors": False,
        "HasAttachments": org.has_files(row["PurchaseOrderID"]),
        "IsDiscounted": bool(row["TotalDiscount"]),
        "Contact": contacts.render(org, contact) if single else contacts.brief(contact),
        "LineItems": [render.line(part, purchase_orders.PLACES) for part in row["LineItems"]],
        "UpdatedDateUTC": wire.stamp_text(row["updated"]),
    }
    if row["TotalDiscount"]:
        answer["TotalDiscount"] = row["TotalDiscount"]
    for key in ("Date", *purchase_orders.DAYS):
        answer |= render.day(key, row[key])
    return answer


_ONE = "/PurchaseOrders/<PurchaseOrderID>"
ROUTES = [
    ("GET", "/PurchaseOrders", get_orders), ("PUT", "/PurchaseOrders", put_orders),
    ("POST", "/PurchaseOrders", post_orders), ("GET", _ONE, get_order),
    ("POST", _ONE, post_order),
]
