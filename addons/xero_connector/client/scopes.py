"""Granular OAuth scopes, computed from what a connection uses (facts, section 1.5)."""

IDENTITY = ("openid", "profile", "email", "offline_access")
FEATURES = {
    "settings": ("accounting.settings",),
    "contacts": ("accounting.contacts",),
    "documents": ("accounting.invoices",),
    "payments": ("accounting.payments",),
    "attachments": ("accounting.attachments",),
    "bank": ("accounting.banktransactions",),
    "journals": ("accounting.manualjournals",),
    "trial_balance": ("accounting.reports.trialbalance.read",),
    "payroll": (
        "payroll.employees",
        "payroll.payruns",
        "payroll.payslip",
        "payroll.settings",
        "payroll.timesheets",
    ),
}
# What every connection calls; a switch may add its own.
ENABLED = ("settings", "contacts", "documents", "payments", "bank", "journals", "trial_balance")


def scopes_for(features=ENABLED):
    """Scopes to ask for.

    :param features: keys of :data:`FEATURES`
    :return: list of scope names, identity scopes first, without repeats
    """
    wanted = [*IDENTITY, *(scope for feature in features for scope in FEATURES[feature])]
    return list(dict.fromkeys(wanted))


def missing_scopes(granted, features=ENABLED):
    """Scopes that `features` need and `granted` (a space separated text) does not hold.

    A ``.read`` need is met by the scope without ``.read``, too.
    """
    held = set((granted or "").split())
    return [scope for scope in scopes_for(features) if scope not in held and scope.removesuffix(".read") not in held]
