"""When a data set is brought in from Xero, and how far it came."""

from datetime import timedelta

import pytz

from odoo import api, fields, models

OVERLAP = timedelta(minutes=5)
NIGHT_WINDOW = timedelta(hours=24)
SOON = timedelta(minutes=30)
JOBS = [
    ("changes", "What changed"),
    ("overnight", "Overnight: the last 24 hours"),
    ("full", "Everything"),
]


class XeroSchedule(models.Model):
    """One job of one data set; starting is all it does, the work is a run."""

    _name = "xero.schedule"
    _inherit = "xero.timed"
    _description = "Xero Schedule"
    _order = "sequence, job, id"

    connection_id = fields.Many2one("xero.connection", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="connection_id.company_id", store=True, index=True)
    dataset = fields.Char("Data Set Key", required=True, readonly=True)
    dataset_name = fields.Char("Data Set", compute="_compute_dataset_name")
    job = fields.Selection(JOBS, required=True, default="changes", readonly=True)
    sequence = fields.Integer(readonly=True)
    active = fields.Boolean("On", default=True)
    since = fields.Datetime(readonly=True, help="Latest change that was brought in, by Xero's clock (UTC).")
    last_success = fields.Datetime(readonly=True)

    _job_unique = models.Constraint("UNIQUE(connection_id, dataset, job)", "This job has a schedule already.")
    _minutes_minimum = models.Constraint("CHECK(minutes >= 5)", "An interval is at least 5 minutes.")

    direction = fields.Char(compute="_compute_direction")
    document_status = fields.Char("Arrive as", compute="_compute_direction")

    # === COMPUTES === #

    @api.depends("active")
    def _compute_is_on(self):
        for schedule in self:
            schedule.is_on = schedule.active

    @api.depends(
        "dataset",
        "connection_id.contact_direction",
        "connection_id.payment_direction",
        "connection_id.push_status_invoice",
        "connection_id.push_status_credit_note",
    )
    @api.depends_context("lang")
    def _compute_direction(self):
        """Which way the data set travels for this company, and the status that its documents get."""
        for schedule in self:
            connection = schedule.connection_id
            way = {
                "contact": connection._label_of("contact_direction"),
                "payment": connection._label_of("payment_direction"),
            }
            dataset = self.env.get(f"xero.dataset.{schedule.dataset}")
            sent = dataset is not None and dataset._kinds
            one_way = self.env._("To Xero, status from Xero") if sent else self.env._("From Xero")
            schedule.direction = way.get(schedule.dataset) or one_way
            field = f"push_status_{schedule.dataset}"
            schedule.document_status = connection._label_of(field) if field in connection._fields else False

    @api.depends("dataset")
    @api.depends_context("lang")
    def _compute_dataset_name(self):
        for schedule in self:
            dataset = self.env.get(f"xero.dataset.{schedule.dataset}")
            schedule.dataset_name = dataset._label(self.env) if dataset is not None else schedule.dataset

    # === BUSINESS === #

    def _is_due(self, now):
        # EXTENDS xero.timed
        self.ensure_one()
        return self.connection_id._dataset(self.dataset)._is_pulled() and super()._is_due(now)

    def _skip_turn(self, now):
        """A wider job reads now what a turn within half an hour would; the turns after that stay where they are."""
        self.ensure_one()
        turn = self._next_start(now)
        self.last_start = turn if now < turn <= now + SOON else now

    def _start_point(self, now):
        """Changes since that moment are read (naive UTC), ``False`` for everything."""
        self.ensure_one()
        if self.job == "full":
            return False
        if self.job == "overnight":
            # A missed night widens the window to the last success.
            return min(now - NIGHT_WINDOW, self.last_success or now) - OVERLAP
        return self.since and self.since - OVERLAP

    def _note_success(self, run):
        """`run` has read everything: the next one begins where it ended."""
        for schedule in self:
            schedule.last_success = run.started_at
            if schedule.dataset == "contact":
                changes = schedule.connection_id._schedule("contact")
                schedule.connection_id._note_missing(run, schedule.job == "full" or not changes.since)
            if schedule.job == "overnight":
                # It has read the last night; what changed before that may still be to come.
                continue
            reached = min(filter(None, (run.newest, run.known_until)), default=False)
            siblings = schedule.connection_id.schedule_ids.filtered(lambda s, d=schedule.dataset: s.dataset == d)
            for sibling in siblings.filtered(lambda s: s.job == "changes" and run.newest):
                if not sibling.since or sibling.since < reached:
                    sibling.since = reached


def next_midnight(moment, tz):
    """First midnight of the time zone after `moment`; both naive UTC.

    :param tz: name of a time zone, e.g. ``Australia/Sydney``
    """
    local = pytz.utc.localize(moment).astimezone(pytz.timezone(tz))
    return midnight_of(local.date() + timedelta(days=1), tz)


def midnight_of(day, tz):
    """When that day begins in the time zone, naive UTC.

    On the day when clocks go forward at midnight the day begins an hour later.
    """
    zone = pytz.timezone(tz)
    naive = fields.Datetime.to_datetime(day)
    try:
        midnight = zone.localize(naive, is_dst=None)
    except pytz.AmbiguousTimeError:
        midnight = zone.localize(naive, is_dst=True)
    except pytz.NonExistentTimeError:
        midnight = zone.normalize(zone.localize(naive, is_dst=False))
    return midnight.astimezone(pytz.utc).replace(tzinfo=None)
