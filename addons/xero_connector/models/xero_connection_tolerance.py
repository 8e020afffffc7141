"""How far apart the amounts of one payment may be in Odoo and in Xero (PAY-22)."""

from odoo import fields, models

from ..datasets.amounts import decimal


class XeroConnection(models.Model):
    _inherit = "xero.connection"

    reconcile_tolerance = fields.Float(
        "Payments may differ by",
        digits=(8, 2),
        help="A payment that was entered on both sides counts as the same one when the amounts differ by this at most, "
        "in the document's currency. A larger difference is a question to somebody.",
    )
    reconcile_tolerance_percent = fields.Float(
        "or by (%)", digits=(5, 2), help="Of Odoo's amount; the larger of both limits counts."
    )

    _reconcile_tolerance_range = models.Constraint(
        "CHECK(reconcile_tolerance >= 0 AND reconcile_tolerance_percent >= 0 AND reconcile_tolerance_percent <= 10)",
        "A tolerance is not negative, and at most 10 %.",
    )

    def _same_money(self, ours, theirs):
        """Whether two amounts (Decimal, of one currency) can be those of one payment."""
        self.ensure_one()
        share = decimal(abs(ours) * decimal(self.reconcile_tolerance_percent) / 100)
        return abs(ours - theirs) <= max(decimal(self.reconcile_tolerance), share)
