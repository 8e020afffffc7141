"""From which day on hours of an employee may be late: what was paid in another way before is nobody's debt."""

from datetime import timedelta

from odoo import fields, models

from ..periods import LATE
from .xero_payroll_mixin import PAYROLL_USER

WAYS = {"xero_paid_from", "xero_calendar_id"}


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    xero_late_from = fields.Date(
        "Late Hours from",
        copy=False,
        groups=PAYROLL_USER,
        help="Hours of earlier days are paid, or nobody's debt: they do not go to a later pay period. Set when hours "
        "come from elsewhere or are rounded otherwise, and when the employee is paid in another way.",
    )

    def write(self, vals):
        # EXTENDS hr: what a salary covered, somebody entered in Xero by hand, or was worked before Xero employed
        # the employee was never sent, and is paid
        touched = self.sudo() if WAYS & vals.keys() else self.browse()
        paid_from = {employee: employee.xero_paid_from for employee in touched}
        others = touched.filtered(lambda employee: employee._xero_is_paid_otherwise())
        before = touched.filtered("xero_calendar_id")
        new = (touched - before).filtered(lambda employee: not employee.xero_late_from)
        result = super().write(vals)
        now = touched.filtered("xero_calendar_id")
        for employee in (before - now).filtered(lambda employee: not employee.xero_late_from):
            employee.xero_late_from = fields.Date.today() - LATE  # back again, he is nobody new
        begin = others.filtered(lambda employee: not employee._xero_is_paid_otherwise()) | new & now
        begin._xero_start_late()
        touched.filtered(lambda employee: employee.xero_paid_from != paid_from[employee])._xero_send_hours_anew()
        return result

    def _xero_send_hours_anew(self):
        """Of what is approved and not paid, other hours go to Xero now than before."""
        for calendar, employees in self.filtered("xero_calendar_id.start_date").grouped("xero_calendar_id").items():
            unpaid = [("employee_id", "in", employees.ids), ("date_to", ">=", calendar._open_from())]
            sheets = self.env["xero.timesheet"].sudo().search([*unpaid, ("state", "!=", "draft")])
            self.env["xero.link"].sudo()._mark_changed(sheets._name, sheets.ids)

    def _xero_is_paid_otherwise(self):
        """Whether a salary covers the ordinary hours, or the payroll calendar is one that none can be sent for."""
        calendar = self.xero_calendar_id
        by_hand = calendar and calendar.calendar_type not in calendar.connection_id._time_calendar_types()
        return bool(by_hand or self.xero_paid_from == "template")

    def _xero_start_late(self):
        """What is not paid begins with the period that is open, or after the last one that is approved as it is."""
        sheets = self.env["xero.timesheet"].sudo()
        approved = [("employee_id", "in", self.ids), ("state", "!=", "draft")]
        ends = dict(sheets._read_group(approved, ["employee_id"], ["date_to:max"]))
        for employee in self.sudo():
            calendar, end = employee.xero_calendar_id, ends.get(employee)
            begins = [calendar._open_from() if calendar else False, end and end + timedelta(days=1)]
            employee.xero_late_from = max(filter(None, begins), default=employee.xero_late_from)
