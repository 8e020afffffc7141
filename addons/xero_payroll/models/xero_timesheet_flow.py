"""The two approvals of a timesheet, and the way back (XQ-14)."""

from odoo import models
from odoo.exceptions import AccessError, UserError

from ..datasets.timesheet_check import PAID
from .xero_payroll_mixin import PAYROLL_ADMIN, PAYROLL_USER


class XeroTimesheet(models.Model):
    _inherit = "xero.timesheet"

    # === ACTIONS === #

    def action_manager_approve(self):
        """The time is right; what is approved already stays."""
        self._check_manager()
        self._move("draft", "manager_approved")

    def action_payroll_approve(self):
        """The pay items are right; it may go to Xero now.

        :raises UserError: no manager has approved it yet
        """
        self._check_payroll()
        waiting = self.filtered(lambda timesheet: timesheet.state == "draft")[:1]
        if waiting:
            raise UserError(self.env._("%s waits for its manager's approval.", waiting.display_name))
        self._move("manager_approved", "payroll_approved")

    def action_reopen(self):
        """Back to draft: what is in Xero stays there until the timesheet is approved and sent anew.

        :raises UserError: Xero has paid it, or it is on its way there
        """
        if any(timesheet.state in ("payroll_approved", "pushed") for timesheet in self):
            self._check_payroll()
        else:
            self._check_manager()
        self._check_unpaid()
        self._check_not_on_its_way()
        sent = self.filtered(lambda timesheet: timesheet.state != "draft")
        sent.sudo().filtered("by_hand").sent_lines = False
        sent.sudo().write({"state": "draft", "by_hand": False})
        self.env["xero.link"].sudo()._mark_changed(self._name, sent.ids)

    # === RIGHTS === #

    def _check_manager(self):
        """Who approves time: the employee's manager, a payroll administrator in his stead; nobody one's own."""
        self.check_access("write")
        self._check_not_own()
        user = self.env.user
        for employee in self.sudo().employee_id:
            if employee.parent_id.user_id != user and not user.has_group(PAYROLL_ADMIN):
                raise AccessError(self.env._("Only the manager of %s approves this time.", employee.name))

    def _check_payroll(self):
        """Who approves pay items: payroll users, others' only."""
        self.check_access("write")
        user = self.env.user
        if not user.has_group(PAYROLL_USER):
            raise AccessError(self.env._("Only payroll users approve pay items."))
        self._check_not_own()

    def _check_not_own(self):
        if self.env.user in self.sudo().employee_id.user_id:
            raise AccessError(self.env._("Nobody approves his own time."))

    def _check_unpaid(self):
        for timesheet in self:
            if timesheet.sudo().xero_status == PAID:
                raise UserError(
                    self.env._(
                        "%s is paid in Xero and stays as it was paid. Change the hours where they were entered, then "
                        "bring in hours: the difference goes to the next pay period.",
                        timesheet.display_name,
                    )
                )

    # === HELPERS === #

    def _move(self, state, new):
        self.filtered(lambda timesheet: timesheet.state == state).sudo().write({"state": new})
