"""Who is paid nothing in a pay period: payroll says so, or nobody could be ready."""

from odoo import api, models


class XeroTimesheet(models.Model):
    _inherit = "xero.timesheet"

    @api.model
    def _pay_nothing(self, employees, calendar, first, last):
        """Approved timesheets without hours; who said so stands in their history.

        :raises AccessError: the user is no payroll user, or one of `employees`
        """
        timesheets = self._begin(employees, calendar, first, last)
        timesheets.sudo(False)._check_payroll()
        timesheets.write({"state": "payroll_approved"})
        for timesheet in timesheets:
            timesheet.message_post(
                body=self.env._("%s: there is nothing to pay in this period.", self.env.user.name),
                author_id=self.env.user.partner_id.id,
            )

    @api.model
    def _enter_by_hand(self, connection, employees, calendar, first, last):
        """Remember that payroll has entered all hours of people who have left in Xero: none of them is late any more.

        :raises AccessError: as :meth:`_pay_nothing`
        :raises UserError: a timesheet of the period is paid in Xero, or on its way there
        """
        timesheets = self._of_period(employees, first, last)
        timesheets |= self._begin(employees - timesheets.employee_id, calendar, first, last)
        timesheets.sudo(False)._check_payroll()
        timesheets._check_unpaid()
        timesheets._check_not_on_its_way()
        timesheets.write({"state": "draft"})
        lines = self._collected_lines(connection, calendar.sudo(), employees.sudo(), first, last)
        for timesheet in timesheets:
            timesheet._replace_collected(lines.get(timesheet.employee_id, []))
            timesheet._keep_sent(timesheet.line_ids.filtered(lambda line: line.pay_item_id.kind != "leave"))
            timesheet.write({"state": "pushed", "by_hand": not timesheet.xero_link_id.xero_id})
            timesheet._xero_enter_by_hand("timesheet_by_hand")
            timesheet.message_post(
                body=self.env._(
                    "%(user)s: all %(hours)s hours are entered in Xero.", user=self.env.user.name, hours=timesheet.total
                ),
                author_id=self.env.user.partner_id.id,
            )

    def _is_nothing(self):
        """Whether it is approved that there is nothing to pay, and never was anything in Xero."""
        self.ensure_one()
        return self.state == "payroll_approved" and not self.line_ids and not self.xero_link_id.xero_id
