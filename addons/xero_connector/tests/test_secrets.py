"""Nobody reads a secret, wherever it is looked for (C.5)."""

import base64
import http.client
import io
import json
import traceback
from contextlib import suppress
from unittest.mock import patch
from urllib.parse import parse_qs, quote, urlsplit

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from odoo import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..client import endpoints, errors, oauth, transport
from ..engine import session
from .common import XeroCase
from .ear import listening
from .two_companies import GROUPS


@tagged("post_install", "-at_install")
class TestSecrets(HttpCase, XeroCase):
    """Tokens, client secret, codes and the key: used, and nowhere to be found."""

    CLIENT_SECRET = "SANDBOX-CLIENT-SECRET"

    def setUp(self):
        super().setUp()
        self.env["ir.config_parameter"].set_param("web.base.url", "http://localhost:8069")
        self.secrets = {self.CLIENT_SECRET}
        self.new_user("boss", *GROUPS["admin"], "base.group_system")
        self.authenticate("boss", "boss")
        original = transport.Transport._exchange

        def exchange(client, method, url, headers, body):
            status, answered, data = original(client, method, url, headers, body)
            if url.endswith("/connect/token"):
                self.secrets.add(headers["Authorization"].split()[1])
                with suppress(ValueError):
                    self.secrets |= {v for k, v in json.loads(data).items() if k.endswith("_token")}
            return status, answered, data

        self.patch(transport.Transport, "_exchange", exchange)

    def rpc(self, model, method, *arguments):
        call = {"model": model, "method": method, "args": arguments, "kwargs": {}}
        return self.make_jsonrpc_request(f"/web/dataset/call_kw/{model}/{method}", call)

    def whole_life(self):
        """Everything that a connection goes through, with its failures; returns the connection."""
        values = {"company_id": self.company.id, "client_id": "SANDBOX-CLIENT-ID", "client_secret": self.CLIENT_SECRET}
        [row] = self.rpc("xero.connection", "web_save", [], values, {"client_secret": {}, "client_secret_hint": {}})
        self.answers.append(repr(row))
        connection = self.env["xero.connection"].browse(row["id"])
        self.consent(connection)
        with self.as_request(connection) as current:
            current.tenant_choice_id = (
                self.env["xero.tenant.choice"].search([("connection_id", "=", current.id)], limit=1).id
            )
            current.action_choose_organisation()
        self.map_everything(connection)
        connection.write({"sync_from": "2020-01-01", "push_status_invoice": "authorised"})
        faults = self.xero.sandbox.faults
        self.push(self.invoice())
        for kind in ("token_expired", "error500_after", "drop_after", "malformed", "html502"):
            faults.add(kind, method="PUT", path="/Invoices$", times=1)
            self.push(self.invoice())
        self.refresh(connection)
        faults.add("refresh_lost", method="POST", path="/connect/token", times=1)
        self.refresh(connection)
        faults.add("malformed", method="POST", path="/connect/token", times=1)
        self.refresh(connection)
        self.age(minutes=7)
        self.work(connection)
        faults.add("token_revoked", method="PUT", path="/Invoices$", times=1)
        self.push(self.invoice())
        self.assertEqual(connection.state, "needs_reconnect")
        self.age(minutes=40)
        self.consent(connection)
        self.assertEqual(connection.state, "connected")
        self.push(self.invoice())
        return connection

    def consent(self, connection):
        action = self.rpc("xero.connection", "action_connect", [connection.id])
        query = parse_qs(urlsplit(action["url"]).query)
        code = self.xero.authorise(scopes=query["scope"][0], redirect_uri=connection.redirect_uri)
        self.secrets |= {code, query["state"][0]}
        self.url_open(f"/xero/oauth/callback?code={code}&state={query['state'][0]}", allow_redirects=False)
        self.env.invalidate_all()

    def refresh(self, connection):
        connection._token().write({"expires_at": "2020-01-01"})
        self.env.flush_all()
        with self.as_request(connection) as current:
            self.answers.append(repr(current.action_test()))

    def spellings(self):
        """Each secret as it is, and as it looks in an encoded or binary column."""
        for secret in self.secrets:
            plain = secret.encode()
            yield from (plain, base64.b64encode(plain)[:-4], plain.hex().encode(), quote(secret, safe="").encode())

    def dump(self):
        """The content of all tables, as pg_dump writes it."""
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT table_name FROM information_schema.tables
                WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"""
        )
        for (table,) in self.env.cr.fetchall():
            content = io.BytesIO()
            self.env.cr._obj.copy_expert(f'COPY "{table}" TO STDOUT', content)
            yield table, content.getvalue()

    def assertNowhere(self, places):
        spellings = set(self.spellings())
        found = {
            (where, content[max(content.find(spelling) - 80, 0) : content.find(spelling) + 12])
            for where, content in places
            for spelling in spellings
            if spelling in content
        }
        self.assertFalse(found)

    def test_a_whole_life_leaves_no_secret_behind(self):
        self.answers = []
        with listening() as lines:
            connection = self.whole_life()
            self.env.flush_all()
        self.assertGreater(len(self.secrets), 12)
        self.assertGreater(len(lines), 1000)
        self.assertTrue([text for name, text in lines if name.startswith("urllib3")])
        # Not what the browser of this test itself logs of its own calls.
        ours = [
            (f"log {n}", t.encode()) for n, t in lines if not ("/xero/oauth/callback" in t and n.startswith("urllib3"))
        ]
        self.assertNowhere(ours)
        self.assertNowhere([("answer", answer.encode()) for answer in self.answers])
        # The dump: ciphertext only, and without the key.
        self.secrets.add(self.env["xero.token"]._key__path().read_text())
        dumped = dict(self.dump())
        self.assertNowhere(dumped.items())
        self.assertEqual(dumped["xero_token"].count(b"v1:"), 3 * len(self.env["xero.token"].search([])))
        # Read, export and chatter, as somebody who may do everything.
        boss = self.env.ref("base.user_admin")
        boss.write(
            {
                "company_ids": [Command.link(self.company.id)],
                "group_ids": [Command.link(self.env.ref("base.group_allow_export").id)],
            }
        )
        env = self.env(user=boss, su=False, context={"allowed_company_ids": self.company.ids})
        shown = [repr(connection.message_ids.mapped("body"))]
        for name in self.registry:
            if name.startswith("xero.") and not env[name]._abstract and env[name].has_access("read"):
                records = env[name].with_context(active_test=False).search([])
                readable = [f for f in env[name]._fields if env[name]._has_field_access(env[name]._fields[f], "read")]
                shown += [repr(records.read(readable))]
                with suppress(Exception):  # a view of SQL cannot be exported
                    shown.append(repr(records.export_data(readable)))
        self.assertIn("SANDBOX-CLIENT-ID", "".join(shown))
        self.assertNowhere([("read", text.encode()) for text in shown])
        with self.as_request(connection) as current:
            current.action_disconnect()
        self.assertNowhere(self.dump())
        self.assertFalse(connection._token().refresh_token or connection._token().access_token)

    def test_another_host_cannot_read_a_dump(self):
        self.answers = []
        connection = self.connect()
        token = connection._token()
        sealed = token.refresh_token
        token_class = type(token)
        key = token_class._read__key
        self.patch(token_class, "_read__key", lambda self: b"0" * 32)
        with self.assertRaises(errors.KeyMissing):
            token._reveal__secret("refresh_token")
        self.patch(token_class, "_read__key", lambda self: None)
        with self.assertRaises(errors.KeyMissing):
            token._reveal__secret("refresh_token")
        self.patch(token_class, "_read__key", key)
        for broken in ("v1", "v1:x", "v1::", "x" * 100, sealed[:-8], sealed.replace("v1:", "v1:0")):
            self.env.cr.execute("UPDATE xero_token SET refresh_token = %s WHERE id = %s", [broken, token.id])
            token.invalidate_recordset()
            with self.assertRaises(errors.XeroError):
                token._reveal__secret("refresh_token")

    # === TRACEBACKS === #

    def locals_of(self, error):
        """What an error tracker collects: every frame of ours and of the libraries, with its variables."""
        report = traceback.TracebackException.from_exception(error, capture_locals=True)
        reports, texts = [report], []
        while reports:
            report = reports.pop()
            reports += [
                r
                for r in (report.__cause__, report.__context__)
                if r and not (r is report.__context__ and report.__suppress_context__)
            ]
            texts.append("".join(report.format_exception_only()))
            for frame in report.stack:
                if "/tests/" not in frame.filename:
                    texts.append(f"{frame.filename}:{frame.name} {frame.locals}")
        return texts

    def test_no_traceback_shows_a_secret(self):
        """An unforeseen error anywhere on the way of a token: its variables show nothing."""
        connection = self.connect()
        move = self.invoice()
        places = (
            (transport, "read_answer"),
            (transport, "_read_body"),
            (transport.shape, "check"),
            (http.client.HTTPConnection, "send"),
            (http.client.HTTPConnection, "getresponse"),
            (session, "store_tokens"),
            (type(self.env["xero.token"]), "_encrypt"),
            (type(self.env["xero.token"]), "_decrypt__text"),
            (oauth.shape, "text"),
            (AESGCM, "encrypt"),
            (endpoints, "resolve"),
        )
        calls = (
            lambda current: current.action_test(),
            lambda current: current._revoke(),
            lambda current: current._receive_code(code, current.redirect_uri),
            lambda current: current.action_import(),
            lambda current: current._push_now(current.push("invoice", move.with_env(current.env))),
        )
        seen = 0
        for owner, name in places:
            for expired in (False, True):
                for call in calls:
                    code = self.xero.authorise()
                    token = connection._token()
                    self.secrets |= {code} | {token._reveal__secret(n) for n in ("access_token", "refresh_token")}
                    if expired:
                        connection._token().write({"expires_at": "2020-01-01"})
                    for error in self.failing(connection, owner, name, call):
                        seen += 1
                        self.assertNowhere([(name, text.encode()) for text in self.locals_of(error)])
        self.assertGreater(seen, 30)

    def failing(self, connection, owner, name, call):
        """What is raised by `call` while `owner.name` is broken."""

        def broken(*_arguments, **_options):
            raise RuntimeError("unforeseen")

        self.env.flush_all()
        with (
            self.cr.savepoint() as savepoint,
            mute_logger("odoo.addons.xero_connector"),
            patch.object(owner, name, broken),
        ):
            try:
                with self.as_request(connection) as current:
                    call(current)
            except Exception as error:
                yield error
            savepoint.rollback()
        self.env.invalidate_all()
