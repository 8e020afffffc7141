"""Undo of a push: exactly what it created is voided or deleted in Xero, each refusal explained (B16)."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_push_payments import PaymentCase


@tagged("post_install", "-at_install")
class TestUndo(PaymentCase):
    def setUp(self):
        super().setUp()
        self.boss = self.new_user("x_boss", "xero_connector.group_xero_admin", "account.group_account_manager")

    def wizard(self, run):
        """What the undo of `run` would do."""
        with self.as_request(run, self.boss) as current:
            action = current.action_undo()
        return self.env["xero.undo"].browse(action["res_id"])

    def undo(self, run):
        wizard = self.wizard(run)
        self.xero.sandbox.log.clear()
        with self.as_request(wizard, self.boss) as current:
            action = current.action_undo()
        self.work(self.connection)
        return self.env["xero.run"].browse(action["res_id"])

    def sent(self, *moves):
        """`moves`, pushed in one run; the run."""
        records = self.env["account.move"].union(*moves)
        self.push(records)
        return records[0].xero_link_id.run_id

    def statuses(self, moves):
        return [self.in_xero(move)["Status"] for move in moves]

    def test_what_the_push_created_is_voided_and_nothing_else(self):
        before = self.invoice([(1, 50.0)])
        self.push(before)
        moves = self.invoice([(1, 100.0)]) | self.invoice([(1, 200.0)])
        run = self.sent(*moves)
        wizard = self.wizard(run)
        self.assertEqual(wizard.line_ids.link_id, moves.xero_link_id)
        self.assertEqual((wizard.undo_count, wizard.stay_count), (2, 0))
        undo = self.undo(run)
        self.assertEqual(self.statuses(moves), ["VOIDED", "VOIDED"])
        self.assertEqual(self.statuses(before), ["AUTHORISED"])
        self.assertEqual(self.xero.count("POST /Invoices"), 1, "one call for both")
        self.assertEqual((undo.state, undo.done, undo.failed, undo.undoes_id), ("done", 2, 0, run))
        for move in moves:
            self.assertEqual((move.state, move.xero_state, move.xero_status), ("posted", "excluded", "VOIDED"))
        self.assertEqual(self.xero_total_of_ledger(), self.total(before))

    def xero_total_of_ledger(self):
        rows = [row for row in self.read_xero("/Invoices?unitdp=4")["Invoices"] if row["Status"] == "AUTHORISED"]
        return sum(row["Total"] for row in rows)

    def total(self, moves):
        return sum(moves.mapped("amount_total"))

    def test_no_schedule_sends_it_again(self):
        move = self.invoice()
        self.undo(self.sent(move))
        self.mode("scheduled")
        self.xero.sandbox.log.clear()
        self.schedules()
        self.assertFalse([call for call in self.xero.calls if call["method"] in ("PUT", "POST")])
        move.write({"ref": "changed"})
        self.assertEqual(move.xero_state, "excluded")

    def test_drafts_are_deleted(self):
        self.connection.push_status_invoice = "draft"
        move = self.invoice()
        self.undo(self.sent(move))
        self.assertEqual(self.statuses(move), ["DELETED"])

    def test_a_paid_one_stays_and_says_why(self):
        free, paid = self.invoice([(1, 100.0)]), self.invoice([(1, 100.0)])
        run = self.sent(free, paid)
        self.xero.act("pay", invoice=paid.xero_link_id.xero_id, amount=10, account="090", date="2026-11-10")
        # Not known here yet: Xero refuses, and that is told.
        undo = self.undo(run)
        self.assertEqual(self.statuses(free | paid), ["VOIDED", "AUTHORISED"])
        self.assertEqual((undo.done, undo.failed), (1, 1))
        self.assertEqual(paid.xero_state, "synced")
        event = undo.event_ids.filtered(lambda event: event.res_id == paid.id)
        self.assertTrue(event.message)
        self.assertEqual(event.result, "skipped")
        # What was changed before is still to be sent, and somebody is told.
        paid.button_draft()
        paid.invoice_line_ids.price_unit = 120.0
        paid.action_post()
        undo = self.undo(run)
        self.assertEqual((undo.failed, paid.xero_state), (1, "outdated"))
        self.assertTrue(self.problem(paid))
        # Known: it costs no call.
        paid.xero_link_id.sudo().figures = {"AmountPaid": 10.0}
        wizard = self.wizard(run)
        self.assertEqual(wizard.stay_count, 1)
        self.assertIn("paid or credited", wizard.line_ids.outcome)
        with self.assertRaisesRegex(UserError, "can be taken back"), self.as_request(wizard, self.boss) as current:
            current.action_undo()

    def test_a_locked_one_stays(self):
        move = self.invoice(invoice_date="2026-10-05", date="2026-10-05")
        run = self.sent(move)
        self.connection.period_lock_date = "2026-10-31"
        wizard = self.wizard(run)
        self.assertEqual(wizard.undo_count, 0)
        self.assertIn("2026", wizard.line_ids.outcome)

    def test_a_payment_is_deleted(self):
        move = self.invoice([(1, 100.0)])
        self.push(move)
        payment = self.pay([move])
        self.push(payment)
        run = self.links(payment).run_id
        self.undo(run)
        link = self.links(payment)
        self.assertEqual((link.state, link.xero_status), ("excluded", "DELETED"))
        item = self.in_xero(move)
        self.assertEqual((item["Status"], item["AmountPaid"]), ("AUTHORISED", 0))
        self.assertEqual(len([call for call in self.xero.calls if "/Payments/" in call["path"]]), 1)

    def test_a_contact_whose_partner_was_merged_is_still_what_the_push_created(self):
        pushed, kept = self.env["res.partner"].create([{"name": "Twin"}, {"name": "Twin Pty Ltd"}])
        self.push(pushed)
        run = pushed.xero_link_id.run_id
        self.env["base.partner.merge.automatic.wizard"].create({})._merge((pushed | kept).ids, dst_partner=kept)
        self.env.invalidate_all()
        self.assertEqual(self.wizard(run).line_ids.link_id, kept.xero_link_id)

    def test_who_pushes_a_payment_again_sends_it_again(self):
        # B16: only schedules leave it alone
        self.env["xero.push.mode"]._create_missing(self.connection)
        move = self.invoice([(1, 100.0)])
        self.push(move)
        payment = self.pay([move])
        self.push(payment)
        self.undo(self.links(payment).run_id)
        self.mode("scheduled", "customer_payment", last_start=False)
        self.schedules()
        self.assertEqual((payment.xero_state, self.payments_in_xero()), ("excluded", []))
        self.push(payment)
        self.assertEqual((payment.xero_state, self.in_xero(move)["Status"]), ("synced", "PAID"))
        self.assertEqual(len(self.payments_in_xero()), 1)

    def test_who_pushes_an_entry_again_sends_it_again(self):
        # B16: a journal has no number that would be used up
        entry = self.journal_entry()
        self.undo(self.sent(entry))
        old = entry.xero_link_id.xero_id
        self.push(entry)
        self.assertEqual(entry.xero_state, "synced")
        self.assertNotEqual(entry.xero_link_id.xero_id, old)
        journal = self.read_xero(f"/ManualJournals/{entry.xero_link_id.xero_id}")["ManualJournals"][0]
        self.assertEqual(journal["Status"], "POSTED")

    def test_a_reconciled_payment_stays(self):
        move = self.invoice([(1, 100.0)])
        self.push(move)
        payment = self.pay([move])
        self.push(payment)
        link = self.links(payment)
        self.xero.act("reconcile", payment=link.xero_id)
        undo = self.undo(link.run_id)
        self.assertEqual((undo.done, undo.failed, link.state), (0, 1, "synced"))
        self.assertIn("reconciled", undo.event_ids.filtered("res_id").message)

    def test_journal_entries_are_voided(self):
        entry = self.journal_entry()
        self.undo(self.sent(entry))
        journal = self.read_xero(f"/ManualJournals/{entry.xero_link_id.xero_id}")["ManualJournals"][0]
        self.assertEqual(journal["Status"], "VOIDED")

    def test_a_lost_answer_is_found_out(self):
        move = self.invoice()
        run = self.sent(move)
        self.xero.sandbox.faults.add("drop_after", path="/Invoices", method="POST", times=1)
        undo = self.undo(run)
        self.assertEqual([entry["kind"] for entry in self.xero.sandbox.faults.log], ["drop_after"])
        self.assertEqual((move.xero_state, undo.state), ("excluded", "done"))
        self.assertEqual(self.statuses(move), ["VOIDED"])

    def test_after_a_refusal_a_push_is_a_push_again(self):
        paid = self.invoice([(1, 100.0)])
        run = self.sent(paid)
        self.xero.act("pay", invoice=paid.xero_link_id.xero_id, amount=10, account="090", date="2026-11-10")
        self.undo(run)
        with self.as_request(paid) as current:
            body = self.env["xero.dry.run"].with_env(current.env)._open(current)
        wizard = self.env["xero.dry.run"].browse(body["res_id"])
        self.assertIn("LineItems", wizard.body)

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_what_is_gone_there_is_not_taken_back_again(self):
        gone, move = self.invoice(), self.invoice()
        run = self.sent(gone, move)
        gone.xero_link_id.xero_status = "VOIDED"
        lines = {line.link_id: line for line in self.wizard(run).line_ids}
        self.assertEqual((lines[gone.xero_link_id].possible, lines[gone.xero_link_id].code), (False, "undo_gone"))
        self.assertTrue(lines[move.xero_link_id].possible)

    def test_two_who_look_at_the_same_push_undo_it_once(self):
        move = self.invoice()
        first, second = (self.wizard(run) for run in [self.sent(move)] * 2)
        for state in ("sending", "in_doubt", "excluded"):
            with self.subTest(state=state):
                move.xero_link_id.state = state
                with self.as_request(second, self.boss) as current, self.assertRaisesRegex(UserError, "taken back"):
                    current.action_undo()
                self.assertEqual(move.xero_link_id.state, state)
        move.xero_link_id.state = "synced"
        with self.as_request(first, self.boss) as current:
            current.action_undo()
        self.work(self.connection)
        self.assertEqual(self.statuses(move), ["VOIDED"])

    def test_only_administrators(self):
        run = self.sent(self.invoice())
        approver = self.new_user("x_app", "xero_connector.group_xero_approver", "account.group_account_invoice")
        wizard = self.wizard(run)
        with self.assertRaises(AccessError):
            run.with_user(approver).action_undo()
        with self.assertRaises(AccessError):
            wizard.with_user(approver).action_undo()
        with self.assertRaises(AccessError):
            wizard.with_user(self.boss).write({"run_id": run.id})

    def test_what_stays_is_listed(self):
        # B16: the contact that came along is not forgotten
        partner = self.env["res.partner"].create({"name": "New with this push"})
        move = self.invoice(partner_id=partner.id)
        wizard = self.wizard(self.sent(move))
        self.assertEqual((wizard.undo_count, wizard.stay_count), (1, 1))
        stays = wizard.line_ids.filtered(lambda line: not line.possible)
        self.assertEqual(stays.link_id, partner.xero_link_id)
        self.assertIn("other documents may use it", stays.outcome)
        with self.as_request(wizard, self.boss) as current:
            current.action_undo()
        self.work(self.connection)
        self.assertEqual(self.statuses(move), ["VOIDED"])
        self.assertEqual(partner.xero_state, "synced")

    def test_what_changed_meanwhile_is_taken_back_all_the_same(self):
        move = self.invoice([(1, 100.0)])
        run = self.sent(move)
        self.partner.phone = "02 5550 1234"
        self.env["xero.link"]._mark_followers_changed("account.move", move.ids)
        self.assertEqual(move.xero_state, "outdated")
        self.undo(run)
        self.assertEqual(self.statuses(move), ["VOIDED"])
        self.assertEqual(move.xero_state, "excluded")
        self.assertEqual((self.partner.xero_state, self.partner.xero_link_id.reason), ("outdated", False))

    def test_what_was_edited_meanwhile_is_taken_back_all_the_same(self):
        move = self.invoice([(1, 100.0)])
        run = self.sent(move)
        move.button_draft()
        move.invoice_line_ids.price_unit = 120.0
        move.action_post()
        self.undo(run)
        self.assertEqual(self.statuses(move), ["VOIDED"])
        self.assertEqual((move.xero_state, move.xero_link_id.changed), ("excluded", False))

    def test_what_somebody_made_in_xero_stays(self):
        # B16, B19: the push has only linked it
        self.connection.payment_direction = "both"
        move = self.invoice([(1, 100.0)])
        self.push(move)
        body = {"Invoice": {"InvoiceID": move.xero_link_id.xero_id}, "Account": {"Code": "090"}, "Date": "2026-11-12"}
        theirs = self.create_in_xero("/Payments", {**body, "Amount": 55.0})["Payments"][0]["PaymentID"]
        same, ours = self.pay([move], amount=55.0), self.pay([move], amount=20.0)
        self.push(same | ours)
        self.assertEqual(same.xero_link_id.xero_id, theirs)
        wizard = self.wizard(self.links(ours).run_id)
        self.assertEqual((wizard.undo_count, wizard.stay_count), (1, 1))
        stays = wizard.line_ids.filtered(lambda line: not line.possible)
        self.assertEqual(stays.link_id.xero_id, theirs)
        self.assertIn("somebody made it there", stays.outcome)
        with self.as_request(wizard, self.boss) as current:
            current.action_undo()
        self.work(self.connection)
        for xero_id, status in ((theirs, "AUTHORISED"), (self.links(ours).xero_id, "DELETED")):
            self.assertEqual(self.read_xero(f"/Payments/{xero_id}")["Payments"][0]["Status"], status)

    def test_one_that_we_paid_stays_and_says_so_before(self):
        # B16: no import has told yet that it is paid
        move = self.invoice([(1, 100.0)])
        run = self.sent(move)
        self.push(self.pay([move], amount=20.0))
        wizard = self.wizard(run)
        self.assertEqual((wizard.undo_count, wizard.stay_count), (0, 1))
        self.assertIn("paid or credited", wizard.line_ids.outcome)

    def test_an_allocated_credit_note_stays(self):
        move, credit = self.invoice([(1, 100.0)]), self.invoice([(1, 30.0)], move_type="out_refund")
        run = self.sent(credit)
        self.push(move)
        lines = (move | credit).line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        lines.reconcile()
        self.push(credit)
        self.assertTrue(credit.xero_link_ids.filtered(lambda link: link.dataset == "credit_allocation").xero_id)
        for sent in (run, move.xero_link_id.run_id):
            wizard = self.wizard(sent)
            self.assertEqual((wizard.undo_count, wizard.stay_count), (0, 1))
            self.assertIn("paid or credited", wizard.line_ids.outcome)

    def test_nothing_to_undo(self):
        move = self.invoice()
        run = self.sent(move)
        self.undo(run)
        with self.assertRaisesRegex(UserError, "created nothing in Xero"):
            self.wizard(run)
