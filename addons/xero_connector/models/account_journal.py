"""Journals: the Xero account of a bank journal, and whose bank account it is."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class AccountJournal(models.Model):
    _inherit = "account.journal"

    xero_account_id = fields.Many2one(
        "xero.account",
        "Xero Bank Account",
        check_company=True,
        copy=False,
        help="The bank account of Xero that this journal stands for.",
    )
    xero_bank_owner = fields.Selection(
        [("xero", "Xero"), ("odoo", "Odoo")],
        "Bank Statements in",
        compute="_compute_xero_bank_owner",
        store=True,
        readonly=False,
        help="Xero: payments from Xero are booked straight to the bank account, statements are not imported here.\n"
        "Odoo: payments from Xero wait on the outstanding account for Odoo's own bank statement.",
    )

    xero_send_entries = fields.Boolean(
        "Send to Xero",
        copy=False,
        help="Journal entries that people book in this journal go to Xero as manual journals. "
        "Entries of payments, bank statements, cash basis taxes, exchange differences and stock never do.",
    )

    @api.depends("xero_account_id")
    def _compute_xero_bank_owner(self):
        """A journal that has bank statements is Odoo's, unless somebody says otherwise."""
        for journal in self:
            journal.xero_bank_owner = journal.xero_bank_owner or ("odoo" if journal._xero_has_statements() else "xero")

    @api.constrains("xero_account_id", "xero_bank_owner")
    def _check_xero_bank_owner(self):
        for journal in self:
            if journal.xero_account_id and journal.xero_bank_owner == "xero" and journal._xero_has_statements():
                raise ValidationError(
                    self.env._(
                        "%s has bank statements in Odoo. Payments from Xero would book the same money again: keep its "
                        "bank statements in Odoo.",
                        journal.display_name,
                    )
                )

    def _xero_has_statements(self):
        self.ensure_one()
        lines = self.env["account.bank.statement.line"].sudo()
        return bool(self._origin.id and lines.search_count([("journal_id", "=", self._origin.id)], limit=1))

    def _xero_method_line(self, kind):
        """Payment method line for payments that come from Xero (B21).

        :param kind: ``inbound`` or ``outbound``
        """
        self.ensure_one()
        lines = self[f"{kind}_payment_method_line_ids"]
        if self.xero_bank_owner == "odoo":
            waiting = lines.filtered(lambda line: line.payment_account_id != self.default_account_id)[:1]
            if not waiting:
                raise UserError(
                    self.env._(
                        "Every payment method of %s books straight to the bank account: add one with an outstanding "
                        "account, for Odoo's own bank statements.",
                        self.display_name,
                    )
                )
            return waiting
        own = lines.filtered(lambda line: line.payment_account_id == self.default_account_id)[:1]
        if own:
            return own
        return self.env["account.payment.method.line"].create(
            {
                "name": self.env._("Xero"),
                "payment_method_id": self.env.ref(f"account.account_payment_method_manual_{kind[:-5]}").id,
                "journal_id": self.id,
                "payment_account_id": self.default_account_id.id,
                "sequence": 100,
            }
        )

    def _xero_outstanding_account(self, kind):
        """Account where a payment waits for its bank statement, as Odoo chooses it itself."""
        payment = self.env["account.payment"].new({"journal_id": self.id, "payment_type": kind})
        return payment._get_outstanding_account(kind)
