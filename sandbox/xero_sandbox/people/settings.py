"""Accounts, taxes, tracking, items, lock dates and names in Xero's own screens."""

import uuid
from types import SimpleNamespace

from .. import fields
from ..endpoints import accounts, items
from ..errors import Invalid
from ..seeds.countries import CURRENCY_NAMES
from ..wire import parse_day, rounded
from .documents import UI
from .rows import by_code, change, find


def lock(org, request):
    """{period?: date or null, end_of_year?: date or null}."""
    for key, field in (("period", "PeriodLockDate"), ("end_of_year", "EndOfYearLockDate")):
        if key in request:
            org.details[field] = request[key] and parse_day(request[key])
    return org.details


def rename(org, request):
    """{account: code | tax_rate: TaxType | item: code | category: name, option?: name |
    organisation: true, name}."""
    name = request["name"]
    if "account" in request:
        return change(org, org.accounts, by_code(org, request["account"])["AccountID"], Name=name)
    if "tax_rate" in request:
        return org.tax_rates.put({**org.tax_rates.rows[request["tax_rate"]], "Name": name})
    if "item" in request:
        return change(org, org.items, _item(org, request)["ItemID"], Name=name)
    if "option" in request:
        return _set_option(org, request, Name=name)
    if "category" in request:
        return org.tracking.put({**_category(org, request), "Name": name})
    org.details["Name"] = name
    return org.details


def add_account(org, request):
    """{values: element as in the API}."""
    return accounts.create(org, request["values"])


def edit_account(org, request):
    """{account: code, values: element as in the API}."""
    return accounts.store(org, by_code(org, request["account"]), request["values"])


def archive_account(org, request):
    """{account: code, back?: true to make it active again}."""
    status = "ACTIVE" if request.get("back") else "ARCHIVED"
    return change(org, org.accounts, by_code(org, request["account"])["AccountID"], Status=status)


def deactivate_tax_rate(org, request):
    """{tax_rate: TaxType, status?: DELETED (default) or ARCHIVED}."""
    return org.tax_rates.put({**org.tax_rates.rows[request["tax_rate"]],
                              "Status": request.get("status", "DELETED")})


def subscribe(org, request):
    """{currency: code}."""
    code = request["currency"]
    return org.currencies.put({"Code": code, "Description": CURRENCY_NAMES[code]})


def add_tracking_option(org, request):
    """{category: name, name}; returns the option."""
    row = _category(org, request)
    if any(option["Name"].casefold() == request["name"].casefold() for option in row["Options"]):
        raise Invalid("Please enter a unique Name.")
    option = {"TrackingOptionID": str(uuid.uuid4()), "Name": request["name"], "Status": "ACTIVE"}
    org.tracking.put({**row, "Options": [*row["Options"], option]})
    return option


def archive_tracking(org, request):
    """{category: name, option?: name}: the option, or the whole category."""
    if "option" in request:
        return _set_option(org, request, Status="ARCHIVED")
    return org.tracking.put({**_category(org, request), "Status": "ARCHIVED"})


def create_item(org, request):
    """{values: element as in the API}."""
    return items.save(_call(org), request["values"], create_only=True)


def edit_item(org, request):
    """{item: code, values: element as in the API}."""
    return items.save(_call(org), request["values"], item_id=_item(org, request)["ItemID"])


def delete_item(org, request):
    """{item: code}."""
    row = _item(org, request)
    org.items.remove(row["ItemID"])
    return row


def track_item(org, request):
    """{item: code, quantity, cost: per unit, account: code of type INVENTORY}: stock in Xero.

    The quantity is only shown; the sandbox posts nothing for it.
    """
    row, account = _item(org, request), by_code(org, request["account"])
    if account["Type"] != "INVENTORY":
        raise Invalid("The inventory asset account must be of type INVENTORY.")
    quantity = rounded(fields.number(request, "quantity"), 4)
    return change(org, org.items, row["ItemID"], IsTrackedAsInventory=True, IsSold=True,
                  IsPurchased=True, QuantityOnHand=quantity,
                  TotalCostPool=rounded(quantity * fields.number(request, "cost"), 2),
                  InventoryAssetAccountCode=account["Code"])


def _item(org, request):
    row = org.items.find("code", request["item"])
    return row or find(org.items, request["item"])


def _category(org, request):
    return next((row for row in org.tracking if row["Name"] == request["category"]), None) \
        or find(org.tracking, request["category"])


def _set_option(org, request, **values):
    row = _category(org, request)
    if not any(option["Name"] == request["option"] for option in row["Options"]):
        raise KeyError(request["option"])
    return org.tracking.put({**row, "Options": [
        {**option, **values} if option["Name"] == request["option"] else option
        for option in row["Options"]]})


def _call(org):
    return SimpleNamespace(org=org, app=UI, unit_places=4)
