"""Items (operations getItems, createItems, updateOrCreateItems, getItem, updateItem,
deleteItem). Untracked items only: there is no stock in the sandbox."""

import uuid

from .. import fields, query, wire
from ..errors import Invalid, NotFound, ValidationFailed

TEXTS = {"Code": 30, "Name": 50, "Description": 4000, "PurchaseDescription": 4000}
SIDES = {"SalesDetails": "IsSold", "PurchaseDetails": "IsPurchased"}


def render(call, item):
    """The item as the API answers it; prices have 2 decimals without unitdp=4."""
    row = {"IsTrackedAsInventory": False, **item}
    del row["updated"]
    for side in SIDES:
        details = dict(row.get(side) or {})
        if "UnitPrice" in details:
            details["UnitPrice"] = wire.rounded(details["UnitPrice"], call.unit_places)
        row[side] = details
    return {**row, "UpdatedDateUTC": wire.stamp_text(item["updated"])}


def get_items(call):
    """GET /Items: the whole price list, not paged."""
    rows, _extra = query.select(call, call.org.items, paged=False, extra_fields=_extra_fields)
    return {"Items": [render(call, row) for row in rows]}


def _extra_fields(row, path):
    if path in ("Name", "Description", "PurchaseDescription", "QuantityOnHand"):
        return None
    if path == "IsTrackedAsInventory":
        return False
    side, _dot, key = path.partition(".")
    if side in SIDES and key in ("UnitPrice", "AccountCode", "TaxType"):
        return (row.get(side) or {}).get(key)
    raise KeyError(path)


def get_item(call, ItemID):
    """GET /Items/{ItemID}, which also takes a Code."""
    return {"Items": [render(call, _find(call, ItemID))]}


def put_items(call):
    """PUT /Items: create only."""
    return call.batch("Items", _save_one(True), "ItemID")


def post_items(call):
    """POST /Items: create, or update by ItemID or Code."""
    return call.batch("Items", _save_one(False), "ItemID")


def post_item(call, ItemID):
    """POST /Items/{ItemID}: update."""
    row = _find(call, ItemID)
    return call.batch("Items", _save_one(False, row["ItemID"]), "ItemID", single=True)


def delete_item(call, ItemID):
    """DELETE /Items/{ItemID}: 204, refused once used on a document."""
    row = _find(call, ItemID)
    org = call.org
    if any(line.get("ItemCode") == row["Code"] for table in (org.invoices, org.credit_notes)
           for document in table for line in document["LineItems"]):
        raise ValidationFailed([{"ItemID": row["ItemID"], "ValidationErrors": [
            {"Message": "Item cannot be deleted because it is used on a transaction."}]}])
    with org.transaction():
        org.items.remove(row["ItemID"])


def _find(call, key):
    row = call.org.items.get(key) or call.org.items.find("code", key)
    if row is None:
        raise NotFound
    return row


def _save_one(create_only, item_id=None):
    def save_one(call, element):
        return render(call, save(call, element, create_only, item_id)), []
    return save_one


def save(call, element, create_only=False, item_id=None):
    """Create or update an item from a request element; :raises Invalid: with Xero's texts."""
    org = call.org
    code = fields.text(element, "Code", 30)
    item_id = item_id or fields.guid(element, "ItemID")
    old = org.items.get(item_id) if item_id and item_id != wire.ZERO_GUID else None
    if item_id and old is None and item_id != wire.ZERO_GUID:
        raise NotFound
    holder = org.items.find("code", code)
    if create_only and holder:
        raise Invalid(f"Price List Item with Code '{code}' already exists")
    old = old or holder
    row = dict(old) if old else {"ItemID": str(uuid.uuid4()), "IsSold": False,
                                 "IsPurchased": False, "Name": "", "Description": ""}
    if not code and not old:
        raise Invalid("Price List Item Code must be specified")
    for key, limit in TEXTS.items():
        value = fields.text(element, key, limit)
        if value is not None:
            row[key] = value
    if holder and holder["ItemID"] != row["ItemID"]:
        raise Invalid(f"Price List Item with Code '{code}' already exists")
    if element.get("InventoryAssetAccountCode"):
        raise Invalid("Tracked inventory is not supported by this organisation.")
    for side, switch in SIDES.items():
        _side(call, row, element, side, switch)
    row["updated"] = org.stamp()
    org.note(row["ItemID"], "Edited" if old else "Created")
    return org.items.put(row)


def _side(call, row, element, side, switch):
    details = fields.obj(element, side)
    active = fields.flag(element, switch)
    if details is not None:
        kept = dict(row.get(side) or {})
        for key in ("AccountCode", "TaxType", "COGSAccountCode"):
            value = fields.text(details, key)
            if value is not None:
                kept[key] = value
        price = fields.number(details, "UnitPrice")
        if price is not None:
            kept["UnitPrice"] = wire.rounded(price, call.unit_places)
        account = call.org.accounts.find("code", kept.get("AccountCode"))
        if kept.get("AccountCode") and (account is None or account["Status"] != "ACTIVE"):
            raise Invalid(f"Account code '{kept['AccountCode']}' is not a valid code for this"
                          " document.")
        if kept.get("TaxType") and kept["TaxType"] not in call.org.tax_rates.rows:
            raise Invalid(f"The TaxType code {kept['TaxType']} does not exist or cannot be used"
                          " for this type of transaction.")
        row[side] = kept
        row[switch] = True
    if active is not None:
        row[switch] = active
    if not row[switch]:
        row[side] = {}


ROUTES = [
    ("GET", "/Items", get_items), ("PUT", "/Items", put_items), ("POST", "/Items", post_items),
    ("GET", "/Items/<ItemID>", get_item), ("POST", "/Items/<ItemID>", post_item),
    ("DELETE", "/Items/<ItemID>", delete_item),
]
