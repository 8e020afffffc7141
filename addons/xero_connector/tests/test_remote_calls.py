"""What a browser or a script may call: nobody without the right changes anything (C.5)."""

import inspect

from lxml import etree

from odoo.exceptions import AccessError
from odoo.service.model import get_public_method
from odoo.tests import HttpCase, tagged
from odoo.tools import SQL, mute_logger

from .ear import listening
from .two_companies import FOR_ALL, TwoCompanies


@tagged("post_install", "-at_install")
class TestRemoteCalls(HttpCase, TwoCompanies):
    """What a browser or a script may call, and what comes of it."""

    least_buttons = 40

    def setUp(self):
        super().setUp()
        self.populate()
        self.env.flush_all()

    def public_methods(self, name):
        """Methods of ours on a model that anybody who is logged in can name in a call."""
        cls = type(self.env[name])
        for method in dir(cls):
            defined = [c for c in cls.mro() if method in vars(c)]
            ours = defined and all(c.__module__.startswith("odoo.addons.xero_connector") for c in defined)
            private = any(getattr(vars(c)[method], "_api_private", False) for c in defined)
            if ours and not private and not method.startswith("_") and inspect.isfunction(getattr(cls, method)):
                yield method

    def call(self, model, method, *arguments, **options):
        """Text of the answer to one call over HTTP."""
        call = {"model": model, "method": method, "args": arguments, "kwargs": options}
        body = {"jsonrpc": "2.0", "method": "call", "params": call}
        return self.url_open(f"/web/dataset/call_kw/{model}/{method}", json=body, timeout=30).text

    def everything(self):
        """A digest of every table that a call of ours could change."""
        names = [*self.stored_models(), *self.host_fields()]
        names += ["res.company", "mail.message", "mail.activity", "mail.mail", "ir.cron", "ir.cron.trigger"]
        tables = sorted({self.env[name]._table for name in names if self.env[name]._auto})
        return {table: self.digest(table, SQL("TRUE")) for table in tables}

    def all_of_company_a(self):
        """A digest of what belongs to company A."""
        found = {"account_move": self.digest("account_move", SQL("company_id = %s", self.company.id))}
        for name in self.stored_models():
            ids = self.rows_of(name, self.company)._ids or (0,)
            found[name] = self.digest(self.env[name]._table, SQL("id IN %s", ids))
        return found

    def digest(self, table, where):
        query = SQL("SELECT md5(string_agg(t::text, ',' ORDER BY id)) FROM %s t WHERE %s", SQL.identifier(table), where)
        return self.env.execute_query(query)[0][0]

    def rows_to_act_on(self):
        """Rows of company A by model: ours, and host records that are linked."""
        rows = {name: self.rows_of(name, self.company)[:1].ids for name in self.stored_models()}
        rows |= {"xero.todo": self.env["xero.todo"].search([("company_id", "=", self.company.id)], limit=1).ids}
        rows |= {"xero.known.error": self.env["xero.known.error"].search([], limit=1).ids}
        rows["xero.link"] = self.move.xero_link_id.ids  # what an auditor must not include
        hosts = {"account.move": self.move, "res.partner": self.partner, "account.account": self.income}
        return rows | {name: hosts.get(name, self.env[name]).ids[:1] for name in self.host_fields()}

    def secrets(self):
        names = ("client_secret", "access_token", "refresh_token")
        return [c._token()._reveal__secret(name) for c in (self.first, self.second) for name in names]

    def test_nobody_without_the_right_changes_anything(self):
        self.make_things_to_act_on()
        rows, secrets = self.rows_to_act_on(), self.secrets()
        buttons = [(name, method) for name in rows for method in self.public_methods(name)]
        self.assertGreater(len(buttons), self.least_buttons)
        worlds = dict.fromkeys(("auditor", "billing", "employee"), self.everything)
        users = {**self.users, "foreign": self.foreign}
        worlds["foreign"] = self.all_of_company_a
        with mute_logger("odoo.http", "odoo.models", "odoo.addons.base.models.ir_model", "odoo.sql_db"):
            for who, world in worlds.items():
                self.authenticate(users[who].login, users[who].login)
                before, called = world(), len(self.xero.calls)
                answers = {(name, method): self.call(name, method, rows[name]) for name, method in buttons}
                if who != "foreign":
                    self.assertEqual(len(self.xero.calls), called, who)
                for name in self.own_models():
                    answers |= self.try_to_change(name, rows[name])
                self.env.invalidate_all()
                after = world()
                self.assertEqual({place for place in after if after[place] != before[place]}, set(), who)
                for question, answer in answers.items():
                    self.assertFalse([secret for secret in secrets if secret in answer], (who, question))
                    if who == "foreign":
                        # Neither the organisation nor a document of company A.
                        for name in (self.first.tenant_id, self.move.name, self.move.xero_link_id.xero_id):
                            self.assertNotIn(name, answer, question)

    def test_naming_a_company_of_others_opens_nothing(self):
        # Odoo passes the companies of a call on as they are, and asks nobody once we act as root.
        self.make_things_to_act_on()
        rows, who = self.rows_to_act_on(), self.foreign
        rows["res.partner"] = self.partner.ids
        buttons = [(name, method) for name in rows for method in self.public_methods(name)]
        self.authenticate(who.login, who.login)
        context = {"allowed_company_ids": self.company.ids}
        before, called = self.everything(), len(self.xero.calls)
        with mute_logger("odoo.http", "odoo.models", "odoo.addons.base.models.ir_model", "odoo.sql_db"):
            for name, method in buttons:
                self.call(name, method, rows[name], context=context)
                self.assertEqual(len(self.xero.calls), called, (name, method))
        self.env.invalidate_all()
        after = self.everything()
        self.assertEqual({place for place in after if after[place] != before[place]}, set())

    def test_who_may_do_everything_is_told_no_secret(self):
        # An administrator presses every button there is; the one that ends it all comes last.
        self.make_things_to_act_on()
        rows = self.rows_to_act_on()
        buttons = [(name, method) for name in rows for method in self.public_methods(name)]
        buttons.sort(key=lambda button: button[1] in ("action_disconnect", "action_choose_organisation"))
        admin = self.users["admin"]
        self.authenticate(admin.login, admin.login)
        secrets, answers, done = set(), {}, 0
        with listening() as lines:
            for name, method in buttons:
                secrets |= {secret for secret in self.secrets() if secret}
                answers[name, method] = self.call(name, method, rows[name])
                self.env.invalidate_all()
                done += '"result"' in answers[name, method]
        self.assertGreater(len(secrets), 4)
        self.assertGreater(done, 5)
        for question, answer in answers.items():
            self.assertFalse([secret for secret in secrets if secret in answer], question)
        self.assertFalse([name for name, text in lines for secret in secrets if secret in text])

    def make_things_to_act_on(self):
        """A row of company A for every button: a problem, something excluded, an open wizard."""
        link = self.move.xero_link_id
        about = {"model": "account.move", "res_id": self.move.id, "dataset": "invoice", "link_id": link.id}
        ours = {"company_id": self.company.id, "connection_id": self.first.id}
        self.env["xero.exception"].create({**about, **ours, "code": "not_posted"})
        link.state = "excluded"
        self.env.flush_all()

    def try_to_change(self, name, ids):
        values = self.harmless_values(name)
        attempts = {
            "write": (ids, values),
            "copy": (ids,),
            "create": (
                [{**values, "company_id": self.company.id} if "company_id" in self.env[name]._fields else values],
            ),
            "unlink": (ids,),
        }
        if name in FOR_ALL:
            attempts = {}
        return {(name, method): self.call(name, method, *arguments) for method, arguments in attempts.items()}

    def harmless_values(self, name):
        """A value that a field of the model takes."""
        for field in self.env[name]._fields.values():
            if field.store and field.type == "boolean" and not field.related:
                return {field.name: False}
            if field.store and field.type == "char" and field.name != "id" and not field.related:
                return {field.name: "x"}
        return {}

    def test_what_can_be_called_is_meant_to_be(self):
        for name in (*self.own_models(), *self.host_fields()):
            cls = type(self.env[name])
            for method in dir(cls):
                defined = [c for c in cls.mro() if method in vars(c)]
                ours = any(c.__module__.startswith("odoo.addons.xero_connector") for c in defined)
                function = inspect.getattr_static(cls, method)
                if not ours or not callable(getattr(function, "__func__", function)) or method.startswith("__"):
                    continue
                private = any(getattr(vars(c)[method], "_api_private", False) for c in defined)
                if method.startswith("_") or private:
                    with self.assertRaises(AccessError, msg=f"{name}.{method}"):
                        get_public_method(self.env[name], method)
        self.authenticate("admin", "admin")
        with mute_logger("odoo.http"):
            server_only = (
                ("xero.token", "_reveal__secret"),
                ("xero.connection", "push"),
                ("xero.connection", "_token"),
            )
            for name, method in server_only:
                self.assertIn("AccessError", self.call(name, method, [1], "access_token"))
            self.assertIn("AccessError", self.call("xero.token", "search_read", [], ["access_token"]))

        # A method with a public name can be called by anybody: it has to be meant so.
        for name in (*self.own_models(), *self.host_fields()):
            for method in self.public_methods(name):
                self.assertTrue(method.startswith("action_"), f"{name}.{method} can be called by everybody")
        # Without a Xero group a form has no button of ours that acts, and no secret.
        reading = {"action_xero_open", "action_open_record", "action_open", "action_open_links"}
        for who in ("billing", "employee"):
            env = self.env(user=self.users[who], su=False, context={"allowed_company_ids": self.company.ids})
            for name in (*self.own_models(), *self.host_fields()):
                if not env[name].has_access("read"):
                    continue
                for kind in ("form", "list", "search"):
                    arch = env[name].get_view(view_type=kind)["arch"]
                    ours = set(self.public_methods(name))
                    shown = {node.get("name") for node in etree.fromstring(arch).iter("button")}
                    self.assertLessEqual(shown & ours, reading, (who, name, kind))
                    self.assertNotIn("client_secret", arch)
