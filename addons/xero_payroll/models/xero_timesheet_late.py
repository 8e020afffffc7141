"""Hours of pay periods that are over: what is late, or was paid too much, goes to the next one."""

from collections import defaultdict
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.fields import Domain
from odoo.tools import float_is_zero

from ..periods import LATE
from .xero_timesheet_collect import DIGITS

APPROVED = ("payroll_approved", "pushed")


class XeroTimesheet(models.Model):
    _inherit = "xero.timesheet"

    sent_lines = fields.Json(
        readonly=True, copy=False, groups=fields.NO_ACCESS, help="The lines as they were sent last, and which went."
    )

    # === WHAT WENT === #

    def _keep_sent(self, lines, waiting=None):
        """Remember this timesheet as it is in Xero now.

        :param lines: those of its lines that went
        :param waiting: pay items of which Xero has what it had before
        """
        waiting = waiting or self.env["xero.pay.item"]
        before = [row for row in self.sent_lines or () if row["sent"] and row["pay_item_id"] in waiting.ids]
        known = {row["pay_item_id"] for row in before}
        now = self.line_ids.filtered(lambda line: line.pay_item_id.id not in known)
        went = lines.filtered(lambda line: line.pay_item_id not in waiting)
        self.sent_lines = [*({**line._as_values(), "sent": line in went} for line in now), *before]

    def _stand_as_paid(self):
        """Let the timesheet be again what Xero has paid; whether it was opened again meanwhile."""
        now = [line._as_values() for line in self.line_ids]
        paid = [{name: row[name] for name in row if name != "sent"} for row in self.sent_lines or ()]
        if not paid or (self.state == "pushed" and now == paid):
            return False
        self.write({"state": "pushed", "line_ids": [Command.clear(), *map(Command.create, paid)]})
        self.message_post(
            body=self.env._("Xero has paid it: it is again what was paid. What has changed goes to the next period.")
        )
        return True

    # === WHAT IS LATE === #

    @api.model
    def _on_calendar(self, connection, calendar, first):
        """Who is paid by a calendar in the period that begins on `first`; whoever has left may have late hours.

        Of whom nobody has said when he left, it may have been just now.
        """
        staff = connection._dataset("employee")._staff_domain() & Domain("xero_calendar_id", "=", calendar.id)
        left = Domain.FALSE
        if first:
            left = Domain("departure_date", "=", False) | Domain("departure_date", ">=", first - LATE)
        people = self.env["hr.employee"].sudo().with_context(active_test=False)
        return people.search(staff & (Domain("active", "=", True) | left))

    @api.model
    def _late(self, connection, source, calendar, employees, first):
        """What periods that are paid lack, or have too much, once the company has begun with timesheets.

        :return: ``{employee: [values of lines]}``, hours may be negative
        """
        begun = self.sudo().search([("calendar_id", "=", calendar.id)], order="date_from", limit=1).date_from
        end = min(first, calendar._open_from()) - timedelta(days=1)
        if not begun or max(begun, first - LATE) > end:
            return {}
        begin = max(begun, first - LATE)
        begins = {employee: max(begin, employee.xero_late_from or begin) for employee in employees}
        counted = self._counted(source, employees, calendar._period(first), end)
        for entry in source._conflicts(employees, begin, end):
            counted.pop((entry.employee.id, entry.record.id), None)  # what is paid stays so meanwhile
        late = defaultdict(list)
        for entry in connection._entries(source, employees, begin, end):
            if entry.date < begins[entry.employee]:
                continue
            rows = counted.pop((entry.employee.id, entry.record.id), ())
            vals = self._line_values(connection, entry, entry.hours - sum(row["units"] for row in rows))
            item = self.env["xero.pay.item"].browse(vals["pay_item_id"])
            if rows or not entry.employee._xero_salary_covers(item):
                late[entry.employee].append({**vals, "source_date": entry.date})
        for (employee_id, _source_id), rows in counted.items():
            employee = employees.browse(employee_id)
            # Deleted, or moved to a period that is open: it is collected there.
            if all(_worked_on(row) >= begins[employee] for row in rows):
                late[employee] += _taken_off(rows)
        return {who: rows for who, found in late.items() if (rows := list(filter(_has_units, found)))}

    @api.model
    def _counted(self, source, employees, period, end):
        """Lines that paid the hours of a source up to `end`, or will: ``{(employee, source): [values]}``, by ids.

        :param period: first and last day of the one whose timesheets do not count, as they are about to be filled
        """
        (first, last), counted = period, defaultdict(list)
        near = [("employee_id", "in", employees.ids), ("date_to", ">=", first - 2 * LATE)]
        for timesheet in self.sudo().search([*near, "|", ("date_from", "!=", first), ("date_to", "!=", last)]):
            for row in timesheet._paying_lines(first, end):
                if row["source_model"] == source._source_model and _worked_on(row) <= end:
                    counted[timesheet.employee_id.id, row["source_id"]].append(row)
        return counted

    def _paying_lines(self, first, end):
        """Values of the lines that count: of a period that is over those that went, of an open one the late ones."""
        if self.date_to <= end:
            return self._went()
        if self.date_from >= first and self.state == "draft":
            return []  # it follows, or is of other days and never goes
        return [line._as_values() for line in self.line_ids.filtered("source_date")]

    def _went(self):
        """Values of the lines that went, as hours or as time off."""
        leave = self.line_ids.filtered(lambda line: line.pay_item_id.kind == "leave")
        taken = leave if self.state in APPROVED else leave.browse()  # it has become time off
        return [*(row for row in self.sent_lines or () if row["sent"]), *(line._as_values() for line in taken)]

    @api.model
    def _late_lines(self, employees, first, last):
        """Lines of later timesheets, approved ones, that hold hours of these days: they stay there."""
        later = [("employee_id", "in", employees.ids), ("state", "!=", "draft")]
        days = [("date_from", ">", last), ("date_from", "<=", last + LATE)]
        lines = self.sudo().search([*later, *days]).line_ids
        return lines.filtered(lambda line: line.source_date and first <= line.source_date <= last)

    @api.model
    def _place(self, lines, late, first):
        """`late` on days of the period that begins on `first`: Xero takes no day below zero."""
        placed = [{**vals, "date": first} for vals in late if vals["units"] > 0]
        room = defaultdict(float)
        for vals in (*lines, *placed):
            room[vals["pay_item_id"], vals["date"]] += vals["units"]
        for vals in late:
            left = max(-vals["units"], 0.0)
            for item, day in sorted(key for key in room if key[0] == vals["pay_item_id"]):
                part = round(min(left, room[item, day]), DIGITS)
                if part > 0:
                    placed.append({**vals, "date": day, "units": -part})
                    room[item, day] -= part
                    left -= part
            if not float_is_zero(left, precision_digits=DIGITS):
                placed.append({**vals, "date": first, "units": -round(left, DIGITS)})
        return placed


def _worked_on(row):
    return fields.Date.to_date(row["source_date"] or row["date"])


def _has_units(row):
    return not float_is_zero(row["units"], precision_digits=DIGITS)


def _taken_off(rows):
    """Values of lines that take back what the lines of one source come to."""
    if not _has_units({"units": sum(row["units"] for row in rows)}):
        return []
    groups = defaultdict(list)
    for row in rows:
        groups[row["pay_item_id"], _worked_on(row)].append(row)
    return [
        {
            **{name: same[0][name] for name in ("pay_item_id", "name", "source_model", "source_id")},
            "units": -round(sum(row["units"] for row in same), DIGITS),
            "source_date": day,
        }
        for (_item, day), same in groups.items()
    ]
