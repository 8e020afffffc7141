"""Screens, menus and what they show (CRD-03, CRD-04, CFG-19, ERR-01, ERR-02, XQ-38)."""

from lxml import etree

from odoo.tests import Form, tagged

from ..engine.answer import NAMES
from ..models import messages
from .common import XeroCase

# What a mapping says of the record itself; state of the sync lives on links.
MAPPING = {"xero_ar_account", "xero_ap_account"}
MIXIN_FIELDS = {"xero_link_id", "xero_state", "xero_number", "xero_status", "xero_url", "xero_message"}
HOST_FIELDS = {
    "account.move": MIXIN_FIELDS,
    "account.payment": MIXIN_FIELDS,
    "res.partner": MIXIN_FIELDS,
    "product.product": MIXIN_FIELDS,
    "account.journal": {"xero_account_id"},
    "account.account": {"xero_account_id", "xero_account_code"},
    "account.tax": {"xero_tax_rate_id"},
}


KNOWN_TEXTS = {
    "The contact name Abc is already assigned to another contact. The contact name must be unique across all active "
    "contacts.": "contact_name_taken",
    "The contact number 17 is already assigned to another contact.": "contact_number_taken",
    "The specified contact details matched an archived contact. Archived contacts cannot currently be edited via the "
    "API.": "contact_name_archived",
    "Email address must be valid.": "email_invalid",
    "Please enter a unique Name.": "name_taken",
    "Please enter a unique Code.": "account_code_taken",
    "Account code '999' is not a valid code for this document.": "account_invalid_in_xero",
    "Account code '999' has been archived, or has been deleted. Each line item must reference a valid "
    "account.": "account_archived_in_xero",
    "The TaxType code 'OUTPUT' cannot be used with account code '400'.": "tax_account_in_xero",
    "The TaxType code TAX017 does not exist or cannot be used for this type of transaction.": "tax_unknown_in_xero",
    "Organisation is not subscribed to currency EUR": "currency_not_subscribed",
    "Invoice # must be unique.": "number_taken",
    "Invoice not of valid status for modification": "not_editable",
    "This document cannot be edited as it has a payment or credit note allocated to it.": "not_editable",
    "The status VOIDED cannot be applied to the invoice because it has payments or credit notes allocated to "
    "it.": "not_editable",
    "The status DRAFT cannot be applied to the invoice because it has payments or credit notes allocated to "
    "it.": "not_editable",
    "The document date cannot be before the period lock date, currently set at 30-Nov-2018": "locked_period",
    "The document date cannot be before the end of year lock date, currently set at 30-Nov-2018": "locked_year",
    "Payments can only be made against Authorised documents": "payment_not_authorised",
    "Payment amount exceeds the amount outstanding on this document": "payment_exceeds",
    "Account type is invalid for making a payment to/from": "payment_account",
    "Payments within a batch cannot be deleted.": "payment_batch",
    "The total debits (100.00) must equal total credits (-10.00)": "journal_unbalanced",
    "Account code ''476'' has been removed as it does not match a recognised account.": "account_removed",
    "Price List Item with Code 'abc' already exists": "item_taken",
    # The add-on for orders has words of its own for these.
    "PurchaseOrder status change is invalid": None,
    "Deleted PurchaseOrders cannot be updated": None,
    "You've reached the limit of 100 contact groups.": "contact_groups",
    "You have reached the limit of invoices you can approve": "invoice_limit",
    "The document with the supplied id was not found for this endpoint.": "history_gone",
    "The SourceLineItemID and SourceTransactionID do not match": "linked_lines",
    "The Organisation is offline": "offline",
}


