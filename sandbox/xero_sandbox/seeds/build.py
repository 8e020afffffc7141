"""Fill a new organisation with the demo data of its country."""

import hashlib
from pathlib import Path

from ..contact_store import blank_contact
from .countries import CONTACTS, COUNTRIES, CURRENCY_NAMES, TRACKING
from .ids import seed_id
from .tax_rates import tax_rates

ARCHIVED_CODE = "299"


def organisation_details(country, number, created):
    """The Organisation record of the ``number``-th organisation; ``created`` in ms."""
    spec = COUNTRIES[country]
    name = f"Demo Company ({country})" if number == 1 else f"Demo Company {number} ({country})"
    short = hashlib.sha256(f"{country}{number}".encode()).hexdigest()
    details = {key: spec[key] for key in (
        "BaseCurrency", "CountryCode", "Version", "Timezone", "FinancialYearEndDay",
        "FinancialYearEndMonth", "SalesTaxBasis", "SalesTaxPeriod", "TaxNumber")}
    street, city, region, postcode, land = spec["street"]
    return {
        "OrganisationID": seed_id(country, number, "organisation"),
        "Name": name, "LegalName": name, "PaysTax": True, "OrganisationType": "COMPANY",
        "OrganisationEntityType": "COMPANY", "IsDemoCompany": True,
        "OrganisationStatus": "ACTIVE", "DefaultSalesTax": "Tax Exclusive",
        "DefaultPurchasesTax": "Tax Exclusive", "PeriodLockDate": None,
        "EndOfYearLockDate": None, "CreatedDateUTC": created, "ShortCode": f"!{short[:5]}",
        "Edition": "BUSINESS", "Class": "DEMO", **details,
        "Addresses": [{
            "AddressType": "STREET", "AddressLine1": street, "City": city, "Region": region,
            "PostalCode": postcode, "Country": land, "AttentionTo": "",
        }],
        "Phones": [{"PhoneType": "OFFICE", "PhoneNumber": "1234 5678", "PhoneAreaCode": "",
                    "PhoneCountryCode": ""}],
        "ExternalLinks": [], "PaymentTerms": {},
    }


def fill(org, country, number):
    """Put chart, tax rates, currencies, tracking, branding and contacts into ``org``."""
    spec = COUNTRIES[country]
    created = org.details["CreatedDateUTC"]
    for account in _accounts(created, country, number, spec):
        org.accounts.put(account)
    for rate in tax_rates(country):
        org.tax_rates.put(rate)
    for code in dict.fromkeys([spec["BaseCurrency"], "USD", "EUR"]):
        org.currencies.put({"Code": code, "Description": CURRENCY_NAMES[code]})
    for name, options in TRACKING.items():
        org.tracking.put({
            "TrackingCategoryID": seed_id(country, number, "tracking", name),
            "Name": name, "Status": "ACTIVE", "Options": [
                {"TrackingOptionID": seed_id(country, number, "option", name, option),
                 "Name": option, "Status": "ACTIVE"} for option in options],
        })
    for order, name in enumerate(("Standard", "Special Projects")):
        org.branding.put({
            "BrandingThemeID": seed_id(country, number, "branding", name), "Name": name,
            "SortOrder": order, "Type": "INVOICE", "CreatedDateUTC": created,
        })
    for name, first, last, email, account_number, status in CONTACTS:
        org.contacts.put({
            **blank_contact(seed_id(country, number, "contact", name)),
            "Name": name, "FirstName": first, "LastName": last, "EmailAddress": email,
            "AccountNumber": account_number, "ContactStatus": status, "updated": created,
        })
    org.undo.clear()


def _accounts(created, country, number, spec):
    path = Path(__file__).with_name(f"accounts_{country.lower()}.psv")
    for row in path.read_text().splitlines()[1:]:
        code, name, kind, tax, system, payments = row.split("|")
        account = {
            "AccountID": seed_id(country, number, "account", code), "Code": code, "Name": name,
            "Status": "ARCHIVED" if code == ARCHIVED_CODE else "ACTIVE", "Type": kind,
            "TaxType": tax, "EnablePaymentsToAccount": bool(payments),
            "ShowInExpenseClaims": kind == "EXPENSE" and not system, "AddToWatchlist": False,
            "HasAttachments": False, "updated": created,
        }
        if system:
            account["SystemAccount"] = system
        if kind == "BANK":
            account |= {"BankAccountNumber": spec["bank"], "BankAccountType": "BANK",
                        "CurrencyCode": spec["BaseCurrency"]}
        yield account
