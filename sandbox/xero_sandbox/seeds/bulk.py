"""Many records at once, for tests with big organisations: fast, small, the same in every run.

A seeded row is made from its number each time it is read, until somebody changes it.
"""

from decimal import Decimal

from ..contact_store import BLANK_PHONES
from .ids import seed_id

DAY_MS = 86_400_000
WORDS = ("Acacia", "Banksia", "Coral", "Delta", "Ember", "Fjord", "Garnet", "Harbour", "Indigo",
         "Jarrah", "Karri", "Lagoon", "Murray", "Nullarbor", "Opal", "Pilbara")
TRADES = ("Bakery", "Builders", "Cafe", "Dental", "Electrics", "Florists", "Garage", "Hire",
          "Imports", "Joinery", "Kitchens")
PEOPLE = ("Alex", "Bao", "Carmen", "Dev", "Elif", "Finn", "Grace", "Hana")


def contacts(org, count, spread_days=730, same_second=0, archived=0):
    """Add ``count`` active contacts named like "Coral Bakery 000123".

    :param spread_days: UpdatedDateUTC lies between so many days ago and an hour ago, evenly;
    :param same_second: so many in the middle have one and the same UpdatedDateUTC, on a whole
        second; :param archived: every so-manieth is archived, 0 for none.
    :returns: their ContactIDs in the order of UpdatedDateUTC.
    """
    first = _take(org, "contact", count)
    stamps = Stamps(org, first, count, spread_days, same_second)
    seed = (org.country, org.number, "seeded contact")

    def make(number):
        return _contact(seed, number, stamps.of(number), archived and number % archived == 0)

    numbers = range(first, first + count)
    org.contacts.seed(make, numbers)
    return [seed_id(*seed, number) for number in numbers]


def items(org, count):
    """Add ``count`` items coded SEED-000001 ...; returns their ItemIDs."""
    first = _take(org, "item", count)
    stamps = Stamps(org, first, count, 1, 0)
    seed = (org.country, org.number, "seeded item")
    sale = {"AccountCode": "200", "TaxType": org.accounts.find("code", "200")["TaxType"]}

    def make(number):
        return {"ItemID": seed_id(*seed, number), "Code": f"SEED-{number:06d}",
                "Name": f"{WORDS[number % len(WORDS)]} part {number:06d}",
                "Description": f"Part number {number}", "IsSold": True, "IsPurchased": False,
                "SalesDetails": {**sale, "UnitPrice": Decimal(number % 90 + 10)}, "PurchaseDetails": {},
                "updated": stamps.of(number)}

    numbers = range(first, first + count)
    org.items.seed(make, numbers)
    return [seed_id(*seed, number) for number in numbers]


class Stamps:
    """UpdatedDateUTC of the records ``first`` .. ``first + count - 1``."""

    def __init__(self, org, first, count, days, same):
        self._end = org.stamp() // 1000 * 1000 - 3_600_000
        self._first, self._count = first, count
        self._span = days * DAY_MS
        middle = (count - same) // 2
        self._block = range(middle, middle + same)
        self._block_stamp = self._even(middle) // 1000 * 1000

    def of(self, number):
        """Milliseconds of this record."""
        position = number - self._first
        return self._block_stamp if position in self._block else self._even(position)

    def _even(self, position):
        return self._end - self._span + self._span * position // max(self._count, 1)


def _take(org, kind, count):
    """Reserve numbers; returns the first of them."""
    first = org.seeded.get(kind, 0) + 1
    org.seeded[kind] = first - 1 + count
    return first


def _contact(seed, number, updated, archived):
    person = PEOPLE[number % len(PEOPLE)]
    return {
        "ContactID": seed_id(*seed, number), "ContactNumber": "",
        "AccountNumber": f"SC{number:06d}" if number % 2 else "",
        "Name": f"{WORDS[number % len(WORDS)]} {TRADES[number % len(TRADES)]} {number:06d}",
        "ContactStatus": "ARCHIVED" if archived else "ACTIVE", "FirstName": person,
        "LastName": "Seed", "EmailAddress": f"{person.lower()}{number}@seed.example",
        "BankAccountDetails": "", "TaxNumber": f"{51_000_000_000 + number}", "CompanyNumber": "",
        "addresses": {"STREET": {}, "POBOX": {
            "AddressLine1": f"{number % 300 + 1} Main Street", "City": "Marineville",
            "PostalCode": f"{2000 + number % 800}", "Country": "Australia"}},
        "phones": {**BLANK_PHONES, "DEFAULT": {
            "PhoneNumber": f"{5550000 + number}", "PhoneAreaCode": "02", "PhoneCountryCode": "61"}},
        "ContactPersons": [], "IsSupplier": number % 3 == 0, "IsCustomer": number % 3 != 0,
        "updated": updated,
        **({"PaymentTerms": {"Sales": {"Day": 30, "Type": "DAYSAFTERBILLDATE"}}}
           if number % 5 == 0 else {}),
    }
