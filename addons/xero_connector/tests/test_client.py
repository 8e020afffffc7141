"""The client alone: answers, errors, addresses, scopes, dates; no Odoo records."""

import json
import os
from datetime import date, datetime
from decimal import Decimal
from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from .. import values
from ..client import endpoints, errors, scopes, transport

RETRYABLE = {errors.AuthExpired, errors.RateLimited, errors.Offline, errors.OutcomeUnknown}


def answer(status, body=b"", **headers):
    """What :func:`transport.read_answer` makes of an HTTP answer; the error instead of raising it."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        return transport.read_answer(status, headers, body)
    except errors.XeroError as error:
        return error


@tagged("post_install", "-at_install")
class TestClient(BaseCase):
    def test_each_status_has_one_error(self):
        cases = [
            (400, {}, errors.Rejected),
            (401, {}, errors.AuthExpired),
            (403, {}, errors.AccessRevoked),
            (401, {"WWW_Authenticate": 'Bearer error="insufficient_scope"'}, errors.ScopeMissing),
            (403, {"WWW_Authenticate": 'Bearer error="insufficent_scope"'}, errors.ScopeMissing),
            (404, {}, errors.NotFound),
            (429, {}, errors.RateLimited),
            (500, {}, errors.OutcomeUnknown),
            (502, {}, errors.OutcomeUnknown),
            (503, {}, errors.Offline),
            (504, {}, errors.OutcomeUnknown),
            (412, {}, errors.Rejected),
        ]
        for status, headers, kind in cases:
            error = answer(status, b"<html>no JSON</html>", **headers)
            self.assertIs(type(error), kind, status)
            self.assertEqual(error.retry, kind in RETRYABLE)
            self.assertEqual(error.may_have_written, kind is errors.OutcomeUnknown)

    def test_only_a_500_is_repeated_from_xeros_cache(self):
        self.assertTrue(answer(500).cached)
        self.assertFalse(answer(502).cached)

    def test_limits_are_told_apart(self):
        day = answer(429, X_Rate_Limit_Problem="day", Retry_After="66975")
        self.assertEqual((day.kind, day.retry_after), ("day", 66975))
        self.assertEqual(answer(429, X_Rate_Limit_Problem="minute", Retry_After="17").kind, "minute")
        self.assertEqual(answer(429, X_Rate_Limit_Problem="concurrent").kind, "concurrent")
        self.assertEqual(answer(429, X_Rate_Limit_Problem="app-minute").kind, "app")
        left = answer(200, b"{}", **{"X_MinLimit_Remaining": "59", "X_DayLimit_Remaining": "4711"}).limits
        self.assertEqual(left, {"minute": 59, "day": 4711})

    def test_unreadable_answers_are_unknown_outcomes(self):
        for body in (b"<html>", b'{"Invoices": [', b"[" * 100_000, b"\xff\xfe"):
            self.assertIsInstance(answer(200, body), errors.OutcomeUnknown)

    def test_refusal_carries_its_elements(self):
        body = json.dumps({"Message": "A validation exception occurred", "Elements": [{"A": 1}]}).encode()
        self.assertEqual(answer(400, body).elements, [{"A": 1}])
        for odd in (b'{"Elements": 7}', b"[]", b'"text"', b"null"):
            self.assertEqual(answer(400, odd).elements, [])

    def test_addresses(self):
        good = ("https://api.xero.com", "http://localhost:8100", "http://127.0.0.1:1", "http://[::1]:8100")
        bad = ("http://api.xero.com", "ftp://localhost", "localhost:8100", "", "https://", "http://localhost.evil.com")
        self.assertEqual([endpoints.is_safe(url) for url in good], [True] * len(good))
        self.assertEqual([endpoints.is_safe(url) for url in bad], [False] * len(bad))
        with patch.dict(os.environ, {"XERO_API_URL": "http://localhost:1/"}):
            self.assertEqual(endpoints.resolve("api", "https://else.example"), "http://localhost:1")
        with patch.dict(os.environ, clear=True):
            self.assertEqual(endpoints.resolve("api"), "https://api.xero.com")
            with self.assertRaisesRegex(ValueError, "must be https"):
                endpoints.resolve("login", "http://xero.example")

    def test_scopes_are_granular(self):
        wanted = scopes.scopes_for()
        self.assertFalse({"accounting.transactions", "accounting.reports.read"} & set(wanted))
        self.assertIn("offline_access", wanted)
        self.assertEqual(scopes.missing_scopes(" ".join(wanted)), [])
        held = " ".join(scope for scope in wanted if scope != "accounting.contacts")
        self.assertEqual(scopes.missing_scopes(held), ["accounting.contacts"])

    def test_dates_and_money(self):
        self.assertEqual(values.parse_date("/Date(1539993600000+0000)/"), date(2018, 10, 20))
        self.assertEqual(values.parse_moment("2018-10-20T11:22:33.444Z"), datetime(2018, 10, 20, 11, 22, 33))
        for odd in (None, "", "yesterday", 7, "/Date(x)/", "/Date(99999999999999999999)/"):
            self.assertIsNone(values.parse_moment(odd))
        sent = values.dumps({"b": Decimal("1234567.89"), "a": date(2026, 11, 20)})
        self.assertEqual(sent, b'{"a":"2026-11-20","b":1234567.89}')
        self.assertEqual(values.loads(b'{"x": 0.1}'), {"x": Decimal("0.1")})

    def test_nothing_is_retried_or_followed_in_secret(self):
        client = transport._RestClient(transport._api_client().configuration)
        retries = client.pool_manager.connection_pool_kw["retries"]
        self.assertEqual((retries.total, retries.redirect, retries.respect_retry_after_header), (0, 0, False))
        self.assertTrue(all(transport.TIMEOUT))

    def test_two_clients_share_no_token(self):
        # xero-python's Configuration hands out copies of one instance
        one, two = transport._api_client(), transport._api_client()
        one.configuration.oauth2_token = object()
        self.assertIsNone(two.configuration.oauth2_token)
        self.assertIsNone(transport._api_client().configuration.oauth2_token)

    def test_a_problem_of_payroll(self):
        body = {
            "problem": {
                "title": "BadRequest",
                "detail": "Validation error occurred.",
                "invalidFields": [{"name": "StartDate", "reason": "The start date is not that of a period."}],
            }
        }
        error = answer(400, json.dumps(body).encode())
        self.assertEqual(
            (type(error), error.message),
            (errors.Rejected, "Validation error occurred. StartDate: The start date is not that of a period."),
        )
        for broken in ({"problem": "no"}, {"problem": {"invalidFields": "x"}}, {"problem": {"detail": 5}}):
            self.assertIsInstance(answer(400, json.dumps(broken).encode()), errors.Rejected)

    def test_payroll_is_asked_for_on_its_own(self):
        wanted = scopes.scopes_for((*scopes.ENABLED, "payroll"))
        self.assertEqual(sum(scope.startswith("payroll.") for scope in wanted), 5)
        self.assertFalse([scope for scope in scopes.scopes_for() if scope.startswith("payroll")])
