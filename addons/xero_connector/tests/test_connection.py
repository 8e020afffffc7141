"""Connecting, testing, switching, disconnecting, deleting (CON, ORG, XQ-06)."""

from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

from lxml import etree
from psycopg2 import IntegrityError
from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import file_open, mute_logger

from .common import ConsentCase, XeroCase


@tagged("post_install", "-at_install")
class TestConnection(XeroCase):
    def events(self, connection):
        return self.env["xero.event"].search([("connection_id", "=", connection.id)]).mapped("kind")

    def test_one_press_chooses_every_status(self):
        # K1 to K3, B18
        connection = self.connect()
        names = connection._push_status_fields()
        self.assertIn("push_status_invoice", names)
        form = self.env.ref("xero_connector.xero_connection_view_form")
        view = etree.fromstring(connection.get_view(form.id)["arch"])
        for preset, statuses in (("review", ("draft",)), ("direct", ("authorised", "posted")), ("review", ("draft",))):
            getattr(connection, f"action_preset_{preset}")()
            for name in names:
                if set(dict(connection._fields[name].selection)) & set(statuses):
                    self.assertIn(connection[name], statuses, name)
            (button,) = view.iterfind(f".//button[@name='action_preset_{preset}']")
            shown = [node.get("invisible") for node in (button, *button.iterancestors()) if node.get("invisible")]
            self.assertNotIn("statuses_chosen", " ".join(shown), "a press may be taken back")

    def test_connect_goes_to_xeros_consent_page(self):
        # CON-01
        connection = self.new_connection()
        action = connection.action_connect()
        self.assertEqual(action["type"], "ir.actions.act_url")
        url = urlsplit(action["url"])
        query = {key: value[0] for key, value in parse_qs(url.query).items()}
        self.assertTrue(action["url"].startswith(f"{self.xero.url}/identity/connect/authorize?"))
        self.assertEqual(query["client_id"], "SANDBOX-CLIENT-ID")
        self.assertEqual(query["redirect_uri"], "http://localhost:8069/xero/oauth/callback")
        self.assertIn("accounting.invoices", query["scope"].split())
        self.assertNotIn("accounting.transactions", query["scope"].split(), "broad scopes are refused since March 2026")
        again = parse_qs(urlsplit(connection.action_connect()["url"]).query)["state"][0]
        self.assertNotEqual(query["state"], again)

    def test_connect_needs_keys_and_a_redirect_address_that_xero_takes(self):
        connection = self.new_connection(client_id=False)
        with self.assertRaisesRegex(UserError, "Client ID"):
            connection.action_connect()
        connection.client_id = "SANDBOX-CLIENT-ID"
        for base in ("http://127.0.0.1:8069", "http://odoo.example.com"):
            self.env["ir.config_parameter"].set_param("web.base.url", base)
            connection.invalidate_recordset()
            self.assertFalse(connection.step_redirect_done)
            with self.assertRaisesRegex(UserError, "localhost|https"):
                connection.action_connect()

    def test_organisation_is_chosen_never_taken(self):
        # CON-05, CON-06, CON-07
        connection = self.new_connection()
        for organisation in (1, 2):
            code = self.xero.authorise(
                scopes=self.scopes_of(connection), redirect_uri=connection.redirect_uri, organisation=organisation
            )
        with self.as_request(connection) as current:
            current._receive_code(code, current.redirect_uri)
        self.assertEqual(connection.state, "choose")
        with self.as_request(connection) as current, self.assertRaisesRegex(UserError, "Choose the Xero organisation"):
            current.action_choose_organisation()
        self.assertFalse(connection.tenant_id)
        choice = self.env["xero.tenant.choice"].search([("connection_id", "=", connection.id)])
        with self.as_request(connection) as current:
            current.tenant_choice_id = choice[0].id
            current.action_choose_organisation()
        details = self.xero.organisation(2).details
        self.assertEqual(connection.state, "connected")
        self.assertEqual(connection.tenant_name, details["Name"])
        self.assertEqual(connection.base_currency_code, "AUD")
        self.assertEqual(connection.country_code, "AU")
        self.assertTrue(connection.is_demo_company)

    def test_which_books_are_real(self):
        # XK-03: proposed by what Xero says of the organisation, decided by people
        self.assertEqual(self.env["xero.connection"].new().environment, "production")
        connection = self.connect()
        self.assertEqual((connection.is_demo_company, connection.environment), (True, "test"))
        connection.environment = "production"
        with self.as_request(connection) as current:
            current.action_test()
        self.assertEqual(connection.environment, "production")

    def test_other_base_currency_is_refused(self):
        # B17
        self.company.currency_id = self.env.ref("base.USD")
        with self.assertRaisesRegex(UserError, "keeps its books in AUD"):
            self.connect()

    def test_other_country_needs_a_confirmation(self):
        # B17
        self.company.account_fiscal_country_id = self.env.ref("base.nz")
        with self.assertRaisesRegex(UserError, "another country"):
            self.connect()

    def test_one_organisation_per_company(self):
        # ORG-01, CON-06
        self.connect()
        with self.assertRaises(IntegrityError), self.cr.savepoint(), mute_logger("odoo.sql_db"):
            self.new_connection()
        other = self._make_company("Second Trading")
        self.env.user.company_ids += other
        self.env = self.env(context={**self.env.context, "allowed_company_ids": (self.company | other).ids})
        with self.assertRaisesRegex(UserError, "matched to Harbour Trading already"):
            self.connect(other)

    def test_test_button_changes_nothing_and_says_who_it_is(self):
        # CON-08, ORG-07
        connection = self.connect()
        self.xero.organisation(1).details["Name"] = "Renamed Pty Ltd"
        self.xero.sandbox.log.clear()
        with self.as_request(connection) as current:
            action = current.action_test()
        self.assertEqual(action["params"]["type"], "success")
        self.assertIn("Renamed Pty Ltd", action["params"]["message"])
        self.assertEqual(connection.tenant_name, "Renamed Pty Ltd")
        self.assertEqual({call["method"] for call in self.xero.calls}, {"GET"})
        self.assertEqual(self.events(connection)[0], "tested")

    def test_test_button_says_what_is_wrong(self):
        # CON-08
        connection = self.connect()
        for kind, text in (("offline503", "could not be reached"), ("drop_before", "did not answer")):
            self.xero.sandbox.faults.add(kind, path="/Organisation$", times=1)
            with self.as_request(connection) as current:
                action = current.action_test()
            self.assertEqual(action["params"]["type"], "danger")
            self.assertIn(text, action["params"]["message"])
            self.assertEqual(self.events(connection)[0], "test_failed")

    def test_disconnect_forgets_tokens_and_keeps_links(self):
        # CON-09, CON-10
        connection = self.connect()
        move = self.invoice()
        self.push(move)
        with self.as_request(connection) as current:
            current.action_disconnect()
        self.assertEqual(connection.state, "disconnected")
        token = connection._token()
        self.assertFalse(token.access_token or token.refresh_token)
        self.assertTrue(move.xero_link_id.xero_id)
        self.assertEqual(self.xero.count("DELETE /connections/{id}"), 1)
        self.assertEqual(self.xero.sandbox.oauth.counts["revocations"], 1)
        with self.as_request(connection) as current, self.assertRaisesRegex(UserError, "not connected"):
            current.action_disconnect()
        with self.assertRaisesRegex(UserError, "not connected to Xero"):
            self.push(self.invoice())

    def test_switched_off_costs_no_call(self):
        # CON-12, XQ-06
        connection = self.connect()
        move = self.invoice()
        connection.enabled = False
        self.xero.sandbox.log.clear()
        with self.assertRaisesRegex(UserError, "switched off"):
            self.push(move)
        self.work(connection)
        self.assertEqual(self.xero.calls, [])
        connection.enabled = True
        self.push(move)
        self.assertEqual(move.xero_state, "synced")
        self.assertIn("switched_on", self.events(connection))
        self.assertIn("switched_off", self.events(connection))

    def test_delete_revokes_and_keeps_history(self):
        # CON-15
        connection = self.connect()
        move = self.invoice()
        self.push(move)
        name, cron = connection.tenant_name, connection.sudo().cron_id
        link = move.xero_link_id
        with self.as_request(connection) as current:
            current.unlink()
        self.assertEqual(self.xero.sandbox.oauth.counts["revocations"], 1)
        self.assertTrue(link.exists())
        self.assertFalse(cron.exists())
        event = self.env["xero.event"].search([("kind", "=", "deleted")])
        self.assertEqual((event.tenant_name, event.company_id), (name, self.company))
        self.assertTrue(move.exists())

    def test_token_is_shown_by_its_expiry_only(self):
        # CON-16
        connection = self.connect()
        self.assertIn("expires", connection.access_state)
        access = connection._token()._reveal__secret("access_token")
        self.assertNotIn(access[-8:], connection.access_state)
        boss = self.new_user("boss", "xero_connector.group_xero_admin", "base.group_system")
        with self.assertRaises(AccessError):
            connection._token().with_user(boss).sudo(False).read(["access_token"])
        self.assertFalse(connection.with_user(boss).read(["client_secret"])[0]["client_secret"])

    def test_only_https_or_this_machine(self):
        # CON-17
        connection = self.connect()
        self.env["ir.config_parameter"].set_param("xero_connector.api_url", "http://xero.example.com")
        with self.as_request(connection) as current:
            answer = current.action_test()["params"]
        self.assertEqual(answer["type"], "danger")
        self.assertIn("must be https", answer["message"])

    def test_one_refresh_for_two_at_once(self):
        # CON-18: the second one finds the token that the first one brought
        connection = self.connect()
        connection._token().write({"expires_at": fields.Datetime.now()})
        self.env.flush_all()
        with self.as_request(connection) as current:
            current.action_test()
            current.action_test()
        self.assertEqual(self.xero.sandbox.oauth.counts["refreshes"], 1)

    def test_another_organisation_starts_without_links(self):
        # B16
        connection = self.connect()
        move = self.invoice()
        self.push(move)
        link = move.xero_link_id
        with self.as_request(connection) as current:
            current.action_disconnect()
        code = self.xero.authorise(
            scopes=self.scopes_of(connection), redirect_uri=connection.redirect_uri, organisation=2
        )
        with self.as_request(connection) as current:
            current._receive_code(code, current.redirect_uri)
            choices = current.env["xero.tenant.choice"].search([("connection_id", "=", current.id)])
            current.tenant_choice_id = choices.filtered(lambda c: c.tenant_id == self.xero.organisation(2).tenant_id)
            current.action_choose_organisation()
        self.assertFalse(link.active)
        self.assertTrue(link.xero_id)
        self.assertFalse(move.xero_link_id)

    def test_a_copied_database_cannot_use_the_tokens(self):
        connection = self.connect()
        self.env["ir.config_parameter"].set_param("database.uuid", "another-database")
        self.xero.sandbox.log.clear()
        with self.as_request(connection) as current:
            action = current.action_test()
        self.assertEqual(action["params"]["type"], "danger")
        self.assertEqual(connection.state, "needs_reconnect")
        self.assertEqual(self.xero.calls, [])

    def test_a_secret_typed_in_on_a_host_without_the_key_is_a_sentence(self):
        connection = self.connect()
        token = type(connection._token())
        self.patch(token, "_read__key", lambda self: None)
        with self.assertRaises(UserError):
            connection.client_secret = "TYPED-IN"

    def test_a_neutralised_database_talks_to_nobody(self):
        connection, move = self.connect(), self.invoice()
        connection.environment = "production"
        self.env.flush_all()
        with file_open("xero_connector/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self.xero.sandbox.log.clear()
        self.assertEqual((connection.state, connection.enabled), ("disconnected", False))
        self.assertEqual(connection.environment, "test")
        self.assertFalse(self.env["xero.token"].search_count([("connection_id", "=", connection.id)]))
        with self.as_request(connection) as current:
            current._cron_schedules()
        with self.assertRaises(UserError):
            self.push(move)
        self.assertEqual(self.xero.calls, [])

    def test_a_host_without_the_key_keeps_the_tokens(self):
        connection = self.connect()
        sealed = connection._token().refresh_token
        self.patch(type(self.env["xero.token"]), "_read__key", lambda self: None)
        with self.as_request(connection) as current:
            action = current.action_test()
        self.assertIn("key", action["params"]["message"])
        self.assertEqual(connection._token().refresh_token, sealed)
        self.assertEqual(connection.state, "connected")

    def test_no_password_field_and_no_secret_in_the_database(self):
        # CON-03, SEC
        connection = self.connect()
        names = {name for model in self.env if model.startswith("xero.") for name in self.env[model]._fields}
        self.assertFalse({name for name in names if "password" in name or "otp" in name})
        self.env.cr.execute("SELECT client_secret, access_token, refresh_token FROM xero_token")
        for row in self.env.cr.fetchall():
            for value in row:
                self.assertTrue(value.startswith("v1:"))
                self.assertNotIn("SANDBOX-CLIENT-SECRET", value)
        self.assertEqual(connection._token()._reveal__secret("client_secret"), "SANDBOX-CLIENT-SECRET")


@tagged("post_install", "-at_install")
class TestOauthCallback(ConsentCase):
    def come_back(self, **query):
        return self.url_open(
            "/xero/oauth/callback?" + "&".join(f"{k}={v}" for k, v in query.items()), allow_redirects=False
        )

    def code(self):
        return self.xero.authorise(scopes=self.scope, redirect_uri=self.connection.redirect_uri)

    def test_consent_leads_back_to_the_form(self):
        state = self.press_connect()
        answer = self.come_back(state=state, code=self.code())
        self.assertEqual(answer.status_code, 303)
        self.assertIn(f"/odoo/xero-connections/{self.connection.id}", answer.headers["Location"])
        self.env.invalidate_all()
        self.assertEqual(self.connection.state, "choose")

    def test_the_worker_writes_meanwhile(self):
        # The consent is not lost when its last transaction has to be repeated.
        state, keep, failures = self.press_connect(), type(self.connection)._keep_consent, [1]

        def collide(connection, scope, found):
            keep(connection, scope, found)
            if failures:
                failures.pop()
                raise SerializationFailure("somebody else was faster")

        with patch.object(type(self.connection), "_keep_consent", collide):
            answer = self.come_back(state=state, code=self.code())
        self.assertEqual(answer.status_code, 303)
        self.env.invalidate_all()
        self.assertFalse(failures)
        self.assertEqual(self.connection.state, "choose")
        self.assertTrue(self.env["xero.tenant.choice"].search([("connection_id", "=", self.connection.id)]))

    def test_state_works_once(self):
        # CON-03
        state = self.press_connect()
        self.come_back(state=state, code=self.code())
        self.assertEqual(self.come_back(state=state, code=self.code()).status_code, 400)

    def test_unknown_state_changes_nothing(self):
        # CON-03
        self.press_connect()
        answer = self.come_back(state="made-up", code="whatever")
        self.assertEqual(answer.status_code, 400)
        self.env.invalidate_all()
        self.assertEqual(self.connection.state, "disconnected")
        self.assertFalse(self.connection._token().refresh_token)

    def test_state_of_another_session_is_refused(self):
        state = self.press_connect()
        code = self.code()
        self.authenticate("boss", "boss")
        self.assertEqual(self.come_back(state=state, code=code).status_code, 400)

    def test_state_of_another_user_is_refused(self):
        state = self.press_connect()
        code = self.code()
        self.new_user("boss2", "xero_connector.group_xero_admin")
        self.authenticate("boss2", "boss2")
        self.assertEqual(self.come_back(state=state, code=code).status_code, 400)

    def test_refused_consent_leaves_things_as_they_were(self):
        # CON-04
        state = self.press_connect()
        answer = self.come_back(state=state, error="access_denied")
        self.assertEqual(answer.status_code, 303)
        self.env.invalidate_all()
        self.assertEqual(self.connection.state, "disconnected")
        self.assertIn("refused", self.connection.last_result)
        event = self.env["xero.event"].search([("connection_id", "=", self.connection.id)], limit=1)
        self.assertEqual((event.kind, event.result), ("consent_refused", "failed"))

    def test_used_code_is_reported(self):
        state = self.press_connect()
        code = self.code()
        self.xero.advance(6 * 60)
        answer = self.come_back(state=state, code=code)
        self.assertEqual(answer.status_code, 303)
        self.env.invalidate_all()
        self.assertEqual(self.connection.state, "disconnected")
        self.assertIn("did not come through", self.connection.last_result)
