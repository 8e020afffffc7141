"""Schedules: leave balances are read when the nominated pay date begins (LVE-05), little else of many people."""

from datetime import datetime, timedelta

import pytz

from odoo import fields, models

from odoo.addons.xero_connector.models.xero_schedule import midnight_of

NEVER = datetime(9999, 1, 1)
DAY = timedelta(days=1)


class XeroSchedule(models.Model):
    _name = "xero.schedule"
    _inherit = ["xero.schedule", "xero.payroll.kept"]

    again_at = fields.Datetime(readonly=True, help="Starts once more at that moment: a pay run was posted (UTC).")

    def _next_start(self, now):
        # EXTENDS xero.timed
        start = super()._next_start(now)
        if self.timing == "interval":
            return start
        if self.dataset == "leave_balance":
            return self._next_balances(now) if self.timing == "midnight" else start
        saved = self.connection_id._origin
        return self._after_pay_days(saved, start) if saved and saved._waits_for_night(self.dataset) else start

    def _next_balances(self, now):
        """A night counts when people are paid on the day that it begins, or when they were before."""
        connection, last = self.connection_id, self.last_start or self.create_date or now
        pay_day = connection._pay_day_after(self._day_of(last))
        start = midnight_of(pay_day, self._zone()) if pay_day else NEVER
        return min(start, self.again_at) if self.again_at and self.again_at > last else start

    def _after_pay_days(self, connection, start):
        """The first midnight from `start` on that is not the balances' own; at most a week later."""
        day = self._day_of(start)
        again_at = connection._schedule("leave_balance").again_at
        for later in range(7):
            night = midnight_of(day + later * DAY, self._zone()) if later else start
            if night != again_at and not connection._is_pay_day(day + later * DAY):
                return night
        return start

    def _zone(self):
        return self.connection_id.tz or "UTC"

    def _day_of(self, moment):
        """The day that it is at the company at a moment (naive UTC)."""
        return pytz.utc.localize(moment).astimezone(pytz.timezone(self._zone())).date()
