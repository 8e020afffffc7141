"""A company whose Odoo a module comes into, where people work with it, and which it leaves again."""

import base64
import itertools
from datetime import datetime, timezone
from pathlib import Path

import psycopg2
from footprint import footprint
from world import CLERK, LIMITS, World

import database
import odoo_shell
from demo_bookkeeper import Bookkeeper
from demo_company import Books
from demo_connect import COMBINED_RATE, ORGANISATION
from odoo_server import OdooError, OdooServer, start_sandbox

POSTING = Path(__file__).with_name("posting.py")
GROUPS = ("account.group_account_invoice", "base.group_user")


class Modules:
    """Modules come and go, as in Odoo's Apps and on the server's command line; for a World."""

    def install(self, *modules):
        """As in Odoo's Apps."""
        self._press_module("button_immediate_install", modules)

    def uninstall(self, *modules):
        """As in Odoo's Apps; it asks to come again while a scheduled action runs."""
        self._press_module("button_immediate_uninstall", modules)

    def _press_module(self, button, modules):
        ids = self.books.call("ir.module.module", "search", [("name", "in", modules)])
        assert len(ids) == len(modules), f"Odoo lacks one of {modules}"

        def pressed():
            try:
                return self.books.call("ir.module.module", button, ids)
            except OdooError as error:
                if "scheduled action" not in str(error):
                    raise

        self.wait(pressed, button)

    def upgrade(self, module, look):
        """As an administrator does on the server's command line.

        :param look: function that is called before and after, while no server runs
        :return: what it said before, what it said after
        """
        self.rest()
        self.odoo.stop()
        before = look()
        database.update(self.database, module)
        after = look()
        self.odoo.start()
        return before, after


