"""How alike an element of Xero's and a record of Odoo's are, for each data set (adoption)."""

from collections import defaultdict
from datetime import date
from difflib import SequenceMatcher
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain

from .. import values
from .amounts import decimal
from .contact import normalise_name
from .contact_match import PARTNER_KEYS, plain

MARGIN = 10  # points between the best and the next, or nobody can tell
UNCLEAR = 60  # highest score of a pair that has a rival
SURE = 90  # of two documents: one of another number is too far behind to be a rival
ALIKE = 0.8  # of two words, one of which holds a typo
SIMILAR = 0.8  # of two numbers
DAYS = 3
FEW = 20  # documents of one total that are all looked at
LIVE = ("DRAFT", "SUBMITTED", "AUTHORISED", "PAID")


class Traits(NamedTuple):
    """What tells documents of the same total apart."""

    res_id: int | None
    day: date | None
    partner_id: int | None
    name: str | None

    def is_near(self, other):
        """Whether both are of about the same day, or of the same partner."""
        if self.day and other.day and abs((self.day - other.day).days) <= DAYS:
            return True
        return self.partner_id == other.partner_id if other.partner_id else self.name == other.name


class XeroDataset(models.AbstractModel):
    _inherit = "xero.dataset"

    _adopt_sequence = None  # pairs are looked for in this order; None: never

    @api.model
    def _can_pair(self, item):
        """Whether an element may get a partner at all."""
        return not self._why_not(item)

    @api.model
    def _pair(self, items):
        """Candidates for unlinked elements, nothing is written.

        :return: ``{Xero id: [(score, record id, reason)]}``, the best first; score 0 to 100. A record of another
            model than the data set's has that as its fourth
        """
        raise NotImplementedError

    @api.model
    def _wanted_part(self, element):
        """What of a record an element stands for, so that others may stand for the rest of it."""
        return ""

    @api.model
    def _adopted_parts(self, elements):
        """``{Xero id: part of the link}`` of elements that stand for a part of their record only."""
        return {}

    @api.model
    def _trim(self, item):
        """What a link needs of an element later, as JSON."""
        return {name: item.get(name) for name in (self._xero_id, "Name", "Status", "UpdatedDateUTC") if item.get(name)}


class XeroDatasetContact(models.AbstractModel):
    _inherit = "xero.dataset.contact"

    _adopt_sequence = 10

    @api.model
    def _can_pair(self, item):
        # EXTENDS xero.dataset
        return item.get("ContactStatus", "ACTIVE") == "ACTIVE"

    @api.model
    def _pair(self, items):
        keys = {item["ContactID"]: self._match_keys(item) for item in items}
        found, _given = self._candidates(keys, list(PARTNER_KEYS))
        ids = {partner_id for by_key in found.values() for ids in by_key.values() for partner_id in ids}
        partners = {partner.id: partner for partner in self.env["res.partner"].browse(ids)}
        pairs = {}
        for contact_id, by_key in found.items():
            scored = [
                (*self._likeness(keys[contact_id], by_key, partners[partner_id]), partner_id)
                for partner_id in {partner_id for ids in by_key.values() for partner_id in ids}
            ]
            pairs[contact_id] = rank((score, partner_id, reason) for score, reason, partner_id in scored)
        return pairs

    @api.model
    def _likeness(self, keys, by_key, partner):
        """``(score, reason)``: what agrees counts, what contradicts counts against it."""
        agreeing = [key for key, ids in by_key.items() if partner.id in ids]
        name = normalise_name(partner.name)
        same = "name" in agreeing
        alike = same or are_alike(keys.get("name", ""), name)
        if "number" in agreeing:
            return 100, self.env._("Number")
        # An exact name is a margin ahead of one with a typo.
        score = 85 if same else 85 - MARGIN if alike and "email" in agreeing else 60
        score += 15 * ("vat" in agreeing) + 15 * ("account_number" in agreeing) + 10 * ("company_registry" in agreeing)
        score += 10 * ("email" in agreeing)
        for key, ours in (("vat", partner.vat), ("company_registry", partner.company_registry)):
            if keys.get(key) and plain(ours) and key not in agreeing:
                score -= 40
        if not alike:
            score -= 20
        labels = dict(self.env["xero.match.rule"]._fields["key"]._description_selection(self.env))
        reason = ", ".join(labels.get(key, key) for key in agreeing)
        return max(0, min(100, score)), reason

    @api.model
    def _trim(self, item):
        # EXTENDS xero.dataset
        return {**super()._trim(item), "ContactStatus": item.get("ContactStatus")}


