"""Hours that a company's own rules keep from going to Xero (XQ-27)."""

from collections import defaultdict
from datetime import timedelta

from odoo import api, models
from odoo.tools import float_compare

from odoo.addons.xero_connector.datasets.problem import Problem

DIGITS = 4


class XeroDatasetTimesheetCheck(models.AbstractModel):
    _inherit = "xero.dataset.timesheet.check"

    @api.model
    def _check(self, record, link):
        result = super()._check(record, link)
        # What was worked in a paid period was looked at then.
        lines = record.line_ids.filtered(lambda line: line.pay_item_id.kind != "leave" and not line.source_date)
        self._check_future(record, lines)
        self._check_shifts(record, lines)
        self._check_rest(record, lines)
        return result

    @api.model
    def _check_future(self, record, lines):
        today = self._connection._today()
        if self._connection.time_no_future and (later := [line.date for line in lines if line.date > today]):
            raise Problem("time_in_future", **self._about(record), day=str(min(later)))

    @api.model
    def _check_shifts(self, record, lines):
        limit, worked = self._connection.time_max_hours, defaultdict(float)
        for line in lines if limit else ():
            worked[line.date] += line.units
        if long := [day for day, hours in worked.items() if float_compare(hours, limit, precision_digits=DIGITS) > 0]:
            raise Problem("time_shift_long", **self._about(record), day=str(min(long)), limit=f"{limit:g}")

    @api.model
    def _check_rest(self, record, lines):
        """Between the last end of a day and the first begin of the next one; the period before counts, too."""
        limit = self._connection.time_min_rest
        known = lines.filtered(lambda line: line.time_from and line.time_to).sorted("time_from")
        if not limit or not known:
            return
        earlier = [("employee_id", "=", record.employee_id.id), ("timesheet_id", "!=", record.id)]
        before = [*earlier, ("source_date", "=", False), ("time_to", "<=", known[0].time_from)]
        last = known.search(before, order="time_to desc", limit=1)
        for line in known:
            if last and line.date != last.date and line.time_from - last.time_to < timedelta(hours=limit):
                raise Problem("time_rest_short", **self._about(record), day=str(line.date), limit=f"{limit:g}")
            last = line
