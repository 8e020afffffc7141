"""Contacts: a commercial partner and the contact that stands for it in Xero."""

import re
import unicodedata

from odoo import api, models

from .problem import Problem

PERSONS = 5
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
SENT_AS = {
    "email": "EmailAddress",
    "vat": "TaxNumber",
    "company_registry": "CompanyNumber",
    "address": "Addresses",
    "phone": "Phones",
}
_SUFFIXES = {"pty", "ltd", "limited", "inc", "llc", "plc", "co"}
_ASCII = {code: chr(code).lower() if re.fullmatch(r"\w", chr(code)) else " " for code in range(128)}
CONTACT_STATUSES = ("ACTIVE", "ARCHIVED", "GDPRREQUEST")
NUMBER_TAKEN = "contact_number_taken"


class XeroDatasetContact(models.AbstractModel):
    """Operations createContacts, updateOrCreateContacts, getContacts."""

    _name = "xero.dataset.contact"
    _inherit = "xero.dataset"
    _description = "Xero Contacts"

    _key = "contact"
    _xero_path = "/Contacts"
    _xero_plural = "Contacts"
    _xero_id = "ContactID"
    _odoo_model = "res.partner"
    _sequence = 10

    # === CHECK === #

    @api.model
    def _check(self, record, link):
        if not self._stands_alone(record):
            raise Problem("not_a_contact", company=record.commercial_partner_id.display_name)
        if not record.name:
            raise Problem("contact_without_name")
        if self._connection.contact_direction == "pull":
            if link.xero_id:
                raise Problem("contact_only_pulled", state="skipped")
            raise Problem("contact_missing", partner=record.name)
        if self._connection.on_missing_contact != "create" and not link.xero_id:
            raise Problem("contact_missing", partner=record.name)
        if link.xero_id and link.xero_status in ("ARCHIVED", "GDPRREQUEST"):
            raise Problem("contact_archived", partner=record.name)

    @api.model
    def _stands_alone(self, record):
        """Whether `record` is a contact of its own in Xero; the persons of a company are part of it."""
        return record.commercial_partner_id == record

    # === BUILD === #

    @api.model
    def _prepare_payload(self, record, link):
        persons, _ignored = self._persons(record)
        payload = {
            "Name": xero_name(record.name),
            "EmailAddress": _valid_email(record.email) or "",
            "TaxNumber": (record.vat or "")[:50],
            "CompanyNumber": (record.company_registry or "")[:50],
            "Addresses": self._addresses(record),
            "Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": (record.phone or "")[:50]}],
        }
        if persons and self._allows("persons", "to_xero"):
            first, last = _split_name(persons[0].name)
            payload.update(FirstName=first, LastName=last)
            payload["EmailAddress"] = payload["EmailAddress"] or _valid_email(persons[0].email) or ""
            payload["ContactPersons"] = [self._person(person) for person in persons[1:]]
        closed = self._connection._closed_fields("to_xero")
        for field, name in SENT_AS.items():
            if field in closed:
                payload.pop(name)
        return payload, []

    @api.model
    def _with_identity(self, payload, link, record, sources):
        if link.xero_id:
            return {**payload, "ContactID": link.xero_id}
        # Another app may have given an existing contact its number: written on create only.
        return {**payload, "ContactNumber": self._contact_number(link)}

    @api.model
    def _contact_number(self, link):
        return f"{self._contact_number_prefix()}{link.res_id}"

    @api.model
    def _persons(self, record):
        """Primary person with up to five more, and those that Xero would not list."""
        people = record.child_ids.filtered(
            lambda child: child.type == "contact" and not child.is_company and child.name
        ).sorted(lambda child: child.id)
        return people[: PERSONS + 1], people[PERSONS + 1 :]

    @api.model
    def _person(self, person):
        first, last = _split_name(person.name)
        email = _valid_email(person.email)
        return {
            "FirstName": first,
            "LastName": last,
            "EmailAddress": email or "",
            "IncludeInEmails": bool(email),
        }

    @api.model
    def _addresses(self, record):
        return [_address("STREET", record), _address("POBOX", self._postal(record) or record)]

    @api.model
    def _postal(self, record):
        """The partner whose address is the postal one, empty where that is `record` itself."""
        return record.child_ids.filtered(lambda child: child.type == "invoice")[:1]

    # === ANSWER === #

    @api.model
    def _lookup_key(self, item):
        return item.get("ContactNumber") or item.get("ContactID")

    @api.model
    def _read_answer(self, item):
        return {
            **super()._read_answer(item),
            "xero_status": item.get("ContactStatus"),
            "number": item.get("Name"),
        }

    @api.model
    def _notes(self, record):
        notes = []
        _persons, ignored = self._persons(record)
        if ignored:
            # Names of people stay out of the log: their ids tell who they are to who may read them.
            names = ", ".join(f"#{person.id}" for person in ignored)
            notes.append(("persons_ignored", {"count": len(ignored), "names": names}))
        if record.email and not _valid_email(record.email):
            notes.append(("email_ignored", {}))
        return notes

    @api.model
    def _deep_link(self, xero_id):
        return f"/Contacts/View/{xero_id}"

    # === LOOK-UP === #

    @api.model
    def _list_params(self):
        return {"includeArchived": "true"}

    @api.model
    def _is_conflict(self, code):
        return code in ("contact_name_taken", "contact_name_archived", NUMBER_TAKEN)

    @api.model
    def _conflict_queries(self, records):
        return [
            {"searchTerm": xero_name(record.name), "includeArchived": "true", "page": 1, "pageSize": 100}
            for record in records
        ]

    @api.model
    def _is_readable(self, item):
        # EXTENDS xero.dataset
        return bool(item.get("Name")) and item.get("ContactStatus", "ACTIVE") in CONTACT_STATUSES

    @api.model
    def _choose(self, record, link, items, code, arguments):
        if code == NUMBER_TAKEN:
            # Nobody but us gives such numbers: it was made, and nobody has told us.
            number = self._contact_number(link)
            ours = [item for item in self._unlinked(link, items) if item.get("ContactNumber") == number]
            if len(ours) == 1:
                return ours[0]
            raise Problem(code, **arguments)
        wanted = normalise_name(record.name)
        same = {item["ContactID"]: item for item in items if normalise_name(item.get("Name")) == wanted}
        active = [i for i in same.values() if i.get("ContactStatus", "ACTIVE") == "ACTIVE"]
        own_name = xero_name(record.name).casefold()
        exact = [item for item in active if xero_name(item.get("Name")).casefold() == own_name]
        if not active:
            if same or code == "contact_name_archived":
                raise Problem("contact_name_archived", name=record.name)
            raise Problem(code, **arguments)
        # A name that only looks alike is a question, never a link.
        free = self._unlinked(link, exact)
        if len(free) == 1:
            return free[0]
        raise Problem("contact_ambiguous", name=record.name, count=len(active))

    @api.model
    def _describe(self, item):
        # EXTENDS xero.dataset
        return {
            "name": item.get("Name"),
            "number": item.get("AccountNumber") or item.get("ContactNumber"),
            "email": item.get("EmailAddress"),
            "status": item.get("ContactStatus"),
        }

    @api.model
    def _gone_problem(self, link):
        return Problem("contact_gone", xero_id=link.xero_id or "")


