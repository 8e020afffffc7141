"""Why people cannot be paid yet, and what to do about it."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare


class XeroPayrollDeskLine(models.TransientModel):
    """One reason, and whom it holds up."""

    _name = "xero.payroll.desk.line"
    _inherit = "xero.payroll.kept"
    _description = "Not Ready to Pay"

    desk_id = fields.Many2one("xero.payroll.desk", required=True, ondelete="cascade")
    reason = fields.Char(readonly=True)
    employee_ids = fields.Many2many("hr.employee", readonly=True, context={"active_test": False})
    count = fields.Integer(readonly=True, help="Of all companies; who they are is for those who work there.")
    without_hours = fields.Boolean(readonly=True)
    hours = fields.Float(readonly=True, help="Of whoever has left: all hours of the period, and late ones.")
    leave_ids = fields.Many2many("hr.leave", readonly=True, help="Leave that is to be put right.")

    def action_open(self):
        """What these people have in this period: timesheets, or themselves where there is none."""
        self.ensure_one()
        desk = self.desk_id
        if leaves := self.sudo().leave_ids:
            return {
                "type": "ir.actions.act_window",
                "name": self.reason,
                "res_model": "hr.leave",
                "views": [(False, "list"), (False, "form")],
                "domain": [("id", "in", leaves.ids)],
            }
        found = desk._timesheets() | desk._strays(self.employee_ids)
        sheets = found.filtered(lambda row: row.employee_id in self.employee_ids)
        if not sheets:
            return {
                "type": "ir.actions.act_window",
                "name": self.reason,
                "res_model": "hr.employee",
                "views": [(False, "list"), (False, "form")],
                "domain": [("id", "in", self.employee_ids.ids)],
                "context": {"active_test": False},
            }
        return {**desk.action_timesheets(), "name": self.reason, "domain": [("id", "in", sheets.ids)]}

    def action_nothing_to_pay(self):
        """Say that nothing more of these people goes in this period, so that nobody waits for their hours."""
        self.ensure_one()
        desk = self.desk_id
        desk._check_payroll()
        if self.without_hours and (leaves := self.sudo().leave_ids):
            leaves.with_env(self.env)._xero_stand_by_hand()
        else:
            self._settle_hours()
        desk._look()

    def _settle_hours(self):
        desk = self.desk_id
        left = self.employee_ids.filtered(lambda employee: not employee.active)
        if float_compare(desk._find().hours_of(left), self.hours, 2):
            raise UserError(self.env._("Hours of “%s” have changed meanwhile: press Look Again first.", self.reason))
        if self.without_hours:
            timesheets, period = self.env["xero.timesheet"], (desk.calendar_id, desk.date_from, desk.date_to)
            timesheets._enter_by_hand(desk.connection_id.sudo(), left, *period)
            timesheets._pay_nothing(self.employee_ids - left - desk._timesheets().employee_id, *period)
