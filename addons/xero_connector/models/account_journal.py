"""Journals: the Xero account of a bank journal, and whose bank account it is."""

from odoo import fields, models


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
        default="xero",
        help="Xero: payments from Xero are booked straight to the bank account, statements are not imported here.\n"
        "Odoo: payments from Xero wait on the outstanding account for Odoo's own bank statement.",
    )

    def _xero_method_line(self, kind):
        """Payment method line for payments that come from Xero (B21).

        :param kind: ``inbound`` or ``outbound``
        """
        self.ensure_one()
        lines = self[f"{kind}_payment_method_line_ids"]
        if self.xero_bank_owner == "odoo":
            return lines.filtered(lambda line: line.payment_account_id != self.default_account_id)[:1] or lines[:1]
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
