"""When data sets are brought in: default schedules, what is due, and the night."""

import pytz

from odoo import api, fields, models, tools

from ..engine import transaction
from .xero_exception import OPEN_STATES
from .xero_schedule import next_midnight

ZONES = {"AU": "Australia/Sydney", "NZ": "Pacific/Auckland", "GB": "Europe/London"}
FULL_PASS = (
    *("contact", "item", "prepaid", "overpayment", "prepayment"),
    *("invoice", "credit_note", "manual_journal", "payment"),
)
OVERNIGHT = ("payment",)
WIDEST = ("full", "overnight", "changes")  # what the first ones read the later ones need not


class XeroConnection(models.Model):
    _inherit = "xero.connection"

    tz = fields.Selection(
        lambda self: [(name, name) for name in pytz.common_timezones],
        "Night in",
        compute="_compute_tz",
        store=True,
        readonly=False,
        help="Nightly imports begin at midnight there.",
    )
    schedule_ids = fields.One2many("xero.schedule", "connection_id", context={"active_test": False})

    @api.depends("country_code", "company_id.partner_id.tz")
    def _compute_tz(self):
        for connection in self:
            zone = connection.company_id.partner_id.tz or ZONES.get(connection.country_code)
            connection.tz = connection.tz or zone

    # === SCHEDULES === #

    def _schedule(self, key, job="changes"):
        """The schedule of a data set's job, possibly empty; those that are missing are made first."""
        self.ensure_one()
        connection = self.sudo().with_context(active_test=False)
        connection._create_schedules()
        return connection.schedule_ids.filtered(lambda s: s.dataset == key and s.job == job)[:1]

    def _read_anew(self, key):
        """What was left out of that data set until now may come in: its next import reads everything."""
        self._schedule(key).since = False

    def _create_schedules(self):
        """Default schedules of jobs without: what people work with every 30 minutes, the rest at night."""
        rows, known = [], {(schedule.dataset, schedule.job) for schedule in self.schedule_ids}
        for key in self._all_pulled_keys():
            dataset = self._dataset(key)
            row = {"connection_id": self.id, "dataset": key, "sequence": dataset._pull_sequence}
            timing = {"timing": "weekly" if dataset._weekly else "midnight"}
            if dataset._every:
                timing = {"timing": "interval", "minutes": dataset._every}
            rows.append({**row, "job": "changes", **timing})
            if key in OVERNIGHT:
                rows.append({**row, "job": "overnight", "timing": "midnight"})
            if key in FULL_PASS:
                rows.append({**row, "job": "full", "timing": "weekly"})
        missing = [row for row in rows if (row["dataset"], row["job"]) not in known]
        if missing:
            self.env["xero.schedule"].create(missing)

    @api.model
    def _all_pulled_keys(self):
        """Keys of all data sets that can be brought in, in their order."""
        return self._dataset_keys("_pull_sequence")

    @api.model
    @tools.ormcache("attribute")
    def _dataset_keys(self, attribute):
        """Keys of the data sets that have the number `attribute`, in its order."""
        datasets = [self.env[name] for name in self.env.registry if name.startswith("xero.dataset.")]
        chosen = [dataset for dataset in datasets if dataset._key and getattr(dataset, attribute)]
        return [dataset._key for dataset in sorted(chosen, key=lambda dataset: getattr(dataset, attribute))]

    def _pulled_keys(self):
        """Keys of the data sets that this connection brings in, in their order."""
        return [key for key in self._all_pulled_keys() if self._dataset(key)._is_pulled()]

    def _reference_keys(self):
        """Keys of Xero's settings: what mappings choose from."""
        return [key for key in self._pulled_keys() if self._dataset(key)._whole]

    def _forget_imports(self):
        """Another organisation is read from its beginning: positions, pairs and open questions are of the old one."""
        connection = self.sudo().with_context(active_test=False)
        connection.schedule_ids.write(
            {"since": False, "last_start": False, "last_success": False, "last_run_id": False}
        )
        connection.write({"last_update": False, "contacts_missing": 0, "contacts_ignored": 0})
        self.env["xero.pair"].sudo().search([("connection_id", "=", self.id)]).unlink()
        unlinked = [("connection_id", "=", self.id), ("link_id", "=", False), ("state", "in", OPEN_STATES)]
        self.env["xero.exception"].sudo().search(unlinked).write({"state": "ignored", "fingerprint": False})

    def _start_due(self):
        """Start the runs that are due; a connection that is off or has to reconnect costs no call.

        Two scheduled actions may do so at the same moment: the second finds the first one's runs.
        """
        for connection in self.sudo().filtered("last_update"):  # the first import is somebody's decision (B25)
            transaction.run_committed(self.env, connection._queue_due)

    def _queue_due(self):
        now = fields.Datetime.now()
        self._schedule("organisation")
        waiting = ("contact",) if self._needs_adoption() else ()
        schedules = self.schedule_ids.filtered(lambda s: s.active and s.dataset not in waiting)
        for same in schedules.grouped("dataset").values():
            due = same.filtered(lambda s: s._is_due(now)).sorted(lambda s: WIDEST.index(s.job))
            if due:
                for narrower in same.filtered(lambda s, job=due[0].job: WIDEST.index(s.job) > WIDEST.index(job)):
                    narrower._skip_turn(now)
                self._queue_pull(due[0], "schedule")

    @api.model
    def _cron_import(self):
        """Start the imports that are due, for every connection that can be used."""
        self.sudo().search([("enabled", "=", True), ("state", "=", "connected")])._start_due()

    def _next_midnight(self, moment):
        """First midnight at the company after `moment`, both naive UTC."""
        self.ensure_one()
        return next_midnight(moment, self.tz or "UTC")