# === HELPERS === #


def xero_name(name):
    """`name` as Xero stores it: no angle brackets, single spaces, 255 characters."""
    return " ".join((name or "").replace("<", " ").replace(">", " ").split())[:255]


def normalise_name(name):
    """`name` for comparing: no case, accents, punctuation, company suffixes."""
    plain = name or ""
    if plain.isascii():  # most are, and that is three times as fast
        words = plain.translate(_ASCII).split()
    else:
        plain = unicodedata.normalize("NFKD", plain)
        plain = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
        words = re.sub(r"[^\w\s]", " ", plain).split()
    return " ".join(word for word in words if word not in _SUFFIXES)


def _valid_email(email):
    email = (email or "").strip()
    return email if _EMAIL.fullmatch(email) and len(email) <= 255 else None


def _split_name(name):
    first, _space, last = (name or "").strip().partition(" ")
    return first[:255], last.strip()[:255]


def _address(kind, partner):
    country = "".join(c for c in partner.country_id.name or "" if c.isalpha() or c == " ")
    return {
        "AddressType": kind,
        "AddressLine1": (partner.street or "")[:500],
        "AddressLine2": (partner.street2 or "")[:500],
        "City": (partner.city or "")[:255],
        "Region": (partner.state_id.name or "")[:255],
        "PostalCode": (partner.zip or "")[:50],
        "Country": country[:50],
    }
