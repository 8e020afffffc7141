"""Reconciliations that are undone: what they settled is open again."""

from odoo import models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    def unlink(self):
        # EXTENDS account
        lines = self.debit_move_id | self.credit_move_id
        result = super().unlink()
        lines.exists()._xero_settlement_changed()
        return result
