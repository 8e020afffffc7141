"""Timesheets as Xero has paid them, where somebody has changed their hours there."""

from collections import defaultdict

from odoo import fields, models
from odoo.tools import float_is_zero, float_round

PAID_DIGITS = 2
STILL = "9999"  # after all moments: what a pay template has now, while less of it is paid


class XeroTimesheet(models.Model):
    _inherit = "xero.timesheet"

    sent_before = fields.Json(
        readonly=True, copy=False, groups=fields.NO_ACCESS, help="What a pay template had, and until when."
    )

    def _keep_before(self):
        """Remember what the pay template has had until now: a pay run may have been posted that we do not know of."""
        now = fields.Datetime.to_string(fields.Datetime.now())
        for timesheet in self:
            rows = timesheet.sent_before or ()
            had = next((lines for until, lines in rows if until == STILL), timesheet.sent_lines)
            timesheet.sent_before = [*(row for row in rows if row[0] != STILL), [now, had]]

    def _had_arrived(self, moment):
        """Let what went be what had gone by `moment`; whether anything had."""
        posted = fields.Datetime.to_string(moment) if moment else ""
        later = [(until, lines) for until, lines in self.sent_before or () if posted and until > posted]
        if not later:
            return True
        _until, paid = later[0]
        if later[-1][0] != STILL:  # posted once more, the pay run pays what the template has
            self.sent_before = [*self.sent_before, [STILL, self.sent_lines]]
        self.sent_lines = paid
        return paid is not False

    def _count_as_paid(self, paid):
        """Let what went be what Xero has paid; hours that were moved to another day or rate are the same work.

        :param paid: ``{(day, id of the pay item): hours}``, the day as text
        """
        rows, cells, gaps = [dict(row) for row in self.sent_lines or ()], defaultdict(list), {}
        for row in rows:
            if row["sent"]:
                cells[row["date"], row["pay_item_id"]].append(row)
        for key in sorted({*cells, *paid}):
            sent = float_round(sum(row["units"] for row in cells.get(key, ())), PAID_DIGITS)
            gaps[key] = float_round(paid.get(key, 0.0) - sent, PAID_DIGITS)
        for (day, item_id), gap in _unmoved(gaps).items():
            found = cells.get((day, item_id)) or [row for row in rows if row["sent"] and row["date"] == day]
            if gap < 0 or found:
                _add(found, gap)
            else:  # of no work that Odoo knows
                nothing = dict.fromkeys(self.env["xero.timesheet.line"].new()._as_values(), False)
                rows.append({**nothing, "date": day, "pay_item_id": item_id, "units": gap, "sent": True})
        self.sent_lines = rows


def _unmoved(gaps):
    """``{key: hours}`` that are left when hours below zero are those above it, elsewhere."""
    left = {}
    moved = min(sum(gap for gap in gaps.values() if gap > 0), -sum(gap for gap in gaps.values() if gap < 0))
    open_parts = {True: moved, False: moved}
    for key, gap in gaps.items():
        part = min(abs(gap), open_parts[gap > 0])
        open_parts[gap > 0] -= part
        rest = abs(gap) - part
        if not float_is_zero(rest, precision_digits=PAID_DIGITS):
            left[key] = rest if gap > 0 else -rest
    return left


def _add(rows, gap):
    """Add hours to rows; what is taken off is taken from the last ones that have some."""
    if gap > 0:
        rows[-1]["units"] += gap
        return
    for row in reversed(rows):
        part = min(max(row["units"], 0.0), -gap)
        row["units"] -= part
        gap += part
