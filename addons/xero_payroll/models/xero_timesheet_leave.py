"""Leave beside timesheets: it is read from Xero before payroll approves anything (XQ-21)."""

from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.xero_connector.models.xero_schedule import midnight_of

LEAVE_KEYS = ("leave_application", "leave_balance")


class XeroTimesheet(models.Model):
    _inherit = "xero.timesheet"

    leave_warning = fields.Char(compute="_compute_leave_warning", compute_sudo=True)

    @api.depends("company_id", "date_to")
    @api.depends_context("lang")
    def _compute_leave_warning(self):
        """Said when what Xero knows of leave was last read before the period had ended."""
        for timesheet in self:
            connection = self.env["xero.connection"]._for_company(timesheet.company_id)
            keys = [key for key in LEAVE_KEYS if connection and connection._dataset(key)._is_pulled()]
            read_at = [connection._schedule(key).last_success for key in keys]
            end = timesheet.date_to and midnight_of(timesheet.date_to + timedelta(1), connection.tz or "UTC")
            timesheet.leave_warning = (
                self.env._("Leave was last read from Xero before this period ended: read it again first.")
                if end and any(not moment or moment < end for moment in read_at)
                else False
            )

    def action_xero_pull_leave(self):
        """Bring in leave applications and balances now."""
        connection = self.env["xero.connection"]._for_company(self.company_id[:1])
        connection = connection.with_user(self.env.user).sudo(False)
        keys = [key for key in LEAVE_KEYS if connection.sudo()._dataset(key)._is_pulled()]
        return connection._import(keys)
