"""Payroll calendars of Xero: how often people are paid, and which period a day belongs to."""

from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain

from .. import periods

TYPES = [
    ("WEEKLY", "Weekly"),
    ("FORTNIGHTLY", "Fortnightly"),
    ("FOURWEEKLY", "Four-weekly"),
    ("MONTHLY", "Monthly"),
    ("TWICEMONTHLY", "Twice a month"),
    ("QUARTERLY", "Quarterly"),
    ("ANNUAL", "Yearly"),
]


class XeroPayrollCalendar(models.Model):
    """One payroll calendar; never made or changed from here (PRL-21)."""

    _name = "xero.payroll.calendar"
    _description = "Xero Payroll Calendar"
    _order = "name, id"
    _check_company_domain = models.check_company_domain_parent_of  # a branch may use its parent's (B12)

    connection_id = fields.Many2one("xero.connection", required=True, ondelete="cascade", index=True, readonly=True)
    company_id = fields.Many2one(related="connection_id.company_id", store=True, index=True)
    tenant_id = fields.Char(required=True, readonly=True)
    xero_id = fields.Char("Xero ID", required=True, readonly=True)
    name = fields.Char(required=True, readonly=True)
    calendar_type = fields.Selection(TYPES, readonly=True)
    start_date = fields.Date("Period Start", readonly=True, help="First day of the period that is paid next.")
    payment_date = fields.Date(readonly=True, help="When that period is paid.")
    active = fields.Boolean(default=True, readonly=True)

    _xero_unique = models.Constraint(
        "UNIQUE(connection_id, tenant_id, xero_id)", "This payroll calendar is here already."
    )

    # === BUSINESS === #

    def _period(self, day):
        """First and last day of the period that `day` lies in.

        :param day: date
        :return: ``(first, last)``; ``None`` when the calendar has no start date or no known type
        """
        self.ensure_one()
        if not self.start_date or self.calendar_type not in periods.KINDS:
            return None
        return periods.period(self.calendar_type, self.start_date, day)

    def _open_from(self):
        """First day that is not paid: of the period that is paid next, as far as calendar and pay runs say."""
        self.ensure_one()
        runs = self.env["xero.pay.run"].sudo()
        runs = runs.search(runs._settling(self) & Domain("period_end", ">=", self.start_date))
        if not runs:
            return self.start_date
        return self._period(max(runs.mapped("period_end")))[1] + timedelta(days=1)

    def _payment_day(self, day):
        """When the period that `day` lies in is paid: as long after its end as Xero says of the next one."""
        current = self._period(day)
        if not current or not self.payment_date:
            return None
        return current[1] + (self.payment_date - self._period(self.start_date)[1])
