"""Leave balances as Xero counts them; entitlements and accruals stay there (XQ-22)."""

from odoo import api, fields, models


class XeroLeaveBalance(models.Model):
    """What one employee has left of one leave type."""

    _name = "xero.leave.balance"
    _description = "Xero Leave Balance"
    _order = "employee_id, pay_item_id"

    connection_id = fields.Many2one("xero.connection", required=True, ondelete="cascade", index=True, readonly=True)
    company_id = fields.Many2one(related="employee_id.company_id", store=True, index=True)  # may be a branch (B12)
    tenant_id = fields.Char(required=True, readonly=True)
    employee_id = fields.Many2one("hr.employee", required=True, ondelete="cascade", index=True, readonly=True)
    department_id = fields.Many2one(related="employee_id.department_id")
    pay_item_id = fields.Many2one("xero.pay.item", "Leave Type", required=True, ondelete="cascade", readonly=True)
    units = fields.Float("Balance", digits=(16, 4), readonly=True)
    type_of_units = fields.Char("Unit", readonly=True)
    as_of = fields.Datetime(readonly=True, help="When Xero said so.")

    _item_unique = models.Constraint("UNIQUE(tenant_id, employee_id, pay_item_id)", "This balance is here already.")

    @api.depends("pay_item_id", "units", "type_of_units")
    def _compute_display_name(self):
        for balance in self:
            units = balance.type_of_units or ""
            balance.display_name = f"{balance.pay_item_id.name}: {balance.units:g} {units}".strip()
