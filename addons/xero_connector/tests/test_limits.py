"""Limits of calls: shared, told apart, with a reserve for people (XK-05, C.3)."""

from collections import Counter
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..client import errors
from ..engine import push, session
from ..engine.budget import RESERVE
from .common import XeroCase

DAY_LEFT = 66975  # seconds; what Xero's example says in Retry-After, and the local one with it


@tagged("post_install", "-at_install")
class TestLimits(XeroCase):
    def setUp(self):
        super().setUp()
        self.connection = self.connect()

    def invoices(self, count):
        return self.env["account.move"].concat(*(self.invoice() for _number in range(count)))

    def budget(self):
        return self.env["xero.budget"].search([("tenant_id", "=", self.connection.tenant_id)])

    def background(self, moves):
        with self.as_request(moves) as current:
            run = self.connection.with_env(current.env).push("invoice", current)
        return self.env["xero.run"].browse(run.id)

    def test_answers_feed_the_budget_and_the_form_shows_it(self):
        budget = self.budget()
        left = self.xero.sandbox.limits
        self.assertTrue(budget.day_known)
        self.assertEqual(budget.day_left, 5000 - len(self.xero.calls) + self.uncounted())
        self.assertFalse(budget.leases)
        self.assertIn(str(budget.day_left), self.connection.budget_text)
        self.assertTrue(left)

    def uncounted(self):
        """Identity calls, and the reads of the organisation before a tenant was chosen."""
        return sum(not call["path"].startswith("/api.xro") for call in self.xero.calls)

    def test_day_limit_in_the_middle_of_a_run(self):
        # It stops at once, says until when, keeps a reserve for buttons, and ends the next day by itself.
        moves = self.invoices(12)
        run = self.background(moves)
        self.xero.sandbox.faults.add("rate_day", method="PUT", path="/Invoices$", times=1)
        self.work(self.connection)
        calls = len(self.xero.calls)
        self.assertEqual((run.state, run.waiting_for), ("queued", "limit_day"))
        self.assertIn("per day", run.waiting_text)
        wait = (run.not_before - fields.Datetime.now()).total_seconds()
        self.assertAlmostEqual(wait, DAY_LEFT, delta=120)
        wake_ups = self.env["ir.cron.trigger"].search([("cron_id", "=", self.connection.cron_id.id)])
        self.assertIn(run.not_before, wake_ups.mapped("call_at"), "the worker comes back by itself")
        self.assertEqual(set(moves.mapped("xero_state")), {"queued"})
        self.work(self.connection)
        self.assertEqual(len(self.xero.calls), calls, "the limit is reached: not one call more")
        self.assertIn("None until", self.connection.budget_text)
        self.age(hours=25)
        self.work(self.connection)
        self.assertEqual(set(moves.mapped("xero_state")), {"synced"})
        self.assertEqual(run.state, "done")

    def test_the_day_ends_in_the_middle_of_a_run_and_people_go_on(self):
        # C.3 as the sandbox counts: a batch leaves, the rest waits, people use the reserve, the next day ends it
        moves, urgent = self.invoices(60), self.invoice()
        run = self.background(moves)
        limits, left = self.xero.sandbox.limits, RESERVE["day"] + 2
        limits.day += left - self.budget().day_left
        self.budget().day_left = left
        self.work(self.connection)
        states = Counter(moves.mapped("xero_state"))
        self.assertEqual(set(states), {"synced", "queued"})
        self.assertEqual((run.state, run.waiting_for), ("queued", "limit_day"))
        self.assertTrue(run.not_before)
        self.assertEqual(self.budget().day_left, RESERVE["day"])
        calls = len(self.xero.calls)
        self.work(self.connection)
        self.assertEqual(len(self.xero.calls), calls, "the rest is for people")
        self.assertEqual(self.push(urgent)["params"]["type"], "success")
        limits.day -= self.budget().day_left
        self.assertEqual(self.push(self.invoice())["params"]["type"], "warning")
        limits.day = 5000
        self.age(hours=25)
        self.work(self.connection)
        self.assertEqual(set(moves.mapped("xero_state")), {"synced"})
        self.assertEqual(run.state, "done")
        found = self.read_xero("/Invoices?page=1&pageSize=1000")["Invoices"]
        numbers = Counter(invoice["InvoiceNumber"] for invoice in found)
        self.assertEqual([numbers[move.name] for move in moves | urgent], [1] * 61)

    def test_background_leaves_a_reserve_for_buttons(self):
        self.budget().write({"day_left": 40, "day_known": True})
        moves = self.invoices(2)
        run = self.background(moves[0])
        self.xero.sandbox.log.clear()
        self.work(self.connection)
        self.assertEqual(self.xero.calls, [])
        self.assertEqual(run.waiting_for, "limit_day")
        self.assertIn("per day", run.waiting_text)
        self.assertEqual(self.push(moves[1])["params"]["type"], "success")
        # Nobody tells when the day ends: one call an hour looks again.
        self.age(hours=1, minutes=1)
        self.work(self.connection)
        self.assertEqual(moves[0].xero_state, "synced")

    def test_the_form_says_what_the_work_of_the_day_costs(self):
        # XK-05: 60 invoices of three new customers are two calls, and one for the contacts
        self.assertIn("needs 0", self.env["xero.connection"].new({}).budget_text, "of one that is not saved yet")
        partners = self.env["res.partner"].create(
            [{"name": f"New {number}", "is_company": True} for number in range(3)]
        )
        moves = [self.invoice(partner_id=partners[number % 3].id) for number in range(60)]
        self.connection.schedule_ids.active = False
        self.assertIn("needs 0, the schedules of today 0", self.connection.budget_text)
        self.background(self.env["account.move"].concat(*moves))
        schedule = self.connection._schedule("contact")
        now = fields.Datetime.now()
        self.patch(type(self.connection), "_next_midnight", lambda _self, _moment: now + timedelta(hours=1))
        schedule.write({"active": True, "minutes": 25, "last_start": now})
        self.connection.invalidate_recordset()
        self.assertIn("needs 3, the schedules of today 2", self.connection.budget_text)
        self.xero.sandbox.log.clear()
        self.work_until(lambda: moves[-1].xero_state == "synced")
        self.assertEqual(sum(self.xero.count(f"PUT /{name}") for name in ("Contacts", "Invoices")), 3)

    def test_a_late_refusal_of_an_old_token_stops_nothing(self):
        stale = self.connection._token()._reveal__secret("access_token")
        self.connection._token().store(access_token="a newer one")
        self.env.flush_all()
        with self.as_request(self.connection) as current:
            session.flag_reconnect(current, errors.AccessRevoked("an answer from before"), stale)
        self.assertEqual(self.connection.state, "connected")
        with self.as_request(self.connection) as current:
            session.flag_reconnect(current, errors.AccessRevoked("of this one"), "a newer one")
        self.assertEqual(self.connection.state, "needs_reconnect")

    def test_wrong_app_keys_are_told_by_whatever_asks_first(self):
        self.connection.client_secret = "wrong"
        self.connection._token().write({"expires_at": "2020-01-01"})
        self.env.flush_all()
        with self.as_request(self.connection) as current:
            action = current.action_test()
        self.assertEqual(action["params"]["type"], "danger")
        self.assertEqual(self.connection.state, "needs_reconnect")

    def test_an_unsafe_address_ends_runs_at_once(self):
        # Waiting does not mend it (ERR-05).
        connection, moves = self.connection, self.invoice() | self.invoice()
        self.push(self.invoice())  # so that Xero has the customer
        for kind in ("api", "identity"):
            self.env["ir.config_parameter"].set_param(f"xero_connector.{kind}_url", "http://xero.example.com")
            connection._token().write({"expires_at": fields.Datetime.now()})
            with self.as_request(moves) as current:
                push = connection.with_env(current.env).push("invoice", current).id
                pull = connection.with_env(current.env).pull("contact", "button").id
            self.xero.sandbox.log.clear()
            self.work(connection)
            push, pull = self.env["xero.run"].browse((push, pull))
            self.assertEqual((push.state, push.failed, push.attempts), ("done", 2, 0))
            self.assertEqual(set(moves.mapped("xero_state")), {"failed"})
            problems = self.env["xero.exception"].search([("res_id", "in", moves.ids), ("state", "=", "open")])
            self.assertEqual(problems.mapped("code"), ["address_unsafe"] * 2)
            self.assertIn(f"xero_connector.{kind}_url", problems[0].correction)
            self.assertEqual((pull.state, pull.attempts), ("stopped", 0))
            self.assertIn(f"xero_connector.{kind}_url", pull.error)
            self.assertEqual(self.xero.calls, [])
            self.env["ir.config_parameter"].set_param(f"xero_connector.{kind}_url", self.xero.url)
        self.assertEqual(self.push(moves[0])["params"]["type"], "success")

    def test_what_is_in_doubt_is_asked_for_soon_after_the_address_was_put_right(self):
        move = self.invoice()
        self.push(self.invoice())
        self.xero.sandbox.faults.add("drop_after", method="PUT", path="/Invoices", times=1)
        self.push(move)
        self.assertEqual(move.xero_state, "in_doubt")
        self.env["ir.config_parameter"].set_param("xero_connector.api_url", "http://xero.example.com")
        self.age(minutes=10)
        self.work(self.connection)
        problem = self.env["xero.exception"].search([("res_id", "=", move.id), ("state", "=", "open")])
        self.assertEqual((problem.code, move.xero_state), ("address_unsafe", "in_doubt"))
        self.env["ir.config_parameter"].set_param("xero_connector.api_url", self.xero.url)
        self.age(minutes=1)
        self.work(self.connection)
        self.assertEqual((move.xero_state, problem.state), ("synced", "done"))

    def test_what_waits_for_a_consent_says_so(self):
        with self.as_request(self.connection) as current:
            run = current._new_run("push", "code", "2")
            for error in errors.NO_CONSENT:
                push.wait_out(run, error("no"))
                self.assertNotEqual(run.waiting_text, run.waiting_for)
                self.assertIn("connect", run.waiting_text)

    def test_minute_is_not_the_day(self):
        self.budget().write({"minute_left": 6})
        move = self.invoice()
        run = self.background(move)
        self.work(self.connection)
        self.assertEqual(run.waiting_for, "limit_minute")
        self.age(seconds=61)
        self.work(self.connection)
        self.assertEqual(move.xero_state, "synced")

    def test_leases_of_the_dead_are_forgotten(self):
        self.env.flush_all()
        self.budget().write({"leases": {str(number): 1.0 for number in range(5)}})
        move = self.invoice()
        self.assertEqual(self.push(move)["params"]["type"], "success")
        now = self.env.cr.now().timestamp()
        self.budget().write({"leases": {str(number): now + 3600 for number in range(5)}})
        waiting = self.invoice()
        action = self.push(waiting)
        self.assertEqual(action["params"]["type"], "warning")
        self.assertEqual(waiting.xero_link_id.run_id.waiting_for, "limit_concurrent")


