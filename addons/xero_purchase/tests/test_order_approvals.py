"""Nobody approves an order that he has edited himself (RUL-09, C.5)."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import PurchaseCase

BUYER = "purchase.group_purchase_user"


@tagged("post_install", "-at_install")
class TestOrderApprovals(PurchaseCase):
    def setUp(self):
        super().setUp()
        self.env["xero.approval.rule"].create({"company_id": self.company.id, "kind": "purchase_order"})
        self.env["xero.push.mode"]._create_missing(self.connection)
        self.clerk = self.new_user("p_clerk", "xero_connector.group_xero_user", BUYER)
        self.approver = self.new_user("p_approver", "xero_connector.group_xero_approver", BUYER)
        self.second = self.new_user("p_second", "xero_connector.group_xero_approver", BUYER)

    def approve(self, order, user):
        with self.as_request(order, user) as current:
            current.action_xero_approve()
        self.work(self.connection)

    def test_who_edited_it_does_not_approve(self):
        product = {"product_id": self.product.id, "product_qty": 1, "price_unit": 5, "tax_ids": [self.input.id]}
        edits = {
            "price": lambda order: order.order_line[0].write({"price_unit": 100000}),
            "vendor's reference": lambda order: order.write({"partner_ref": "Mine"}),
            "new line": lambda order: order.write({"order_line": [Command.create(product)]}),
            "line less": lambda order: order.order_line[1].write({"product_qty": 0}),
        }
        for name, edit in edits.items():
            with self.subTest(name):
                order = self.order([(1, 100.0), (1, 50.0)])
                self.push(order, self.clerk)
                self.approve(order, self.second)
                self.assertEqual(order.xero_state, "synced")
                with self.as_request(order, self.approver) as current:
                    edit(current)
                self.mode("scheduled", "purchase_order", last_start=False)
                self.schedules()
                self.assertEqual(order.xero_link_id.reason, "waiting_approval")
                with self.assertRaisesRegex(UserError, "yourself"):
                    self.approve(order, self.approver)
                self.approve(order, self.second)
                self.assertEqual(order.xero_state, "synced")

    def test_a_mixed_list_is_rejected_as_a_whole(self):
        self.env["xero.approval.rule"].create({"company_id": self.company.id, "kind": "bill"})
        order, bill = self.order(), self.invoice(move_type="in_invoice", ref="B-1")
        approver = self.new_user("p_both", "xero_connector.group_xero_approver", BUYER, "account.group_account_invoice")
        self.push(order)
        self.push(bill)
        links = order.xero_link_id | bill.xero_link_id
        self.assertEqual(links.mapped("reason"), ["waiting_approval"] * 2)
        with self.as_request(links, approver) as current:
            context = current.action_reject()["context"]
            current.env["xero.reject.wizard"].with_context(**context).create({"reason": "Too dear"}).action_reject()
        self.work(self.connection)
        self.assertEqual([self.problem(record) for record in (order, bill)], ["approval_rejected"] * 2)

    def test_who_confirmed_it_does_not_approve(self):
        order = self.order(confirm=False)
        with self.as_request(order, self.approver) as current:
            current.button_confirm()
        self.push(order, self.clerk)
        with self.assertRaisesRegex(UserError, "yourself"):
            self.approve(order, self.approver)

    def test_a_deleted_line_is_an_edit(self):
        order = self.order([(1, 100.0), (1, 50.0)], confirm=False)
        with self.as_request(order, self.approver) as current:
            current.order_line[1].unlink()
        order.button_confirm()
        self.push(order, self.clerk)
        with self.assertRaisesRegex(UserError, "yourself"):
            self.approve(order, self.approver)
