"""Bills and supplier credits on their way to Xero (BIL-04 to BIL-07, BIL-09, BIL-10, BIL-13, B2, B15)."""

import uuid

from odoo import Command
from odoo.tests import tagged

from ..datasets.allocation import RECONCILABLE
from .common import XeroCase


class BillCase(XeroCase):
    """A vendor, an expense account and the tax of purchases, all mapped."""

    vendor_name = "Paper Mill Ltd"
    input_tax_xmlid = "au_tax_purchase_10_service"

    def setUp(self):
        super().setUp()
        self.connection = self.connect()
        self.vendor = self.env["res.partner"].create({"name": self.vendor_name, "is_company": True})
        self.expense = self.env["account.account"].search(
            [("company_ids", "in", self.company.ids), ("account_type", "=", "expense")], limit=1
        )
        self.map_account(self.expense, "429")
        self.input_tax = self.env["account.chart.template"].with_company(self.company).ref(self.input_tax_xmlid)
        self.push(self.vendor)

    def map_account(self, account, code):
        account.with_company(self.company).xero_account_id = self.env["xero.account"].search(
            [("connection_id", "=", self.connection.id), ("code", "=", code)]
        )

    def reconcile(self, *records):
        """Reconcile what is open of these documents and payments with each other."""
        entries = [record.move_id if record._name == "account.payment" else record for record in records]
        lines = self.env["account.move"].concat(*entries).line_ids
        lines.filtered(lambda line: line.account_type in RECONCILABLE and not line.reconciled).reconcile()

    def bill(self, lines=((1, 250.0),), ref="PM-7781", post=True, **values):
        """A bill; a line is ``(quantity, price)``."""
        move = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.vendor.id,
                "invoice_date": "2026-11-02",
                "date": "2026-11-02",
                "ref": ref,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Paper",
                            "account_id": self.expense.id,
                            "quantity": quantity,
                            "price_unit": price,
                            "tax_ids": [Command.set(self.input_tax.ids)],
                        }
                    )
                    for quantity, price in lines
                ],
                **values,
            }
        )
        if post:
            move.action_post()
        return move

    def credit(self, **values):
        return self.bill(move_type="in_refund", **{"ref": "CR-12", **values})


