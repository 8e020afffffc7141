"""Export Control tells of orders what their totals say: they are in no ledger (EXP-01)."""

from odoo.tests import tagged

from .common import PurchaseCase


@tagged("post_install", "-at_install")
class TestOrderBatches(PurchaseCase):
    def test_sums_equal_the_totals(self):
        dollar = self.env.ref("base.USD")
        self.env["res.currency.rate"].create(
            {"currency_id": dollar.id, "company_id": self.company.id, "name": "2026-11-01", "rate": 0.64}
        )
        orders = self.order([(1, 33.33)]) | self.order([(3, 19.99), (7, 0.03)])
        foreign = self.order([(1, 64.0)], currency_id=dollar.id)
        self.order(confirm=False)
        user = self.new_user("p_export", "xero_connector.group_xero_user", "purchase.group_purchase_user")
        with self.as_request(self.env["xero.run"], user) as current:
            current.action_export_control()
        batch = self.env["xero.run"].search(
            [("batch_kind", "=", "purchase_order"), ("company_id", "=", self.company.id)]
        )
        self.assertEqual(set(batch.document_ids.mapped("res_id")), set((orders | foreign).ids))
        self.assertEqual(foreign.amount_total, 70.4)
        self.assertAlmostEqual(batch.amount, sum(orders.mapped("amount_total")) + 110.0, places=2)
