"""Leave balances as Xero counts them; entitlements and accruals stay there (XQ-22)."""

from odoo import api, fields, models
from odoo.fields import Domain


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
    is_current = fields.Boolean(compute="_compute_is_current", search="_search_is_current", compute_sudo=True)
    as_of = fields.Datetime(readonly=True, help="When Xero said so.")

    _item_unique = models.Constraint("UNIQUE(tenant_id, employee_id, pay_item_id)", "This balance is here already.")

    @api.depends("connection_id.state", "connection_id.payroll_access", "connection_id.tenant_id", "tenant_id")
    def _compute_is_current(self):
        """Whether Xero may still say so: connected with payroll, to the organisation that it is of (XQ-24)."""
        for balance in self:
            connection = balance.connection_id
            live = connection.state == "connected" and connection.payroll_access
            balance.is_current = live and balance.tenant_id == connection.tenant_id

    @api.model
    def _search_is_current(self, operator, value):
        if operator != "in":
            return NotImplemented
        live = self.env["xero.connection"].sudo().search([("state", "=", "connected"), ("payroll_access", "=", True)])
        own = (Domain("connection_id", "=", row.id) & Domain("tenant_id", "=", row.tenant_id) for row in live)
        current = Domain.OR(own)
        return current if True in value else ~current

    @api.depends("pay_item_id", "units", "type_of_units")
    def _compute_display_name(self):
        for balance in self:
            units = balance.type_of_units or ""
            balance.display_name = f"{balance.pay_item_id.name}: {balance.units:g} {units}".strip()
