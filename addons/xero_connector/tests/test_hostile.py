"""What a hostile or broken other side sends harms nothing (C.5).

Three other sides: a server that speaks HTTP badly, Xero's own answers with something wrong in them,
and a browser that comes back from a consent nobody asked for.
"""

import contextlib
import copy
import gzip
import json
import logging
import os
import socket
import socketserver
import threading
import time
import tracemalloc
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from ..client import XeroApi, endpoints, errors, oauth, transport
from ..client.hidden import HiddenBytes
from ..engine import answer as engine_answer
from ..engine import matching
from .common import FIXED_CASES, ConsentCase, XeroCase

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


class Wiretap:
    """Sits between the client and the sandbox: keeps genuine answers, and changes what the other side said."""

    def __init__(self, case):
        self.answers, self.change = [], None
        original = transport.Transport._exchange

        def exchange(client, method, url, headers, body):
            status, answered, data = original(client, method, url, headers, body)
            path = url.partition("?")[0].removeprefix(case.xero.url)
            self.answers.append((method, path, bytes(data)))
            if self.change:
                data = HiddenBytes(self.change(method, path, bytes(data)))
            return status, answered, data

        case.patch(transport.Transport, "_exchange", exchange)

    def genuine(self, method, path):
        """The last answer to `method` on a path that ends so."""
        return next(data for m, p, data in reversed(self.answers) if m == method and p.endswith(path))

    @contextlib.contextmanager
    def lying(self, method, path, change, times=1):
        """Within, the first answers to `method` on `path` are what `change` makes of their parsed JSON."""
        left = [times]

        def maybe(sent, where, data):
            if sent != method or not where.endswith(path) or not left[0]:
                return data
            left[0] -= 1
            changed = change(json.loads(data))
            return changed if isinstance(changed, bytes) else json.dumps(changed).encode()

        self.change = maybe
        try:
            yield
        finally:
            self.change = None


def places(node, path=()):
    """Paths to everything inside of `node`."""
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from places(value, (*path, key))


def changed(data, path, value):
    """A copy of `data` with `value` at `path`; the key is gone for ``MISSING``."""
    data = copy.deepcopy(data)
    node = data
    for key in path[:-1]:
        node = node[key]
    if value is MISSING:
        del node[path[-1]]
    else:
        node[path[-1]] = value
    return data


MISSING = object()
GUID = "5f0a3a52-0000-4000-8000-00000000beef"
WRONG = (
    *(MISSING, None, True, False, 0, -1, 7, 10**30, 1.5, float("nan"), float("inf"), "", "text", "1", "x" * 5000),
    *([], [[]], [7], [None], [{}], ["a"], {}, {"a": [1]}, {"ValidationErrors": 7}, GUID, "\x00", "\ud800", "\u202ecod"),
    *("<script>alert(1)</script>", "%(x)s %s %", "/Date(99999999999999999999)/", "0001-01-01T00:00:00+14:00"),
)


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


