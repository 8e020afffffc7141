"""A resumable piece of work; runs are the outbox."""

from collections import Counter

from odoo import api, fields, models

from .. import values
from . import messages

UNDER_WAY = ("queued", "running")
BUTTON = "0"  # priority of a run that somebody waits for
PRIORITIES = [(BUTTON, "Button"), ("1", "Payment"), ("2", "Document"), ("3", "Attachment"), ("4", "Full pass")]

TRIGGERS = [
    ("button", "Button"),
    ("schedule", "Schedule"),
    ("posting", "Posting"),
    ("webhook", "Webhook"),
    ("approval", "Approval"),
    ("code", "Program"),
]


class XeroRun(models.Model):
    """One push, pull, validation or adoption."""

    _name = "xero.run"
    _description = "Xero Run"
    _order = "id desc"

    connection_id = fields.Many2one("xero.connection", ondelete="set null", index="btree_not_null")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", index=True)
    kind = fields.Selection(
        [("push", "Push"), ("pull", "Import"), ("validate", "Validate"), ("adopt", "Adopt"), ("check", "Check")],
        required=True,
    )
    trigger = fields.Selection(TRIGGERS, "Started by", required=True, default="code")
    user_id = fields.Many2one("res.users", required=True, default=lambda self: self.env.user)
    priority = fields.Selection(PRIORITIES, required=True, default="2")
    state = fields.Selection(
        [
            ("open", "Open"),
            ("closed", "Closed"),
            ("queued", "Waiting"),
            ("running", "Running"),
            ("done", "Done"),
            ("stopped", "Stopped"),
        ],
        required=True,
        default="queued",
        index=True,
    )
    phase = fields.Selection([("prepare", "Prepare"), ("send", "Send")], default="prepare")
    model = fields.Char(help="Model of the records that were asked for; others are what they need.")
    position = fields.Integer(help="Id of the last link that was checked.")
    not_before = fields.Datetime(help="Nothing is done for this run before that moment (UTC).")
    reserved_until = fields.Datetime(help="Until then a button works on this run, not the worker (UTC).")
    attempts = fields.Integer(help="Transient failures since the last success.")
    started_at = fields.Datetime()
    finished_at = fields.Datetime()
    total = fields.Integer("Records")
    done = fields.Integer()
    failed = fields.Integer()
    calls = fields.Integer("API Calls")
    waiting_for = fields.Char(help="Code of the reason why the run waits.")
    waiting_text = fields.Char("Waits for", compute="_compute_waiting_text")
    # A pull: what is read, and how far it has come
    dataset = fields.Char("Data Set Key")
    dataset_name = fields.Char("Data Set", compute="_compute_dataset_name")
    schedule_id = fields.Many2one("xero.schedule", ondelete="set null", index="btree_not_null")
    only = fields.Char("Xero ID", help="The one element that is read.")
    chosen = fields.Json(help="Id of the record that a person chose for that element, or “new”.")
    since = fields.Datetime(help="Elements that changed in Xero after that moment are read (UTC).")
    place = fields.Integer(help="Number of the list that is read, where a data set has several.")
    page = fields.Integer(default=1)
    size = fields.Integer(help="Elements on a page, 0: as many as Xero gives.")
    rows_read = fields.Integer(help="Elements read since that moment.")
    tail = fields.Json(help="Ids of the elements read last.")
    handled = fields.Json(help="Ids of the elements of this page that are done.")
    seen = fields.Json(help="What has been counted and is read again, as pages overlap: when each changed, by its id.")
    listed = fields.Json(help="Ids of the elements of this list, where what it lacks is gone.")
    newest = fields.Datetime(help="Latest change that was read, by Xero's clock (UTC).")
    known_until = fields.Datetime(help="When Xero gave its first answer, by its clock (UTC).")
    created = fields.Integer()
    linked = fields.Integer()
    updated = fields.Integer()
    unchanged = fields.Integer()
    skipped = fields.Integer()
    missing = fields.Integer("Only in Xero", help="Of those that were left out.")
    left_out = fields.Json(help="How many of them for which reason.")
    left_out_text = fields.Char("Left out because", compute="_compute_left_out_text")
    error = fields.Char("Stopped by", readonly=True)
    undoes_id = fields.Many2one("xero.run", "Takes Back", readonly=True, index="btree_not_null")
    undone_ids = fields.One2many("xero.run", "undoes_id")
    event_ids = fields.One2many("xero.event", "run_id")
    link_ids = fields.One2many("xero.link", "run_id")
    progress = fields.Integer(compute="_compute_progress")

    @api.depends("kind", "total", "create_date", "dataset")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for run in self:
            run.display_name = self.env._(
                "%(kind)s no. %(number)s, records: %(count)s",
                kind=f"{kinds.get(run.kind, '')} {run.dataset_name or ''}".strip(),
                number=run.id,
                count=run.total,
            )

    @api.depends("dataset")
    @api.depends_context("lang")
    def _compute_dataset_name(self):
        for run in self:
            dataset = self.env.get(f"xero.dataset.{run.dataset}")
            run.dataset_name = dataset._label(self.env) if dataset is not None else False

    @api.depends("waiting_for")
    @api.depends_context("lang")
    def _compute_waiting_text(self):
        for run in self:
            run.waiting_text = messages.wait_label(self.env, run.waiting_for)

    @api.depends("left_out")
    @api.depends_context("lang")
    def _compute_left_out_text(self):
        for run in self:
            run.left_out_text = messages.left_out_label(self.env, run.left_out)

    @api.depends("total", "done", "failed", "state")
    def _compute_progress(self):
        for run in self:
            handled = run.done + run.failed
            # A pull learns from its first page how much there is.
            nothing = 0 if run.kind != "push" and run.state in UNDER_WAY else 100
            run.progress = min(100, round(100 * handled / run.total)) if run.total else nothing

    # === ACTIONS === #

    def action_open_links(self):
        """The records of this run."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "xero.event",
            "views": [(False, "list"), (False, "form")],
            "domain": [("run_id", "=", self.id)],
        }

    # === BUSINESS === #

    def _count(self, done=0, failed=0, calls=0):
        """Add to the counters."""
        if done and self.not_before:
            self.write({"not_before": False, "waiting_for": False})
        self.done += done
        self.failed += failed
        self.calls += calls

    def _wait(self, until, reason):
        """Do nothing for this run before `until` (naive UTC)."""
        self.write({"state": "queued", "not_before": until, "waiting_for": reason})

    def _start(self):
        """A step begins; whether there is anything to do: a run that was stopped stays so."""
        self.invalidate_recordset()
        if self.state == "queued":
            self.write({"state": "running", "started_at": self.started_at or fields.Datetime.now()})
        return self.state == "running"

    def _finish(self):
        """Close the run and tell its user, when it ran in the background."""
        self.write({"state": "done", "finished_at": fields.Datetime.now(), "not_before": False, "waiting_for": False})
        if self.trigger == "button" and self.priority != BUTTON:
            title, summary = self.env._("%s finished", self.display_name), self._summary()
            self.user_id._bus_send(
                "simple_notification",
                {
                    "type": "warning" if self.failed else "success",
                    "title": title,
                    "message": summary,
                    "sticky": bool(self.failed),
                },
            )
            if self.failed:
                # Who has logged off meanwhile sees no notification: a message waits for him (ERR-08).
                people = self.user_id.partner_id.ids
                self.connection_id.message_notify(partner_ids=people, subject=title, body=summary)
        if self.trigger != "button" and self.failed:
            self.connection_id._alert_problems(self)

    def _summary(self):
        """One sentence about what the run has done."""
        self.ensure_one()
        if self.error:
            return self.error
        if self.kind == "push":
            return self.env._(
                "%(done)s of %(total)s records are in Xero, %(attention)s.",
                done=self.done,
                total=self.total,
                attention=self._attention(),
            )
        if not self._has_news():
            return self.env._("nothing new")
        counts = (
            (self.created, self.env._("%s created", self.created)),
            (self.linked, self.env._("%s linked", self.linked)),
            (self.updated, self.env._("%s updated", self.updated)),
            (self.missing, self.env._("%s only in Xero", self.missing)),
            (self.skipped - self.missing, self._left_out()),
            (self.failed, self._attention()),
        )
        return ", ".join(text for count, text in counts if count)

    def _attention(self):
        """How many records need somebody, as a part of a sentence."""
        if self.failed == 1:
            return self.env._("1 needs attention")
        return self.env._("%s need attention", self.failed)

    def _left_out(self):
        """How many elements were left out and why, as a part of a sentence."""
        count = self.skipped - self.missing
        if not self.left_out_text:
            return self.env._("%s left out", count)
        return self.env._("%(count)s left out (%(reasons)s)", count=count, reasons=self.left_out_text)

    def _has_news(self):
        """Whether a pull changed anything, met a problem, or found what nobody has in Odoo."""
        return bool(self.created or self.linked or self.updated or self.missing or self.failed or self.error)

    # === PULL === #

    def _dataset(self):
        """Data set of a pull; what it writes is no change of Odoo's."""
        return self.connection_id._dataset(self.dataset).with_context(
            xero_no_echo=True,
            xero_place=self.place,
            xero_chosen=self.chosen,
            tracking_disable=True,
            mail_create_nosubscribe=True,
            # Tax numbers are what they are in Xero; Odoo's check would keep the whole contact out.
            no_vat_validation=True,
        )

    def _position(self):
        """Where a pull reads now."""
        return str(self.since or ""), self.place, self.page, self.size, len(self.handled or ())

    def _is_at(self, position):
        """Whether this run still goes on, and stands where it stood; locks it until the transaction ends."""
        self.env.cr.execute("SELECT state FROM xero_run WHERE id = %s FOR UPDATE", [self.id], log_exceptions=False)
        self.invalidate_recordset()
        return self.state == "running" and self._position() == position

    def _first_time(self, dataset, items):
        """Ids of those of `items` that this run has not counted yet; from now on it has."""
        moments = {item[dataset._xero_id]: values.parse_moment(item.get("UpdatedDateUTC")) for item in items}
        known = self.seen or {}
        first = moments.keys() - known.keys()
        self.seen = {**known, **{xero_id: str(moment or "") for xero_id, moment in moments.items()}}
        return first

    def _count_pulled(self, failed=0, missing=0, left_out=None, **counts):
        """Add to the counters of a pull; keys are created, linked, updated, unchanged, skipped.

        :param missing: how many of those that were left out are only in Xero
        :param left_out: how many of the others for which reason
        """
        if missing:
            self.missing += missing
        if left_out:
            self.left_out = dict(Counter(self.left_out or {}) + Counter(left_out))
        for name, count in counts.items():
            if count:
                self[name] += count
        self._count(done=sum(counts.values()), failed=failed)

    def _complete(self):
        """Everything was read: the schedule goes on from here next time."""
        self.total = self.done + self.failed
        self.schedule_id._note_success(self)
        if self.kind == "adopt":
            self.env["xero.pair"]._settle(self)
        self._log_pull("pulled", "warning" if self.failed else "ok")
        self._finish()
        self.schedule_id.connection_id._note_imports()

    def _fail(self, reason):
        """Waiting does not help: stop, and say why."""
        self.write({"state": "stopped", "finished_at": fields.Datetime.now(), "error": reason})
        self._log_pull("pull_failed", "failed")
        self.schedule_id.connection_id._note_imports()

    def _fail_for(self, problem):
        """Stop for a :class:`~..datasets.problem.Problem`, in the words of the catalogue."""
        self._fail(messages.render(self.env, problem.code, problem.arguments))

    def _log_pull(self, kind, result, detail=None):
        """Write down what became of the run.

        :param detail: instead of the error or the counts
        """
        counts = {name: self[name] for name in ("created", "linked", "updated", "unchanged", "skipped", "failed")}
        self.env["xero.event"]._log_connection(
            self.connection_id,
            kind,
            result,
            run_id=self.id,
            trigger=self.trigger,
            dataset=self.dataset,
            direction="pull",
            user_id=self.user_id.id,
            arguments={"dataset": self.dataset_name, "detail": detail or self.error or self._summary(), **counts},
        )
