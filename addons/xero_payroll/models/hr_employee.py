"""Employees: what Xero's payroll knows of them."""

from odoo import fields, models
from odoo.exceptions import AccessError

from odoo.addons.xero_connector.datasets.problem import Problem

from ..datasets.employee import TERMINATED
from .xero_payroll_mixin import PAYROLL_USER, READERS

PAID_FROM = [("timesheet", "Timesheets"), ("template", "Pay template: a salary")]


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
        "xero.pay.item", "Ordinary Earnings", readonly=True, copy=False, check_company=True, groups=PAYROLL_USER
    )
    xero_pay_item_ids = fields.Many2many(
        "xero.pay.item", string="Pay Items in Xero", readonly=True, copy=False, groups=PAYROLL_USER
    )
    xero_employment = fields.Char("Employment in Xero", readonly=True, copy=False, groups=READERS)
    xero_paid_from = fields.Selection(
        PAID_FROM,
        "Paid from",
        copy=False,
        groups=PAYROLL_USER,
        help="Ordinary hours of whoever is paid from the pay template are not sent.",
    )
    xero_told_from = fields.Selection(
        PAID_FROM, "Paid from, says Xero", readonly=True, copy=False, groups=PAYROLL_USER, help="As it was read last."
    )
    xero_annual_salary = fields.Monetary(
        "Annual Salary in Xero", readonly=True, copy=False, currency_field="currency_id", groups=PAYROLL_USER
    )
    xero_ni_category = fields.Selection(
        [(letter, letter) for letter in "ABCDEFHIJKLMNSVXZ"],
        "National Insurance Category",
        copy=False,
        groups=PAYROLL_USER,
        help="New employees in the United Kingdom need one; later it is changed in Xero.",
    )
    xero_show_balance = fields.Boolean(
        "Sees own leave balance", groups=READERS, help="Off: only managers and payroll see it."
    )
    xero_balance_ids = fields.One2many("xero.leave.balance", "employee_id", groups=READERS)

    def _xero_wants_note(self):
        # EXTENDS xero.mixin: employees come from Xero, they are not sent there (XQ-34)
        return False

    # === BUSINESS === #

    def _xero_template_hours(self):
        """``{earnings rate: hours}`` that Odoo has put into the employee's pay template."""
        self.ensure_one()
        connection = self.env["xero.connection"].sudo()._for_company(self.company_id)
        if connection.payroll_push_target != "pay_template":
            return {}
        return self.env["xero.pay.template"]._of(self, connection)._hours()

    def _xero_salary_covers(self, pay_item):
        """Whether hours under `pay_item` are paid with the salary (books B27)."""
        self.ensure_one()
        return self.xero_paid_from == "template" and pay_item in self._xero_ordinary()

    def _xero_ordinary(self):
        """Pay items of ordinary hours: what Xero says of the employee, and what the company pays all hours under."""
        self.ensure_one()
        connection = self.env["xero.connection"].sudo()._for_company(self.company_id)
        return self.xero_earnings_rate_id | connection.rate_map_ids.filtered(lambda row: not row.kind_ref).pay_item_id

    def _xero_follow_pay(self, told):
        """Values when Xero says what the employee is paid from: nothing while it says the same as before.

        What somebody chose before Xero had said anything stays, too, and is a question.
        """
        self.ensure_one()
        chosen = self.xero_paid_from not in (False, told, self.xero_told_from)
        if not told or told == self.xero_told_from or chosen:
            return {}
        return {"xero_paid_from": told, "xero_told_from": told}

    def _xero_pay_problem(self, told):
        """A Problem when somebody has chosen otherwise than Xero says, ``None`` when not."""
        self.ensure_one()
        if not told or told == self.xero_told_from:
            return None
        return Problem("paid_from_differs", employee=self.name)

    # === ACTIONS === #

    def action_xero_clear_link(self):
        """Forget which person in Xero this employee is; the next import looks for him anew (XW-16).

        Whom an import has archived at the end of an employment works here again.
        """
        self.ensure_one()
        if not self.env.user.has_group(PAYROLL_USER):
            raise AccessError(self.env._("Only payroll users may clear the Xero link of an employee."))
        self.check_access("write")
        link = self.sudo().xero_link_id
        ended = link.xero_status == TERMINATED
        link._clear(self.display_name)
        for model in ("xero.leave.balance", "xero.pay.template"):
            self.env[model].sudo().search([("employee_id", "=", self.id)]).unlink()
        known = ("xero_calendar_id", "xero_earnings_rate_id", "xero_pay_item_ids", "xero_told_from")
        self.sudo().write(dict.fromkeys(known, False))
        if ended and not self.active:
            self.action_unarchive()
        return {"type": "ir.actions.client", "tag": "soft_reload"}
