"""Leave that people enter as time becomes time off, and goes to Xero as such (XQ-11, XW-01)."""

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import float_compare

from ..datasets.leave_application import QUIET

OPEN = ("confirm", "validate1", "validate")
AT_ONCE = {**QUIET, "xero_no_echo": False}


class XeroTimesheet(models.Model):
    _inherit = "xero.timesheet"

    def action_payroll_approve(self):
        # EXTENDS xero.timesheet: with the pay items it is known which hours are leave
        approved = self.filtered(lambda timesheet: timesheet.state == "manager_approved")
        result = super().action_payroll_approve()
        approved.sudo()._make_leave()
        return result

    def _make_leave(self):
        """Time off for the lines under a leave type, unless there is some that day.

        :raises UserError: no time off type stands for the leave type, or Odoo counts other hours
        """
        for line in self.line_ids.filtered(lambda line: line.pay_item_id.kind == "leave" and line.units > 0):
            day = line.source_date or line.date
            known = [("employee_id", "=", line.employee_id.id), ("state", "in", OPEN)]
            if self.env["hr.leave"].search_count(
                [*known, ("request_date_from", "<=", day), ("request_date_to", ">=", day)], limit=1
            ):
                continue
            leave = self.env["hr.leave"].with_context(**AT_ONCE).create(line._prepare_leave(day))
            if float_compare(leave.number_of_hours, line.units, precision_digits=2):
                raise UserError(
                    self.env._(
                        "%(employee)s, %(day)s: “%(type)s” is taken by the day in Odoo, and the day has other hours "
                        "than the timesheet. Ask for the leave as time off, or let the type be taken in hours.",
                        employee=line.employee_id.name,
                        day=day,
                        type=leave.holiday_status_id.name,
                    )
                )
            leave.with_context(**AT_ONCE)._action_validate(check_state=False)


class XeroTimesheetLine(models.Model):
    _inherit = "xero.timesheet.line"

    def _prepare_leave(self, day):
        """Values of the time off that a line is."""
        connection = self.env["xero.connection"].sudo()._for_company(self.company_id)
        types = connection._dataset("leave_application")._types()
        leave_type = types.get(self.pay_item_id.xero_id)
        if not leave_type:
            raise UserError(
                self.env._(
                    "No time off type stands for “%s”: copy leave types at the connection first.", self.pay_item_id.name
                )
            )
        values = {
            "employee_id": self.employee_id.id,
            "holiday_status_id": leave_type.id,
            "request_date_from": day,
            "request_date_to": day,
            "state": "confirm",
        }
        if leave_type.request_unit == "hour":
            begin = self._begin_of_work(day)
            values.update(request_unit_hours=True, request_hour_from=begin, request_hour_to=begin + self.units)
        return values

    def _begin_of_work(self, day):
        """Hour at which the employee's day begins."""
        calendar = self.employee_id.resource_calendar_id
        hours = calendar.attendance_ids.filtered(lambda row: row.dayofweek == str(day.weekday()))
        return min(hours.mapped("hour_from"), default=9.0)
