"""Copy Leave Types: time off types from the leave types of one organisation, those that are ticked (XQ-16)."""

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..models.xero_payroll_mixin import PAYROLL_ADMIN


class XeroLeaveTypeWizard(models.TransientModel):
    """Leave types that no time off type of the company stands for yet."""

    _name = "xero.leave.type.wizard"
    _inherit = "xero.payroll.kept"
    _description = "Copy Leave Types"

    connection_id = fields.Many2one("xero.connection", required=True, readonly=True)
    line_ids = fields.One2many("xero.leave.type.wizard.line", "wizard_id")

    @api.model
    def _open(self, connection):
        """The wizard for `connection`, with a line for each leave type that is new."""
        if not self.env.user.has_group(PAYROLL_ADMIN):
            raise AccessError(self.env._("Only a payroll administrator may make time off types from Xero."))
        connection.check_access("read")
        known = connection._leave_types()
        if not known:
            raise UserError(self.env._("Xero's leave types are not here yet: import Xero Leave Types first."))
        lines = [Command.create({"pay_item_id": item.id}) for item in connection._leave_types_to_copy(known)]
        wizard = self.sudo().create({"connection_id": connection.id, "line_ids": lines})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Copy Leave Types"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_copy(self):
        """Make the ticked ones, for the company of the connection only."""
        self.ensure_one()
        company = self.connection_id.company_id
        types = self.env["hr.leave.type"].with_company(company)
        types.create([line._prepare_type(company) for line in self.line_ids.filtered("ticked")])
        return {"type": "ir.actions.act_window_close"}


class XeroLeaveTypeWizardLine(models.TransientModel):
    _name = "xero.leave.type.wizard.line"
    _inherit = "xero.payroll.kept"
    _description = "Leave Type to Copy"

    wizard_id = fields.Many2one("xero.leave.type.wizard", required=True, ondelete="cascade")
    pay_item_id = fields.Many2one("xero.pay.item", "Leave Type", required=True, readonly=True)
    type_of_units = fields.Char(related="pay_item_id.type_of_units", related_sudo=False)
    ticked = fields.Boolean("Copy")

    def _prepare_type(self, company):
        """Values of the time off type; entitlements stay in Xero, so nothing has to be allocated (XQ-22)."""
        self.ensure_one()
        # In the United Kingdom Xero does not say: it counts hours there.
        in_days = self.env["xero.dataset.leave_application"]._counts_days(self.pay_item_id)
        return {
            "name": self.pay_item_id.name,
            "company_id": company.id,
            "xero_pay_item_id": self.pay_item_id.id,
            "request_unit": "day" if in_days else "hour",
            "requires_allocation": False,
            "unpaid": not self.pay_item_id.is_paid_leave,
        }
