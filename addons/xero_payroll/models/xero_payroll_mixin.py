"""What records of payroll get from the connector: its link, shown to those who work with payroll."""

from odoo import fields, models

PAYROLL_USER = "xero_payroll.group_xero_payroll_user"
READERS = f"hr.group_hr_user,{PAYROLL_USER}"


class XeroPayrollMixin(models.AbstractModel):
    """:class:`xero.mixin` for models of staff: other people read it than those of accounting."""

    _name = "xero.payroll.mixin"
    _inherit = "xero.mixin"
    _description = "Xero Payroll Mixin"

    xero_link_id = fields.Many2one(groups=READERS)
    xero_state = fields.Selection(groups=READERS)
    xero_number = fields.Char(groups=READERS)
    xero_status = fields.Char(groups=READERS)
    xero_status_label = fields.Char(groups=READERS)
    xero_url = fields.Char(groups=READERS)
    xero_message = fields.Char(groups=READERS)
    xero_pushable = fields.Boolean(groups=READERS)