@tagged("post_install", "-at_install")
class TestScreens(XeroCase):
    def test_host_models_have_mapping_fields(self):
        # CRD-03
        for model, names in HOST_FIELDS.items():
            self.assertFalse(names - self.env[model]._fields.keys(), model)

    def test_no_column_on_host_documents(self):
        for model in ("account.move", "res.partner", "account.payment", "product.product"):
            stored = [
                f.name
                for f in self.env[model]._fields.values()
                if f.name.startswith("xero_") and f.column_type and f.store
            ]
            self.assertEqual(set(stored) - MAPPING, set(), model)

    def test_every_view_loads(self):
        # CFG-19
        views = self.env["ir.ui.view"].search([("model", "like", "xero.%")])
        self.assertGreater(len(views), 15)
        for view in views:
            if view.type != "qweb":
                self.env[view.model].get_view(view.id, view.type)

    def test_buttons_follow_the_state(self):
        # CON-10, CON-11, CRD-04
        arch = etree.fromstring(self.env["xero.connection"].get_view(view_type="form")["arch"])
        buttons = {button.get("name"): button for button in arch.iterfind(".//header/button")}
        self.assertEqual(buttons["action_connect"].get("invisible"), "state == 'connected' or not id")
        for name in ("action_test", "action_import", "action_disconnect"):
            self.assertEqual(buttons[name].get("invisible"), "state != 'connected'", name)
        menu = arch.find(".//header/widget[@name='xero_validate_menu']")
        self.assertEqual(menu.get("invisible"), "state != 'connected'")

    def test_buttons_of_a_partner(self):
        # CTC-21: only where the company is connected, and for those who may
        connection = self.connect(mapped=False)
        buttons = {"action_xero_push", "action_xero_open"}
        for groups, seen in ((("xero_connector.group_xero_user",), buttons), ((), set())):
            user = self.new_user(f"x_{len(groups)}", "base.group_user", *groups)
            arch = etree.fromstring(self.partner.with_user(user).get_view(view_type="form")["arch"])
            found = {button.get("name"): button.get("invisible") for button in arch.iterfind(".//button")}
            self.assertEqual(buttons & found.keys(), seen)
            if seen:
                self.assertEqual(found["action_xero_push"], "not xero_pushable")
                self.assertEqual(found["action_xero_open"], "not xero_url")
        partner = self.partner.with_user(self.new_user("x_one", "xero_connector.group_xero_user"))
        self.assertTrue(partner.xero_pushable)
        self.assertFalse(partner.xero_url)
        self.push(self.partner)
        self.assertTrue(partner.xero_url)
        for values in ({"enabled": False}, {"enabled": True, "state": "needs_reconnect"}):
            connection.write(values)
            partner.invalidate_recordset()
            self.assertFalse(partner.xero_pushable)
        other = self._make_company("Without Xero")
        self.env.user.company_ids += other
        self.assertFalse(self.partner.with_company(other).xero_pushable)

    def test_connection_list(self):
        # ORG-04, ORG-05, ORG-06
        arch = etree.fromstring(self.env["xero.connection"].get_view(view_type="list")["arch"])
        names = [node.get("name") for node in arch.iter("field", "button")]
        for name in ("tenant_name", "company_id", "enabled", "last_update", "action_test", "action_import"):
            self.assertIn(name, names)

    def test_menu_for_administrators_and_billing(self):
        # CON-02
        boss = self.new_user("boss", "xero_connector.group_xero_admin", "account.group_account_manager")
        billing = self.new_user("billing", "account.group_account_invoice")
        plain = self.new_user("plain", "base.group_user")
        menus = {
            who: set(self.env["ir.ui.menu"].with_user(user)._visible_menu_ids())
            for who, user in (("boss", boss), ("billing", billing), ("plain", plain))
        }
        root = self.env.ref("xero_connector.menu_xero").id
        connections = self.env.ref("xero_connector.menu_xero_connections").id
        self.assertEqual([root in menus[who] for who in ("boss", "billing", "plain")], [True, True, False])
        self.assertEqual([connections in menus[who] for who in ("boss", "billing", "plain")], [True, False, False])

    def test_settings_survive_saving(self):
        # CFG-13, CON-13
        connection = self.connect()
        with Form(connection) as form:
            form.push_status_invoice = "draft"
            form.rounding_tolerance = 0.08
        connection.invalidate_recordset()
        self.assertEqual((connection.push_status_invoice, connection.rounding_tolerance), ("draft", 0.08))

    def test_list_shows_searches_and_groups_by_state(self):
        # XQ-38
        self.connect()
        sent, waiting = self.invoice(), self.invoice()
        self.push(sent)
        moves = self.env["account.move"]
        domain = [("id", "in", (sent | waiting).ids)]
        self.assertEqual(moves.search([*domain, ("xero_state", "=", "synced")]), sent)
        self.assertEqual(moves.search([*domain, ("xero_state", "=", False)]), waiting)
        self.assertEqual(moves.search([*domain, ("xero_state", "!=", "synced")]), waiting)
        groups = moves.formatted_read_group(domain, ["xero_state"], ["__count"])
        self.assertEqual({g["xero_state"]: g["__count"] for g in groups}, {"synced": 1, False: 1})
        arch = self.env.ref("xero_connector.view_invoice_tree").arch
        self.assertIn("xero_state", arch)

    def test_history_and_open_in_xero(self):
        # AUD-02, AUD-04, INV-01
        self.connect()
        move = self.invoice()
        self.push(move)
        action = move.action_xero_history()
        self.assertEqual(self.env["xero.event"].search_count(action["domain"]), 1)
        self.assertIn("InvoiceID", move.xero_url)
        self.assertEqual(move.action_xero_open()["url"], move.xero_url)
        link = move.xero_link_id
        self.assertTrue(link.synced_at and link.xero_id and link.number == move.name)

    def test_success_says_both_totals(self):
        self.connect(push_status_invoice="draft")
        move = self.invoice()
        message = self.push(move)["params"]["message"]
        self.assertIn(f"{move.name} is in Xero as Draft", message)
        self.assertEqual(message.count("1,100.00"), 2)

    def test_selection_of_three(self):
        # EXP-05
        self.connect()
        moves = self.invoice() | self.invoice() | self.invoice(move_type="out_refund")
        with self.as_request(moves) as current:
            server_action = current.env.ref("xero_connector.action_move_xero_push")
            server_action.with_context(active_model="account.move", active_ids=current.ids).run()
        self.assertEqual(set(moves.mapped("xero_state")), {"synced"})

    def test_posting_makes_no_call_in_manual_mode(self):
        # EXP-02
        self.connect()
        self.xero.sandbox.log.clear()
        move = self.invoice()
        self.assertFalse(move.xero_state)
        self.assertEqual(self.xero.calls, [])

    def test_events_filter_and_catalogue_columns(self):
        # ERR-01, ERR-02, XQ-05
        self.connect()
        self.income.with_company(self.company).xero_account_id = False
        self.push(self.invoice())
        failed = self.env["xero.event"].search([("result", "=", "failed"), ("dataset", "=", "invoice")])
        self.assertEqual(len(failed), 1)
        self.assertIn("No Xero account", failed.message)
        arch = etree.fromstring(self.env["xero.known.error"].get_view(view_type="list")["arch"])
        names = [node.get("name") for node in arch.iter("field")]
        for name in ("function", "trigger_error", "correction"):
            self.assertIn(name, names)

    def test_known_texts_of_xero(self):
        # ERR-02, ERR-06: every literal text of the facts has a cause, a correction and someone who can do it
        catalogue = self.env["xero.known.error"]
        for text, code in KNOWN_TEXTS.items():
            found, arguments = catalogue._classify(text)
            self.assertEqual(arguments["text"], text)
            self.assertNotEqual(found, "xero_refused", text)
            self.assertIn(code, (found, None))
            entry = catalogue._for_code(found)
            for template in (entry.cause, entry.correction):
                # What a text does not tell comes from the element that was sent.
                told = messages.fill(self.env, template, {**dict.fromkeys(NAMES, "known"), **arguments})
                self.assertTrue(told, code)
                self.assertNotIn("…", told)
                self.assertNotIn("%(", told)
        code, arguments = catalogue._classify("Something nobody has seen {yet} 100%")
        self.assertEqual((code, arguments["text"]), ("xero_refused", "Something nobody has seen {yet} 100%"))

    def test_to_do_counts_and_opens(self):
        self.connect()
        self.income.with_company(self.company).xero_account_id = False
        failed = self.invoice()
        self.push(failed)
        waiting = self.invoice()
        self.env.flush_all()
        todo = {(t.kind, t.code): t for t in self.env["xero.todo"].search([("company_id", "=", self.company.id)])}
        problem = todo[("exception", "account_unmapped")]
        self.assertEqual((problem.count, problem.amount), (1, 1100.0))
        self.assertEqual(problem.name, "Account not mapped")
        missing = todo[("not_yet", False)]
        # Whatever keeps it back, a document without an id of Xero's is not there.
        self.assertEqual((missing.count, missing.amount), (2, 2200.0))
        self.assertOpens(missing, failed | waiting)

    def assertOpens(self, todo, records):
        """The number is that of the records behind it, for somebody without further rights."""
        login = f"x_clerk_{todo.kind}"
        clerk = self.new_user(login, "xero_connector.group_xero_user", "account.group_account_invoice")
        domain = todo.with_user(clerk).action_open()["domain"]
        self.assertEqual(self.env["account.move"].with_user(clerk).search(domain), records)
        self.assertEqual(todo.count, len(records))

    def todo(self, kind):
        self.env.flush_all()
        return self.env["xero.todo"].search([("company_id", "=", self.company.id), ("kind", "=", kind)])

    def test_to_do_opens_entries_and_counts_documents_once(self):
        self.connect()
        entry, move = self.journal_entry(), self.invoice()
        self.push(entry)
        self.push(move)
        (entry | move).ref = "changed"
        self.assertOpens(self.todo("outdated"), (entry | move).sorted())
        move.xero_link_id.copy({"part": "account.move,1", "xero_id": False, "state": "in_doubt"})
        entry.xero_link_id.state = "in_doubt"
        self.assertOpens(self.todo("in_doubt"), entry)

    def test_finished_background_run_notifies(self):
        connection = self.connect()
        moves = self.env["account.move"].concat(*(self.invoice() for _n in range(11)))
        action = self.push(moves)
        run = self.env["xero.run"].browse(action["res_id"])
        self.assertEqual((action["res_model"], run.progress, run.total), ("xero.run", 0, 11))
        sent = []
        self.patch(
            type(self.env["res.users"]), "_bus_send", lambda user, kind, message, **_kw: sent.append((kind, message))
        )
        self.work(connection)
        self.assertEqual(run.progress, 100)
        self.assertEqual(sent[0][0], "simple_notification")
        self.assertIn("11 of 11", sent[0][1]["message"])
        self.assertFalse(self.messages_about(run))

    def test_who_has_logged_off_finds_what_his_background_run_left_undone(self):
        # ERR-08
        connection = self.connect()
        self.gst.xero_tax_rate_id = False
        clerk = self.new_user("clerk", "account.group_account_invoice", "xero_connector.group_xero_user")
        moves = self.env["account.move"].concat(*(self.invoice() for _n in range(11)))
        run = self.env["xero.run"].browse(self.push(moves, clerk)["res_id"])
        self.work(connection)
        message = self.messages_about(run)
        self.assertEqual(message.partner_ids, clerk.partner_id)
        self.assertIn("11 need attention", message.body)

    def messages_about(self, run):
        """What people were sent about a run that has ended."""
        return self.env["mail.message"].search([("subject", "=", f"{run.display_name} finished")])
