"""A dry run shows what would be sent, and sends and writes nothing (XK-03)."""

import json
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.xero_connector.client.api import XeroApi

from .test_push_bills import BillCase
from .test_push_payments import PaymentCase


class DryRuns:
    """For test cases: what a push of a record would send."""

    def dry(self, record, user=None):
        with self.as_request(record, user) as current:
            action = current.action_xero_dry_run()
        return self.env["xero.dry.run"].browse(action["res_id"])


@tagged("post_install", "-at_install")
class TestDryRun(DryRuns, BillCase):
    def body_of(self, record, plural):
        return json.loads(self.dry(record).body)[plural][0]

    def test_the_body_is_the_one_that_leaves(self):
        move = self.invoice([(3, 33.35), (1, 12.10)])
        self.push(self.partner)
        shown = self.body_of(move, "Invoices")
        sent, send = [], XeroApi.send

        def spy(api, method, path, body, *more):
            sent.append(body)
            return send(api, method, path, body, *more)

        with patch.object(XeroApi, "send", spy):
            self.push(move)
        self.assertEqual(shown, json.loads(sent[0])["Invoices"][0])

    def test_nothing_is_sent_or_written(self):
        move = self.invoice()
        self.push(self.partner)
        self.xero.sandbox.log.clear()
        before = self.env["xero.link"].search_count([]), self.env["xero.event"].search_count([])
        wizard = self.dry(move)
        self.assertEqual(wizard.request, "PUT /Invoices?summarizeErrors=false&unitdp=4")
        self.assertEqual([row[1:] for row in wizard.total_ids], [["1,000.00"] * 2, ["100.00"] * 2, ["1,100.00"] * 2])
        self.assertIn("Xero will compute", wizard.totals)
        self.assertFalse(self.xero.calls)
        self.assertFalse(move.xero_link_id)
        self.assertEqual((self.env["xero.link"].search_count([]), self.env["xero.event"].search_count([])), before)

    def test_the_contact_that_is_sent_first_keeps_nothing_back(self):
        move = self.invoice()
        body = self.body_of(move, "Invoices")
        self.assertIn(self.partner.name, body["Contact"]["ContactID"])
        self.assertFalse(self.partner.xero_link_id)

    def test_what_is_in_the_way_is_said(self):
        move = self.invoice()
        self.gst.xero_tax_rate_id = False
        wizard = self.dry(move)
        self.assertIn(self.gst.name, wizard.problem)
        self.assertFalse(wizard.body)

    def test_an_update_names_the_document(self):
        bill = self.bill()
        self.push(bill)
        wizard = self.dry(bill)
        self.assertTrue(wizard.request.startswith("POST "))
        self.assertEqual(json.loads(wizard.body)["Invoices"][0]["InvoiceID"], bill.xero_link_id.xero_id)

    def test_an_entry_shows_each_account_and_its_tax(self):
        entry = self.journal_entry()
        rows = self.dry(entry).total_ids
        self.assertTrue(rows)
        self.assertEqual([odoo for _name, odoo, _xero in rows], [xero for _name, _odoo, xero in rows])
        self.assertTrue(any(name.startswith("account ") for name, *_amounts in rows))

    def test_a_credit_an_item_and_a_contact(self):
        # XK-03: every kind of record
        credit = self.invoice([(1, 70.0)], move_type="out_refund")
        shown = self.dry(credit)
        self.assertEqual(shown.request.split("?")[0], "PUT /CreditNotes")
        self.assertEqual([row[1:] for row in shown.total_ids], [["70.00"] * 2, ["7.00"] * 2, ["77.00"] * 2])
        product = self.env["product.product"].create({"name": "Tea", "default_code": "TEA-9", "list_price": 4})
        shown = self.dry(product)
        self.assertEqual(shown.request.split("?")[0], "PUT /Items")
        self.assertEqual(json.loads(shown.body)["Items"][0]["Code"], "TEA-9")
        shown = self.dry(self.partner)
        self.assertEqual(shown.request.split("?")[0], "PUT /Contacts")
        self.assertEqual(json.loads(shown.body)["Contacts"][0]["Name"], self.partner.name)
        self.assertFalse((credit.xero_link_id | product.xero_link_id | self.partner.xero_link_id).ids)

    def test_whose_decision_it_would_wait_for(self):
        move = self.invoice()
        self.assertFalse(self.dry(move).hints)
        self.push(move)
        rule = self.env["xero.approval.rule"].create({"company_id": self.company.id, "kind": "invoice"})
        move.ref = "changed"
        self.assertIn(rule._approver_names(), self.dry(move).hints)
        rule.requirement = "never"
        move.xero_link_id.write({"sent_print": "as sent", "xero_print": "edited in Xero"})
        shown = self.dry(move)
        self.assertIn(move.display_name, shown.hints)
        self.assertTrue(shown.body)

    def test_rights(self):
        move = self.invoice()
        clerk = self.new_user("clerk", "account.group_account_invoice")
        with self.assertRaises(AccessError):
            self.dry(move, clerk)
        entry = self.env["account.move"].create({"move_type": "entry", "date": "2026-11-01"})
        with self.assertRaises(UserError):
            self.dry(entry)


@tagged("post_install", "-at_install")
class TestDryRunOfPayments(DryRuns, PaymentCase):
    def test_a_payment_shows_what_it_pays(self):
        move = self.invoice([(1, 100.0)])
        self.push(move)
        shown = self.dry(self.pay([move], amount=40.0))
        self.assertEqual(shown.request.split("?")[0], "PUT /Payments")
        self.assertEqual([row[1:] for row in shown.total_ids], [["40.00", "40.00"]])
