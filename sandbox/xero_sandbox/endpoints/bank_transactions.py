"""BankTransactions: money spent and received, overpayments, prepayments (facts, section 3.3;
operations getBankTransactions, createBankTransactions, getBankTransaction,
updateBankTransaction). They are created and deleted; other edits are refused."""

from .. import query, wire
from ..documents import bank, render
from ..errors import Invalid, NotFound
from . import contacts


def get_transactions(call):
    """GET /BankTransactions: lines and contact details only when paged."""
    plain = call.since is None and "where" not in call.args
    rows, extra = query.select(call, call.org.bank_transactions, shown=plain,
                               extra_fields=_extra_fields(call.org))
    return {**extra, "BankTransactions": [
        _answer(call, row, lines=bool(extra)) for row in rows]}


def get_transaction(call, BankTransactionID):
    """GET /BankTransactions/{BankTransactionID}."""
    return {"BankTransactions": [_answer(call, _find(call, BankTransactionID), single=True)]}


def put_transactions(call):
    """PUT /BankTransactions: create a list."""
    def save(call, element):
        row = bank.create(call.org, element, call.unit_places, reference=False)
        return _answer(call, row, single=True), []

    return call.batch("BankTransactions", save, "BankTransactionID")


def post_transaction(call, BankTransactionID):
    """POST /BankTransactions/{BankTransactionID} with Status DELETED."""
    found = _find(call, BankTransactionID)

    def delete(call, element):
        if element.get("Status") != "DELETED":
            raise Invalid("The sandbox only deletes bank transactions.")
        return _answer(call, bank.remove(call.org, found), single=True), []

    return call.batch("BankTransactions", delete, "BankTransactionID", single=True)


def _extra_fields(org):
    def field(row, path):
        name, _dot, key = path.partition(".")
        if name == "BankAccount" and key in ("AccountID", "Code", "Name"):
            return org.accounts.get(row["account_id"]).get(key)
        if path in ("PrepaymentID", "OverpaymentID"):
            return None
        raise KeyError(path)
    return field


def _find(call, key):
    row = call.org.bank_transactions.get(key)
    if row is None:
        raise NotFound
    return row


def _answer(call, row, lines=True, single=False):
    org = call.org
    account, contact = org.accounts.get(row["account_id"]), org.contacts.get(row["contact_id"])
    answer = {key: value for key, value in row.items()
              if key not in ("account_id", "contact_id", "updated", "Url")}
    if row["Url"]:
        answer["Url"] = row["Url"]
    return answer | {
        "BankAccount": {key: account[key] for key in ("AccountID", "Code", "Name")
                        if key in account},
        "Contact": contacts.render(org, contact) if single else contacts.brief(contact),
        "LineItems": [render.line(part, call.unit_places) for part in row["LineItems"]]
        if lines else [], **render.day("Date", row["Date"]),
        "HasAttachments": org.has_files(row["BankTransactionID"]), "UpdatedDateUTC": wire.stamp_text(row["updated"])}


_ONE = "/BankTransactions/<BankTransactionID>"
ROUTES = [
    ("GET", "/BankTransactions", get_transactions), ("PUT", "/BankTransactions", put_transactions),
    ("GET", _ONE, get_transaction), ("POST", _ONE, post_transaction),
]
