"""A user of company A learns nothing of company B; nobody reads a secret (C.5).

The first half asks the same questions in two worlds: one where company B trades with Xero, one
where it never did. A user of company A must get the same answers in both, whatever he asks. The
questions come from the registry: a new model or field is asked about without a change here.
"""

import base64
import http.client
import inspect
import io
import json
import logging
import traceback
from contextlib import contextmanager, suppress
from unittest.mock import patch
from urllib.parse import parse_qs, quote, urlsplit

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from freezegun import freeze_time
from lxml import etree
from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.service.model import get_public_method
from odoo.tests import HttpCase, tagged
from odoo.tools import SQL, mute_logger

from ..client import endpoints, errors, oauth, transport
from ..engine import session
from .common import XeroCase

MARK = "ZZTOP"  # in every text that company B has from Xero
NOBODY_MODELS = ("xero.token", "xero.request", "xero.oauth.state", "xero.budget")
FOR_ALL = ("xero.known.error",)
GROUPS = {
    "admin": (
        "xero_connector.group_xero_admin",
        "account.group_account_manager",
        "base.group_allow_export",
        "base.group_partner_manager",
    ),
    "auditor": ("xero_connector.group_xero_auditor", "account.group_account_readonly"),
    "billing": ("account.group_account_invoice",),
    "employee": ("base.group_user",),
}
# What an answer may say when it is no answer.
REFUSALS = (UserError, ValueError, KeyError, TypeError, NotImplementedError)


