"""What Xero says of an order's invoices comes back to the order (INV-20, ORD-05)."""

import itertools

from odoo.tests import tagged

from .common import SaleCase

STATES = ("draft", "unpaid", "partial", "paid", "cancelled", False)


@tagged("post_install", "-at_install")
class TestSalePayments(SaleCase):
    def setUp(self):
        super().setUp()
        # Invoiced when it is delivered
        self.later = self.new_product("Nails", invoice_policy="delivery")

    def test_paid_in_xero_paid_on_the_order(self):
        # INV-20
        self.connection.push_status_invoice = "draft"
        order = self.order()
        self.assertEqual((order.xero_payment_state, order.xero_amount_due), (False, 0.0))
        move = self.bill_order(order)
        self.assertFalse(order.xero_payment_state)
        self.push(order)
        self.assertEqual((order.xero_payment_state, order.xero_amount_due), ("draft", 110.0))
        self.call_xero("POST", "/Invoices", {"InvoiceID": move.xero_link_id.xero_id, "Status": "AUTHORISED"})
        self.pull()
        self.assertEqual((order.xero_payment_state, order.xero_amount_due), ("unpaid", 110.0))
        self.pay_in_xero(move, 40)
        self.pull()
        self.assertEqual((order.xero_payment_state, order.xero_amount_due), ("partial", 70.0))
        self.pay_in_xero(move, 70)
        self.pull()
        self.assertEqual((order.xero_payment_state, order.xero_amount_due), ("paid", 0.0))
        self.assertEqual((order.invoice_status, move.payment_state), ("invoiced", "paid"))
        self.assertBooksAgree()

    def test_voided_in_xero(self):
        order = self.order()
        move = self.bill_order(order)
        self.push(order)
        self.call_xero("POST", "/Invoices", {"InvoiceID": move.xero_link_id.xero_id, "Status": "VOIDED"})
        self.pull()
        self.assertEqual((order.xero_payment_state, order.xero_amount_due), ("cancelled", 0.0))

    def test_paid_means_all_of_it(self):
        order = self.order([(1, 100.0), {"product_id": self.later.id, "product_uom_qty": 1, "price_unit": 100.0}])
        first = self.bill_order(order)
        self.push(order)
        self.pay_in_xero(first, 110)
        self.pull()
        self.assertEqual(order.xero_payment_state, "paid")
        order.order_line[1].qty_delivered = 1
        rest = self.bill_order(order)
        # Posted, and not in Xero yet.
        self.assertEqual((order.xero_payment_state, order.xero_amount_due), ("partial", 0.0))
        self.push(rest)
        self.assertEqual((order.xero_payment_state, order.xero_amount_due), ("partial", 110.0))
        self.pay_in_xero(rest, 110)
        self.pull()
        self.assertEqual(order.xero_payment_state, "paid")

    def test_a_credit_note_is_no_invoice(self):
        order = self.order()
        move = self.bill_order(order)
        self.push(order)
        credit = move._reverse_moves([{"invoice_date": move.invoice_date}])
        credit.action_post()
        self.push(order)
        self.assertEqual(credit.xero_state, "synced")
        self.assertFalse(credit.xero_payment_state)
        self.assertEqual(order.xero_payment_state, "unpaid")

    def test_search_finds_what_is_shown(self):
        # ORD-05: every pair of states of two invoices
        orders = self.env["sale.order"]
        for states in itertools.combinations_with_replacement(STATES, 2):
            order = self.order([(1, 10.0), {"product_id": self.later.id, "product_uom_qty": 1, "price_unit": 10.0}])
            moves = self.bill_order(order)
            order.order_line[1].qty_delivered = 1
            moves |= self.bill_order(order)
            for move, state in zip(moves, states, strict=True):
                self.told(move, state)
            orders |= order
        orders |= self.order() | self.order(confirm=False)
        by_state = {state: self.found(orders, "=", state) for state in STATES}
        for state, some in by_state.items():
            self.assertEqual(set(some.mapped("xero_payment_state")), {state})
        self.assertEqual(sum(map(len, by_state.values())), len(orders))
        both = by_state["unpaid"] | by_state["partial"]
        self.assertEqual(self.found(orders, "in", ["unpaid", "partial"]), both.sorted())
        self.assertEqual(self.found(orders, "!=", "paid"), (orders - by_state["paid"]).sorted())

    def found(self, orders, operator, value):
        return orders.search([("id", "in", orders.ids), ("xero_payment_state", operator, value)])

    def told(self, move, state):
        """Let the link of `move` say what Xero would have said."""
        if not state:
            return
        statuses = {"draft": "DRAFT", "paid": "PAID", "cancelled": "VOIDED"}
        link = self.link(self.connection, "invoice", move, f"{move.id:032d}")
        link.xero_status = statuses.get(state, "AUTHORISED")
        link.figures = {"AmountPaid": 5.0 if state == "partial" else 0.0}
        self.assertEqual(move.xero_payment_state, state)
