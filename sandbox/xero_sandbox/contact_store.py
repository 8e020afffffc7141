"""Create and change contacts (facts, section 3.3 "Contacts")."""

import re
import uuid

from . import fields, wire
from .errors import Invalid, NotFound
from .rules import name_key

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
TERMS = ("DAYSAFTERBILLDATE", "DAYSAFTERBILLMONTH", "OFCURRENTMONTH", "OFFOLLOWINGMONTH")
PERSON_FIELDS = ("FirstName", "LastName", "EmailAddress")
EMAIL = re.compile(r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$")
ARCHIVED = ("The specified contact details matched an archived contact. Archived contacts"
            " cannot currently be edited via the API.")


BLANK_ADDRESSES = {slot: {} for slot in ADDRESSES}
BLANK_PHONES = {slot: {} for slot in PHONES}


def blank_contact(contact_id):
    """A contact row without any data; answers always carry 2 address and 4 phone slots."""
    return {
        "ContactID": contact_id, "ContactNumber": "", "AccountNumber": "", "Name": "",
        "ContactStatus": "ACTIVE", "FirstName": "", "LastName": "", "EmailAddress": "",
        "BankAccountDetails": "", "TaxNumber": "", "CompanyNumber": "",
        "addresses": BLANK_ADDRESSES, "phones": BLANK_PHONES,
        "ContactPersons": [], "IsSupplier": False, "IsCustomer": False, "updated": 0,
    }


def save(org, element, create_only=False, contact_id=None):
    """Create or update a contact from a request element; returns the row.

    :raises Invalid: with Xero's texts; :raises NotFound: for an unknown ContactID.
    """
    old = _locate(org, element, create_only, contact_id)
    if old and old["ContactStatus"] != "ACTIVE":
        raise Invalid(ARCHIVED)
    row = old or blank_contact(str(uuid.uuid4()))
    if not old and not (fields.text(element, "Name") or "").strip():
        raise Invalid("The contact name must be specified.")
    row = merged(org, row, element)
    _check_unique(org, row)
    row["updated"] = org.stamp()
    org.note(row["ContactID"], "Edited" if old else "Created")
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


def merged(org, row, element):
    """The row with what the element says; :raises Invalid: with Xero's texts."""
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
    if status == "GDPRREQUEST":
        raise Invalid("The contact status GDPRREQUEST cannot be set via the API.")
    row["ContactStatus"] = status or row["ContactStatus"]
    currency = fields.text(element, "DefaultCurrency")
    if currency:
        if not org.currencies.get(currency):
            raise Invalid(f"Organisation is not subscribed to currency {currency}")
        row["DefaultCurrency"] = currency
    if fields.obj(element, "PaymentTerms") is not None:
        row["PaymentTerms"] = _terms(element["PaymentTerms"])
    row["addresses"] = _slots(
        row["addresses"], element, "Addresses", "AddressType", ADDRESSES, ADDRESS_LIMITS)
    row["phones"] = _slots(row["phones"], element, "Phones", "PhoneType", PHONES, PHONE_LIMITS)
    persons = fields.array(element, "ContactPersons")
    if persons is not None:
        row["ContactPersons"] = [_person(person) for person in persons]
        if len(persons) > 5:
            raise Invalid("A contact can have a maximum of 5 contact persons.")
    return row


def _terms(element):
    """{Bills, Sales: {Day, Type}}; a side without a day is left out."""
    result = {}
    for side in ("Bills", "Sales"):
        part = fields.obj(element, side) or {}
        day, kind = fields.number(part, "Day"), fields.choice(part, "Type", TERMS)
        if day is None and kind is None:
            continue
        if day is None or kind is None or day != int(day) or not 0 <= day <= 31:
            raise Invalid("Payment terms need a Day between 0 and 31 and a Type.")
        result[side] = {"Day": int(day), "Type": kind}
    return result


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
