"""One invoice, one button, one document in Xero."""

from odoo.tests import tagged

from .common import XeroCase


@tagged("post_install", "-at_install")
class TestPushInvoice(XeroCase):
    def setUp(self):
        super().setUp()
        self.connection = self.connect()

    def test_button_creates_one_document(self):
        move = self.invoice()
        action = self.push(move)
        self.assertEqual(action["params"]["type"], "success", action["params"]["message"])
        item = self.assertAgrees(move)
        self.assertEqual(item["Type"], "ACCREC")
        self.assertEqual(item["InvoiceNumber"], move.name)
        self.assertEqual(item["Status"], "AUTHORISED")
        self.assertEqual(item["Contact"]["Name"], "Blue Gum Pty Ltd")
