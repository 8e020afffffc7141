"""Which partner a contact of Xero's could be: keys in the order of the rules."""

from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from .contact import normalise_name
from .problem import Problem

CHUNK = 20_000  # partners looked at in one query
SCORES = {"number": 100, "account_number": 95, "vat": 90, "company_registry": 85, "email": 80, "name": 70}
ALSO = 5  # points that each further key in common adds
SHOWN = 10  # candidates kept for people to choose from


class XeroDatasetContact(models.AbstractModel):
    _inherit = "xero.dataset.contact"

    @api.model
    def _match(self, items):
        # EXTENDS xero.dataset
        if not items:
            return {}
        if chosen := self.env.context.get("xero_chosen"):
            # A person has said which one it is.
            return {} if chosen == "new" else {items[0]["ContactID"]: self._browse(chosen)}
        keys = {item["ContactID"]: self._match_keys(item) for item in items}
        found = self._candidates(keys)
        order = ["number", *self._connection.match_rule_ids.filtered("active").mapped("key")]
        matched = {}
        for item in items:
            by_key = found.get(item["ContactID"], {})
            deciding = next((key for key in order if by_key.get(key)), None)
            if deciding:
                matched[item["ContactID"]] = (deciding, self._rank(by_key, by_key[deciding], order))
        return self._decide(items, matched, order)

    @api.model
    def _match_keys(self, item):
        """Normalised keys of a contact: ``{key: text}``, only those that it has."""
        number = item.get("ContactNumber") or ""
        own = self._contact_number_prefix()
        keys = {
            "number": number[len(own) :] if number.startswith(own) else "",
            "account_number": plain(item.get("AccountNumber")),
            "vat": plain(item.get("TaxNumber")),
            "company_registry": plain(item.get("CompanyNumber")),
            "email": (item.get("EmailAddress") or "").strip().casefold(),
            "name": normalise_name(item.get("Name")),
        }
        return {key: text for key, text in keys.items() if text}

    @api.model
    def _candidates(self, keys):
        """Free partners by contact and key.

        :param keys: ``{contact id: {key: text}}``
        :return: ``{contact id: {key: [partner ids]}}``
        """
        wanted = defaultdict(lambda: defaultdict(list))
        for contact_id, texts in keys.items():
            for key, text in texts.items():
                wanted[key][text].append(contact_id)
        found = defaultdict(lambda: defaultdict(list))
        # Of a hundred thousand partners only the keys are worked out that some contact has.
        readers = [(key, PARTNER_KEYS[key], contacts) for key, contacts in wanted.items()]
        for row in self._free_partners():
            for key, read, contacts in readers:
                for text in read(*row):
                    for contact_id in contacts.get(text, ()):
                        found[contact_id][key].append(row[0])
        return found

    @api.model
    def _free_partners(self):
        """Rows of partners that could be a contact and are not linked yet, as :data:`PARTNER_KEYS` read them."""
        self.env["res.partner"].flush_model()
        self.env["xero.link"].flush_model()
        connection, last = self._connection, 0
        company = str(connection.company_id.id)
        while True:
            self.env.cr.execute(
                SQL(
                    """SELECT p.id, p.name, p.email, p.vat, p.company_registry,
                              ARRAY[p.xero_ar_account ->> %(company)s, p.xero_ap_account ->> %(company)s]
                         FROM res_partner p
                        WHERE p.id > %(last)s AND p.active AND p.commercial_partner_id = p.id
                          AND (p.company_id IS NULL OR p.company_id = %(company_id)s)
                          AND NOT EXISTS (SELECT 1 FROM xero_link l
                                           WHERE l.tenant_id = %(tenant)s AND l.dataset = 'contact'
                                             AND l.model = 'res.partner' AND l.res_id = p.id AND l.part = ''
                                             AND l.xero_id IS NOT NULL)
                     ORDER BY p.id LIMIT %(chunk)s""",
                    company=company,
                    company_id=connection.company_id.id,
                    tenant=connection.tenant_id,
                    last=last,
                    chunk=CHUNK,
                )
            )
            rows = self.env.cr.fetchall()
            yield from rows
            if len(rows) < CHUNK:
                return
            last = rows[-1][0]

    @api.model
    def _rank(self, by_key, candidates, order):
        """``[(score, partner id)]``, the best first: what decides, and a little for all else in common."""
        scores = []
        for partner_id in candidates:
            common = [key for key in order if partner_id in by_key.get(key, ())]
            scores.append((min(100, SCORES[common[0]] + ALSO * (len(common) - 1)), partner_id))
        return sorted(scores, key=lambda row: (-row[0], row[1]))

    @api.model
    def _decide(self, items, matched, order):
        """A record where exactly one fits, a Problem where somebody has to choose."""
        claims = defaultdict(list)
        for contact_id, (_key, ranked) in matched.items():
            if len(ranked) == 1:
                claims[ranked[0][1]].append(contact_id)
        titles = {item["ContactID"]: item.get("Name") for item in items}
        decided = {}
        for contact_id, (_key, ranked) in matched.items():
            if len(ranked) > 1:
                decided[contact_id] = self._ambiguous(titles[contact_id], ranked)
                continue
            rivals = claims[ranked[0][1]]
            best = min(order.index(matched[rival][0]) for rival in rivals)
            surest = [rival for rival in rivals if order.index(matched[rival][0]) == best]
            if surest == [contact_id]:
                decided[contact_id] = self.env["res.partner"].browse(ranked[0][1])
            elif contact_id in surest:
                partner = self.env["res.partner"].browse(ranked[0][1])
                decided[contact_id] = Problem(
                    "partner_wanted_twice", name=titles[contact_id], partner=partner.name, candidates=ranked
                )
        return decided

    @api.model
    def _ambiguous(self, title, ranked):
        """Several partners fit: what the administrator chose for that case (RUL-02)."""
        if self._connection.on_duplicate_match == "link":
            return self.env["res.partner"].browse(ranked[0][1])
        state = "skipped" if self._connection.on_duplicate_match == "skip" else "failed"
        return Problem("partner_ambiguous", state=state, name=title, count=len(ranked), candidates=ranked[:SHOWN])

    @api.model
    def _contact_number_prefix(self):
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid") or ""
        return f"odoo-{uuid[:8]}-"


def plain(text):
    """`text` without spaces and punctuation, in capitals: `` c-001 `` is ``C001`` (XW-19)."""
    return "".join(c for c in (text or "") if c.isalnum()).upper()


# Normalised texts of a partner under each key, the same as those of a contact.
PARTNER_KEYS = {
    "number": lambda partner_id, name, email, vat, registry, numbers: (str(partner_id),),
    "account_number": lambda partner_id, name, email, vat, registry, numbers: map(plain, filter(None, numbers)),
    "vat": lambda partner_id, name, email, vat, registry, numbers: (plain(vat),) if vat else (),
    "company_registry": lambda partner_id, name, email, vat, registry, numbers: (plain(registry),) if registry else (),
    "email": lambda partner_id, name, email, vat, registry, numbers: (email.strip().casefold(),) if email else (),
    "name": lambda partner_id, name, email, vat, registry, numbers: (normalise_name(name),),
}
