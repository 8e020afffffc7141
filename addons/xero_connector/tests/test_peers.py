"""Defects that were seen in other connectors and concern pushing; ours has none of them.

Each test is named after one; what more there is to say of it stands in the tests of that part.
"""

import logging
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..client import scopes, transport
from ..engine import answer, matching
from .test_push_bills import BillCase


@tagged("post_install", "-at_install")
class TestPeers(BillCase):
    def setUp(self):
        super().setUp()
        self.push(self.partner)
        self.xero.sandbox.log.clear()

    def fault(self, kind, path="/Invoices$", times=1):
        self.xero.sandbox.faults.add(kind, method="PUT", path=path, times=times)

    def writes(self, path="/Invoices"):
        return [call for call in self.xero.calls if call["method"] in ("PUT", "POST") and path in call["path"]]

    def invoices(self, count):
        return self.env["account.move"].union(*(self.invoice([(1, 10.0 + n)]) for n in range(count)))

    def take_number(self, number):
        """Somebody else's invoice of that number in Xero."""
        line = {"Description": "x", "Quantity": 1, "UnitAmount": 7, "AccountCode": "200"}
        taken = {"Type": "ACCREC", "Contact": {"Name": "Somebody Else"}, "InvoiceNumber": number, "LineItems": [line]}
        self.create_in_xero("/Invoices", {"Invoices": [taken]})

    def test_an_element_that_failed_counts_as_sent(self):
        moves = self.invoices(2)
        self.take_number(moves[1].name)
        self.push(moves)
        self.assertEqual(moves.mapped("xero_state"), ["synced", "failed"])
        self.assertTrue(self.problem(moves[1]))

    def test_answers_are_matched_by_name_and_lines_by_position(self):
        moves = self.invoices(3)
        match = matching.match

        def shuffled(request, data):
            return match(request, {**data, "Invoices": data["Invoices"][::-1]})

        with patch.object(matching, "match", shuffled):
            self.push(moves)
        for move in moves:
            self.assertEqual(self.assertAgrees(move)["InvoiceNumber"], move.name)
        # A line that moved keeps its LineItemID.
        move = self.invoice([(1, 10.0), (2, 20.0)])
        self.push(move)
        ids = {line["UnitAmount"]: line["LineItemID"] for line in self.in_xero(move)["LineItems"]}
        move.button_draft()
        move.invoice_line_ids[0].sequence, move.invoice_line_ids[1].sequence = 20, 10
        move.action_post()
        self.push(move)
        lines = self.assertAgrees(move)["LineItems"]
        self.assertEqual([line["UnitAmount"] for line in lines], [20.0, 10.0])
        self.assertEqual({line["UnitAmount"]: line["LineItemID"] for line in lines}, ids)

    def test_one_bad_document_stops_the_run(self):
        moves = self.invoices(6)
        self.take_number(moves[2].name)
        self.push(moves)
        self.assertEqual(moves.mapped("xero_state").count("synced"), 5)

    @mute_logger("odoo.addons.xero_connector.engine.worker")
    def test_a_crash_while_the_answer_is_written_loses_ids(self):
        moves = self.invoices(11)
        with patch.object(answer.Outcome, "finish", side_effect=RuntimeError("power cut")):
            self.push(moves)
            self.work(self.connection)
        self.assertEqual(set(moves.mapped("xero_state")), {"sending"}, "nothing half-written")
        for _time in range(6):
            self.age(seconds=100)
            self.work(self.connection)
        self.assertEqual(set(moves.mapped("xero_state")), {"synced"})
        numbers = [row["InvoiceNumber"] for row in self.xero.organisation(1).invoices]
        for move in moves:
            self.assertEqual(numbers.count(move.name), 1)
            self.assertAgrees(move)

    def test_a_job_over_several_companies_sends_the_last_one_only(self):
        other = self._make_company("Second Trading")
        self.env.user.company_ids += other
        self.env = self.env(context={**self.env.context, "allowed_company_ids": (self.company | other).ids})
        second = self.connect(other, organisation=2)
        income = self.env["account.account"].search(
            [("company_ids", "in", other.ids), ("account_type", "=", "income")], limit=1
        )
        income.with_company(other).xero_account_id = self.env["xero.account"].search(
            [("connection_id", "=", second.id), ("code", "=", "200")]
        )
        tax = self.env["account.chart.template"].with_company(other).ref(self.gst_xmlid())
        mine, theirs = (
            self.invoice(),
            self.invoice(
                [{"quantity": 1, "price_unit": 5, "account_id": income.id, "tax_ids": [Command.set(tax.ids)]}],
                company_id=other.id,
            ),
        )
        for connection in (self.connection, second):
            connection.push_mode_ids.filtered(lambda mode: mode.kind == "invoice").push_mode = "scheduled"
        with self.as_request(self.connection) as current:
            current._cron_schedules()
        for connection in (self.connection, second):
            self.work(connection)
        self.assertEqual(mine.xero_link_id.tenant_id, self.connection.tenant_id)
        link = theirs.with_company(other).xero_link_id
        self.assertEqual((link.tenant_id, link.state), (second.tenant_id, "synced"))

    def test_secrets_and_personal_data_in_the_log(self):
        move = self.invoice()
        with self.assertLogs("odoo", "DEBUG") as logs:
            logging.getLogger("odoo").debug("a line, so that there is one")
            self.fault("error500_before")
            self.push(move)
        written = "\n".join(row for row in logs.output if "odoo.sql_db" not in row)
        for secret in ("Bearer", "SANDBOX-CLIENT-SECRET", self.partner.email, self.partner.name):
            self.assertNotIn(secret, written)

    def test_posting_calls_xero(self):
        self.mode("on_posting")
        self.xero.sandbox.faults.add("offline503")
        self.xero.sandbox.log.clear()
        move = self.invoice()
        self.assertEqual((move.state, move.xero_state), ("posted", "queued"))
        self.assertFalse(self.xero.calls)

    def test_a_call_without_a_time_out(self):
        connect, read = transport.TIMEOUT
        self.assertTrue(0 < connect <= 5 and 0 < read <= 30)
        move = self.invoice()
        with patch.object(transport, "TIMEOUT", (5, 0.3)):
            self.xero.sandbox.faults.add("slow_after", method="PUT", path="/Invoices$", times=1, seconds=1)
            self.push(move)
        self.assertEqual(move.xero_state, "in_doubt")

    def test_a_limit_is_an_unknown_error(self):
        for kind, reason in (("rate_minute", "limit_minute"), ("rate_day", "limit_day")):
            with self.subTest(kind):
                move = self.invoice()
                self.fault(kind)
                action = self.push(move)
                run = move.xero_link_id.run_id
                self.assertEqual(move.xero_state, "queued")
                self.assertTrue(run.not_before)
                self.assertIn(run.waiting_for, (reason, "RateLimited"))
                self.assertIn("waits until", action["params"]["message"])
                self.xero.sandbox.faults.clear()
                self.age(hours=25)
                self.work(self.connection)
                self.assertEqual(move.xero_state, "synced")

    def test_all_taxes_but_the_first_are_dropped(self):
        levy = self.gst.copy({"name": "Levy", "amount": 5})
        move = self.invoice([{"quantity": 1, "price_unit": 10, "tax_ids": [Command.set((self.gst | levy).ids)]}])
        self.push(move)
        self.assertEqual(self.problem(move), "combination_unmapped")
        self.assertFalse(self.writes())

    def test_documents_without_a_total_are_left_out(self):
        move = self.invoice([(1, 0.0)])
        self.push(move)
        self.assertEqual(self.assertAgrees(move)["Total"], 0)

    def test_a_key_is_used_again_for_another_body(self):
        moves = self.invoices(3)
        self.take_number(moves[0].name)
        self.xero.sandbox.log.clear()
        self.push(moves)
        moves[0].xero_link_id.number_override = "OTHER-1"
        self.push(moves)
        requests = self.env["xero.request"].search([("dataset", "=", "invoice")])
        self.assertEqual(len(requests), 2, "the batch, and the one that was refused in it, under its other number")
        self.assertEqual(len(set(requests.mapped("key"))), len(requests))

    def test_its_own_writing_makes_it_send_again(self):
        move = self.invoice()
        self.push(move)
        self.xero.sandbox.log.clear()
        self.assertEqual(move.xero_state, "synced")
        self.push(move)
        self.assertFalse(self.writes())

    def test_old_broad_scopes(self):
        asked = set(scopes.scopes_for())
        self.assertFalse({"accounting.transactions", "accounting.reports.read", "accounting.journals.read"} & asked)
        self.assertLessEqual({"accounting.invoices", "accounting.payments", "accounting.contacts"}, asked)

    def test_a_second_contact_with_a_number_in_its_name(self):
        self.create_in_xero("/Contacts", {"Contacts": [{"Name": "Harbour   Café"}]})
        before = len(self.xero.organisation(1).contacts)
        customer = self.env["res.partner"].create({"name": "Harbour Café", "is_company": True})
        move = self.invoice(partner_id=customer.id)
        self.push(move)
        self.work(self.connection)
        names = [row["Name"] for row in self.xero.organisation(1).contacts]
        self.assertLessEqual(len(names) - before, 1)
        self.assertFalse([name for name in names if "(1)" in name])
        self.assertEqual(names.count("Harbour Café"), 1 if move.xero_state == "synced" else 0)

    def test_a_bill_comes_twice_after_a_time_out(self):
        bill = self.bill(ref="TWICE-1")
        self.fault("drop_after")
        self.push(bill)
        self.assertEqual(bill.xero_state, "in_doubt")
        self.age(minutes=7)
        self.work(self.connection)
        self.assertEqual(bill.xero_state, "synced")
        found = [row for row in self.xero.organisation(1).invoices if row["InvoiceNumber"] == "TWICE-1"]
        self.assertEqual([row["InvoiceID"] for row in found], [bill.xero_link_id.xero_id])

    def test_an_error_is_raw_json_and_stays_after_the_cure(self):
        move = self.invoice()
        self.take_number(move.name)
        self.push(move)
        problem = self.env["xero.exception"].search([("res_id", "=", move.id), ("state", "=", "open")])
        self.assertTrue(problem.cause and problem.correction)
        self.assertNotIn("{", problem.cause + problem.correction)
        move.xero_link_id.number_override = "OTHER-2"
        self.push(move)
        self.assertEqual(move.xero_state, "synced")
        self.assertFalse(problem.filtered(lambda row: row.state == "open"))
