"""Contacts on their way into Odoo: partners, their persons, addresses and terms."""

from odoo import Command, api, models, tools

from .. import values
from .contact_match import plain
from .problem import Problem
from .pulled import PRINT, TWO_SIDED, Result

ERASED = "GDPRREQUEST"
MERGED = ("contact_merged", "contacts_merged")  # problems that a merger on the other side settles
POSTAL = "postal"  # stands for the postal address as a whole
PERSONS = "persons"  # stands for all of them
FIELD_OF = {
    **dict.fromkeys(("street", "street2", "city", "zip", "state_id", "country_id", POSTAL), "address"),
    **dict.fromkeys(("property_payment_term_id", "property_supplier_payment_term_id"), "terms"),
}


class XeroDatasetContact(models.AbstractModel):
    _inherit = "xero.dataset.contact"

    _paged = True
    _knows_changes = True
    _every = 30
    _pull_sequence = 70
    _amounts = ("Balances", "IsCustomer", "IsSupplier", "HasAttachments")
    _switches = ("sync_contacts",)
    _by_value = True
    _direction = "contact_direction"
    _pull_codes = TWO_SIDED

    # === HOOKS === #

    @api.model
    def _take_in(self, items, links):
        # EXTENDS xero.dataset: Xero has merged what was merged here before
        merged = [item for item in items if item.get("MergedToContactID") and item["ContactID"] in links]
        if left := [item["MergedToContactID"] for item in merged if not links[item["ContactID"]].active]:
            known = self.env["xero.link"]._holding(self._connection.tenant_id, self._key, left)
            self.env["xero.exception"]._close(known, MERGED)
        return super()._take_in(items, links)

    @api.model
    def _pull_params(self):
        return {"includeArchived": "true"}

    @api.model
    def _why_not(self, item):
        # EXTENDS xero.dataset: a number that is asked for (CTC-01)
        if item.get("ContactStatus", "ACTIVE") != "ACTIVE":
            return "not_active"
        if self._connection.require_account_number and not (item.get("AccountNumber") or "").strip():
            return "no_account_number"
        return None

    @api.model
    def _take_in_linked(self, item, link, record):
        status = item.get("ContactStatus")
        if link.state in ("sending", "in_doubt"):
            # Our own change is on its way; it is looked at again afterwards.
            return Result(item, "unchanged", link=link, values={"pull_hash": False})
        if item.get("MergedToContactID"):
            return self._take_in_merged(item, link)
        if status == ERASED:
            problem = Problem("contact_erased", partner=record.name)
            left = {"link": link, "reason": "erased", "values": {"state": "excluded"}}
            return Result(item, "skipped", problem=problem, **left)
        if status == "ARCHIVED":
            return self._take_in_archived(item, link, record)
        if not self._is_edited(item, link):
            return Result(item, "unchanged", link=link, values={"figures": self._balances(item)})
        said = self._prepare_vals(item)
        taken = self._taken(item, said)
        vals = self._edited(self._differing(record, self._allowed(said)), taken, link)
        postal = self._postal_news(record, item, link, taken)
        names = {*vals, *self._edited({POSTAL: postal} if postal else {}, taken, link)}
        both = link.state != "synced" and names
        if both and (result := self._both_changed(item, link, record, names, taken)):
            return result
        changed = bool(vals or postal)
        if not record.active and link.xero_status == "ARCHIVED":
            # Archived here because it was there, and restored there.
            vals["active"] = changed = True
        if vals:
            record.write(vals)
        if self._allows("persons"):
            changed |= self._take_in_persons(record, item)
        if postal:
            child = self._postal(record)
            record.write({"child_ids": [Command.update(child.id, postal) if child else Command.create(postal)]})
        if changed:
            self._mark_elsewhere(record)
        return Result(item, "updated" if changed else "unchanged", link=link, values=taken)

    @api.model
    def _take_in_match(self, item, record):
        # What Odoo knows already stays; a link alone never changes a name or an address.
        said = self._prepare_vals(item)
        gaps = {name: value for name, value in self._allowed(said).items() if value and not record[name]}
        if gaps:
            record.write(gaps)
            self._mark_elsewhere(record)
        found = {**self._taken(item, said), "matched_by": record.env.context.get("xero_matched_by", False)}
        return Result(item, "linked", record_id=record.id, company_id=record.company_id.id, values=found)

    @api.model
    def _take_in_new(self, items):
        choice = "create" if self.env.context.get("xero_chosen") else self._connection.on_missing_partner
        if choice == "exception":
            return [
                Result(item, "refused", problem=Problem("partner_missing", name=self._title(item))) for item in items
            ]
        if choice != "create":
            return [Result(item, "missing") for item in items]
        said = [self._prepare_vals(item) for item in items]
        partners = self.env["res.partner"].create([self._prepare_new(*pair) for pair in zip(items, said, strict=True)])
        results = []
        for item, vals, partner in zip(items, said, partners, strict=True):
            made = {"record_id": partner.id, "company_id": partner.company_id.id}
            results.append(Result(item, "created", **made, values=self._taken(item, vals)))
        return results

    @api.model
    def _taken(self, item, vals):
        """What the link keeps of a contact whose partner values are `vals`."""
        return {"figures": self._balances(item), "value_prints": self._value_prints(item, vals)}

    @api.model
    def _differing(self, record, vals):
        # EXTENDS xero.dataset: Odoo stores tax numbers without spaces
        differing = super()._differing(record, vals)
        if "vat" in differing and plain(differing["vat"]) == plain(record.vat):
            del differing["vat"]
        return differing

    # === VALUES === #

    @api.model
    def _prepare_vals(self, item):
        """Partner values; empty where Xero has nothing."""
        street = _filled(item, "STREET") or _filled(item, "POBOX") or {}
        country_id = self._country_id(street.get("Country") or "")
        return {
            "name": item.get("Name"),
            "email": item.get("EmailAddress") or "",
            "phone": _phone(item, "DEFAULT") or _phone(item, "MOBILE"),
            "vat": (item.get("TaxNumber") or "").strip(),
            "company_registry": (item.get("CompanyNumber") or "").strip(),
            "street": street.get("AddressLine1") or "",
            "street2": ", ".join(filter(None, (street.get(f"AddressLine{n}") for n in (2, 3, 4)))),
            "city": street.get("City") or "",
            "zip": street.get("PostalCode") or "",
            "state_id": self._state_id(street.get("Region") or "", country_id or self._own_country_id()),
            "country_id": country_id,
            **self._terms(item),
        }

    @api.model
    def _prepare_new(self, item, vals=None):
        """Values of a partner that is made for a contact, with its persons and postal address.

        :param vals: what `_prepare_vals` says of it, when that is known already
        """
        connection, template = self._connection, self._connection.template_partner_id
        said = self._allowed(self._prepare_vals(item) if vals is None else vals)
        vals = {name: value for name, value in said.items() if value}
        # Where Xero is silent the template says the country and what partners have per company (XW-27, XW-35).
        for name in said.keys() - vals.keys():
            if (name == "country_id" or name.startswith("property_")) and template[name]:
                vals[name] = template[name].id
        person = f"{item.get('FirstName') or ''} {item.get('LastName') or ''}".strip()
        children = self._prepare_persons(item) if self._allows("persons") else []
        if self._allows("address"):
            children += self._prepare_postal(item)
        return {
            **vals,
            "name": item.get("Name"),
            "lang": template.lang or connection.company_id.partner_id.lang or False,
            "is_company": person != (item.get("Name") or "").strip(),
            "customer_rank": int(bool(item.get("IsCustomer") or not item.get("IsSupplier"))),
            "supplier_rank": int(bool(item.get("IsSupplier"))),
            "company_id": connection.company_id.id if connection.new_partner_company == "own" else False,
            **({"child_ids": [Command.create(child) for child in children]} if children else {}),
        }

    @api.model
    def _prepare_persons(self, item):
        """Values of child partners: the primary person, unless it is the contact itself, and the others."""
        name = f"{item.get('FirstName') or ''} {item.get('LastName') or ''}".strip()
        persons = []
        if name and name != (item.get("Name") or "").strip():
            persons.append({"name": name, "email": item.get("EmailAddress") or ""})
        for person in item.get("ContactPersons") or []:
            name = f"{person.get('FirstName') or ''} {person.get('LastName') or ''}".strip()
            if name or person.get("EmailAddress"):
                persons.append({"name": name or person["EmailAddress"], "email": person.get("EmailAddress") or ""})
        return [{**person, "type": "contact"} for person in persons]

    @api.model
    def _prepare_postal(self, item):
        """Values of an invoice address, when Xero's postal address is another than the street's."""
        postal, street = _filled(item, "POBOX"), _filled(item, "STREET")
        if not postal or not street or _same_place(postal, street):
            return []
        country_id = self._country_id(postal.get("Country") or "")
        vals = {
            "type": "invoice",
            "street": postal.get("AddressLine1") or "",
            "street2": postal.get("AddressLine2") or "",
            "city": postal.get("City") or "",
            "zip": postal.get("PostalCode") or "",
            "state_id": self._state_id(postal.get("Region") or "", country_id or self._own_country_id()),
            "country_id": country_id,
        }
        return [vals]

    @api.model
    def _balances(self, item):
        """What Xero says is outstanding and overdue, in the organisation's currency."""
        balances = item.get("Balances")
        if not isinstance(balances, dict):
            return False
        return {
            side: {name.lower(): float(value) for name, value in (balances.get(key) or {}).items()}
            for side, key in (("receivable", "AccountsReceivable"), ("payable", "AccountsPayable"))
        }

    @api.model
    def _value_prints(self, item, vals=None):
        # EXTENDS xero.dataset
        prints = super()._value_prints(item, vals)
        for name, parts in ((POSTAL, self._prepare_postal(item)), (PERSONS, self._prepare_persons(item))):
            prints[name] = values.fingerprint({name: parts})[:PRINT]
        return prints

    # === PARTS === #

    @api.model
    def _take_in_persons(self, record, item):
        """Add persons that Odoo does not know; none is renamed or removed (CTC-08)."""
        if missing := self._missing_persons(record, item):
            record.write({"child_ids": [Command.create(person) for person in missing]})
        return bool(missing)

    @api.model
    def _missing_persons(self, record, item):
        """Values of the persons that `record` does not have: by e-mail, else by name."""
        resting = self.env["res.partner"].with_context(active_test=False)
        known = resting.search([("parent_id", "=", record.id), ("type", "=", "contact")])
        emails = {(child.email or "").strip().casefold() for child in known} - {""}
        names = {child.name for child in known if child.name}
        missing = []
        for person in self._prepare_persons(item):
            email = person["email"].strip().casefold()
            if (
                email not in emails
                if email and email != (record.email or "").casefold()
                else person["name"] not in names
            ):
                missing.append(person)
        return missing

    @api.model
    def _postal_news(self, record, item, link, taken):
        """Values that the invoice address of `record` takes from Xero's postal address."""
        child, places = self._postal(record), self._prepare_postal(item) if self._allows("address") else []
        for vals in places:
            return self._edited({POSTAL: self._differing(child, vals)}, taken, link).get(POSTAL) if child else vals
        return {}

    @api.model
    def _take_in_archived(self, item, link, record):
        """An archived contact rests in Odoo, too, unless documents are open (XW-28)."""
        if not record.active:
            return Result(item, "unchanged", link=link)
        open_moves = self.env["account.move"].search_count(
            [
                ("commercial_partner_id", "=", record.id),
                ("company_id", "child_of", self._connection.company_id.id),
                ("state", "=", "posted"),
                ("payment_state", "in", ("not_paid", "partial")),
                ("move_type", "!=", "entry"),
            ],
            limit=1,
        )
        shared = not record.company_id and self._is_linked_elsewhere(record)
        if open_moves or shared or record.user_ids:
            problem = Problem("archived_with_open", partner=record.name) if open_moves else None
            return Result(item, "unchanged", link=link, problem=problem)
        record.active = False
        return Result(item, "removed", link=link)

    @api.model
    def _is_linked_elsewhere(self, record):
        """Whether another company of this database trades with the same partner."""
        companies = self.env["res.company"].search([("id", "child_of", self._connection.company_id.id)])
        moves = [("commercial_partner_id", "=", record.id), ("company_id", "not in", companies.ids)]
        links = [
            ("model", "=", "res.partner"),
            ("res_id", "=", record.id),
            ("tenant_id", "!=", self._connection.tenant_id),
        ]
        return bool(
            self.env["xero.link"].search_count(links, limit=1) or self.env["account.move"].search_count(moves, limit=1)
        )

    @api.model
    def _take_in_merged(self, item, link):
        """Xero merged this contact into another one: the partner follows, or somebody decides."""
        target = item["MergedToContactID"]
        if link.merged_into == target:
            return Result(item, "unchanged", link=link)
        other = self.env["xero.link"].search(
            [
                ("tenant_id", "=", link.tenant_id),
                ("dataset", "=", self._key),
                ("xero_id", "=", target),
                ("id", "!=", link.id),
            ],
            limit=1,
        )
        if not other:
            # The partner is the other contact from now on.
            self.env["xero.exception"]._close(link, MERGED)
            values = {"xero_id": target, "xero_status": "ACTIVE", "pull_hash": False}
            return Result(item, "updated", link=link, values=values, notes=[("follows_merge", {})])
        values = {"merged_into": target, "pull_hash": self._fingerprint(item)}  # said once, until partners are merged
        problem = Problem("contact_merged", partner=link.record_name or "", other=other.record_name or "")
        return Result(item, "updated", link=link, values=values, problem=problem)

    # === FIELD RULES === #

    @api.model
    def _allows(self, field, direction="from_xero"):
        return field not in self._connection._closed_fields(direction)

    @api.model
    def _allowed(self, vals):
        closed = self._connection._closed_fields("from_xero")
        return {name: value for name, value in vals.items() if FIELD_OF.get(name, name) not in closed}

    # === LOOK-UP OF NAMES === #

    @api.model
    @tools.ormcache("text")
    def _country_id(self, text):
        if not text.strip():
            return False
        countries = self.env["res.country"]
        found = countries.search([("code", "=", text.strip().upper())], limit=1)
        return (found or countries.search([("name", "=ilike", text.strip())], limit=1)).id

    @api.model
    def _own_country_id(self):
        return self._connection.company_id.country_id.id

    @api.model
    @tools.ormcache("text", "country_id")
    def _state_id(self, text, country_id):
        text = text.strip()
        if not text:
            return False
        domain = [("country_id", "=", country_id)]
        states = self.env["res.country.state"]
        found = states.search([*domain, ("code", "=", text.upper())], limit=1)
        return (found or states.search([*domain, ("name", "=ilike", text)], limit=1)).id


# === HELPERS === #


def _filled(item, kind):
    """The address of that type, ``None`` when Xero keeps it empty."""
    for address in item.get("Addresses") or []:
        if address.get("AddressType") == kind and any(
            address.get(name) for name in ("AddressLine1", "City", "PostalCode", "Region")
        ):
            return address
    return None


def _same_place(one, other):
    names = ("AddressLine1", "AddressLine2", "City", "Region", "PostalCode", "Country")
    return all((one.get(name) or "") == (other.get(name) or "") for name in names)


def _phone(item, kind):
    """The number of that type as people write it, ``""`` when there is none."""
    for phone in item.get("Phones") or []:
        if phone.get("PhoneType") == kind and phone.get("PhoneNumber"):
            country = phone.get("PhoneCountryCode")
            parts = (f"+{country.lstrip('+')}" if country else "", phone.get("PhoneAreaCode"), phone["PhoneNumber"])
            return " ".join(filter(None, parts))
    return ""