@tagged("post_install", "-at_install")
class TestPushBills(BillCase):
    def test_a_tax_that_is_partly_an_expense_is_refused(self):
        # B1: Xero would book all of it on its tax account
        rate = self.input_tax.xero_tax_rate_id
        for account in (self.env["account.account"], self.expense):
            half = self.input_tax.copy({"name": f"Half deductible {account.code}"})
            half.xero_tax_rate_id = rate
            for lines in (half.invoice_repartition_line_ids, half.refund_repartition_line_ids):
                tax = lines.filtered(lambda line: line.repartition_type == "tax")
                tax.factor_percent = 50
                tax.copy({"account_id": account.id})
            for move_type in ("in_invoice", "in_refund"):
                with self.subTest(account=account.name, move_type=move_type):
                    bill = self.bill(move_type=move_type, ref=f"{move_type} {account.id}", post=False)
                    bill.invoice_line_ids.tax_ids = half
                    bill.action_post()
                    self.assertEqual(len(bill.line_ids.filtered("tax_line_id")), 2)
                    self.push(bill)
                    self.assertEqual(self.problem(bill), "tax_elsewhere")
                    self.assertFalse(bill.xero_link_id.xero_id)
        # What nobody gets back Xero keeps out of it, too.
        rate.sudo().components = [{"name": "Kept", "rate": 5.0, "kept": True}, {"name": "GST", "rate": 5.0}]
        bill = self.bill([(1, 77.0)], "kept", post=False, invoice_date="2026-11-09", date="2026-11-09")
        bill.invoice_line_ids.tax_ids = half
        bill.action_post()
        self.push(bill)
        self.assertAgrees(bill)

    def test_what_is_not_deductible_is_refused(self):
        bill = self.bill(post=False)
        bill.invoice_line_ids.deductible_amount = 60
        bill.action_post()
        self.assertIn("non_deductible_product", bill.line_ids.mapped("display_type"))
        self.push(bill)
        self.assertEqual(self.problem(bill), "non_deductible")
        self.assertFalse(bill.xero_link_id.xero_id)

    def test_two_that_it_could_be_are_a_question(self):
        # The answer was lost, and somebody has copied the bill in Xero before it was looked up.
        self.xero.sandbox.faults.add("drop_after", method="PUT", path="/Invoices$", times=1)
        bill = self.bill()
        self.push(bill)
        self.assertEqual(bill.xero_state, "in_doubt")
        theirs = self.xero.organisation(1)
        (row,) = [row for row in theirs.invoices if row["Type"] == "ACCPAY"]
        theirs.invoices.put({**row, "InvoiceID": str(uuid.uuid4()), "updated": theirs.stamp()})
        self.age(minutes=7)
        self.xero.sandbox.log.clear()
        self.work(self.connection)
        self.assertEqual((bill.xero_state, self.problem(bill)), ("failed", "several_candidates"))
        self.assertFalse(self.xero.count("PUT /Invoices"))

    def test_a_bill_arrives_as_accpay(self):
        # BIL-04, BIL-06, BIL-09
        bill = self.bill([(3, 33.35), (1, 12.10)], invoice_date_due="2026-12-02")
        self.push(bill)
        item = self.assertAgrees(bill)
        self.assertEqual(item["Type"], "ACCPAY")
        self.assertEqual(item["InvoiceNumber"], "PM-7781")
        self.assertEqual(item["Status"], "AUTHORISED")
        self.assertEqual(item["DueDateString"][:10], "2026-12-02")
        self.assertEqual(item["Contact"]["Name"], "Paper Mill Ltd")
        line = item["LineItems"][0]
        self.assertEqual((line["AccountCode"], line["TaxType"], line["Quantity"]), ("429", "INPUT", 3))
        self.assertNotIn("DiscountRate", line)
        self.assertEqual(item["Url"], f"http://localhost:8069/odoo/account.move/{bill.id}")

    def test_a_draft_by_its_own_setting(self):
        # BIL-05: bills have a status of their own
        self.connection.push_status_bill = "draft"
        bill, invoice = self.bill(), self.invoice()
        self.push(bill | invoice)
        self.assertEqual(bill.xero_status, "DRAFT")
        self.assertEqual(invoice.xero_status, "AUTHORISED")

    def test_no_status_chosen(self):
        self.connection.push_status_bill = False
        bill = self.bill()
        self.push(bill)
        self.assertEqual(self.problem(bill), "status_not_chosen")
        self.assertFalse(self.xero.count("PUT /Invoices"))

    def test_a_supplier_credit(self):
        # BIL-07
        credit = self.credit(lines=[(2, 40.0)])
        self.push(credit)
        item = self.assertAgrees(credit, "CreditNotes")
        self.assertEqual((item["Type"], item["Status"]), ("ACCPAYCREDIT", "AUTHORISED"))
        self.assertEqual(item["CreditNoteNumber"], "CR-12")
        self.assertEqual(item["LineItems"][-1]["Description"], f"Odoo: {credit.name}")

    def test_a_bill_without_reference_has_our_number(self):
        bill = self.bill(ref=False)
        self.push(bill)
        self.assertEqual(self.in_xero(bill)["InvoiceNumber"], bill.name)

    def test_the_accounting_date_travels_and_the_bills_own_is_told(self):
        # B15
        bill = self.bill(invoice_date="2026-10-28", date="2026-11-03")
        self.push(bill)
        item = self.assertAgrees(bill)
        self.assertEqual(item["DateString"][:10], "2026-11-03")
        self.assertEqual(item["LineItems"][-1]["Description"], "Date of the document: 2026-10-28")

    def test_a_discount_goes_as_net_price(self):
        bill = self.bill([(4, 25.0)], post=False)
        bill.invoice_line_ids.discount = 15
        bill.action_post()
        self.push(bill)
        item = self.assertAgrees(bill)
        self.assertEqual(item["LineItems"][0]["UnitAmount"], 21.25)

    def test_the_tax_of_the_paper_wins(self):
        # B2: whatever somebody typed in, with a note
        bill = self.bill([(1, 100.0), (1, 45.0)], post=False)
        with self.subTest("typed in"):
            tax_line = bill.line_ids.filtered("tax_repartition_line_id")
            payable = bill.line_ids.filtered(lambda line: line.display_type == "payment_term")
            bill.write(
                {
                    "line_ids": [
                        Command.update(tax_line.id, {"amount_currency": 13.9, "balance": 13.9}),
                        Command.update(payable.id, {"amount_currency": -158.9, "balance": -158.9}),
                    ]
                }
            )
            bill.action_post()
            self.assertEqual(bill.amount_tax, 13.9)
            self.assertIn("13.9", bill.xero_warning or "")
        self.push(bill)
        item = self.assertAgrees(bill)
        self.assertEqual(item["TotalTax"], 13.9)
        kinds = self.env["xero.event"].search([("model", "=", "account.move"), ("res_id", "=", bill.id)]).mapped("kind")
        self.assertIn("tax_typed_in", kinds)

    def test_a_typed_in_tax_is_held_for_a_certified_app(self):
        self.connection.allow_tax_amount = False
        bill = self.bill(post=False)
        tax_line = bill.line_ids.filtered("tax_repartition_line_id")
        payable = bill.line_ids.filtered(lambda line: line.display_type == "payment_term")
        bill.write(
            {
                "line_ids": [
                    Command.update(tax_line.id, {"amount_currency": 24.0, "balance": 24.0}),
                    Command.update(payable.id, {"amount_currency": -274.0, "balance": -274.0}),
                ]
            }
        )
        bill.action_post()
        self.push(bill)
        self.assertEqual(self.problem(bill), "cents_too_many")
        self.assertFalse(self.xero.count("PUT /Invoices"))

    def test_no_tax_is_a_mapping_of_purchases(self):
        # B4
        bill = self.bill(post=False)
        bill.invoice_line_ids.tax_ids = False
        bill.action_post()
        self.connection.no_tax_purchase_rate_id = False
        self.push(bill)
        self.assertEqual(self.problem(bill), "no_tax_unmapped")
        self.connection._propose_no_tax()
        self.push(bill)
        self.assertEqual(self.assertAgrees(bill)["LineItems"][0]["TaxType"], "BASEXCLUDED")

    def test_accounts_of_product_category_and_rest(self):
        # REF-04 on purchases: the product's purchase account, not its sales account
        product = self.env["product.product"].create({"name": "Toner"})
        bill = self.bill([(1, 10.0)], post=False)
        bill.invoice_line_ids.product_id = product
        bill.invoice_line_ids.write({"account_id": self.expense.id, "price_unit": 10.0})
        bill.action_post()
        accounts = {
            code: self.env["xero.account"].search([("connection_id", "=", self.connection.id), ("code", "=", code)])
            for code in ("200", "400", "408", "412")
        }
        dataset = self.connection._dataset("invoice")
        line = bill.invoice_line_ids.with_env(dataset.env)
        self.expense.with_company(self.company).xero_account_id = False
        self.connection.default_purchase_account_id = accounts["412"]
        self.connection.default_sales_account_id = accounts["200"]
        self.assertEqual(dataset._line_account(line).code, "412")
        self.expense.with_company(self.company).xero_account_id = accounts["408"]
        self.assertEqual(dataset._line_account(line).code, "408")
        product.with_company(self.company).xero_sales_account_id = accounts["200"]
        product.categ_id = self.env["product.category"].create({"name": "Office"})
        product.categ_id.with_company(self.company).xero_purchase_account_id = accounts["400"]
        self.assertEqual(dataset._line_account(line).code, "400")
        product.with_company(self.company).xero_purchase_account_id = accounts["412"]
        self.assertEqual(dataset._line_account(line).code, "412")

    def test_the_second_bill_with_the_same_reference_waits(self):
        # BIL-13
        first, second = self.bill(), self.bill()
        self.push(first | second)
        self.assertAgrees(first)
        self.assertEqual(second.xero_state, "held")
        self.assertEqual(self.problem(second), "possible_duplicate")
        problem = self.env["xero.exception"].search([("res_id", "=", second.id), ("state", "=", "open")])
        self.assertIn(first.name, problem.cause)
        with self.as_request(problem) as current:
            current.action_cure()
        self.assertAgrees(second)
        self.assertEqual(second.xero_link_id.duplicate_accepted_by_id, self.env.user)
        self.assertNotEqual(first.xero_link_id.xero_id, second.xero_link_id.xero_id)

    def test_an_older_draft_of_a_sent_bill_waits(self):
        # BIL-13: whichever was typed first, one of them is in Xero
        older, sent = self.bill(post=False), self.bill()
        self.push(sent)
        older.action_post()
        self.push(older)
        self.assertEqual(self.problem(older), "possible_duplicate")
        problem = self.env["xero.exception"].search([("res_id", "=", older.id), ("state", "=", "open")])
        self.assertIn(sent.name, problem.cause)
        self.push(sent)
        self.assertEqual((sent.xero_state, self.problem(sent)), ("synced", False))

    def test_a_bill_that_is_reset_still_counts(self):
        # BIL-13: it is in Xero all the same, and what was voided there is not
        first, second = self.bill(), self.bill(post=False)
        self.push(first)
        first.button_draft()
        second.action_post()
        self.push(second)
        self.assertEqual(self.problem(second), "possible_duplicate")
        first.xero_link_id.xero_status = "VOIDED"
        self.push(second)
        self.assertEqual(second.xero_state, "synced")

    def test_an_edited_bill_changes_the_same_one(self):
        # BIL-10
        bill = self.bill()
        self.push(bill)
        before = self.in_xero(bill)
        bill.button_draft()
        self.assertEqual(bill.xero_state, "outdated")
        bill.invoice_line_ids.price_unit = 300.0
        bill.action_post()
        self.push(bill)
        after = self.assertAgrees(bill)
        self.assertEqual(after["InvoiceID"], before["InvoiceID"])
        self.assertEqual(after["LineItems"][0]["LineItemID"], before["LineItems"][0]["LineItemID"])
        self.assertEqual(after["Total"], 330.0)

    def test_pushed_twice_is_one_call(self):
        bill = self.bill(invoice_date="2026-10-28", date="2026-11-03")
        self.push(bill)
        self.xero.sandbox.log.clear()
        self.push(bill)
        self.assertFalse(self.xero.calls)

    def test_the_purchase_order_stands_in_a_line(self):
        # XQ-37: a bill has no Reference of its own in Xero
        bill = self.bill(invoice_origin="P00042")
        self.push(bill)
        self.assertEqual(self.assertAgrees(bill)["LineItems"][-1]["Description"], "Purchase order: P00042")

    def test_a_comma_in_the_number_does_not_break_the_look_up(self):
        dataset = self.connection._dataset("invoice")
        bill, other = self.bill(ref="A,B"), self.bill(ref="C1")
        queries = dataset._conflict_queries([bill.with_env(dataset.env), other.with_env(dataset.env)])
        self.assertEqual([query["InvoiceNumbers"] for query in queries], ["C1"])

    def test_receipts_of_purchases(self):
        receipt = self.bill(move_type="in_receipt", ref=False)
        self.push(receipt)
        self.assertEqual(self.assertAgrees(receipt)["Type"], "ACCPAY")


