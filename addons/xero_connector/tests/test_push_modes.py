"""By hand, by schedule, when posted: for each kind of document (TIM-08, TIM-09, EXP-02, RUL-05, RUL-12)."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.sql_db import Cursor
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.xero_connection_push import XeroConnection
from .common import XeroCase

WORKER = "odoo.addons.xero_connector.models.xero_connection_worker"
MIXIN = "odoo.addons.xero_connector.models.xero_mixin_approval"


@tagged("post_install", "-at_install")
class TestPushModes(XeroCase):
    def setUp(self):
        super().setUp()
        self.connection = self.connect()

    def calls(self):
        return [call for call in self.xero.calls if call["method"] in ("PUT", "POST")]

    def events(self, move):
        return self.env["xero.event"].search([("res_id", "=", move.id), ("model", "=", "account.move")])

    def test_every_kind_of_document_has_a_mode(self):
        kinds = set(self.connection.push_mode_ids.mapped("kind"))
        self.assertLessEqual({"invoice", "bill", "credit_note", "supplier_credit"}, kinds)
        self.assertEqual(set(self.connection.push_mode_ids.mapped("push_mode")), {"manual"})
        self.connection.push_mode_ids.filtered(lambda mode: mode.kind == "bill").unlink()
        self.schedules()
        self.assertIn("bill", self.connection.push_mode_ids.mapped("kind"))

    def test_by_hand_posting_makes_no_call_and_queues_nothing(self):
        # EXP-02
        self.xero.sandbox.log.clear()
        move = self.invoice()
        self.schedules()
        self.assertFalse(self.calls())
        self.assertFalse(move.xero_link_id)
        self.assertFalse(self.env["xero.run"].search([("kind", "=", "push")]))

    def test_when_posted_it_is_queued_and_sent_in_the_background(self):
        # TIM-06, TIM-08, TIM-09, AUD-14
        self.mode("on_posting")
        clerk = self.new_user("x_clerk", "account.group_account_invoice")
        draft = self.invoice(post=False)
        self.xero.sandbox.log.clear()
        draft.with_user(clerk).action_post()
        self.assertFalse(self.xero.calls, "posting waits for nobody")
        self.assertEqual(draft.xero_state, "queued")
        self.work(self.connection)
        self.assertAgrees(draft)
        event = self.events(draft).filtered(lambda event: event.kind == "created")
        self.assertEqual((event.trigger, event.user_id), ("posting", clerk))

    def test_only_the_chosen_kind_and_company(self):
        self.mode("on_posting", "credit_note")
        move = self.invoice()
        credit = self.invoice(move_type="out_refund")
        self.assertFalse(move.xero_link_id)
        self.assertEqual(credit.xero_state, "queued")

    def test_the_condition_limits_what_goes_by_itself(self):
        # RUL-05
        self.mode("on_posting", domain="[('amount_total', '>', 100)]")
        small, large = self.invoice([(1, 50)]), self.invoice([(1, 500)])
        self.assertFalse(small.xero_link_id)
        self.assertEqual(large.xero_state, "queued")
        self.mode("scheduled", domain="[('amount_total', '<', 100)]")
        self.schedules()
        self.assertEqual(small.xero_state, "synced")

    def test_the_schedule_sends_what_is_ready_once(self):
        # TIM-08
        mode = self.mode("scheduled")
        first, second = self.invoice(), self.invoice()
        old = self.invoice(invoice_date="2019-06-01")
        bill = self.invoice(move_type="in_invoice", ref="B-1")
        draft = self.invoice(post=False)
        self.schedules()
        self.assertEqual((first + second).mapped("xero_state"), ["synced", "synced"])
        self.assertFalse((old + bill + draft).xero_link_id)
        event = self.events(first).filtered(lambda event: event.kind == "created")
        self.assertEqual(event.trigger, "schedule")
        third = self.invoice()
        self.schedules()
        self.assertFalse(third.xero_link_id, "not before the interval is over")
        mode.last_start = "2020-01-01"
        runs = self.env["xero.run"].search_count([("kind", "=", "push")])
        self.schedules()
        self.assertEqual(third.xero_state, "synced")
        mode.last_start = "2020-01-01"
        self.schedules()
        self.assertEqual(self.env["xero.run"].search_count([("kind", "=", "push")]), runs + 1)

    def test_what_never_ran_is_due_at_any_moment(self):
        mode = self.mode("scheduled")
        self.assertTrue(mode._is_due(fields.Datetime.now() - timedelta(seconds=1)), "a second may pass meanwhile")

    def test_the_schedule_sends_what_changed(self):
        mode = self.mode("scheduled")
        move = self.invoice()
        self.schedules()
        move.ref = "changed"
        self.assertEqual(move.xero_state, "outdated")
        mode.last_start = "2020-01-01"
        self.schedules()
        self.assertEqual(move.xero_state, "synced")
        self.assertEqual(self.in_xero(move)["Reference"], "changed")

    def test_an_error_in_the_data_is_not_tried_again_until_edited(self):
        # ERR-10
        mode = self.mode("scheduled")
        self.gst.xero_tax_rate_id = False
        move = self.invoice()
        self.schedules()
        self.assertEqual(move.xero_state, "failed")
        self.map_everything(self.connection)
        mode.last_start = "2020-01-01"
        self.schedules()
        self.assertEqual(move.xero_state, "failed")
        with self.as_request(move) as current:
            current.ref = "edited"
        self.work(self.connection)
        self.assertEqual(move.xero_state, "synced")

    def test_what_is_excluded_stays_so(self):
        self.mode("scheduled")
        move = self.invoice()
        self.push(move)
        move.xero_link_id.state = "excluded"
        self.schedules()
        self.mode("on_posting")
        with self.as_request(move) as current:
            current.button_draft()
            current.action_post()
        self.assertEqual(move.xero_state, "excluded")

    def test_posting_never_fails_by_the_queue(self):
        # TIM-09
        self.mode("on_posting")
        for fault in (RuntimeError("broken"), self.broken_sql):
            effect = fault if callable(fault) else None
            with (
                patch.object(XeroConnection, "_upsert_links", autospec=True, side_effect=effect or fault),
                mute_logger(MIXIN, "odoo.sql_db"),
            ):
                move = self.invoice()
            self.assertEqual(move.state, "posted")
            self.assertTrue(move.name)
            self.assertFalse(move.xero_link_id)
            self.assertFalse(self.env["xero.run"].search([("trigger", "=", "posting")]))
        self.mode("on_posting", last_start=False)
        self.schedules()
        self.assertEqual(move.xero_state, "synced", "the schedule finds it")

    @staticmethod
    def broken_sql(connection, *_args):
        connection.env.cr.execute("SELECT 1 / 0")

    def test_without_a_connection_posting_goes_on_and_the_schedule_follows(self):
        self.mode("on_posting")
        for values in ({"enabled": False}, {"state": "needs_reconnect"}):
            self.connection.write(values)
            move = self.invoice()
            self.assertFalse(move.xero_link_id)
            self.connection.write({"enabled": True, "state": "connected"})
        self.mode("on_posting", last_start=False)
        self.schedules()
        self.assertEqual(move.xero_state, "synced")

    def test_a_broken_condition_stops_its_own_kind_only(self):
        mode = self.mode("on_posting")
        self.mode("scheduled", "credit_note")
        self.env.flush_all()
        self.env.cr.execute("UPDATE xero_push_mode SET domain = %s WHERE id = %s", ["[('gone', '=', 1)]", mode.id])
        self.env.invalidate_all()
        with mute_logger(MIXIN):
            move = self.invoice()
        credit = self.invoice(move_type="out_refund")
        self.assertEqual(move.state, "posted")
        self.schedules()
        self.assertEqual(credit.xero_state, "synced")
        self.assertTrue(self.env["xero.event"].search([("kind", "=", "mode_failed")]))

    def test_posting_many_costs_as_many_queries_as_posting_two(self):
        self.mode("on_posting")

        def ours(count):
            moves = self.env["account.move"].concat(*(self.invoice(post=False) for _number in range(count)))
            self.env.flush_all()
            self.env.invalidate_all()
            queries = []
            execute = Cursor.execute

            def counted(cursor, query, *args, **kwargs):
                queries.append("xero_" in str(query.code if hasattr(query, "code") else query))
                return execute(cursor, query, *args, **kwargs)

            with patch.object(Cursor, "execute", counted):
                moves.action_post()
                self.env.flush_all()
            return sum(queries)

        ours(1)
        few, many = ours(2), ours(20)
        self.assertLessEqual(many, few + 1)
        self.assertLessEqual(few, 20)

    def test_an_error_of_one_company_keeps_no_other_from_its_turn(self):
        other = self.new_connection(self.env["res.company"].create({"name": "Elsewhere"}))
        other.sudo().write({"state": "connected", "enabled": True})
        turns = []

        def start(connection):
            turns.append(connection.id)
            raise KeyError("nobody has thought of this")

        with (
            patch.object(type(other), "_start_due_pushes", start),
            self.assertLogs(WORKER, "ERROR") as logs,
            self.as_request(other) as current,
        ):
            current._cron_schedules()
        self.assertEqual((sorted(turns), len(logs.output)), (sorted([self.connection.id, other.id]), 2))

    def test_the_schedule_costs_a_bounded_number_of_queries(self):
        mode = self.mode("scheduled")

        def queries(count):
            for _number in range(count):
                self.invoice()
            mode.last_start = False
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with patch.object(type(self.connection), "_wake_worker"):
                self.connection.sudo()._queue_mode(mode.sudo())
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        self.assertLessEqual(queries(12), queries(2) + 3)
