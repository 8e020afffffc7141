"""A bill that somebody has typed into Xero is a question, not a second bill (BIL-13)."""

from odoo.tests import tagged

from .common import LOST
from .test_push_bills import BillCase


@tagged("post_install", "-at_install")
class TestBillTwins(BillCase):
    def setUp(self):
        super().setUp()
        self.connection.look_for_bills = True
        self.push(self.vendor)

    def typed_in(self, price=250.0, **values):
        """A bill in Xero that was not sent from here."""
        body = {
            "Type": "ACCPAY",
            "Contact": {"ContactID": self.vendor.xero_link_id.xero_id},
            "InvoiceNumber": "PM-7781",
            "Date": "2026-11-05",
            "Status": "AUTHORISED",
            "DueDate": "2026-12-05",
            "LineItems": [{"Description": "Paper", "Quantity": 1, "UnitAmount": price, "AccountCode": "429"}],
            **values,
        }
        return self.create_in_xero("/Invoices", {"Invoices": [body]})["Invoices"][0]

    def there(self):
        return [row for row in self.xero.organisation(1).invoices if row["InvoiceNumber"] == "PM-7781"]

    def wizard(self, bill):
        problem = self.env["xero.exception"].search([("res_id", "=", bill.id), ("state", "=", "open")])
        with self.as_request(problem) as current:
            return self.env["xero.candidate.wizard"].browse(current.action_cure()["res_id"])

    def test_it_is_held_and_linked_by_a_person(self):
        theirs = self.typed_in()
        bill, other = self.bill(), self.bill([(1, 80.0)], ref="PM-9")
        self.push(bill | other)
        self.work(self.connection)
        self.assertEqual(
            (self.problem(bill), bill.xero_state, other.xero_state), ("bill_maybe_there", "held", "synced")
        )
        self.assertEqual(len(self.there()), 1)
        (line,) = self.wizard(bill).line_ids
        with self.as_request(line) as current:
            current.action_choose()
        self.work(self.connection)
        self.assertEqual(bill.xero_link_id.xero_id, theirs["InvoiceID"])
        self.assertEqual(len(self.there()), 1)

    def test_a_bill_that_is_deleted_and_typed_again_is_a_question(self):
        # BIL-13: nothing in Odoo stands for the first one any more
        for base in ("http://localhost:8069", "https://xero.books.example"):
            with self.subTest(base):
                self.env["ir.config_parameter"].set_param("web.base.url", base)
                bill = self.bill(ref=base[-6:])
                self.push(bill)
                link, name = bill.xero_link_id, bill.name
                bill.button_draft()
                bill.with_context(force_delete=True).unlink()
                problem = self.env["xero.exception"].search([("link_id", "=", link.id), ("state", "=", "open")])
                self.assertEqual(problem.code, "deleted_in_odoo")
                self.assertIn(name, problem.cause)
                again = self.bill(ref=base[-6:], name="BILL/2026/11/7777")
                self.push(again)
                self.assertEqual(self.problem(again), "bill_maybe_there")
                (line,) = self.wizard(again).line_ids
                with self.as_request(line) as current:
                    current.action_choose()
                self.assertEqual(again.xero_link_id.xero_id, link.xero_id)
                again.button_draft()
                again.with_context(force_delete=True).unlink()

    def test_another_bill_is_sent(self):
        self.typed_in()
        bill = self.bill()
        self.push(bill)
        with self.as_request(self.wizard(bill)) as current:
            current.action_send_too()
        self.work(self.connection)
        self.assertEqual((bill.xero_state, len(self.there())), ("synced", 2))

    def test_what_is_another_by_its_total_or_state_is_no_question(self):
        self.typed_in(price=251.0)
        self.typed_in(Status="DRAFT")
        self.call_xero("POST", f"/Invoices/{self.typed_in()['InvoiceID']}", {"Status": "VOIDED"})
        for row in self.there():
            if row["Status"] == "DRAFT":
                self.call_xero("POST", f"/Invoices/{row['InvoiceID']}", {"Status": "DELETED"})
        bill = self.bill()
        self.push(bill)
        self.assertEqual((bill.xero_state, self.problem(bill)), ("synced", False))

    def test_one_call_a_batch_and_none_for_invoices(self):
        self.xero.sandbox.log.clear()
        bills = self.bill() | self.bill([(1, 80.0)], ref="PM-9")
        self.push(bills)
        self.assertEqual((self.xero.count("GET /Invoices"), self.xero.count("PUT /Invoices")), (1, 1))
        self.push(self.partner)
        self.xero.sandbox.log.clear()
        self.push(self.invoice())
        self.assertEqual((self.xero.count("GET /Invoices"), self.xero.count("PUT /Invoices")), (0, 1))

    def test_our_own_lost_one_is_no_twin(self):
        for number, kind in enumerate(LOST):
            with self.subTest(kind):
                bill = self.bill([(1, 100.0 + number)], ref=kind)
                self.xero.sandbox.faults.add(kind, method="PUT", path="/Invoices", times=1)
                self.push(bill)
                self.age(minutes=7)
                self.work_until(lambda bill=bill: bill.xero_state == "synced")
                rows = [row for row in self.xero.organisation(1).invoices if row["InvoiceNumber"] == kind]
                self.assertEqual(len(rows), 1)
                self.xero.sandbox.faults.clear()
