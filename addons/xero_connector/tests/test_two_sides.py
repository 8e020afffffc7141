"""A document that was changed on both sides: a rule decides, or a person (RUL-14)."""

from odoo.tests import tagged

from .test_push_bills import BillCase


@tagged("post_install", "-at_install")
class TestTwoSides(BillCase):
    def setUp(self):
        super().setUp()
        self.move = self.invoice([(1, 100.0)])
        self.push(self.move)

    def edit_in_xero(self, **changes):
        """Somebody edits the document in Xero, and the next import tells."""
        item = self.in_xero(self.move)
        line = {"Description": "Edited in Xero", "Quantity": 1, "UnitAmount": 100, "AccountCode": "200"}
        line["LineItemID"] = item["LineItems"][0]["LineItemID"]
        line["TaxType"] = "OUTPUT"
        body = {"InvoiceID": item["InvoiceID"], "LineItems": [line], **changes}
        self.call_xero("POST", f"/Invoices/{item['InvoiceID']}", {"Invoices": [body]})
        self.read_again()

    def read_again(self):
        with self.as_request(self.move) as current:
            current.action_xero_refresh()

    def edit_in_odoo(self, price=120.0):
        self.move.button_draft()
        self.move.invoice_line_ids.price_unit = price
        self.move.action_post()

    def description(self):
        return self.in_xero(self.move)["LineItems"][0]["Description"]

    def test_what_no_import_has_told_is_seen_before_it_is_overwritten(self):
        # RUL-14: an edit of a minute ago, too
        item = self.in_xero(self.move)
        line = {"Description": "Edited in Xero", "Quantity": 1, "UnitAmount": 100, "AccountCode": "200"}
        body = {"LineItems": [{**line, "TaxType": "OUTPUT", "LineItemID": item["LineItems"][0]["LineItemID"]}]}
        self.call_xero("POST", f"/Invoices/{item['InvoiceID']}", {"Invoices": [body]})
        self.edit_in_odoo()
        self.push(self.move)
        self.assertEqual(self.problem(self.move), "changed_on_both_sides")
        self.assertEqual(self.description(), "Edited in Xero")

    def test_an_answer_that_cannot_be_read_is_no_edit(self):
        for kind in ("null_strings", "unknown_enum"):
            with self.subTest(kind=kind):
                self.edit_in_odoo(130.0 if kind == "null_strings" else 140.0)
                self.xero.sandbox.faults.add(kind, method="GET", path="/Invoices/", times=1)
                self.push(self.move)
                self.assertFalse(self.problem(self.move))
                self.work_until(lambda: self.move.xero_state == "synced")
                self.assertEqual((self.move.xero_state, self.problem(self.move)), ("synced", False))
                self.assertEqual(self.in_xero(self.move)["SubTotal"], self.move.amount_untaxed)

    def test_a_lost_update_is_no_edit_of_somebody_else(self):
        self.edit_in_odoo()
        self.xero.sandbox.faults.add("drop_after", method="POST", path="/Invoices", times=1)
        self.push(self.move)
        self.assertEqual(self.move.xero_state, "in_doubt")
        self.age(minutes=7)
        self.work_until(lambda: self.move.xero_state == "synced")
        self.assertEqual((self.move.xero_state, self.problem(self.move)), ("synced", False))
        self.assertEqual(self.in_xero(self.move)["Total"], 132.0)
        self.edit_in_odoo(130.0)
        self.push(self.move)
        self.assertEqual((self.move.xero_state, self.in_xero(self.move)["Total"]), ("synced", 143.0))

    def test_a_read_for_each_update_of_a_page(self):
        moves = self.invoice([(1, 10.0)]) | self.invoice([(1, 20.0)])
        self.push(moves)
        self.xero.sandbox.log.clear()
        for move in moves:
            move.button_draft()
            move.invoice_line_ids.price_unit = 33
            move.action_post()
        self.push(moves)
        self.assertEqual((self.xero.count("GET /Invoices"), self.xero.count("POST /Invoices")), (1, 1))
        self.connection.document_owner = "odoo"
        moves.ref = "again"
        self.push(moves)
        self.assertEqual((self.xero.count("GET /Invoices"), self.xero.count("POST /Invoices")), (1, 2))

    def test_somebody_decides(self):
        self.edit_in_xero()
        self.edit_in_odoo()
        self.push(self.move)
        self.assertEqual((self.problem(self.move), self.move.xero_state), ("changed_on_both_sides", "held"))
        self.assertEqual(self.description(), "Edited in Xero")
        problem = self.env["xero.exception"].search([("res_id", "=", self.move.id), ("state", "=", "open")])
        with self.as_request(problem) as current:
            current.action_cure()
        self.work(self.connection)
        self.assertEqual(self.move.xero_state, "synced")
        self.assertEqual(self.assertAgrees(self.move)["Total"], 132.0)
        self.assertEqual(self.description(), "Consulting")
        self.assertFalse(self.problem(self.move))

    def test_odoo_owns_documents(self):
        self.connection.document_owner = "odoo"
        self.edit_in_xero()
        self.edit_in_odoo()
        self.push(self.move)
        self.assertAgrees(self.move)

    def test_xero_owns_documents(self):
        self.connection.document_owner = "xero"
        self.edit_in_xero()
        self.edit_in_odoo()
        self.push(self.move)
        self.assertEqual(self.description(), "Edited in Xero")
        self.assertEqual(self.move.xero_link_id.reason, "kept_xero")

    def test_a_change_on_one_side_is_no_conflict(self):
        self.edit_in_odoo()
        self.push(self.move)
        self.assertAgrees(self.move)
        # An edit in Xero alone sends nothing.
        self.edit_in_xero(Reference="Seen by Kim")
        self.xero.sandbox.log.clear()
        self.push(self.move)
        self.assertFalse(self.xero.count("POST /Invoices"))

    def test_approving_and_paying_is_no_edit(self):
        self.connection.push_status_invoice = "draft"
        self.move = self.invoice([(1, 100.0)])
        self.push(self.move)
        self.xero.act("approve", invoice=self.move.xero_link_id.xero_id)
        self.read_again()
        self.edit_in_odoo()
        self.push(self.move)
        self.assertAgrees(self.move)

    def test_the_import_sees_the_edit(self):
        with self.as_request(self.connection) as current:
            current.action_import()
        self.work(self.connection)
        before = self.move.xero_link_id.xero_print
        self.assertTrue(before)
        self.assertEqual(before, self.move.xero_link_id.sent_print)
        item = self.in_xero(self.move)
        body = {"InvoiceID": item["InvoiceID"], "Reference": "Seen by Kim"}
        self.call_xero("POST", f"/Invoices/{item['InvoiceID']}", {"Invoices": [body]})
        self.connection.pull("invoice", "code")
        self.work(self.connection)
        self.assertNotEqual(self.move.xero_link_id.xero_print, before)

    def test_the_import_sees_what_a_push_has_overwritten_when_it_is_there_again(self):
        before = {"LineItems": self.in_xero(self.move)["LineItems"]}
        self.pull("invoice")
        self.edit_in_odoo()
        self.push(self.move)
        self.xero.act("edit", invoice=self.move.xero_link_id.xero_id, values=before)
        self.pull("invoice")
        self.assertEqual(self.in_xero(self.move)["Total"], 110.0)
        self.assertEqual(self.problem(self.move), "totals_differ")
