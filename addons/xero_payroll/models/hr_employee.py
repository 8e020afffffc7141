"""Employees: what Xero's payroll knows of them."""

from odoo import fields, models

from .xero_payroll_mixin import PAYROLL_USER, READERS


class HrEmployee(models.Model):
    _name = "hr.employee"
    _inherit = ["hr.employee", "xero.payroll.mixin"]

    xero_calendar_id = fields.Many2one(
        "xero.payroll.calendar",
        "Payroll Calendar",
        readonly=True,
        copy=False,
        check_company=True,
        groups=READERS,
        help="As in Xero.",
    )
    xero_earnings_rate_id = fields.Many2one(
        "xero.pay.item", "Ordinary Earnings", readonly=True, copy=False, check_company=True, groups=READERS
    )
    xero_pay_item_ids = fields.Many2many(
        "xero.pay.item", string="Pay Items in Xero", readonly=True, copy=False, groups=READERS
    )
    xero_employment = fields.Char("Employment in Xero", readonly=True, copy=False, groups=READERS)
    xero_paid_from = fields.Selection(
        [("timesheet", "Timesheets"), ("template", "Pay template: a salary")],
        "Paid from",
        copy=False,
        groups=READERS,
        help="Ordinary hours of whoever is paid from the pay template are not sent.",
    )
    xero_annual_salary = fields.Monetary(
        "Annual Salary in Xero", readonly=True, copy=False, currency_field="currency_id", groups=PAYROLL_USER
    )
    xero_show_balance = fields.Boolean(
        "Sees own leave balance", groups=READERS, help="Off: only managers and payroll see it."
    )
    xero_balance_ids = fields.One2many("xero.leave.balance", "employee_id", groups=READERS)

    def _xero_dataset_key(self):
        # EXTENDS xero.mixin
        return "employee"
