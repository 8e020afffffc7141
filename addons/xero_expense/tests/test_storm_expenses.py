"""The storm over all kinds of documents together: expenses with their receipts, and orders where they are installed.

A fifth of all calls goes wrong, and each bill, receipt, payment and order is there once (C.2).
"""

from odoo import Command
from odoo.tests import tagged

from odoo.addons.xero_connector.tests.test_storm_all import PAIRS, AllStorm

from .common import ExpenseCase


@tagged("post_install", "-at_install")
class TestStormExpenses(AllStorm, ExpenseCase):
    def test_a_known_storm(self):
        self.storm(1)

    def everything(self):
        expenses = self.expenses()
        own = expenses.filtered(lambda expense: expense.payment_mode == "own_account")
        payments = (expenses - own).account_move_id.origin_payment_id
        for expense in own:
            payments |= self.pay([expense.account_move_id], payment_date=expense.account_move_id.date)
        self.bills = expenses.account_move_id
        everything = super().everything()
        everything["invoice"] |= self.bills
        everything["payment"] |= payments
        if "purchase.order" in self.env:
            everything["purchase_order"] = self.orders()
            self.tables = {**self.tables, "purchase_order": ("purchase_orders", "PurchaseOrderID")}
        return everything

    def expenses(self):
        """Expenses in twins of the same name, day and amount, each with a receipt."""
        expenses = self.env["hr.expense"]
        for make in (self.spend, self.spend_company):
            for number in range(PAIRS):
                for twin in range(2):
                    expense = make(20.0 + number, post=False)
                    self.env["ir.attachment"].create(
                        {
                            "name": "receipt.txt",
                            "raw": f"{make.__name__} {number} {twin}".encode(),
                            "res_model": "hr.expense",
                            "res_id": expense.id,
                        }
                    )
                    expenses |= self.book(expense)
        return expenses

    def orders(self):
        """Purchase orders that only their numbers tell apart."""
        self.connection.push_status_purchase_order = "authorised"
        self.travel.property_account_expense_id = self.expense
        line = {
            "product_id": self.travel.id,
            "product_qty": 2,
            "price_unit": 30.0,
            "tax_ids": [Command.set(self.input_tax.ids)],
        }
        orders = self.env["purchase.order"].create(
            [{"partner_id": self.vendor.id, "order_line": [Command.create(line)]} for _number in range(2 * PAIRS)]
        )
        orders.button_confirm()
        return orders

    def check(self, everything):
        files = self.links().filtered(lambda link: link.dataset == "attachment")
        self.assertEqual(len(files), len(self.bills))
        theirs = self.xero.organisation(1).attachments
        there = {len(theirs.group("owner", xero_id)) for xero_id in self.bills.xero_link_id.mapped("xero_id")}
        self.assertEqual(there, {1})
        return super().check(everything)
