"""A resumable piece of work; runs are the outbox."""

from odoo import api, fields, models

from . import messages

BUTTON = "0"  # priority of a run that somebody waits for
PRIORITIES = [(BUTTON, "Button"), ("1", "Payment"), ("2", "Document"), ("3", "Attachment"), ("4", "Full pass")]

TRIGGERS = [
    ("button", "Button"),
    ("schedule", "Schedule"),
    ("posting", "Posting"),
    ("webhook", "Webhook"),
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
        [("push", "Push"), ("pull", "Pull"), ("validate", "Validate"), ("adopt", "Adopt")],
        required=True,
    )
    trigger = fields.Selection(TRIGGERS, "Started by", required=True, default="code")
    user_id = fields.Many2one("res.users", required=True, default=lambda self: self.env.user)
    priority = fields.Selection(PRIORITIES, required=True, default="2")
    state = fields.Selection(
        [("queued", "Waiting"), ("running", "Running"), ("done", "Done"), ("stopped", "Stopped")],
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
    event_ids = fields.One2many("xero.event", "run_id")
    link_ids = fields.One2many("xero.link", "run_id")
    progress = fields.Integer(compute="_compute_progress")

    @api.depends("kind", "total", "create_date")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for run in self:
            run.display_name = self.env._(
                "%(kind)s no. %(number)s, records: %(count)s",
                kind=kinds.get(run.kind, ""),
                number=run.id,
                count=run.total,
            )

    @api.depends("waiting_for")
    @api.depends_context("lang")
    def _compute_waiting_text(self):
        for run in self:
            run.waiting_text = messages.wait_label(self.env, run.waiting_for)

    @api.depends("total", "done", "failed")
    def _compute_progress(self):
        for run in self:
            handled = run.done + run.failed
            run.progress = round(100 * handled / run.total) if run.total else 100

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

    def _finish(self):
        """Close the run and tell its user, when it ran in the background."""
        self.write({"state": "done", "finished_at": fields.Datetime.now(), "not_before": False, "waiting_for": False})
        if self.trigger == "button" and self.priority != BUTTON:
            failed = self.failed
            self.user_id._bus_send(
                "simple_notification",
                {
                    "type": "warning" if failed else "success",
                    "title": self.env._("Push to Xero finished"),
                    "message": self.env._(
                        "%(done)s of %(total)s records are in Xero, %(failed)s need attention.",
                        done=self.done,
                        total=self.total,
                        failed=failed,
                    ),
                    "sticky": bool(failed),
                },
            )