@tagged("post_install", "-at_install")
class TestHostileAnswers(XeroCase):
    """Xero's own answers with something wrong in them: nothing breaks, nothing is lost, nothing is done twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.env["res.partner"].create(
            [{"name": f"Customer {number}", "is_company": True} for number in range(3)]
        )

    def setUp(self):
        super().setUp()
        self.tap = Wiretap(self)
        self.connection = self.connect()
        self.xero.sandbox.limits.minute = 10**6

    def assertRefused(self, kind, records, work):
        """`work` raises `kind`; assertRaises would roll back what other cursors committed meanwhile."""
        caught = None
        with self.as_request(records) as current:
            try:
                work(current)
            except kind as error:
                caught = error
        self.assertTrue(caught, kind)

    def documents(self, count=2):
        """Posted invoices whose contacts are in Xero."""
        self.push(self.partner)
        return self.env["account.move"].concat(*(self.invoice([(1, 10 + number)]) for number in range(count)))

    def settle(self, moves):
        """Time passes, and Xero is good again: everything gets where it has to be."""
        for _pass in range(40):
            self.work(self.connection)
            if set(moves.mapped("xero_state")) <= {"synced", "failed", "held", "outdated"}:
                break
            self.age(seconds=40)
            self.env["xero.budget"].search([]).write({"minute_left": 60})

    def assertOnceInXero(self, moves):
        """Each document is in Xero once, under the id that its own link holds."""
        ids = {}
        for row in self.xero.organisation(1).invoices:
            ids.setdefault(row["InvoiceNumber"], []).append(row["InvoiceID"])
        for move in moves:
            self.assertEqual(ids.get(move.name), [move.xero_link_id.xero_id], move.name)
        self.assertEqual(set(moves.mapped("xero_state")), {"synced"}, moves.mapped(self.problem))

    # === EVERY FIELD, EVERY WRONG TYPE === #

    def test_every_field_of_every_answer(self):
        """What passes the client can be read, compared, shown and stored; the rest is refused as a whole."""
        move = self.documents(1)
        self.push(move)
        with self.as_request(self.connection) as current:
            current.action_test()
        for key in ("contact", "invoice"):
            record = move if key == "invoice" else self.partner
            self.check_answer(key, record, self.tap.genuine("PUT", self.dataset(key)._xero_path))
        for key in ("account", "tax_rate", "currency", "tracking_category", "branding_theme", "organisation"):
            self.check_list(key, self.tap.genuine("GET", self.dataset(key)._xero_path))

    def dataset(self, key):
        return self.connection._dataset(key)

    def variants(self, genuine, plural):
        """What the client lets through of all the wrong answers made from a genuine one."""
        data = json.loads(genuine)
        data[plural] = data[plural][:1]
        passed = refused = 0
        for path in places(data):
            for value in WRONG:
                body = json.dumps(changed(data, path, value)).encode()
                try:
                    found = transport.read_answer(200, {}, body)
                    rows = found.rows(plural)
                except errors.OutcomeUnknown:
                    refused += 1
                else:
                    passed += 1
                    with self.subTest(path=path, value=value):
                        yield rows
        # Neither a filter that lets nothing through, nor one that lets everything.
        self.assertTrue(passed > 100 and refused > 100, (plural, passed, refused))

    def check_answer(self, key, record, genuine):
        dataset = self.dataset(key)
        figures = dataset._figures(record, record.xero_link_id)
        for rows in self.variants(genuine, dataset._xero_plural):
            for item in rows:
                texts = engine_answer.messages(item)
                values = dataset._read_answer(item)
                self.assertStorable("xero.link", values)
                self.assertStorable(
                    "xero.link",
                    {
                        "line_ids": matching.match_lines([1], item.get("LineItems") or []),
                        "difference": dataset._compare(figures, item),
                    },
                )
                self.assertStorable("xero.candidate.line", dataset._describe(item))
                self.assertLess(len(json.dumps(texts)), 50_000)
                hash(dataset._lookup_key(item))
                dataset._could_be(
                    {"Type": "ACCREC", "Contact": {"ContactID": GUID}, "CurrencyCode": "AUD", "Date": "2026-01-01"},
                    item,
                )

    def check_list(self, key, genuine):
        dataset = self.dataset(key)
        for rows in self.variants(genuine, dataset._xero_plural):
            for item in rows if key != "currency" else ():
                self.assertStorable(dataset._odoo_model, dataset._prepare_vals(item))

    def assertStorable(self, model, values):
        """Each value is one that the field's column takes."""
        for name, value in values.items():
            field = self.env[model]._fields[name]
            kinds = {
                "char": (str, bool, type(None)),
                "float": (float,),
                "integer": (int,),
                "boolean": (bool,),
                "json": (dict, list, bool, type(None)),
            }
            if field.type in kinds:
                self.assertIsInstance(value, kinds[field.type], name)
            if isinstance(value, str):
                value.encode()
                self.assertNotIn("\x00", value)
            elif field.type == "json":
                self.assertNotIn("\\u0000", json.dumps(value, allow_nan=False))
            elif field.type == "integer":
                self.assertLess(abs(value), 2**31)

    @settings(
        max_examples=20, deadline=None, derandomize=FIXED_CASES, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(
        key=st.sampled_from(["organisation", "account", "tax_rate", "tracking_category", "branding_theme"]),
        turn=st.integers(0, 10**6),
        value=st.sampled_from(WRONG),
    )
    def test_reading_what_was_tampered_with(self, key, turn, value):
        path = self.dataset(key)._xero_path
        before = self.reference_rows()
        genuine = json.loads(self.tap.genuine("GET", path))
        where = list(places(genuine))
        where = where[turn % len(where)]
        self.env["xero.budget"].search([]).unlink()
        with self.tap.lying("GET", path, lambda _answer: changed(genuine, where, value)):
            outcome = self.bring_in(key)
        self.assertEqual(self.connection.state, "connected")
        if outcome["type"] != "success":
            self.assertIn("could not be read", outcome["message"])
            self.age(minutes=2)  # what waits is tried again
        self.assertEqual(self.bring_in(key)["type"], "success")
        self.assertEqual(self.reference_rows(), before)

    def bring_in(self, key):
        """Press Import for one data set; what the notification says."""
        with self.as_request(self.connection) as current:
            return current._import([key])["params"]

    def reference_rows(self):
        """What the pick-lists offer, and what the connection says of the organisation."""
        found = [self.connection.read(["tenant_name", "base_currency_code", "country_code", "short_code"])]
        for model, names in (
            ("xero.account", ["xero_id", "code", "name", "type", "status"]),
            ("xero.tax.rate", ["tax_type", "name", "effective_rate", "status"]),
            ("xero.tracking.category", ["xero_id", "name"]),
            ("xero.tracking.option", ["xero_id", "name"]),
            ("xero.branding.theme", ["xero_id", "name"]),
        ):
            found.append(self.env[model].search_read([], names, order="id"))
        return [[{k: v for k, v in row.items() if k != "id"} for row in rows] for rows in found]

    @settings(
        max_examples=6, deadline=None, derandomize=FIXED_CASES, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(turn=st.integers(0, 10**6), value=st.sampled_from(WRONG))
    def test_pushing_to_what_was_tampered_with(self, turn, value):
        self.env["xero.budget"].search([]).unlink()
        move = self.documents(1)

        def tamper(genuine):
            where = list(places(genuine))
            return changed(genuine, where[turn % len(where)], value)

        with self.tap.lying("PUT", "/Invoices", tamper):
            action = self.push(move)
        self.assertIn(action["params"]["type"], ("success", "warning", "danger"))
        self.assertIn(move.xero_state, ("synced", "in_doubt", "failed"))
        if move.xero_state == "failed" or move.xero_link_id.difference:
            # What looks like a refusal or a difference is reported; people press the button again.
            self.assertTrue(self.problem(move))
            self.push(move)
        self.settle(move)
        if move.xero_link_id.difference:
            with self.as_request(move) as current:
                current.action_xero_refresh()
        self.assertOnceInXero(move)

    # === ELEMENTS THAT ARE NOT OURS === #

    def lie(self, change, moves=None, path="/Invoices", method="PUT"):
        """Push documents to a Xero whose answer is what `change` makes of it."""
        moves = moves or self.documents()
        with self.tap.lying(method, path, change):
            self.push(moves)
        return moves

    def with_rows(self, change, plural="Invoices"):
        return lambda data: {**data, plural: change(data[plural])}

    def test_fewer_more_doubled_and_mixed_elements(self):
        for change in (
            lambda rows: rows[:1],
            lambda rows: [rows[0]] * 2,
            lambda rows: rows[::-1],
            lambda rows: [*rows, {**rows[0], "InvoiceID": GUID, "InvoiceNumber": "STRANGER"}],
            lambda rows: [{**row, "InvoiceNumber": "STRANGER"} for row in rows],
            lambda rows: [{}, {}, {}],
        ):
            moves = self.lie(self.with_rows(change))
            held = moves.filtered(lambda move: move.xero_link_id.xero_id)
            self.assertEqual(set((moves - held).mapped("xero_state")) - {"in_doubt"}, set())
            self.settle(moves)
            self.assertOnceInXero(moves)

    def test_an_id_that_is_no_id(self):
        everything = self.env["account.move"]
        for wrong in (None, "", "7", GUID[:-1], GUID + "\n", "../../x", "00000000-0000-0000-0000-000000000000"):
            change = self.with_rows(lambda rows, w=wrong: [{**row, "InvoiceID": w} for row in rows])
            moves = self.lie(change, self.documents(2))
            self.assertEqual(set(moves.mapped("xero_state")), {"in_doubt"}, wrong)
            self.assertFalse(any(moves.mapped("xero_link_id.xero_id")))
            everything |= moves
        self.settle(everything)
        self.assertOnceInXero(everything)

    def test_one_id_for_all(self):
        moves = self.lie(self.with_rows(lambda rows: [{**row, "InvoiceID": rows[0]["InvoiceID"]} for row in rows]))
        self.assertEqual(set(moves.mapped("xero_state")), {"in_doubt"})
        self.settle(moves)
        self.assertOnceInXero(moves)

    def test_the_id_of_another_document(self):
        known = self.documents(1)
        self.push(known)
        foreign = known.xero_link_id.xero_id
        move = self.lie(self.with_rows(lambda rows: [{**row, "InvoiceID": foreign} for row in rows]), self.documents(1))
        self.assertEqual((move.xero_link_id.xero_id, move.xero_state), (False, "in_doubt"))
        self.settle(move)
        self.assertOnceInXero(known | move)

    def test_a_number_that_xero_took_for_another_document(self):
        # Xero edits a live document of the same number instead of making a second one.
        known, move = self.documents(1), self.documents(1)
        self.push(known)
        foreign = known.xero_link_id.xero_id
        own = self.with_rows(lambda rows: [{**row, "InvoiceID": foreign} for row in rows])
        self.lie(own, move)
        self.age(minutes=7)
        with self.tap.lying("GET", "/Invoices", self.with_rows(lambda rows: own({"Invoices": rows[-1:]})["Invoices"])):
            self.settle(move)
        self.assertEqual((move.xero_state, self.problem(move)), ("failed", "number_taken"))
        self.assertEqual((move.xero_link_id.xero_id, known.xero_link_id.xero_id), (False, foreign))

    def test_the_id_of_another_contact(self):
        first, second, _third = self.partners
        self.push(first)
        foreign = first.xero_link_id.xero_id
        change = self.with_rows(lambda rows: [{**row, "ContactID": foreign} for row in rows], "Contacts")
        self.lie(change, second, "/Contacts")
        self.assertEqual((second.xero_link_id.xero_id, second.xero_state), (False, "in_doubt"))
        self.settle(second)
        self.assertEqual((second.xero_state, self.problem(second)), ("synced", False))
        self.assertNotEqual(second.xero_link_id.xero_id, foreign)

    def test_an_update_keeps_its_id(self):
        move = self.documents(1)
        self.push(move)
        own = move.xero_link_id.xero_id
        move.ref = "PO 1"
        self.lie(self.with_rows(lambda rows: [{**row, "InvoiceID": GUID} for row in rows]), move, method="POST")
        self.assertEqual((move.xero_link_id.xero_id, move.xero_state), (own, "in_doubt"))
        self.settle(move)
        self.assertOnceInXero(move)

    def test_refreshing_never_changes_the_id(self):
        move = self.documents(1)
        self.push(move)
        own = move.xero_link_id.xero_id
        for rows in ([], [{}], [{"InvoiceID": GUID, "InvoiceNumber": "STRANGER", "Status": "VOIDED"}]):
            with self.tap.lying("GET", f"/Invoices/{own}", lambda data, r=rows: {**data, "Invoices": r}):
                self.assertRefused(UserError, move, lambda current: current.action_xero_refresh())
        self.assertEqual((move.xero_link_id.xero_id, move.xero_state), (own, "synced"))

    # === A LOOK-UP THAT LIES === #

    def lost(self):
        """A document whose answer was lost, at the moment when it is looked up."""
        move = self.documents(1)
        self.xero.sandbox.faults.add("drop_after", method="PUT", path="/Invoices$", times=1)
        self.push(move)
        self.age(minutes=7)
        return move

    def test_a_look_up_that_cannot_be_read_decides_nothing(self):
        for change in (
            lambda data: [],
            lambda data: {},
            lambda data: {"Invoices": None},
            lambda data: b"<html>",
            self.with_rows(lambda rows: [{**row, "InvoiceID": None} for row in rows]),
            self.with_rows(lambda rows: [{**row, "InvoiceNumber": []} for row in rows]),
            self.with_rows(lambda rows: [{**row, "Contact": []} for row in rows]),
        ):
            move = self.lost()
            puts = self.xero.count("PUT /Invoices")
            with self.tap.lying("GET", "/Invoices", change):
                self.work(self.connection)
            self.assertEqual(move.xero_state, "in_doubt")
            self.settle(move)
            self.assertOnceInXero(move)
            self.assertEqual(self.xero.count("PUT /Invoices"), puts)

    def test_a_list_without_end_ends(self):
        move = self.lost()

        def full(data):
            row = {"InvoiceID": GUID, "InvoiceNumber": "STRANGER"}
            return {**data, "Invoices": [row] * 1000}

        self.patch(__import__("odoo.addons.xero_connector.engine.doubt", fromlist=["x"]), "PAGES", 5)
        with self.tap.lying("GET", "/Invoices", full, times=10**6):
            self.work(self.connection)
        self.assertEqual(move.xero_state, "in_doubt")
        self.assertLess(self.xero.count("GET /Invoices"), 7)
        self.settle(move)
        self.assertOnceInXero(move)

    def test_the_same_element_on_two_pages_is_one(self):
        move = self.lost()
        with self.tap.lying("GET", "/Invoices", self.with_rows(lambda rows: rows * 2)):
            self.settle(move)
        self.assertOnceInXero(move)

    # === NAMES === #

    NASTY = (
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "%(x)s %s %d %",
        "{{ 7*7 }} ${7*7}",
        "'; DROP TABLE xero_link; --",
        "a\x00b\ud800c",
        "\u202egnp.exe\u2066",
        "x" * 100_000,
    )

    def test_names_in_reference_data(self):
        for name in self.NASTY:
            rename = self.with_rows(lambda rows, n=name: [{**row, "Name": n} for row in rows], "Accounts")
            with self.tap.lying("GET", "/Accounts", rename):
                self.assertEqual(self.bring_in("account")["type"], "success")
            accounts = self.env["xero.account"].search([("connection_id", "=", self.connection.id)])
            self.assertTrue(accounts)
            for account in accounts:
                self.assertLessEqual(len(account.display_name), 2100)
            if "x" * 99 not in name and "\x00" not in name:
                self.assertEqual(set(accounts.mapped("name")), {name})
        rename = self.with_rows(lambda rows: [{**rows[0], "Name": "<b>Evil</b>"}], "Organisations")
        with self.tap.lying("GET", "/Organisation", rename), self.as_request(self.connection) as current:
            message = current.action_test()["params"]["message"]
        self.assertEqual(self.connection.tenant_name, "<b>Evil</b>")
        self.assertIsInstance(message, str)

    def test_texts_of_refusals_are_shown_as_texts(self):
        partner = self.env["res.partner"].create({"name": "Nasty", "is_company": True})
        for text in self.NASTY:
            refused = {
                "ContactID": "00000000-0000-0000-0000-000000000000",
                "ValidationErrors": [{"Message": text}] * 99,
            }
            change = self.with_rows(lambda rows, r=refused: [{**rows[0], **r, "HasValidationErrors": True}], "Contacts")
            self.lie(change, partner, "/Contacts")
            problem = self.env["xero.exception"].search([("res_id", "=", partner.id), ("state", "=", "open")])
            self.assertEqual((problem.code, partner.xero_state), ("xero_refused", "failed"))
            self.assertLess(len(problem.cause), 50_000)
            self.assertIn(text.replace("\x00", "\ufffd").replace("\ud800", "\ufffd")[:2000], problem.cause)
            event = self.env["xero.event"].search([("res_id", "=", partner.id)], limit=1)
            self.assertTrue(event.message)

    def test_chatter_and_mails_are_escaped(self):
        evil = "<script>alert(1)</script>"
        boss = self.new_user("boss", "xero_connector.group_xero_admin")
        self.company.name = evil
        self.connection.tenant_name = evil
        with self.as_request(self.connection) as current:
            current._set_needs_reconnect(errors.AccessRevoked(evil))
        event = self.env["xero.event"].search([("kind", "=", "needs_reconnect")], limit=1)
        self.assertTrue(event)
        sent = self.env["mail.message"].search([("model", "=", "xero.connection"), ("res_id", "=", self.connection.id)])
        mails = self.env["mail.mail"].search([("mail_message_id", "in", sent.ids)])
        notified = self.env["mail.message"].search([("partner_ids", "in", boss.partner_id.ids)])
        self.assertTrue(notified)
        for body in [*sent.mapped("body"), *notified.mapped("body"), *mails.mapped("body_html")]:
            self.assertNotIn("<script", body)
        for note in self.connection.activity_ids.mapped("note"):
            self.assertNotIn("<script", note or "")

    # === TOKENS === #

    def test_a_refresh_that_cannot_be_read_loses_nothing(self):
        move = self.documents(1)
        for change in (
            lambda data: {},
            lambda data: [],
            lambda data: b"<html>",
            lambda data: {**data, "access_token": 7},
        ):
            self.connection._token().write({"expires_at": "2020-01-01"})
            self.env.flush_all()
            with self.tap.lying("POST", "/connect/token", change):
                self.push(move)
            self.assertEqual((move.xero_state, self.connection.state), ("queued", "connected"))
        self.settle(move)
        self.assertOnceInXero(move)

    def test_a_consent_with_answers_that_cannot_be_read(self):
        other = self._make_company("Second Trading")
        connection = self.new_connection(other)
        for path, change in (
            ("/connect/token", lambda data: {**data, "refresh_token": None}),
            ("/connections", lambda data: [{}]),
            ("/connections", lambda data: {"tenantId": 1}),
            ("/Organisation", lambda data: {"Organisations": [7]}),
            ("/Organisation", lambda data: []),
        ):
            code = self.xero.authorise(
                scopes=self.scopes_of(connection), redirect_uri=connection.redirect_uri, organisation=2
            )
            with self.tap.lying("POST" if "token" in path else "GET", path, change):
                self.assertRefused(
                    errors.XeroError, connection, lambda current, c=code: current._receive_code(c, current.redirect_uri)
                )
            self.assertNotEqual(connection.state, "connected")

    @mute_logger("odoo.addons.xero_connector.engine.worker")
    def test_the_worker_goes_on_past_an_unreadable_organisation(self):
        move = self.documents(1)
        with self.as_request(move) as current:
            self.connection.with_env(current.env).push("invoice", current)
        self.connection.organisation_read_at = False
        self.env.flush_all()
        with self.tap.lying("GET", "/Organisation", lambda data: [], times=10**6):
            self.settle(move)
        self.assertOnceInXero(move)


@tagged("post_install", "-at_install")
class TestHostileCallbacks(ConsentCase):
    """Coming back from a consent that was not asked for here changes nothing, and spoils nothing."""

    def code(self):
        return self.xero.authorise(scopes=self.scope, redirect_uri=self.connection.redirect_uri)

    def come_back(self, method="GET", data=None, **query):
        return self.opener.request(
            method, f"{self.base_url()}/xero/oauth/callback", params=query, data=data, allow_redirects=False, timeout=20
        )

    def world(self):
        """Everything that a callback could change."""
        self.env.flush_all()
        found = []
        for table in ("xero_connection", "xero_token", "xero_tenant_choice", "xero_event", "xero_oauth_state"):
            self.env.cr.execute(f"SELECT * FROM {table} ORDER BY id")
            found.append(self.env.cr.fetchall())
        return found, len(self.xero.calls)

    def assertNothingChanges(self, work, status=400):
        before = self.world()
        answer = work()
        self.assertEqual(answer.status_code, status)
        self.assertNotIn("<script", answer.text)
        self.env.invalidate_all()
        self.assertEqual(self.world(), before)

    def assertStillConnects(self, state):
        """The consent that is really under way comes through all the same."""
        answer = self.come_back(state=state, code=self.code())
        self.assertEqual(answer.status_code, 303)
        self.env.invalidate_all()
        self.assertEqual(self.connection.state, "choose")

    def test_forged(self):
        state = self.press_connect()
        code = self.code()
        for wrong in (
            "",
            "made-up",
            state[:-1],
            state + "x",
            state.swapcase(),
            f" {state}",
            "\x00",
            "%00",
            "ä",
            "x" * 5000,
        ):
            self.assertNothingChanges(lambda w=wrong: self.come_back(state=w, code=code))
        self.assertNothingChanges(lambda: self.come_back(code=code))
        self.assertNothingChanges(lambda: self.come_back(error="access_denied"))
        self.assertNothingChanges(lambda: self.come_back(state="x", error="<script>alert(1)</script>"))
        self.assertStillConnects(state)

    def test_other_methods(self):
        state = self.press_connect()
        code = self.code()
        self.assertNothingChanges(lambda: self.come_back("HEAD", state=state, code=code))
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            self.assertNothingChanges(lambda m=method: self.come_back(m, state=state, code=code), 405)
            body = {"state": state, "code": code}
            self.assertNothingChanges(lambda m=method, b=body: self.come_back(m, data=b), 405)
        self.assertStillConnects(state)

    def test_replayed(self):
        state = self.press_connect()
        self.assertStillConnects(state)
        code = self.code()
        self.assertNothingChanges(lambda: self.come_back(state=state, code=code))
        self.press_connect()  # a new nonce in the same session
        self.assertNothingChanges(lambda: self.come_back(state=state, code=code))

    def test_expired(self):
        state = self.press_connect()
        self.env.cr.execute("UPDATE xero_oauth_state SET create_date = create_date - interval '15 minutes 1 second'")
        code = self.code()
        self.assertNothingChanges(lambda: self.come_back(state=state, code=code))
        self.env.cr.execute("UPDATE xero_oauth_state SET create_date = create_date + interval '1 minute'")
        self.assertStillConnects(state)

    def test_foreign_session_user_and_company(self):
        state = self.press_connect()
        code = self.code()
        other = self._make_company("Second Trading")
        self.new_user("boss2", "xero_connector.group_xero_admin")
        self.new_user("stranger", "xero_connector.group_xero_admin", companies=other)
        self.new_user("clerk", "xero_connector.group_xero_user")
        for login in ("boss", "boss2", "stranger", "clerk"):
            self.authenticate(login, login)
            self.assertNothingChanges(lambda: self.come_back(state=state, code=code))
        self.authenticate(None, None)
        before = self.world()
        self.assertIn("/web/login", self.come_back(state=state, code=code).headers["Location"])
        self.assertEqual(self.world(), before)

    def test_each_bond_of_a_state_holds_by_itself(self):
        states, uri = self.env["xero.oauth.state"], self.connection.redirect_uri
        colleague = self.new_user("boss2", "xero_connector.group_xero_admin")
        state = states.with_user(self.boss).issue(self.connection, uri, "nonce")
        for user, text, nonce in (
            (colleague, state, "nonce"),
            (self.boss, state, "other"),
            (self.boss, state, ""),
            (self.boss, state, None),
            (self.boss, "", "nonce"),
            (self.boss, None, "nonce"),
        ):
            self.assertEqual(states.with_user(user).consume(text, nonce), (None, None))
        self.assertEqual(states.with_user(self.boss).consume(state, "nonce"), (self.connection, uri))
        self.assertEqual(states.with_user(self.boss).consume(state, "nonce"), (None, None))

    def test_the_right_was_taken_away_meanwhile(self):
        state = self.press_connect()
        self.boss.group_ids -= self.env.ref("xero_connector.group_xero_admin")
        self.env.flush_all()
        answer = self.come_back(state=state, code=self.code())
        self.assertEqual(answer.status_code, 400)
        self.env.invalidate_all()
        self.assertEqual((self.connection.state, self.connection._token().refresh_token), ("disconnected", False))

    def test_the_connection_moved_to_another_company_meanwhile(self):
        state = self.press_connect()
        self.connection.company_id = self._make_company("Second Trading")
        code = self.code()
        self.assertNothingChanges(lambda: self.come_back(state=state, code=code))

    def test_without_a_code_or_with_an_error(self):
        for query, shown in (
            ({}, "no code"),
            ({"code": ""}, "no code"),
            ({"error": "<script>alert(1)</script>"}, "scriptalert1script"),
            ({"error": "\x00\ud7ff"}, "no code"),
            ({"error": "access_denied", "code": "whatever"}, "refused"),
            ({"error": "x" * 9999}, "x" * 80),
        ):
            state = self.press_connect()
            answer = self.come_back(state=state, **query)
            self.assertEqual(answer.status_code, 303)
            self.assertTrue(answer.headers["Location"].startswith(("/odoo/", self.base_url())))
            self.env.invalidate_all()
            self.assertEqual((self.connection.state, self.connection._token().refresh_token), ("disconnected", False))
            self.assertIn(shown, self.connection.last_result)
            self.assertNotIn("x" * 81, self.connection.last_result)
            self.assertNotIn("<", self.connection.last_result)

    def test_code_and_state_stay_out_of_the_log(self):
        state = self.press_connect()
        code = self.code()
        with self.assertLogs(level="DEBUG") as logs:
            logging.getLogger("werkzeug").info(
                '"%s" %s %s', f"GET /xero/oauth/callback?code={code}&state={state} HTTP/1.1", 303, 0
            )
            self.come_back(state=state, code=code)
        self.assertTrue([line for line in logs.output if "/xero/oauth/callback?" in line])
        for secret in (state, code):
            self.assertFalse([line for line in logs.output if secret in line and "urllib3" not in line])
