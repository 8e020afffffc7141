"""Time off types: which leave type of Xero's they are."""

from odoo import fields, models
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

    def write(self, vals):
        # EXTENDS hr_holidays: what comes from Xero is changed there (XQ-17)
        if not self.env.context.get("xero_no_echo"):
            for leave_type in self.filtered("xero_pay_item_id"):
                leave_type._check_locked(vals)
        return super().write(vals)

    def _is_called_as_in_xero(self):
        """Whether it has the name of its leave type in Xero: where it alone stands for that, in one company."""
        self.ensure_one()
        same = [("xero_pay_item_id", "=", self.xero_pay_item_id.id), ("id", "!=", self.id)]
        return bool(self.company_id) and not self.sudo().with_context(active_test=False).search_count(same, limit=1)

    def _check_locked(self, vals):
        """Raise a UserError when `vals` change what is not changed here, or not by this user."""
        self.ensure_one()
        changed = {
            name
            for name in (LOCKED | DECIDED) & vals.keys()
            if self._fields[name].convert_to_write(self[name], self) != vals[name]
        }
        if changed & (LOCKED if self._is_called_as_in_xero() else LOCKED - {"name"}):
            raise UserError(
                self.env._(
                    "“%s” comes from Xero: change it there. Here it can be archived, or its balance hidden on "
                    "timesheets.",
                    self.name,
                )
            )
        if changed & DECIDED and not self.env.user.has_group(PAYROLL_ADMIN):
            raise UserError(
                self.env._(
                    "Which leave type of Xero's “%s” is, and what kind of time off, only a payroll administrator "
                    "changes: ask one.",
                    self.name,
                )
            )
