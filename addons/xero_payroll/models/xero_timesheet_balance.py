"""What somebody has left of leave, beside the hours (XQ-17, XQ-24, LVE-04)."""

from odoo import api, fields, models


class XeroTimesheet(models.Model):
    _inherit = "xero.timesheet"

    balance_ids = fields.Many2many(
        "xero.leave.balance",
        string="Leave Left",
        compute="_compute_balance_ids",
        help="Of the time off types that show their balance on timesheets; as Xero said last.",
    )

    @api.depends("employee_id", "company_id")
    @api.depends_context("uid")
    def _compute_balance_ids(self):
        """Those that the reader may see, of types that are shown here."""
        for timesheet in self:
            connection = self.env["xero.connection"]._for_company(timesheet.company_id)
            types = self.env["hr.leave.type"].sudo().with_company(connection.company_id)
            shown = types.search([("xero_pay_item_id", "!=", False), ("xero_show_on_timesheets", "=", True)])
            timesheet.balance_ids = self.env["xero.leave.balance"].search(
                [
                    ("employee_id", "=", timesheet.sudo().employee_id.id),
                    ("pay_item_id", "in", shown.xero_pay_item_id.ids),
                ]
            )
