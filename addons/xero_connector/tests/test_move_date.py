"""A document of a locked period goes to Xero under another date when an approver says so (B15)."""

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_push_bills import BillCase


@tagged("post_install", "-at_install")
class TestMoveDate(BillCase):
    def setUp(self):
        super().setUp()
        self.approver = self.new_user("x_app", "xero_connector.group_xero_approver", "account.group_account_invoice")
        self.user = self.new_user("x_user", "xero_connector.group_xero_user", "account.group_account_invoice")

    def held(self, move):
        """The problem of `move`, whose period Xero has locked."""
        self.connection.write({"period_lock_date": "2026-11-10", "organisation_read_at": fields.Datetime.now()})
        self.push(move)
        self.assertEqual((self.problem(move), move.xero_state), ("locked_period", "held"))
        return self.env["xero.exception"].search([("res_id", "=", move.id), ("state", "=", "open")])

    def wizard(self, problem, user=None):
        with self.as_request(problem, user or self.approver) as current:
            action = current.action_move_date()
        return self.env["xero.move.date"].browse(action["res_id"])

    def move_to(self, problem, day):
        wizard = self.wizard(problem)
        with self.as_request(wizard, self.approver) as current:
            current.date = day
            current.action_move()

    def test_a_bill_under_another_date(self):
        bill = self.bill()
        problem = self.held(bill)
        self.move_to(problem, "2026-11-12")
        self.assertEqual(bill.xero_state, "synced")
        item = self.assertAgrees(bill)
        self.assertEqual(item["DateString"][:10], "2026-11-12")
        self.assertEqual(str(bill.date), "2026-11-02", "Odoo's own date stays")
        self.assertIn("Date of the document: 2026-11-02", [line["Description"] for line in item["LineItems"]])
        self.assertEqual(problem.state, "done")
        # Logged, and listed as a reconciling item.
        event = self.env["xero.event"].search([("res_id", "=", bill.id), ("kind", "=", "date_moved")])
        self.assertEqual(event.user_id, self.approver)
        self.assertEqual(event.arguments, {"own": "2026-11-02", "date": "2026-11-12"})
        listed = self.env["xero.link"].search([("date_override", "!=", False)])
        self.assertEqual((listed.res_id, listed.date_moved_by_id), (bill.id, self.approver))
        # It keeps that date when it is sent again.
        bill.button_draft()
        bill.invoice_line_ids.price_unit = 300
        bill.action_post()
        self.push(bill)
        self.assertEqual(self.assertAgrees(bill)["DateString"][:10], "2026-11-12")

    def test_not_before_the_lock(self):
        problem = self.held(self.bill())
        wizard = self.wizard(problem)
        self.assertGreater(str(wizard.date), "2026-11-10")
        with self.assertRaisesRegex(UserError, "locked to"):
            self.move_to(problem, "2026-11-10")

    def test_never_an_invoice_that_the_customer_has(self):
        move = self.invoice(invoice_date="2026-11-02", date="2026-11-02")
        problem = self.held(move)
        self.assertTrue(self.wizard(problem))
        move.is_move_sent = True
        with self.assertRaisesRegex(UserError, "sent to the customer"):
            self.wizard(problem)

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_only_approvers(self):
        problem = self.held(self.bill())
        with self.assertRaisesRegex(UserError, "approver decides"):
            self.wizard(problem, self.user)
        wizard = self.wizard(problem)
        with self.assertRaises(AccessError):
            wizard.with_user(self.user).action_move()

    def test_only_what_is_locked(self):
        bill = self.bill()
        self.input_tax.xero_tax_rate_id = False
        self.push(bill)
        problem = self.env["xero.exception"].search([("res_id", "=", bill.id), ("state", "=", "open")])
        with self.assertRaisesRegex(UserError, "keeps its date"):
            self.wizard(problem)
