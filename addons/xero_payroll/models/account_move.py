"""Entries of pay runs, once the pay runs are gone with their connection."""

from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    xero_pay_run = fields.Char(
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=fields.NO_ACCESS,
        help="Xero ID of the pay run that it booked when the connection was deleted; of earlier ones only that it did.",
    )
