"""Expenses become bills: to the employee who paid, or to the vendor whom the company paid (BIL-08, B11, B18)."""

import random

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.xero_connector.tests.common import FIXED_CASES

from .common import ExpenseCase


@tagged("post_install", "-at_install")
class TestPushExpenses(ExpenseCase):
    maxDiff = None

    # === WHAT THE EMPLOYEE PAID === #

    def test_the_whole_bill(self):
        # BIL-08: golden; ids are made by Xero
        expenses = self.spend(post=False) | self.spend(33.0, name="Lunch", date="2026-10-30", tax_ids=False, post=False)
        item = self.pushed(self.book(expenses))
        move = expenses.account_move_id
        self.assertEqual(move.move_type, "in_receipt")
        self.assertEqual(item["Contact"]["Name"], "Sam Reed")
        self.assertEqual(item["Contact"]["ContactID"], self.sam.work_contact_id.xero_link_id.xero_id)
        shown = {
            name: item[name]
            for name in ("Type", "InvoiceNumber", "Status", "LineAmountTypes", "CurrencyCode", "SubTotal", "Total")
        }
        self.assertEqual(
            shown,
            {
                "Type": "ACCPAY",
                "InvoiceNumber": move.name,
                "Status": "AUTHORISED",
                "LineAmountTypes": "Inclusive",
                "CurrencyCode": "AUD",
                "SubTotal": 133.0,
                "Total": 143.0,
            },
        )
        self.assertEqual(item["DateString"][:10], str(move.date))
        keys = ("Description", "Quantity", "UnitAmount", "LineAmount", "TaxType", "TaxAmount", "AccountCode")
        lines = [{key: line[key] for key in keys if key in line} for line in item["LineItems"]]
        paid = {"Quantity": 1.0, "AccountCode": "429"}
        taxed = {"UnitAmount": 110.0, "LineAmount": 110.0, "TaxType": "INPUT", "TaxAmount": 10.0}
        free = {"UnitAmount": 33.0, "LineAmount": 33.0, "TaxType": "BASEXCLUDED", "TaxAmount": 0.0}
        self.assertEqual(
            lines,
            [
                {"Description": "Sam Reed: Taxi", **paid, **taxed},
                {"Description": "Sam Reed: Lunch", **paid, **free},
                {"Description": "Dates of the expenses: Taxi: 11/02/2026, Lunch: 10/30/2026"},
            ],
        )
        # Each expense shows the link of their bill.
        for expense in expenses:
            self.assertEqual(expense.xero_link_id, move.xero_link_id)
            self.assertEqual((expense.xero_number, expense.xero_payment_state), (move.name, "unpaid"))
            self.assertEqual(expense.action_xero_open()["url"], expense.xero_url)
        self.assertBooksAgree()

    def test_one_bill_for_each_employee(self):
        expenses = self.spend(post=False) | self.spend(55.0, employee_id=self.kim.id, post=False)
        self.push(self.book(expenses))
        self.assertEqual(sorted(row["Total"] for row in self.bills_in_xero()), [55, 110])
        self.assertEqual(self.xero.count("PUT /Invoices"), 1)

    def test_two_of_one_name_are_two(self):
        # Odoo keeps the name as the reference of both.
        for _twin in range(2):
            self.pushed(self.spend())
        self.assertEqual(len(self.bills_in_xero()), 2)

    def test_a_quantity_at_a_cost(self):
        self.travel.standard_price = 0.88
        expense = self.spend(quantity=137, tax_ids=[Command.clear()], post=False)
        expense._compute_total_amount_currency()
        self.book(expense)
        line = self.pushed(expense)["LineItems"][0]
        self.assertEqual((line["Quantity"], line["UnitAmount"], line["LineAmount"]), (137.0, 0.88, 120.56))

    def test_an_employee_below_the_own_company(self):
        self.sam.work_contact_id.parent_id = self.company.partner_id
        self.assertEqual(self.pushed(self.spend())["Contact"]["Name"], "Sam Reed")

    def test_a_tax_that_is_partly_an_expense_is_refused(self):
        # B1: Xero would book all of it on its tax account, whoever paid
        for account in (self.env["account.account"], self.expense):
            half = self.input_tax.copy({"name": f"Half deductible {account.code}"})
            half.xero_tax_rate_id = self.input_tax.xero_tax_rate_id
            tax = half.invoice_repartition_line_ids.filtered(lambda line: line.repartition_type == "tax")
            tax.factor_percent = 50
            tax.copy({"account_id": account.id})
            for spend in (self.spend, self.spend_company):
                with self.subTest(account=account.name, spend=spend.__name__):
                    expense = spend(tax_ids=[Command.set(half.ids)])
                    self.assertEqual(len(expense.account_move_id.line_ids.filtered("tax_line_id")), 2)
                    self.assertEqual(self.refused(expense), "tax_elsewhere")
                    self.assertFalse(expense.account_move_id.xero_link_id.xero_id)
        self.assertFalse(self.bills_in_xero())

    # === WHAT THE COMPANY PAID === #

    def test_a_bill_to_the_vendor(self):
        # B11
        expense = self.spend_company()
        move = expense.account_move_id
        self.assertEqual(move.move_type, "entry")
        item = self.pushed(expense)
        self.assertEqual((item["Type"], item["Contact"]["Name"]), ("ACCPAY", "Paper Mill Ltd"))
        self.assertEqual((item["InvoiceNumber"], item["SubTotal"], item["TotalTax"]), (move.name, 100.0, 10.0))
        self.assertEqual([line["LineAmount"] for line in item["LineItems"]], [110.0])
        self.assertEqual(item["LineItems"][0]["AccountCode"], "429")
        # It is no manual journal, even where those of its journal are sent.
        move.journal_id.xero_send_entries = True
        self.assertEqual(move._xero_dataset_key(), "invoice")
        self.assertFalse(self.connection._dataset("manual_journal")._kind(move))

    def test_never_to_the_employee(self):
        for vendor in (self.env["res.partner"], self.sam.work_contact_id):
            expense = self.spend_company(vendor_id=vendor.id)
            self.assertEqual(self.refused(expense), "expense_without_vendor")
        self.assertFalse(self.bills_in_xero())
        # Odoo lets the vendor be chosen later on.
        expense.vendor_id = self.vendor
        self.assertEqual(self.pushed(expense)["Contact"]["Name"], "Paper Mill Ltd")

    def test_the_vendor_of_the_rest(self):
        self.connection.expense_vendor_id = self.partner
        self.assertEqual(self.pushed(self.spend_company(vendor_id=False))["Contact"]["Name"], "Blue Gum Pty Ltd")

    def test_a_foreign_receipt(self):
        # B3: the rate is the one of the two amounts
        usd = self.env["res.currency"].search([("name", "=", "USD")])
        self.connection.currency_codes = ["AUD", "USD"]
        expense = self.spend_company(88.0, currency_id=usd.id, total_amount=137.5, post=False)
        expense.total_amount = 137.5
        item = self.pushed(self.book(expense))
        self.assertEqual((item["CurrencyCode"], item["Total"], item["CurrencyRate"]), ("USD", 88.0, 0.64))
        # What the employee is paid back, Odoo books in its own currency.
        own = self.spend(88.0, currency_id=usd.id, post=False)
        own.total_amount = 137.5
        self.push(self.book(own))
        item = self.in_xero(own.account_move_id)
        self.assertEqual((item["CurrencyCode"], item["Total"]), ("AUD", 137.5))

    # === AMOUNTS AND MAPPINGS === #

    def test_every_cent_agrees(self):
        seed = 7 if FIXED_CASES else random.SystemRandom().randrange(10**6)
        chance = random.Random(seed)
        with self.subTest(seed=seed):
            for make in (self.spend, self.spend_company):
                many = self.env["hr.expense"]
                for _number in range(12):
                    many |= make(chance.randrange(1, 30000) / 100, post=False)
                self.book(many)
                self.push(many)
                self.work(self.connection)
                for move in many.account_move_id:
                    self.assertEqual(move.xero_state, "synced", self.problem(move))
                    self.assertFalse(move.xero_link_id.difference)
                total = sum(self.in_xero(move)["Total"] for move in many.account_move_id)
                self.assertAlmostEqual(total, sum(many.mapped("total_amount")), places=6)

    def test_tracking(self):
        # TRK: the analytic distribution of the expense
        category = self.env["xero.tracking.category"].search([("connection_id", "=", self.connection.id)], limit=1)
        plan = self.env["account.analytic.plan"].create({"name": "Region"})
        option = self.env["xero.tracking.option"].search([("category_id", "=", category.id)], limit=1)
        account = self.env["account.analytic.account"].create(
            {"name": "North", "plan_id": plan.id, "xero_tracking_option_id": option.id}
        )
        self.connection.write(
            {"tracking_1_source": "plan", "tracking_1_plan_id": plan.id, "tracking_1_category_id": category.id}
        )
        for make in (self.spend, self.spend_company):
            item = self.pushed(make(analytic_distribution={str(account.id): 100}))
            self.assertEqual([row["Option"] for row in item["LineItems"][0]["Tracking"]], [option.name])

    def test_tracked_by_the_department_of_the_expense(self):
        category = self.env["xero.tracking.category"].search([("connection_id", "=", self.connection.id)], limit=1)
        option = self.env["xero.tracking.option"].search([("category_id", "=", category.id)], limit=1)
        self.sam.department_id = self.env["hr.department"].create({"name": option.name})
        self.connection.write({"tracking_1_source": "department", "tracking_1_category_id": category.id})
        for make in (self.spend, self.spend_company):
            item = self.pushed(make())
            self.assertEqual([row["Option"] for row in item["LineItems"][0]["Tracking"]], [option.name])

    def test_what_is_not_mapped(self):
        for make in (self.spend, self.spend_company):
            expense = make()
            rate = self.input_tax.xero_tax_rate_id
            self.input_tax.xero_tax_rate_id = False
            self.assertIn("Map the tax", self.correction(expense, "tax_unmapped"))
            self.input_tax.xero_tax_rate_id = rate
            account = self.expense.with_company(self.company)
            known, account.xero_account_id = account.xero_account_id, False
            self.connection.default_purchase_account_id = False
            self.correction(expense, "account_unmapped")
            account.xero_account_id = known
            self.pushed(expense)

    def correction(self, expense, code):
        self.assertTrue(expense.xero_message)
        self.assertEqual(self.refused(expense), code)
        domain = [("res_id", "=", expense.account_move_id.id), ("state", "=", "open")]
        return self.env["xero.exception"].search(domain).correction

    # === SETTINGS === #

    def test_status_by_setting(self):
        for setting, status in (
            ("draft", "DRAFT"),
            ("submitted", "SUBMITTED"),
            ("authorised", "AUTHORISED"),
            ("by_state", "AUTHORISED"),
        ):
            self.connection.push_status_expense = setting
            for make in (self.spend, self.spend_company):
                self.assertEqual(self.pushed(make())["Status"], status)

    def test_bills_keep_their_own_status(self):
        self.connection.write({"push_status_expense": "draft", "push_status_bill": "authorised"})
        self.assertEqual(self.pushed(self.spend())["Status"], "DRAFT")
        bill = self.bill()
        self.push(bill)
        self.assertEqual(self.in_xero(bill)["Status"], "AUTHORISED")

    def test_nothing_is_chosen_silently(self):
        # B18
        self.connection.push_status_expense = False
        self.assertFalse(self.connection.statuses_chosen)
        self.assertEqual(self.refused(self.spend()), "status_not_chosen")
        self.connection.action_preset_review()
        self.assertEqual(self.connection.push_status_expense, "draft")
        self.connection.action_preset_direct()
        self.assertEqual(self.connection.push_status_expense, "authorised")

    def test_dry_run_refresh_and_approval_on_the_form(self):
        # XK-03, RUL-09: as on the bill itself
        arch = self.env["hr.expense"].get_view(self.env.ref("hr_expense.hr_expense_view_form").id)["arch"]
        for name in ("push", "dry_run", "refresh", "approve", "reject", "open", "history"):
            self.assertIn(f'name="action_xero_{name}"', arch)
        self.assertIn('name="xero_waits_for"', arch)
        groups = ("account.group_account_invoice", "hr_expense.group_hr_expense_manager")
        clerk = self.new_user("x_clerk", "xero_connector.group_xero_user", *groups)
        boss = self.new_user("x_boss", "xero_connector.group_xero_approver", *groups)
        self.env["xero.approval.rule"].create({"company_id": self.company.id, "kind": "expense"})
        expense = self.spend()
        with self.as_request(expense, clerk) as current:
            shown = self.env["xero.dry.run"].browse(current.action_xero_dry_run()["res_id"])
        self.assertIn(expense.account_move_id.name, shown.body)
        self.push(expense, clerk)
        self.assertEqual(expense.xero_state, "held")
        self.assertTrue(expense.xero_waits_for)
        self.assertFalse(expense.with_user(clerk).xero_can_approve)
        self.assertTrue(expense.with_user(boss).xero_can_approve)
        with self.as_request(expense, boss) as current:
            rejected = current.action_xero_reject()["context"]["default_res_ids"]
            self.assertEqual(rejected, {"account.move": expense.account_move_id.ids})
            current.action_xero_approve()
        self.work(self.connection)
        self.assertEqual(expense.xero_state, "synced")
        with self.as_request(expense, clerk) as current:
            current.action_xero_refresh()

    def test_paid_back_in_the_pay_run(self):
        # B11: by bill or in the pay run, never both
        sent = self.spend()
        self.pushed(sent)
        self.connection.expense_reimbursement = "pay_run"
        expense = self.spend(44.0)
        self.assertFalse(self.refused(expense))
        self.assertEqual((expense.xero_state, expense.xero_link_id.reason), ("excluded", "expense_in_pay_run"))
        # What is a bill already stays one, and what the company paid is none of the employee's.
        sent.account_move_id.invoice_date_due = "2026-12-24"
        self.assertEqual(self.pushed(sent)["DueDateString"], "2026-12-24T00:00:00")
        self.pushed(self.spend_company())

    def test_what_the_pay_run_pays_back_needs_nothing_of_a_bill(self):
        self.connection.write({"expense_reimbursement": "pay_run", "push_status_expense": False})
        self.input_tax.xero_tax_rate_id = False
        expense = self.spend()
        self.assertFalse(self.refused(expense))
        self.assertEqual((expense.xero_state, expense.xero_link_id.reason), ("excluded", "expense_in_pay_run"))
        self.spend(44.0)
        with self.as_request(self.connection) as current:
            current._collect()
        batch = self.env["xero.run"].search([("batch_kind", "=", "expense"), ("company_id", "=", self.company.id)])
        with self.as_request(batch) as current:
            current.action_check()
        self.assertEqual(batch.document_ids.mapped("state"), ["out"])

    def test_sent_when_it_is_posted(self):
        self.env["xero.push.mode"]._create_missing(self.connection)
        modes = self.connection.push_mode_ids.grouped("kind")
        modes["expense"].push_mode = "on_posting"
        bill, both = self.bill(), self.spend() | self.spend_company()
        self.work(self.connection)
        self.assertEqual(both.mapped("xero_state"), ["synced", "synced"])
        self.assertFalse(bill.xero_state)
        # And by schedule what was posted before.
        modes["expense"].push_mode = "manual"
        expense = self.spend()
        modes["expense"].push_mode = "scheduled"
        self.assertEqual(modes["expense"]._ready(), expense.account_move_id)

    # === BY HAND === #

    def test_only_what_is_posted(self):
        expense = self.spend(post=False)
        expense.approval_state = "approved"
        with self.assertRaisesRegex(UserError, "Taxi is not posted yet"):
            self.push(expense)

    def test_pushed_by_code(self):
        # The public key of the data set
        expenses = self.spend() | self.spend_company()
        with self.as_request(expenses) as current:
            self.connection.with_env(current.env).push("expense", current)
        self.work(self.connection)
        self.assertEqual(expenses.mapped("xero_state"), ["synced", "synced"])

    def test_dry_run(self):
        self.push(self.sam.work_contact_id)
        for make in (self.spend, self.spend_company):
            action = make().account_move_id.action_xero_dry_run()
            wizard = self.env["xero.dry.run"].browse(action["res_id"])
            self.assertEqual([row[1:] for row in wizard.total_ids], [["100.00"] * 2, ["10.00"] * 2, ["110.00"] * 2])
            self.assertFalse(self.bills_in_xero())