class Host(Modules, World):
    """Odoo without our add-on, a local Xero, and a company with books."""

    def __init__(self):
        self.kind = "guest"
        self.database = "xero_guest"
        database.create(self.database)
        self.xero = start_sandbox("AU", arguments=LIMITS)
        # Else Odoo's own modules for Peppol and the like would come along and stay.
        self.odoo = OdooServer(
            self.database, env=self.xero.odoo_env, max_cron_threads=2, skip_auto_install=True)
        self._numbers = itertools.count(1)
        self._sql = psycopg2.connect(dbname=self.database, **database.connection_arguments())
        self._sql.autocommit = True
        self._log_start = 0

    def open(self):
        """Start Odoo; the company works in it, without us."""
        self.odoo.start()
        self.admin = self.odoo.login()
        self.books = Books(self.admin, datetime.now(timezone.utc).date())
        self.books.make()
        Bookkeeper(self.xero.url, ORGANISATION).add_tax_rate(COMBINED_RATE, ("GST", 10), ("Port levy", 2))
        company = self.books.company_id
        self.clerk_id = self.books.create(
            "res.users", name="Clerk", login=CLERK, password=CLERK, company_id=company,
            company_ids=[(6, 0, [company])], group_ids=[(6, 0, [self.ref(name) for name in GROUPS])])
        self.clerk = self.odoo.login(CLERK, CLERK)
        self.invoices(2, self.customers(1))
        self.export = self.books.create("ir.exports", name="My columns", resource="account.move",
                                        export_fields=[(0, 0, {"name": "name"})])
        self.books.call("ir.module.module", "update_list")

    def ref(self, name):
        """Id of what has that external id."""
        module, name = name.split(".")
        return self.books.call("ir.model.data", "search_read", [("module", "=", module), ("name", "=", name)],
                               ["res_id"])[0]["res_id"]

    def footprint(self):
        """What defines this database now, when nothing is under way."""
        self.rest()
        return footprint(self.sql)

    def posting(self):
        """Queries of posting 50 invoices, at once and one by one; none of them stays."""
        options = {"company": self.books.company_id, "partner": self.customers(1)[0], "count": 50}
        return odoo_shell.call(self.database, POSTING, "queries", **options)

    def ledger(self):
        """Every journal item of the company."""
        return self.sql(
            "SELECT m.name, m.state, m.payment_state, a.name, l.balance, l.amount_currency, l.tax_line_id"
            " FROM account_move_line l JOIN account_move m ON m.id = l.move_id JOIN account_account a"
            " ON a.id = l.account_id ORDER BY l.id")

    # === PEOPLE === #

    def use(self):
        """What people do with the connector in its first weeks, good and bad."""
        groups = [(4, self.ref("xero_connector.group_xero_user"))]
        self.books.call("res.users", "write", [self.clerk_id], {"group_ids": groups})
        parameters = {f"xero_connector.{kind}_url": self.xero.url for kind in ("login", "identity", "api")}
        for key, value in parameters.items():
            self.books.call("ir.config_parameter", "set_param", key, value)
        self.connect()
        self._map_more()
        self.sent = self.invoices(13, self.customers(3))
        self.push_in_background(self.sent[1:])
        kind = self.press(self.sent[0])[1]["type"]
        assert kind == "success"
        self.wait(lambda: self.states(self.sent) == {"synced": 13}, "all invoices")
        self.refused = self.invoices(1, [self.books.partners["oldharbour"]])
        kind = self.press(self.refused[0])[1]["type"]
        assert kind == "danger"
        self.problem = self.one("SELECT min(id) FROM xero_exception WHERE state = 'open'")
        self.work_on("xero.connection", self.connection_id, "tenant_name")
        self.work_on("xero.exception", self.problem, "code", ("account.move", "xero_state", "failed"))
        self._edit_catalogue()

    def _map_more(self):
        sales = self.books.find("xero.account", ("connection_id", "=", self.connection_id), ("code", "=", "200"))
        bank = self.books.find("xero.account", ("connection_id", "=", self.connection_id), ("code", "=", "090"))
        product = self.books.call("product.product", "read", [self.books.products["beans"]], ["product_tmpl_id"])
        self.books.call("product.template", "write", [product[0]["product_tmpl_id"][0]],
                        {"xero_sales_account_id": sales})
        self.books.create("product.category", name="Coffee", xero_sales_account_id=sales)
        journal = self.books.call("account.journal", "search", [("type", "=", "bank")], limit=1)
        self.books.call("account.journal", "write", journal, {"xero_account_id": bank})

    def _edit_catalogue(self):
        """The administrator finds his own words, adds a text that he has met, and lets the schedules run less often."""
        self.edited = self.ref("xero_connector.known_error_account_unmapped")
        self.books.call("xero.known.error", "write", [self.edited], {"correction": "Ring Jo, extension 7."})
        self.books.create("xero.known.error", code="our_own", function="Document", trigger_error="Ours",
                          pattern="Our own text", cause="Ours", correction="Ours")
        schedules = self.ref("xero_connector.ir_cron_schedules")
        self.books.call("ir.cron", "write", [schedules], {"interval_number": 60})

    def work_on(self, model, record, field, on_host=None):
        """What people do with any record: chatter, activity, attachment, favourite, export, default, template, action.

        :param field: a field of the model
        :param on_host: (model, field, value) of another module's model that has a field of this module
        """
        call, create = self.books.call, self.books.create
        me = self.admin.uid
        partner = call("res.users", "read", [me], ["partner_id"])[0]["partner_id"][0]
        call(model, "message_subscribe", [record], partner_ids=[partner])
        attachment = create("ir.attachment", name="proof.txt", datas=base64.b64encode(b"proof").decode(),
                            res_model=model, res_id=record)
        call(model, "message_post", [record], body="Look at this", attachment_ids=[attachment],
             message_type="comment", subtype_xmlid="mail.mt_comment")
        call(model, "activity_schedule", [record], act_type_xmlid="mail.mail_activity_data_todo", user_id=me,
             summary="Look again")
        model_id = call("ir.model", "search", [("model", "=", model)])[0]
        create("ir.filters", name=f"My {model}", model_id=model, user_ids=[(6, 0, [me])],
               domain=f"[('{field}', '!=', False)]")
        create("ir.exports", name=f"My {model}", resource=model, export_fields=[(0, 0, {"name": field})])
        create("mail.template", name=f"About {model}", model_id=model_id, subject="Hello")
        create("mail.activity.type", name=f"Check {model}", res_model=model)
        create("ir.actions.server", name=f"Do {model}", model_id=model_id, state="code", code="pass",
               binding_model_id=model_id)
        create("ir.cron", name=f"Often {model}", model_id=model_id, state="code", code="pass", interval_number=1,
               interval_type="weeks", active=False)
        create("ir.rule", name=f"Own {model}", model_id=model_id, domain_force="[]")
        window = create("ir.actions.act_window", name=f"My {model}", res_model=model)
        create("ir.ui.menu", name=f"My {model}", action=f"ir.actions.act_window,{window}")
        call("ir.default", "set", model, field, "x")
        if on_host:
            host, host_field, value = on_host
            create("ir.filters", name=f"By {host_field}", model_id=host, user_ids=[(6, 0, [me])],
                   domain=f"[('{host_field}', '=', {value!r})]")
            create("ir.exports.line", export_id=self.export, name=host_field)
