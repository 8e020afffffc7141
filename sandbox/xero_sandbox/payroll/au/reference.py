"""Settings and super funds of AU 1.0 (facts, 4.2; operations getSettings, getSuperfunds,
createSuperfund, getSuperfund, updateSuperfund, getSuperfundProducts)."""

import uuid

from ... import fields
from ...errors import Invalid
from ..rules import timesheets
from . import body

ACCOUNTS = {"WAGESPAYABLELIABILITY": "804", "PAYGLIABILITY": "825", "SUPERANNUATIONEXPENSE": "478",
            "SUPERANNUATIONLIABILITY": "826", "WAGESEXPENSE": "477"}
FUND_TYPES = ("REGULATED", "SMSF")
FUND_FIELDS = ("Name", "ABN", "BSB", "AccountNumber", "AccountName", "ElectronicServiceAddress",
               "EmployerNumber", "SPIN", "USI")
PRODUCTS = ({"ABN": "40022701955", "USI": "MLC0100AU", "ProductName": "MLC Navigator"},
            {"ABN": "65714394898", "USI": "STA0100AU", "ProductName": "AustralianSuper"})
PAYROLL_DAYS = 365


def get_settings(call):
    """GET /Settings: payroll accounts by type and the tracking categories in use."""
    org = call.org
    rows = [("BANK", next(row for row in org.accounts if row["Type"] == "BANK"))]
    rows += [(kind, org.accounts.find("code", code)) for kind, code in ACCOUNTS.items()]
    groups, hours = timesheets.group_category(org), timesheets.timesheet_category(org)
    return {"Settings": {
        "Accounts": [{"AccountID": row["AccountID"], "Type": kind, "Code": row.get("Code"),
                      "Name": row["Name"]} for kind, row in rows if row],
        "TrackingCategories": {"EmployeeGroups": _category(groups),
                               "TimesheetCategories": _category(hours)},
        "DaysInPayrollYear": PAYROLL_DAYS, "EmployeesAreSTP2": True}}


def _category(row):
    return {"TrackingCategoryID": row["TrackingCategoryID"],
            "TrackingCategoryName": row["Name"]} if row else {}


def shown(_org, row):
    """A fund as it was sent."""
    return {"SuperFundID": row["id"], **row["more"]}


def get_funds(call):
    """GET /Superfunds."""
    rows = body.listing(call, call.org.payroll.super_funds, shown)
    return {"SuperFunds": [shown(call.org, row) | body.stamped(row) for row in rows]}


def get_fund(call, SuperFundID):
    """GET /Superfunds/{SuperFundID}."""
    row = body.found(call.org.payroll.super_funds, SuperFundID)
    return {"SuperFunds": [shown(call.org, row) | body.stamped(row)]}


def post_funds(call):
    """POST /Superfunds."""
    return body.batch(call, "SuperFunds", "SuperFundID", _save)


def post_fund(call, SuperFundID):
    """POST /Superfunds/{SuperFundID}."""
    row = body.found(call.org.payroll.super_funds, SuperFundID)
    return body.update(call, "SuperFunds", "SuperFundID", row["id"], _save)


def _save(org, element, key=None):
    key = key or fields.guid(element, "SuperFundID")
    old = org.payroll.super_funds.get(key)
    kind = fields.choice(element, "Type", FUND_TYPES) or (old and old["more"]["Type"])
    more = {**(old["more"] if old else {}), "Type": kind, **{
        name: fields.text(element, name) for name in FUND_FIELDS if element.get(name)}}
    if not kind:
        raise Invalid("The Type field is required.")
    needed = ("USI",) if kind == "REGULATED" else (
        "ABN", "BSB", "AccountNumber", "AccountName", "ElectronicServiceAddress")
    missing = [f"The {name} field is required." for name in needed if not more.get(name)]
    if missing:
        raise Invalid(*missing)
    row = org.payroll.super_funds.put({"id": key if old else str(uuid.uuid4()), "more": more,
                                       "updated": org.stamp()})
    return shown(org, row) | body.stamped(row)


def get_products(call):
    """GET /SuperfundProducts?ABN= or ?USI=: a look-up of regulated funds."""
    return {"SuperFundProducts": [row for row in PRODUCTS if all(
        row[name] == call.args[name] for name in ("ABN", "USI") if name in call.args)]}


_ONE = "/Superfunds/<SuperFundID>"
ROUTES = [
    ("GET", "/Settings", get_settings), ("GET", "/Superfunds", get_funds),
    ("POST", "/Superfunds", post_funds), ("GET", _ONE, get_fund), ("POST", _ONE, post_fund),
    ("GET", "/SuperfundProducts", get_products),
]
