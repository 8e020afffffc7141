"""Leave that people enter as time becomes time off, and goes to Xero as such (XQ-11, XW-01)."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare, float_is_zero

from ..datasets.leave_application import QUIET

OPEN = ("confirm", "validate1", "validate")
AT_ONCE = {**QUIET, "xero_no_echo": False}
MINUTES = 2  # digits of hours that count


class HrLeave(models.Model):
    _inherit = "hr.leave"

    xero_timesheet_id = fields.Many2one(
        "xero.timesheet", readonly=True, copy=False, index="btree_not_null", groups=fields.NO_ACCESS
    )


class XeroTimesheet(models.Model):
    _inherit = "xero.timesheet"

    @api.depends("line_ids.pay_item_id", "line_ids.date", "line_ids.source_date")
    def _compute_total(self):
        # EXTENDS xero.timesheet: what Xero keeps as leave takes nothing off the time
        result = super()._compute_total()
        for timesheet in self:
            timesheet.total -= sum(timesheet._untaken_leave().values())
        return result

    def action_payroll_approve(self):
        # EXTENDS xero.timesheet: with the pay items it is known which hours are leave
        approved = self.filtered(lambda timesheet: timesheet.state == "manager_approved")
        result = super().action_payroll_approve()
        failed, reasons = self.browse(), []
        for timesheet in approved:
            try:
                with self.env.cr.savepoint():
                    timesheet.sudo()._make_leave()
            except UserError as error:
                failed |= timesheet
                reasons.append(f"{timesheet.display_name}: {error}")
        if not failed:
            return result
        if failed == approved:
            raise UserError("\n".join(reasons))
        # One person's leave holds up nobody else.
        failed.sudo().write({"state": "manager_approved"})
        text = self.env._("Approved, but for these:\n%s", "\n".join(reasons))
        return self.env["xero.connection"]._for_company(self.company_id[:1])._notify(text, "warning")

    def _make_leave(self):
        """Time off for the hours under leave types, as they are approved now.

        What this timesheet was made into before stays where it still agrees, and is taken back
        else. Leave of the type that was granted that day stands for the hours when it is as many.

        :raises UserError: no time off type stands for the leave type, Odoo counts other hours, or what was asked for
            is not decided
        """
        self.ensure_one()
        wanted = self._leave_hours()
        made = self.env["hr.leave"].search([("xero_timesheet_id", "=", self.id), ("state", "in", OPEN)])
        kept = made.filtered(
            lambda leave: not float_compare(
                wanted.get((leave.request_date_from, leave.holiday_status_id), 0.0), leave.number_of_hours, MINUTES
            )
        )
        (made - kept).with_context(**AT_ONCE)._force_cancel()
        have = {(leave.request_date_from, leave.holiday_status_id) for leave in kept}
        for (day, leave_type), hours in wanted.items():
            if (day, leave_type) not in have and not self._is_granted(day, leave_type, hours):
                self._take_leave(day, leave_type, hours)

    def _leave_hours(self):
        """``{(day, time off type): hours}`` of the lines under leave types."""
        return {
            (day, self._leave_type(item)): units
            for (day, item), units in self._leave_units().items()
            if units > 0 and not float_is_zero(units, MINUTES)
        }

    def _untaken_leave(self):
        """``{(day, leave type): hours}``, below zero: leave of paid days that was not taken as it was paid."""
        return {
            key: units for key, units in self._leave_units().items() if units < 0 and not float_is_zero(units, MINUTES)
        }

    def _leave_units(self):
        """``{(day, leave type): hours}`` of the lines under leave types."""
        units = defaultdict(float)
        for line in self.line_ids.filtered(lambda line: line.pay_item_id.kind == "leave"):
            units[line.source_date or line.date, line.pay_item_id] += line.units
        return units

    def _leave_type(self, pay_item):
        """The time off type that stands for a leave type."""
        leave_types = self._leave_dataset()._types().get(pay_item.xero_id)
        if not leave_types:
            raise UserError(
                self.env._("No time off type stands for “%s”: copy leave types at the connection first.", pay_item.name)
            )
        return leave_types[:1].with_env(self.env)

    def _leave_dataset(self):
        return self.env["xero.connection"].sudo()._for_company(self.company_id)._dataset("leave_application")

    def _is_granted(self, day, leave_type, hours):
        """Whether somebody has asked for that leave, under any type that is the same in Xero, and it was granted."""
        dataset = self._leave_dataset()
        same = next(leave_types for leave_types in dataset._types().values() if leave_type in leave_types)
        own = [("employee_id", "=", self.employee_id.id), ("holiday_status_id", "in", same.ids)]
        days = [("request_date_from", "<=", day), ("request_date_to", ">=", day)]
        asked = self.env["hr.leave"].search([*own, *days, ("state", "in", OPEN), ("xero_timesheet_id", "=", False)])
        about = {"employee": self.employee_id.name, "day": day, "type": leave_type.name}
        if any(leave.state != "validate" for leave in asked):
            raise UserError(
                self.env._(
                    "%(employee)s, %(day)s: “%(type)s” was asked for, and nobody has decided on it yet. Approve or "
                    "refuse the request first.",
                    **about,
                )
            )
        granted = sum(dataset._hours_on(leave, day) for leave in asked)
        if asked and float_compare(granted, hours, MINUTES):
            raise UserError(
                self.env._(
                    "%(employee)s, %(day)s: the timesheet has other hours of “%(type)s” than were granted. Correct the "
                    "hours, or the time off.",
                    **about,
                )
            )
        return bool(asked)

    def _take_leave(self, day, leave_type, hours):
        values = {
            "employee_id": self.employee_id.id,
            "holiday_status_id": leave_type.id,
            "request_date_from": day,
            "request_date_to": day,
            "state": "confirm",
            "xero_timesheet_id": self.id,
        }
        if leave_type.request_unit == "hour":
            begin, end = self.employee_id._xero_span(day, hours)
            values.update(request_unit_hours=True, request_hour_from=begin, request_hour_to=end)
        leave = self.env["hr.leave"].with_context(**AT_ONCE).create(values)
        if float_compare(leave.number_of_hours, hours, MINUTES):
            raise UserError(
                self.env._(
                    "%(employee)s, %(day)s: the timesheet has other hours of “%(type)s” than Odoo counts as time off. "
                    "Either the type is taken by the day, or the working day, less other time off, has fewer hours. "
                    "Correct the hours, or ask for the leave as time off.",
                    employee=self.employee_id.name,
                    day=day,
                    type=leave_type.name,
                )
            )
        leave.with_context(**AT_ONCE)._action_validate(check_state=False)
