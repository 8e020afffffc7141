"""Export Control: batches of documents that people see, choose, check and send (EXP, XW-23 to XW-26)."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_date

from ..engine import check
from .xero_run import UNDER_WAY

AT_ONCE = 100  # documents that are checked while their user waits
REASONS = 5  # that are named when a batch cannot go


class XeroRun(models.Model):
    """A batch is a push run that was not started yet: open, closed, then a run like any other."""

    _inherit = "xero.run"

    batch_kind = fields.Selection("_selection_batch_kind", "Batch Type", readonly=True, index="btree_not_null")
    date_from = fields.Date("From", readonly=True)
    date_to = fields.Date("Until", readonly=True)
    period = fields.Char(compute="_compute_period")
    not_for_export = fields.Boolean(readonly=True)
    document_ids = fields.One2many("xero.batch.document", "run_id", "Documents", readonly=True)
    batch_id = fields.Many2one(
        "xero.run", readonly=True, ondelete="cascade", index="btree_not_null", help="The batch that is checked."
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    document_count = fields.Integer("Documents in All", compute="_compute_documents")
    ready_count = fields.Integer("Ready", compute="_compute_documents")
    blocked_count = fields.Integer("Cannot Go Yet", compute="_compute_documents")
    new_count = fields.Integer("Not Checked", compute="_compute_documents")
    amount = fields.Monetary("Total", compute="_compute_documents", help="Of what travels, in the company's currency.")
    is_checking = fields.Boolean(compute="_compute_is_checking")

    @api.model
    def _selection_batch_kind(self):
        return self.env["xero.connection"]._kind_labels()

    # === COMPUTES === #

    @api.depends("batch_kind", "date_from")
    def _compute_display_name(self):
        # EXTENDS: a batch is named by what it holds
        batches = self.filtered("batch_kind")
        kinds = dict(self._fields["batch_kind"]._description_selection(self.env)) if batches else {}
        for batch in batches:
            batch.display_name = self.env._(
                "%(kind)s, %(period)s (no. %(number)s)",
                kind=kinds.get(batch.batch_kind, batch.batch_kind),
                period=batch.period,
                number=batch.id,
            )
        return super(XeroRun, self - batches)._compute_display_name()

    @api.depends("date_from")
    @api.depends_context("lang")
    def _compute_period(self):
        for run in self:
            run.period = format_date(self.env, run.date_from, date_format="MMMM yyyy") if run.date_from else False

    @api.depends("document_ids.state", "document_ids.amount")
    def _compute_documents(self):
        rows = self.env["xero.batch.document"]._read_group(
            [("run_id", "in", self.ids)], ["run_id", "state"], ["__count", "amount:sum"]
        )
        found = {(run.id, state): (count, amount) for run, state, count, amount in rows}
        for run in self:
            by_state = {state: found.get((run.id, state), (0, 0.0)) for state in ("new", "ready", "blocked", "out")}
            run.new_count, run.ready_count, run.blocked_count = (
                by_state[state][0] for state in ("new", "ready", "blocked")
            )
            run.document_count = sum(count for count, _amount in by_state.values())
            run.amount = sum(amount for state, (_count, amount) in by_state.items() if state != "out")

    def _compute_is_checking(self):
        checks = self.search([("batch_id", "in", self.ids), ("state", "in", UNDER_WAY)])
        for run in self:
            run.is_checking = run in checks.batch_id

    # === ACTIONS === #

    @api.model
    def action_export_control(self):
        """Open Export Control, brought up to date: what is sent by hand and is not in Xero yet."""
        if self.env.user.has_group("xero_connector.group_xero_user"):
            self.env["xero.connection"].search([("enabled", "=", True)])._collect(by_hand=True)
        return self.env["ir.actions.act_window"]._for_xml_id("xero_connector.xero_batch_action")

    def action_collect(self):
        """Put everything that is not in Xero yet into open batches, also what would go by itself."""
        self.env["xero.connection"]._check_user()
        self.env["xero.connection"].search([("enabled", "=", True)])._collect()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_open_documents(self):
        """The documents of this batch, to choose from."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("xero_connector.xero_batch_document_action")
        return {**action, "domain": [("run_id", "=", self.id)], "name": self.display_name}

    def action_check(self):
        """Look again at what keeps each document from going; no call to Xero."""
        for batch in self._batches("open", "closed"):
            batch.document_ids.filtered(lambda document: document.state != "out").write({"state": "new"})
            batch._start_check()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_leave_out_blocked(self):
        """Leave out what cannot go yet."""
        blocked = self._batches("open").document_ids.filtered(lambda document: document.state == "blocked")
        return blocked.with_env(self.env).action_leave_out()

    def action_close(self):
        """Nothing is added or left out any more; what is not checked is checked first.

        :raises UserError: a batch is not open, marked not for export, empty, or holds what cannot go
        :raises AccessError: it holds what the user may not write
        """
        batches = self._batches("open")
        if waiting := batches._check_first():
            return waiting
        for batch in batches:
            batch._check_complete()
            batch.state = "closed"
            batch._log_batch("batch_closed")
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_not_for_export(self):
        """Keep these batches back, or take that back.

        :raises UserError: a batch is closed
        """
        for batch in self._batches("open"):
            batch.not_for_export = not batch.not_for_export
            batch._log_batch("batch_kept_back" if batch.not_for_export else "batch_for_export")
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_export(self):
        """Send these batches in the background; what is not checked is checked first.

        :raises UserError: a batch is open, marked not for export, was exported before, or holds what cannot go
        :raises AccessError: it holds what the user may not write
        """
        batches = self._batches("closed")
        if waiting := batches._check_first():
            return waiting
        for batch in batches:
            batch._check_complete()
        for batch in batches:
            batch._export("button")
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_reopen(self):
        """An administrator opens closed or exported batches again; what is in Xero stays there.

        :raises UserError: a batch is open or under way
        """
        self.env["xero.connection"]._check_administrator()
        for batch in self._batches("closed", "done", "stopped"):
            exported = batch.state != "closed"
            batch.write({"state": "open", "finished_at": False})
            waiting = batch._documents_elsewhere()
            (batch.document_ids - waiting).write({"live": True, "link_id": False})
            waiting.unlink()
            batch._log_batch("batch_reopened_exported" if exported else "batch_reopened")
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    # === BUSINESS === #

    def _batches(self, *states):
        """These as root, locked, when the user may act on them and they are in one of `states`."""
        self.env["xero.connection"]._check_user()
        self.check_access("read")
        batches = self.sudo().filtered("batch_kind")
        if batches:
            self.env.cr.execute(SQL("SELECT 1 FROM xero_run WHERE id = ANY(%s) ORDER BY id FOR UPDATE", batches.ids))
            batches.invalidate_recordset()
        if wrong := batches.filtered(lambda batch: batch.state not in states)[:1]:
            raise UserError(wrong.with_env(self.env)._wrong_state())
        return batches

    def _wrong_state(self):
        """Why nothing can be done with this batch now, and what to do first."""
        name = self.display_name
        if self.state == "open":
            return self.env._("%s is open. Close it first.", name)
        if self.state == "closed":
            return self.env._("%s is closed already. An administrator can open it again.", name)
        if self.state in UNDER_WAY:
            return self.env._("%s is being exported.", name)
        return self.env._("%s was exported before. An administrator can open it again.", name)

    def _chosen(self):
        return self.document_ids.filtered(lambda document: document.state != "out")

    def _batch_dataset(self):
        connection = self.connection_id
        return connection._dataset(connection._dataset_by_kind()[self.batch_kind])

    def _unchecked(self, limit):
        """The next documents that nobody has looked at."""
        return self.env["xero.batch.document"].search([("run_id", "=", self.id), ("state", "=", "new")], limit=limit)

    def _start_check(self):
        """Check what is not checked: a small batch at once, a large one in the background."""
        self.ensure_one()
        if self.is_checking:
            return
        count = self.env["xero.batch.document"].search_count([("run_id", "=", self.id), ("state", "=", "new")])
        if count <= AT_ONCE:
            check.check(self._unchecked(AT_ONCE))
            return
        connection = self.connection_id
        run = connection._new_run("check", "button", "2", batch_id=self.id, total=count)
        run.user_id = self.env.uid
        connection._wake_worker()

    def _check_first(self):
        """Start the checks that are missing; what to tell people while those of large batches go on, else ``None``.

        An error in its place would take the check back.
        """
        for batch in self.filtered("new_count"):
            batch._start_check()
        checking = self.filtered("new_count")
        if not checking:
            return None
        names = ", ".join(checking.mapped("display_name"))
        message = self.env._("Checked in the background first: %s. Press the button again when that is done.", names)
        return self.env["xero.connection"]._notify(message, "warning")

    def _check_complete(self):
        """Raise a UserError that lists what keeps this batch from going (EXP-06)."""
        if self.not_for_export:
            raise UserError(self.env._("%s is not for export.", self.display_name))
        documents = self._chosen()
        if not documents:
            raise UserError(self.env._("%s holds no document.", self.display_name))
        self._check_writable(documents)
        blocked = documents.filtered(lambda document: document.state == "blocked")
        if not blocked:
            return
        reasons = blocked.grouped("message")
        rows = [f"{len(same)} × {message}" for message, same in list(reasons.items())[:REASONS]]
        raise UserError(
            self.env._(
                "%(batch)s cannot go yet. Correct these documents or leave them out, and check again:\n%(reasons)s",
                batch=self.display_name,
                reasons="\n".join(rows),
            )
        )

    def _check_writable(self, documents):
        """Raise an AccessError unless the user may push each of these by its own button, too.

        In all of his companies: which of them he looks at just now decides nothing.
        """
        companies = {"allowed_company_ids": self.env.user.company_ids.ids}
        model = self.env[self._batch_dataset()._odoo_model].sudo(False).with_context(**companies)
        records = model.browse(documents.mapped("res_id")).exists()
        denied = records - records._filtered_access("write")
        if denied:
            seen = denied._filtered_access("read")[:REASONS]
            raise AccessError(
                self.env._(
                    "%(batch)s holds %(count)s documents that you may not write (%(names)s). Leave them out, or let "
                    "somebody send them who may.",
                    batch=self.display_name,
                    count=len(denied),
                    names=", ".join(seen.mapped("display_name")) or "…",
                )
            )

    def _export(self, trigger):
        """Queue what was chosen, and let go of what was left out."""
        dataset = self._batch_dataset()
        self._leave_out_deleted()
        chosen = self._chosen()
        records = self.env[dataset._odoo_model].browse(chosen.mapped("res_id"))
        self.connection_id._queue({dataset._key: records}, trigger, run=self)
        self.document_ids.write({"live": False})
        links = self.env["xero.link"]._of(records, self.connection_id, dataset._key)
        by_record = {link.res_id: link.id for link in links}
        for document in chosen:
            document.link_id = by_record.get(document.res_id)
        self._log_batch("batch_exported")
        if not chosen:
            self._finish()  # no step is left to do so

    def _export_checked(self):
        """Queue this batch by schedule, unless something keeps it back."""
        if self.new_count:
            # What is checked in the background goes the next time.
            self._start_check()
        if not (self.new_count or self.blocked_count):
            self._export("schedule")

    def _leave_out_deleted(self):
        """What was deleted since it was checked does not travel."""
        chosen = self._chosen()
        existing = set(self._batch_dataset()._browse(chosen.mapped("res_id")).exists().ids)
        deleted = chosen.filtered(lambda document: document.res_id not in existing)
        deleted.write({"state": "out", "reason": "record_deleted", "reason_arguments": False, "further": False})

    def _restart(self, trigger, priority, model):
        """Wait to be worked on, from the beginning."""
        self.write(
            {
                "state": "queued",
                "trigger": trigger,
                "priority": priority,
                "user_id": self.env.uid,
                "model": model,
                "phase": "prepare",
                "position": 0,
                "total": 0,
                "done": 0,
                "failed": 0,
                "attempts": 0,
                "not_before": False,
                "started_at": False,
                "finished_at": False,
            }
        )

    def _documents_elsewhere(self):
        """Documents of this batch that wait in another one by now."""
        others = self.env["xero.batch.document"].search(
            [
                ("company_id", "in", self.company_id.ids),
                ("model", "in", list(set(self.document_ids.mapped("model")))),
                ("res_id", "in", self.document_ids.mapped("res_id")),
                ("live", "=", True),
                ("run_id", "not in", self.ids),
            ]
        )
        waiting = set(others.mapped("res_id"))
        return self.document_ids.filtered(lambda document: document.res_id in waiting)

    def _log_batch(self, kind):
        self.env["xero.event"]._log_connection(
            self.connection_id, kind, "ok", run_id=self.id, arguments={"batch": self.display_name}
        )

    def _summary(self):
        # EXTENDS
        if self.kind != "check":
            return super()._summary()
        return self.env._("%(ready)s ready, %(blocked)s cannot go yet", ready=self.done, blocked=self.failed)
