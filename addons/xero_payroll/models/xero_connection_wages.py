"""The wages entry: a pay run that was posted in Xero as one journal entry in Odoo, where the company wants it (B26)."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

ACCOUNTS = {
    # field: label
    "wages_account_id": "Wages",
    "wages_super_account_id": "Superannuation and Employer's Contributions",
    "wages_reimbursement_account_id": "Reimbursements",
    "wages_employer_tax_account_id": "Employer's Tax",
    "wages_payable_account_id": "Wages Payable",
    "wages_tax_payable_account_id": "Tax Payable",
    "wages_super_payable_account_id": "Superannuation Payable",
    "wages_deduction_payable_account_id": "Deductions Payable",
}


def _account(label):
    return fields.Many2one("account.account", label, check_company=True)


class XeroConnection(models.Model):
    _inherit = "xero.connection"

    wages_posted_by = fields.Selection(
        [("xero", "Xero"), ("odoo", "Odoo")],
        "Wages are posted by",
        default="xero",
        required=True,
        help="Xero posts a journal with each pay run. Odoo: you book wages yourself, nothing comes from pay runs.",
    )
    wages_entry = fields.Boolean(
        "Book posted pay runs", help="Each pay run posted in Xero becomes one draft entry; it never goes to Xero."
    )
    wages_entry_from = fields.Date(
        "Pay Runs Paid From", help="Earlier pay runs are not booked; drafts of them are cancelled."
    )
    wages_journal_id = fields.Many2one("account.journal", check_company=True, domain="[('type', '=', 'general')]")
    wages_account_id = _account(ACCOUNTS["wages_account_id"])
    wages_super_account_id = _account(ACCOUNTS["wages_super_account_id"])
    wages_reimbursement_account_id = _account(ACCOUNTS["wages_reimbursement_account_id"])
    wages_employer_tax_account_id = _account(ACCOUNTS["wages_employer_tax_account_id"])
    wages_payable_account_id = _account(ACCOUNTS["wages_payable_account_id"])
    wages_tax_payable_account_id = _account(ACCOUNTS["wages_tax_payable_account_id"])
    wages_super_payable_account_id = _account(ACCOUNTS["wages_super_payable_account_id"])
    wages_deduction_payable_account_id = _account(ACCOUNTS["wages_deduction_payable_account_id"])

    @api.constrains("wages_entry", "wages_posted_by", "wages_journal_id", "wages_entry_from")
    def _check_wages_entry(self):
        for connection in self.filtered("wages_entry"):
            if connection.wages_posted_by == "odoo":
                raise ValidationError(self.env._("Where Odoo posts the wages, pay runs of Xero are not booked again."))
            if not connection.wages_journal_id or not connection.wages_entry_from:
                raise ValidationError(
                    self.env._("Choose the journal of wages, and the pay date from which on they are booked.")
                )

    def _wages_lines(self, run):
        """What a pay run is in the books.

        :param run: one ``xero.pay.run``
        :return: list of ``(field of the account, debit less credit in company currency)``, without zeros
        """
        self.ensure_one()
        region = self._payroll_region()
        withheld = run.employer_tax if region and region.taxes_contributions else 0.0
        amounts = [
            ("wages_account_id", run.wages),
            ("wages_super_account_id", run.super_amount + run.benefits),
            ("wages_reimbursement_account_id", run.reimbursements),
            ("wages_employer_tax_account_id", run.employer_tax - withheld),
            ("wages_tax_payable_account_id", -run.tax - run.employer_tax),
            ("wages_super_payable_account_id", withheld - run.super_amount - run.benefits),
            ("wages_deduction_payable_account_id", -run.deductions),
            ("wages_payable_account_id", -run.net_pay - run.reimbursements),
        ]
        currency = self.company_id.currency_id
        return [(field, currency.round(amount)) for field, amount in amounts if not currency.is_zero(amount)]
