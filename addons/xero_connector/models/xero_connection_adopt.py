"""Adoption: for a company that lives on both sides already."""

from odoo import fields, models

from ..datasets.payment import DATASET_OF
from .xero_run import BUTTON

# What an import has left out for want of the other: the money of contacts, and the payments of documents.
WAITING = {"contact": "prepaid", **dict.fromkeys(DATASET_OF.values(), "payment")}


class XeroConnection(models.Model):
    _inherit = "xero.connection"

    adopt_score = fields.Integer("Accept all from score", default=85)
    pair_count = fields.Integer(compute="_compute_pair_count")

    _adopt_score_range = models.Constraint("CHECK(adopt_score BETWEEN 1 AND 100)", "A score lies between 1 and 100.")

    def _compute_pair_count(self):
        groups = self.env["xero.pair"]._read_group(
            [("connection_id", "in", self.ids), ("state", "=", "proposed")], ["connection_id"], ["__count"]
        )
        counts = {connection.id: count for connection, count in groups}
        for connection in self:
            connection.pair_count = counts.get(connection.id, 0)

    # === ACTIONS === #

    def action_adopt(self):
        """Look for pairs on both sides; they are only shown, nothing is linked yet."""
        self.ensure_one()
        self._check_user()
        self.check_access("read")
        self._check_usable()
        runs = self.env["xero.run"].sudo()
        for key in self._adopted_keys():
            runs |= self._new_run("adopt", "button", BUTTON, dataset=key, reserved_until=self._reserve_until())
        self._finish_inline(runs)
        return self.action_open_pairs()

    def action_open_pairs(self):
        """The pairs that were found."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Adopt: what is on both sides"),
            "res_model": "xero.pair",
            "views": [(False, "list"), (False, "form")],
            "domain": [("connection_id", "=", self.id)],
            "context": {"search_default_proposed": 1, "search_default_by_dataset": 1},
        }

    def action_accept_pairs(self):
        """Link all pairs from the chosen score on."""
        self.ensure_one()
        self._check_user()
        self.check_access("read")
        pairs = self.env["xero.pair"].search(
            [("connection_id", "=", self.id), ("state", "=", "proposed"), ("score", ">=", self.adopt_score)]
        )
        return pairs.sudo()._accept()

    # === BUSINESS === #

    def _adopted_keys(self):
        """Keys of the data sets that are paired, in their order: contacts before their documents."""
        return self._dataset_keys("_adopt_sequence")

    def _adoptable(self, key, records):
        """Those of `records` that may be linked to an element of that data set here."""
        dataset = self._dataset(key, records._name)
        if records._name != dataset._odoo_model:
            return records.browse()
        if "company_id" in records._fields:
            records = records.filtered(
                lambda record: not record.company_id or self._for_company(record.company_id) == self.sudo()
            )
        if records._name == "res.partner":
            return records.filtered(lambda partner: partner.commercial_partner_id == partner)
        if records._name == "account.move":
            return records.filtered(lambda move: move.state == "posted" and dataset._xero_type(move))
        return records

    def _adopt(self, key, model, pairs):
        """Link pairs of one data set and model; those that were linked."""
        self.ensure_one()
        dataset = self._dataset(key, model)
        records = self._adoptable(key, dataset._browse(pairs.mapped("res_id")).exists())
        known = self.env["xero.link"].with_context(active_test=False)
        elsewhere = set(self.env["xero.link"]._holding(self.tenant_id, key, pairs.mapped("xero_id")).mapped("xero_id"))
        pairs = pairs.filtered(lambda pair: pair.xero_id not in elsewhere)
        parts = dataset._adopted_parts([pair.element for pair in pairs if pair.element])
        domain = [("tenant_id", "=", self.tenant_id), ("dataset", "=", key)]
        domain += [("model", "=", records._name), ("res_id", "in", records.ids)]
        here = {(link.res_id, link.part): link for link in known.sudo().search(domain)}
        taken = {place for place, link in here.items() if link.xero_id and link.active}
        by_id = {record.id: record for record in records}
        if "line_ids" in records._fields:
            records.line_ids.mapped("tax_ids")  # read at once, not document by document
        free, old, rows = [], [], []
        for pair in pairs.sorted(lambda pair: (-pair.score, pair.id)):
            place = pair.res_id, parts.get(pair.xero_id, "")
            if place in taken or pair.res_id not in by_id:
                continue
            taken.add(place)
            free.append(pair.id)
            vals = self._prepare_adopted(dataset, pair, by_id[pair.res_id], place[1])
            if link := here.get(place):
                link.write(vals)
                old.append(link)
            else:
                rows.append(vals)
        free, links = pairs.browse(free), self.env["xero.link"].sudo().create(rows).concat(*old)
        free.write({"state": "linked"})
        if free and key in WAITING:
            self._read_anew(WAITING[key])
        self.env["xero.event"]._log_many([(link, "adopted", "ok", {}) for link in links], user=self.env.user)
        differing = links.filtered("difference")
        self.env["xero.exception"]._report(
            [
                (link, "totals_differ", link.difference, dataset._amount(dataset._browse(link.res_id)))
                for link in differing
            ]
        )
        return free

    def _prepare_adopted(self, dataset, pair, record, part):
        """Values of the link of an accepted pair; amounts that differ are said, never settled."""
        element = pair.element or {}
        figures = dataset._figures(record, self.env["xero.link"])
        difference = dataset._compare(figures, element) if figures else False
        return {
            **dataset._read_answer(element),
            "connection_id": self.id,
            "company_id": record.company_id.id if "company_id" in record and record.company_id else self.company_id.id,
            "tenant_id": self.tenant_id,
            "dataset": pair.dataset,
            "model": record._name,
            "res_id": record.id,
            "part": part,
            "xero_id": pair.xero_id,
            # A link alone changes no name and no price: only what is edited in Xero from now on does.
            "pull_hash": pair.content_print,
            "value_prints": pair.value_prints,
            "line_ids": dataset._line_ids(record, element),
            "booked": dataset._booked(element),
            "state": "synced",
            "reason": "totals_differ" if difference else False,
            "difference": difference or False,
            "active": True,
        }
