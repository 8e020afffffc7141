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
# What decides whether, and how, data sets travel.
SWITCHES = [
    f"connection_id.{name}"
    for name in (
        *("sync_accounts", "sync_contacts", "sync_items", "sync_receipts", "sync_payments", "payroll_access"),
        *("contact_direction", "item_direction", "payment_direction", "granted_scopes"),
        *("push_status_invoice", "push_status_credit_note", "push_status_bill", "push_status_supplier_credit"),
        "push_status_manual_journal",
    )
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

    @api.depends("active", *SWITCHES)
    def _compute_is_on(self):
        for schedule in self:
            dataset = schedule._known_dataset()
            schedule.is_on = schedule.active and dataset is not None and dataset._is_pulled()

    @api.depends("dataset", *SWITCHES)
    @api.depends_context("lang")
    def _compute_direction(self):
        """Which way the data set travels for this company, and the statuses that its documents get (PUL-19)."""
        for schedule in self:
            dataset, connection = schedule._known_dataset(), schedule.connection_id
            schedule.direction = schedule._way(dataset) if dataset is not None else False
            kinds = dataset._kinds if dataset is not None else ()
            statuses = dict.fromkeys(connection._status_label(kind) for kind in kinds)
            schedule.document_status = " / ".join(filter(None, statuses)) or False

    def _way(self, dataset):
        connection, pulled = self.connection_id, dataset._is_pulled()
        field = f"{self.dataset}_direction"
        if field in connection._fields:
            if pulled or connection[field] in ("push", "to_xero"):
                return connection._label_of(field)
            return self.env._("To Xero only") if connection[field] == "both" else self.env._("Off")
        if self.dataset in connection._dataset_by_kind().values() and dataset._is_granted():
            return self.env._("To Xero, status from Xero")
        return self.env._("From Xero") if pulled else self.env._("Off")

    def _known_dataset(self):
        """The data set for its connection, ``None`` when its add-on is gone or there is no connection yet."""
        known = self.connection_id and f"xero.dataset.{self.dataset}" in self.env
        return self.connection_id._dataset(self.dataset) if known else None

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
            # A missed night widens the window to the last success, and a clock of Xero's that is behind to its moment.
            return min(now - NIGHT_WINDOW, self.last_success or now, self.since or now) - OVERLAP
        return self.since and self.since - OVERLAP

    def _note_success(self, run):
        """`run` has read everything: the next one begins where it ended."""
        for schedule in self:
            schedule.last_success = run.started_at
            if schedule.dataset == "contact":
                changes = schedule.connection_id._schedule("contact")
                schedule.connection_id._note_missing(run, schedule.job == "full" or not changes.since)
            if schedule.job == "overnight":
                # It has read the last night; what changed before that may still be to come for the other jobs.
                schedule.since = run.known_until
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
