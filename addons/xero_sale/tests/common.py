"""Ground for tests: the connected company of the connector's own tests, which takes orders."""

from odoo import Command

from odoo.addons.xero_connector.tests.books import BooksCase


class SaleCase(BooksCase):
    """Sales orders of one product with 10 % GST, whose account is mapped."""

    def setUp(self):
        super().setUp()
        self.connection.write({"payment_direction": "from_xero", "sync_receipts": True})
        self.product = self.new_product("Timber")

    def new_product(self, name, **values):
        return self.env["product.product"].create(
            {
                "name": name,
                "type": "consu",
                "invoice_policy": "order",
                "taxes_id": [Command.set(self.gst.ids)],
                "property_account_income_id": self.income.id,
                **values,
            }
        )

    def order(self, lines=((1, 100.0),), confirm=True, **values):
        """A sales order; a line is ``(quantity, price)`` or a mapping of line values."""
        commands = []
        for line in lines:
            if isinstance(line, tuple):
                line = {"product_uom_qty": line[0], "price_unit": line[1]}
            product = {} if "display_type" in line else {"product_id": self.product.id}
            commands.append(Command.create({**product, **line}))
        order = self.env["sale.order"].create({"partner_id": self.partner.id, "order_line": commands, **values})
        if confirm:
            order.action_confirm()
        return order

    def bill_order(self, order, post=True, **values):
        """The invoice that the wizard makes of what can be invoiced; with values, a down payment."""
        context = {"active_model": "sale.order", "active_ids": order.ids, "active_id": order[:1].id}
        wizard = self.env["sale.advance.payment.inv"].with_context(**context).create(values)
        known = order.invoice_ids
        wizard.create_invoices()
        move = order.invoice_ids - known
        move.invoice_date = move.date
        if post:
            move.action_post()
        return move

    def send_when_posted(self):
        """Customer invoices and credit notes go to Xero by themselves."""
        self.env["xero.push.mode"]._create_missing(self.connection)
        modes = self.connection.push_mode_ids.filtered(lambda mode: mode.kind in ("invoice", "credit_note"))
        modes.push_mode = "on_posting"

    def pay_in_xero(self, move, amount):
        day = str(move.invoice_date)
        return self.xero.act("pay", invoice=move.xero_link_id.xero_id, amount=amount, account="090", date=day)

    def pull(self):
        """Bring in documents and payments, as the schedules do."""
        for key in ("invoice", "payment"):
            with self.as_request(self.connection) as current:
                current.pull(key)
            self.work(self.connection)
