"""The background worker of a connection, and what wakes it."""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import transaction, worker
from .xero_run import UNDER_WAY

_logger = logging.getLogger(__name__)

STOP_SECONDS = 10
LOOK_SECONDS = 2


class XeroConnection(models.Model):
    _inherit = "xero.connection"

    def _create_worker(self):
        """The background worker: one scheduled action per connection."""
        self.ensure_one()
        self.sudo().cron_id = (
            self.env["ir.cron"]
            .sudo()
            .create(
                {
                    "name": f"Xero: {self.company_id.name}",
                    "model_id": self.env["ir.model"]._get_id("xero.connection"),
                    "state": "code",
                    "code": f"model.browse({self.id})._cron_work()",
                    "user_id": self.env.ref("base.user_root").id,
                    "interval_number": 10,
                    "interval_type": "minutes",
                    "priority": 5,
                }
            )
        )

    def _stop_worker(self):
        """Let no further call start, and wait for the one under way; the caller's work is committed.

        :raises UserError: the worker is still busy after a while; the connection stays switched off
        """
        self.ensure_one()
        connection = self.sudo()
        transaction.run_committed(self.env, lambda: connection.write({"enabled": False}))
        cron = connection.cron_id
        if cron and not transaction.lock_row(self.env, cron._table, cron.id, STOP_SECONDS):
            raise UserError(
                self.env._(
                    "%s is switched off, but its last call to Xero is still under way. Try again in a minute.",
                    self.display_name,
                )
            )

    def _wake_worker(self, at=None):
        """Let the worker run as soon as this transaction is committed, or at a moment (UTC).

        That of a connection which was deleted meanwhile has nothing to do.
        """
        for connection in self.sudo().exists().filtered("cron_id"):
            connection.cron_id._trigger(at)

    def _cron_work(self):
        """One pass of the worker; never raises, never runs long."""
        connection = self.sudo().exists()
        if not connection:
            return
        connection = connection.with_company(connection.company_id).with_context(xero_background=True)
        try:
            wake_up = connection._work_for_a_while()
        except Exception:
            # Odoo switches off a scheduled action that fails for days.
            transaction.rollback(self.env)
            _logger.exception("The Xero worker of connection %s failed", self.id)
            wake_up = fields.Datetime.now() + timedelta(minutes=1)
        self.env["ir.cron"]._commit_progress(1, remaining=0)
        if wake_up and connection.exists():
            connection._wake_worker(wake_up)

    def _work_for_a_while(self):
        """Work; when to go on (naive UTC), or ``None``."""
        if not self._is_usable():
            return None
        active = self.search_count([("state", "=", "connected"), ("enabled", "=", True)])
        seconds = max(2, min(10, 60 / max(active, 1)))
        if self._has_work("push"):
            self._refresh_lock_dates()
        more = worker.work(self, seconds)
        if not self.exists():
            return None
        return fields.Datetime.now() if more else worker.next_wake_up(self)

    def _has_work(self, kind=None):
        domain = [("connection_id", "=", self.id), ("state", "in", UNDER_WAY)]
        if kind:
            domain.append(("kind", "=", kind))
        return bool(self.env["xero.run"].search_count(domain, limit=1))

    @api.model
    def _cron_schedules(self):
        """Wake workers that have something to do, warn of what will break; due schedules start here."""
        for connection in self.sudo().search([("enabled", "=", True), ("state", "=", "connected")]):
            try:
                connection._start_due()
                connection._start_due_pushes()
                transaction.run_committed(self.env, connection._look_after)
            except Exception:
                # The others have their turn all the same.
                transaction.rollback(self.env)
                _logger.exception("The schedules of Xero connection %s failed", connection.id)

    def _look_after(self):
        """Wake the worker when it has something to do, and warn; while somebody saves it, the next turn does that."""
        if not transaction.lock_row(self.env, self._table, self.id, LOOK_SECONDS):
            return
        self.invalidate_recordset()
        if self._has_work():
            self._wake_worker()
        self._warn()
