"""Clocks, apps and processes that are not in step: still nothing goes to Xero twice (C.1, C.6)."""

import time
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ..client import errors
from ..engine import conflicts, push, session
from .test_push_bills import BillCase
from .test_push_payments import PaymentCase

OTHER_APP = ("OTHER-CLIENT-ID", "OTHER-CLIENT-SECRET")


class LateCase(BillCase):
    def lose(self, **age):
        """A bill that Xero has, while nobody here knows; bills have no number that Xero would refuse again."""
        bill = self.bill()
        self.fault("drop_after")
        self.push(bill)
        self.assertEqual(bill.xero_state, "in_doubt")
        self.age(**age)
        return bill

    def fault(self, kind, method="PUT", path="/Invoices$", times=1, **options):
        self.xero.sandbox.faults.add(kind, method=method, path=path, times=times, **options)

    def check_once(self, bill, passes=60):
        self.work_until(lambda: bill.xero_state == "synced", passes)
        self.assertEqual([row["InvoiceID"] for row in self.rows()], [bill.xero_link_id.xero_id])
        self.assertEqual((bill.xero_state, self.problem(bill)), ("synced", False))

    def rows(self):
        return self.xero.organisation(1).invoices

    def request(self):
        return self.env["xero.request"].search([("state", "!=", "answered")])


@tagged("post_install", "-at_install")
class TestLateComers(LateCase):
    # === CLOCKS === #

    def test_a_database_whose_clock_is_ahead_of_xeros(self):
        clock = self.xero.sandbox.clock
        clock.offset, clock._last_ms = clock.offset - 600, 0
        self.check_once(self.lose(minutes=7))

    def test_a_token_that_comes_too_late_for_the_same_key(self):
        bill, opened = self.lose(minutes=4, seconds=50), session.open_api

        def wait(connection, *arguments):
            api = opened(connection, *arguments)
            self.age(seconds=80)
            late = time.monotonic() + 80
            self.patch(time, "monotonic", lambda: late)
            return api

        with patch.object(session, "open_api", wait):
            self.work(self.connection)
        self.assertEqual(len(self.rows()), 1)
        self.check_once(bill)

    # === APPS === #

    def test_another_app_knows_nothing_of_the_key(self):
        bill = self.lose(minutes=1)
        self.xero.sandbox.oauth.add_app(*OTHER_APP, [self.connection.redirect_uri])
        with self.as_request(self.connection) as current:
            current.action_disconnect()
            current.write(dict(zip(("client_id", "client_secret"), OTHER_APP, strict=True)))
        scopes = self.scopes_of(self.connection)
        code = self.xero.authorise(scopes, self.connection.redirect_uri, 1, False, *OTHER_APP)
        with self.as_request(self.connection) as current:
            current._receive_code(code, current.redirect_uri)
        self.assertEqual(self.connection.state, "connected")
        self.check_once(bill)

    def test_what_a_proxy_refuses_is_no_verdict_on_what_was_sent(self):
        bill = self.lose(minutes=1)
        for error in (errors.NotFound("", status=404), errors.Rejected("HTTP 400", status=400)):
            with patch.object(session, "call", side_effect=error):
                self.work(self.connection)
            self.assertEqual(bill.xero_state, "in_doubt")
            self.age(seconds=95)
        self.check_once(bill)

    # === FENCES === #

    def test_who_was_taken_over_before_it_left_does_not_send(self):
        bill, opened = self.bill(), session.open_api

        def stop(connection, *arguments):
            # The process stands still; another one finds its request, and that nothing of it is in Xero.
            api = opened(connection, *arguments)
            self.taken = self.request()
            with self.as_request(self.taken) as current:
                current._leave_open()
            return api

        self.push(self.partner)
        with patch.object(push.session, "open_api", stop):
            self.push(bill)
        self.assertEqual((bill.xero_state, len(self.rows())), ("in_doubt", 0))
        self.age(minutes=7)
        self.check_once(bill)

    def test_it_counts_from_when_it_left(self):
        bill, opened = self.bill(), session.open_api
        self.push(self.partner)

        def wait(connection, *arguments):
            api = opened(connection, *arguments)
            with self.as_request(self.request()) as current:
                current.sent_at -= timedelta(seconds=85)
            return api

        self.fault("drop_after")
        with patch.object(push.session, "open_api", wait):
            self.push(bill)
        self.assertGreater(self.request().sent_at, fields.Datetime.now() - timedelta(seconds=60))
        self.check_once(bill)

    def test_holders_that_come_too_late_change_nothing(self):
        self.create_in_xero("/Contacts", {"Contacts": [{"Name": self.partner.name}]})
        asked, held = [], conflicts.holders

        def slow(connection, *arguments, **options):
            found = held(connection, *arguments, **options)
            if not asked:
                asked.append(connection)
                self.age(seconds=100)
                self.work(self.connection)
                self.settled = self.partner.xero_state
            return found

        with patch.object(conflicts, "holders", slow):
            self.push(self.partner)
        self.assertTrue(asked)
        self.assertEqual((self.settled, self.partner.xero_state), ("synced", "synced"))
        self.assertFalse(self.request())
        found = [("model", "=", "res.partner"), ("res_id", "=", self.partner.id), ("kind", "=", "matched")]
        self.assertEqual(self.env["xero.event"].search_count(found), 1)

    # === WHAT CANNOT BE READ === #

    def test_lists_that_stay_garbled_are_a_question(self):
        bill = self.lose(minutes=7)
        self.fault("null_strings", "GET", times=None)
        self.work_until(lambda: bill.xero_state == "failed", 60)
        self.assertEqual((bill.xero_state, self.problem(bill)), ("failed", "look_up_unreadable"))
        self.assertEqual(len(self.rows()), 1)


@tagged("post_install", "-at_install")
class TestEqualPayments(PaymentCase):
    """Two halves alike in one request whose answer is lost: each finds a payment of its own."""

    def halves(self, amount):
        move = self.invoice([(1, 100.0)])  # 110.00
        self.push(move)
        halves = self.pay([move], amount=55.0) | self.pay([move], amount=55.0)
        if amount < 110:
            self.create_in_xero(
                "/Payments",
                {
                    "Payments": [
                        {
                            "Invoice": {"InvoiceID": move.xero_link_id.xero_id},
                            "Account": {"Code": "090"},
                            "Date": "2026-11-09",
                            "Amount": 110 - amount,
                        }
                    ]
                },
            )
        self.xero.sandbox.faults.add("error500_after", method="PUT", path="/Payments$", times=1)
        self.push(halves)
        self.work_until(lambda: not set(halves.mapped("xero_state")) & {"queued", "sending", "in_doubt"}, 60)
        return halves

    def test_both_arrived(self):
        halves = self.halves(110)
        self.assertEqual(halves.mapped("xero_state"), ["synced", "synced"])
        self.assertEqual(len(set(halves.mapped("xero_link_id.xero_id"))), 2)
        self.assertEqual(len(self.payments_in_xero()), 2)

    def test_there_was_room_for_one(self):
        halves = self.halves(60)
        self.assertEqual(sorted(halves.mapped("xero_state")), ["failed", "synced"])
        self.assertEqual(len(self.payments_in_xero()), 2)
