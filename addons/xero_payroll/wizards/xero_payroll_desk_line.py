"""Why people cannot be paid yet, and what to do about it."""

from odoo import api, fields, models


class XeroPayrollDeskLine(models.TransientModel):
    """One reason, and whom it holds up."""

    _name = "xero.payroll.desk.line"
    _description = "Not Ready to Pay"

    desk_id = fields.Many2one("xero.payroll.desk", required=True, ondelete="cascade")
    reason = fields.Char(readonly=True)
    employee_ids = fields.Many2many("hr.employee", readonly=True, context={"active_test": False})
    count = fields.Integer(compute="_compute_count", compute_sudo=True)
    without_hours = fields.Boolean(readonly=True)

    @api.depends("employee_ids")
    def _compute_count(self):
        for line in self:
            line.count = len(line.employee_ids)

    def action_open(self):
        """What these people have in this period: timesheets, or themselves where there is none."""
        self.ensure_one()
        desk = self.desk_id
        sheets = desk._timesheets().filtered(lambda row: row.employee_id in self.employee_ids)
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
        if self.without_hours:
            people = self.employee_ids - desk._timesheets().employee_id
            self.env["xero.timesheet"]._pay_nothing(people, desk.calendar_id, desk.date_from, desk.date_to)
        desk._look()
