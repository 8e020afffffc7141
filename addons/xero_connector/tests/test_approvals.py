"""Approval gates: nobody passes one who may not, by no route (RUL-09, RUL-10, BIL-14, SEC-04)."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import XeroCase

APPROVER = ("xero_connector.group_xero_approver", "account.group_account_invoice")
USER = ("xero_connector.group_xero_user", "account.group_account_invoice")


@tagged("post_install", "-at_install")
class TestApprovals(XeroCase):
    def setUp(self):
        super().setUp()
        self.connection = self.connect()
        self.clerk = self.new_user("x_clerk", *USER)
        self.approver = self.new_user("x_approver", *APPROVER)
        self.second = self.new_user("x_second", *APPROVER)
        self.rule = self.env["xero.approval.rule"].create({"company_id": self.company.id, "kind": "invoice"})

    def gated(self, **values):
        """An invoice that waits for its approval."""
        move = self.invoice(**values)
        self.push(move, self.clerk)
        return move

    def approve(self, move, user):
        with self.as_request(move, user) as current:
            current.action_xero_approve()

    def type_in_tax(self, move, tax):
        """What the box of totals does."""
        totals = move.tax_totals
        totals["subtotals"][0]["tax_groups"][0]["tax_amount_currency"] = tax
        move.write({"tax_totals": totals})

    def reject(self, move, user, reason="Wrong account"):
        with self.as_request(move, user) as current:
            context = current.action_xero_reject()["context"]
            wizard = current.env["xero.reject.wizard"].with_context(**context).create({"reason": reason})
            wizard.action_reject()

    def sent(self):
        """Documents that Xero was asked to take."""
        return [c for c in self.xero.calls if c["method"] in ("PUT", "POST") and "/Invoices" in c["path"]]

    # === THE WAY THROUGH === #

    def test_it_waits_and_goes_by_itself_when_it_is_approved(self):
        # RUL-09, SEC-04, AUD-14
        move = self.gated()
        self.assertEqual((move.xero_state, move.xero_link_id.reason), ("held", "waiting_approval"))
        self.assertEqual(self.problem(move), "waiting_approval")
        self.assertTrue(move.with_user(self.approver).xero_can_approve)
        self.assertFalse(move.with_user(self.clerk).xero_can_approve)
        self.assertTrue(move.xero_waits_for)
        self.assertFalse(self.partner.xero_link_id.xero_id, "the contact waits with its document")
        self.approve(move, self.approver)
        self.work(self.connection)
        self.assertAgrees(move)
        self.assertFalse(self.problem(move))
        events = self.env["xero.event"].search([("res_id", "=", move.id), ("model", "=", "account.move")])
        approved = events.filtered(lambda event: event.kind == "approved")
        self.assertEqual(approved.user_id, self.approver)
        created = events.filtered(lambda event: event.kind == "created")
        self.assertEqual((created.trigger, created.user_id), ("approval", self.approver))

    def test_a_rejected_document_stays_until_it_is_edited(self):
        move = self.gated()
        self.reject(move, self.approver)
        self.work(self.connection)
        self.assertEqual(self.problem(move), "approval_rejected")
        self.push(move, self.second)
        self.assertFalse(self.sent())
        problem = self.env["xero.exception"].search([("res_id", "=", move.id), ("state", "=", "open")])
        self.assertIn("Wrong account", problem.cause)
        with self.as_request(move) as current:
            current.ref = "corrected"
        self.work(self.connection)
        self.assertEqual(self.problem(move), "waiting_approval")

    def test_only_above_the_amount(self):
        self.rule.write({"requirement": "above", "amount": 1100})
        just = self.gated(lines=[(1, 1000.0)])  # 1,100.00 with its tax
        self.assertEqual(just.xero_state, "synced")
        above = self.gated(lines=[(1, 1000.01)])
        self.assertEqual(above.xero_state, "held")
        self.rule.requirement = "never"
        self.push(above, self.clerk)
        self.assertEqual(above.xero_state, "synced")

    def test_another_kind_and_another_company_go_free(self):
        credit = self.invoice(move_type="out_refund")
        self.push(credit, self.clerk)
        self.assertEqual(credit.xero_state, "synced")
        self.rule.company_id = self._make_company("Second Trading")
        move = self.gated()
        self.assertEqual(move.xero_state, "synced")

    def test_bills_above_the_limit_wait(self):
        # BIL-14
        self.rule.write({"kind": "bill", "requirement": "above", "amount": 500})
        bill = self.invoice(move_type="in_invoice", ref="B-1", lines=[{"price_unit": 600, "tax_ids": False}])
        self.push(bill, self.clerk)
        self.assertEqual(bill.xero_link_id.reason, "waiting_approval")

    def test_two_levels_are_two_persons(self):
        # RUL-10
        self.env["xero.approval.rule"].create(
            {
                "company_id": self.company.id,
                "kind": "invoice",
                "sequence": 20,
                "user_ids": [Command.link(self.second.id)],
            }
        )
        move = self.gated()
        self.approve(move, self.approver)
        self.work(self.connection)
        self.assertEqual(move.xero_link_id.reason, "waiting_approval")
        self.assertEqual(move.xero_waits_for, self.second.name)
        with self.assertRaises(AccessError):
            self.approve(move, self.approver)
        self.approve(move, self.second)
        self.work(self.connection)
        self.assertEqual(move.xero_state, "synced")

    def test_the_same_person_never_gives_two_levels(self):
        self.rule.copy({"sequence": 20})
        move = self.gated()
        self.approve(move, self.approver)
        self.work(self.connection)
        with self.assertRaisesRegex(UserError, "another person"):
            self.approve(move, self.approver)
        self.assertFalse(self.sent())

    def test_an_edit_afterwards_asks_again(self):
        move = self.gated()
        self.approve(move, self.approver)
        with self.as_request(move) as current:
            current.button_draft()
            current.invoice_line_ids.price_unit = 99999
            current.action_post()
        self.work(self.connection)
        self.assertFalse(self.sent())
        self.assertEqual(move.xero_link_id.reason, "waiting_approval")
        self.approve(move, self.approver)
        self.work(self.connection)
        self.assertEqual(move.xero_state, "synced")

    def test_an_update_asks_again_and_an_unchanged_one_does_not(self):
        move = self.gated()
        self.approve(move, self.approver)
        self.work(self.connection)
        self.push(move, self.clerk)
        self.assertEqual(move.xero_state, "synced")
        with self.as_request(move) as current:
            current.button_draft()
            current.invoice_line_ids.price_unit = 2000
            current.action_post()
        self.push(move, self.clerk)
        self.assertEqual(move.xero_link_id.reason, "waiting_approval")
        self.assertEqual(self.in_xero(move)["SubTotal"], 1000)

    # === NO WAY AROUND === #

    def assertNotSent(self, move):
        self.work(self.connection)
        self.assertFalse(self.sent())
        self.assertFalse(move.xero_link_id.xero_id)

    def test_who_asked_does_not_approve(self):
        move = self.invoice()
        self.push(move, self.approver)
        with self.assertRaisesRegex(UserError, "yourself"):
            self.approve(move, self.approver)
        self.assertNotSent(move)
        self.approve(move, self.second)
        self.work(self.connection)
        self.assertEqual(move.xero_state, "synced")

    def test_who_asked_later_does_not_approve(self):
        move = self.gated()
        self.push(move, self.approver)
        with self.assertRaisesRegex(UserError, "yourself"):
            self.approve(move, self.approver)
        self.assertNotSent(move)

    def test_who_made_or_posted_it_does_not_approve(self):
        draft = self.invoice(post=False)
        draft.with_user(self.approver).action_post()
        self.push(draft, self.clerk)
        with self.assertRaisesRegex(UserError, "yourself"):
            self.approve(draft, self.approver)
        made = self.invoice()
        self.env.flush_all()
        self.env.cr.execute("UPDATE account_move SET create_uid = %s WHERE id = %s", [self.second.id, made.id])
        self.env.invalidate_all()
        self.push(made, self.clerk)
        with self.assertRaisesRegex(UserError, "yourself"):
            self.approve(made, self.second)
        self.assertNotSent(draft)

    def test_who_edited_it_does_not_approve(self):
        # C.5: also when somebody else posts it
        move = self.gated()
        with self.as_request(move, self.clerk) as current:
            current.button_draft()
        with self.as_request(move, self.approver) as current:
            current.invoice_line_ids.price_unit = 77
        with self.as_request(move, self.clerk) as current:
            current.action_post()
        self.work(self.connection)
        with self.assertRaisesRegex(UserError, "yourself"):
            self.approve(move, self.approver)
        self.assertNotSent(move)
        self.approve(move, self.second)
        self.work(self.connection)
        self.assertEqual(move.xero_state, "synced")

    def test_who_edited_it_by_remote_call_does_not_approve(self):
        # C.5: a line of its own, or another currency; others post and push it
        line = {"name": "One more", "account_id": self.income.id, "price_unit": 9000, "tax_ids": False}
        usd = self.env["res.currency"].search([("name", "=", "USD")])
        journal = self.env["account.journal"].create({"name": "Mine", "code": "MINE", "type": "sale"})
        edits = {
            "line": lambda move: move.env["account.move.line"].create({"move_id": move.id, **line}),
            "line less": lambda move: move.invoice_line_ids[1].unlink(),
            "currency": lambda move: move.write({"currency_id": usd.id}),
            "journal": lambda move: move.write({"journal_id": journal.id, "name": "/"}),
            "tax": lambda move: self.type_in_tax(move, 4.0),
            "tax line": lambda move: move.line_ids.filtered("tax_line_id").write({"amount_currency": -4.0}),
        }
        for name, edit in edits.items():
            with self.subTest(name):
                draft = self.invoice([(1, 10.0), (1, 20.0)], post=False)
                with self.as_request(draft, self.approver) as current:
                    edit(current)
                with self.as_request(draft, self.clerk) as current:
                    current.action_post()
                self.connection.currency_codes = ["AUD", "USD"]
                self.push(draft, self.clerk)
                self.assertEqual(draft.xero_link_id.reason, "waiting_approval")
                with self.assertRaisesRegex(UserError, "yourself"):
                    self.approve(draft, self.approver)
                self.assertNotSent(draft)

    def test_an_import_passes_no_gate(self):
        # C.5
        move = self.gated()
        with self.as_request(move, self.approver) as current:
            result = current.load([".id", "ref"], [[str(move.id), "imported"]])
            self.assertEqual(result["ids"], [move.id], result["messages"])
        self.work(self.connection)
        with self.assertRaisesRegex(UserError, "yourself"):
            self.approve(move, self.approver)
        self.assertNotSent(move)

    def test_what_an_import_posts_waits_for_somebody_else(self):
        # C.5
        self.mode("on_posting")
        draft = self.invoice(post=False)
        with self.as_request(draft, self.approver) as current:
            result = current.load([".id", "state"], [[str(draft.id), "posted"]])
        self.work(self.connection)
        self.assertEqual((result["ids"], draft.state), (draft.ids, "posted"), result["messages"])
        self.assertFalse(draft.xero_link_id.xero_id)
        self.push(draft, self.clerk)
        with self.assertRaisesRegex(UserError, "yourself"):
            self.approve(draft, self.approver)
        self.assertNotSent(draft)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_no_route_for_who_is_no_approver(self):
        # C.5: button, RPC, list action, import, records of our own
        move = self.gated()
        link = move.xero_link_id
        for attempt in (
            lambda user: self.approve(move, user),
            lambda user: link.with_user(user).action_approve(),
            lambda user: link.with_user(user).write({"state": "queued"}),
            lambda user: link.with_user(user).write({"reason": False}),
            lambda user: self.env["xero.approval"].with_user(user).create(self.approval(move, user)),
            lambda user: self.rule.with_user(user).write({"requirement": "never"}),
            lambda user: self.rule.with_user(user).unlink(),
            lambda user: self.reject(move, user),
            lambda user: link.run_id.with_user(user).write({"trigger": "approval"}),
        ):
            with self.assertRaises(UserError):
                attempt(self.clerk)
        loaded = (
            self.env["xero.approval"]
            .with_user(self.clerk)
            .load(["model", "res_id", "decision", "fingerprint"], [["account.move", str(move.id), "approved", "x"]])
        )
        self.assertFalse(loaded["ids"])
        self.push(move, self.clerk)
        self.assertNotSent(move)

    def approval(self, move, user, fingerprint=None):
        dataset = self.connection._dataset("invoice")
        return {
            "connection_id": self.connection.id,
            "company_id": self.company.id,
            "model": "account.move",
            "res_id": move.id,
            "rule_id": self.rule.id,
            "decision": "approved",
            "user_id": user.id,
            "fingerprint": fingerprint or dataset._approval_print(dataset._browse(move.id)),
        }

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_not_even_an_administrator_writes_approvals(self):
        admin = self.new_user("x_admin", "xero_connector.group_xero_admin", "account.group_account_manager")
        move = self.gated()
        approvals = self.env["xero.approval"].with_user(admin)
        with self.assertRaises(AccessError):
            approvals.create(self.approval(move, admin))
        self.approve(move, self.approver)
        given = self.env["xero.approval"].search([("res_id", "=", move.id)])
        for method, arguments in (("write", ({"user_id": admin.id},)), ("unlink", ())):
            with self.assertRaises(AccessError):
                getattr(given.with_user(admin), method)(*arguments)

    def test_code_and_lists_stop_at_the_gate(self):
        move, other = self.invoice(), self.invoice()
        with self.as_request(move) as current:
            self.connection.with_env(current.env).sudo().push("invoice", current)
        self.work(self.connection)
        self.push(move + other, self.clerk)  # the action of the list
        self.assertNotSent(move)
        self.assertEqual((move + other).xero_link_id.mapped("reason"), ["waiting_approval"] * 2)

    def test_a_schedule_and_posting_stop_at_the_gate(self):
        self.mode("on_posting")
        move = self.invoice()
        self.assertNotSent(move)
        self.mode("scheduled", last_start=False)
        with self.as_request(self.connection) as current:
            current._cron_schedules()
        self.assertNotSent(move)
        self.assertEqual(move.xero_link_id.reason, "waiting_approval")

    def test_a_program_approves_nothing(self):
        move = self.gated()
        with self.assertRaises(AccessError):
            self.approve(move, self.env.ref("base.user_root"))
        cron = self.env["ir.cron"].create(
            {
                "name": "Approve",
                "model_id": self.env["ir.model"]._get_id("account.move"),
                "state": "code",
                "code": f"model.browse({move.id}).action_xero_approve()",
                "user_id": self.approver.id,
            }
        )
        with mute_logger("odoo.addons.base.models.ir_cron"), self.as_request(cron) as current:
            current.method_direct_trigger()
        self.assertNotSent(move)

    def test_a_document_that_does_not_wait_is_not_approved_beforehand(self):
        move = self.invoice()
        with self.assertRaisesRegex(UserError, "does not wait"):
            self.approve(move, self.approver)
        self.push(move, self.clerk)
        self.assertNotSent(move)

    def test_approvers_need_the_right(self):
        with self.assertRaisesRegex(UserError, "needs the right"):
            self.rule.user_ids = self.clerk

    def test_changes_of_the_rules_are_logged(self):
        self.rule.requirement = "never"
        kinds = self.env["xero.event"].search([("connection_id", "=", self.connection.id)]).mapped("kind")
        self.assertEqual(kinds.count("approval_rule_set"), 2)
        self.rule.unlink()
        self.assertTrue(self.env["xero.event"].search([("kind", "=", "approval_rule_removed")]))
