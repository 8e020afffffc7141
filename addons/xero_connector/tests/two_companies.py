"""Companies A and B, and every row that B has of us: the ground of the tests that keep them apart."""

from contextlib import contextmanager, suppress

from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tools import SQL, mute_logger

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
