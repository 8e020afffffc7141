"""Lines of bank statements: refused where Xero keeps the bank account, else what they pay goes to Xero."""

from odoo import api, models
from odoo.exceptions import UserError

from .xero_money_mixin import TO_XERO

SENT_FIELDS = {"date", "amount", "payment_ref", "journal_id"}


class AccountBankStatementLine(models.Model):
    _name = "account.bank.statement.line"
    _inherit = ["account.bank.statement.line", "xero.money.mixin"]

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

    def write(self, vals):
        # EXTENDS account
        result = super().write(vals)
        if SENT_FIELDS & vals.keys():
            self._xero_after_edit()
            self._xero_settlement_changed()
        return result

    def _xero_dataset_key(self):
        # EXTENDS xero.mixin: what it has not paid itself is the payment's that it confirms
        line = self.sudo()
        connection = self.env["xero.connection"]._for_company(self._xero_company())
        if connection.payment_direction not in TO_XERO:
            return None
        return "payment" if line.move_id._get_reconciled_invoices() or line.xero_link_ids else None

    def _xero_settlement_changed(self, by_person=False):
        """What these lines pay is another now (B19, B23).

        :param by_person: the user has reconciled them
        """
        if not self.env.context.get("xero_no_echo"):
            self.sudo().filtered(lambda line: line._xero_dataset_key())._xero_settled_anew(by_person)

    def _xero_check_push(self):
        # OVERRIDE xero.mixin: who does the invoicing writes the entry of a line, the line only who keeps the bank
        self.check_access("read")
        self.move_id.check_access("write")

    def _xero_content(self):
        # EXTENDS xero.money.mixin
        names = ["date", "amount", "payment_ref"]
        return {**super()._xero_content(), **{name: str(self[name] or "") for name in names}}