class XeroDatasetItem(models.AbstractModel):
    _inherit = "xero.dataset.item"

    _adopt_sequence = 20

    @api.model
    def _pair(self, items):
        pairs = {}
        for xero_id, found in self._match(items).items():
            if isinstance(found, models.BaseModel):
                pairs[xero_id] = [(95, found.id, self.env._("Code"))]
        return pairs

    @api.model
    def _trim(self, item):
        # EXTENDS xero.dataset
        return {**super()._trim(item), "Code": item.get("Code")}


class XeroDatasetDocument(models.AbstractModel):
    _inherit = "xero.dataset.document"

    @api.model
    def _can_pair(self, item):
        # EXTENDS xero.dataset
        return item.get("Status") in LIVE and item.get("Type") in self._types.values()

    @api.model
    def _pair(self, items):
        moves = self._free_moves(items)
        by_number, by_total = defaultdict(set), defaultdict(list)
        for move in moves:
            for number in (plain(move.name), plain(move.ref)):
                by_number[number].add(move.id)
            by_total[move.currency_id.name, decimal(move.amount_total)].append(self._traits(move))
        by_id = {move.id: move for move in moves}
        contacts = self._contact_partners(items)
        pairs = {}
        for item in items:
            number = plain(item.get(self._number_field) or item.get("InvoiceNumber"))
            named = by_number.get(number, set()) if number else set()
            scored = [(*self._likeness(item, by_id[move_id], contacts), move_id) for move_id in named]
            if max(scored, default=(0,))[0] < SURE:
                total = (item.get("CurrencyCode"), decimal(item.get("Total")))
                traits = self._traits_of(item, contacts)
                same = by_total.get(total, ())
                # Where many cost the same, as subscriptions do, an equal total alone is no pair.
                ids = {found.res_id for found in same if len(same) <= FEW or found.is_near(traits)} - named
                scored += [(*self._likeness(item, by_id[move_id], contacts), move_id) for move_id in ids]
            ranked = rank((score, move_id, reason) for score, reason, move_id in scored if score >= 40)
            if ranked:
                pairs[item[self._xero_id]] = ranked
        return pairs

    @api.model
    def _traits(self, move):
        """:class:`Traits` of a document in Odoo."""
        partner = self._partner(move)
        return Traits(move.id, move.invoice_date or move.date, partner.id, normalise_name(partner.name))

    @api.model
    def _traits_of(self, item, contacts):
        """:class:`Traits` of a document in Xero; the name counts where nobody knows whose contact it is."""
        contact = item.get("Contact") or {}
        partner_id = contacts.get(contact.get("ContactID"))
        name = None if partner_id else normalise_name(contact.get("Name"))
        return Traits(None, values.parse_date(item.get("Date")), partner_id, name)

    @api.model
    def _free_moves(self, items):
        """Posted documents of the company, not linked yet, of the types and days of `items`."""
        connection = self._connection
        days = sorted(filter(None, (values.parse_date(item.get("Date")) for item in items)))
        numbers = [item.get(self._number_field) for item in items if item.get(self._number_field)]
        domain = [
            ("company_id", "child_of", connection.company_id.id),
            ("state", "=", "posted"),
            "|",
            "|",
            ("name", "in", numbers),
            ("ref", "in", numbers),
            ("date", ">=", days[0] if days else False),
        ]
        moves = self.env["account.move"].search(self._typed_domain({item["Type"] for item in items}) & Domain(domain))
        connections = self.env["xero.connection"]
        moves = moves.filtered(lambda move: connections._for_company(move.company_id) == connection)
        linked = self.env["xero.link"]._of(moves, connection, self._key).filtered("xero_id").mapped("res_id")
        return moves - moves.browse(linked)

    @api.model
    def _typed_domain(self, wanted):
        """Domain of Odoo's documents of these Types."""
        return Domain("move_type", "in", [kind for kind, xero_type in self._types.items() if xero_type in wanted])

    @api.model
    def _contact_partners(self, items):
        """``{ContactID: partner id}`` by links, else by what is proposed for the contact."""
        contact_ids = [(item.get("Contact") or {}).get("ContactID") for item in items]
        domain = [("dataset", "=", "contact"), ("xero_id", "in", contact_ids)]
        pairs = self.env["xero.pair"].search(
            [*domain, ("connection_id", "=", self._connection.id), ("state", "=", "proposed"), ("res_id", "!=", False)]
        )
        links = self.env["xero.link"].search([*domain, ("tenant_id", "=", self._connection.tenant_id)])
        found = {pair.xero_id: pair.res_id for pair in pairs}
        return found | {link.xero_id: link.res_id for link in links}

    @api.model
    def _likeness(self, item, move, contacts):
        """``(score, reason)``: number, total, date and contact of a document; another currency never."""
        if self._xero_type(move) != item["Type"] or move.currency_id.name != item.get("CurrencyCode"):
            return 0, ""
        score, agreeing = 0, []
        number = plain(item.get(self._number_field) or item.get("InvoiceNumber"))
        names = [text for text in (plain(move.name), plain(move.ref)) if text]
        same_number = bool(number) and number in names
        if same_number:
            score, agreeing = 45, [self.env._("number")]
        elif number and any(SequenceMatcher(None, number, name).ratio() >= SIMILAR for name in names):
            score, agreeing = 25, [self.env._("similar number")]
        if decimal(move.amount_total) == decimal(item.get("Total")):
            score += 25
            agreeing.append(self.env._("total"))
        day = values.parse_date(item.get("Date"))
        apart = abs((day - (move.invoice_date or move.date)).days) if day else 999
        if apart == 0:
            score += 15
            agreeing.append(self.env._("date"))
        elif apart <= DAYS:
            score += 8
            agreeing.append(self.env._("nearly the date"))
        contact = item.get("Contact") or {}
        partner_id = contacts.get(contact.get("ContactID"))
        partner = self._partner(move)
        known = partner_id == partner.id if partner_id else None
        if known is None:
            known = normalise_name(contact.get("Name")) == normalise_name(partner.name)
        if known:
            score += 15
            agreeing.append(self.env._("contact"))
        elif self._numbered_by_supplier(move):
            # Vendors' numbers are not unique: the same number of somebody else is somebody else's bill.
            score = min(score, UNCLEAR)
        return score, ", ".join(agreeing)

    @api.model
    def _trim(self, item):
        # EXTENDS xero.dataset
        names = (
            self._xero_id,
            self._number_field,
            "Type",
            "Status",
            "UpdatedDateUTC",
            "CurrencyCode",
            "SubTotal",
            "TotalTax",
            "Total",
            "AmountDue",
            "AmountPaid",
            "LineAmountTypes",
        )
        trimmed = {name: item.get(name) for name in names if item.get(name) is not None}
        of_line = ("LineItemID", "Description", "AccountCode", "AccountID", "LineAmount", "TaxType", "TaxAmount")
        lines = [{name: line.get(name) for name in of_line if name in line} for line in item.get("LineItems") or []]
        return {**trimmed, "LineItems": lines}


