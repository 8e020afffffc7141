"""What was cancelled in Odoo is reported, or voided or deleted in Xero (B14)."""

from odoo.tests import tagged

from .test_push_bills import BillCase


@tagged("post_install", "-at_install")
class TestCancel(BillCase):
    def cancelled(self, move, rule="void"):
        """`move`, sent and then cancelled."""
        self.connection.on_cancel = rule
        self.push(move)
        move.button_draft()
        move.button_cancel()
        self.xero.sandbox.log.clear()
        return move

    def writes(self):
        return self.xero.count("POST /Invoices") + self.xero.count("POST /CreditNotes")

    def test_reported_unless_the_company_wants_more(self):
        move = self.cancelled(self.invoice(), rule="report")
        self.push(move)
        self.assertEqual(self.problem(move), "cancelled_in_odoo")
        self.assertEqual(self.in_xero(move)["Status"], "AUTHORISED")
        self.assertFalse(self.writes())

    def test_the_schedule_carries_it_out(self):
        self.env["xero.push.mode"]._create_missing(self.connection)
        self.mode("scheduled", last_start=False)
        move = self.cancelled(self.invoice())
        with self.as_request(self.connection.push_mode_ids) as current:
            current.connection_id._start_due_pushes()
        self.work(self.connection)
        self.assertEqual((self.in_xero(move)["Status"], move.xero_state), ("VOIDED", "excluded"))

    def test_an_authorised_one_is_voided_once(self):
        for make, plural in ((self.invoice, "Invoices"), (self.bill, "Invoices"), (self.credit, "CreditNotes")):
            with self.subTest(make.__name__):
                move = self.cancelled(make())
                self.push(move)
                self.assertEqual(self.in_xero(move, plural)["Status"], "VOIDED")
                self.assertEqual((move.xero_state, move.xero_status), ("excluded", "VOIDED"))
                self.assertFalse(self.problem(move))
                self.assertEqual(self.writes(), 1)
                self.push(move)
                self.assertEqual(self.writes(), 1)

    def test_a_draft_is_deleted(self):
        self.connection.push_status_invoice = "draft"
        move = self.cancelled(self.invoice())
        self.push(move)
        self.assertEqual(self.in_xero(move)["Status"], "DELETED")

    def test_a_draft_that_is_cancelled_is_noticed(self):
        # XM-07, B14: nobody resets a draft before he cancels it
        self.connection.write({"push_status_invoice": "by_state", "on_cancel": "void"})
        move = self.invoice(post=False)
        self.push(move)
        self.assertEqual((move.xero_state, move.xero_status), ("synced", "DRAFT"))
        move.button_cancel()
        self.assertEqual(move.xero_state, "outdated")
        self.push(move)
        self.assertEqual((self.in_xero(move)["Status"], move.xero_state), ("DELETED", "excluded"))

    def test_a_draft_that_travelled_is_noticed_when_its_lines_change(self):
        # XM-07: by a remote call, too
        self.connection.push_status_invoice = "by_state"
        line = {"name": "One more", "account_id": self.income.id, "price_unit": 9000, "tax_ids": False}
        usd = self.env["res.currency"].search([("name", "=", "USD")])
        edits = {
            "line": lambda move: self.env["account.move.line"].create({"move_id": move.id, **line}),
            "line less": lambda move: move.invoice_line_ids[1].unlink(),
            "currency": lambda move: move.write({"currency_id": usd.id}),
        }
        for name, edit in edits.items():
            with self.subTest(name):
                move = self.invoice([(1, 10.0), (1, 20.0)], post=False)
                self.push(move)
                self.assertEqual(move.xero_state, "synced")
                edit(move)
                self.assertEqual(move.xero_state, "outdated")

    def journal_in_xero(self, entry):
        return self.read_xero(f"/ManualJournals/{entry.xero_link_id.xero_id}")["ManualJournals"][0]

    def test_an_entry_is_voided_and_posted_again_it_goes_again(self):
        entry = self.cancelled(self.journal_entry())
        self.push(entry)
        self.assertEqual((self.journal_in_xero(entry)["Status"], entry.xero_state), ("VOIDED", "excluded"))
        self.assertFalse(self.problem(entry))
        self.push(entry)
        self.assertEqual(self.xero.count("POST /ManualJournals"), 1)
        entry.button_draft()
        entry.action_post()
        self.assertEqual(entry.xero_state, "outdated")
        self.push(entry)
        self.assertEqual((self.journal_in_xero(entry)["Status"], entry.xero_state), ("POSTED", "synced"))

    def test_an_entry_of_a_locked_period_stays(self):
        entry = self.cancelled(self.journal_entry(date="2026-11-02"))
        self.connection.write({"period_lock_date": "2026-11-05", "organisation_read_at": "2099-01-01"})
        self.push(entry)
        self.assertEqual(self.problem(entry), "cancelled_but_locked")
        self.assertFalse(self.xero.count("POST /ManualJournals"))

    def test_what_is_paid_in_xero_stays(self):
        move = self.invoice([(1, 100.0)])
        self.push(move)
        self.xero.act("pay", invoice=move.xero_link_id.xero_id, amount=10, account="090", date="2026-11-10")
        move = self.cancelled(move)
        self.push(move)
        self.assertIn(self.problem(move), ("cancelled_but_paid", "not_editable"))
        self.assertEqual(self.in_xero(move)["Status"], "AUTHORISED")

    def test_what_is_known_to_be_paid_costs_no_call(self):
        move = self.cancelled(self.invoice())
        move.xero_link_id.sudo().figures = {"AmountPaid": 10.0}
        self.push(move)
        self.assertEqual(self.problem(move), "cancelled_but_paid")
        self.assertFalse(self.writes())

    def test_never_in_a_locked_period(self):
        move = self.cancelled(self.invoice(invoice_date="2026-11-02"))
        self.connection.write({"period_lock_date": "2026-11-05", "organisation_read_at": "2099-01-01"})
        self.push(move)
        self.assertEqual(self.problem(move), "cancelled_but_locked")
        self.assertFalse(self.writes())

    def test_a_lost_answer(self):
        for kind in ("drop_before", "drop_after"):
            with self.subTest(kind=kind):
                move = self.cancelled(self.invoice())
                self.xero.sandbox.faults.add(kind, method="POST", path="/Invoices$", times=1)
                self.push(move)
                self.assertEqual(move.xero_state, "in_doubt")
                self.age(minutes=7)
                for _pass in range(4):
                    self.work(self.connection)
                    self.age(seconds=30)
                self.assertEqual(move.xero_state, "excluded")
                self.assertEqual(self.in_xero(move)["Status"], "VOIDED")
                self.xero.sandbox.faults.clear()
