"""One-click cures: choose in Xero, another number, restored, and who looks after it."""

from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.xero_known_error import CURES
from .common import XeroCase

LINE = {"Description": "x", "Quantity": 1, "UnitAmount": 5, "AccountCode": "200", "TaxType": "OUTPUT"}


@tagged("post_install", "-at_install")
class TestCures(XeroCase):
    def setUp(self):
        super().setUp()
        self.connection = self.connect()

    def new_connection(self, company=None, **values):
        # The consent that follows covers files, too.
        return super().new_connection(company, **{"include_ar_attachments": True, **values})

    def exception(self, record):
        """The open exception of `record`."""
        found = self.env["xero.exception"].search(
            [("model", "=", record._name), ("res_id", "=", record.id), ("state", "in", ("open", "progress"))]
        )
        self.assertEqual(len(found), 1)
        return found

    def cure(self, problem):
        """Press the cure; the wizard that opens, on a cursor of the test."""
        with self.as_request(problem) as current:
            action = current.action_cure()
        return self.env["xero.candidate.wizard"].browse(action["res_id"])

    def press(self, record, method):
        with self.as_request(record) as current:
            return getattr(current, method)()

    def set_contact(self, contact_id, **values):
        """A contact changes in Xero."""
        contacts = self.xero.organisation(1).contacts
        contacts.put({**contacts.get(contact_id), **values})

    # === CONTACTS === #

    def test_the_chosen_contact_is_linked_and_what_waited_goes(self):
        number = "ours-elsewhere"
        for name in (self.partner.name, f"{self.partner.name}."):
            self.create_in_xero("/Contacts", {"Contacts": [{"Name": name, "AccountNumber": number}]})
            number = "second"
        other = self.env["res.partner"].create({"name": "Somebody Else"})
        taken = self.read_xero("/Contacts")["Contacts"]
        wanted = next(c for c in taken if c["Name"] == f"{self.partner.name}.")
        first = next(c for c in taken if c["Name"] == self.partner.name)
        self.link(self.connection, "contact", other, first["ContactID"])
        move = self.invoice()
        self.push(move)
        self.assertEqual(self.problem(move), "contact_not_in_xero")
        problem = self.exception(self.partner)
        self.assertEqual(problem.code, "contact_ambiguous")
        wizard = self.cure(problem)
        by_id = {line.xero_id: line for line in wizard.line_ids}
        self.assertEqual(by_id[first["ContactID"]].taken_by, "Somebody Else")
        with self.assertRaises(UserError):
            self.press(by_id[first["ContactID"]], "action_choose")
        self.press(by_id[wanted["ContactID"]], "action_choose")
        self.assertEqual(self.partner.xero_link_id.xero_id, wanted["ContactID"])
        self.assertEqual(problem.state, "done")
        self.assertEqual(move.xero_state, "synced")
        self.assertEqual(self.in_xero(move)["Contact"]["ContactID"], wanted["ContactID"])

    def test_a_contact_restored_in_xero_is_looked_at_again(self):
        self.push(self.partner)
        contact_id = self.partner.xero_link_id.xero_id
        self.set_contact(contact_id, ContactStatus="ARCHIVED")
        with self.as_request(self.partner) as partner:
            partner.action_xero_refresh()
        move = self.invoice()
        self.push(move)
        problem = self.exception(move)
        self.assertEqual((problem.code, problem.cure), ("contact_archived", "check_again"))
        self.press(problem, "action_cure")
        self.assertEqual(problem.state, "open")
        self.set_contact(contact_id, ContactStatus="ACTIVE")
        self.press(problem, "action_cure")
        self.assertEqual((problem.state, move.xero_state), ("done", "synced"))

    # === NUMBERS === #

    def voided_twin(self, move):
        """A voided invoice with the number of `move`, which Xero keeps for ever."""
        contact = self.create_in_xero("/Contacts", {"Contacts": [{"Name": "Walk-in"}]})["Contacts"][0]
        twin = {
            "Type": "ACCREC",
            "Contact": {"ContactID": contact["ContactID"]},
            "InvoiceNumber": move.name,
            "Date": str(date.today()),
            "DueDate": str(date.today()),
            "Status": "AUTHORISED",
            "LineItems": [LINE],
        }
        made = self.create_in_xero("/Invoices", {"Invoices": [twin]})["Invoices"][0]
        body = {"Invoices": [{"InvoiceID": made["InvoiceID"], "Status": "VOIDED"}]}
        self.call_xero("POST", f"/Invoices/{made['InvoiceID']}", body)
        return made["InvoiceID"]

    def test_a_deleted_number_goes_under_another_one(self):
        move = self.invoice()
        self.voided_twin(move)
        self.push(move)
        problem = self.exception(move)
        self.assertEqual((problem.code, problem.cure), ("number_deleted", "new_number"))
        wizard = self.cure(problem)
        self.assertEqual(wizard.new_number, f"{move.name}A")
        self.assertEqual(wizard.line_ids.status, "VOIDED")
        number = move.name
        self.press(wizard, "action_new_number")
        self.assertEqual(move.name, number)
        self.assertEqual(self.in_xero(move)["InvoiceNumber"], f"{number}A")
        self.assertEqual((problem.state, move.xero_number), ("done", f"{number}A"))
        self.assertAgrees(move)
        # A later change keeps that number.
        move.button_draft()
        move.ref = "changed"
        move.action_post()
        self.push(move)
        self.assertEqual(self.in_xero(move)["InvoiceNumber"], f"{number}A")

    def test_what_was_voided_in_xero_goes_under_another_number(self):
        # ERR-03, XQ-01: whether the import has told it, the next push sees it, or runs into it
        for told_by in ("import", "push", "refusal"):
            with self.subTest(told_by):
                move = self.invoice()
                self.file(move)
                self.push(move)
                old = move.xero_link_id.xero_id
                self.call_xero("POST", f"/Invoices/{old}", {"Status": "VOIDED"})
                self.connection.document_owner = "odoo" if told_by == "refusal" else "ask"
                if told_by == "import":
                    with self.as_request(self.connection) as current:
                        current.action_import()
                    problem = self.exception(move)
                    self.assertEqual((problem.code, problem.cure), ("gone_in_xero", "new_number"))
                else:
                    move.button_draft()
                    move.ref = "changed"
                    move.action_post()
                    self.push(move)
                    problem = self.exception(move)
                    if told_by == "refusal":
                        self.assertEqual((problem.code, problem.cure), ("not_editable", "read_again"))
                        self.press(problem, "action_cure")
                        problem = self.exception(move)
                    self.assertEqual((problem.code, problem.cure), ("number_deleted", "new_number"))
                self.press(self.cure(problem), "action_new_number")
                self.assertEqual(self.problem(move), False)
                item = self.in_xero(move)
                self.assertNotEqual(item["InvoiceID"], old)
                self.assertEqual((item["InvoiceNumber"], item["Status"]), (f"{move.name}A", "AUTHORISED"))
                self.assertTrue(item["HasAttachments"], "its files have gone with it")
                self.assertEqual((problem.state, move.xero_state), ("done", "synced"))

    def file(self, move):
        return self.env["ir.attachment"].create(
            {"name": "scan.txt", "raw": b"scan", "res_model": move._name, "res_id": move.id}
        )

    def test_a_taken_number_is_linked_after_a_look_and_never_overwritten(self):
        move = self.invoice()
        self.push(self.partner)
        twin = {
            "Type": "ACCREC",
            "Contact": {"ContactID": self.partner.xero_link_id.xero_id},
            "InvoiceNumber": move.name,
            "Date": str(date.today()),
            "DueDate": str(date.today()),
            "LineItems": [LINE],
        }
        made = self.create_in_xero("/Invoices", {"Invoices": [twin]})["Invoices"][0]
        self.push(move)
        problem = self.exception(move)
        self.assertEqual(problem.code, "number_taken")
        line = self.cure(problem).line_ids
        self.assertEqual((line.xero_id, line.total), (made["InvoiceID"], "5.50 AUD"))
        self.press(line, "action_choose")
        self.assertEqual(move.xero_link_id.xero_id, made["InvoiceID"])
        self.assertEqual(self.problem(move), "totals_differ")
        self.assertEqual(self.in_xero(move)["Total"], 5.5)

    def test_a_forged_wizard_does_nothing(self):
        move = self.invoice()
        self.voided_twin(move)
        self.push(move)
        problem = self.exception(move)
        wizard = self.env["xero.candidate.wizard"].create({"exception_id": problem.id, "is_gone": True})
        for method in ("action_create_partner", "action_create_anew"):
            with self.subTest(method), self.assertRaises(UserError):
                getattr(wizard, method)()

    # === WHO === #

    def test_each_cure_of_the_catalogue_can_be_pressed(self):
        model = type(self.env["xero.exception"])
        for name, label in CURES:
            self.assertTrue(hasattr(model, f"_cure_{name}"), label)
        used = self.env["xero.known.error"].search([("cure", "!=", False)]).mapped("cure")
        self.assertLessEqual(set(used), dict(CURES).keys())

    def pressed(self, code, record):
        """What the cure of a problem with `code` of `record` opens."""
        self.push(record)
        problem = self.exception(record)
        self.assertEqual(problem.code, code)
        return self.press(problem, "action_cure")

    def test_cures_open_what_has_to_be_mapped(self):
        self.income.with_company(self.company).xero_account_id = False
        opened = self.pressed("account_unmapped", self.invoice())
        wizard = self.env[opened["res_model"]].browse(opened["res_id"])
        self.assertEqual((wizard._name, wizard.connection_id), ("xero.mapping.wizard", self.connection))
        self.map_everything(self.connection)
        self.gst.xero_tax_rate_id = False
        opened = self.pressed("tax_unmapped", self.invoice())
        self.assertEqual(opened["res_model"], "xero.mapping.wizard")

    def test_cures_open_the_partner_and_the_connection(self):
        self.connection.sync_from = False
        opened = self.pressed("start_not_chosen", self.invoice())
        self.assertEqual((opened["res_model"], opened["res_id"]), ("xero.connection", self.connection.id))
        self.connection.sync_from = "2020-01-01"
        self.push(self.partner)
        self.env["xero.exception"]._report([(self.partner.xero_link_id, "email_invalid", {}, 0.0)])
        opened = self.press(self.exception(self.partner), "action_cure")
        self.assertEqual((opened["res_model"], opened["res_id"]), ("res.partner", self.partner.id))

    def test_a_partner_that_was_deleted_is_not_opened(self):
        partner = self.env["res.partner"].create({"name": "Soon Gone"})
        self.push(partner)
        self.env["xero.exception"]._report([(partner.xero_link_id, "email_invalid", {}, 0.0)])
        problem = self.exception(partner)
        partner.unlink()
        problem.state = "open"
        with self.assertRaisesRegex(UserError, "about was deleted in Odoo"):
            self.press(problem, "action_cure")

    def test_the_contact_is_that_of_the_company_of_the_problem(self):
        # Partners are shared, and each company has its own Xero.
        self.push(self.partner)
        link = self.partner.xero_link_id
        self.env["xero.exception"]._report([(link, "contact_archived", {}, 0.0)])
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids |= other
        problem = self.exception(self.partner).with_company(other)
        self.assertEqual(problem.sudo()._needed_partners().xero_link_id, link)

    def test_a_currency_that_was_added_in_xero_is_read_and_the_document_goes(self):
        currency = self.env["res.currency"].search([("name", "=", "SGD")])
        move = self.invoice(currency_id=currency.id)
        self.push(move)
        problem = self.exception(move)
        self.assertEqual(problem.cure, "refresh_reference", problem.code)
        self.create_in_xero("/Currencies", {"Code": "SGD", "Description": "Singapore Dollar"})
        self.press(problem, "action_cure")
        self.assertEqual((problem.state, move.xero_state), ("done", "synced"))

    def test_the_same_cause_is_tried_again_where_one_may(self):
        # ERR-09: a record that the user may not write does not keep the others from it
        self.income.with_company(self.company).xero_account_id = False
        moves = self.invoice() | self.invoice()
        self.push(moves)
        self.map_everything(self.connection)
        clerk = self.new_user("x_clerk", "xero_connector.group_xero_user", "account.group_account_invoice")
        domain = f"[('id', '!=', {moves[0].id})]"
        group = self.env.ref("account.group_account_invoice").id
        self.env["ir.rule"].create(
            {
                "name": "Not this one",
                "model_id": self.env["ir.model"]._get_id("account.move"),
                "domain_force": domain,
                "perm_read": False,
                "groups": [(4, group)],
            }
        )
        self.env["ir.rule"].search(
            [("model_id.model", "=", "account.move"), ("groups", "in", group), ("name", "!=", "Not this one")]
        ).active = False
        with self.as_request(self.exception(moves[1]), clerk) as current:
            current.action_retry_same_cause()
        self.assertEqual(moves.mapped("xero_state"), ["failed", "synced"])

    def test_somebody_looks_after_it(self):
        move = self.invoice(partner_id=self.env["res.partner"].create({"name": "X"}).id)
        self.voided_twin(move)
        self.push(move)
        problem = self.exception(move)
        user = self.new_user("carer", "xero_connector.group_xero_user", "account.group_account_invoice")
        problem.with_user(user).action_take()
        self.assertEqual((problem.state, problem.user_id), ("progress", user))
        self.assertEqual(self.env["xero.todo"].search([("code", "=", problem.code)]).count, 1)
        auditor = self.new_user("looker", "xero_connector.group_xero_auditor")
        with self.assertRaises(AccessError):
            problem.with_user(auditor).action_take()
        with self.assertRaises(AccessError):
            problem.with_user(auditor).action_cure()
        # Pushed again and refused again, it stays one problem with its carer.
        self.push(move)
        self.assertEqual(self.exception(move).user_id, user)
