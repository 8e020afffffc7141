"""Granular scopes (facts, section 1.5) and which calls they open."""

IDENTITY = {"openid", "profile", "email", "offline_access"}
_FAMILIES = ("invoices", "payments", "banktransactions", "manualjournals", "settings",
             "contacts", "attachments")
_REPORTS = ("aged", "balancesheet", "banksummary", "budgetsummary", "executivesummary",
            "profitandloss", "taxreports", "trialbalance", "tenninetynine")
_OTHER = {
    "accounting.budgets.read", "accounting.journals.read", "files", "files.read", "assets",
    "assets.read", "projects", "projects.read", "paymentservices", "bankfeeds",
    *(f"payroll.{part}{tail}" for part in (
        "employees", "payruns", "payslip", "timesheets", "settings") for tail in ("", ".read")),
}
GRANULAR = IDENTITY | _OTHER | {
    f"accounting.{family}{tail}" for family in _FAMILIES for tail in ("", ".read")
} | {f"accounting.reports.{report}.read" for report in _REPORTS}
# Only for app-level tokens; asked for in the browser they are denied.
APP_ONLY = {"app.connections", "marketplace.billing"}

# First segment of an API path -> scope families of which one suffices.
_ENDPOINTS = {
    "Organisation": ("settings",), "Accounts": ("settings",), "TaxRates": ("settings",),
    "Currencies": ("settings",), "TrackingCategories": ("settings",),
    "BrandingThemes": ("settings",), "Items": ("settings",),
    "Contacts": ("contacts",), "Invoices": ("invoices",), "CreditNotes": ("invoices",),
    "Payments": ("payments",), "BatchPayments": ("payments",), "Overpayments": ("payments",),
    "Prepayments": ("payments",), "BankTransactions": ("banktransactions",),
    "ContactGroups": ("contacts",), "ManualJournals": ("manualjournals",),
    "PurchaseOrders": ("invoices",),
}
# What lies below an element and has scopes of its own.
_BELOW = {"Attachments": ("attachments",), "CISSettings": ("settings",)}
# The same for payroll, of both its versions; what is not named belongs to payroll.settings.
_PAYROLL = {
    "employees": "employees", "leaveapplications": "employees", "payruns": "payruns",
    "payslip": "payslip", "payslips": "payslip", "timesheets": "timesheets",
}


def allows_payroll(scopes, method, path):
    """Whether a token with ``scopes`` may call ``method`` on a payroll path (facts, 1.5)."""
    first = path.strip("/").split("/")[0].lower()
    wanted = {f"payroll.{_PAYROLL.get(first, 'settings')}"}
    if method == "GET":
        wanted |= {scope + ".read" for scope in wanted}
    return bool(wanted & scopes)


def allows(scopes, method, path):
    """Whether a token with ``scopes`` may call ``method`` on ``/Resource/...``."""
    parts = path.strip("/").split("/")
    if parts[0] == "Reports":
        return f"accounting.reports.{parts[-1].lower()}.read" in scopes
    families = _BELOW.get(parts[2] if len(parts) > 2 else "") or _ENDPOINTS[parts[0]]
    wanted = {f"accounting.{family}" for family in families}
    if method == "GET":
        wanted |= {scope + ".read" for scope in wanted}
    return bool(wanted & scopes)


def split(text):
    """A scope text as a list without duplicates."""
    return list(dict.fromkeys((text or "").split()))
