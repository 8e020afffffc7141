"""Pay runs as they are in Xero."""

from odoo import Command, api, fields, models

from odoo.addons.xero_connector.datasets.problem import Problem

from ..datasets.timesheet import FINAL
from .xero_connection_wages import ACCOUNTS

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
    employer_tax = fields.Monetary("Employer's Tax", readonly=True)
    benefits = fields.Monetary("Employer's Contributions", readonly=True)
    net_pay = fields.Monetary(readonly=True, help="Reimbursements come on top.")
    payslip_ids = fields.One2many("xero.payslip", "pay_run_id", readonly=True)
    move_id = fields.Many2one(
        "account.move", "Entry", readonly=True, index="btree_not_null", help="It was posted in Xero: never sent there."
    )

    _xero_unique = models.Constraint("UNIQUE(connection_id, tenant_id, xero_id)", "This pay run is here already.")

    @api.depends("calendar_id", "period_start", "period_end")
    def _compute_display_name(self):
        for run in self:
            run.display_name = " ".join(
                filter(None, (run.calendar_id.name, f"{run.period_start or ''} – {run.period_end or ''}"))
            )

    # === BUSINESS === #

    def _after_import(self):
        """What follows when a pay run came in: its entry in the books.

        :return: a Problem for people, or ``None``
        """
        self.ensure_one()
        connection = self.connection_id
        wanted = connection.wages_entry and connection.wages_posted_by == "xero" and self.status == "POSTED"
        if not wanted or self.move_id or not self.payment_date or self.payment_date < connection.wages_entry_from:
            return None
        lines = connection._wages_lines(self)
        missing = [ACCOUNTS[field] for field, _amount in lines if not connection[field]]
        if missing:
            return Problem("wages_account_missing", run=self.display_name, accounts=", ".join(missing))
        if not self.currency_id.is_zero(sum(amount for _field, amount in lines)):
            return Problem("wages_not_balanced", run=self.display_name)
        self._book(lines)
        return None

    def _settle(self):
        """What follows for the hours that a posted run paid, or did not."""
        posted = self.filtered(lambda run: run.status == "POSTED")
        posted._settle_templates()
        posted._settle_timesheets()

    def _settle_timesheets(self):
        """Have the timesheets read again that a posted run has left out: nobody has paid them."""
        for run in self:
            sheets = run._sheets()
            links = self.env["xero.link"]._of(sheets, run.connection_id, "timesheet")
            left_out = links.filtered(lambda link: link.xero_id and link.xero_status not in FINAL)
            if left_out and run.connection_id._dataset("timesheet")._is_pulled():
                left_out.write({"pull_hash": False})
                schedule = run.connection_id._schedule("timesheet")
                run.connection_id._queue_pull(schedule, "schedule", everything=True)

    def _sheets(self):
        """Timesheets of the period that this run pays."""
        own = [("calendar_id", "=", self.calendar_id.id), ("date_from", "=", self.period_start)]
        return self.env["xero.timesheet"].search(own)

    def _settle_templates(self):
        """What went to the pay templates of a posted run is paid: later changes go to the next period."""
        for run in self:
            sheets = run._sheets()
            for link in self.env["xero.link"]._of(sheets, run.connection_id, "pay_template"):
                again = sheets.browse(link.res_id)._stand_as_paid()
                link.write({"xero_status": "PROCESSED", **({"state": "synced"} if again else {})})

    def _book(self, lines):
        """One draft entry; its lines say what they are, and of nobody in particular."""
        connection = self.connection_id
        self.move_id = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": connection.wages_journal_id.id,
                "date": self.payment_date,
                "ref": self.env._("Pay run %s", self.display_name),
                "line_ids": [
                    Command.create(
                        {
                            "account_id": connection[field].id,
                            "name": ACCOUNTS[field],
                            "debit": max(amount, 0.0),
                            "credit": max(-amount, 0.0),
                            "tax_ids": False,
                        }
                    )
                    for field, amount in lines
                ],
            }
        )
