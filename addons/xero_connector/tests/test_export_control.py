"""Export Control: see, choose, check, send and follow, per batch type (EXP-01, EXP-03, EXP-04, EXP-06, XW-23..26)."""

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from ..datasets.problem import Problem
from ..engine import check
from ..models import xero_run_batch
from .common import XeroCase


class ExportCase(XeroCase):
    """A connected company, somebody who exports, and an administrator."""

    def setUp(self):
        super().setUp()
        self.connection = self.connect()
        self.user = self.new_user("x_export", "xero_connector.group_xero_user", "account.group_account_invoice")
        self.boss = self.new_user("x_boss", "xero_connector.group_xero_admin", "account.group_account_manager")

    def collect(self, user=None):
        """Open Export Control as `user`; the batches of this company."""
        with self.as_request(self.env["xero.run"], user or self.user) as current:
            current.action_export_control()
        return self.env["xero.run"].search([("batch_kind", "!=", False), ("company_id", "=", self.company.id)])

    def press(self, name, records, user=None):
        with self.as_request(records, user or self.user) as current:
            return getattr(current, name)()

    def export(self, batch):
        self.press("action_close", batch)
        self.press("action_export", batch)
        self.work(self.connection)

    def writes(self):
        return [call for call in self.xero.calls if call["method"] in ("PUT", "POST")]

    def unmapped(self, code):
        """An income account that nobody has mapped."""
        self.connection.default_sales_account_id = False
        account = self.income.copy({"name": "Not mapped", "code": code})
        account.xero_account_id = False
        return account


