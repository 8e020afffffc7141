"""Which partner a contact of Xero's could be: keys in the order of the rules."""

from collections import defaultdict

from odoo import api, models

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
        order = ["number", *self._connection.match_rule_ids.filtered("active").mapped("key")]
        found, guessed = self._candidates(keys, order)
        matched, taken = {}, {}
        for item in items:
            contact_id = item["ContactID"]
            by_key, elsewhere = found.get(contact_id, {}), guessed.get(contact_id, {})
            deciding = next((key for key in order if by_key.get(key) or elsewhere.get(key)), None)
            if by_key.get(deciding):
                matched[contact_id] = (deciding, self._rank(by_key, by_key[deciding], order))
            elif deciding:
                ranked = self._rank(elsewhere, elsewhere[deciding], order)
                taken[contact_id] = self._wanted_twice(item.get("Name"), ranked)
        return {**taken, **self._decide(items, matched, order)}

    @api.model
    def _match_keys(self, item):
        """Normalised keys of a contact: ``{key: text}``, only those that it has."""
        number = item.get("ContactNumber") or ""
        own = self._contact_number_prefix()
        keys = {
            "number": number[len(own) :] if number.startswith(own) else "",
            "account_number": account_number(item.get("AccountNumber")),
            "vat": plain(item.get("TaxNumber")),
            "company_registry": plain(item.get("CompanyNumber")),
            "email": (item.get("EmailAddress") or "").strip().casefold(),
            "name": normalise_name(item.get("Name")),
        }
        return {key: text for key, text in keys.items() if text}

    @api.model
    def _candidates(self, keys, order):
        """Partners by contact and key.

        :param keys: ``{contact id: {key: text}}``
        :return: ``{contact id: {key: [partner ids]}}`` of free partners, and the same of those that a rule has given
            to another contact, where that is no surer than the key: so it makes no difference to a question whether
            both contacts are taken in together
        """
        wanted = defaultdict(lambda: defaultdict(list))
        for contact_id, texts in keys.items():
            for key, text in texts.items():
                wanted[key][text].append(contact_id)
        place = {key: number for number, key in enumerate(order)}
        free, guessed = (defaultdict(lambda: defaultdict(list)) for _each in range(2))
        # Of a hundred thousand partners only the keys are worked out that some contact has.
        readers = [(key, place.get(key, len(order)), PARTNER_KEYS[key], contacts) for key, contacts in wanted.items()]
        resting = set()
        for matched_by, is_active, *row in self._partners():
            if not is_active:
                resting.add(row[0])
            found, surest = (guessed, place.get(matched_by, len(order))) if matched_by else (free, len(order))
            for key, number, read, contacts in readers:
                if number > surest:
                    continue
                for text in read(*row):
                    for contact_id in contacts.get(text, ()):
                        found[contact_id][key].append(row[0])
        # An archived partner is better than a second one, but never than one that is in use.
        for by_key in (*free.values(), *guessed.values()):
            for key, partner_ids in by_key.items():
                by_key[key] = [each for each in partner_ids if each not in resting] or partner_ids
        return free, guessed

    @api.model
    def _partners(self):
        """Rows of partners without a link, or with one by a rule: that rule, whether the partner is active, and what
        :data:`PARTNER_KEYS` read.
        """
        self.env["res.partner"].flush_model()
        self.env["xero.link"].flush_model()
        connection, last = self._connection, 0
        while True:
            self.env.cr.execute(
                """SELECT l.matched_by, p.active, p.id, p.name, p.email, p.vat, p.company_registry,
                          ARRAY[p.xero_ar_account ->> %(company)s, p.xero_ap_account ->> %(company)s]
                     FROM res_partner p
                LEFT JOIN xero_link l
                       ON l.tenant_id = %(tenant)s AND l.dataset = 'contact' AND l.model = 'res.partner'
                          AND l.res_id = p.id AND l.part = '' AND l.xero_id IS NOT NULL
                    WHERE p.id > %(last)s AND p.commercial_partner_id = p.id
                      AND (p.company_id IS NULL OR p.company_id = %(company_id)s)
                      AND (l.id IS NULL OR l.matched_by IS NOT NULL)
                 ORDER BY p.id LIMIT %(chunk)s""",
                {
                    "company": str(connection.company_id.id),
                    "company_id": connection.company_id.id,
                    "tenant": connection.tenant_id,
                    "last": last,
                    "chunk": CHUNK,
                },
            )
            rows = self.env.cr.fetchall()
            yield from rows
            if len(rows) < CHUNK:
                return
            last = rows[-1][2]

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
        for contact_id, (key, ranked) in matched.items():
            if len(ranked) > 1:
                decided[contact_id] = self._ambiguous(titles[contact_id], key, ranked)
                continue
            rivals = claims[ranked[0][1]]
            best = min(order.index(matched[rival][0]) for rival in rivals)
            surest = [rival for rival in rivals if order.index(matched[rival][0]) == best]
            if surest == [contact_id]:
                decided[contact_id] = self._guess(key, ranked)
            elif contact_id in surest:
                decided[contact_id] = self._wanted_twice(titles[contact_id], ranked)
        return decided

    @api.model
    def _guess(self, key, ranked):
        """The best of the partners, and by which key it was found."""
        return self.env["res.partner"].browse(ranked[0][1]).with_context(xero_matched_by=key)

    @api.model
    def _wanted_twice(self, title, ranked):
        """Somebody has to say to which of two contacts a partner belongs."""
        partner = self.env["res.partner"].browse(ranked[0][1])
        return Problem("partner_wanted_twice", name=title, partner=partner.name, candidates=ranked[:SHOWN])

    @api.model
    def _ambiguous(self, title, key, ranked):
        """Several partners fit: what the administrator chose for that case (RUL-02)."""
        if self._connection.on_duplicate_match == "link":
            return self._guess(key, ranked)
        state = "skipped" if self._connection.on_duplicate_match == "skip" else "failed"
        return Problem("partner_ambiguous", state=state, name=title, count=len(ranked), candidates=ranked[:SHOWN])

    @api.model
    def _contact_number_prefix(self):
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid") or ""
        return f"odoo-{uuid[:8]}-"


def plain(text):
    """`text` without spaces and punctuation, in capitals: ``51 824-753`` is ``51824753``."""
    return "".join(c for c in (text or "") if c.isalnum()).upper()


def account_number(text):
    """`text` without spaces, in capitals (XW-19): `` c 001 `` is ``C001``, but ``1-12`` is not ``11-2``."""
    return "".join((text or "").split()).upper()


# Normalised texts of a partner under each key, the same as those of a contact.
PARTNER_KEYS = {
    "number": lambda partner_id, name, email, vat, registry, numbers: (str(partner_id),),
    "account_number": lambda partner_id, name, email, vat, registry, numbers: map(
        account_number, filter(None, numbers)
    ),
    "vat": lambda partner_id, name, email, vat, registry, numbers: (plain(vat),) if vat else (),
    "company_registry": lambda partner_id, name, email, vat, registry, numbers: (plain(registry),) if registry else (),
    "email": lambda partner_id, name, email, vat, registry, numbers: (email.strip().casefold(),) if email else (),
    "name": lambda partner_id, name, email, vat, registry, numbers: (normalise_name(name),),
}