class XeroDatasetInvoice(models.AbstractModel):
    _inherit = "xero.dataset.invoice"

    _adopt_sequence = 30


class XeroDatasetCreditNote(models.AbstractModel):
    _inherit = "xero.dataset.credit_note"

    _adopt_sequence = 40


class XeroDatasetPayment(models.AbstractModel):
    _inherit = "xero.dataset.payment"

    _adopt_sequence = 50

    @api.model
    def _pair(self, items):
        documents, taken, pairs = self._documents(items), [], {}
        for item in items:
            document = documents.get(item["PaymentID"])
            if not isinstance(document, models.BaseModel):
                continue
            if payment := self._find_by_hand(item, document, taken):
                taken.append((payment, document))
                pairs[item["PaymentID"]] = [(95, payment.id, self.env._("document, amount, date"), payment._name)]
        return pairs

    @api.model
    def _wanted_part(self, element):
        # EXTENDS xero.dataset: one payment may be several in Xero, one for each document
        return self._paid_document(element)[1]

    @api.model
    def _adopted_parts(self, elements):
        # EXTENDS xero.dataset
        documents = self._documents(elements)
        return {
            payment_id: f"account.move,{document.id}"
            for payment_id, document in documents.items()
            if isinstance(document, models.BaseModel)
        }

    @api.model
    def _trim(self, item):
        # EXTENDS xero.dataset
        names = (
            "PaymentID",
            "Status",
            "UpdatedDateUTC",
            "Reference",
            "Amount",
            "IsReconciled",
            "Invoice",
            "PaymentType",
        )
        trimmed = {name: item.get(name) for name in names if item.get(name) is not None}
        document = item.get("Invoice") or {}
        return {**trimmed, "Invoice": {name: document.get(name) for name in ("InvoiceID", "InvoiceNumber", "Type")}}


def are_alike(one, other):
    """Whether two normalised names differ by typos: letters within words, never a number, never a whole word."""
    ours, theirs = one.split(), other.split()
    numbers = [[word for word in words if any(map(str.isdigit, word))] for words in (ours, theirs)]
    if numbers[0] != numbers[1]:
        return False
    if "".join(ours) == "".join(theirs):
        return True
    differing = zip(
        (word for word in ours if word not in theirs), (word for word in theirs if word not in ours), strict=False
    )
    return len(ours) == len(theirs) and all(SequenceMatcher(None, *words).ratio() >= ALIKE for words in differing)


def rank(scored):
    """``[(score, record id, reason)]``, best first; a best one with a close rival is unclear."""
    ranked = sorted(scored, key=lambda row: (-row[0], row[1]))
    if len(ranked) > 1 and ranked[0][0] - ranked[1][0] < MARGIN:
        ranked[0] = (min(ranked[0][0], UNCLEAR), *ranked[0][1:])
    return ranked
