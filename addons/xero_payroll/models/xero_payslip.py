"""Payslips: the totals of one employee in one pay run."""

from odoo import api, fields, models


class XeroPayslip(models.Model):
    """Totals only; the lines stay in Xero."""

    _name = "xero.payslip"
    _description = "Xero Payslip"
    _order = "pay_run_id desc, employee_id"

    pay_run_id = fields.Many2one("xero.pay.run", required=True, ondelete="cascade", index=True, readonly=True)
    company_id = fields.Many2one(related="pay_run_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    xero_id = fields.Char("Xero ID", required=True, readonly=True)
    employee_id = fields.Many2one("hr.employee", ondelete="restrict", index=True, readonly=True)
    employee_xero_id = fields.Char("Xero ID of the Employee", readonly=True, index="btree_not_null")
    employee_name = fields.Char(readonly=True, help="As on the payslip; for people who are not in Odoo.")
    wages = fields.Monetary(readonly=True)
    tax = fields.Monetary(readonly=True)
    super_amount = fields.Monetary("Superannuation", readonly=True)
    deductions = fields.Monetary(readonly=True)
    reimbursements = fields.Monetary(readonly=True)
    employer_tax = fields.Monetary(readonly=True)
    benefits = fields.Monetary(readonly=True)
    net_pay = fields.Monetary(readonly=True)

    _xero_unique = models.Constraint("UNIQUE(pay_run_id, xero_id)", "This payslip is here already.")

    @api.model
    def _link_people(self, connection, people):
        """Payslips that came in before it was known whose they are get their employees.

        :param people: ``{Xero id: id of the employee}``
        """
        own = [("pay_run_id.connection_id", "=", connection.id), ("employee_id", "=", False)]
        payslips = self.sudo().search([*own, ("employee_xero_id", "in", list(people))])
        for xero_id, theirs in payslips.grouped("employee_xero_id").items():
            theirs.employee_id = people[xero_id]
