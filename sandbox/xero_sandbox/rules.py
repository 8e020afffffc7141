"""Small rules that several parts need."""

ASSET = ("BANK", "CURRENT", "FIXED", "INVENTORY", "NONCURRENT", "PREPAYMENT")
LIABILITY = ("CURRLIAB", "LIABILITY", "TERMLIAB", "PAYG")
REVENUE = ("OTHERINCOME", "REVENUE", "SALES")


def account_class(account):
    """Class of an account (ASSET, EQUITY, EXPENSE, LIABILITY, REVENUE) from its type."""
    kind = account["Type"]
    if kind in ASSET:
        return "ASSET"
    if kind in LIABILITY:
        return "LIABILITY"
    if kind in REVENUE:
        return "REVENUE"
    return "EQUITY" if kind == "EQUITY" else "EXPENSE"


def name_key(name):
    """How Xero compares contact names: case and spacing do not count."""
    return " ".join(name.split()).casefold()