@tagged("post_install", "-at_install")
class TestBillsInDoubt(BillCase):
    """Numbers of bills are not unique in Xero: a lost answer must be found by more than that."""

    def lose(self, *moves, path="/Invoices$", minutes=0):
        """Push with a lost answer, and let the worker find out."""
        self.xero.sandbox.faults.add("drop_after", method="PUT", path=path, times=1)
        self.push(self.env["account.move"].concat(*moves))
        self.assertIn("in_doubt", [move.xero_state for move in moves])
        self.age(minutes=minutes)
        for _pass in range(30):
            self.work(self.connection)
            if all(move.xero_state == "synced" for move in moves):
                return
            self.age(seconds=30)

    def rows(self, name="invoices"):
        table = getattr(self.xero.organisation(1), name)
        return [row for row in table if row["Type"] in ("ACCPAY", "ACCPAYCREDIT")]

    def test_two_bills_alike_are_told_apart_by_their_address(self):
        first, second = self.bill(), self.bill()
        self.push(first | second)
        problem = self.env["xero.exception"].search([("res_id", "=", second.id), ("state", "=", "open")])
        self.xero.sandbox.faults.add("drop_after", method="PUT", path="/Invoices$", times=1)
        with self.as_request(problem) as current:
            current.action_cure()
        self.assertEqual(second.xero_state, "in_doubt")
        self.age(minutes=7)
        self.work(self.connection)
        self.assertEqual(len(self.rows()), 2)
        self.assertEqual(
            sorted((first | second).mapped("xero_link_id.xero_id")), sorted(row["InvoiceID"] for row in self.rows())
        )
        self.assertAgrees(second)

    def test_a_garbled_look_up_does_not_make_the_bill_twice(self):
        for day, kind in (("2026-10-28", "null_strings"), ("2026-10-29", "unknown_enum")):
            with self.subTest(kind=kind):
                bill, before = self.bill(ref=f"G-{kind}", invoice_date=day), len(self.rows())
                self.xero.sandbox.faults.add("drop_after", method="PUT", path="/Invoices$", times=1)
                self.push(bill)
                self.age(minutes=7)
                self.xero.sandbox.faults.add(kind, method="GET", path="/Invoices$", times=1)
                self.work_until(lambda bill=bill: bill.xero_state == "synced")
                self.assertEqual(len(self.rows()), before + 1)
                self.assertAgrees(bill)

    def test_supplier_credits_are_found_by_our_entry_name(self):
        first, second = self.credit(), self.credit()
        self.push(first)
        link = self.env["xero.link"].search([("res_id", "=", first.id), ("model", "=", "account.move")])
        self.assertTrue(link.xero_id)
        self.push(second)
        self.env["xero.link"].search([("res_id", "=", second.id)]).duplicate_accepted_by_id = self.env.user
        self.lose(second, path="/CreditNotes$", minutes=7)
        self.assertEqual(len(self.rows("credit_notes")), 2)
        self.assertNotEqual(second.xero_link_id.xero_id, link.xero_id)
        self.assertAgrees(second, "CreditNotes")

    def test_without_an_address_the_entry_name_tells(self):
        self.env["ir.config_parameter"].set_param("web.base.url", "https://xero.example")
        bill = self.bill()
        self.lose(bill, minutes=7)
        self.assertEqual(len(self.rows()), 1)
        item = self.assertAgrees(bill)
        self.assertEqual(item["LineItems"][-1]["Description"], f"Odoo: {bill.name}")

    def test_a_bill_that_never_arrived_is_sent_again(self):
        self.xero.sandbox.faults.add("drop_before", method="PUT", path="/Invoices$", times=1)
        bill = self.bill()
        self.push(bill)
        self.age(minutes=7)
        self.work(self.connection)
        self.work(self.connection)
        self.assertEqual(len(self.rows()), 1)
        self.assertAgrees(bill)
