"""Bad luck on the way: every request ends done, or visible with a cause (ERR-05, ERR-12, INV-15)."""

from contextlib import contextmanager
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.tests import tagged

from ..engine import session
from ..models.xero_connection_push import XeroConnection
from .common import XeroCase

ANSWERS = "odoo.addons.xero_connector.engine.answer"
UNKNOWN = ("drop_after", "truncated", "malformed", "html502", "error500_after")
NOT_WRITTEN = ("drop_before", "error500_before")


@tagged("post_install", "-at_install")
class TestPushFailures(XeroCase):
    def setUp(self):
        super().setUp()
        self.connection = self.connect()
        self.move = self.invoice()
        # The contact is there already: one write call is left, the invoice's.
        self.push(self.partner)

    def fault(self, kind, method="PUT", path="/Invoices$", **options):
        self.xero.sandbox.faults.add(kind, method=method, path=path, **{"times": 1, **options})

    def no_more_faults(self):
        self.xero.sandbox.faults.clear()

    def documents(self):
        """Invoices that the sandbox holds under the number of our invoice."""
        return [row for row in self.xero.organisation(1).invoices if row["InvoiceNumber"] == self.move.name]

    @contextmanager
    def unkeepable(self, move):
        """Within, what Xero says of `move` cannot be written down, and the log says so."""
        dataset = type(self.env["xero.dataset.invoice"])
        kept, number = dataset._keep_answer, move.name

        def keep(dataset, link, item, sources):
            if item["InvoiceNumber"] == number:
                raise TypeError("nobody has thought of this")
            return kept(dataset, link, item, sources)

        with patch.object(dataset, "_keep_answer", keep), self.assertLogs(ANSWERS, "ERROR"):
            yield

    def settle(self, minutes=7):
        """Let the worker go on until nothing is in doubt; at most `minutes` of waiting pass."""
        self.work_until(lambda: self.move.xero_state == "synced", minutes * 4)

    def test_one_that_is_deleted_meanwhile_hides_no_outcome(self):
        kept, deleted = self.env["res.partner"].create([{"name": "Kept Ltd"}, {"name": "Deleted Ltd"}])
        push_now = XeroConnection._push_now

        def delete(connection, run):
            push_now(connection, run)
            deleted.exists().unlink()

        with patch.object(XeroConnection, "_push_now", delete):
            params = self.push(kept | deleted)["params"]
        self.assertEqual((params["type"], kept.xero_state), ("warning", "synced"))
        first, second = params["message"].splitlines()
        self.assertEqual(first, "Kept Ltd is in Xero.")
        self.assertIn("Deleted Ltd", second)

    def test_offline_twice_then_done(self):
        # ERR-05: 503, 503, 200
        self.fault("offline503", times=2)
        action = self.push(self.move)
        self.assertEqual(action["params"]["type"], "warning")
        self.assertEqual(self.move.xero_state, "queued")
        self.settle()
        self.assertEqual(self.move.xero_state, "synced")
        events = self.env["xero.event"].search([("model", "=", "account.move"), ("res_id", "=", self.move.id)])
        self.assertEqual(events.mapped("kind"), ["created", "retry", "retry"])
        self.assertEqual(len(self.documents()), 1)

    def test_data_error_is_not_retried(self):
        # ERR-05, ERR-10: a 400 waits for somebody
        self.income.with_company(self.company).xero_account_id = self.env["xero.account"].search(
            [("connection_id", "=", self.connection.id), ("code", "=", "200")]
        )
        for account in self.xero.organisation(1).accounts:
            if account.get("Code") == "200":
                account["Status"] = "ARCHIVED"
        self.push(self.move)
        self.assertEqual(self.problem(self.move), "account_archived_in_xero")
        self.xero.sandbox.log.clear()
        self.age(hours=2)
        self.work(self.connection)
        self.assertEqual(self.xero.count("PUT /Invoices"), 0)

    def test_lost_answer_is_found_again(self):
        # ERR-12: whatever broke after Xero had written it
        for kind in UNKNOWN:
            with self.subTest(kind=kind):
                self.move = self.invoice()
                self.fault(kind)
                action = self.push(self.move)
                self.assertEqual(action["params"]["type"], "warning")
                self.assertEqual(self.move.xero_state, "in_doubt")
                self.settle()
                self.assertEqual(self.move.xero_state, "synced")
                self.assertEqual(len(self.documents()), 1)
                self.assertEqual(self.move.xero_link_id.xero_id, self.documents()[0]["InvoiceID"])
                self.no_more_faults()

    def test_lost_before_xero_wrote_is_sent_again(self):
        for kind in NOT_WRITTEN:
            with self.subTest(kind=kind):
                self.move = self.invoice()
                self.fault(kind)
                self.push(self.move)
                self.settle(minutes=9)
                self.assertEqual(self.move.xero_state, "synced")
                self.assertEqual(len(self.documents()), 1)
                self.no_more_faults()

    def test_lost_answer_older_than_the_key(self):
        # INV-15: the look-up by number heals what the idempotency key no longer can
        self.fault("drop_after")
        self.push(self.move)
        self.assertEqual(self.move.xero_state, "in_doubt")
        self.age(minutes=7)
        self.xero.sandbox.log.clear()
        self.work(self.connection)
        self.assertEqual(self.move.xero_state, "synced")
        self.assertEqual(self.xero.count("PUT /Invoices"), 0)
        self.assertEqual(len(self.documents()), 1)

    def test_between_key_and_look_up_nothing_is_asked(self):
        # After 5 minutes the key may be forgotten, before 6 a look-up may come too early.
        self.fault("drop_after")
        self.push(self.move)
        self.age(minutes=5, seconds=20)
        self.xero.sandbox.log.clear()
        self.work(self.connection)
        self.assertEqual((self.xero.calls, self.move.xero_state), ([], "in_doubt"))
        self.age(seconds=50)
        self.work(self.connection)
        self.assertEqual((self.move.xero_state, self.xero.count("PUT /Invoices")), ("synced", 0))

    def test_a_failure_that_xero_repeats_is_not_sent_anew_before_it_is_forgotten(self):
        self.fault("error500_before")
        self.push(self.move)
        for seconds in (60, 120, 150):
            self.age(seconds=seconds)
            self.work(self.connection)
        self.assertEqual(self.xero.count("PUT /Invoices"), 1, "5 and a half minutes old")
        self.age(seconds=60)
        self.settle()
        self.assertEqual(self.xero.count("PUT /Invoices"), 2)
        self.assertEqual(len(self.documents()), 1)

    def test_never_written_and_older_than_the_key(self):
        self.fault("drop_before")
        self.push(self.move)
        self.age(minutes=7)
        self.work(self.connection)
        self.work(self.connection)
        self.assertEqual(self.move.xero_state, "synced")
        self.assertEqual(len(self.documents()), 1)

    def test_one_answer_that_cannot_be_kept_leaves_the_others_alone(self):
        others = self.invoice() | self.invoice()
        moves = others | self.move
        with self.unkeepable(self.move):
            self.push(moves)
        self.assertEqual(set(others.mapped("xero_state")), {"synced"})
        self.assertEqual((self.move.xero_state, self.problem(self.move)), ("failed", "answer_not_kept"))
        self.assertEqual(self.move.xero_link_id.xero_id, self.documents()[0]["InvoiceID"])
        self.push(self.move)
        self.assertEqual((self.move.xero_state, self.problem(self.move)), ("synced", False))
        self.assertEqual(len(self.documents()), 1)

    def test_an_answer_that_comes_after_a_take_over_is_not_listened_to(self):
        self.fault("drop_after")
        self.push(self.move)
        request = self.env["xero.request"].search([("state", "=", "unknown")])
        before = request.attempts - 1
        with self.as_request(request) as current:
            done = current._conclude(before, lambda: self.fail("a late answer was written down"))
        self.assertFalse(done)
        with self.as_request(request) as current:
            self.assertTrue(current._conclude(current.attempts, lambda: None))

    def test_killed_while_sending(self):
        # A worker that died after the call left the link in "sending": somebody takes it over.
        self.fault("drop_after")
        self.push(self.move)
        request = self.env["xero.request"].search([], limit=1)
        request.write({"state": "sending", "not_before": False})
        self.move.xero_link_id.state = "sending"
        self.work(self.connection)
        self.assertEqual(self.move.xero_state, "sending", "not before every time-out is over")
        self.age(seconds=100)
        self.work(self.connection)
        self.assertEqual(self.move.xero_state, "synced")
        self.assertEqual(len(self.documents()), 1)

    def test_second_push_while_in_doubt_sends_nothing(self):
        self.fault("drop_after")
        self.push(self.move)
        self.xero.sandbox.log.clear()
        action = self.push(self.move)
        self.assertEqual(self.xero.count("PUT /Invoices"), 0)
        self.assertEqual(action["params"]["type"], "warning")

    def test_expired_token_is_refreshed_once(self):
        # CON-18
        # Only Xero knows that the token is too old: its clock is ahead of ours.
        self.xero.advance(31 * 60)
        self.push(self.move)
        self.assertEqual(self.move.xero_state, "synced")
        self.assertEqual(self.xero.sandbox.oauth.counts["refreshes"], 1)

    def test_minute_limit_waits_and_goes_on(self):
        self.fault("rate_minute")
        action = self.push(self.move)
        self.assertEqual(action["params"]["type"], "warning")
        run = self.move.xero_link_id.run_id
        self.assertTrue(run.not_before)
        self.xero.sandbox.log.clear()
        self.work(self.connection)
        self.assertEqual(self.xero.count("PUT /Invoices"), 0, "nothing is sent before the limit is over")
        self.settle()
        self.assertEqual(self.move.xero_state, "synced")

    def test_unknown_values_and_fields_harm_nothing(self):
        for kind in ("unknown_enum", "null_strings", "unknown_fields"):
            with self.subTest(kind=kind):
                self.move = self.invoice()
                self.fault(kind)
                self.push(self.move)
                self.settle()
                self.assertEqual(self.move.xero_link_id.xero_id, self.documents()[0]["InvoiceID"])
                self.assertEqual(len(self.documents()), 1)
                self.no_more_faults()

    def test_number_taken_by_the_same_document_is_linked(self):
        # B13: already there with contact, date, currency and total: linked, not sent again
        self.push(self.move)
        xero_id = self.move.xero_link_id.xero_id
        self.move.xero_link_id.unlink()
        action = self.push(self.move)
        self.assertEqual(action["params"]["type"], "success")
        self.assertEqual(self.move.xero_link_id.xero_id, xero_id)
        self.assertEqual(len(self.documents()), 1)

    def test_one_found_in_xero_that_cannot_be_kept_leaves_the_others_alone(self):
        moves = self.move | self.invoice()
        self.push(moves)
        ids = {move.name: move.xero_link_id.xero_id for move in moves}
        moves.xero_link_ids.unlink()
        with self.unkeepable(self.move):
            self.push(moves)
        self.assertEqual({move.name: move.xero_link_id.xero_id for move in moves}, ids)
        self.assertEqual(
            [(move.xero_state, self.problem(move)) for move in moves],
            [("failed", "answer_not_kept"), ("synced", False)],
        )
        self.assertFalse(self.env["xero.request"].search([("state", "in", ("sending", "unknown"))]))

    def test_a_look_up_that_is_garbled_does_not_make_the_contact_twice(self):
        for kind in ("null_strings", "unknown_enum"):
            with self.subTest(kind=kind):
                partner = self.env["res.partner"].create({"name": f"Mallee {kind}", "is_company": True})
                self.move = self.invoice(partner_id=partner.id)
                self.xero.sandbox.log.clear()
                self.fault("drop_after", path="/Contacts$")
                self.push(self.move)
                self.age(minutes=7)
                self.fault(kind, method="GET", path="/Contacts$")
                self.settle()
                self.assertFalse(self.problem(partner))
                same = [row for row in self.xero.organisation(1).contacts if row["Name"] == partner.name]
                self.assertEqual([row["ContactID"] for row in same], partner.xero_link_id.mapped("xero_id"))
                self.assertEqual(self.xero.count("PUT /Contacts"), 1)

    def test_a_contact_that_holds_our_number_is_ours(self):
        # It was made, and nobody has told us; what we forgot, its number tells.
        link = self.partner.xero_link_id
        xero_id = link.xero_id
        link.write({"xero_id": False, "content_hash": False, "state": "queued"})
        self.push(self.partner)
        self.assertFalse(self.problem(self.partner))
        self.assertEqual(self.partner.xero_link_id.xero_id, xero_id)

    def test_contact_of_the_same_name_is_linked(self):
        there = self.create_in_xero("/Contacts", {"Contacts": [{"Name": "Wattle & Co"}]})["Contacts"][0]
        partner = self.env["res.partner"].create({"name": "Wattle & Co", "is_company": True})
        self.move = self.invoice(partner_id=partner.id)
        self.push(self.move)
        self.assertEqual(partner.xero_link_id.xero_id, there["ContactID"])
        self.assertEqual(self.move.xero_state, "synced")

    def test_who_holds_a_name_is_asked_again_when_the_answer_is_garbled(self):
        there = self.create_in_xero("/Contacts", {"Contacts": [{"Name": "Wattle & Co"}]})["Contacts"][0]
        for kind in ("null_strings", "unknown_enum"):
            with self.subTest(kind=kind):
                partner = self.env["res.partner"].create({"name": "Wattle & Co", "is_company": True})
                self.move = self.invoice(partner_id=partner.id)
                self.fault(kind, method="GET", path="/Contacts$")
                self.push(self.move)
                self.assertFalse(self.problem(partner))
                self.settle()
                self.assertEqual(partner.xero_link_id.xero_id, there["ContactID"])
                self.assertEqual(self.move.xero_state, "synced")
                self.no_more_faults()
                partner.xero_link_id.unlink()

    def test_who_holds_a_number_is_asked_again_when_the_answer_is_garbled(self):
        for kind in ("null_strings", "unknown_enum"):
            with self.subTest(kind=kind):
                self.move = self.invoice()
                self.push(self.move)
                xero_id = self.move.xero_link_id.xero_id
                self.move.xero_link_id.unlink()
                self.fault(kind, method="GET", path="/Invoices$")
                self.push(self.move)
                self.settle()
                self.assertEqual((self.move.xero_state, self.move.xero_link_id.xero_id), ("synced", xero_id))
                self.no_more_faults()

    def test_a_status_that_nobody_knows_is_a_question_in_the_end(self):
        self.create_in_xero("/Contacts", {"Contacts": [{"Name": "Wattle & Co"}]})
        partner = self.env["res.partner"].create({"name": "Wattle & Co", "is_company": True})
        self.fault("unknown_enum", method="GET", path="/Contacts$", times=50)
        self.push(partner)
        for _pass in range(12):
            self.age(minutes=10)
            self.work(self.connection)
        self.assertEqual(partner.xero_state, "failed")
        self.assertTrue(self.problem(partner))

    def test_revoked_access_stops_everything_and_keeps_settings(self):
        # XQ-03
        self.new_user("xero_boss", "xero_connector.group_xero_admin")
        self.fault("disconnected")
        self.push(self.move)
        self.assertEqual(self.connection.state, "needs_reconnect")
        self.assertEqual(self.connection.sync_from.year, 2020)
        alerts = self.connection.activity_ids
        self.assertTrue(alerts)
        self.xero.sandbox.log.clear()
        self.age(hours=1)
        self.work(self.connection)
        self.assertEqual(self.xero.calls, [])
        self.assertEqual(self.connection.activity_ids, alerts)
        code = self.xero.authorise(scopes=self.scopes_of(self.connection), redirect_uri=self.connection.redirect_uri)
        with self.as_request(self.connection) as current:
            current._receive_code(code, current.redirect_uri)
        self.assertEqual(self.connection.state, "connected")
        self.settle()
        self.assertEqual(self.move.xero_state, "synced")

    def test_who_meets_others_each_time_gives_way(self):
        # Somebody saves the same row whenever the worker wants it: it waits and goes on, and nothing failed.
        meetings = []

        def meet(connection, *arguments):
            meetings.append(connection)
            raise SerializationFailure

        with self.as_request(self.move) as current:
            self.connection.with_env(current.env).push("invoice", current)
        run = self.move.xero_link_ids.run_id
        with patch.object(session, "open_api", meet), self.assertNoLogs("odoo.addons.xero_connector", "ERROR"):
            self.work(self.connection)
            self.assertTrue(meetings)
            self.assertEqual((run.state, run.waiting_for), ("queued", "busy"))
            self.assertIn("others who change", run.waiting_text)
        self.settle()
        self.assertEqual(self.move.xero_state, "synced")
        self.assertEqual(len(self.documents()), 1)
