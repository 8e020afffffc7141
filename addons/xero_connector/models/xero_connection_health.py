"""Health of a connection: calls left, what waits, what will break, and who is told before."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_datetime

from ..client import scopes
from .xero_exception import OPEN_STATES
from .xero_run import UNDER_WAY

REFRESH_TOKEN_LIFE = timedelta(days=60)
WARN_DAYS = 14
STALE_WORK = timedelta(minutes=30)
LOW_DAY = 100
STUCK_AFTER = 4  # failures of a run in a row


class XeroConnection(models.Model):
    _inherit = "xero.connection"

    calls_left_day = fields.Integer(compute="_compute_budget", compute_sudo=True)
    calls_left_minute = fields.Integer(compute="_compute_budget", compute_sudo=True)
    budget_text = fields.Char("Calls left", compute="_compute_budget", compute_sudo=True)
    consent_days_left = fields.Integer("Days until the consent ends", compute="_compute_health", compute_sudo=True)
    missing_scopes = fields.Char(compute="_compute_health", compute_sudo=True)
    oldest_waiting = fields.Datetime("Oldest waiting work", compute="_compute_health", compute_sudo=True)
    worker_pass = fields.Datetime("Worker ran", compute="_compute_health", compute_sudo=True)
    health_problem = fields.Text(compute="_compute_health_problem", compute_sudo=True)

    # === COMPUTES === #

    @api.depends("tenant_id")
    def _compute_budget(self):
        rows = self.env["xero.budget"].search([("tenant_id", "in", self.mapped("tenant_id"))])
        by_tenant = rows.grouped("tenant_id")
        now = fields.Datetime.now()
        for connection in self:
            row = by_tenant.get(connection.tenant_id, rows.browse())
            fresh = row.minute_started and row.minute_started + timedelta(seconds=60) > now
            connection.calls_left_minute = row.minute_left if fresh else 60
            connection.calls_left_day = row.day_left if row.day_known else 0
            connection.budget_text = connection._budget_sentence(row)

    def _budget_sentence(self, row):
        """Calls left, and what today's work will cost (XK-05)."""
        self.ensure_one()
        if row.blocked_until and row.blocked_until > fields.Datetime.now():
            left = self.env._("None until %s", format_datetime(self.env, row.blocked_until))
        elif row.day_known:
            left = self.env._(
                "%(day)s today, %(minute)s this minute", day=self.calls_left_day, minute=self.calls_left_minute
            )
        else:
            left = self.env._("Not known before the first call")
        midnight = self._next_midnight(fields.Datetime.now())
        return self.env._(
            "%(left)s; waiting work needs %(need)s, the schedules of today %(scheduled)s",
            left=left,
            need=self._calls_waiting(),
            scheduled=sum(schedule._turns_until(midnight) for schedule in self.schedule_ids),
        )

    def _calls_waiting(self):
        """Calls that send what is queued, with the contacts that Xero lacks; each kind goes in its batches."""
        self.ensure_one()
        if not self._origin:
            return 0
        waiting = dict(
            self.env["xero.link"]._read_group(
                [("connection_id", "=", self._origin.id), ("state", "=", "queued")], ["dataset"], ["__count"]
            )
        )
        self.env.cr.execute(
            """SELECT count(DISTINCT move.commercial_partner_id) FROM xero_link link JOIN account_move move
                   ON link.model = 'account.move' AND move.id = link.res_id
                WHERE link.connection_id = %s AND link.state = 'queued' AND NOT EXISTS (
                      SELECT FROM xero_link contact WHERE contact.tenant_id = link.tenant_id
                         AND contact.model = 'res.partner' AND contact.res_id = move.commercial_partner_id)""",
            [self._origin.id],
        )
        waiting["contact"] = waiting.get("contact", 0) + self.env.cr.fetchone()[0]
        return sum(-(-count // self._dataset(key)._batch) for key, count in waiting.items())

    @api.depends("state", "granted_scopes")
    def _compute_health(self):
        now = fields.Datetime.now()
        tokens = self.env["xero.token"].search([("connection_id", "in", self._origin.ids)]).grouped("connection_id")
        for connection in self:
            token = tokens.get(connection)
            used = token.refreshed_at if token else False
            connection.consent_days_left = (used + REFRESH_TOKEN_LIFE - now).days if used else 0
            held = connection.granted_scopes if connection.state == "connected" else False
            connection.missing_scopes = (
                ", ".join(scopes.missing_scopes(held, connection._features())) if held else False
            )
            oldest = self.env["xero.run"].search(
                [("connection_id", "=", connection._origin.id), ("state", "in", UNDER_WAY)],
                order="create_date",
                limit=1,
            )
            connection.oldest_waiting = oldest.create_date
            connection.worker_pass = connection.cron_id.lastcall

    def _features(self):
        """Features whose scopes this connection asks for."""
        return scopes.ENABLED

    @api.depends_context("lang")
    @api.depends("state", "enabled", "missing_scopes")
    def _compute_health_problem(self):
        for connection in self:
            connection.health_problem = "\n".join(connection._health_problems().values()) or False

    def _health_problems(self):
        """What will break, or has stopped, by code: sentences with their cure."""
        self.ensure_one()
        if self.state != "connected" or not self.enabled:
            return {}
        problems = {}
        if self.consent_days_left < WARN_DAYS:
            problems["consent"] = self.env._(
                "The consent ends in %s days unless Xero is called before: press Test.", self.consent_days_left
            )
        if self.missing_scopes:
            problems["scopes"] = self.env._(
                "The consent does not cover %s: disconnect and connect again.", self.missing_scopes
            )
        if not self.cron_id.active:
            problems["worker"] = self.env._(
                "The scheduled action “%s” is switched off: an administrator of Odoo switches it on.",
                self.cron_id.name or "Xero",
            )
        stale = fields.Datetime.now() - STALE_WORK
        waiting = self.env["xero.run"].search_count(
            [
                ("connection_id", "=", self.id),
                ("state", "in", UNDER_WAY),
                ("create_date", "<", stale),
                "|",
                ("not_before", "=", False),
                ("not_before", "<", stale),
            ],
            limit=1,
        )
        if waiting:
            problems["stale"] = self.env._(
                "Work has been waiting for more than 30 minutes: check that Odoo's scheduled actions run."
            )
        failing = self.env["xero.run"].search(
            [
                ("connection_id", "=", self.id),
                ("kind", "=", "push"),
                ("state", "in", UNDER_WAY),
                ("attempts", ">=", STUCK_AFTER),
            ],
            limit=1,
        )
        if failing:
            problems["push"] = self.env._(
                "%(run)s has failed %(count)s times in a row and is tried again: %(reason)s",
                run=failing.display_name,
                count=failing.attempts,
                reason=failing.waiting_text or "",
            )
        if stuck := self.schedule_ids.filtered(
            lambda schedule: schedule.active
            and (schedule.last_run_id.state == "stopped" or schedule.last_run_id.attempts >= STUCK_AFTER)
        ):
            problems["import"] = self.env._(
                "%(dataset)s do not come in: %(reason)s",
                dataset=stuck[0].dataset_name,
                reason=stuck[0].last_run_id.error or stuck[0].last_run_id.waiting_text or "",
            )
        row = self.env["xero.budget"].search([("tenant_id", "=", self.tenant_id)])
        if row.day_known and row.day_left < LOW_DAY:
            problems["budget"] = self.env._(
                "Only %s calls are left today: background work waits, buttons still work.", max(row.day_left, 0)
            )
        return problems

    # === WARNING === #

    def _warn(self):
        """Tell the connection's people of each problem once, by activity and mail; take back what is cured."""
        for connection in self.sudo():
            problems = connection._health_problems()
            told = connection.warned_codes or []
            for code in problems.keys() - set(told):
                connection._alert(problems[code])
            connection.warned_codes = sorted(problems)

    def _alert_problems(self, run):
        """What nobody was watching and was left undone: one alert for a run, about the causes that are new (ERR-08).

        :param run: one ``xero.run`` that has ended
        """
        problems = self.env["xero.exception"].sudo()
        mine = [("connection_id", "=", self.id), ("state", "in", OPEN_STATES)]
        found = problems.search([*mine, ("first_run_id", "=", run.id)])
        earlier = problems.search([*mine, ("first_run_id", "!=", run.id), ("code", "in", found.mapped("code"))])
        known = set(earlier.mapped("code"))
        causes = found.filtered(lambda problem: problem.code not in known).grouped("code")
        if causes:
            names = {code: self.env["xero.known.error"]._label_of(code) for code in causes}
            counts = ", ".join(f"{names[code]} ({len(rows)})" for code, rows in causes.items())
            self._alert(self.env._("%(run)s left something to do: %(causes)s", run=run.display_name, causes=counts))

    def _alert(self, sentence):
        """One alert for the administrators of the company: an activity each, and a mail."""
        self.ensure_one()
        people = self._alert_users()
        for user in people:
            self.activity_schedule("mail.mail_activity_data_warning", summary=sentence, user_id=user.id)
        self.message_notify(
            partner_ids=people.partner_id.ids,
            subject=self.env._("Xero connection of %s", self.company_id.name),
            body=sentence,
        )

    def _alert_users(self):
        """Xero administrators who work in the company of this connection."""
        administrators = self.env.ref("xero_connector.group_xero_admin").all_user_ids
        return administrators.filtered(
            lambda user: user.active and not user.share and self.company_id in user.company_ids
        )
