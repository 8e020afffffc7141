"""Journal items: a posted line that changes is a change of its document."""

from odoo import api, models

from ..datasets.allocation import RECONCILABLE

REFUNDS = ("out_refund", "in_refund")
# Amounts of a draft: who types in its taxes edits it.
SENT_FIELDS = {
    "name",
    "account_id",
    "partner_id",
    "currency_id",
    "amount_currency",
    "balance",
    "debit",
    "credit",
    "product_id",
    "quantity",
    "price_unit",
    "discount",
    "tax_ids",
    "analytic_distribution",
}


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS account
        lines = super().create(vals_list)
        lines.move_id._xero_line_changed()
        return lines

    def write(self, vals):
        # EXTENDS account
        result = super().write(vals)
        if SENT_FIELDS & vals.keys():
            self.move_id._xero_line_changed()
        return result

    def unlink(self):
        # EXTENDS account
        moves = self.move_id
        result = super().unlink()
        moves.exists()._xero_line_changed()
        return result

    # === BUSINESS === #

    @api.model
    def _reconcile_plan_with_sync(self, plan_list, all_amls):
        # EXTENDS account
        result = super()._reconcile_plan_with_sync(plan_list, all_amls)
        all_amls._xero_settlement_changed(by_person=True)
        return result

    def _xero_settlement_changed(self, by_person=False):
        """These were reconciled, or are no longer: what pays or is credited with them is another for Xero.

        :param by_person: the user has settled something, and does not approve that himself
        """
        if self.env.context.get("xero_no_echo"):
            return
        lines = self.sudo().filtered(lambda line: line.account_type in RECONCILABLE)
        lines.payment_id._xero_settlement_changed(by_person)
        lines.statement_line_id._xero_settlement_changed(by_person)
        lines.move_id.filtered(lambda move: move.move_type in REFUNDS)._xero_settlement_changed()

    @api.model
    def _prepare_reconciliation_amls(self, values_list, shadowed_aml_values=None):
        # EXTENDS account: two lines are reconciled with the amount that Xero has allocated, not with all that is open
        line_ids, amount = self.env.context.get("xero_reconcile") or ((), 0.0)
        if {values["aml"].id for values in values_list} != set(line_ids):
            return super()._prepare_reconciliation_amls(values_list, shadowed_aml_values)
        rests = [values["aml"]._xero_keep_back(values, amount) for values in values_list]
        results, settled = super()._prepare_reconciliation_amls(values_list, shadowed_aml_values)
        for values, rest in zip(values_list, rests, strict=True):
            for name, kept in rest.items():
                values[name] += kept
            if rest:
                settled.discard(values["aml"].id)
        return results, settled

    def _xero_keep_back(self, values, amount):
        """Leave `amount` of the line's currency in `values`; what was taken out of them by name."""
        open_amount = values["amount_residual_currency"]
        if self.currency_id.compare_amounts(abs(open_amount), amount) <= 0:
            return {}
        share = amount / abs(open_amount)
        kept = {
            "amount_residual_currency": open_amount - self.currency_id.round(open_amount * share),
            "amount_residual": values["amount_residual"]
            - self.company_currency_id.round(values["amount_residual"] * share),
        }
        for name, value in kept.items():
            values[name] -= value
        return kept
