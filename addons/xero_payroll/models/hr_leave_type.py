"""Time off types: which leave type of Xero's they are."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .xero_payroll_mixin import PAYROLL_ADMIN

LOCKED = {"name", "company_id", "request_unit", "requires_allocation", "unpaid"}
# What an administrator of payroll has decided.
DECIDED = {"xero_pay_item_id", "time_type"}


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

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS hr_holidays: which leave type of Xero's it is payroll decides (LVE-07)
        for vals in vals_list:
            if vals.get("xero_pay_item_id"):
                self._check_decides(vals.get("name"))
        return super().create(vals_list)

    def write(self, vals):
        # EXTENDS hr_holidays: what comes from Xero is changed there (XQ-17)
        if not self.env.context.get("xero_no_echo"):
            for leave_type in self:
                leave_type._check_locked(vals)
        return super().write(vals)

    def _is_called_as_in_xero(self):
        """Whether it has the name of its leave type in Xero: where it alone stands for that, in one company."""
        self.ensure_one()
        connection = self.env["xero.connection"]._for_company(self.company_id)
        own = self.sudo().with_company(connection.company_id).with_context(active_test=False)
        same = [("xero_pay_item_id", "=", own.xero_pay_item_id.id), ("id", "!=", self.id)]
        return bool(self.company_id) and not own.search_count(same, limit=1)

    def _xero_is_linked(self):
        """Whether it stands for a leave type of Xero's in any company, not just in the one that is selected."""
        connections = self.env["xero.connection"].sudo().with_context(active_test=False)
        companies = connections.search([("tenant_id", "!=", False)]).company_id
        return any(self.sudo().with_company(company).xero_pay_item_id for company in companies)

    def _check_locked(self, vals):
        """Raise a UserError when `vals` change what is not changed here, or not by this user."""
        self.ensure_one()
        changed = {
            name
            for name in (LOCKED | DECIDED) & vals.keys()
            if self._fields[name].convert_to_write(self[name], self) != vals[name]
        }
        if not changed:
            return
        linked = self._xero_is_linked()
        locked = LOCKED if self._is_called_as_in_xero() else LOCKED - {"name"}
        if linked and changed & locked:
            raise UserError(
                self.env._(
                    "“%s” comes from Xero: change it there. Here it can be archived, or its balance hidden on "
                    "timesheets.",
                    self.name,
                )
            )
        if changed & (DECIDED if linked else {"xero_pay_item_id"}):
            self._check_decides(self.name)

    @api.model
    def _check_decides(self, name):
        if not self.env.user.has_group(PAYROLL_ADMIN):
            raise UserError(
                self.env._(
                    "Which leave type of Xero's “%s” is, and what kind of time off, only a payroll administrator "
                    "changes: ask one.",
                    name,
                )
            )