@tagged("post_install", "-at_install")
class TestHealth(XeroCase):
    def test_warned_once_before_it_breaks_and_again_when_it_comes_back(self):
        # ERR-08
        connection = self.connect()
        boss = self.new_user("boss", "xero_connector.group_xero_admin")
        self.assertFalse(connection.health_problem)
        connection._token().write({"refreshed_at": "2026-01-01"})
        connection.invalidate_recordset()
        self.assertIn("consent ends", connection.health_problem)
        connection._warn()
        connection._warn()
        self.assertEqual(len(connection.activity_ids), 1)
        self.assertEqual(connection.activity_ids.user_id, boss)
        mails = self.env["mail.message"].search(
            [("subject", "like", "Xero connection of"), ("res_id", "=", connection.id)]
        )
        self.assertEqual(mails.partner_ids, boss.partner_id)
        self.assertEqual(len(mails), 1)
        connection._token().write({"refreshed_at": fields.Datetime.now()})
        connection.invalidate_recordset()
        connection._warn()
        self.assertFalse(connection.health_problem)
        connection._token().write({"refreshed_at": "2026-01-01"})
        connection.invalidate_recordset()
        connection._warn()
        self.assertEqual(len(connection.activity_ids), 2, "it has come back")

    def test_what_nobody_watched_is_told_once_for_each_cause(self):
        # ERR-08: one alert per run, about new causes
        connection = self.connect()
        boss = self.new_user("boss", "xero_connector.group_xero_admin")
        self.gst.xero_tax_rate_id = False
        moves = [self.invoice(), self.invoice(), self.invoice()]
        connection.push("invoice", moves[0] | moves[1], "schedule")
        self.work(connection)
        self.assertEqual([activity.user_id for activity in connection.activity_ids], [boss])
        self.assertIn("(2)", connection.activity_ids.summary)
        connection.push("invoice", moves[2], "schedule")
        self.work(connection)
        self.assertEqual(len(connection.activity_ids), 1, "this cause is known")
        connection.push("invoice", moves[0] | moves[1] | moves[2], "schedule")
        self.work(connection)
        self.assertEqual(len(connection.activity_ids), 1, "the same records once more")
        self.push(moves[2])
        self.assertEqual(len(connection.activity_ids), 1, "whoever pushes a button sees the answer")

    def test_an_element_that_is_refused_at_each_import_is_told_once(self):
        # ERR-08
        connection = self.connect(on_missing_partner="exception")
        self.new_user("boss", "xero_connector.group_xero_admin")
        for _time in range(2):
            self.env["xero.link"].search([("dataset", "=", "contact")]).unlink()
            with self.as_request(connection) as current:
                current.pull("contact", "schedule")
            self.work(connection)
            self.assertTrue(self.env["xero.exception"].search_count([("code", "=", "partner_missing")]))
            self.assertEqual(len(connection.activity_ids), 1)

    def test_missing_scopes_and_sleeping_worker(self):
        connection = self.connect()
        connection.granted_scopes = connection.granted_scopes.replace("accounting.contacts", "")
        connection.sudo().cron_id.active = False
        self.env.flush_all()
        connection.invalidate_recordset()
        self.assertIn("accounting.contacts", connection.health_problem)
        self.assertIn("switched off", connection.health_problem)

    @mute_logger("odoo.addons.xero_connector")
    def test_a_push_that_fails_again_and_again_is_noticed(self):
        # ERR-08: it waits a little longer each time, and nobody presses anything
        self.connection = connection = self.connect()
        self.xero.sandbox.faults.add("offline503", path="/api.xro/")
        with self.as_request(self.invoice()) as current:
            run = connection.with_env(current.env).push("invoice", current)
        run = self.env["xero.run"].browse(run.id)
        self.work_until(lambda: run.attempts >= 4, passes=60)
        connection.invalidate_recordset()
        self.assertIn(run.display_name, connection.health_problem)
        self.xero.sandbox.faults.clear()
        self.work_until(lambda: run.state == "done", passes=60)
        connection.invalidate_recordset()
        self.assertFalse(connection.health_problem)

    def test_waiting_work_is_noticed(self):
        connection = self.connect()
        with self.as_request(self.invoice()) as current:
            run = connection.with_env(current.env).push("invoice", current)
        self.env.cr.execute("UPDATE xero_run SET create_date = create_date - interval '1 hour' WHERE id = %s", [run.id])
        connection.invalidate_recordset()
        self.assertIn("more than 30 minutes", connection.health_problem)

    def test_lost_refresh_recovers_inside_the_grace(self):
        # C.2
        connection = self.connect()
        connection._token().write({"expires_at": "2020-01-01"})
        self.env.flush_all()
        self.xero.sandbox.faults.add("refresh_lost", path="/connect/token", times=1)
        move = self.invoice()
        action = self.push(move)
        self.assertEqual(action["params"]["type"], "warning", action["params"]["message"])
        self.assertEqual(connection.state, "connected")
        self.age(minutes=1)
        self.work(connection)
        self.age(minutes=1)
        self.work(connection)
        self.assertEqual(move.xero_state, "synced")
        counts = self.xero.sandbox.oauth.counts
        self.assertEqual((counts["rotated_in_grace"], counts["rotated_refused"]), (1, 0))

    def test_invalid_grant_stops_and_alerts_once(self):
        # XQ-03, C.2
        connection = self.connect()
        self.new_user("boss", "xero_connector.group_xero_admin")
        connection._token().store(access_token="gone", refresh_token="gone")
        connection._token().write({"expires_at": "2020-01-01"})
        self.env.flush_all()
        move, before = self.invoice(), self.settings(connection)
        self.push(move)
        self.assertEqual(connection.state, "needs_reconnect")
        self.assertIn("press Connect", connection.state_reason)
        self.xero.sandbox.log.clear()
        self.work(connection)
        self.assertEqual(self.xero.calls, [])
        self.assertEqual(len(connection.activity_ids), 1)
        code = self.xero.authorise(scopes=self.scopes_of(connection), redirect_uri=connection.redirect_uri)
        with self.as_request(connection) as current:
            current._receive_code(code, current.redirect_uri)
        self.assertEqual((connection.state, self.settings(connection)), ("connected", before))
        self.work(connection)
        self.assertEqual(move.xero_state, "synced")

    def settings(self, connection):
        """What people have chosen on the connection."""
        connection.invalidate_recordset()
        fields_ = connection._fields.items()
        chosen = [name for name, field in fields_ if field.store and not field.readonly and "xero" in field._module]
        return {name: connection[name] for name in chosen}
