"""Who may do what, and what nobody may see (SEC, ORG-02, ORG-03, B28)."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import XeroCase

GROUPS = {
    "auditor": ("xero_connector.group_xero_auditor", "account.group_account_readonly"),
    "user": ("xero_connector.group_xero_user", "account.group_account_invoice"),
    "approver": ("xero_connector.group_xero_approver", "account.group_account_invoice"),
    "administrator": ("xero_connector.group_xero_admin", "account.group_account_manager"),
    "billing": ("account.group_account_invoice",),
    "internal": ("base.group_user",),
}
READ, EDIT = {"read"}, {"read", "write", "create", "unlink"}
MATRIX = {
    "xero.connection": {"auditor": READ, "user": READ, "approver": READ, "administrator": EDIT},
    "xero.link": dict.fromkeys(("auditor", "user", "approver", "administrator", "billing"), READ),
    "xero.run": dict.fromkeys(("auditor", "user", "approver", "administrator", "billing"), READ),
    "xero.batch.document": dict.fromkeys(("auditor", "user", "approver", "administrator", "billing"), READ),
    "xero.undo": {"administrator": READ},
    "xero.undo.line": {"administrator": READ},
    "xero.event": dict.fromkeys(("auditor", "user", "approver", "administrator", "billing"), READ),
    "xero.exception": {
        "auditor": READ,
        "billing": READ,
        **dict.fromkeys(("user", "approver", "administrator"), {"read", "write"}),
    },
    "xero.account": dict.fromkeys(("auditor", "user", "approver", "administrator", "billing"), READ),
    "xero.tax.rate": dict.fromkeys(("auditor", "user", "approver", "administrator", "billing"), READ),
    "xero.tax.combination": {"auditor": READ, "user": READ, "approver": READ, "administrator": EDIT},
    "xero.known.error": {"auditor": READ, "user": READ, "approver": READ, "administrator": EDIT},
    "xero.token": {},
    "xero.request": {},
    "xero.budget": {},
    "xero.oauth.state": {},
}


@tagged("post_install", "-at_install")
class TestSecurity(XeroCase):
    def setUp(self):
        super().setUp()
        self.users = {who: self.new_user(f"x_{who}", *groups) for who, groups in GROUPS.items()}

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_rights_matrix(self):
        # SEC-01, SEC-03, CON-13
        for model, rights in MATRIX.items():
            for who, user in self.users.items():
                allowed = {
                    operation
                    for operation in ("read", "write", "create", "unlink")
                    if self.env[model].with_user(user).has_access(operation)
                }
                self.assertEqual(allowed, rights.get(who, set()), f"{who} on {model}")

    def test_user_pushes_without_seeing_secrets(self):
        # SEC-02
        connection = self.connect()
        move = self.invoice()
        action = self.push(move, self.users["user"])
        self.assertEqual(action["params"]["type"], "success")
        self.assertEqual(move.xero_link_id.run_id.user_id, self.users["user"])
        with self.assertRaises(AccessError):
            self.env["xero.token"].with_user(self.users["user"]).search([])
        with self.assertRaises(AccessError):
            connection.with_user(self.users["user"]).write({"client_id": "else"})
        with self.assertRaises(AccessError):
            connection.with_user(self.users["user"]).action_connect()

    def test_others_may_not_push(self):
        self.connect()
        move = self.invoice()
        for who in ("auditor", "billing", "internal"):
            with self.assertRaises(AccessError):
                self.push(move, self.users[who])

    def test_pushing_needs_write_access_to_the_document(self):
        self.connect()
        move = self.invoice()
        reader = self.new_user("x_reader", "xero_connector.group_xero_user", "account.group_account_readonly")
        with self.assertRaises(AccessError):
            self.push(move, reader)

    def test_engine_methods_are_not_for_rpc(self):
        from odoo.service.model import get_public_method

        for name in ("push", "_cron_work", "_token"):
            with self.assertRaises(AccessError):
                get_public_method(self.env["xero.connection"], name)

    def test_companies_are_apart(self):
        # ORG-02, ORG-03, SEC-06, XM-06, XQ-07
        first = self.connect()
        self.push(self.invoice())
        other = self._make_company("Second Trading")
        self.env.user.company_ids += other
        both = (self.company | other).ids
        self.env = self.env(context={**self.env.context, "allowed_company_ids": both})
        second = self.connect(other, organisation=2)
        self.assertNotEqual(first.tenant_id, second.tenant_id)
        income = (
            self.env["account.account"]
            .with_company(other)
            .search([("company_ids", "in", other.ids), ("account_type", "=", "income")], limit=1)
        )
        tax = self.env["account.chart.template"].with_company(other).ref(self.gst_xmlid())
        sales = self.env["xero.account"].search([("connection_id", "=", second.id), ("code", "=", "200")])
        income.with_company(other).xero_account_id = sales
        move = (
            self.env["account.move"]
            .with_company(other)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.partner.id,
                    "invoice_date": "2026-11-01",
                    "invoice_line_ids": [
                        (0, 0, {"name": "B", "price_unit": 5, "account_id": income.id, "tax_ids": [(6, 0, tax.ids)]})
                    ],
                }
            )
        )
        move.action_post()
        self.xero.sandbox.log.clear()
        self.push(move)
        self.assertEqual(move.xero_state, "synced")
        tenants = {call["tenant"] for call in self.xero.calls if call.get("tenant")}
        self.assertEqual(tenants, {second.tenant_id})
        with self.as_request(move) as current, self.assertRaisesRegex(UserError, "belongs to Second Trading"):
            first.with_env(current.env).push("invoice", current)
        only_first = self.users["user"]
        for model in ("xero.connection", "xero.link", "xero.event", "xero.run", "xero.account", "xero.tax.rate"):
            records = (
                self.env[model].with_user(only_first).with_context(allowed_company_ids=self.company.ids).search([])
            )
            self.assertTrue(records, model)
            self.assertEqual(records.company_id, self.company, model)
        with self.assertRaises(AccessError):
            second.with_user(only_first).with_context(allowed_company_ids=self.company.ids).read(["tenant_id"])

    def test_events_are_an_audit_trail(self):
        # AUD-01, AUD-14
        self.connect()
        move = self.invoice()
        self.push(move, self.users["administrator"])
        event = self.env["xero.event"].search([("res_id", "=", move.id)], limit=1)
        self.assertEqual((event.user_id, event.trigger), (self.users["administrator"], "button"))
        for method, arguments in (("write", ({"result": "ok"},)), ("unlink", ())):
            with self.assertRaises(AccessError):
                getattr(event.with_user(self.users["administrator"]), method)(*arguments)

    def test_no_secret_in_logs_and_events(self):
        # CON-16
        with self.assertLogs("odoo.addons.xero_connector", "DEBUG") as logs:
            connection = self.connect()
            connection._token().write({"expires_at": "2020-01-01"})
            self.env.flush_all()
            self.push(self.invoice())
        token = connection._token()
        secrets = [token._reveal__secret(name) for name in ("client_secret", "access_token", "refresh_token")]
        events = self.env["xero.event"].search([])
        texts = logs.output + events.mapped(lambda e: f"{e.message} {e.arguments} {e.code}")
        texts += connection.message_ids.mapped("body")
        for secret in secrets:
            self.assertFalse([text for text in texts if secret in str(text)])

    def test_secrets_are_not_exported(self):
        # CON-17
        connection = self.connect()
        with mute_logger("odoo.models"):
            rows = connection.export_data(["client_id", "client_secret", "access_state"])["datas"]
        self.assertNotIn("SANDBOX-CLIENT-SECRET", str(rows))
