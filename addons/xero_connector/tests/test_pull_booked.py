"""A document whose lines were moved in Xero to another account or tax rate, its totals as they were (B24)."""

from odoo import Command
from odoo.tests import tagged

from .common import XeroCase


@tagged("post_install", "-at_install")
class TestPullBooked(XeroCase):
    def setUp(self):
        super().setUp()
        self.connection = self.connect()

    def in_xero_now(self, move, lines=None, **values):
        """Edit the document in Xero as a person there does, and import; its open problem in Odoo."""
        self.xero.advance(400)
        key, plural = ("invoice", "Invoices") if "invoice" in move.move_type else ("credit_note", "CreditNotes")
        kept = self.in_xero(move, plural)["LineItems"]
        names = ("LineItemID", "Description", "Quantity", "UnitAmount", "AccountCode", "TaxType")
        kept = [{name: line[name] for name in names} | values for line in kept]
        self.xero.act("edit", **{key: move.xero_link_id.xero_id}, values={"LineItems": lines or kept})
        self.pull(key)
        return self.problem(move)

    def test_another_account(self):
        move = self.invoice()
        self.push(move)
        self.assertEqual(self.in_xero_now(move, AccountCode="260"), "booked_differently")
        exception = self.env["xero.exception"].search([("res_id", "=", move.id), ("model", "=", "account.move")])
        self.assertIn("200 OUTPUT 1000.00 → 0.00", exception.cause)
        self.assertIn("260 OUTPUT 0.00 → 1000.00", exception.cause)
        self.assertEqual((self.connection.difference_count, move.xero_state), (1, "synced"))
        # An import that finds it so again says it still; looking at the one document says the same.
        self.pull("invoice", everything=True)
        self.assertEqual(self.problem(move), "booked_differently")
        with self.as_request(move) as current:
            current.action_xero_refresh()
        self.assertTrue(move.xero_link_id.difference)
        # Moved back in Xero, it closes itself.
        self.assertFalse(self.in_xero_now(move, AccountCode="200"))
        self.assertFalse(move.xero_link_id.difference)

    def test_another_account_in_odoo_too(self):
        move = self.invoice()
        self.push(move)
        self.assertEqual(self.in_xero_now(move, AccountCode="260"), "booked_differently")
        other = self.env["xero.account"].search([("connection_id", "=", self.connection.id), ("code", "=", "260")])
        self.income.with_company(self.company).xero_account_id = other
        self.push(move)
        both = self.env["xero.exception"].search([("res_id", "=", move.id), ("code", "=", "changed_on_both_sides")])
        with self.as_request(both) as exception:
            exception.action_cure()
        self.assertFalse(self.problem(move))
        self.pull("invoice", everything=True)
        self.assertFalse(self.problem(move))
        self.assertFalse(move.xero_link_id.difference)

    def test_another_rate_without_tax(self):
        free = self.env["account.chart.template"].with_company(self.company).ref("au_tax_sale_0")
        rates = self.env["xero.tax.rate"].search([("connection_id", "=", self.connection.id)]).grouped("tax_type")
        free.xero_tax_rate_id = rates["EXEMPTOUTPUT"]
        move = self.invoice([{"tax_ids": [Command.set(free.ids)], "quantity": 1, "price_unit": 50}])
        self.push(move)
        self.assertEqual(self.in_xero_now(move, TaxType="BASEXCLUDED"), "booked_differently")

    def test_a_divided_line_is_no_difference(self):
        move = self.invoice()
        self.push(move)
        line = {"Description": "Half", "Quantity": 1, "AccountCode": "200", "TaxType": "OUTPUT"}
        halves = [{**line, "UnitAmount": 333.33}, {**line, "UnitAmount": 666.67}]
        self.assertFalse(self.in_xero_now(move, halves))

    def test_what_we_sent_is_no_difference(self):
        inclusive = self.gst.copy({"name": "10% incl", "price_include_override": "tax_included"})
        inclusive.xero_tax_rate_id = self.gst.xero_tax_rate_id
        moves = [
            self.invoice([(3, 33.33), (7, 0.15)]),
            self.invoice([{"quantity": 3, "price_unit": 19.99, "discount": 12.5}]),
            self.invoice([{"quantity": 3, "price_unit": 19.99, "tax_ids": [Command.set(inclusive.ids)]}] * 3),
            self.invoice(move_type="out_refund"),
        ]
        for move in moves:
            self.push(move)
        self.xero.advance(400)
        for move in moves[:3]:
            self.xero.act("edit", invoice=move.xero_link_id.xero_id, values={"Reference": "Seen"})
        self.pull("invoice", "credit_note")
        for move in moves:
            self.assertFalse(self.problem(move), move.name)
            self.assertTrue(move.xero_link_id.booked)

    def test_an_account_with_a_new_code_is_no_difference(self):
        move = self.invoice()
        self.push(move)
        account = self.read_xero("/Accounts")["Accounts"]
        account = next(row for row in account if row.get("Code") == "200")
        self.call_xero("POST", f"/Accounts/{account['AccountID']}", {"Code": "2001", "Name": account["Name"]})
        self.assertFalse(self.in_xero_now(move, AccountCode="2001"))

    def test_what_both_sides_booked_by_themselves_is_as_it_was_linked(self):
        contact = self.create_in_xero("/Contacts", {"Contacts": [{"Name": self.partner.name}]})["Contacts"][0]
        self.link(self.connection, "contact", self.partner, contact["ContactID"])
        move = self.invoice()
        line = {"Description": "Work", "Quantity": 1, "UnitAmount": 1000, "AccountCode": "260", "TaxType": "OUTPUT"}
        theirs = {
            "Type": "ACCREC",
            "Contact": {"ContactID": contact["ContactID"]},
            "InvoiceNumber": move.name,
            "Date": str(move.invoice_date),
            "DueDate": str(move.invoice_date),
            "Status": "AUTHORISED",
            "LineItems": [line],
        }
        self.create_in_xero("/Invoices", {"Invoices": [theirs]})
        with self.as_request(self.connection) as connection:
            connection.action_adopt()
        self.work(self.connection)
        with self.as_request(self.connection) as connection:
            connection.action_accept_pairs()
        self.assertEqual(move.xero_state, "synced")
        self.assertFalse(self.problem(move))
        self.xero.advance(400)
        self.xero.act("edit", invoice=move.xero_link_id.xero_id, values={"Reference": "Seen"})
        self.pull("invoice")
        self.assertFalse(self.problem(move))
        self.assertEqual(self.in_xero_now(move, AccountCode="200"), "booked_differently")
