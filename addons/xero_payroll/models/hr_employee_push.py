"""Time of one employee, or of a group that a list shows, to Xero on demand (PRL-02, PRL-03)."""

from odoo import models
from odoo.exceptions import UserError


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    def _xero_dataset_key(self):
        # EXTENDS xero.mixin: by choice of the company; staff is made in Xero else (XQ-34)
        connection = self.env["xero.connection"].sudo()._for_company(self._xero_company())
        return "employee" if connection.push_employees else None

    def action_xero_push_time(self):
        """Push the approved timesheets of these employees that are not in Xero as they are now.

        :raises UserError: there is none
        """
        sheets = self.env["xero.timesheet"].search(
            [("employee_id", "in", self.ids), ("state", "in", ("payroll_approved", "pushed"))]
        )
        waiting = sheets.filtered(lambda sheet: sheet.state == "payroll_approved" or sheet.xero_state == "outdated")
        if not waiting:
            raise UserError(self.env._("None of these employees has approved time that is not in Xero."))
        return waiting.action_xero_push()
