"""Payroll calendars of Xero: how often people are paid, and which period a day belongs to."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

TYPES = [
    ("WEEKLY", "Weekly"),
    ("FORTNIGHTLY", "Fortnightly"),
    ("FOURWEEKLY", "Four-weekly"),
    ("MONTHLY", "Monthly"),
    ("TWICEMONTHLY", "Twice a month"),
    ("QUARTERLY", "Quarterly"),
    ("ANNUAL", "Yearly"),
]
WEEKS = {"WEEKLY": 1, "FORTNIGHTLY": 2, "FOURWEEKLY": 4}
MONTHS = {"MONTHLY": 1, "QUARTERLY": 3, "ANNUAL": 12}
HALF = 15  # days of the first period of a month that has two


class XeroPayrollCalendar(models.Model):
    """One payroll calendar; never made or changed from here (PRL-21)."""

    _name = "xero.payroll.calendar"
    _description = "Xero Payroll Calendar"
    _order = "name, id"

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
        if not self.start_date or self.calendar_type not in dict(TYPES):
            return None
        number = self._number(day)
        return self._start(number), self._start(number + 1) - timedelta(days=1)

    def _payment_day(self, day):
        """When the period that `day` lies in is paid: as long after its first day as Xero says of the next one."""
        period = self._period(day)
        if not period or not self.payment_date:
            return None
        if self.calendar_type in WEEKS:
            return period[0] + (self.payment_date - self.start_date)
        if self.calendar_type in MONTHS:
            months = self._number(day) * MONTHS[self.calendar_type]
            return self.payment_date + relativedelta(months=months)
        return period[0] + (self.payment_date - self.start_date)

    def _number(self, day):
        """Which period `day` lies in; 0 is the one that begins at the start date."""
        start = self.start_date
        if weeks := WEEKS.get(self.calendar_type):
            return (day - start).days // (7 * weeks)
        months = (day.year - start.year) * 12 + day.month - start.month
        number = 2 * months if self.calendar_type == "TWICEMONTHLY" else months // MONTHS[self.calendar_type]
        # The guess is right or next to right: a period begins later in some months than in others.
        while self._start(number) > day:
            number -= 1
        while self._start(number + 1) <= day:
            number += 1
        return number

    def _start(self, number):
        """First day of a period by its number."""
        if weeks := WEEKS.get(self.calendar_type):
            return self.start_date + timedelta(weeks=weeks * number)
        if self.calendar_type == "TWICEMONTHLY":
            months, half = divmod(number, 2)
            return self.start_date + relativedelta(months=months) + timedelta(days=HALF * half)
        return self.start_date + relativedelta(months=MONTHS[self.calendar_type] * number)

    @api.model
    def _default_of(self, connection, names):
        """The calendar that has one of these names (XW-13), empty when none has."""
        found = self.search([("connection_id", "=", connection.id), ("tenant_id", "=", connection.tenant_id)])
        return found.filtered(lambda calendar: calendar.name.strip().casefold() in names)[:1]
