"""Time off types: which leave type of Xero's they are."""

from odoo import fields, models
from odoo.exceptions import UserError

LOCKED = {"name", "company_id", "request_unit", "requires_allocation", "unpaid"}


class HrLeaveType(models.Model):
    _inherit = "hr.leave.type"

    xero_pay_item_id = fields.Many2one(
        "xero.pay.item",
        "Xero Leave Type",
        company_dependent=True,
        domain="[('kind', '=', 'leave')]",
        help="Of the organisation of this company; requests go to Xero under it.",
    )
    xero_show_on_timesheets = fields.Boolean("Balance on Timesheets", default=True)

    def write(self, vals):
        # EXTENDS hr_holidays: what comes from Xero is changed there (XQ-17)
        changed = {name for name in LOCKED & vals.keys() if not self.env.context.get("xero_no_echo")}
        for leave_type in self.filtered("xero_pay_item_id") if changed else ():
            differing = [
                name
                for name in changed
                if leave_type._fields[name].convert_to_write(leave_type[name], leave_type) != vals[name]
            ]
            if differing:
                raise UserError(
                    self.env._(
                        "“%s” comes from Xero: change it there. Here it can be archived, or its balance hidden on "
                        "timesheets.",
                        leave_type.name,
                    )
                )
        return super().write(vals)
