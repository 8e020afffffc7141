"""Identity: which Odoo record is which Xero record, and what is to do about it."""

from urllib.parse import quote

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..datasets.statuses import BUSY_STATES, GONE

STATES = [
    ("synced", "In Xero"),
    ("outdated", "Changed since the push"),
    ("queued", "Waiting to be sent"),
    ("held", "Held"),
    ("sending", "Being sent"),
    ("in_doubt", "Outcome in doubt"),
    ("failed", "Needs attention"),
    ("excluded", "Not for Xero"),
]
PAYMENT_STATES = [
    ("draft", "Draft"),
    ("unpaid", "Unpaid"),
    ("partial", "Partially Paid"),
    ("paid", "Paid"),
    ("cancelled", "Cancelled"),
]
BY_STATUS = {"DRAFT": "draft", "SUBMITTED": "draft", "PAID": "paid", "VOIDED": "cancelled", "DELETED": "cancelled"}


class XeroLink(models.Model):
    """One Odoo record (or a part of it) and its counterpart in one Xero organisation."""

    _name = "xero.link"
    _inherit = "xero.record.mixin"
    _description = "Xero Link"
    _order = "id desc"

    connection_id = fields.Many2one("xero.connection", ondelete="set null", index="btree_not_null")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", index=True)
    tenant_id = fields.Char("Organisation ID", required=True, readonly=True)
    dataset = fields.Char("Data Set Key", required=True, readonly=True)
    dataset_name = fields.Char("Data Set", compute="_compute_dataset_name")
    model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference("Record ID", model_field="model", readonly=True)
    part = fields.Char(required=True, default="", readonly=True)
    active = fields.Boolean(default=True)

    xero_id = fields.Char("Xero ID", readonly=True)
    merged_into = fields.Char(readonly=True)
    number = fields.Char("Xero Number", readonly=True)
    number_override = fields.Char(
        "Number for Xero", readonly=True, help="Sent instead of Odoo's own number, which Xero does not take."
    )
    xero_status = fields.Char("Status in Xero", readonly=True)
    payment_state = fields.Selection(
        PAYMENT_STATES, "Paid in Xero", compute="_compute_payment_state", store=True, help="Of invoices and bills."
    )
    xero_total = fields.Float("Total in Xero", digits=(16, 2), readonly=True, help="In the document's currency.")
    xero_updated_at = fields.Datetime("Changed in Xero", readonly=True)
    content_hash = fields.Char(readonly=True, copy=False, help="Of what was sent last.")
    pull_hash = fields.Char(readonly=True, copy=False, help="Of what was brought in last.")
    value_prints = fields.Json(readonly=True, help="Of each value of the element in Xero, as it was taken last.")
    xero_print = fields.Char(readonly=True, copy=False, help="Of what people can edit in Xero, as it was read last.")
    matched_by = fields.Char(
        readonly=True, copy=False, help="Key by which a rule has found the record; empty where nobody had to guess."
    )
    sent_print = fields.Char(readonly=True, copy=False, help="The same right after the last push.")
    figures = fields.Json(readonly=True, help="Amounts that Xero keeps of the record, e.g. what is outstanding.")
    line_ids = fields.Json("Line IDs", readonly=True)
    booked = fields.Json(readonly=True, help="Accounts and tax rates that Xero had booked it to when it was linked.")
    difference = fields.Json(readonly=True)
    synced_at = fields.Datetime("Last Sent", readonly=True)

    state = fields.Selection(STATES, required=True, default="queued", readonly=True, index=True)
    changed = fields.Boolean(readonly=True, help="Changed in Odoo since its content was read for sending.")
    only_followers = fields.Boolean(readonly=True, help="Outdated for its files or allocations alone.")
    run_id = fields.Many2one("xero.run", ondelete="set null", index="btree_not_null", readonly=True)
    split = fields.Integer(readonly=True, help="Set while a refused batch is sent in halves; a batch holds one number.")
    reason = fields.Char(readonly=True, help="Code of the reason why it is held or excluded.")
    date_override = fields.Date(
        "Date in Xero", readonly=True, help="Sent instead of Odoo's own date, which lies in a locked period."
    )
    date_moved_by_id = fields.Many2one("res.users", "Date Moved by", readonly=True)
    included_by_id = fields.Many2one("res.users", "Included by", readonly=True)
    duplicate_accepted_by_id = fields.Many2one("res.users", "Said to be no duplicate by", readonly=True)
    record_exists = fields.Boolean(compute="_compute_record_exists")
    url = fields.Char("Open in Xero", compute="_compute_url")

    _record_unique = models.Constraint(
        "UNIQUE(tenant_id, dataset, model, res_id, part)",
        "This record is linked to this Xero organisation already.",
    )
    _xero_unique = models.UniqueIndex(
        "(tenant_id, dataset, xero_id) WHERE xero_id IS NOT NULL AND merged_into IS NULL AND active",
        "This Xero record is linked to another record already.",
    )
    _state_index = models.Index("(tenant_id, model, state, res_id)")
    _record_index = models.Index("(model, res_id)")
    _part_index = models.Index("(part text_pattern_ops) WHERE part != ''")

    # === COMPUTES === #

    def _compute_record_exists(self):
        for model, links in self.grouped("model").items():
            existing = set(self.env[model].browse(links.mapped("res_id")).exists().ids)
            for link in links:
                link.record_exists = link.res_id in existing

    @api.depends("dataset", "xero_id", "xero_status", "figures")
    def _compute_payment_state(self):
        """What Xero's own words for an invoice or a bill come to, with what is paid of it there (XQ-35, INV-20)."""
        for link in self:
            figures = link.figures or {}
            some = figures.get("AmountPaid") or figures.get("AmountCredited")
            state = BY_STATUS.get(link.xero_status) or ("partial" if some else "unpaid")
            link.payment_state = link.dataset == "invoice" and link.xero_id and state

    @api.depends("dataset")
    @api.depends_context("lang")
    def _compute_dataset_name(self):
        for link in self:
            link.dataset_name = self.env["xero.connection"]._dataset_label(link.dataset)

    @api.depends("record_name")
    def _compute_display_name(self):
        for link in self:
            link.display_name = link.number or link.record_name

    @api.depends("xero_id", "dataset", "connection_id.short_code")
    def _compute_url(self):
        for link in self:
            dataset = self.env.get(f"xero.dataset.{link.dataset}")
            path = dataset._deep_link(link.xero_id) if dataset is not None and link.xero_id else ""
            connection = link.connection_id.sudo()
            if path and connection.short_code and connection.tenant_id == link.tenant_id:
                link.url = (
                    f"{connection._go_url()}/organisationlogin/default.aspx"
                    f"?shortcode={quote(connection.short_code, safe='')}"
                    f"&redirecturl={quote(path, safe='')}"
                )
            else:
                link.url = False

    # === ACTIONS === #

    def action_include(self):
        """Let a document travel although it is older than the start date; logged."""
        self.env["xero.connection"]._check_administrator()
        self.check_access("read")
        for link in self.sudo().filtered(lambda link: link.state == "excluded"):
            link.write({"included_by_id": self.env.uid, "state": "outdated", "reason": False})
            self.env["xero.event"]._log(link, "included", "ok", user=self.env.user)

    # === BUSINESS === #

    @api.model
    def _parts_domain(self, record):
        """Domain of the links whose part is `record`, or something of it: its payments, allocations, write-offs."""
        part = f"{record._name},{record.id}"
        # That there is one is what the index holds.
        return Domain("part", "!=", "") & (Domain("part", "=", part) | Domain("part", "=like", f"{part},%"))

    def _dataset(self):
        """Data set of this link, for its connection."""
        return self.connection_id._dataset(self.dataset, self.model)

    def _by_dataset(self):
        """List of ``(data set, links)`` of these links."""
        groups = self.grouped(lambda link: (link.connection_id, link.dataset, link.model))
        return [(connection._dataset(key, model), links) for (connection, key, model), links in groups.items()]

    def _amount_due(self):
        """What is open of an invoice or a bill in Xero, in its currency; without an answer yet, all of it."""
        self.ensure_one()
        if self.payment_state in (False, "paid", "cancelled"):
            return 0.0
        return (self.figures or {}).get("AmountDue", self.xero_total)

    def _name_without_record(self):
        # EXTENDS xero.record.mixin
        return self.env._("Record %(id)s", id=self.res_id)

    @api.model
    def _mark_changed(self, model, ids, apart_from=""):
        """What Xero holds of these records may no longer be what Odoo says; never waits for Xero.

        One that is being sent just now is remembered, too: its answer does not make it agree.

        :param apart_from: id of an organisation that has just said so itself
        """
        if not ids:
            return
        self.flush_model(["state", "reason", "changed", "only_followers"])
        self.env.cr.execute(
            SQL(
                """UPDATE xero_link
                      SET state = CASE state WHEN 'synced' THEN 'outdated' ELSE state END,
                          reason = CASE WHEN state IN ('synced', 'outdated') THEN NULL ELSE reason END,
                          changed = state NOT IN ('synced', 'outdated'), only_followers = FALSE
                    WHERE model = %s AND res_id IN %s AND tenant_id != %s
                      AND (state IN ('synced', 'queued', 'sending', 'in_doubt') OR only_followers
                           OR state = 'outdated' AND reason IS NOT NULL)""",
                model,
                tuple(ids),
                apart_from,
            )
        )
        if self.env.cr.rowcount:
            self.invalidate_model(["state", "reason", "changed", "only_followers"])
            self._forget_shown(model, ids)

    @api.model
    def _mark_followers_changed(self, model, ids):
        """Files or allocations of these records have come or changed: their next push sends those, nothing else."""
        if not ids:
            return
        self.flush_model(["state", "only_followers"])
        self.env.cr.execute(
            SQL(
                # Who is recording an answer just now starts anew, and sees what has come.
                """UPDATE xero_link
                      SET state = CASE state WHEN 'synced' THEN 'outdated' ELSE state END,
                          only_followers = only_followers OR state = 'synced'
                    WHERE model = %s AND res_id IN %s AND part = ''
                      AND state IN ('synced', 'queued', 'sending', 'in_doubt')""",
                model,
                tuple(ids),
            )
        )
        if self.env.cr.rowcount:
            self.invalidate_model(["state", "only_followers"])
            self._forget_shown(model, ids)

    @api.model
    def _forget_shown(self, model, ids):
        """What these records show of their links is out of date in memory."""
        self.env[model].browse(ids).invalidate_recordset(["xero_link_id", "xero_state", "xero_message"])

    def _follow_merge(self, partner_ids):
        """Let links of merged partners follow to the partner that is left.

        Two contacts of one organisation cannot be one partner: the second is put aside and reported.
        """
        left = self.env["res.partner"].browse(partner_ids).exists()
        if len(left) != 1:
            return
        for link in self.sorted(lambda link: link.res_id != left.id):
            kept = self._of(left, link.connection_id, link.dataset)
            if link == kept or link.res_id == left.id:
                continue
            if not kept:
                # Deleting the other partner has put its link to rest.
                link.write({"res_id": left.id, "active": True})
                continue
            if link._is_current() and not kept._is_current():
                kept._give_way(link)
                kept, link = link, kept
            link.active = False
            merged_there = link.merged_into == kept.xero_id
            if link._is_current() and kept._is_current() and not merged_there:
                names = {"kept": kept.number or "", "other": link.number or ""}
                self.env["xero.exception"]._report([(kept, "contacts_merged", names, 0.0)])
            elif merged_there:
                self.env["xero.exception"]._close(link | kept, ("contact_merged",))

    def _is_current(self):
        """Whether a contact of Xero's that was not merged into another one stands behind this link."""
        return bool(self.xero_id) and not self.merged_into

    def _give_way(self, other):
        """Let `other` stand for the record of this link, which takes the one of `other` instead, and rests."""
        mine, its = self.res_id, other.res_id
        self.active = False
        for link, res_id in ((self, -self.id), (other, mine), (self, its)):  # a record has one link at any moment
            link.res_id = res_id
            link.flush_recordset(["res_id", "active"])
        other.active = True

    def _is_in_xero(self):
        """Whether Xero has what this link stands for, and has neither voided nor deleted it."""
        return bool(self.xero_id) and self.xero_status not in GONE

    def _stays_in_books(self):
        """Whether Xero goes on counting what this link stands for when its record is deleted in Odoo."""
        self.ensure_one()
        dataset = self.env.get(f"xero.dataset.{self.dataset}")
        return bool(self.connection_id and dataset is not None and dataset._in_books and self._is_in_xero())

    @api.model
    def _report_deleted(self, names):
        """Tell that records were deleted in Odoo, and that Xero goes on counting them.

        :param names: ``{link: name of its record}``
        """
        self.env["xero.exception"]._report(
            [
                (link, "deleted_in_odoo", {"document": name, "status": link.xero_status or ""}, 0.0)
                for link, name in names.items()
            ]
        )

    @api.model
    def _holding(self, tenant_id, dataset, xero_ids):
        """Links of an organisation that hold these ids of a data set."""
        return self.sudo().search(
            [("tenant_id", "=", tenant_id), ("dataset", "=", dataset), ("xero_id", "in", list(xero_ids))]
        )

    def _clear(self, name):
        """Forget which element of Xero's a record is; what happened to it stays readable under the id that it had.

        :param name: what people call the record
        :raises UserError: it is not linked, or on its way
        """
        if not self.xero_id:
            raise UserError(self.env._("%s is not linked to Xero.", name))
        if self.state in BUSY_STATES:
            raise UserError(self.env._("%s is on its way to Xero: try again when it has arrived.", name))
        self.env["xero.event"]._log(self, "link_cleared", "ok", user=self.env.user)
        self.unlink()

    def _forget_gone(self):
        """:meth:`_forget` what Xero has voided or deleted: its number is used up, the next push makes another one."""
        self.filtered(lambda link: link.xero_status in GONE)._forget()

    def _forget(self):
        """Forget what Xero has of a record, with the files that went there: the next push makes it anew."""
        files = self.with_context(active_test=False).search(
            [
                ("tenant_id", "in", self.mapped("tenant_id")),
                ("dataset", "=", "attachment"),
                ("part", "in", [f"{link.model},{link.res_id}" for link in self]),
            ]
        )
        files.unlink()
        self.write(dict.fromkeys(("xero_id", "xero_status", "content_hash", "line_ids", "booked"), False))

    @api.model
    def _of(self, records, connection, dataset):
        """Links of `records` in the organisation of `connection`, part ``''``."""
        return self.sudo().search(
            [
                ("tenant_id", "=", connection.tenant_id),
                ("dataset", "=", dataset),
                ("model", "=", records._name),
                ("res_id", "in", records.ids),
                ("part", "=", ""),
            ]
        )
