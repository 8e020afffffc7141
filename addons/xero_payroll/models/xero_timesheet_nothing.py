"""Who is paid nothing in a pay period: payroll says so, or nobody could be ready."""

from odoo import api, models


class XeroTimesheet(models.Model):
    _inherit = "xero.timesheet"

    @api.model
    def _pay_nothing(self, employees, calendar, first, last):
        """Approved timesheets without hours; who said so stands in their history.

        :raises AccessError: the user is no payroll user, or one of `employees`
        """
        period = {"calendar_id": calendar.id, "date_from": first, "date_to": last}
        timesheets = self.sudo().create(
            [{**period, "employee_id": employee.id, "company_id": employee.company_id.id} for employee in employees]
        )
        timesheets.sudo(False)._check_payroll()
        timesheets.write({"state": "payroll_approved"})
        for timesheet in timesheets:
            timesheet.message_post(
                body=self.env._("%s: there is nothing to pay in this period.", self.env.user.name),
                author_id=self.env.user.partner_id.id,
            )

    def _is_nothing(self):
        """Whether it is approved that there is nothing to pay, and never was anything in Xero."""
        self.ensure_one()
        return self.state == "payroll_approved" and not self.line_ids and not self.xero_link_id.xero_id
