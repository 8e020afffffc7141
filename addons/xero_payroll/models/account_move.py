"""Journal entries: which of them are a pay run of Xero's."""

from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    xero_pay_run_id = fields.Many2one(
        "xero.pay.run",
        "Pay Run in Xero",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="xero_payroll.group_xero_payroll_user",
        help="It was posted there; this entry is never sent to Xero.",
    )
