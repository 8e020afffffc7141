"""Ground for tests: the connected company of the connector's own tests, which buys something."""

from odoo import Command

from odoo.addons.xero_connector.tests.common import XeroCase


class PurchaseCase(XeroCase):
    """Purchase orders with an Australian 10 % purchase tax, mapped to Xero's account 400."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.input = cls.env["account.chart.template"].with_company(cls.company).ref("au_tax_purchase_10_service")
        cls.product = cls.env["product.product"].create({"name": "Timber", "type": "consu"})
        # The delivery address is part of what is sent.
        cls.company.partner_id.write(
            {"street": "1 Dock Road", "city": "Sydney", "zip": "2000", "phone": "02 5550 1000"}
        )

    def setUp(self):
        super().setUp()
        self.prepare_xero()
        self.connection = self.connect(push_status_purchase_order="authorised")
        self.expense_account = self.xero_account("400")
        self.expense = self.product.product_tmpl_id.with_company(self.company).get_product_accounts()["expense"]
        self.expense.with_company(self.company).xero_account_id = self.expense_account

    def new_connection(self, company=None, **values):
        # The consent that follows covers files, too.
        return super().new_connection(company, **{"include_ap_attachments": True, **values})

    def prepare_xero(self):
        """What has to be in Xero before it is connected."""

    def xero_account(self, code):
        return self.env["xero.account"].search([("connection_id", "=", self.connection.id), ("code", "=", code)])

    def order(self, lines=None, confirm=True, **values):
        """A purchase order; a line is ``(quantity, price)`` or a mapping of line values."""
        commands = []
        for line in lines if lines is not None else [(10, 25.5)]:
            if isinstance(line, tuple):
                line = {"product_qty": line[0], "price_unit": line[1]}
            product = {"product_id": self.product.id, "tax_ids": [Command.set(self.input.ids)]}
            commands.append(Command.create(line if line.get("display_type") else {**product, **line}))
        order = self.env["purchase.order"].create({"partner_id": self.partner.id, "order_line": commands, **values})
        if confirm:
            order.button_confirm()
        return order

    def theirs(self, number, **values):
        """An order that a person made in Xero itself."""
        contact = next(row["ContactID"] for row in self.xero.organisation(1).contacts if row["Name"] == "Boom FM")
        element = {
            "Contact": {"ContactID": contact},
            "PurchaseOrderNumber": number,
            "Reference": "theirs",
            "Date": "2026-11-02",
            "LineItems": [
                {"Description": "Theirs", "Quantity": 1, "UnitAmount": 7, "AccountCode": "400", "TaxType": "INPUT"}
            ],
            **values,
        }
        return dict(self.xero.act("create", purchase_order=element))

    def orders_in_xero(self, number=None):
        rows = self.xero.organisation(1).purchase_orders
        return [row for row in rows if number is None or row["PurchaseOrderNumber"] == number]

    def order_in_xero(self, order):
        return self.read_xero(f"/PurchaseOrders/{order.xero_link_id.xero_id}")["PurchaseOrders"][0]

    def pushed(self, order):
        """`order`, pushed and compared; Xero's element."""
        action = self.push(order)
        self.assertEqual(action["params"]["type"], "success", action["params"]["message"])
        item = self.order_in_xero(order)
        self.assertFalse(order.xero_link_id.difference)
        self.assertEqual(order.xero_state, "synced")
        for ours, theirs in (("amount_untaxed", "SubTotal"), ("amount_tax", "TotalTax"), ("amount_total", "Total")):
            self.assertAlmostEqual(order[ours], item[theirs], places=6, msg=theirs)
        return item
