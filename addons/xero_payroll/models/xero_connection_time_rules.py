"""Rules of time, all of them optional: how hours are rounded, and which ones do not go to Xero (XQ-27)."""

import math
from dataclasses import replace
from datetime import timedelta

from pytz import timezone, utc

from odoo import api, fields, models
from odoo.exceptions import ValidationError

ROUNDINGS = [(str(minutes), f"{minutes} min") for minutes in (5, 10, 15, 20, 30)]


class XeroConnection(models.Model):
    _inherit = "xero.connection"

    time_rounding = fields.Selection(
        ROUNDINGS, "Hours are rounded up to", help="The next full minutes, e.g. 7:57 is 8:00. Empty: as they are."
    )
    time_capture = fields.Selection(
        [("duration", "The time of each entry"), ("start_end", "Begin and end of each entry")],
        "What is rounded",
        default="duration",
        required=True,
        help="Begin and end are known of attendances; of other entries the time is rounded.",
    )
    time_no_future = fields.Boolean("No hours of days to come", help="Timesheets with such hours wait.")
    time_max_hours = fields.Float("Longest Shift", help="Hours of a day; timesheets with longer ones wait. 0: any.")
    time_min_rest = fields.Float(
        "Shortest Rest", help="Hours between the end of one day's work and the beginning of the next. 0: any."
    )

    @api.constrains("time_max_hours", "time_min_rest")
    def _check_time_limits(self):
        if any(not 0 <= hours <= 24 for row in self for hours in (row.time_max_hours, row.time_min_rest)):
            raise ValidationError(self.env._("A shift and a rest have between 0 and 24 hours."))

    # === BUSINESS === #

    def _entries(self, source, employees, first, last):
        """Hours of `source` as they count here; see :meth:`~.xero_hours.XeroHours._entries`."""
        return [self._rounded(entry) for entry in source._entries(employees, first, last)]

    def _rounded(self, entry):
        """An :class:`~.xero_hours.Entry` whose time is rounded as the company wants it."""
        if not self.time_rounding:
            return entry
        minutes = int(self.time_rounding)
        if self.time_capture != "start_end" or not (entry.start and entry.end):
            return replace(entry, hours=round_hours(entry.hours, minutes))
        tz = entry.employee.tz or "UTC"
        start, end = (round_moment(moment, minutes, tz) for moment in (entry.start, entry.end))
        # What a break has taken off stays off.
        more = (end - start) - (entry.end - entry.start)
        return replace(entry, hours=entry.hours + more / timedelta(hours=1), start=start, end=end)


def round_hours(hours, minutes):
    """`hours` on the next full `minutes`; hours that are taken off are rounded by their size."""
    steps = math.ceil(round(abs(hours) * 60 / minutes, 6))
    return math.copysign(steps * minutes / 60, hours) if steps else 0.0


def round_moment(moment, minutes, tz="UTC"):
    """The next full `minutes` of the hour, by the clock of `tz`, at or after `moment` (naive UTC)."""
    clock = utc.localize(moment).astimezone(timezone(tz))
    since = timedelta(minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond)
    step = timedelta(minutes=minutes)
    return moment - since - (-since) // step * step
