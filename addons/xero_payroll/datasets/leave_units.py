"""How much leave an application in Xero is: hours or days, beside its dates."""

from odoo import api, models

from odoo.addons.xero_connector.datasets.amounts import decimal
from odoo.addons.xero_connector.datasets.problem import Problem

from .leave_group import EXACT
from .timesheet_check import UNITS

HOUR = 1  # so much a working day in Xero may differ from Odoo's


class XeroDatasetLeaveApplication(models.AbstractModel):
    _inherit = "xero.dataset.leave_application"

    @api.model
    def _told_units(self, item):
        """Units of all pay periods, ``None`` where Xero does not say."""
        told = [period.get("NumberOfUnits") for period in item.get("LeavePeriods") or ()]
        known = [decimal(units, EXACT) for units in told if units is not None]
        return sum(known) if known else None

    @api.model
    def _units_apart(self, item, leaves):
        """By how many hours or days Odoo counts otherwise; 0 where Xero does not say."""
        told = self._told_units(item)
        own = sum(
            decimal(leave.number_of_days if self._in_days(leave) else leave.number_of_hours, EXACT) for leave in leaves
        )
        return 0 if told is None else abs(told - own)

    @api.model
    def _units_problem(self, item, leaves):
        """Whether Odoo counts other hours or days of leaves that are one application: a Problem, or ``None``.

        People whose working day is 7.6 hours in Xero and 8 in Odoo are away as many days on both sides.
        """
        days = 0 if self._in_days(leaves[0]) else sum(decimal(leave.number_of_days, EXACT) for leave in leaves)
        if self._units_apart(item, leaves) <= max(UNITS, HOUR * days):
            return None
        return Problem("leave_days_differ", employee=leaves.employee_id.name, dates=self._title(item))

    @api.model
    def _units_notes(self, item, leave):
        """For the history: another working day is no problem, and still other hours than were granted here."""
        return [("leave_hours_differ", {})] if self._units_apart(item, leave) > UNITS else []

    @api.model
    def _prepare_part_of_day(self, item, employee, leave_type):
        """Values of leave on one day when it is less than what the employee works; else it is the whole day."""
        day, told = self._days(item)[0], self._told_units(item)
        whole = sum(last - first for first, last in employee._xero_free(day))
        hours = float(told or 0) * (whole if self._counts_days(leave_type.xero_pay_item_id) else 1)
        if not 0 < hours < whole:
            return {}
        if leave_type.request_unit == "hour":
            begin, end = employee._xero_span(day, hours)
            return {"request_unit_hours": True, "request_hour_from": begin, "request_hour_to": end}
        if leave_type.request_unit == "half_day":
            return {"request_unit_half": True, "request_date_from_period": "am", "request_date_to_period": "am"}
        return {}
