"""Payments of bills and supplier credits come in from Xero (PAY-02, CFG-08, B.4)."""

from odoo.tests import tagged

from .test_push_bills import BillCase


@tagged("post_install", "-at_install")
class TestPullBillPayments(BillCase):
    def setUp(self):
        super().setUp()
        self.bank = self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "bank")], limit=1
        )
        self.bank.xero_account_id = self.env["xero.account"].search(
            [("connection_id", "=", self.connection.id), ("code", "=", "090")]
        )

    def paid(self, kind, xero_id, amount):
        """A payment made in Xero; its id."""
        payment = {kind: {f"{kind}ID": xero_id}, "Account": {"Code": "090"}, "Date": "2026-11-10", "Amount": amount}
        return self.create_in_xero("/Payments", {"Payments": [payment]})["Payments"][0]["PaymentID"]

    def booked(self):
        return self.env["account.payment"].search([("company_id", "=", self.company.id)])

    def test_in_parts_and_deleted_again(self):
        bill = self.bill([(1, 250.0)])
        self.push(bill)
        first = self.paid("Invoice", bill.xero_link_id.xero_id, 75)
        self.pull("payment")
        self.assertEqual((bill.payment_state, bill.amount_residual), ("partial", 200.0))
        self.assertEqual(self.booked().mapped("payment_type"), ["outbound"])
        self.xero.advance(60)
        self.paid("Invoice", bill.xero_link_id.xero_id, 200)
        self.pull("payment")
        self.assertEqual((bill.payment_state, bill.amount_residual), ("paid", 0.0))
        self.xero.advance(60)
        self.call_xero("POST", f"/Payments/{first}", {"Status": "DELETED"})
        self.pull("payment")
        self.assertEqual((bill.payment_state, bill.amount_residual), ("partial", 75.0))

    def test_a_batch_over_two_suppliers_is_one_payment(self):
        # B20: one line of the bank's, and each supplier's own share
        other = self.env["res.partner"].create({"name": "Second Supplier", "is_company": True})
        bills = self.bill([(1, 250.0)]), self.bill([(1, 100.0)], ref="B-2", partner_id=other.id)
        rows = []
        for bill in bills:
            self.push(bill)
            rows.append({"invoice": bill.xero_link_id.xero_id, "amount": bill.amount_total})
        self.xero.act("batch_pay", payments=rows, account="090", date="2026-11-10")
        self.pull("payment")
        self.assertEqual(self.booked().mapped("amount"), [385.0])
        self.assertEqual([bill.payment_state for bill in bills], ["paid", "paid"])
        payable = self.booked().move_id.line_ids.filtered(lambda line: line.account_type == "liability_payable")
        self.assertEqual(
            {line.partner_id: line.balance for line in payable}, {bill.partner_id: bill.amount_total for bill in bills}
        )

    def test_the_refund_of_a_supplier_credit(self):
        credit = self.credit(lines=[(1, 40.0)])
        self.push(credit)
        self.paid("CreditNote", credit.xero_link_id.xero_id, 44)
        self.pull("payment")
        self.assertEqual((credit.payment_state, self.booked().mapped("payment_type")), ("paid", ["inbound"]))

    def test_switched_off_nothing_comes(self):
        bill = self.bill()
        self.push(bill)
        self.paid("Invoice", bill.xero_link_id.xero_id, 275)
        self.connection.sync_payments = False
        self.xero.sandbox.log.clear()
        with self.as_request(self.connection) as current:
            current._import(current._reference_keys())
        self.work(self.connection)
        self.assertFalse(self.xero.count("GET /Payments"))
        self.assertEqual(bill.payment_state, "not_paid")

    def test_a_bill_of_somebody_else_may_have_the_number_of_our_invoice(self):
        number = self.invoice().name
        line = {"Description": "x", "Quantity": 1, "UnitAmount": 50, "AccountCode": "429", "TaxType": "INPUT"}
        document = {
            "Type": "ACCPAY",
            "InvoiceNumber": number,
            "Contact": {"Name": "Somebody"},
            "Status": "AUTHORISED",
            "Date": "2026-11-02",
            "DueDate": "2026-12-02",
            "LineItems": [line],
        }
        made = self.create_in_xero("/Invoices", {"Invoices": [document]})["Invoices"][0]
        self.paid("Invoice", made["InvoiceID"], made["Total"])
        run = self.pull("payment")
        self.assertEqual((run.failed, self.booked()), (0, self.booked().browse()))
