"""Forms on the pages for what people do in Xero's own screens: edit, approve, void, pay, unpay, archive, merge, lock.

What a form sends becomes the request of :func:`as_user.act`, so that the same rules hold.
"""

from decimal import Decimal, InvalidOperation

from .as_user import REFUSALS, act
from .documents.kinds import kind_of, outstanding
from .errors import Invalid
from .html import tag

# What is not text in a request, by its name.
NUMBERS = ("amount",)
# Where nothing typed means that there is none.
EMPTIABLE = ("period", "end_of_year")
VALUES = "values."
LIVE = ("DRAFT", "SUBMITTED")
CHOICES = 500


def do(sandbox, org, form):
    """Do what a form asks for.

    :return: why Xero refuses it, ``None`` when it is done
    """
    try:
        if form["action"] == "disconnect":
            sandbox.oauth.disconnect(org.tenant_id)
        else:
            act(org, _request(form))
    except (*REFUSALS, InvalidOperation) as error:
        return str(error) if isinstance(error, Invalid) else f"{type(error).__name__}: {error}"
    sandbox.changed += 1
    return None


def _request(form):
    request, values = {}, {}
    for name, text in form.items():
        if name.startswith(VALUES):
            if text:
                values[name.removeprefix(VALUES)] = text
        elif name in NUMBERS:
            request[name] = Decimal(text)
        else:
            request[name] = (text or None) if name in EMPTIABLE else text
    return {**request, "values": values} if values else request


def for_organisation(org):
    """Lock dates, the name, and the end of the connection."""
    return _section(
        _form("Lock", {"action": "lock"},
              ("period", "Period lock date", org.details["PeriodLockDate"], "date"),
              ("end_of_year", "End of year lock date", org.details["EndOfYearLockDate"], "date")),
        _form("Rename", {"action": "rename"}, ("name", "Name", org.details["Name"], "text")),
        _form("Disconnect the app", {"action": "disconnect"}))


def for_document(org, row):
    """What can be done with an invoice, a bill or a credit note in its status."""
    kind = kind_of(row)
    key = "invoice" if kind.id_field == "InvoiceID" else "credit_note"
    this = {key: row[kind.id_field]}
    forms = []
    if row["Status"] in LIVE:
        forms += [_form("Approve", {"action": "approve", **this}),
                  _form("Delete", {"action": "delete", **this})]
    if row["Status"] in (*LIVE, "AUTHORISED"):
        dates = [(f"{VALUES}DueDate", "Due date", row["DueDate"], "date")] if "DueDate" in row else []
        forms.append(_form("Save", {"action": "edit", **this},
                           (f"{VALUES}Reference", "Reference", row["Reference"], "text"), *dates))
    if row["Status"] == "AUTHORISED":
        bank = next((account["Code"] for account in org.accounts
                     if account["Type"] == "BANK" and account["Status"] == "ACTIVE"), "")
        forms += [_form("Void", {"action": "void", **this}),
                  _form("Refund" if key == "credit_note" else "Pay", {"action": "pay", **this},
                        ("amount", "Amount", outstanding(row), "text"),
                        ("account", "Account", bank, "text"), ("date", "Date", org.today(), "date"))]
    for payment in map(org.payments.get, row["payments"]):
        forms.append(_form(f"Remove the payment of {payment['Amount']:,.2f} on {payment['Date']}",
                           {"action": "unpay", "payment": payment["PaymentID"]}))
    return _section(*forms)


def for_contact(org, row):
    """Rename, archive or restore a contact, merge it into another one."""
    this = {"contact": row["ContactID"]}
    forms = [_form("Rename", {"action": "rename", **this}, ("name", "Name", row["Name"], "text"))]
    if row["ContactStatus"] != "ACTIVE":
        return _section(*forms, _form("Restore", {"action": "unarchive", **this}))
    others = [other for other in org.contacts
              if other["ContactStatus"] == "ACTIVE" and other["ContactID"] != row["ContactID"]]
    others = sorted(others, key=lambda other: other["Name"].casefold())[:CHOICES]
    options = [tag("option", other["Name"], value=other["ContactID"]) for other in others]
    return _section(
        *forms, _form("Archive", {"action": "archive", **this}),
        _form("Merge", {"action": "merge", **this},
              ("into", "Into", tag("select", *options, name="into"), "select")))


def _section(*forms):
    return tag("section", tag("h2", "As a person in Xero"), *forms, class_="person")


def _form(button, hidden, *inputs):
    """:param inputs: of (name, label, value or finished input, type)"""
    return tag(
        "form", *(tag("input", type="hidden", name=name, value=value) for name, value in hidden.items()),
        *(tag("label", f"{label} ", value if type_ == "select" else tag(
            "input", type=type_, name=name, value=value)) for name, label, value, type_ in inputs),
        tag("button", button, class_="quiet"), method="post")
