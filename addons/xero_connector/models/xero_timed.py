"""When something of a connection starts by itself."""

from datetime import timedelta

from odoo import api, fields, models

from .xero_run import UNDER_WAY

WEEK = timedelta(days=7)


class XeroTimed(models.AbstractModel):
    """For models with ``connection_id``: how often, when next, and what came of it last time."""

    _name = "xero.timed"
    _description = "Xero Job With a Time"

    is_on = fields.Boolean(compute="_compute_is_on", help="Whether the job starts by itself.")
    timing = fields.Selection(
        [("interval", "Every few minutes"), ("midnight", "At midnight"), ("weekly", "Once a week, at midnight")],
        required=True,
        default="interval",
    )
    minutes = fields.Integer(default=30)
    last_start = fields.Datetime(readonly=True)
    next_start = fields.Datetime(compute="_compute_next_start")
    last_run_id = fields.Many2one("xero.run", readonly=True, ondelete="set null")
    last_summary = fields.Char("Last Time", compute="_compute_last_summary")
    last_state = fields.Selection(related="last_run_id.state", string="Last State")

    @api.depends("timing", "minutes", "last_start", "connection_id.tz", "is_on")
    def _compute_next_start(self):
        for job in self:
            job.next_start = job._next_start(fields.Datetime.now()) if job.is_on else False

    @api.depends("last_run_id.state", "last_run_id.done", "last_run_id.failed", "last_run_id.error")
    def _compute_last_summary(self):
        for job in self:
            run = job.last_run_id
            job.last_summary = run._summary() if run else False

    def _compute_is_on(self):
        raise NotImplementedError

    def _next_start(self, now):
        """Moment of the next start (naive UTC); `now` for an interval that never began."""
        self.ensure_one()
        if self.timing == "interval":
            return self.last_start + timedelta(minutes=self.minutes) if self.last_start else now
        # A job that never ran has its night, too: the first import has just read all there is.
        earliest = self.last_start or self.create_date
        if self.timing == "weekly":
            earliest += WEEK - timedelta(hours=12)
        return self.connection_id._next_midnight(earliest)

    def _turns_until(self, moment):
        """How often the job starts until `moment` (naive UTC)."""
        self.ensure_one()
        start = self.next_start
        if not start or start > moment:
            return 0
        if self.timing != "interval":
            return 1
        return 1 + (moment - max(start, fields.Datetime.now())) // timedelta(minutes=self.minutes)

    def _is_due(self, now):
        """Whether the job starts now: nothing of the kind is under way."""
        self.ensure_one()
        return self._next_start(now) <= now and self.last_run_id.state not in UNDER_WAY
