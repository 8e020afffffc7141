"""Bank statements: refused where Xero keeps the bank account."""

from odoo import api, models
from odoo.exceptions import UserError


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS account: the same money would be booked twice (B21)
        lines = super().create(vals_list)
        for journal in lines.journal_id:
            connection = self.env["xero.connection"]._for_company(journal.company_id)
            mapped = journal.sudo().xero_account_id
            if (
                mapped
                and journal.xero_bank_owner == "xero"
                and mapped.connection_id == connection
                and connection.enabled
            ):
                raise UserError(
                    self.env._(
                        "The bank account of %(journal)s is kept in Xero, and its payments come from there: a bank "
                        "statement here would book the same money twice. Set “Bank Statements in” of the journal to "
                        "Odoo first.",
                        journal=journal.display_name,
                    )
                )
        return lines
