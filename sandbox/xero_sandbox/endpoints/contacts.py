"""Contacts: create, update, read (facts, section 3.3; operations getContacts, createContacts,
updateOrCreateContacts, updateContact, getContactByContactNumber)."""

import re
import uuid

from .. import fields, query, wire
from ..errors import Invalid, NotFound
from ..rules import name_key

ADDRESSES = ("STREET", "POBOX")
PHONES = ("DEFAULT", "DDI", "FAX", "MOBILE")
LIMITS = {
    "Name": 255, "FirstName": 255, "LastName": 255, "EmailAddress": 255, "ContactNumber": 50,
    "AccountNumber": 50, "TaxNumber": 50, "CompanyNumber": 50, "BankAccountDetails": None,
    "AccountsReceivableTaxType": None, "AccountsPayableTaxType": None,
    "SalesDefaultAccountCode": None, "PurchasesDefaultAccountCode": None,
    "SalesDefaultLineAmountType": None, "PurchasesDefaultLineAmountType": None,
    "XeroNetworkKey": None,
}
ADDRESS_LIMITS = {
    "AddressLine1": 500, "AddressLine2": 500, "AddressLine3": 500, "AddressLine4": 500,
    "City": 255, "Region": 255, "PostalCode": 50, "Country": 50, "AttentionTo": 255,
}
PHONE_LIMITS = {"PhoneNumber": 50, "PhoneAreaCode": 10, "PhoneCountryCode": 20}
PERSON_FIELDS = ("FirstName", "LastName", "EmailAddress")
EMAIL = re.compile(r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$")
ARCHIVED = ("The specified contact details matched an archived contact. Archived contacts"
            " cannot currently be edited via the API.")


def blank_contact(contact_id):
    """A contact row without any data; answers always carry 2 address and 4 phone slots."""
    return {
        "ContactID": contact_id, "ContactNumber": "", "AccountNumber": "", "Name": "",
        "ContactStatus": "ACTIVE", "FirstName": "", "LastName": "", "EmailAddress": "",
        "BankAccountDetails": "", "TaxNumber": "", "CompanyNumber": "",
        "addresses": {slot: {} for slot in ADDRESSES}, "phones": {slot: {} for slot in PHONES},
        "ContactPersons": [], "IsSupplier": False, "IsCustomer": False, "updated": 0,
    }


def save(org, element, create_only=False, contact_id=None):
    """Create or update a contact from a request element; returns the row.

    :raises Invalid: with Xero's texts; :raises NotFound: for an unknown ContactID.
    """
    row = _locate(org, element, create_only, contact_id)
    if row and row["ContactStatus"] != "ACTIVE":
        raise Invalid(ARCHIVED)
    if row is None:
        row = blank_contact(str(uuid.uuid4()))
        if not (fields.text(element, "Name") or "").strip():
            raise Invalid("The contact name must be specified.")
    row = _merged(org, row, element)
    _check_unique(org, row)
    row["updated"] = org.stamp()
    return org.contacts.put(row)


def _locate(org, element, create_only, contact_id):
    given = contact_id or fields.guid(element, "ContactID")
    if given and given != wire.ZERO_GUID:
        row = org.contacts.get(given)
        if row is None:
            raise NotFound
        if not create_only:
            return row
    number = fields.text(element, "ContactNumber")
    row = org.contacts.find("number", number) if number else None
    name = fields.text(element, "Name") or ""
    row = row or org.contacts.find("name", name_key(name))
    if row is None and org.contacts.find("archived_name", name_key(name)):
        raise Invalid(ARCHIVED)
    if create_only and row:
        _refuse_duplicate(row, name, number)
    return row


def _refuse_duplicate(row, name, number):
    if number and row["ContactNumber"] == number:
        raise Invalid(_number_taken(number))
    raise Invalid(_name_taken(name.strip()))


def _name_taken(name):
    return (f"The contact name {name} is already assigned to another contact. The contact name"
            " must be unique across all active contacts.")


def _number_taken(number):
    return (f"The contact number {number} is already assigned to another contact. The contact"
            " number must be unique across all contacts.")


def _check_unique(org, row):
    other = org.contacts.find("name", name_key(row["Name"]))
    if row["ContactStatus"] == "ACTIVE" and other and other["ContactID"] != row["ContactID"]:
        raise Invalid(_name_taken(row["Name"]))
    other = org.contacts.find("number", row["ContactNumber"])
    if other and other["ContactID"] != row["ContactID"]:
        raise Invalid(_number_taken(row["ContactNumber"]))


def _merged(org, row, element):
    row = dict(row)
    for key, limit in LIMITS.items():
        value = fields.text(element, key, limit)
        if value is not None:
            row[key] = value
    row["Name"] = " ".join(row["Name"].split())
    if "<" in row["Name"] or ">" in row["Name"]:
        raise Invalid("The contact name must not contain the characters < or >.")
    if row["EmailAddress"] and not EMAIL.match(row["EmailAddress"]):
        raise Invalid("Email address must be valid.")
    status = fields.choice(element, "ContactStatus", ("ACTIVE", "ARCHIVED", "GDPRREQUEST"))
    row["ContactStatus"] = status or row["ContactStatus"]
    currency = fields.text(element, "DefaultCurrency")
    if currency:
        if not org.currencies.get(currency):
            raise Invalid(f"Organisation is not subscribed to currency {currency}")
        row["DefaultCurrency"] = currency
    if fields.obj(element, "PaymentTerms") is not None:
        row["PaymentTerms"] = element["PaymentTerms"]
    row["addresses"] = _slots(
        row["addresses"], element, "Addresses", "AddressType", ADDRESSES, ADDRESS_LIMITS)
    row["phones"] = _slots(row["phones"], element, "Phones", "PhoneType", PHONES, PHONE_LIMITS)
    persons = fields.array(element, "ContactPersons")
    if persons is not None:
        row["ContactPersons"] = [_person(person) for person in persons]
        if len(persons) > 5:
            raise Invalid("A contact can have a maximum of 5 contact persons.")
    return row


def _slots(old, element, key, type_key, slots, limits):
    """Merge sent addresses or phones into their fixed slots."""
    sent = fields.array(element, key)
    if not sent:
        return old
    merged = dict(old)
    for part in sent:
        slot = fields.choice(part, type_key, slots)
        if slot is None:
            raise Invalid(f"The {type_key} must be specified.")
        values = {name: fields.text(part, name, limit) for name, limit in limits.items()}
        merged[slot] = {**merged[slot], **{k: v for k, v in values.items() if v is not None}}
    country = [part.get("Country") or "" for part in merged.values()]
    if any(not all(c.isalpha() or c in " .,'()-&" for c in name) for name in country):
        raise Invalid("The Country must contain letters only.")
    return merged


def _person(person):
    result = {key: fields.text(person, key) or "" for key in PERSON_FIELDS}
    if result["EmailAddress"] and not EMAIL.match(result["EmailAddress"]):
        raise Invalid("Email address must be valid.")
    return {**result, "IncludeInEmails": bool(fields.flag(person, "IncludeInEmails"))}


# Answers


def render(contact, summary=False):
    """The contact as the API answers it; ``summary`` leaves the heavy fields out."""
    row = {key: value for key, value in contact.items()
           if key not in ("addresses", "phones", "updated") and value != ""}
    row |= {
        "FirstName": contact["FirstName"], "LastName": contact["LastName"],
        "EmailAddress": contact["EmailAddress"],
        "BankAccountDetails": contact["BankAccountDetails"],
        "UpdatedDateUTC": wire.stamp_text(contact["updated"]),
        "HasAttachments": False, "HasValidationErrors": False,
    }
    if summary:
        row.pop("ContactPersons")
        return row
    row |= {
        "Addresses": [
            {"AddressType": slot, **dict.fromkeys(
                ("City", "Region", "PostalCode", "Country", "AttentionTo"), ""), **values}
            for slot, values in contact["addresses"].items()],
        "Phones": [
            {"PhoneType": slot, **dict.fromkeys(PHONE_LIMITS, ""), **values}
            for slot, values in contact["phones"].items()],
        "ContactGroups": [], "SalesTrackingCategories": [], "PurchasesTrackingCategories": [],
    }
    return row


def brief(contact):
    """The contact inside a document of a list."""
    return {
        "ContactID": contact["ContactID"], "Name": contact["Name"], "Addresses": [], "Phones": [],
        "ContactGroups": [], "ContactPersons": [], "HasValidationErrors": False,
    }


def balances(org, contact_id):
    """Outstanding and overdue amounts in base currency, from the open documents."""
    sums = {"ACCREC": [wire.ZERO, wire.ZERO], "ACCPAY": [wire.ZERO, wire.ZERO]}
    for invoice in org.invoices:
        if invoice["contact_id"] == contact_id and invoice["Status"] == "AUTHORISED":
            due = invoice["Total"] - invoice["paid"] - invoice["credited"]
            due = wire.money(due / invoice["CurrencyRate"])
            sums[invoice["Type"]][0] += due
            if invoice["DueDate"] < org.today():
                sums[invoice["Type"]][1] += due
    return {
        key: {"Outstanding": sums[type_][0], "Overdue": sums[type_][1]}
        for key, type_ in (("AccountsReceivable", "ACCREC"), ("AccountsPayable", "ACCPAY"))
    }


def get_contacts(call):
    """GET /Contacts: filters IDs, searchTerm, where, If-Modified-Since; order; paging."""
    rows = list(call.org.contacts)
    if not call.flag("includeArchived"):
        rows = [row for row in rows if row["ContactStatus"] != "ARCHIVED"]
    ids = call.ids("IDs")
    if ids is not None:
        rows = [row for row in call.org.contacts if row["ContactID"] in ids]
    term = (call.args.get("searchTerm") or "").casefold()
    if term:
        rows = [row for row in rows if any(term in (row.get(key) or "").casefold() for key in (
            "Name", "FirstName", "LastName", "EmailAddress", "CompanyNumber", "ContactNumber"))]
    rows, extra = query.select(call, rows, "ContactID")
    summary = call.flag("summaryOnly")
    return {**extra, "Contacts": [render(row, summary) for row in rows]}


def get_contact(call, ContactID):
    """GET /Contacts/{ContactID}, which also takes a ContactNumber."""
    row = call.org.contacts.get(ContactID) or call.org.contacts.find("number", ContactID)
    if row is None:
        raise NotFound
    return {"Contacts": [{**render(row), "Balances": balances(call.org, row["ContactID"])}]}


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
        return render(save(call.org, element, create_only, contact_id)), []
    return save_one


ROUTES = [
    ("GET", "/Contacts", get_contacts), ("PUT", "/Contacts", put_contacts),
    ("POST", "/Contacts", post_contacts), ("GET", "/Contacts/<ContactID>", get_contact),
    ("POST", "/Contacts/<ContactID>", post_contact),
]
