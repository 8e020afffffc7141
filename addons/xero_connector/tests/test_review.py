"""What a second pair of eyes found: each finding stays found."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import XeroCase


@tagged("post_install", "-at_install")
class TestReview(XeroCase):
    def setUp(self):
        super().setUp()
        self.connection = self.connect()

    def fault(self, kind, method="PUT", path="/Invoices$", **options):
        self.xero.sandbox.faults.add(kind, method=method, path=path, **{"times": 1, **options})

    def queue(self, moves):
        with self.as_request(moves) as current:
            return self.env["xero.run"].browse(self.connection.with_env(current.env).push("invoice", current).id)

    def settle(self, move, passes=30):
        for _pass in range(passes):
            self.work(self.connection)
            if move.xero_state not in ("queued", "sending", "in_doubt"):
                return
            self.age(seconds=30)

    def test_waiting_work_never_reaches_another_organisation(self):
        # B16
        move = self.invoice()
        run = self.queue(move)
        with self.as_request(self.connection) as current:
            current.action_disconnect()
        code = self.xero.authorise(
            scopes=self.scopes_of(self.connection), redirect_uri=self.connection.redirect_uri, organisation=2
        )
        with self.as_request(self.connection) as current:
            current._receive_code(code, current.redirect_uri)
            choices = current.env["xero.tenant.choice"].search([("connection_id", "=", current.id)])
            current.tenant_choice_id = choices.filtered(lambda c: c.tenant_id == self.xero.organisation(2).tenant_id)
            current.action_choose_organisation()
        self.work(self.connection)
        self.assertEqual(run.state, "stopped")
        self.assertEqual(self.xero.count("PUT /Invoices") + self.xero.count("PUT /Contacts"), 0)

    def test_contact_in_doubt_does_not_fail_its_document(self):
        self.fault("drop_after", path="/Contacts$")
        move = self.invoice()
        self.push(move)
        self.assertEqual(move.xero_state, "queued")
        self.assertFalse(self.problem(move))
        self.settle(move)
        self.assertEqual(move.xero_state, "synced")

    def test_edit_while_in_flight_is_not_lost(self):
        move = self.invoice()
        self.push(self.partner)
        self.fault("drop_after")
        self.push(move)
        self.assertEqual(move.xero_state, "in_doubt")
        move.button_draft()
        move.invoice_line_ids.price_unit = 5
        move.action_post()
        self.settle(move)
        self.assertEqual(move.xero_state, "outdated")
        self.push(move)
        self.assertAgrees(move)

    def test_lost_update_is_sent_again(self):
        move = self.invoice()
        self.push(move)
        move.ref = "PO 4711"
        self.assertEqual(move.xero_state, "outdated")
        self.fault("drop_before", method="POST")
        self.push(move)
        self.age(minutes=7)
        self.settle(move)
        self.assertEqual(self.in_xero(move)["Reference"], "PO 4711")

    def test_look_up_never_takes_a_bill(self):
        self.push(self.partner)
        move = self.invoice()
        self.fault("drop_before")
        self.push(move)
        self.create_in_xero(
            "/Invoices",
            {
                "Invoices": [
                    {
                        "Type": "ACCPAY",
                        "Contact": {"ContactID": self.partner.xero_link_id.xero_id},
                        "InvoiceNumber": move.name,
                        "LineItems": [{"Description": "A", "UnitAmount": 1, "Quantity": 1, "AccountCode": "400"}],
                    }
                ]
            },
        )
        self.age(minutes=7)
        self.settle(move)
        self.assertEqual(self.assertAgrees(move)["Type"], "ACCREC")

    def test_a_name_that_looks_alike_is_a_question(self):
        self.create_in_xero("/Contacts", {"Contacts": [{"Name": "John Smith Ltd"}]})
        first = self.env["res.partner"].create({"name": "John Smith"})
        self.push(first)
        second = self.env["res.partner"].create({"name": "John Smith"})
        self.push(second)
        self.assertFalse(second.xero_link_id.xero_id)
        self.assertEqual(self.problem(second), "contact_ambiguous")

    def test_a_stranger_reaches_nothing(self):
        move = self.invoice()
        self.income.with_company(self.company).xero_account_id = False
        self.push(move)
        problem = self.env["xero.exception"].search([("res_id", "=", move.id)])
        other = self._make_company("Other Trading")
        boss = self.new_user(
            "stranger", "xero_connector.group_xero_admin", "account.group_account_manager", companies=other
        )
        calls = {
            problem: ("action_ignore", "action_retry", "action_retry_same_cause"),
            move.xero_link_id: ("action_include",),
            self.connection: (
                "action_connect",
                "action_test",
                "action_disconnect",
                "action_import",
                "action_choose_organisation",
                "action_accept_start",
                "action_preset_direct",
                "action_round_per_line",
                "action_map_accounts",
                "action_map_taxes",
                "action_trial_push",
                "action_validate_accounts",
                "action_validate_taxes",
            ),
        }
        self.xero.sandbox.log.clear()
        for record, names in calls.items():
            for name in names:
                stranger = record.with_user(boss).with_context(allowed_company_ids=other.ids)
                with self.assertRaises(AccessError, msg=name):
                    getattr(stranger, name)()
        self.assertEqual(self.xero.calls, [])
        self.assertEqual(problem.state, "open")
        partners = self.env["res.partner"].with_user(boss).with_context(allowed_company_ids=other.ids)
        with self.assertRaises(AccessError):
            partners.search([("xero_link_ids.number", "=like", "Blue%")])

    def test_pushing_again_does_not_hide_a_difference(self):
        self.connection.allow_tax_amount = False
        self.company.tax_calculation_rounding_method = "round_globally"
        move = self.invoice([(3, price) for price in (12.34, 7.77, 25.06, 25.61, 25.63, 3.33, 9.99, 0.45)])
        self.push(move)
        self.push(move)
        self.assertEqual(self.problem(move), "totals_differ")

    def test_cancelled_in_odoo_only(self):
        move = self.invoice()
        self.push(move)
        move.button_draft()
        move.button_cancel()
        self.push(move)
        self.assertEqual((move.xero_state, self.problem(move)), ("outdated", "cancelled_in_odoo"))

    def test_draft_is_approved_by_pushing_again(self):
        self.connection.push_status_invoice = "draft"
        move = self.invoice()
        self.push(move)
        self.assertEqual(move.xero_status, "DRAFT")
        self.connection.push_status_invoice = "authorised"
        self.push(move)
        self.assertEqual(self.in_xero(move)["Status"], "AUTHORISED")
        self.xero.sandbox.log.clear()
        self.push(move)
        self.assertEqual(self.xero.count("POST /Invoices"), 0)

    def test_one_broken_record_stops_nobody_else(self):
        broken, good = self.invoice(), self.invoice()
        document = type(self.env["xero.dataset.invoice"])
        original = document._settle

        def settle(dataset, record, lines):
            if record.id == broken.id:
                raise ValueError("unforeseen")
            return original(dataset, record, lines)

        self.patch(document, "_settle", settle)
        with self.assertLogs("odoo.addons.xero_connector.engine.check", "ERROR"):
            self.push(broken | good)
        self.assertEqual(self.problem(broken), "internal_error")
        self.assertEqual(good.xero_state, "synced")

    def test_wrong_app_keys_are_no_verdict_on_documents(self):
        self.connection.client_secret = "wrong"
        self.connection._token().write({"expires_at": "2020-01-01"})
        self.env.flush_all()
        move = self.invoice()
        self.push(move)
        self.assertEqual(self.connection.state, "needs_reconnect")
        self.assertFalse(self.problem(move))
        self.assertEqual(move.xero_state, "queued")

    def test_deleting_a_connection_strands_nothing(self):
        move = self.invoice()
        self.push(self.partner)
        self.fault("drop_after")
        self.push(move)
        with self.as_request(self.connection) as current:
            current.unlink()
        self.assertEqual((move.xero_link_ids.state, self.problem(move)), ("in_doubt", "left_in_doubt"))
        self.connection = self.connect()
        self.work(self.connection)
        self.assertFalse(self.problem(move))
        self.push(move)
        self.assertEqual(move.xero_state, "synced")
        self.assertEqual(
            len([row for row in self.xero.organisation(1).invoices if row["InvoiceNumber"] == move.name]), 1
        )

    def test_merged_partners_keep_one_contact(self):
        twin = self.env["res.partner"].create({"name": "Blue Gum Twin", "is_company": True})
        self.push(twin)
        xero_id = twin.xero_link_id.xero_id
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([self.partner.id, twin.id], dst_partner=self.partner)
        self.partner.invalidate_recordset()
        self.assertEqual(self.partner.xero_link_id.xero_id, xero_id)

    def test_changed_line_and_new_person_are_changes(self):
        move = self.invoice()
        self.push(move)
        move.invoice_line_ids.name = "Consulting in May"
        self.assertEqual(move.xero_state, "outdated")
        self.assertEqual(self.partner.xero_state, "synced")
        self.env["res.partner"].create({"name": "New Person", "parent_id": self.partner.id, "type": "contact"})
        self.assertEqual(self.partner.xero_state, "outdated")

    def test_company_of_a_matched_connection_stays(self):
        other = self._make_company("Other Trading")
        with self.assertRaisesRegex(UserError, "keeps its company"):
            self.connection.company_id = other

    def test_branch_uses_its_parents_connection(self):
        # B12
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        branch.account_fiscal_country_id = self.company.account_fiscal_country_id
        receivable = self.partner.property_account_receivable_id
        self.partner.with_company(branch).property_account_receivable_id = receivable
        self.env.user.company_ids += branch
        self.env = self.env(context={**self.env.context, "allowed_company_ids": (self.company | branch).ids})
        move = (
            self.env["account.move"]
            .with_company(branch)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.partner.id,
                    "invoice_date": "2026-11-02",
                    "company_id": branch.id,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": "B",
                                "price_unit": 10,
                                "account_id": self.income.id,
                                "tax_ids": [Command.set(self.gst.ids)],
                            }
                        )
                    ],
                }
            )
        )
        move.action_post()
        self.env.flush_all()
        todo = self.env["xero.todo"].search([("company_id", "=", branch.id), ("kind", "=", "not_yet")])
        self.assertEqual((todo.count, todo.amount), (1, move.amount_total))
        self.assertEqual(self.env["account.move"].search(todo.action_open()["domain"]), move)
        self.push(move)
        self.assertEqual(move.xero_link_id.company_id, branch)
        self.assertEqual(move.xero_state, "synced")
        found = self.env["account.move"].with_context(allowed_company_ids=branch.ids)
        self.assertEqual(found.search([("id", "=", move.id), ("xero_state", "=", "synced")]), move)
