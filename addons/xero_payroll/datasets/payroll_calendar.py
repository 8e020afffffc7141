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
    def _store(self, items):
        # EXTENDS xero.dataset.reference: pay runs that came in before their calendar pay its periods now
        counts = super()._store(items)
        calendars = self._rows_by_id(self._odoo_model)
        unknown = [("calendar_id", "=", False), ("calendar_xero_id", "in", list(calendars))]
        runs = self.env["xero.pay.run"].sudo().search([*self._row_domain(), *unknown])
        for run in runs:
            run.calendar_id = calendars[run.calendar_xero_id]
        runs._settle()
        return counts

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
