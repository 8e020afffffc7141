"""Pay runs as they are in Xero."""

from odoo import api, fields, models

STATUSES = [("DRAFT", "Draft"), ("POSTED", "Posted")]


class XeroPayRun(models.Model):
    """One pay run with the totals of all payslips; posted in Xero, read here."""

    _name = "xero.pay.run"
    _description = "Xero Pay Run"
    _order = "payment_date desc, id desc"

    connection_id = fields.Many2one("xero.connection", required=True, ondelete="cascade", index=True, readonly=True)
    company_id = fields.Many2one(related="connection_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    tenant_id = fields.Char(required=True, readonly=True)
    xero_id = fields.Char("Xero ID", required=True, readonly=True)
    calendar_id = fields.Many2one("xero.payroll.calendar", readonly=True)
    period_start = fields.Date(readonly=True)
    period_end = fields.Date(readonly=True)
    payment_date = fields.Date(readonly=True)
    status = fields.Selection(STATUSES, readonly=True)
    wages = fields.Monetary(readonly=True)
    tax = fields.Monetary(readonly=True)
    super_amount = fields.Monetary("Superannuation", readonly=True)
    deductions = fields.Monetary(readonly=True)
    reimbursements = fields.Monetary(readonly=True)
    employer_tax = fields.Monetary(readonly=True)
    benefits = fields.Monetary(readonly=True)
    net_pay = fields.Monetary(readonly=True)
    payslip_ids = fields.One2many("xero.payslip", "pay_run_id", readonly=True)

    _xero_unique = models.Constraint("UNIQUE(connection_id, tenant_id, xero_id)", "This pay run is here already.")

    @api.depends("calendar_id", "period_start", "period_end")
    def _compute_display_name(self):
        for run in self:
            run.display_name = " ".join(
                filter(None, (run.calendar_id.name, f"{run.period_start or ''} – {run.period_end or ''}"))
            )
