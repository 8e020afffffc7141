"""Who may send orders, what others notice of it, and what is left when the add-on goes (SEC-01, SEC-05)."""

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from odoo.addons.xero_purchase.hooks import uninstall_hook

from .common import PurchaseCase

BUYER = "purchase.group_purchase_user"


@tagged("post_install", "-at_install")
class TestOrderRights(PurchaseCase):
    def test_who_may_push(self):
        order = self.order()
        for login, groups in (
            ("buyer", (BUYER,)),
            ("auditor", ("xero_connector.group_xero_auditor", BUYER)),
            ("billing", ("account.group_account_invoice", BUYER)),
            # A right to Xero is no right to the order.
            ("reader", ("xero_connector.group_xero_user", "account.group_account_readonly")),
        ):
            with self.assertRaises(AccessError):
                self.push(order, self.new_user(f"p_{login}", *groups))
        self.assertEqual(self.xero.count("PUT /PurchaseOrders"), 0)
        for login, groups in (
            ("xero_buyer", ("xero_connector.group_xero_user", BUYER)),
            ("xero_billing", ("xero_connector.group_xero_user", "account.group_account_invoice")),
        ):
            order = self.order()
            user = self.new_user(f"p_{login}", *groups)
            action = self.push(order, user)
            self.assertEqual(action["params"]["type"], "success")
            self.assertEqual(order.xero_link_id.run_id.user_id, user)

    def test_an_order_is_shown_dry_and_approved_in_its_form(self):
        # RUL-09, XK-03
        self.env["xero.approval.rule"].create({"company_id": self.company.id, "kind": "purchase_order"})
        clerk = self.new_user("p_clerk", "xero_connector.group_xero_user", BUYER)
        boss = self.new_user("p_boss", "xero_connector.group_xero_approver", BUYER)
        order = self.order()
        with self.as_request(order, clerk) as current:
            wizard = self.env["xero.dry.run"].browse(current.action_xero_dry_run()["res_id"])
        self.assertEqual(wizard.request.split("?")[0], "PUT /PurchaseOrders")
        self.assertEqual({odoo == xero for _name, odoo, xero in wizard.total_ids}, {True})
        self.push(order, clerk)
        self.assertEqual(order.xero_link_id.reason, "waiting_approval")
        with Form(order.with_user(boss)) as form:
            self.assertTrue(form.xero_can_approve)
            self.assertIn("action_xero_approve", form._view["tree"].xpath("//button/@name"))
        with Form(order.with_user(clerk)) as form:
            self.assertNotIn("action_xero_approve", form._view["tree"].xpath("//button/@name"))
        with self.as_request(order, boss) as current:
            current.action_xero_approve()
        self.work(self.connection)
        self.assertEqual(order.xero_state, "synced")

    def test_orders_of_other_companies(self):
        order = self.order()
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.new_user("p_stranger", "xero_connector.group_xero_user", BUYER, companies=elsewhere)
        with self.assertRaises(AccessError):
            self.push(order.with_context(allowed_company_ids=elsewhere.ids), stranger)

    def test_a_buyer_without_rights_to_xero_works_on(self):
        order = self.order()
        self.pushed(order)
        buyer = self.new_user("p_plain", BUYER)
        mine = order.with_user(buyer)
        with Form(mine) as form:
            self.assertNotIn("xero_state", form._view["fields"])
            self.assertNotIn("xero_id", form._view["fields"])
            form.partner_ref = "changed"
        self.assertEqual(order.xero_state, "outdated")
        for view in ("purchase_order_view_tree", "purchase_order_kpis_tree"):
            arch = mine.get_view(self.env.ref(f"purchase.{view}").id, "list")["arch"]
            self.assertNotIn("xero_state", arch)
        with self.assertRaises(AccessError):
            mine.read(["xero_state"])
        mine.button_cancel()
        mine.unlink()
        link = self.env["xero.link"].with_context(active_test=False).search([("model", "=", "purchase.order")])
        self.assertFalse(link.active)

    def test_an_accountant_sees_without_changing(self):
        order = self.order()
        self.pushed(order)
        reader = self.new_user("p_reader", "account.group_account_readonly")
        self.assertEqual(order.with_user(reader).xero_state, "synced")
        self.assertEqual(order.with_user(reader).xero_id, order.xero_id)

    def test_without_a_connection_purchasing_costs_nothing(self):
        self.connection.active = False
        order = self.order()
        order.partner_ref = "x"
        self.assertFalse(order.xero_state)
        self.assertFalse(order.xero_pushable)

    def test_what_is_left_when_the_add_on_goes(self):
        order, refused, invoice = self.order(), self.order(confirm=False), self.invoice()
        self.pushed(order)
        self.push(refused)
        self.push(invoice)
        self.connection._create_schedules()
        filters = self.env["ir.filters"].create(
            [
                {"name": "Ours", "model_id": "purchase.order", "domain": "[('xero_state', '=', 'synced')]"},
                {"name": "Theirs", "model_id": "purchase.order", "domain": "[('state', '=', 'purchase')]"},
                {"name": "Invoices", "model_id": "account.move", "domain": "[('xero_state', '=', 'synced')]"},
            ]
        )
        export = self.env["ir.exports"].create({"name": "Orders", "resource": "purchase.order"})
        for name in ("name", "xero_state"):
            self.env["ir.exports.line"].create({"export_id": export.id, "name": name})
        self.assertTrue(self.connection.schedule_ids.filtered(lambda row: row.dataset == "purchase_order"))
        uninstall_hook(self.env)
        everything = {"active_test": False}
        for model in ("xero.link", "xero.event", "xero.exception", "xero.run"):
            rows = self.env[model].with_context(**everything)
            self.assertFalse(rows.search([("model", "=", "purchase.order")]), model)
            if model != "xero.exception":
                self.assertTrue(rows.search([("model", "=", "account.move")]), model)
        for model in ("xero.schedule", "xero.request"):
            rows = self.env[model].with_context(**everything)
            self.assertFalse(rows.search([("dataset", "=", "purchase_order")]), model)
            self.assertTrue(rows.search([("dataset", "=", "invoice")]), model)
        self.assertEqual(filters.exists().mapped("name"), ["Theirs", "Invoices"])
        self.assertEqual(export.export_fields.mapped("name"), ["name"])
