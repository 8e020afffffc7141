"""Who sees what Xero says of an order, and what is left when the add-on goes (ORD-05, SEC-01, SEC-05)."""

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from odoo.addons.xero_sale.hooks import uninstall_hook

from .common import SaleCase

SELLER = "sales_team.group_sale_salesman"


@tagged("post_install", "-at_install")
class TestSaleRights(SaleCase):
    def test_who_sells_sees_it_in_list_and_form(self):
        # ORD-05: column and filters, without a right to the books or to Xero
        seller = self.new_user("r_seller", SELLER)
        order = self.order(user_id=seller.id)
        # An invoice of somebody else's, which a seller does not see.
        self.bill_order(order).invoice_user_id = self.env.user
        self.push(order)
        mine = self.env["sale.order"].with_user(seller)
        view = mine.get_view(self.env.ref("sale.view_order_tree").id, "list")
        self.assertIn("xero_payment_state", view["arch"])
        search = mine.get_view(self.env.ref("sale.sale_order_view_search_inherit_sale").id, "search")
        for name in ("xero_open", "xero_paid", "xero_missing"):
            self.assertIn(f'name="{name}"', search["arch"])
        row = mine.search([("xero_payment_state", "in", ["unpaid", "partial"])])
        self.assertEqual(row, order)
        self.assertEqual(row.read(["xero_payment_state", "xero_amount_due"])[0]["xero_amount_due"], 110.0)
        with Form(order.with_user(seller)) as form:
            self.assertEqual(form.xero_payment_state, "unpaid")

    def test_others_do_not(self):
        order = self.order()
        portal = self.new_user("r_portal", "base.group_portal")
        order.message_subscribe(portal.partner_id.ids)
        with self.assertRaises(AccessError):
            order.with_user(portal).read(["xero_payment_state"])

    def test_who_may_push(self):
        order = self.order()
        self.bill_order(order)
        for login, groups in (
            ("seller", (SELLER,)),
            ("accountant", (SELLER, "account.group_account_invoice")),
            # A right to Xero is no right to the books.
            ("reader", ("xero_connector.group_xero_user", "sales_team.group_sale_salesman_all_leads")),
        ):
            with self.assertRaises(AccessError):
                self.push(order, self.new_user(f"r_{login}", *groups))
        self.assertFalse(self.xero.count("PUT /Invoices"))

    def test_each_company_its_own(self):
        order = self.order()
        self.bill_order(order)
        self.push(order)
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.new_user("r_stranger", "sales_team.group_sale_manager", companies=elsewhere)
        orders = self.env["sale.order"].with_user(stranger).with_context(allowed_company_ids=elsewhere.ids)
        self.assertFalse(orders.search([("xero_payment_state", "!=", False)]))

    def test_what_is_left(self):
        domain = "[('xero_payment_state', '=', 'paid')]"
        self.env["ir.filters"].create({"name": "Paid there", "model_id": "sale.order", "domain": domain})
        uninstall_hook(self.env)
        self.assertFalse(
            self.env["ir.filters"].search_count([("model_id", "=", "sale.order"), ("domain", "like", "xero")])
        )
