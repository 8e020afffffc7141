"""Payroll calendars; read only."""

from odoo import api, models

from odoo.addons.xero_connector import values

from .. import periods


class XeroDatasetPayrollCalendar(models.AbstractModel):
    """Operations getPayrollCalendars (AU), getPayRunCalendars (NZ, UK); nothing is ever created there (PRL-21)."""

    _name = "xero.dataset.payroll_calendar"
    _inherit = ["xero.dataset.payroll", "xero.dataset.reference"]
    _description = "Xero Payroll Calendars"

    _key = "payroll_calendar"
    _xero_id = "PayrollCalendarID"
    _odoo_model = "xero.payroll.calendar"
    _scope = "payroll.settings"
    _pull_sequence = 205

    @api.model
    def _prepare_vals(self, item):
        kind = item.get("CalendarType")
        return {
            "xero_id": item["PayrollCalendarID"],
            "name": item.get("Name") or item["PayrollCalendarID"],
            "calendar_type": kind if kind in periods.KINDS else False,
            "start_date": values.parse_date(item.get("StartDate")) or False,
            "payment_date": values.parse_date(item.get("PaymentDate")) or False,
        }
