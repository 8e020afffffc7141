"""A user of company A learns nothing of company B (C.5).

The same questions are asked in two worlds: one where company B trades with Xero, one where it never
did. A user of company A must get the same answers in both, whatever he asks. The questions come
from the registry: a new model or field is asked about without a change here.
"""

from contextlib import suppress

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .two_companies import FOR_ALL, MARK, NOBODY_MODELS, REFUSALS, TwoCompanies


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
