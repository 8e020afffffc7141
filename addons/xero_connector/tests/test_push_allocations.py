"""Credit notes are allocated in Xero as Odoo has reconciled them."""

from odoo.tests import tagged

from .test_push_bills import BillCase


@tagged("post_install", "-at_install")
class TestPushAllocations(BillCase):
    def allocations(self, credit):
        rows = self.in_xero(credit, "CreditNotes")["Allocations"]
        return sorted((row["Invoice"]["InvoiceID"], float(row["Amount"])) for row in rows)

    def links(self, credit):
        return self.env["xero.link"].search([("dataset", "=", "credit_allocation"), ("res_id", "=", credit.id)])

    def settle(self):
        for _pass in range(6):
            self.work(self.connection)
            self.age(seconds=30)

    def test_a_customer_credit_note(self):
        move, credit = self.invoice([(1, 100.0)]), self.invoice([(1, 40.0)], move_type="out_refund")
        self.reconcile(move, credit)
        self.push(move | credit)
        self.settle()
        self.assertEqual(self.allocations(credit), [(move.xero_link_id.xero_id, 44.0)])
        self.assertEqual(self.in_xero(move)["AmountDue"], 66.0)
        self.assertEqual(self.in_xero(credit, "CreditNotes")["Status"], "PAID")
        self.assertEqual(self.links(credit).state, "synced")
        self.xero.sandbox.log.clear()
        self.push(credit)
        self.settle()
        self.assertFalse([call for call in self.xero.calls if "Allocations" in str(call)])

    def test_one_credit_of_a_supplier_for_two_bills(self):
        first, second = self.bill([(1, 30.0)], ref="A1"), self.bill([(1, 50.0)], ref="A2")
        credit = self.credit(lines=[(1, 60.0)])
        self.reconcile(first, second, credit)
        self.push(first | second | credit)
        self.settle()
        used = {move: move.amount_total - move.amount_residual for move in (first, second)}
        self.assertEqual(sorted(used.values()), [11.0, 55.0])
        expected = sorted((move.xero_link_id.xero_id, round(amount, 2)) for move, amount in used.items())
        self.assertEqual(self.allocations(credit), expected)
        self.assertEqual(self.xero.count("PUT /CreditNotes/{CreditNoteID}/Allocations"), 1)

    def test_what_xero_cannot_allocate_is_told(self):
        usd, own = self.env.ref("base.USD"), self.company.currency_id
        self.connection.currency_codes = [own.name, usd.name]
        other = self.env["res.partner"].create({"name": "Another Customer", "is_company": True})
        for code, values in (
            ("allocation_currency", {"currency_id": usd.id}),
            ("allocation_contact", {"partner_id": other.id}),
            ("allocation_document_gone", {}),
        ):
            with self.subTest(code=code):
                move = self.invoice([(1, 100.0)])
                credit = self.invoice([(1, 40.0)], move_type="out_refund", **values)
                self.push(move | credit)
                self.reconcile(move, credit)
                if code == "allocation_document_gone":
                    move.xero_link_id.xero_status = "VOIDED"
                self.push(credit)
                self.settle()
                self.assertEqual((self.links(credit).state, self.links(credit).reason), ("failed", code))
        self.assertFalse(self.xero.count("PUT /CreditNotes/{CreditNoteID}/Allocations"))

    def test_reconciled_after_both_are_there(self):
        move, credit = self.invoice([(1, 100.0)]), self.invoice([(1, 40.0)], move_type="out_refund")
        self.push(move | credit)
        self.reconcile(move, credit)
        self.push(credit)
        self.settle()
        self.assertEqual(self.allocations(credit), [(move.xero_link_id.xero_id, 44.0)])

    def test_the_document_comes_later(self):
        move, credit = self.invoice([(1, 100.0)]), self.invoice([(1, 40.0)], move_type="out_refund")
        self.reconcile(move, credit)
        self.push(credit)
        self.settle()
        self.assertFalse(self.links(credit))
        self.push(move)
        self.settle()
        self.assertEqual(self.allocations(credit), [(move.xero_link_id.xero_id, 44.0)])

    def test_a_draft_waits(self):
        self.connection.push_status_credit_note = "draft"
        move, credit = self.invoice([(1, 100.0)]), self.invoice([(1, 40.0)], move_type="out_refund")
        self.reconcile(move, credit)
        self.push(move | credit)
        self.settle()
        self.assertEqual((self.links(credit).state, self.links(credit).reason), ("held", "allocation_waits"))
        self.assertEqual(self.allocations(credit), [])
        self.assertEqual(credit.xero_state, "synced")
        # B23: somebody approves it in Xero, and the import releases what waited.
        self.xero.advance(400)
        self.xero.act("approve", credit_note=credit.xero_link_id.xero_id)
        self.pull("credit_note")
        self.settle()
        self.assertEqual(self.links(credit).state, "synced")
        self.assertEqual(self.allocations(credit), [(move.xero_link_id.xero_id, 44.0)])

    def test_a_lost_answer_is_found_again(self):
        for minutes in (0, 7):
            with self.subTest(minutes=minutes):
                move, credit = self.invoice([(1, 100.0)]), self.invoice([(1, 40.0)], move_type="out_refund")
                self.push(move | credit)
                self.reconcile(move, credit)
                self.xero.sandbox.faults.add("drop_after", method="PUT", path="/Allocations", times=1)
                self.push(credit)
                self.assertEqual(self.links(credit).state, "in_doubt")
                self.age(minutes=minutes)
                self.settle()
                self.assertEqual(self.links(credit).state, "synced")
                self.assertEqual(self.allocations(credit), [(move.xero_link_id.xero_id, 44.0)])
                self.xero.sandbox.faults.clear()