class TwoCompanies(XeroCase):
    """Companies A and B, each with its own organisation, documents, problems and users."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._make_company("Second Trading")
        cls.users = {who: cls.new_user(f"o_{who}", *groups) for who, groups in GROUPS.items()}
        cls.foreign = cls.new_user("o_foreign", *GROUPS["admin"], companies=cls.other)

    def setUp(self):
        super().setUp()
        self.env["ir.config_parameter"].set_param("web.base.url", "http://localhost:8069")  # HttpCase has its own
        self.env.user.company_ids += self.other
        self.env = self.env(context={**self.env.context, "allowed_company_ids": (self.company | self.other).ids})
        self.first = self.connect()
        self.second = self.connect(self.other, organisation=2)
        self.move = self.invoice()
        self.push(self.move)
        self.foreign_move = self.foreign_invoice()
        self.push(self.foreign_move)
        # A shared partner that only company B trades with.
        theirs = self.env["res.partner"].create({"name": "Red Gum Pty Ltd", "is_company": True})
        self.push(self.foreign_invoice(partner=theirs))
        broken = self.foreign_invoice(mapped=False)
        self.push(broken)
        self.assertEqual(
            (self.move.xero_state, self.foreign_move.xero_state, broken.xero_state), ("synced",) * 2 + ("failed",)
        )

    def foreign_invoice(self, mapped=True, partner=None):
        """A posted invoice of company B for a shared partner."""
        accounts = self.env["account.account"].with_company(self.other)
        income = accounts.search([("company_ids", "in", self.other.ids), ("account_type", "=", "income")], limit=1)
        sales = self.env["xero.account"].search([("connection_id", "=", self.second.id), ("code", "=", "200")])
        income.with_company(self.other).xero_account_id = sales if mapped else False
        self.second.default_sales_account_id = False
        tax = self.env["account.chart.template"].with_company(self.other).ref(self.gst_xmlid())
        line = {"name": "B", "price_unit": 5, "account_id": income.id, "tax_ids": [Command.set(tax.ids)]}
        move = (
            self.env["account.move"]
            .with_company(self.other)
            .create(
                {
                    "move_type": "out_invoice",
                    "company_id": self.other.id,
                    "partner_id": (partner or self.partner).id,
                    "invoice_date": fields.Date.today(),
                    "invoice_line_ids": [Command.create(line)],
                }
            )
        )
        move.action_post()
        return move

    # === WHAT THERE IS === #

    def own_models(self):
        """Models of this add-on that have rows; the other add-ons have tests of their own rights."""
        models = (self.env[name] for name in self.registry if name.startswith("xero."))
        return [model._name for model in models if not model._abstract and model._original_module == "xero_connector"]

    def stored_models(self):
        return [name for name in self.own_models() if self.env[name]._auto]

    def host_fields(self):
        """``{model: names of the fields that we add to it}``, for host models."""
        found = {}
        for name in self.registry:
            model = self.env[name]
            if name.startswith("xero.") or model._abstract:
                continue
            names = [f.name for f in model._fields.values() if "xero_connector" in f._modules]
            if names:
                found[name] = names
        return found

    def company_path(self, name):
        """Path from a model to the company that its rows belong to, ``None`` for the server's own."""
        model = self.env[name]
        if "company_id" in model._fields:
            return "company_id"
        for field in model._fields.values():
            ours = field.type == "many2one" and field.store and field.comodel_name.startswith("xero.")
            if path := ours and self.company_path(field.comodel_name):
                return f"{field.name}.{path}"
        return None

    def rows_of(self, name, company):
        """All rows of a model that belong to `company`."""
        path = self.company_path(name)
        model = self.env[name].sudo().with_context(active_test=False)
        if name == "xero.budget":
            connection = self.second if company == self.other else self.first
            return model.search([("tenant_id", "=", connection.tenant_id)])
        return model.search([(path, "=", company.id)]) if path else model.browse()

    # === ROWS OF COMPANY B IN EVERY MODEL === #

    def populate(self):
        """At least one row of company B in each of our models, with a mark in each text."""
        for company, user in ((self.company, self.users["admin"]), (self.other, self.foreign)):
            for name in self.stored_models():
                if name not in FOR_ALL and not self.rows_of(name, company):
                    self.make_row(name, company, user)
        self.env.flush_all()
        for name in self.stored_models():
            if name in FOR_ALL:
                continue
            rows = self.rows_of(name, self.other)
            if name == "xero.token":
                continue  # ciphertext cannot be marked
            self.assertTrue(rows, f"no row of company B in {name}: make one here")
            for field in rows._fields.values():
                fixed = ("model", "dataset", "code", "kind", "part", "field", "job")
                plain = field.store and field.column_type and field.type in ("char", "text") and not field.translate
                if plain and not field.company_dependent and not field.related and field.name not in fixed:
                    text = f"{MARK} organisation" if field.name == "tenant_id" else SQL("%s || id", MARK)
                    column = SQL.identifier(field.name)
                    table = SQL.identifier(rows._table)
                    self.env.cr.execute(SQL("UPDATE %s SET %s = %s WHERE id IN %s", table, column, text, rows._ids))
        self.env.invalidate_all()
        self.env.registry.clear_cache()

    def make_row(self, name, company, user):
        """A row of `company` with nothing but what is required."""
        model = self.env[name].sudo().with_company(company)
        vals = {}
        for field in model._fields.values():
            if field.type == "many2one" and field.store and not field.related:
                if field.comodel_name == "res.company":
                    vals[field.name] = company.id
                elif field.comodel_name.startswith("xero.") and self.company_path(field.comodel_name):
                    vals[field.name] = self.rows_of(field.comodel_name, company)[:1].id
                elif field.comodel_name == "res.users":
                    vals[field.name] = user.id
            elif field.required and field.store and not field.compute and field.name not in vals:
                text = MARK if company == self.other else "ours"
                samples = {"char": text, "text": text, "integer": 1, "float": 1.0, "json": {}, "boolean": True}
                if field.type == "selection":
                    vals[field.name] = field.get_values(self.env)[0]
                elif field.type in samples:
                    vals[field.name] = samples[field.type]
        if name == "xero.tax.combination":
            taxes = self.env["account.tax"].search([("company_id", "=", company.id)], limit=2)
            vals["tax_ids"] = [Command.set(taxes.ids)]
        return model.create(vals)

    @contextmanager
    def without_company_b(self):
        """Within, company B never traded with Xero."""
        self.env.flush_all()
        rows = {name: self.rows_of(name, self.other).ids for name in self.stored_models() if name not in FOR_ALL}
        with self.cr.savepoint() as savepoint:
            for _round in range(3):
                for name, ids in rows.items():
                    # What another table still refers to goes in the next round.
                    with suppress(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint(flush=False):
                        self.env.cr.execute(f'DELETE FROM "{self.env[name]._table}" WHERE id = ANY(%s)', [ids])
            self.assertFalse([name for name in rows if self.rows_of(name, self.other)])
            self.forget()
            yield
            savepoint.rollback()
        self.forget()

    def forget(self):
        self.env.invalidate_all()
        self.env.transaction.clear()
        self.env.registry.clear_cache()


@tagged("post_install", "-at_install")
class TestOracles(TwoCompanies):
    least_forms = 3  # that say something of a link

    def setUp(self):
        super().setUp()
        self.populate()

    def test_the_same_answers_as_if_company_b_did_not_exist(self):
        """Read, search, sort, group, name search, export: none of them is an oracle."""
        views = [(who, user, self.company, who == "admin") for who, user in self.users.items()]
        views.append(("forged", self.users["admin"], self.other, False))
        views.append(("both forged", self.users["admin"], self.company | self.other, False))
        # Who may see company B does: the questions are worth asking.
        views.append(("foreign", self.foreign, self.other, False))
        # At the same moment: some fields say how long something has been waiting.
        with freeze_time(fields.Datetime.now()):
            with_b = {who: self.observe(*view) for who, *view in views}
            with self.without_company_b():
                without_b = {who: self.observe(*view) for who, *view in views}
        seen, unseen = with_b.pop("foreign"), without_b.pop("foreign")
        for who in with_b:
            differing = [
                (question, answer[:200], without_b[who][question][:200])
                for question, answer in with_b[who].items()
                if answer != without_b[who][question]
            ]
            self.assertFalse(
                differing[:5], f"{who} has {len(differing)} oracles: is there a rule for it in xero_rules.xml?"
            )
            marked = [question for question, answer in with_b[who].items() if MARK in answer]
            self.assertFalse(marked[:5], who)
        for name in self.own_models():
            if name not in (*NOBODY_MODELS, *FOR_ALL) and not self.env[name]._transient:
                asked = [question for question in seen if question[0] == name]
                self.assertTrue([q for q in asked if seen[q] != unseen[q]], f"nobody sees rows of {name}")
        self.assertGreater(len(with_b["admin"]), 2000)

    def test_ids_of_company_b_that_are_slipped_in(self):
        """Odoo shows the name of what a field points to, whoever may read that: so it must not point there."""
        env = self.env(user=self.users["admin"], su=False, context={"allowed_company_ids": self.company.ids})
        places = {name: list(env[name]._fields) for name in self.own_models()} | self.host_fields()
        leaks, tried, before = [], 0, self.what_is_of_company_b()
        for name, names in places.items():
            model = env[name]
            for field in (model._fields[n] for n in names):
                ours = field.type in ("many2one", "one2many", "many2many") and field.comodel_name.startswith("xero.")
                if not ours or not self.company_path(field.comodel_name) or not model._has_field_access(field, "read"):
                    continue
                foreign = self.rows_of(field.comodel_name, self.other)[:1]
                for how in (
                    self.slip_into_write,
                    self.slip_into_create,
                    self.slip_into_onchange,
                    self.slip_into_default,
                ):
                    tried += 1
                    # An attempt that is refused is rolled back, as a request of a browser is.
                    with suppress(UserError, IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
                        answer = repr(how(model, field, foreign))
                        if MARK in answer or self.what_is_of_company_b() != before:
                            leaks.append((name, field.name, how.__name__))
                    self.env.invalidate_all()
        self.maxDiff = None
        self.assertEqual(leaks, [])
        self.assertGreater(tried, 100)

    def test_a_record_that_claims_to_be_of_company_b(self):
        """A form is not saved yet, and says that its record belongs to company B."""
        env = self.env(user=self.users["admin"], su=False, context={"allowed_company_ids": self.company.ids})
        self.assertTrue(self.partner.with_company(self.other).xero_link_id)
        records = {"res.partner": self.partner.id, "account.move": self.move.id}

        def answers():
            found = {}
            for name in self.host_fields():
                model = env[name]
                fields_shown = {n: self.specification(model, n) for n in self.shown(model)}
                if "company_id" not in model._fields or not model.has_access("write"):
                    continue
                for record in (model, model.browse(records.get(name, []))):
                    for values in (
                        {"company_id": self.other.id},
                        {"company_id": self.other.id, "move_type": "out_invoice"},
                    ):
                        values = {n: value for n, value in values.items() if n in model._fields}
                        shown = fields_shown | {n: {} for n in values}
                        for changed in ([], [*values]):
                            key = name, len(record), len(values), len(changed)
                            try:
                                with self.cr.savepoint():
                                    found[key] = repr(record.onchange(values, changed, shown))
                            except REFUSALS as error:
                                found[key] = repr(error)
                self.env.invalidate_all()
            return found

        with_b = answers()
        with self.without_company_b():
            without_b = answers()

        self.assertEqual(with_b, without_b)
        self.assertNotIn(MARK, repr(with_b))
        self.assertGreater(sum("xero_number" in answer for answer in with_b.values()), self.least_forms)

    def test_what_the_server_keeps_is_not_written_from_outside(self):
        """Who may edit a form may not write what it shows only, e.g. the worker that deleting would delete, too."""
        env = self.env(user=self.users["admin"], su=False, context={"allowed_company_ids": self.company.ids})
        kept = {"xero.connection": [], "xero.exception": []}
        for name, names in kept.items():
            for field in env[name]._fields.values():
                ours = field.store and "xero_connector" in field._modules
                if ours and (field.readonly or name == "xero.exception" and field.name not in ("state", "user_id")):
                    names.append(field.name)
            record = env[name].search([], limit=1)
            self.assertTrue(record, name)
            for field in names:
                with self.assertRaises(AccessError, msg=field):
                    record.write({field: record[field]})
        self.assertLessEqual({"state", "tenant_id", "cron_id", "granted_scopes"}, set(kept["xero.connection"]))
        self.assertLessEqual({"link_id", "company_id", "model", "res_id", "code"}, set(kept["xero.exception"]))
        cron = self.env.ref("base.autovacuum_job")
        with self.assertRaises(AccessError):
            env["xero.connection"].create({"company_id": self.company.id, "cron_id": cron.id, "active": False})

    def what_is_of_company_b(self):
        """Ids of everything that belongs to company B."""
        return {name: self.rows_of(name, self.other).ids for name in self.stored_models()}

    def value_for(self, field, foreign):
        return foreign.id if field.type == "many2one" else [Command.link(foreign.id)]

    def slip_into_write(self, model, field, foreign):
        record = model.search([], limit=1)
        if not record or not model.has_access("write"):
            return None
        record.write({field.name: self.value_for(field, foreign)})
        self.env.flush_all()
        with suppress(UserError):  # what was given away cannot be read any more, but is written all the same
            return record.web_read({field.name: {"fields": {"display_name": {}}}})

    def slip_into_create(self, model, field, foreign):
        if not model.has_access("create") or model._name == "xero.connection" or not model._name.startswith("xero."):
            return None
        vals = {"kind": "account"} if "kind" in model._fields else {}
        for other in model._fields.values():
            if other.required and other.type == "many2one" and other.comodel_name.startswith("xero."):
                vals[other.name] = model.env[other.comodel_name].search([], limit=1).id
        record = model.create({**vals, field.name: self.value_for(field, foreign)})
        self.env.flush_all()
        return record.web_read({field.name: {"fields": {"display_name": {}}}})

    def slip_into_onchange(self, model, field, foreign):
        values = {field.name: self.value_for(field, foreign)}
        return model.onchange(
            values, [field.name], {name: self.specification(model, name) for name in self.shown(model)}
        )

    def slip_into_default(self, model, field, foreign):
        model = model.with_context(**{f"default_{field.name}": self.value_for(field, foreign)})
        return model.onchange({}, [], {field.name: {"fields": {"display_name": {}}}})

    def shown(self, model):
        """Fields that a form of ours could ask for."""
        names = list(model._fields) if model._name.startswith("xero.") else self.host_fields()[model._name]
        return [name for name in names if model._has_field_access(model._fields[name], "read")]

    # === QUESTIONS === #

    def observe(self, user, companies, thorough):
        """Answers to all questions, as texts: ``{(model, method, arguments): answer}``.

        :param thorough: also probe each field with domains
        """
        answers = {}
        env = self.env(user=user, su=False, context={"allowed_company_ids": companies.ids, "lang": "en_US"})
        for name in self.own_models():
            self.ask_all(env[name], list(env[name]._fields), answers, thorough)
        for name, names in self.host_fields().items():
            self.ask_all(env[name], names, answers, thorough)
        return answers

    def ask_all(self, model, names, answers, thorough):
        def ask(method, *arguments, on=None, **options):
            question = (model._name, method, repr((arguments, options)))
            try:
                with mute_logger("odoo.models", "odoo.domains", "odoo.osv.expression", "odoo.fields"):
                    answers[question] = repr(getattr(on or model, method)(*arguments, **options))
            except REFUSALS as error:
                answers[question] = type(error).__name__

        own = model._name.startswith("xero.")
        if not model.has_access("read"):
            ask("search_count", [])
            ask("search_read", [], ["id"])
            return
        if not own:
            model = model.with_context(active_test=True)
        readable = [name for name in names if model._has_field_access(model._fields[name], "read")]
        if own:
            ask("search_count", [])
            ask("name_search", MARK)
            ask("name_search", "")
            ask("search_read", [], readable)
            ask("web_search_read", [], {name: self.specification(model, name) for name in readable})
        home = model.with_context(allowed_company_ids=model.env.user.company_ids.ids)
        records = home.search([], limit=None if own else 20).with_env(model.env)
        # Not "id": exporting it makes an external id, another one each time.
        exported = [n for n in readable if n != "id" and model._fields[n].type not in ("one2many", "many2many", "json")]
        for names_read in [readable] if own else [[name] for name in readable]:
            ask("read", names_read, on=records)
        ask("export_data", exported, on=records)
        for name in readable:
            ask("formatted_read_group", [], [name], ["__count"])
            if not thorough:
                continue
            for domain in self.domains(model, name):
                ask("search", domain)
            ask("search", [], order=f"{name} desc, id", limit=None if own else 20)
            ask("formatted_read_group", [], [], [f"{name}:count_distinct"])

    def specification(self, model, name):
        if model._fields[name].type in ("many2one", "one2many", "many2many"):
            return {"fields": {"display_name": {}}}
        return {}

    def domains(self, model, name):
        """Domains that probe one field, and what is behind it."""
        field = model._fields[name]
        yield [(name, "!=", False)]
        if field.type in ("char", "text", "html", "many2one", "one2many", "many2many"):
            yield [(name, "ilike", MARK)]
        if field.type == "selection":
            values = field.get_values(self.env)
            yield from ([(name, "=", value)] for value in values)
            yield [(name, "in", [False])]
            yield [(name, "not in", values[:1])]
        if field.relational and field.comodel_name.startswith("xero."):
            foreign = self.foreign_ids.setdefault(field.comodel_name, self.rows_of(field.comodel_name, self.other).ids)
            yield [(name, "in", foreign)]
            for path in self.texts_behind(field.comodel_name):
                yield [(f"{name}.{path}", "ilike", MARK)]
                yield [(name, "not any", [(path, "ilike", MARK)])]
        elif field.relational and not field.comodel_name.startswith("xero.") and model._name.startswith("xero."):
            for path in self.host_names.get(field.comodel_name, ()):
                yield [(f"{name}.{path}", "!=", False)]

    def texts_behind(self, name):
        model = self.env[name]
        return [f.name for f in model._fields.values() if f.type == "char" and f.store][:6]

    @property
    def host_names(self):
        return self.host_fields()

    @property
    def foreign_ids(self):
        return self.__dict__.setdefault("_foreign_ids", {})


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
        return [c._token().reveal(name) for c in (self.first, self.second) for name in names]

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
            for name, method in (("xero.token", "reveal"), ("xero.connection", "push"), ("xero.connection", "_token")):
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


class Ear(logging.Handler):
    """Hears everything that anybody logs."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.lines = []

    def emit(self, record):
        text = record.getMessage()
        if record.exc_info:
            text += "".join(traceback.format_exception(*record.exc_info))
        self.lines.append((record.name, text))


@contextmanager
def listening():
    """All loggers at DEBUG, into one ear and nowhere else."""
    ear, root = Ear(), logging.getLogger()
    loggers = [root, *(one for one in logging.Logger.manager.loggerDict.values() if isinstance(one, logging.Logger))]
    before = [(one, one.level, one.handlers, one.propagate, one.disabled) for one in loggers]
    for one in loggers:
        one.setLevel(logging.DEBUG)
        one.handlers, one.propagate, one.disabled = [], True, False
    root.handlers = [ear]
    try:
        yield ear.lines
    finally:
        for one, level, handlers, propagate, disabled in before:
            one.setLevel(level)
            one.handlers, one.propagate, one.disabled = handlers, propagate, disabled


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
        self.secrets.add(self.env["xero.token"]._key_path().read_text())
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
        key = token_class._read_key
        self.patch(token_class, "_read_key", lambda self: b"0" * 32)
        with self.assertRaises(errors.KeyMissing):
            token.reveal("refresh_token")
        self.patch(token_class, "_read_key", lambda self: None)
        with self.assertRaises(errors.KeyMissing):
            token.reveal("refresh_token")
        self.patch(token_class, "_read_key", key)
        for broken in ("v1", "v1:x", "v1::", "x" * 100, sealed[:-8], sealed.replace("v1:", "v1:0")):
            self.env.cr.execute("UPDATE xero_token SET refresh_token = %s WHERE id = %s", [broken, token.id])
            token.invalidate_recordset()
            with self.assertRaises(errors.XeroError):
                token.reveal("refresh_token")

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
            (type(self.env["xero.token"]), "_decrypt"),
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
                    self.secrets |= {code} | {connection._token().reveal(n) for n in ("access_token", "refresh_token")}
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
