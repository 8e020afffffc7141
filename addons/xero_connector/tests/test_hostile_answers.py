"""Xero's own answers with something wrong in them harm nothing (C.5)."""

import contextlib
import copy
import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..client import errors, transport
from ..client.hidden import HiddenBytes
from ..engine import answer as engine_answer
from ..engine import matching
from .common import FIXED_CASES, XeroCase


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
