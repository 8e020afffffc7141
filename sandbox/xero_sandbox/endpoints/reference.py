"""Reference data that is read whole: Organisation, Currencies, BrandingThemes."""

from .. import fields, query, wire
from ..errors import NotFound, unreadable
from ..seeds.countries import CURRENCY_NAMES

ACTIONS = ("CreateApprovedInvoice", "CreateDraftPurchaseOrder", "CreateApprovedBill",
           "AttachFilesIntoInvoice", "UseMulticurrency", "CreateDraftInvoice",
           "CreateRepeatingInvoice", "CreateRepeatingBill", "CreateSentQuote",
           "CreateInvoicePayment", "CreateApprovedPurchaseOrder", "CreateDraftQuote",
           "CreateDraftBill", "CreateManualJournal")
# The connecting user is no adviser.
NOT_ALLOWED = ("ApproveTransactionsBeforePeriodLockDate",)
DAYS = ("PeriodLockDate", "EndOfYearLockDate")


def get_organisation(call):
    """GET /Organisation."""
    details = {key: value for key, value in call.org.details.items() if value is not None}
    for key in DAYS:
        if key in details:
            details[key] = wire.day_text(details[key])
    details["CreatedDateUTC"] = wire.stamp_text(details["CreatedDateUTC"])
    return {"Organisations": [details]}


def get_actions(call):
    """GET /Organisation/Actions: what the connecting user may do."""
    refused = {*NOT_ALLOWED, *call.org.refused_actions}
    return {"Actions": [
        {"Name": name, "Status": "NOT-ALLOWED" if name in refused else "ALLOWED"}
        for name in ACTIONS + NOT_ALLOWED]}


def get_currencies(call):
    """GET /Currencies: no paging, no If-Modified-Since."""
    rows, _extra = query.select(call, call.org.currencies, paged=False, since=False)
    return {"Currencies": rows}


def put_currency(call):
    """PUT /Currencies: subscribe to one currency; there is no way back."""
    element = call.elements("Currencies")[0]
    code = fields.choice(element, "Code", CURRENCY_NAMES)
    if not code:
        raise unreadable("Code is required.")
    with call.org.transaction():
        row = call.org.currencies.put({"Code": code, "Description": CURRENCY_NAMES[code]})
    return {"Currencies": [row]}


def get_branding_themes(call):
    """GET /BrandingThemes."""
    rows = sorted(call.org.branding, key=lambda row: row["SortOrder"])
    return {"BrandingThemes": [_theme(row) for row in rows]}


def get_branding_theme(call, BrandingThemeID):
    """GET /BrandingThemes/{BrandingThemeID}."""
    row = call.org.branding.get(BrandingThemeID)
    if row is None:
        raise NotFound
    return {"BrandingThemes": [_theme(row)]}


def _theme(row):
    return {**row, "CreatedDateUTC": wire.stamp_text(row["CreatedDateUTC"])}


ROUTES = [
    ("GET", "/Organisation", get_organisation), ("GET", "/Organisation/Actions", get_actions),
    ("GET", "/Currencies", get_currencies), ("PUT", "/Currencies", put_currency),
    ("GET", "/BrandingThemes", get_branding_themes),
    ("GET", "/BrandingThemes/<BrandingThemeID>", get_branding_theme),
]
