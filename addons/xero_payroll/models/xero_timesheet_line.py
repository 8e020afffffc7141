"""Lines of timesheets: hours of one day under one pay item."""

from odoo import fields, models


class XeroTimesheetLine(models.Model):
    """The pay item may still be changed until the timesheet is in Xero (XQ-15)."""

    _name = "xero.timesheet.line"
    _description = "Xero Timesheet Line"
    _order = "date, id"

    timesheet_id = fields.Many2one("xero.timesheet", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="timesheet_id.company_id", store=True)
    employee_id = fields.Many2one(related="timesheet_id.employee_id", store=True)
    date = fields.Date(required=True)
    pay_item_id = fields.Many2one("xero.pay.item", domain="[('for_timesheets', '=', True)]")
    units = fields.Float("Hours", required=True)
    name = fields.Char("Description")
    analytic_line_id = fields.Many2one("account.analytic.line", ondelete="set null", index="btree_not_null")
