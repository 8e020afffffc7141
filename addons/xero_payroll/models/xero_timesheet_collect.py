"""Hours are brought into timesheets from the one source of the company (PRL-06, books B27)."""

from collections import defaultdict

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_is_zero

DIGITS = 4
COLLECTED = (
    *("date", "pay_item_id", "units", "time_from", "time_to"),
    *("source_model", "source_id", "source_date", "source_item_id"),
)


class XeroTimesheet(models.Model):
    _inherit = "xero.timesheet"

    source_changed = fields.Boolean(
        compute="_compute_source_changed",
        help="Hours, or what they are paid under, were edited after they were approved (XQ-29).",
    )

    @api.depends("state", "xero_status", "line_ids.units", "line_ids.source_id", "line_ids.source_item_id")
    def _compute_source_changed(self):
        """Compares with the source as it is now; a draft simply follows it."""
        self.source_changed = False
        approved = self.sudo().filtered(lambda timesheet: timesheet.state != "draft")
        groups = approved.grouped(lambda timesheet: (timesheet.company_id, timesheet.date_from, timesheet.date_to))
        for (company, first, last), sheets in groups.items():
            sheets._compare_source(self.env["xero.connection"].sudo()._for_company(company), first, last)

    def _compare_source(self, connection, first, last):
        """Whether the source says other hours for a period than each of its timesheets, or other days and rates.

        Days and earnings rates count until they are paid; what payroll chose instead of a rate stays.
        """
        source, now = connection._hours(), defaultdict(dict)
        if source is None:
            return
        for entry, hours in self._hours_left(connection, source, self.employee_id, first, last):
            now[entry.employee][entry.record.id] = self._line_values(connection, entry, hours)
        for timesheet in self:
            lines = timesheet.line_ids.filtered(
                lambda line: line.source_model == source._source_model and not line.source_date
            )
            collected, told = {line.source_id: line for line in lines}, now[timesheet.employee_id]
            timesheet.source_changed = told.keys() != collected.keys() or any(
                line._differs_from(told[key]) for key, line in collected.items()
            )

    @api.model
    def _collect(self, connection, calendar, day):
        """Bring the hours of one pay period into the drafts of everybody on a payroll calendar.

        What changed in a period that is paid already goes to this one; a paid one stays as it is.

        :param connection: one ``xero.connection``
        :param calendar: one ``xero.payroll.calendar`` of it
        :param day: any date of the period
        :return: the timesheets of the period, approved ones too
        """
        first, last = calendar._period(day)
        employees = self._on_calendar(connection, calendar, first)
        known = self._of_period(employees, first, last)
        if last < calendar._open_from():
            return known
        settled = known.filtered(lambda row: row.state != "draft" and not row._is_nothing()).employee_id
        lines = self._collected_lines(connection, calendar, employees - settled, first, last)
        drafts = {timesheet.employee_id: timesheet for timesheet in known}
        # Hours of an earlier period are in their pay templates: they would be paid again.
        stale = employees.filtered(
            lambda employee: employee.active and first == calendar.start_date and employee._xero_template_hours()
        )
        missing = [employee for employee in {**lines, **dict.fromkeys(stale - settled)} if employee not in drafts]
        created = self._begin(missing, calendar, first, last)
        drafts.update(zip(missing, created, strict=True))
        # Whoever has made a draft need not have said which one.
        drafted = known.filtered(lambda row: row.employee_id not in settled)
        drafted.filtered(lambda row: row.calendar_id != calendar).calendar_id = calendar
        for employee in employees - settled:
            if employee in drafts:
                drafts[employee]._replace_collected(lines.get(employee, []))
        return known | created

    @api.model
    def _of_period(self, employees, first, last):
        """Timesheets of just these days.

        Beside them there may be others: of an earlier payroll calendar, or entered by people.
        """
        own = [("employee_id", "in", employees.ids), ("date_from", "=", first), ("date_to", "=", last)]
        return self.sudo().search(own)

    @api.model
    def _beside(self, employees, first, last):
        """Timesheets of other days, some of which are of the period, too."""
        touching = [("employee_id", "in", employees.ids), ("date_from", "<=", last), ("date_to", ">=", first)]
        return self.sudo().search([*touching, "|", ("date_from", "!=", first), ("date_to", "!=", last)])

    @api.model
    def _begin(self, employees, calendar, first, last):
        """Empty drafts of a pay period, one for each of `employees`."""
        period = {"calendar_id": calendar.id, "date_from": first, "date_to": last}
        return self.sudo().create(
            [{**period, "employee_id": employee.id, "company_id": employee.company_id.id} for employee in employees]
        )

    def _replace_collected(self, wanted):
        """Let a draft hold these lines beside those that people wrote by hand."""
        if wanted and self._is_nothing():
            self.state = "draft"
        own = self.line_ids.filtered("source_model")
        now = [tuple(line._fields[name].convert_to_write(line[name], line) for name in COLLECTED) for line in own]
        new = [tuple(vals.get(name, False) for name in COLLECTED) for vals in wanted]
        if sorted(now, key=str) != sorted(new, key=str):
            self.write(
                {
                    "line_ids": [
                        *(Command.delete(line.id) for line in own),
                        *(Command.create(vals) for vals in wanted),
                    ]
                }
            )

    @api.model
    def _collected_lines(self, connection, calendar, employees, first, last):
        """``{employee: values of lines}`` for a period, late hours included.

        :raises UserError: the source of hours was uninstalled
        """
        source = connection._hours()
        if source is None:
            raise UserError(
                self.env._(
                    "The app that hours of %s came from is not installed any more: choose at the connection where "
                    "“Hours come from”.",
                    connection.company_id.name,
                )
            )
        lines = defaultdict(list)
        for entry, hours in self._hours_left(connection, source, employees, first, last):
            lines[entry.employee].append(self._line_values(connection, entry, hours))
        for employee, late in self._late(connection, source, calendar, employees, first).items():
            lines[employee] += self._place(lines[employee], late, first)
        return lines

    @api.model
    def _hours_left(self, connection, source, employees, first, last):
        """Entries of a period with their hours, less what went with a timesheet that has days of it, too, or late.

        There is one when somebody has come to another payroll calendar; late when the period was paid before.
        """
        gone = defaultdict(float)
        for timesheet in self._beside(employees, first, last):
            for row in timesheet._went():
                gone[timesheet.employee_id.id, row["source_model"], row["source_id"]] += row["units"]
        for line in self._late_lines(employees, first, last):
            gone[line.employee_id.id, line.source_model, line.source_id] += line.units
        for entry in connection._entries(source, employees, first, last):
            key = entry.employee.id, source._source_model, entry.record.id
            left = entry.hours - gone.get(key, 0.0)
            if key not in gone or not float_is_zero(left, precision_digits=DIGITS):
                yield entry, left

    @api.model
    def _conflicts(self, connection, employees, first, last):
        """First day of each employee's hours that wait until a conflict is solved: ``{employee: date}``.

        What a salary covers does not matter.
        """
        source, days = connection._hours(), {}
        for entry in source._conflicts(employees, first, last) if source is not None else ():
            if not entry.employee._xero_salary_covers(self._rate_of(connection, entry)):
                days.setdefault(entry.employee, entry.date)
        return days

    @api.model
    def _line_values(self, connection, entry, hours):
        rate = self._rate_of(connection, entry)
        return {
            "date": entry.date,
            "pay_item_id": rate.id,
            "source_item_id": rate.id,
            "units": round(hours, DIGITS),
            "name": entry.name,
            "source_model": entry.record._name,
            "source_id": entry.record.id,
            "time_from": entry.start or False,
            "time_to": entry.end or False,
        }

    @api.model
    def _rate_of(self, connection, entry):
        return connection.rate_map_ids._rate_of(entry) or entry.employee.xero_earnings_rate_id
