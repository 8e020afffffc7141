"""Schedules: leave balances are read at the beginning of the nominated pay date (LVE-05)."""

from datetime import datetime

import pytz

from odoo import models

from odoo.addons.xero_connector.models.xero_schedule import midnight_of

NEVER = datetime(9999, 1, 1)


class XeroSchedule(models.Model):
    _inherit = "xero.schedule"

    def _next_start(self, now):
        # EXTENDS xero.timed: a night counts when people are paid on the day that it begins
        start = super()._next_start(now)
        if self.dataset != "leave_balance" or self.timing != "midnight":
            return start
        connection, zone = self.connection_id, self.connection_id.tz or "UTC"
        last = self.last_start or self.create_date or now
        day = pytz.utc.localize(last).astimezone(pytz.timezone(zone)).date()
        pay_day = connection._pay_day_after(day)
        return midnight_of(pay_day, zone) if pay_day else NEVER
