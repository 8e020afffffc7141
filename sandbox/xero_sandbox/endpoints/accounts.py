"""Accounts (operations getAccounts, createAccount, getAccount, updateAccount, deleteAccount)."""

import uuid

from .. import fields, query, wire
from ..errors import Invalid, NotFound, ValidationFailed
from ..rules import account_class

TYPES = ("BANK", "CURRENT", "CURRLIAB", "DEPRECIATN", "DIRECTCOSTS", "EQUITY", "EXPENSE", "FIXED",
         "INVENTORY", "LIABILITY", "NONCURRENT", "OTHERINCOME", "OVERHEADS", "PREPAYMENT",
         "REVENUE", "SALES", "TERMLIAB", "PAYG")
TEXTS = {"Code": 10, "Name": 150, "Description": 4000, "TaxType": None,
         "BankAccountNumber": None, "CurrencyCode": None, "BankAccountType": None}
FLAGS = ("EnablePaymentsToAccount", "ShowInExpenseClaims", "AddToWatchlist")


def render(account):
    """The account as the API answers it."""
    row = {key: value for key, value in account.items() if key != "updated"}
    return {**row, "Class": account_class(account),
            "UpdatedDateUTC": wire.stamp_text(account["updated"])}


def get_accounts(call):
    """GET /Accounts: all of them, archived ones too; not paged."""
    def computed(row, path):
        if path == "Class":
            return account_class(row)
        if path in ("SystemAccount", "Description", "BankAccountNumber", "CurrencyCode"):
            return None
        raise KeyError(path)

    rows, _extra = query.select(call, call.org.accounts, paged=False, extra_fields=computed)
    return {"Accounts": [render(row) for row in rows]}


def get_account(call, AccountID):
    """GET /Accounts/{AccountID}."""
    return {"Accounts": [render(_find(call, AccountID))]}


def put_account(call):
    """PUT /Accounts: create one."""
    return _one(call, lambda element: create(call.org, element))


def post_account(call, AccountID):
    """POST /Accounts/{AccountID}: change, archive (Status alone) or make active again."""
    account = _find(call, AccountID)
    return _one(call, lambda element: _update(call.org, account, element))


def delete_account(call, AccountID):
    """DELETE /Accounts/{AccountID}: only when unused and not a system account."""
    account = _find(call, AccountID)
    org = call.org
    used = any(line.get("AccountID") == account["AccountID"]
               for table in (org.invoices, org.credit_notes) for row in table
               for line in row["LineItems"])
    used = used or any(row["account_id"] == account["AccountID"]
                       for table in (org.payments, org.bank_transactions) for row in table)
    used = used or any(line["AccountID"] == account["AccountID"]
                       for row in org.manual_journals for line in row["JournalLines"])
    if used or account.get("SystemAccount"):
        text = "Account cannot be deleted because it is in use or is a system account."
        raise ValidationFailed([_refused(account, [text])])
    with org.transaction():
        org.accounts.remove(account["AccountID"])
    return {"Accounts": [{**render(account), "Status": "DELETED"}]}


def _find(call, key):
    row = call.org.accounts.get(key)
    if row is None:
        raise NotFound
    return row


def _one(call, save):
    elements = call.elements("Accounts")
    with call.org.transaction():
        try:
            if len(elements) != 1:
                raise Invalid("Only one account can be processed per request.")
            return {"Accounts": [render(save(elements[0]))]}
        except Invalid as error:
            raise ValidationFailed([_refused(elements[0], error.messages)]) from None


def _refused(element, messages):
    sent = {key: value for key, value in element.items() if key != "updated"}
    return {**sent, "ValidationErrors": [{"Message": message} for message in messages]}


def create(org, element):
    """A new account from a request element; :raises Invalid: with Xero's texts."""
    account = {
        "AccountID": str(uuid.uuid4()), "Status": "ACTIVE",
        "Type": fields.choice(element, "Type", TYPES), "HasAttachments": False,
        **dict.fromkeys(FLAGS, False),
    }
    if account["Type"] is None:
        raise Invalid("The Type field must be specified.")
    default = "BASEXCLUDED" if org.country == "AU" else "NONE"
    return store(org, {**account, "TaxType": default}, element)


def _update(org, account, element):
    status = fields.choice(element, "Status", ("ACTIVE", "ARCHIVED"))
    if status and status != account["Status"]:
        if set(element) - {"Status", "AccountID"}:
            raise Invalid("The Status of an account cannot be changed together with other fields.")
        if account.get("SystemAccount"):
            raise Invalid("System accounts cannot be archived.")
        return org.accounts.put({**account, "Status": status, "updated": org.stamp()})
    if account["Status"] != "ACTIVE":
        raise Invalid("Archived accounts cannot be changed.")
    return store(org, account, element)


def store(org, account, element):
    """The account with what the element says; :raises Invalid: with Xero's texts."""
    account = {**account, "updated": org.stamp()}
    for key, limit in TEXTS.items():
        value = fields.text(element, key, limit)
        if value is not None:
            account[key] = value
    for key in FLAGS:
        value = fields.flag(element, key)
        if value is not None:
            account[key] = value
    own = account["AccountID"]
    if not account.get("Name") or any(
            row["Name"].casefold() == account["Name"].casefold() and row["AccountID"] != own
            for row in org.accounts):
        raise Invalid("Please enter a unique Name.")
    holder = org.accounts.find("code", account.get("Code"))
    if not account.get("Code") and account["Type"] != "BANK" or (
            holder and holder["AccountID"] != own):
        raise Invalid("Please enter a unique Code.")
    if account["TaxType"] not in org.tax_rates.rows:
        raise Invalid(f"The TaxType code {account['TaxType']} does not exist or cannot be used"
                      " for this type of transaction.")
    if account["Type"] == "BANK" and not account.get("BankAccountNumber"):
        raise Invalid("A BankAccountNumber is required for bank accounts.")
    return org.accounts.put(account)


ROUTES = [
    ("GET", "/Accounts", get_accounts), ("PUT", "/Accounts", put_account),
    ("GET", "/Accounts/<AccountID>", get_account),
    ("POST", "/Accounts/<AccountID>", post_account),
    ("DELETE", "/Accounts/<AccountID>", delete_account),
]
