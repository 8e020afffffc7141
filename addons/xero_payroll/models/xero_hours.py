"""Where hours come from: one source for each company (books B27)."""

from dataclasses import dataclass

from odoo import api, models


@dataclass(frozen=True)
class Entry:
    """Hours of one employee on one day.

    :ivar record: what says so, e.g. one ``account.analytic.line``
    :ivar kinds: records that earnings rates are chosen by, the most specific first
    :ivar start, end: when it was (naive UTC), where the source knows
    """

    employee: object
    date: object
    hours: float
    record: object
    name: str = ""
    kinds: tuple = ()
    start: object = None
    end: object = None


class XeroHours(models.AbstractModel):
    """A source of hours; another add-on's source is one class ``xero.hours.<name>``."""

    _name = "xero.hours"
    _description = "Source of Hours"

    _source_model = None

    @api.model
    def _domain(self, employees, first, last):
        """Domain of the rows of `employees` from `first` to `last`, both included."""
        return [("employee_id", "in", employees.ids), ("date", ">=", first), ("date", "<=", last)]

    @api.model
    def _entries(self, employees, first, last):
        """Worked hours of `employees` in a period; time off is none (XQ-11).

        :return: list of :class:`Entry`, by employee and day
        """
        rows = self.env[self._source_model].sudo().search(self._domain(employees, first, last), order="date, id")
        return [self._entry(row) for row in rows]

    @api.model
    def _conflicts(self, employees, first, last):
        """Hours that do not count until somebody has solved what contradicts them; as :meth:`_entries`."""
        return []

    @api.model
    def _entry(self, row):
        raise NotImplementedError


class XeroHoursTimesheet(models.AbstractModel):
    """Lines of Odoo's own timesheets."""

    _name = "xero.hours.timesheet"
    _inherit = "xero.hours"
    _description = "Hours of Timesheets"

    _source_model = "account.analytic.line"

    @api.model
    def _domain(self, employees, first, last):
        # EXTENDS xero.hours
        domain = [*super()._domain(employees, first, last), ("project_id", "!=", False)]
        # Odoo books time off as timesheet lines, too; it goes to Xero as leave.
        time_off = {"holiday_id", "global_leave_id"} & set(self.env[self._source_model]._fields)
        return domain + [(name, "=", False) for name in sorted(time_off)]

    @api.model
    def _entry(self, row):
        kinds = tuple(record for record in (row.task_id, row.project_id) if record)
        hour = self.env.ref("uom.product_uom_hour")
        hours = row.unit_amount
        if row.product_uom_id and row.product_uom_id != hour:
            hours = row.product_uom_id._compute_quantity(hours, hour, round=False, raise_if_failure=False)
        return Entry(row.employee_id, row.date, hours, row, row.project_id.name or "", kinds)


class XeroHoursAttendance(models.AbstractModel):
    """Attendances that have ended; usable where Odoo's Attendances are installed."""

    _name = "xero.hours.attendance"
    _inherit = "xero.hours"
    _description = "Hours of Attendances"

    _source_model = "hr.attendance"

    @api.model
    def _domain(self, employees, first, last):
        # EXTENDS xero.hours
        return [*super()._domain(employees, first, last), ("check_out", "!=", False)]

    @api.model
    def _entry(self, row):
        return Entry(row.employee_id, row.date, row.worked_hours, row, start=row.check_in, end=row.check_out)


class XeroHoursWorkEntry(models.AbstractModel):
    """Work entries; usable where Odoo's Work Entries are installed. Those in conflict wait until that is solved."""

    _name = "xero.hours.work_entry"
    _inherit = "xero.hours"
    _description = "Hours of Work Entries"

    _source_model = "hr.work.entry"

    @api.model
    def _domain(self, employees, first, last):
        # EXTENDS xero.hours
        alive = [("state", "not in", ("cancelled", "conflict")), ("work_entry_type_id.is_leave", "=", False)]
        return [*super()._domain(employees, first, last), *alive]

    @api.model
    def _conflicts(self, employees, first, last):
        # EXTENDS xero.hours: one may be in conflict because it has no type
        waiting = [("state", "=", "conflict"), ("work_entry_type_id", "not any", [("is_leave", "=", True)])]
        rows = self.env[self._source_model].sudo()
        period = self.env["xero.hours"]._domain(employees, first, last)
        found = rows.search([*period, *waiting], order="date, id")
        return [self._entry(row) for row in found]

    @api.model
    def _entry(self, row):
        kind = row.work_entry_type_id
        return Entry(row.employee_id, row.date, row.duration, row, kind.name or "", (kind,) if kind else ())