@tagged("post_install", "-at_install")
class TestExportControl(ExportCase):
    # === COLLECTING === #

    def test_a_batch_for_each_type_and_month(self):
        # EXP-01, EXP-03
        first = self.invoice(invoice_date="2026-10-05", date="2026-10-05")
        second = self.invoice(invoice_date="2026-10-20", date="2026-10-20")
        later = self.invoice(invoice_date="2026-11-02", date="2026-11-02")
        credit = self.invoice(move_type="out_refund", invoice_date="2026-11-03", date="2026-11-03")
        self.invoice(post=False)
        self.xero.sandbox.log.clear()
        batches = self.collect()
        found = {
            (batch.batch_kind, str(batch.date_from)): set(batch.document_ids.mapped("res_id")) for batch in batches
        }
        expected = {
            ("invoice", "2026-10-01"): {first.id, second.id},
            ("invoice", "2026-11-01"): {later.id},
            ("credit_note", "2026-11-01"): {credit.id},
        }
        self.assertEqual(found, expected)
        self.assertEqual(set(batches.mapped("state")), {"open"})
        self.assertFalse(self.xero.calls)
        # Looking again brings nothing twice.
        self.assertEqual(self.collect(), batches)
        self.assertEqual(len(batches.document_ids), 4)

    def test_journal_entries_have_batches_of_their_own(self):
        entry = self.journal_entry(date="2026-11-04")
        batch = self.collect()
        self.assertEqual((batch.batch_kind, batch.document_ids.res_id), ("manual_journal", entry.id))
        self.export(batch)
        self.assertEqual(entry.xero_state, "synced")

    def test_what_is_in_xero_or_goes_by_itself_is_not_collected(self):
        sent = self.invoice()
        self.push(sent)
        self.assertFalse(self.collect())
        self.mode("scheduled")
        waiting = self.invoice()
        self.assertFalse(self.collect())
        self.press("action_collect", self.env["xero.run"])
        batch = self.env["xero.run"].search([("batch_kind", "=", "invoice")])
        self.assertEqual(batch.document_ids.res_id, waiting.id)

    def test_sums_of_every_type_equal_the_ledger(self):
        # EXP-01
        dollar = self.env.ref("base.USD").id
        moves = self.env["account.move"]
        for move_type in ("out_invoice", "out_refund", "in_invoice", "in_refund"):
            for number, values in enumerate(({}, {"currency_id": dollar})):
                lines = [{"price_unit": 333.33 + number, "tax_ids": False}]
                moves |= self.invoice(lines, move_type=move_type, ref=f"{move_type} {number}", **values)
        entries = self.journal_entry() | self.journal_entry()
        by_kind = {batch.batch_kind: batch for batch in self.collect()}
        debits = sum(entries.line_ids.filtered(lambda line: line.balance > 0).mapped("balance"))
        self.assertAlmostEqual(by_kind["manual_journal"].amount, debits, places=2)
        for move_type, kind in (
            ("out_invoice", "invoice"),
            ("out_refund", "credit_note"),
            ("in_invoice", "bill"),
            ("in_refund", "supplier_credit"),
        ):
            same = moves.filtered(lambda move, wanted=move_type: move.move_type == wanted)
            terms = same.line_ids.filtered(lambda line: line.display_type == "payment_term")
            self.assertAlmostEqual(by_kind[kind].amount, abs(sum(terms.mapped("balance"))), places=2, msg=kind)

    def test_sums_equal_the_ledger(self):
        moves = self.invoice([(1, 100)]) | self.invoice([(3, 33.33)])
        moves |= self.invoice([(2, 70)], currency_id=self.env.ref("base.USD").id)
        batch = self.collect()
        receivable = moves.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        self.assertAlmostEqual(batch.amount, sum(receivable.mapped("balance")), places=2)
        first = batch.document_ids.filtered(lambda document: document.res_id == moves[0].id)
        self.press("action_leave_out", first)
        self.assertAlmostEqual(batch.amount, sum(receivable.mapped("balance")) - moves[0].amount_total, places=2)

    # === CHECKING === #

    def test_every_warning_stands_beside_its_document(self):
        for text in ("Look at the customer", "Look at the account"):
            self.env["xero.validation.rule"].create(
                {"name": text, "model": "account.move", "message": text, "severity": "warn"}
            )
        self.invoice()
        batch = self.collect()
        self.press("action_check", batch)
        self.assertEqual(batch.document_ids.state, "ready")
        for text in ("Look at the customer", "Look at the account"):
            self.assertIn(text, batch.document_ids.message)

    def test_the_reason_stands_in_front_of_what_cannot_go(self):
        # EXP-06
        good = self.invoice()
        bad = self.invoice([{"quantity": 1, "price_unit": 5, "account_id": self.unmapped("499901").id}])
        batch = self.collect()
        self.xero.sandbox.log.clear()
        self.press("action_check", batch)
        documents = {document.res_id: document for document in batch.document_ids}
        self.assertEqual(documents[good.id].state, "ready")
        self.assertEqual((documents[bad.id].state, documents[bad.id].reason), ("blocked", "account_unmapped"))
        self.assertIn("Not mapped", documents[bad.id].message)
        with self.assertRaisesRegex(UserError, "Not mapped"):
            self.press("action_close", batch)
        self.assertFalse(self.xero.calls)
        self.assertEqual(batch.state, "open")
        self.press("action_leave_out_blocked", batch)
        self.export(batch)
        self.assertEqual((good.xero_state, bad.xero_state), ("synced", False))
        # What was left out comes again.
        self.assertEqual((self.collect() - batch).document_ids.res_id, bad.id)

    def test_a_contact_that_cannot_go_keeps_its_documents_back(self):
        # EXP-06
        self.connection.on_missing_contact = "exception"
        first, second = self.invoice(), self.invoice()
        batch = self.collect()
        self.xero.sandbox.log.clear()
        self.press("action_check", batch)
        self.assertEqual(set(batch.document_ids.mapped("reason")), {"contact_missing"})
        self.assertIn(self.partner.name, batch.document_ids[0].message)
        with self.assertRaisesRegex(UserError, "2 ×"):
            self.press("action_close", batch)
        self.assertFalse(self.xero.calls)
        self.connection.on_missing_contact = "create"
        self.press("action_check", batch)
        self.export(batch)
        self.assertEqual((first.xero_state, second.xero_state), ("synced", "synced"))

    def test_a_warning_stands_in_front_of_what_can_go(self):
        # RUL-03: said before it is sent
        self.env["xero.validation.rule"].create(
            {
                "name": "Reference",
                "model": "account.move",
                "domain": "[('ref', '=', False)]",
                "message": "The reference is missing.",
                "severity": "warn",
            }
        )
        self.invoice()
        batch = self.collect()
        self.press("action_check", batch)
        document = batch.document_ids
        self.assertEqual((document.state, document.message), ("ready", "Warning: The reference is missing."))

    def test_amounts_are_checked_before_an_approval_is_asked_for(self):
        self.env["xero.approval.rule"].create({"company_id": self.company.id, "kind": "invoice"})
        self.invoice()
        batch = self.collect()
        self.press("action_check", batch)
        self.assertEqual(batch.document_ids.mapped("state"), ["ready"])
        dataset = type(self.env["xero.dataset.invoice"])
        self.patch(dataset, "_check_amounts", lambda *_args: (_ for _ in ()).throw(Problem("amounts_differ")))
        self.press("action_check", batch)
        self.assertEqual(batch.document_ids.mapped("state"), ["blocked"])

    def test_what_is_cured_can_go(self):
        account = self.unmapped("499902")
        move = self.invoice([{"quantity": 1, "price_unit": 5, "account_id": account.id}])
        batch = self.collect()
        self.press("action_check", batch)
        self.assertEqual(batch.blocked_count, 1)
        account.xero_account_id = self.income.xero_account_id
        self.press("action_check", batch)
        self.assertEqual((batch.blocked_count, batch.ready_count), (0, 1))
        self.export(batch)
        self.assertAgrees(move)

    def test_what_was_edited_since_counts_as_it_is_now(self):
        move, other = self.invoice([(1, 100.0)]), self.env["res.partner"].create({"name": "Another"})
        batch = self.collect()
        self.assertEqual(batch.amount, 110.0)
        move.button_draft()
        move.write({"partner_id": other.id, "invoice_date": "2026-11-05", "date": "2026-11-05"})
        move.invoice_line_ids.price_unit = 30
        move.action_post()
        self.press("action_check", batch)
        document = batch.document_ids
        self.assertEqual((batch.amount, document.amount), (33.0, 33.0))
        self.assertEqual((document.partner_id, str(document.date)), (other, "2026-11-05"))

    def test_what_has_gone_by_its_own_button_is_out(self):
        sent, waiting = self.invoice([(1, 100.0)]), self.invoice([(1, 20.0)])
        batch = self.collect()
        self.push(sent)
        self.press("action_check", batch)
        by_record = {document.res_id: document for document in batch.document_ids}
        self.assertEqual((by_record[sent.id].state, by_record[waiting.id].state), ("out", "ready"))
        self.assertEqual(by_record[sent.id].message, "Unchanged since the last push, no call made")
        self.assertEqual((batch.amount, batch.ready_count), (22.0, 1))

    def test_two_who_collect_at_once_both_see_the_screen(self):
        self.invoice()
        batch = self.collect()
        connection = type(self.connection)
        # What one of them does not see of the other's documents.
        self.patch(connection, "_waiting_domain", lambda _self, dataset, kind, *_args: dataset._kind_domain(kind))
        self.assertEqual(self.collect(), batch)
        self.assertEqual(len(batch.document_ids), 1)

    def test_a_closed_batch_that_became_bad_is_not_exported(self):
        move = self.invoice()
        batch = self.collect()
        self.press("action_close", batch)
        self.income.with_company(self.company).xero_account_id = False
        self.connection.default_sales_account_id = False
        self.press("action_check", batch)
        with self.assertRaisesRegex(UserError, "1 × "):
            self.press("action_export", batch)
        self.assertFalse(move.xero_link_id)

    def test_a_large_batch_is_checked_in_the_background(self):
        self.patch(xero_run_batch, "AT_ONCE", 2)
        moves = self.env["account.move"].union(*(self.invoice() for _time in range(4)))
        batch = self.collect()
        self.press("action_check", batch)
        self.assertTrue(batch.is_checking)
        self.assertEqual(batch.new_count, 4)
        action = self.press("action_close", batch)
        self.assertIn("Checked in the background first", action["params"]["message"])
        self.assertEqual(batch.state, "open")
        self.work(self.connection)
        self.assertFalse(batch.is_checking)
        self.assertEqual(batch.ready_count, len(moves))

    def test_the_schedule_exports_no_batch_that_nobody_has_checked(self):
        # EXP-04, EXP-06: a large one is checked in the background first
        self.mode("scheduled")
        moves = self.env["account.move"].union(*(self.invoice() for _time in range(4)))
        self.press("action_collect", self.env["xero.run"])
        batch = self.env["xero.run"].search([("batch_kind", "=", "invoice")])
        self.press("action_close", batch)
        self.patch(xero_run_batch, "AT_ONCE", 2)
        self.income.with_company(self.company).xero_account_id = False
        self.connection.default_sales_account_id = False
        batch.document_ids.state = "new"
        with self.as_request(self.connection) as current:
            current._cron_schedules()
        self.assertEqual((batch.state, batch.is_checking), ("closed", True))
        self.work(self.connection)
        self.assertEqual((batch.blocked_count, moves.xero_link_id), (4, self.env["xero.link"]))
        self.mode("scheduled", last_start=False)
        self.schedules()
        self.assertEqual(batch.state, "closed")

    def test_all_ready_across_blocks(self):
        # B. Control: counts of more than one page of documents
        self.patch(xero_run_batch, "AT_ONCE", 2)
        self.patch(check, "BLOCK", 3)
        for _time in range(7):
            self.invoice()
        bad = self.invoice([{"quantity": 1, "price_unit": 5, "account_id": self.unmapped("499903").id}])
        batch = self.collect()
        self.press("action_check", batch)
        self.work(self.connection)
        self.assertEqual((batch.ready_count, batch.blocked_count, batch.new_count), (7, 1, 0))
        self.press("action_leave_out_blocked", batch)
        self.export(batch)
        self.assertEqual((batch.done, batch.failed, bad.xero_state), (7, 0, False))

    def test_left_out_and_taken_in_again(self):
        moves = self.invoice() | self.invoice()
        batch = self.collect()
        first = batch.document_ids[0]
        self.press("action_leave_out", batch.document_ids)
        with self.assertRaisesRegex(UserError, "holds no document"):
            self.press("action_close", batch)
        self.press("action_take_in", first)
        self.assertEqual(first.state, "ready")
        self.export(batch)
        sent = moves.filtered(lambda move: move.xero_state == "synced")
        self.assertEqual(sent.id, first.res_id)

    # === SENDING === #

    def test_each_document_goes_once_and_shows_its_result(self):
        # EXP-03
        moves = self.env["account.move"].union(*(self.invoice() for _time in range(3)))
        batch = self.collect()
        self.xero.sandbox.log.clear()
        self.export(batch)
        self.assertEqual((batch.state, batch.done, batch.failed), ("done", 3, 0))
        self.assertEqual(set(batch.document_ids.mapped("link_state")), {"synced"})
        self.assertEqual(len([call for call in self.writes() if "/Invoices" in call["path"]]), 1)
        for move in moves:
            self.assertAgrees(move)
        self.assertFalse(self.collect() - batch)

    def test_a_refusal_by_xero_stands_beside_its_document(self):
        good, bad = self.invoice(), self.invoice()
        line = {"Description": "x", "Quantity": 1, "UnitAmount": 7, "AccountCode": "200"}
        other = {"Type": "ACCREC", "Contact": {"Name": "Somebody Else"}, "InvoiceNumber": bad.name}
        self.create_in_xero("/Invoices", {"Invoices": [{**other, "LineItems": [line]}]})
        batch = self.collect()
        self.export(batch)
        documents = {document.res_id: document for document in batch.document_ids}
        self.assertEqual(documents[good.id].link_state, "synced")
        self.assertEqual(documents[bad.id].link_state, "failed")
        self.assertTrue(documents[bad.id].message)
        self.assertEqual(batch.failed, 1)
        # It is found again until it is in Xero.
        self.assertEqual((self.collect() - batch).document_ids.res_id, bad.id)

    def test_what_must_not_be_exported(self):
        # XW-23
        self.invoice()
        batch = self.collect()
        self.xero.sandbox.log.clear()
        with self.assertRaisesRegex(UserError, "is open. Close it first"):
            self.press("action_export", batch)
        self.press("action_not_for_export", batch)
        with self.assertRaisesRegex(UserError, "not for export"):
            self.press("action_close", batch)
        self.press("action_not_for_export", batch)
        self.export(batch)
        self.assertEqual(batch.state, "done")
        with self.assertRaisesRegex(UserError, "exported before"):
            self.press("action_export", batch)
        self.assertEqual([call["path"].rsplit("/", 1)[-1] for call in self.writes()], ["Contacts", "Invoices"])

    def test_a_closed_batch_cannot_be_changed(self):
        # XW-25
        self.invoice()
        batch = self.collect()
        self.press("action_close", batch)
        with self.assertRaisesRegex(UserError, "closed already"):
            self.press("action_not_for_export", batch)
        with self.assertRaisesRegex(UserError, "can no longer be changed"):
            self.press("action_leave_out", batch.document_ids)
        view = self.env["xero.run"].get_view(self.env.ref("xero_connector.xero_batch_view_list").id)
        self.assertIn('create="false"', view["arch"])

    def test_only_an_administrator_opens_a_batch_again(self):
        # XW-26
        move = self.invoice()
        batch = self.collect()
        self.export(batch)
        xero_id = move.xero_link_id.xero_id
        with self.assertRaises(AccessError):
            self.press("action_reopen", batch)
        self.press("action_reopen", batch, self.boss)
        self.assertEqual((batch.state, move.xero_link_id.xero_id), ("open", xero_id))
        event = self.env["xero.event"].search([("kind", "=", "batch_reopened_exported")])
        self.assertEqual((event.run_id, event.user_id), (batch, self.boss))
        move.button_draft()
        move.invoice_line_ids.price_unit = 1200
        move.action_post()
        self.export(batch)
        self.assertAgrees(move)
        self.assertEqual(move.xero_link_id.xero_id, xero_id, "an update, no second document")

    def test_the_schedule_exports_closed_batches_only(self):
        # EXP-04
        self.mode("scheduled")
        opened, kept_back, closed = (
            self.invoice(invoice_date=day, date=day) for day in ("2026-07-10", "2026-08-10", "2026-09-10")
        )
        self.press("action_collect", self.env["xero.run"])
        batches = self.env["xero.run"].search([("batch_kind", "=", "invoice")])
        by_month = {batch.date_from.month: batch for batch in batches}
        self.press("action_not_for_export", by_month[8])
        self.press("action_close", by_month[9])
        self.schedules()
        self.assertEqual((opened.xero_state, kept_back.xero_state, closed.xero_state), (False, False, "synced"))
        self.assertEqual(by_month[9].trigger, "schedule")

    def test_who_closed_a_batch_does_not_approve_what_the_schedule_exports(self):
        # C.5
        self.env["xero.approval.rule"].create({"company_id": self.company.id, "kind": "invoice"})
        self.mode("scheduled")
        move = self.invoice()
        self.press("action_collect", self.env["xero.run"], self.boss)
        batch = self.env["xero.run"].search([("batch_kind", "=", "invoice")])
        self.press("action_close", batch, self.boss)
        self.schedules()
        self.work(self.connection)
        self.assertEqual((move.xero_state, batch.trigger), ("held", "schedule"))
        with self.assertRaisesRegex(UserError, "yourself"):
            self.press("action_xero_approve", move, self.boss)
        other = self.new_user("x_other", "xero_connector.group_xero_approver", "account.group_account_invoice")
        self.press("action_xero_approve", move, other)
        self.work(self.connection)
        self.assertEqual(move.xero_state, "synced")

    # === SCREEN AND RIGHTS === #

    @freeze_time("2026-11-15")
    def test_the_list_opens_on_the_current_period_and_what_is_not_exported(self):
        # XW-24
        with self.as_request(self.env["xero.run"], self.user) as current:
            action = current.action_export_control()
        context = safe_eval(action["context"])
        self.assertEqual(context, {"search_default_current_period": 1, "search_default_not_exported": 1})
        view = self.env["xero.run"].get_view(self.env.ref("xero_connector.xero_batch_view_list").id)
        self.assertIn('default_order="batch_kind', view["arch"])

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_who_may_do_what(self):
        self.invoice()
        batch = self.collect()
        auditor = self.new_user("x_aud", "xero_connector.group_xero_auditor", "account.group_account_readonly")
        billing = self.new_user("x_bill", "account.group_account_invoice")
        for other in (auditor, billing):
            for name in ("action_check", "action_close", "action_not_for_export", "action_export", "action_reopen"):
                with self.assertRaises(AccessError, msg=name):
                    self.press(name, batch, other)
            with self.assertRaises(AccessError):
                self.press("action_leave_out", batch.document_ids, other)
            with self.assertRaises(AccessError):
                self.press("action_collect", self.env["xero.run"], other)
        with self.assertRaises(AccessError), self.as_request(batch, self.user) as current:
            current.state = "closed"
        foreign = self._make_company("Elsewhere")
        groups = ("xero_connector.group_xero_user", "account.group_account_invoice")
        stranger = self.new_user("x_stranger", *groups, companies=foreign)
        seen = batch.with_user(stranger).with_context(allowed_company_ids=foreign.ids)
        with self.assertRaises(AccessError):
            seen.action_check()
        self.assertFalse(seen.env["xero.batch.document"].search_count([]))

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_who_may_not_write_a_document_does_not_send_it(self):
        # SEC-05: as its own button refuses it
        move = self.invoice()
        batch = self.collect()
        plain = self.new_user("x_plain", "xero_connector.group_xero_user")
        with self.assertRaisesRegex(AccessError, "1 documents that you may not write"):
            self.press("action_close", batch, plain)
        self.press("action_close", batch)
        with self.assertRaisesRegex(AccessError, "1 documents that you may not write"):
            self.press("action_export", batch, plain)
        self.assertFalse(move.xero_link_id)

    def test_what_needs_an_approval_waits_for_it_after_the_export(self):
        self.env["xero.approval.rule"].create({"company_id": self.company.id, "kind": "invoice"})
        move = self.invoice()
        batch = self.collect()
        self.press("action_check", batch)
        self.assertEqual((batch.document_ids.state, batch.document_ids.reason), ("ready", "waiting_approval"))
        self.xero.sandbox.log.clear()
        self.export(batch)
        self.assertEqual(move.xero_state, "held")
        self.assertFalse(self.writes())
        self.press("action_xero_approve", move, self.boss)
        self.work(self.connection)
        self.assertEqual((move.xero_state, batch.document_ids.link_state), ("synced", "synced"))
