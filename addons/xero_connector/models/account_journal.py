"""Journals: the Xero account of a bank journal."""

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
