"""Timesheets for payroll: hours of one employee in one pay period, approved in two steps."""

from odoo import api, fields, models

STATES = [
    ("draft", "Draft"),
    ("manager_approved", "Approved by the manager"),
    ("payroll_approved", "Approved by payroll"),
    ("pushed", "In Xero"),
]


class XeroTimesheet(models.Model):
    """Managers approve the time, payroll approves the pay items, then it may go to Xero (XQ-14)."""

    _name = "xero.timesheet"
    _description = "Xero Timesheet"
    _inherit = ["mail.thread", "xero.payroll.mixin"]
    _order = "date_from desc, employee_id"
    _check_company_auto = True

    employee_id = fields.Many2one("hr.employee", required=True, check_company=True, index=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    calendar_id = fields.Many2one("xero.payroll.calendar", check_company=True)
    date_from = fields.Date(required=True)
    date_to = fields.Date(required=True)
    state = fields.Selection(STATES, required=True, default="draft", readonly=True, copy=False, tracking=True)
    line_ids = fields.One2many("xero.timesheet.line", "timesheet_id")
    total = fields.Float("Total Time", compute="_compute_total", store=True, help="Sum of all lines, in hours.")

    _period_unique = models.Constraint(
        "UNIQUE(employee_id, date_from, date_to)", "This employee has a timesheet for that period already."
    )
    _dates_in_order = models.Constraint("CHECK(date_from <= date_to)", "A period ends after it begins.")

    @api.depends("line_ids.units")
    def _compute_total(self):
        for timesheet in self:
            timesheet.total = sum(timesheet.line_ids.mapped("units"))

    @api.depends("employee_id", "date_from", "date_to")
    def _compute_display_name(self):
        for timesheet in self:
            timesheet.display_name = f"{timesheet.employee_id.name or ''} {timesheet.date_from} – {timesheet.date_to}"

    def _xero_dataset_key(self):
        # EXTENDS xero.mixin
        return "timesheet"
