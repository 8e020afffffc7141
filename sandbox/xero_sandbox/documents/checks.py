"""Checks of a whole document: lock dates, number, currency, contact (facts, 3.1 and 3.2)."""

from .. import contact_store, fields
from ..errors import Invalid, NotFound
from ..rules import name_key
from ..wire import long_day, rounded

LOCKS = (("PeriodLockDate", "period"), ("EndOfYearLockDate", "end of year"))
ODD_RATE = 2


def lock_errors(org, *dates):
    """Xero's texts for each lock date that covers one of ``dates``."""
    errors = []
    for key, name in LOCKS:
        lock = org.details.get(key)
        if lock and any(date and date <= lock for date in dates):
            errors.append(f"The document date cannot be before the {name} lock date, currently"
                          f" set at {long_day(lock)}")
    return errors


def currency_and_rate(org, element, contact, old):
    """CurrencyCode, CurrencyRate (foreign units per base unit, 6 dp) and warnings."""
    code = fields.text(element, "CurrencyCode") or (
        old["CurrencyCode"] if old else contact.get("DefaultCurrency") or org.base_currency)
    if not org.currencies.rows.get(code):
        raise Invalid(f"Organisation is not subscribed to currency {code}")
    if code == org.base_currency:
        return code, rounded(fields.number({"r": 1}, "r"), 6), []
    rate = fields.number(element, "CurrencyRate")
    if rate is None:
        same = old and old["CurrencyCode"] == code
        return code, old["CurrencyRate"] if same else org.day_rate(code), []
    rate = rounded(rate, 6)
    if rate <= 0:
        raise Invalid("The currency rate must be greater than zero.")
    usual = org.day_rate(code)
    odd = not usual / ODD_RATE < rate < usual * ODD_RATE
    text = f"The currency rate {rate} differs significantly from the day rate {usual}."
    return code, rate, [text] if odd else []


def resolve_contact(org, element):
    """The contact a document names, created or updated by what the document says of it.

    :raises NotFound: the ContactID does not exist; :raises Invalid: archived or not named.
    """
    sent = fields.obj(element, "Contact")
    if not sent:
        raise Invalid("A Contact must be specified for this type of transaction")
    contact_id = fields.guid(sent, "ContactID")
    if not contact_id and not sent.get("ContactNumber") and not sent.get("Name"):
        raise Invalid("A Contact must be specified for this type of transaction")
    found = find_contact(org, sent)
    if found is None:
        return contact_store.save(org, sent)
    if found["ContactStatus"] != "ACTIVE":
        raise Invalid(contact_store.ARCHIVED)
    if len(sent) == 1:
        return found
    # More fields update the contact, and persons that are not repeated are lost.
    return contact_store.save(org, {"ContactPersons": [], **sent}, contact_id=found["ContactID"])


def find_contact(org, sent):
    """The contact that a document means by id, number or name, or None.

    :raises NotFound: the ContactID does not exist.
    """
    contact_id = fields.guid(sent, "ContactID")
    if contact_id:
        found = org.contacts.get(contact_id)
        if found is None:
            raise NotFound
        return found
    number = sent.get("ContactNumber")
    key = name_key(fields.text(sent, "Name") or "")
    return ((number and org.contacts.find("number", number))
            or org.contacts.find("name", key) or org.contacts.find("archived_name", key))


def mark_contact(org, contact, sale):
    """IsCustomer or IsSupplier, set by the first document; UpdatedDateUTC stays as it is."""
    key = "IsCustomer" if sale else "IsSupplier"
    if not contact[key]:
        org.contacts.put({**contact, key: True})
