"""When an employee works on a day: leave that is counted in hours begins and ends there."""

from datetime import datetime, time, timedelta

from pytz import timezone

from odoo import models


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    def _xero_midnights(self, first, last):
        """When the day `first` begins and the day `last` ends where the employee works: aware datetimes."""
        tz = timezone(self.tz or "UTC")
        return [tz.localize(datetime.combine(day, time.min)) for day in (first, last + timedelta(days=1))]

    def _xero_free(self, day):
        """Stretches of a day on which the employee works and is not away: ``[(from, to)]``, by the clock there."""
        self.ensure_one()
        begin, end = self._xero_midnights(day, day)
        calendar = self.resource_calendar_id or self.company_id.resource_calendar_id
        found = calendar._work_intervals_batch(begin, end, resources=self.resource_id)[self.resource_id.id]
        # On the day on which clocks change it is later, or earlier, than hours have gone by since midnight.
        midnight, hour = datetime.combine(day, time.min), timedelta(hours=1)
        return [tuple((moment.replace(tzinfo=None) - midnight) / hour for moment in row[:2]) for row in found]

    def _xero_span(self, day, hours):
        """From when to when on a day so many hours of leave last, breaks and other leave left out.

        :return: ``(from, to)``; they hold fewer hours where the day has no more
        """
        free = self._xero_free(day) or [(9.0, 9.0 + hours)]
        left, end = hours, free[0][0]
        for first, last in free:
            part = min(left, last - first)
            if part <= 0:
                break
            left, end = left - part, first + part
        return free[0][0], end
