"""A server that speaks HTTP badly, or stands at an address where none may stand, harms nothing (C.5)."""

import contextlib
import gzip
import json
import os
import socket
import socketserver
import threading
import time
import tracemalloc
from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from ..client import XeroApi, endpoints, errors, oauth, transport

TOKEN = "SECRET-ACCESS-TOKEN"
TENANT = "7a1c4e0e-0000-4000-8000-000000000001"
MEGABYTE = 1024 * 1024


class Hostile(socketserver.ThreadingTCPServer):
    """Answers every request with what :attr:`answer` says: bytes, or a generator of bytes."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer, self.heads, self.sent = b"", [], 0
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def stop(self):
        self.shutdown()
        self.server_close()


class _Handler(socketserver.BaseRequestHandler):
    def handle(self):
        head = b""
        while b"\r\n\r\n" not in head:
            part = self.request.recv(65536)
            if not part:
                return
            head += part
        self.server.heads.append(head)
        answer = self.server.answer
        with contextlib.suppress(OSError):
            for part in [answer] if isinstance(answer, bytes) else answer():
                self.request.sendall(part)
                self.server.sent += len(part)
            self.request.shutdown(socket.SHUT_WR)
            self.request.recv(1)


def respond(body=b"", status="200 OK", length=True, **headers):
    """Bytes of an HTTP answer."""
    lines = [f"HTTP/1.1 {status}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if length:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


@tagged("post_install", "-at_install")
class TestHostileServer(BaseCase):
    """One exchange with somebody who does not speak as Xero does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = Hostile()
        cls.addClassCleanup(cls.server.stop)

    def setUp(self):
        super().setUp()
        self.server.heads.clear()
        self.server.sent = 0

    def ask(self, answer, call=lambda api: api.get("/Invoices")):
        """What comes of a call that is answered with `answer`; the error instead of raising it."""
        self.server.answer = answer
        try:
            return call(XeroApi(self.server.url, TOKEN, TENANT))
        except errors.XeroError as error:
            return error

    def send(self, answer):
        """The same for a write call."""
        return self.ask(answer, lambda api: api.send("PUT", "/Invoices", b"{}", "key"))

    def assertUnknown(self, outcome):
        """Nobody knows what became of the call: it may have been written."""
        self.assertIsInstance(outcome, errors.OutcomeUnknown)
        self.assertTrue(outcome.may_have_written and outcome.retry)

    # === TOO MUCH === #

    def test_a_huge_body_is_not_received(self):
        def endless():
            yield respond(length=False, Content_Length=200 * MEGABYTE)
            for _megabyte in range(200):
                yield b" " * MEGABYTE

        tracemalloc.start()
        self.addCleanup(tracemalloc.stop)
        with patch.object(transport, "MAX_ANSWER", 2 * MEGABYTE):
            self.assertUnknown(self.send(endless))
        self.assertLess(tracemalloc.get_traced_memory()[1], 20 * MEGABYTE)
        self.assertLess(self.server.sent, 30 * MEGABYTE, "the rest was received and thrown away")

    def test_a_bomb_is_not_unpacked(self):
        bomb = gzip.compress(b" " * 200 * MEGABYTE)
        tracemalloc.start()
        self.addCleanup(tracemalloc.stop)
        with patch.object(transport, "MAX_ANSWER", 2 * MEGABYTE):
            self.assertUnknown(self.send(respond(bomb, Content_Encoding="gzip")))
            twice = respond(gzip.compress(bomb), Content_Encoding="gzip, gzip")
            self.assertUnknown(self.send(twice))
        self.assertLess(tracemalloc.get_traced_memory()[1], 100 * MEGABYTE)

    def test_a_long_list_and_a_deep_one(self):
        many = self.ask(respond(b'{"Invoices": [' + b"{}," * 10**6 + b"{}]}"))
        self.assertEqual(len(many.data["Invoices"]), 10**6 + 1)
        with self.assertRaises(errors.OutcomeUnknown):
            many.rows("Invoices", "InvoiceID")
        for depth in (60, 900, 100_000):
            for opening, closing in ((b"[", b"]"), (b'{"a":', b"}")):
                body = b'{"Invoices": ' + opening * depth + b"1" + closing * depth + b"}"
                self.assertUnknown(self.send(respond(body)))

    def test_too_many_headers(self):
        bombs = (
            b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: 1\r\n" % number for number in range(20_000)) + b"\r\n",
            b"HTTP/1.1 200 OK\r\nX: " + b"a" * 10**6 + b"\r\n\r\n",
            b"HTTP/1.1 " + b"2" * 10**6 + b"\r\n\r\n",
        )
        for bomb in bombs:
            self.assertUnknown(self.send(bomb))

    # === TOO SLOW === #

    def drip(self, start, again=b"x"):
        def slowly():
            yield start
            until = time.monotonic() + 10
            while time.monotonic() < until:
                time.sleep(0.05)
                yield again

        started = time.monotonic()
        with patch.object(transport, "TOTAL", 0.5):
            outcome = self.send(slowly)
        self.assertUnknown(outcome)
        self.assertLess(time.monotonic() - started, 3)

    def test_one_byte_now_and_then(self):
        self.drip(respond(length=False, Content_Length=10**6))
        self.drip(respond(length=False, Connection="close"))
        self.drip(respond(length=False, Transfer_Encoding="chunked"), b"1\r\nx\r\n")
        self.drip(b"HTTP/1.1 200 OK\r\n")
        self.drip(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n")

    def test_the_end_comes_before_others_take_over(self):
        from ..engine import transaction

        self.assertLess(transport.TOTAL + transport.TIMEOUT[0], transaction.LOST_AFTER.total_seconds())

    # === NOT WHAT WAS ASKED FOR === #

    def test_not_json(self):
        html = b"<html><script>alert(1)</script></html>"
        for answer in (
            respond(html, Content_Type="text/html"),
            respond(html, Content_Type="application/json"),
            respond(b'{"Invoices": [', Content_Type="application/json"),
            respond(b"", Content_Type="application/json"),
            respond(b"\xff\xfe\x00"),
            respond(gzip.compress(b"{}")[:-9], Content_Encoding="gzip"),
            respond(b"{}", Content_Encoding="gzip"),
            respond(b"{}", length=False, Transfer_Encoding="chunked"),
            respond(b"{}", length=False, Content_Length="-1"),
            respond(b"{}", length=False, Content_Length="many"),
            respond(b"{}", length=False, Content_Length=10**30),
            b"HTTP/1.1 ??? What\r\n\r\n",
            b"\x00\x01\x02\r\n\r\n",
            b"",
        ):
            outcome = self.send(answer)
            if isinstance(outcome, transport.Answer):
                self.assertEqual(outcome.data, {}, answer)
            else:
                self.assertUnknown(outcome)

    def test_json_of_another_kind(self):
        for body in (b"[]", b'"text"', b"7", b"true", b"null", b'{"Invoices": {}}', b'{"Invoices": [[]]}'):
            self.assertUnknown(self.send(respond(body)))
            self.assertUnknown(self.ask(respond(body)))
        for body in (b"{}", b'{"Invoices": null}', b'{"invoices": []}'):
            # Readable, but what was asked for is not in it: never the same as an empty list.
            with self.assertRaises(errors.OutcomeUnknown):
                self.ask(respond(body)).rows("Invoices")
        self.assertEqual(self.ask(respond(status="304 Not Modified")).rows("Invoices"), [])

    def test_a_json_body_of_another_content_type_is_read(self):
        found = self.ask(respond(b'{"Invoices": []}', Content_Type="text/html"))
        self.assertEqual(found.rows("Invoices"), [])

    def test_numbers_that_are_none(self):
        for number in ("NaN", "Infinity", "-Infinity", "1e400", "-1E+9999", "1" * 30, "9" * 5000, "true", '"1"'):
            body = b'{"Invoices": [{"Total": %s}]}' % number.encode()
            self.assertUnknown(self.send(respond(body)))
        for number in ("NaN", "Infinity", "-Infinity"):
            self.assertUnknown(self.send(respond(b'{"Invoices": [], "Unknown": %s}' % number.encode())))

    def test_waiting_times_that_are_none(self):
        def wait(text):
            error = self.ask(respond(status="429 Too Many Requests", Retry_After=text))
            self.assertIsInstance(error, errors.RateLimited)
            return error.retry_after

        for text in ("-5", "²", "17.5", "1e3", "soon", "", "Wed, 21 Oct 2026 07:28:00 GMT", "9" * 5000, "inf", "0x10"):
            self.assertIsNone(wait(text), text)
        self.assertEqual((wait("30"), wait("99999999")), (30, transport.LONGEST_WAIT))

    def test_limits_that_are_none(self):
        for text in ("-1", "²", "9" * 12, "lots", "\xb9"):
            found = self.ask(respond(b'{"Invoices": []}', X_DayLimit_Remaining=text, Xero_Correlation_Id=f"<{text}>"))
            self.assertEqual((found.limits, found.correlation_id), ({}, ""), text)

    # === ELSEWHERE === #

    def test_redirects_are_not_followed(self):
        other = Hostile()
        self.addCleanup(other.stop)
        for status in (300, 301, 302, 303, 305, 307, 308):
            answer = respond(status=f"{status} Elsewhere", Location=f"{other.url}/api.xro/2.0/Invoices")
            self.assertUnknown(self.ask(answer))
            self.assertUnknown(self.send(answer))
            with contextlib.suppress(errors.XeroError):
                oauth.refresh(self.server.url, "id", "secret", "refresh")
        refresh = respond(status="200 OK", Refresh=f"0; url={other.url}")
        self.ask(refresh)
        self.assertEqual(other.heads, [])
        self.assertEqual(len(self.server.heads), 7 * 3 + 1)

    def test_an_echo_of_our_token_stays_out_of_messages(self):
        for status in ("400 Bad", "401 Unauthorized", "403 Forbidden", "404 Gone", "500 Broken", "503 Offline"):
            body = json.dumps({"Detail": f"Authorization: Bearer {TOKEN}"}).encode()
            error = self.ask(respond(body, status=status))
            self.assertNotIn(TOKEN, f"{error} {error.message} {error.args}")
            body = json.dumps({"error": "client_secret=HUSH refresh_token=HUSH"}).encode()
            self.server.answer = respond(body, status=status)
            with self.assertRaises(errors.XeroError) as caught:
                oauth.refresh(self.server.url, "id", "HUSH", "HUSH")
            self.assertNotIn("HUSH", f"{caught.exception} {caught.exception.message} {caught.exception.args}")

    def test_messages_are_short_texts(self):
        for detail in ("x" * 10**6, ["x"], {"a": 1}, 7, "\x00\ud800"):
            body = json.dumps({"Detail": detail}).encode()
            for status in ("400 Bad", "403 Forbidden", "500 Broken"):
                error = self.ask(respond(body, status=status))
                self.assertLessEqual(len(error.message), 2000)
                error.message.encode()
                self.assertNotIn("\x00", error.message)

    # === TOKENS AND ORGANISATIONS === #

    def test_tokens_that_are_none(self):
        good = {"access_token": "a", "refresh_token": "r", "expires_in": 1800, "scope": "s"}
        wrong = (None, "", 7, [], {}, "a\r\nX-Injected: 1", "a b", "ä", "x" * 10**6, "\x00")
        bodies = [{**good, name: value} for name in ("access_token", "refresh_token") for value in wrong]
        for body in (*bodies, [], [good], "text", 7, None, {}):
            self.server.answer = respond(json.dumps(body).encode())
            with self.assertRaises(errors.OutcomeUnknown):
                oauth.refresh(self.server.url, "id", "secret", "refresh")
        for odd in (None, "soon", -1, 0, 10**30, 1.5, [], True):
            self.server.answer = respond(json.dumps({**good, "expires_in": odd, "scope": odd}).encode())
            found = oauth.refresh(self.server.url, "id", "secret", "refresh")
            self.assertEqual(found["expires_in"], oauth.LIFE)

    def test_claims_that_are_none(self):
        import base64

        for payload in (b"[]", b"7", b'"a"', b"[" * 100_000, b"\xff", b"{"):
            token = f"x.{base64.urlsafe_b64encode(payload).decode()}.y"
            self.assertEqual(oauth.claims(token), {})
        for token in ("", "a.b", "a.ä.c", None, 7):
            self.assertEqual(oauth.claims(token), {})

    def test_organisations_that_are_none(self):
        good = {"id": TENANT, "tenantId": TENANT, "tenantName": "A", "tenantType": "ORGANISATION"}
        wrong = (None, 7, [], {}, "1", "x\r\nX-Injected: 1", "../../x", TENANT + "/..")
        bodies = [[good, {**good, name: value}] for name in ("id", "tenantId") for value in wrong]
        bodies += [[{**good, "tenantName": value}] for value in (7, [], {})]
        for body in (*bodies, {}, "text", 7, None, [7], [None], {"tenantId": TENANT}):
            outcome = self.ask(respond(json.dumps(body).encode()), lambda api: api.connections())
            self.assertIsInstance(outcome, errors.OutcomeUnknown, body)
        outcome = self.ask(respond(json.dumps([good]).encode()), lambda api: api.connections())
        self.assertEqual(outcome[0]["tenantId"], TENANT)


@tagged("post_install", "-at_install")
class TestAddresses(BaseCase):
    def test_only_https_or_this_machine(self):
        good = (
            "https://api.xero.com",
            "https://api.xero.com:8443/base",
            "HTTPS://API.XERO.COM",
            "http://localhost:8100",
            "http://LOCALHOST",
            "http://127.0.0.1:1",
            "http://[::1]:8100",
        )
        bad = (
            *("", " ", "https://", "https:///x", "//api.xero.com", "api.xero.com", "localhost:8100"),
            *(
                "http://api.xero.com",
                "file:///etc/passwd",
                "file://localhost/etc",
                "ftp://localhost",
                "gopher://localhost",
            ),
            *(
                "javascript:alert(1)",
                "data:text/html,x",
                "ws://localhost",
                "unix:///run/x.sock",
                "http+unix://localhost",
            ),
            *(
                "https://good@evil.com",
                "https://api.xero.com@evil.com",
                "https://a:b@evil.com",
                "http://localhost@evil.com",
            ),
            *("http://localhost:80@evil.com", "https://@api.xero.com", "http://evil.com@localhost"),
            *(
                "http://127.0.0.1.evil.com",
                "http://localhost.evil",
                "http://localhost.evil.com",
                "http://evil.localhost",
            ),
            *(
                "http://127.0.0.2",
                "http://127.1",
                "http://2130706433",
                "http://0x7f.1",
                "http://0.0.0.0",
                "http://[::]",
            ),
            *("http://[::ffff:127.0.0.1]", "http://[::1].evil.com", "http://[::1", "http://::1", "http://[:::1]"),
            *("https://api.xero.com ", " https://api.xero.com", "https://api.xero.com\t", "https://api.xero.com\n"),
            *("ht\ntps://api.xero.com", "https://api.xero\r\n.com", "https://api.xero.com\x00", "https://api xero.com"),
            *("http://localhost\\.evil.com", "http://localhost\\@evil.com", "https:\\\\evil.com", "https:/\\evil.com"),
            *("https://api.xero.com:99999", "https://api.xero.com:port", "http://localhost:0", "http://localhost:-1"),
            *(
                "https://api.xero.com?x=",
                "https://api.xero.com#x",
                "http://localhost#@evil.com",
                "http://localhost?@evil",
            ),
            *(
                "http://ｌocalhost",
                "http://localhost。evil.com",
                "https://xero.com／evil.com",
                "http://loca\u200blhost",
            ),
        )
        for url in good:
            self.assertTrue(endpoints.is_safe(url), url)
        for url in bad:
            self.assertFalse(endpoints.is_safe(url), repr(url))
            self.assertFalse(endpoints.is_loopback(url), repr(url))
            if url:
                for kind in endpoints.DEFAULTS:
                    with self.assertRaises(ValueError, msg=repr(url)):
                        endpoints.resolve(kind, url)
                    variable = {endpoints.VARIABLES[kind]: url} if "\x00" not in url else {}
                    with patch.dict(os.environ, variable), self.assertRaises(ValueError, msg=repr(url)):
                        endpoints.resolve(kind, url)
        for url in good[:3]:
            self.assertFalse(endpoints.is_loopback(url), url)
