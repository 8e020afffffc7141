"""What cannot go is found before any call, with cause and cure, and said beforehand."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import XeroCase


@tagged("post_install", "-at_install")
class TestPreflight(XeroCase):
    def setUp(self):
        super().setUp()
        self.connection = self.connect()
        self.connection.organisation_read_at = "2099-01-01"
        self.env.flush_all()

    def refused(self, move, code):
        """Push `move`: nothing leaves, and the exception has `code`; its sentence."""
        self.xero.sandbox.log.clear()
        action = self.push(move)
        self.assertEqual(self.xero.calls, [], "no call is needed to know this")
        self.assertEqual(action["params"]["type"], "danger")
        self.assertEqual(self.problem(move), code)
        return action["params"]["message"]

    def test_unmapped_tax(self):
        # INV-12, REF-09
        tax = self.gst.copy({"name": "GST nobody mapped"})
        text = self.refused(self.invoice([{"price_unit": 10, "tax_ids": [Command.set(tax.ids)]}]), "tax_unmapped")
        self.assertIn("GST nobody mapped", text)

    def test_unmapped_account(self):
        # REF-04, REF-09: the invoice stays posted
        self.income.with_company(self.company).xero_account_id = False
        move = self.invoice()
        self.assertIn(self.income.name, self.refused(move, "account_unmapped"))
        self.assertEqual(move.state, "posted")

    def test_archived_account(self):
        self.income.with_company(self.company).xero_account_id.status = "ARCHIVED"
        self.refused(self.invoice(), "account_archived")

    def test_bank_account_on_a_line(self):
        bank = self.env["xero.account"].search([("connection_id", "=", self.connection.id), ("type", "=", "BANK")])
        self.income.with_company(self.company).xero_account_id = bank[0]
        self.refused(self.invoice(), "account_not_for_lines")

    def test_tax_on_the_wrong_kind_of_account(self):
        # XQ-02
        expense = self.env["xero.account"].search(
            [("connection_id", "=", self.connection.id), ("type", "=", "OVERHEADS"), ("status", "=", "ACTIVE")],
            limit=1,
        ) or self.env["xero.account"].search(
            [("connection_id", "=", self.connection.id), ("account_class", "=", "EXPENSE")], limit=1
        )
        self.income.with_company(self.company).xero_account_id = expense
        self.refused(self.invoice(), "tax_not_for_account")

    def test_locked_period_is_held_and_said_before(self):
        # B15
        self.connection.period_lock_date = "2026-06-30"
        move = self.invoice(invoice_date="2026-06-30")
        self.assertIn("06/30/2026", move.xero_message, "a date as its reader writes it")
        self.refused(move, "locked_period")
        self.assertEqual(move.xero_state, "held")
        later = self.invoice(invoice_date="2026-07-01")
        self.assertFalse(later.xero_message)

    def test_locked_year(self):
        self.connection.end_of_year_lock_date = "2026-06-30"
        self.refused(self.invoice(invoice_date="2026-06-01"), "locked_year")

    def test_lock_dates_are_read_again_after_half_an_hour(self):
        self.xero.organisation(1).details["PeriodLockDate"] = "2026-06-30"
        self.connection.organisation_read_at = "2026-01-01"
        move = self.invoice(invoice_date="2026-06-30")
        self.push(move)
        self.assertEqual(self.problem(move), "locked_period")
        self.assertEqual(str(self.connection.period_lock_date), "2026-06-30")

    def test_currency_not_subscribed(self):
        sgd = self.env["res.currency"].search([("name", "=", "SGD")])
        self.env["res.currency.rate"].create(
            {"currency_id": sgd.id, "company_id": self.company.id, "name": "2020-01-01", "rate": 0.9}
        )
        self.refused(self.invoice(currency_id=sgd.id), "currency_not_subscribed")

    def test_currency_without_cents(self):
        jpy = self.env["res.currency"].search([("name", "=", "JPY")])
        self.env["res.currency.rate"].create(
            {"currency_id": jpy.id, "company_id": self.company.id, "name": "2020-01-01", "rate": 100}
        )
        self.refused(self.invoice(currency_id=jpy.id), "currency_decimals")

    def test_several_taxes_without_a_combination(self):
        levy = self.gst.copy({"name": "Levy", "amount": 5})
        levy.xero_tax_rate_id = self.gst.xero_tax_rate_id
        text = self.refused(
            self.invoice([{"price_unit": 10, "tax_ids": [Command.set((self.gst | levy).ids)]}]), "combination_unmapped"
        )
        self.assertIn("Levy", text)

    def test_withholding_never_becomes_a_tax_type(self):
        # B6
        withheld = self.gst.copy({"name": "No ABN", "amount": -47})
        withheld.xero_tax_rate_id = self.gst.xero_tax_rate_id
        self.refused(self.invoice([{"price_unit": 10, "tax_ids": [Command.set(withheld.ids)]}]), "tax_negative")

    def test_cash_rounding_in_the_biggest_tax(self):
        rounding = self.env["account.cash.rounding"].create(
            {"name": "In tax", "rounding": 0.05, "strategy": "biggest_tax"}
        )
        self.refused(self.invoice([(1, 10.01)], invoice_cash_rounding_id=rounding.id), "rounding_in_tax")

    def test_no_tax_is_a_mapping_too(self):
        # B4
        self.connection.no_tax_sale_rate_id = False
        self.refused(self.invoice([{"price_unit": 10, "tax_ids": [Command.clear()]}]), "no_tax_unmapped")

    def test_older_than_the_start_is_excluded_until_an_administrator_includes_it(self):
        # B8
        self.connection.sync_from = "2026-10-01"
        move = self.invoice(invoice_date="2026-09-30")
        self.xero.sandbox.log.clear()
        action = self.push(move)
        self.assertEqual(self.xero.calls, [])
        self.assertIn("10/01/2026", action["params"]["message"])
        self.assertEqual(move.xero_state, "excluded")
        self.assertFalse(self.problem(move), "excluded is no exception")
        move.xero_link_id.action_include()
        self.push(move)
        self.assertEqual(move.xero_state, "synced")
        kinds = self.env["xero.event"].search([("res_id", "=", move.id)]).mapped("kind")
        self.assertIn("included", kinds)

    def test_start_and_status_are_asked_for(self):
        # B8, B18
        self.connection.sync_from = False
        self.refused(self.invoice(), "start_not_chosen")
        self.connection.write({"sync_from": "2020-01-01", "push_status_invoice": False})
        self.refused(self.invoice(), "status_not_chosen")

    def test_own_company_as_customer(self):
        # B12
        other = self._make_company("Sister Trading")
        self.new_connection(other)
        move = self.invoice(partner_id=other.partner_id.id)
        self.refused(move, "intercompany")
        self.connection.allow_intercompany = True
        self.push(move)
        self.assertEqual(move.xero_state, "synced")

    def test_unposted_documents_need_an_option(self):
        # INV-23
        move = self.invoice(post=False)
        self.refused(move, "not_posted")
        self.assertFalse(move.xero_pushable)
        self.connection.push_draft_documents = True
        self.env.invalidate_all()
        self.assertTrue(move.xero_pushable)
        self.push(move)
        self.assertEqual(self.in_xero(move)["Status"], "DRAFT")
        with self.as_request(move) as current:
            current.line_ids.filtered("tax_line_id").amount_currency -= 0.01
        self.assertEqual(move.xero_state, "outdated", "its tax was typed in")

    def test_by_state_a_draft_goes_and_is_authorised_when_it_is_posted(self):
        # XM-07
        self.connection.write(
            {f"push_status_{kind}": "by_state" for kind in ("invoice", "credit_note", "bill", "supplier_credit")}
        )
        self.invoice()  # the first of a journal is numbered at once
        for move_type, plural in (
            ("out_invoice", "Invoices"),
            ("in_invoice", "Invoices"),
            ("out_refund", "CreditNotes"),
            ("in_refund", "CreditNotes"),
        ):
            with self.subTest(move_type):
                lines = [{"price_unit": 600, "tax_ids": False}]
                move = self.invoice(lines, move_type=move_type, post=False)
                self.assertTrue(move.xero_pushable)
                self.push(move)
                field = f"{plural[:-1]}Number"
                sent = self.in_xero(move, plural)
                self.assertEqual(sent["Status"], "DRAFT")
                if move_type == "out_invoice":
                    self.assertFalse(move.name)
                    self.assertEqual(sent[field], f"DRAFT-{move.id}")
                with self.as_request(move) as current:
                    current.invoice_line_ids.price_unit = 700
                self.assertEqual(move.xero_state, "outdated")
                self.push(move)
                with self.as_request(move) as current:
                    current.action_post()
                self.assertEqual(move.xero_state, "outdated")
                self.push(move)
                item = self.assertAgrees(move, plural)
                self.assertEqual(
                    (item["Status"], item[field], item["Total"]), ("AUTHORISED", move.name, move.amount_total)
                )
                self.assertEqual(move.xero_link_id.xero_id, sent[f"{plural[:-1]}ID"])

    def test_missing_contact_can_be_an_exception(self):
        # XW-29
        self.connection.on_missing_contact = "exception"
        move = self.invoice()
        self.push(move)
        self.assertEqual(self.problem(self.partner), "contact_missing")
        self.assertEqual(self.problem(move), "contact_not_in_xero")
        self.assertEqual(self.xero.count("PUT /Contacts"), 0)

    def test_documents_of_a_missing_contact_can_be_left_out(self):
        # RUL-11
        self.connection.on_missing_contact = "skip"
        move = self.invoice()
        self.push(move)
        self.assertEqual((move.xero_state, move.xero_link_id.reason), ("excluded", "contact_left_out"))
        self.assertFalse(self.problem(move))
        self.assertFalse(self.partner.xero_link_id)
        self.connection.on_missing_contact = "create"
        self.push(move)
        self.assertEqual(move.xero_state, "synced")

    def test_status_per_company_setting(self):
        # CFG-14, INV-02, INV-03, INV-04, INV-05, CRD-06
        for setting, status in (
            ("draft", "DRAFT"),
            ("submitted", "SUBMITTED"),
            ("authorised", "AUTHORISED"),
            ("by_state", "AUTHORISED"),
        ):
            self.connection.write({"push_status_invoice": setting, "push_status_credit_note": setting})
            invoice, credit = self.invoice(), self.invoice(move_type="out_refund")
            self.push(invoice | credit)
            self.assertEqual(self.in_xero(invoice)["Status"], status)
            self.assertEqual(self.in_xero(credit, "CreditNotes")["Status"], status)

    def test_cured_problem_closes_itself(self):
        income = self.income.with_company(self.company)
        account = income.xero_account_id
        income.xero_account_id = False
        moves = [self.invoice(), self.invoice()]
        for move in moves:
            self.refused(move, "account_unmapped")
        untaxed = self.invoice([{"tax_ids": False, "price_unit": 5, "account_id": self.other_income(account).id}])
        self.connection.no_tax_sale_rate_id = False
        self.refused(untaxed, "no_tax_unmapped")
        problem = self.env["xero.exception"].search([("res_id", "=", moves[0].id)])
        income.xero_account_id = account
        self.connection.no_tax_sale_rate_id = self.env["xero.tax.rate"].search(
            [("connection_id", "=", self.connection.id), ("tax_type", "=", "BASEXCLUDED")]
        )
        with self.as_request(problem) as current:
            current.action_retry_same_cause()
        self.assertEqual(problem.state, "done")
        self.assertEqual([move.xero_state for move in moves], ["synced", "synced"])
        self.assertEqual(untaxed.xero_state, "failed", "another cause, and nobody has asked for it")

    def other_income(self, account):
        """An account of its own that is mapped."""
        other = self.env["account.account"].create(
            {"name": "Other", "code": "990909", "account_type": "income", "company_ids": self.company.ids}
        )
        other.with_company(self.company).xero_account_id = account
        return other

    def test_cents_that_cannot_be_settled_are_held_with_both_figures(self):
        # B2
        self.connection.rounding_tolerance = 0
        self.company.tax_calculation_rounding_method = "round_globally"
        move = self.invoice([(3, price) for price in (12.34, 7.77, 25.06, 25.61, 25.63, 3.33, 9.99, 0.45)])
        text = self.refused(move, "cents_too_many")
        self.assertIn(f"{move.amount_tax:.2f}", text)
        self.assertEqual(move.xero_state, "held")

    def test_without_tax_amounts_the_difference_is_listed(self):
        # B2: a certified app sends no TaxAmount; then the document does not count as agreed
        self.connection.allow_tax_amount = False
        self.company.tax_calculation_rounding_method = "round_globally"
        move = self.invoice([(3, price) for price in (12.34, 7.77, 25.06, 25.61, 25.63, 3.33, 9.99, 0.45)])
        self.push(move)
        self.assertTrue(move.xero_link_id.xero_id)
        self.assertTrue(move.xero_link_id.difference)
        self.assertEqual(self.problem(move), "totals_differ")

    def test_changed_totals_in_the_answer_are_an_exception(self):
        # INV-13
        move = self.invoice()
        self.push(move)
        row = next(iter(self.xero.organisation(1).invoices))
        row["Total"] += 1
        with self.as_request(move) as current:
            current.action_xero_refresh()
        self.assertEqual(move.xero_link_id.difference["fields"]["total"][0], "1100.00")

    def test_nothing_to_push(self):
        entry = self.env["account.move"].create({"move_type": "entry"})
        with self.assertRaisesRegex(UserError, "can be sent"):
            self.push(entry)

    def test_edited_document_is_queued_again(self):
        # ERR-10: a data error waits for somebody; editing and posting again is that
        tax = self.gst.copy({"name": "GST nobody mapped"})
        move = self.invoice([{"price_unit": 10, "tax_ids": [Command.set(tax.ids)]}])
        self.refused(move, "tax_unmapped")
        self.work(self.connection)
        self.assertEqual((move.xero_state, self.xero.calls), ("failed", []))
        move.button_draft()
        move.invoice_line_ids.tax_ids = self.gst
        move.action_post()
        self.assertEqual(move.xero_state, "queued")
        self.assertEqual(self.xero.calls, [], "posting never waits for Xero")
        self.work(self.connection)
        self.assertEqual(move.xero_state, "synced")
        self.assertFalse(self.problem(move))
