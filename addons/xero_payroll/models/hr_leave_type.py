"""Time off types: which leave type of Xero's they are."""

from odoo import fields, models


class HrLeaveType(models.Model):
    _inherit = "hr.leave.type"

    xero_pay_item_id = fields.Many2one(
        "xero.pay.item",
        "Xero Leave Type",
        company_dependent=True,
        domain="[('kind', '=', 'leave')]",
        groups="base.group_user",
        help="Of the organisation of this company; requests go to Xero under it.",
    )
    xero_show_on_timesheets = fields.Boolean("Balance on Timesheets", default=True)
