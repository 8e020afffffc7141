"""Contacts: the endpoint (facts, section 3.3; operations getContacts, createContacts,
updateOrCreateContacts, updateContact, getContactByContactNumber)."""

from .. import query, wire
from ..contact_store import LIMITS, PHONE_LIMITS, save
from ..documents.kinds import INVOICE, KINDS, is_sale, outstanding
from ..errors import NotFound

# Only when fetched alone or paged (specification, Contact.MergedToContactID and others).
DETAILS = ("MergedToContactID", "ContactPersons", "PaymentTerms", "XeroNetworkKey", "Website",
           "Discount", "BatchPayments", "SalesDefaultAccountCode", "PurchasesDefaultAccountCode",
           "SalesDefaultLineAmountType", "PurchasesDefaultLineAmountType")
SEARCHED = ("Name", "FirstName", "LastName", "EmailAddress", "CompanyNumber", "ContactNumber")
OPTIONAL = {*LIMITS, *DETAILS, "DefaultCurrency"}


def render(org, contact, summary=False, details=True):
    """The contact as the API answers it.

    :param summary: summaryOnly leaves the heavy fields out; :param details: False in lists
    that are not paged.
    """
    row = {key: value for key, value in contact.items()
           if key not in ("addresses", "phones", "updated") and value != ""
           and (details or key not in DETAILS)}
    row |= {
        "FirstName": contact["FirstName"], "LastName": contact["LastName"],
        "EmailAddress": contact["EmailAddress"],
        "BankAccountDetails": contact["BankAccountDetails"],
        "UpdatedDateUTC": wire.stamp_text(contact["updated"]),
        "HasAttachments": org.has_files(contact["ContactID"]), "HasValidationErrors": False,
    }
    if summary:
        row.pop("ContactPersons", None)
        return row
    row |= {
        "Addresses": [
            {"AddressType": slot, **dict.fromkeys(
                ("City", "Region", "PostalCode", "Country", "AttentionTo"), ""), **values}
            for slot, values in contact["addresses"].items()],
        "Phones": [
            {"PhoneType": slot, **dict.fromkeys(PHONE_LIMITS, ""), **values}
            for slot, values in contact["phones"].items()],
        "ContactGroups": _groups(org, contact["ContactID"]) if details else [],
        "SalesTrackingCategories": [], "PurchasesTrackingCategories": [],
    }
    return row


def _groups(org, contact_id):
    return [{"ContactGroupID": group["ContactGroupID"], "Name": group["Name"],
             "Status": group["Status"], "Contacts": [], "HasValidationErrors": False}
            for group in org.contact_groups
            if contact_id in group["contacts"] and group["Status"] == "ACTIVE"]


def brief(contact):
    """The contact inside a document of a list."""
    return {
        "ContactID": contact["ContactID"], "Name": contact["Name"], "Addresses": [], "Phones": [],
        "ContactGroups": [], "ContactPersons": [], "HasValidationErrors": False,
    }


def balances(org, contact_id):
    """Outstanding and overdue amounts of the open documents, "not converted to base currency"
    (specification, Balances); credits count against what is outstanding."""
    sums = {True: [wire.ZERO, wire.ZERO], False: [wire.ZERO, wire.ZERO]}
    for kind in KINDS:
        for row in kind.rows(org).group("open", contact_id):
            part = sums[is_sale(row)]
            part[0] += kind.sign * outstanding(row)
            if kind is INVOICE and row["DueDate"] < org.today():
                part[1] += outstanding(row)
    return {name: dict(zip(("Outstanding", "Overdue"), sums[sale], strict=True))
            for name, sale in (("AccountsReceivable", True), ("AccountsPayable", False))}


def _listed(org, contact, paged, summary):
    answer = render(org, contact, summary, details=paged or summary)
    if paged and not summary:
        sums = balances(org, contact["ContactID"])
        if any(value for side in sums.values() for value in side.values()):
            answer["Balances"] = sums
    return answer


def get_contacts(call):
    """GET /Contacts: filters IDs, searchTerm, where, If-Modified-Since; order; paging.

    Archived and erased contacts only come with includeArchived.
    """
    org, shown = call.org, not call.flag("includeArchived")
    ids, rows = call.ids("IDs"), None
    if ids is not None:
        rows, shown = [row for row in map(org.contacts.get, ids) if row], False
    term = (call.args.get("searchTerm") or "").casefold()
    if term:
        rows = rows if rows is not None else (
            org.contacts.rows[key] for _updated, key in org.contacts.entries(shown))
        rows = [row for row in rows
                if any(term in (row.get(key) or "").casefold() for key in SEARCHED)]
    rows, extra = query.select(call, org.contacts, rows, shown=shown, extra_fields=_extra_fields)
    summary = call.flag("summaryOnly")
    return {**extra, "Contacts": [_listed(org, row, bool(extra), summary) for row in rows]}


def _extra_fields(row, path):
    if path in OPTIONAL:
        return None
    raise KeyError(path)


def get_contact(call, ContactID):
    """GET /Contacts/{ContactID}, which also takes a ContactNumber."""
    row = call.org.contacts.get(ContactID) or call.org.contacts.find("number", ContactID)
    if row is None:
        raise NotFound
    return {"Contacts": [{**render(call.org, row),
                          "Balances": balances(call.org, row["ContactID"])}]}


def put_contacts(call):
    """PUT /Contacts: create only."""
    return call.batch("Contacts", _save_one(True), "ContactID", "HasValidationErrors")


def post_contacts(call):
    """POST /Contacts: create, or update by id, ContactNumber or Name."""
    return call.batch("Contacts", _save_one(False), "ContactID", "HasValidationErrors")


def post_contact(call, ContactID):
    """POST /Contacts/{ContactID}: update."""
    row = call.org.contacts.get(ContactID) or call.org.contacts.find("number", ContactID)
    if row is None:
        raise NotFound
    return call.batch("Contacts", _save_one(False, row["ContactID"]), "ContactID",
                      "HasValidationErrors", single=True)


def _save_one(create_only, contact_id=None):
    def save_one(call, element):
        return render(call.org, save(call.org, element, create_only, contact_id)), []
    return save_one


ROUTES = [
    ("GET", "/Contacts", get_contacts), ("PUT", "/Contacts", put_contacts),
    ("POST", "/Contacts", post_contacts), ("GET", "/Contacts/<ContactID>", get_contact),
    ("POST", "/Contacts/<ContactID>", post_contact),
]
