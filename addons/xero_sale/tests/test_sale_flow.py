"""From the order to Xero: confirmed, invoiced, posted, there (ORD-01, ORD-02, INV-19)."""

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SaleCase


@tagged("post_install", "-at_install")
class TestSaleFlow(SaleCase):
    maxDiff = None

    def test_an_order_that_is_invoiced_arrives_by_itself(self):
        # ORD-01, INV-19
        self.send_when_posted()
        order = self.order()
        self.work(self.connection)
        self.assertFalse(self.xero.count("PUT /Invoices"))
        move = self.bill_order(order, post=False)
        self.work(self.connection)
        self.assertFalse(self.xero.count("PUT /Invoices"))
        move.action_post()
        self.work(self.connection)
        self.assertAgrees(move)
        self.assertEqual(order.xero_payment_state, "unpaid")

    def test_who_sells_triggers_it_without_rights_to_xero(self):
        self.send_when_posted()
        seller = self.new_user("s_seller", "sales_team.group_sale_salesman", "account.group_account_invoice")
        order = self.order(user_id=seller.id)
        self.bill_order(order.with_user(seller)).with_user(seller)
        self.work(self.connection)
        self.assertAgrees(order.invoice_ids)

    def test_lines_customer_taxes_and_shipping(self):
        # ORD-02, INV-11, INV-12: golden
        shipping = self.new_product("Delivery", type="service", xero_sales_account_id=self.account("260").id)
        person = self.env["res.partner"].create({"name": "Jo", "parent_id": self.partner.id, "type": "invoice"})
        order = self.order(
            [
                {"display_type": "line_section", "name": "Materials"},
                {"name": "Timber, planed", "product_uom_qty": 4, "price_unit": 12.5, "discount": 10},
                {"name": "Export pallet", "product_uom_qty": 1, "price_unit": 30, "tax_ids": [Command.clear()]},
                {"display_type": "line_note", "name": "Before noon"},
                {"product_id": shipping.id, "name": "Carriage", "product_uom_qty": 1, "price_unit": 15},
            ],
            partner_invoice_id=person.id,
            client_order_ref="PO-4711",
        )
        move = self.bill_order(order)
        self.push(order)
        item = self.assertAgrees(move)
        self.assertEqual(item["Contact"]["ContactID"], self.partner.xero_link_id.xero_id)
        self.assertEqual((item["Type"], item["Reference"], item["Total"]), ("ACCREC", "PO-4711", 96.0))
        keys = ("Description", "Quantity", "UnitAmount", "DiscountRate", "LineAmount", "TaxType", "AccountCode")
        lines = [{key: line[key] for key in keys if key in line} for line in item["LineItems"]]
        sold = {"Quantity": 4.0, "UnitAmount": 12.5, "DiscountRate": 10.0, "LineAmount": 45.0, "TaxType": "OUTPUT"}
        free = {"Quantity": 1.0, "UnitAmount": 30.0, "LineAmount": 30.0, "TaxType": "BASEXCLUDED"}
        sent = {"Quantity": 1.0, "UnitAmount": 15.0, "LineAmount": 15.0, "TaxType": "OUTPUT"}
        self.assertEqual(
            lines,
            [
                {"Description": "Materials"},
                {"Description": "Timber, planed", **sold, "AccountCode": "200"},
                {"Description": "Timber\nExport pallet", **free, "AccountCode": "200"},
                {"Description": "Before noon"},
                {"Description": "Delivery\nCarriage", **sent, "AccountCode": "260"},
            ],
        )

    def test_the_order_is_the_reference_of_a_customer_who_has_none(self):
        order = self.order()
        self.bill_order(order)
        self.push(order)
        self.assertEqual(self.in_xero(order.invoice_ids)["Reference"], order.name)

    def test_a_down_payment_and_the_rest(self):
        order = self.order([(3, 33.35), (1, 12.1)])
        first = self.bill_order(order, advance_payment_method="percentage", amount=30)
        rest = self.bill_order(order)
        self.push(order)
        for move in first | rest:
            self.assertAgrees(move)
        totals = sum(self.in_xero(move)["Total"] for move in first | rest)
        self.assertAlmostEqual(totals, order.amount_total, places=6)

    def test_one_invoice_of_several_orders(self):
        orders = self.order() | self.order([(2, 50.0)])
        move = self.bill_order(orders)
        self.assertEqual(len(move), 1)
        self.push(orders)
        self.assertAgrees(move)
        self.assertEqual(self.xero.count("PUT /Invoices"), 1)
        self.assertEqual(orders.mapped("xero_payment_state"), ["unpaid", "unpaid"])

    def test_nothing_to_send(self):
        order = self.order()
        for prepare in (lambda: None, lambda: self.bill_order(order, post=False)):
            prepare()
            with self.assertRaisesRegex(UserError, "no posted invoice"):
                self.push(order)

    def test_sent_from_the_order(self):
        order = self.order()
        move = self.bill_order(order)
        action = self.push(order)
        self.assertIn(move.name, action["params"]["message"])
        self.assertEqual((order.xero_payment_state, order.xero_amount_due), ("unpaid", 110.0))
        self.assertEqual(move.invoice_date, fields.Date.today())
