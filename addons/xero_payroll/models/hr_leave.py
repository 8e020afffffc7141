"""Time off: what Xero has of it."""

from odoo import api, fields, models
from odoo.fields import Domain

from .xero_payroll_mixin import READERS

STATUSES = [
    ("requested", "Requested"),
    ("current", "Current: in Xero and approved"),
    ("taken", "Taken: paid"),
    ("rejected", "Rejected in Xero"),
]


class HrLeave(models.Model):
    _name = "hr.leave"
    _inherit = ["hr.leave", "xero.payroll.mixin"]

    xero_leave_status = fields.Selection(STATUSES, "Leave in Xero", readonly=True, copy=False)
    xero_pay_item_id = fields.Many2one(
        "xero.pay.item", compute="_compute_xero_pay_item_id", search="_search_xero_pay_item_id", compute_sudo=True
    )
    xero_balance_at_request = fields.Float(
        "Balance at Request",
        readonly=True,
        copy=False,
        groups=f"{READERS},hr_holidays.group_hr_holidays_responsible",
        help="Units that Xero knew of when the leave was asked for.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS hr_holidays: what was left when the leave was asked for stays known (XQ-19)
        leaves = super().create(vals_list)
        leaves._keep_xero_balance()
        return leaves

    # === COMPUTES === #

    @api.depends("xero_link_ids")
    @api.depends_context("company")
    def _compute_xero_link_id(self):
        # EXTENDS xero.mixin: a leave is known by the first day of its applications, the earliest one stands for it
        result = super()._compute_xero_link_id()
        for leave in self.filtered(lambda leave: not leave.xero_link_id):
            connection = self.env["xero.connection"]._for_company(leave._xero_company())
            links = leave.sudo().xero_link_ids.filtered(lambda link, c=connection: link.tenant_id == c.tenant_id)
            leave.xero_link_id = links.sorted("part")[:1]
        return result

    @api.depends("holiday_status_id.xero_pay_item_id", "employee_id")
    def _compute_xero_pay_item_id(self):
        """What the type stands for in the company of the connection, which may be a branch's parent (B12)."""
        for leave in self:
            connection = self.env["xero.connection"]._for_company(leave._xero_company())
            leave.xero_pay_item_id = leave.holiday_status_id.with_company(connection.company_id).xero_pay_item_id

    @api.model
    def _search_xero_pay_item_id(self, operator, value):
        """By whether the type stands for any, in the company of a connection that the user's companies have."""
        if operator != "in" or any(value):
            return NotImplemented
        connections, types = self.env["xero.connection"], self.env["hr.leave.type"].with_context(active_test=False)
        companies = {connections._for_company(company).company_id for company in self.env.companies}
        own = (types.sudo().with_company(company) for company in companies if company)
        linked = types.union(*(rows.search([("xero_pay_item_id", "!=", False)]) for rows in own))
        return Domain("holiday_status_id", "not in", linked.ids)

    # === BUSINESS === #

    def _keep_xero_balance(self):
        """Remember the balance that Xero knows of now; later ones do not change it."""
        balances = self.env["xero.leave.balance"].sudo()
        for leave in self.sudo():
            known = [("employee_id", "=", leave.employee_id.id), ("pay_item_id", "=", leave.xero_pay_item_id.id)]
            if leave.xero_pay_item_id and (balance := balances.search(known, limit=1)):
                leave.xero_balance_at_request = balance.units

    def _xero_dataset_key(self):
        # EXTENDS xero.mixin
        return "leave_application"
