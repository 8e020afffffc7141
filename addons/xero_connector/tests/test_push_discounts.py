"""A discount for early payment takes tax back: a credit note in Xero, used for the invoice (books B20)."""

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .books import BooksCase
from .common import LOST


@tagged("post_install", "-at_install")
class TestPushDiscounts(BooksCase):
    def setUp(self):
        super().setUp()
        self.term = self.env["account.payment.term"].create(
            {
                "name": "2 % within 30 days",
                "company_id": self.company.id,
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 30,
                "early_pay_discount_computation": "included",
                "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 60})],
            }
        )
        self.loss = self.company.account_journal_early_pay_discount_loss_account_id
        self.map_account(self.loss, "260")
        self.map_account(self.company.account_journal_early_pay_discount_gain_account_id, "404")

    def discounted(self, net=100.0, **values):
        """A sent invoice, of 110.00, and its payment, of 107.80."""
        move = self.invoice([(1, net)], invoice_payment_term_id=self.term.id, invoice_date="2026-11-05", **values)
        self.push(move)
        return move, self.pay([move])

    def credits(self):
        return [row for row in self.xero.organisation(1).credit_notes if row["Status"] in ("AUTHORISED", "PAID")]

    def states(self, payment):
        return {link.dataset: (link.state, link.reason) for link in self.links(payment)}

    def test_cash_a_credit_note_and_its_use(self):
        move, payment = self.discounted()
        self.assertGreater(len(payment.move_id.line_ids), 2)
        self.push(payment)
        self.work(self.connection)
        done = ("synced", False)
        expected = {"payment": done, "discount": done, "discount_allocation": done}
        self.assertEqual(self.states(payment), expected, self.problem(payment))
        self.assertEqual([float(row["Amount"]) for row in self.payments_in_xero()], [107.8])
        (credit,) = self.credits()
        self.assertEqual((credit["Type"], credit["CreditNoteNumber"]), ("ACCRECCREDIT", payment.name))
        self.assertEqual([float(credit[name]) for name in ("SubTotal", "TotalTax", "Total")], [2.0, 0.2, 2.2])
        item = self.in_xero(move)
        self.assertEqual((item["Status"], item["AmountCredited"]), ("PAID", 2.2))
        self.assertBooksAgree()
        with self.as_request(self.connection) as current:
            current.action_import()
        self.assertFalse(self.problem(move), "credited there, and here")
        self.xero.sandbox.log.clear()
        self.push(payment)
        self.work(self.connection)
        self.assertFalse(self.xero.count("PUT /CreditNotes") + self.xero.count("PUT /Payments"))

    def test_a_customer_restored_in_xero_is_looked_at_again(self):
        _move, payment = self.discounted()
        contacts = self.xero.organisation(1).contacts
        contact = contacts.get(self.partner.xero_link_id.xero_id)
        contacts.put({**contact, "ContactStatus": "ARCHIVED"})
        with self.as_request(self.partner) as partner:
            partner.action_xero_refresh()
        self.push(payment)
        self.work(self.connection)
        problem = self.env["xero.exception"].search([("res_id", "=", payment.id), ("state", "=", "open")])
        self.assertEqual((problem.dataset, problem.code), ("discount", "contact_archived"))
        contacts.put({**contact, "ContactStatus": "ACTIVE"})
        with self.as_request(problem) as current:
            current.action_cure()
        self.work(self.connection)
        self.assertEqual((problem.state, self.states(payment)["discount"]), ("done", ("synced", False)))

    def test_in_a_foreign_currency(self):
        dollar = self.env["res.currency"].search([("name", "=", "USD")])
        for day, rate in (("2026-11-01", 0.65), ("2026-11-10", 0.68)):
            self.env["res.currency.rate"].create(
                {"currency_id": dollar.id, "company_id": self.company.id, "name": day, "rate": rate}
            )
        move, payment = self.discounted(1000.0, currency_id=dollar.id)
        self.push(payment)
        self.work(self.connection)
        self.assertEqual([float(row["Amount"]) for row in self.payments_in_xero()], [1078.0])
        (credit,) = self.credits()
        self.assertEqual((credit["CurrencyCode"], float(credit["Total"])), ("USD", 22.0))
        self.assertEqual(self.status_in_xero(move), "PAID")
        self.assertBooksAgree()

    def approve(self, payment):
        boss = self.new_user("x_boss", "account.group_account_invoice", "xero_connector.group_xero_approver")
        with self.as_request(payment, boss) as current:
            current.action_xero_approve()
        self.work(self.connection)

    def test_an_approval_holds_a_payment_and_its_discount(self):
        # RUL-09
        self.env["xero.approval.rule"].create({"company_id": self.company.id, "kind": "customer_payment"})
        _move, payment = self.discounted()
        self.push(payment)
        self.work(self.connection)
        self.assertEqual((payment.xero_state, self.payments_in_xero(), self.credits()), ("held", [], []))
        self.approve(payment)
        self.assertEqual([float(row["Amount"]) for row in self.payments_in_xero()], [107.8])
        self.assertEqual(len(self.credits()), 1)

    def test_an_approval_of_credit_notes_holds_a_discount(self):
        # RUL-09: the discount is one in Xero
        rule = self.env["xero.approval.rule"].create(
            {"company_id": self.company.id, "kind": "credit_note", "requirement": "above", "amount": 2.5}
        )
        _move, payment = self.discounted()
        self.push(payment)
        self.work(self.connection)
        self.assertEqual(len(self.credits()), 1, "2.20 needs no approval")
        rule.amount = 2
        _move, payment = self.discounted()
        self.push(payment)
        self.work(self.connection)
        self.assertEqual((payment.xero_state, len(self.credits())), ("held", 1))
        plain = self.invoice([(1, 100.0)])
        self.push(plain)
        cash = self.pay([plain])
        self.push(cash)
        self.assertEqual(cash.xero_state, "synced", "no credit note, no approval")
        self.approve(payment)
        self.assertEqual(len(self.credits()), 2)

    def test_under_the_preset_draft_a_discount_is_authorised(self):
        # A draft cannot be used for the invoice; the payment waits until that is approved.
        self.connection.push_status_credit_note = "draft"
        self.discounted_and_paid()
        self.assertEqual([row["Status"] for row in self.credits()], ["PAID"])

    def discounted_and_paid(self):
        _move, payment = self.discounted()
        self.push(payment)
        self.work(self.connection)

    def test_a_bill(self):
        bill = self.bill([(1, 100.0)], post=False, invoice_payment_term_id=self.term.id, invoice_date="2026-11-05")
        bill.action_post()
        self.push(bill)
        payment = self.pay([bill])
        self.push(payment)
        self.work(self.connection)
        (credit,) = self.credits()
        self.assertEqual((credit["Type"], float(credit["Total"])), ("ACCPAYCREDIT", 2.2))
        self.assertEqual(self.status_in_xero(bill), "PAID")
        self.assertBooksAgree()

    @mute_logger("odoo.addons.xero_connector")
    def test_a_lost_answer_gives_it_once(self):
        for path in ("/CreditNotes$", "/Allocations$"):
            for kind in LOST:
                with self.subTest(kind, path=path):
                    before = len(self.credits())
                    move, payment = self.discounted()
                    self.xero.sandbox.faults.add(kind, method="PUT", path=path, times=1)
                    self.push(payment)
                    self.age(minutes=7)
                    self.work_until(
                        lambda m=move, p=payment: (self.status_in_xero(m), p.xero_state) == ("PAID", "synced")
                    )
                    self.assertEqual(len(self.credits()), before + 1)
                    self.assertEqual((self.status_in_xero(move), payment.xero_state), ("PAID", "synced"))
                    self.xero.sandbox.faults.clear()

    def test_the_account_of_the_discount_has_to_be_mapped(self):
        self.loss.xero_account_id = False
        _move, payment = self.discounted()
        self.push(payment)
        self.work(self.connection)
        self.assertEqual(self.states(payment)["payment"], ("synced", False), "the cash goes all the same")
        self.assertEqual(self.states(payment)["discount"], ("failed", "account_unmapped"))
        self.assertFalse(self.credits())

    def undo(self, run):
        boss = self.new_user("boss", "account.group_account_manager", "xero_connector.group_xero_admin")
        with self.as_request(run, boss) as current:
            wizard = self.env["xero.undo"].browse(current.action_undo()["res_id"])
        self.assertEqual(wizard.stay_count, 0)
        with self.as_request(wizard, boss) as current:
            current.action_undo()
        self.work(self.connection)

    def assertTakenBack(self, move, payment):
        self.assertFalse(self.payments_in_xero() + self.credits())
        item = self.in_xero(move)
        self.assertEqual((item["Status"], item["AmountCredited"], item["AmountDue"]), ("AUTHORISED", 0, 110))
        self.assertEqual({state for state, _reason in self.states(payment).values()}, {"excluded"})

    def test_undo_takes_the_discount_back(self):
        # B16: the allocation, then the credit note, then the cash, whichever runs have sent them
        move, payment = self.discounted()
        self.push(payment)
        self.work(self.connection)
        self.undo(self.links(payment).filtered(lambda link: link.dataset == "payment").run_id)
        self.assertTakenBack(move, payment)

    def test_a_cancelled_payment_takes_its_discount_back(self):
        self.connection.on_cancel = "void"
        for undo in ("action_cancel", "action_reject"):
            with self.subTest(undo):
                move, payment = self.discounted()
                self.push(payment)
                self.work(self.connection)
                getattr(payment, undo)()
                self.push(payment)
                self.work(self.connection)
                self.assertTakenBack(move, payment)
                calls = len(self.xero.calls)
                self.push(payment)
                self.work(self.connection)
                self.assertEqual(len(self.xero.calls), calls)

    def test_a_cancelled_payment_leaves_its_credit_note_to_a_person(self):
        _move, payment = self.discounted()
        self.push(payment)
        self.work(self.connection)
        payment.action_cancel()
        self.push(payment)
        self.work(self.connection)
        self.assertEqual(self.states(payment)["discount"], ("outdated", "discount_cancelled_in_odoo"))
        problem = self.env["xero.exception"].search(
            [("res_id", "=", payment.id), ("code", "=", "discount_cancelled_in_odoo")]
        )
        self.assertIn(self.credits()[0]["CreditNoteNumber"], problem.cause)

    @mute_logger("odoo.addons.xero_connector")
    def test_a_lost_answer_takes_it_back_once(self):
        self.connection.on_cancel = "void"
        for method, path in (("DELETE", "/Allocations/"), ("POST", "/CreditNotes")):
            for kind in LOST:
                for minutes in (1, 7):
                    with self.subTest(kind, path=path, minutes=minutes):
                        move, payment = self.discounted()
                        self.push(payment)
                        self.work(self.connection)
                        payment.action_cancel()
                        self.xero.sandbox.faults.add(kind, method=method, path=path, times=1)
                        self.push(payment)
                        self.work(self.connection)
                        self.age(minutes=minutes)
                        self.work_until(lambda p=payment: {s for s, _r in self.states(p).values()} == {"excluded"})
                        self.assertTakenBack(move, payment)
                        self.xero.sandbox.faults.clear()

    @mute_logger("odoo.addons.xero_connector")
    def test_what_somebody_has_taken_back_in_xero_is_no_obstacle(self):
        move, payment = self.discounted()
        self.push(payment)
        self.work(self.connection)
        (credit,) = self.credits()
        (part,) = credit["allocations"]
        self.xero.act("deallocate", credit_note=credit["CreditNoteID"], allocation=part["AllocationID"])
        payment.action_cancel()
        self.connection.on_cancel = "void"
        self.push(payment)
        self.work(self.connection)
        self.assertTakenBack(move, payment)

    def test_posted_again_the_discount_is_a_question(self):
        # XQ-01: the number of a voided credit note is used up
        self.connection.on_cancel = "void"
        move, payment = self.discounted()
        self.push(payment)
        self.work(self.connection)
        payment.action_cancel()
        self.push(payment)
        self.work(self.connection)
        payment.action_draft()
        payment.action_post()
        lines = (move | payment.move_id).line_ids
        lines.filtered(lambda x: x.account_type == "asset_receivable" and not x.reconciled).reconcile()
        self.push(payment)
        self.work(self.connection)
        self.assertEqual([float(row["Amount"]) for row in self.payments_in_xero()], [107.8])
        self.assertEqual(self.states(payment)["discount"], ("failed", "number_deleted"))
        self.links(payment).filtered(lambda link: link.dataset == "discount").number_override = "EPD-1"
        self.push(payment)
        self.work(self.connection)
        self.assertEqual([row["CreditNoteNumber"] for row in self.credits()], ["EPD-1"])
        self.assertEqual((self.status_in_xero(move), payment.xero_state), ("PAID", "synced"))

    def test_on_several_invoices_it_is_reported(self):
        moves = [
            self.invoice([(1, 100.0)], invoice_payment_term_id=self.term.id, invoice_date="2026-11-05")
            for _number in range(2)
        ]
        self.push(moves[0] | moves[1])
        payment = self.pay(moves, group_payment=True)
        self.push(payment)
        self.assertIn("payment_discount_with_tax", self.links(payment).mapped("reason"))
        self.assertFalse(self.credits())
