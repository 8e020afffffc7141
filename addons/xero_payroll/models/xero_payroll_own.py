"""What payroll knows is of one company, too: nobody of another one is told a name by an id that he types in."""

from odoo import models


class XeroLeaveBalance(models.Model):
    _name = "xero.leave.balance"
    _inherit = ["xero.own", "xero.leave.balance"]


class XeroPayItem(models.Model):
    _name = "xero.pay.item"
    _inherit = ["xero.own", "xero.pay.item"]


class XeroPayRun(models.Model):
    _name = "xero.pay.run"
    _inherit = ["xero.own", "xero.pay.run"]


class XeroPayTemplate(models.Model):
    _name = "xero.pay.template"
    _inherit = ["xero.own", "xero.pay.template"]


class XeroPayrollCalendar(models.Model):
    _name = "xero.payroll.calendar"
    _inherit = ["xero.own", "xero.payroll.calendar"]


class XeroPayslip(models.Model):
    _name = "xero.payslip"
    _inherit = ["xero.own", "xero.payslip"]


class XeroRateMap(models.Model):
    _name = "xero.rate.map"
    _inherit = ["xero.own", "xero.rate.map"]


class XeroTimesheet(models.Model):
    _name = "xero.timesheet"
    _inherit = ["xero.own", "xero.timesheet"]


class XeroTimesheetLine(models.Model):
    _name = "xero.timesheet.line"
    _inherit = ["xero.own", "xero.timesheet.line"]
