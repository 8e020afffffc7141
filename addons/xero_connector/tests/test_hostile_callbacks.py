"""A browser that comes back from a consent nobody asked for changes nothing (C.5)."""

import logging

from odoo.tests import tagged

from .common import ConsentCase


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
