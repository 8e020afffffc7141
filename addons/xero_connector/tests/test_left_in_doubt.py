"""Who leaves an organisation while an answer is outstanding, and comes back, sends nothing twice (C.1, C.6)."""

from unittest.mock import patch

from odoo.tests import tagged

from ..client import XeroApi
from .test_push_bills import BillCase


@tagged("post_install", "-at_install")
class TestLeftInDoubt(BillCase):
    """Bills and journal entries have no number that Xero would refuse a second time."""

    def lose(self):
        """A bill and an entry that Xero has, while nobody here knows."""
        records = self.bill() | self.journal_entry()
        for path in ("/Invoices$", "/ManualJournals$"):
            self.xero.sandbox.faults.add("drop_after", method="PUT", path=path, times=1)
        for record in records:
            self.push(record)
        self.assertEqual(set(records.mapped("xero_state")), {"in_doubt"})
        return records

    def check_once(self, records):
        self.work_until(lambda: set(records.mapped("xero_state")) == {"synced"})
        self.assertEqual(set(records.mapped("xero_state")), {"synced"})
        self.assertFalse(any(self.problem(record) for record in records))
        bills = self.read_xero("/Invoices?page=1")["Invoices"]
        journals = self.read_xero("/ManualJournals?page=1")["ManualJournals"]
        self.assertEqual([row["InvoiceID"] for row in bills], [records[0].xero_link_id.xero_id])
        self.assertEqual([row["ManualJournalID"] for row in journals], [records[1].xero_link_id.xero_id])

    def choose(self, number):
        """Consent for one organisation, and connect it."""
        code = self.xero.authorise(
            scopes=self.scopes_of(self.connection), redirect_uri=self.connection.redirect_uri, organisation=number
        )
        with self.as_request(self.connection) as current:
            current._receive_code(code, current.redirect_uri)
        if self.connection.state != "connected":
            with self.as_request(self.connection) as current:
                tenant = self.xero.organisation(number).tenant_id
                choices = current.env["xero.tenant.choice"].search([("connection_id", "=", current.id)])
                current.tenant_choice_id = choices.filtered(lambda choice: choice.tenant_id == tenant)
                current.action_choose_organisation()

    def reconnect(self):
        """A new connection to the same organisation, mapped as before."""
        self.connection = self.connect()
        self.map_account(self.expense, "429")

    def test_the_connection_is_deleted_and_made_anew(self):
        records = self.lose()
        with self.as_request(self.connection) as current:
            current.unlink()
        states = [(record.xero_link_ids.state, self.problem(record)) for record in records]
        self.assertEqual(states, [("in_doubt", "left_in_doubt")] * 2)
        self.reconnect()
        self.check_once(records)

    def test_days_later(self):
        records = self.lose()
        with self.as_request(self.connection) as current:
            current.unlink()
        self.age(days=3)
        self.reconnect()
        self.check_once(records)

    def test_what_never_arrived_is_sent_after_all(self):
        bill = self.bill()
        self.xero.sandbox.faults.add("drop_before", method="PUT", path="/Invoices$", times=1)
        self.push(bill)
        with self.as_request(self.connection) as current:
            current.unlink()
        self.age(minutes=7)
        self.reconnect()
        self.work_until(lambda: bill.xero_state == "synced")
        self.assertEqual(bill.xero_state, "synced")
        self.assertEqual(len(self.read_xero("/Invoices?page=1")["Invoices"]), 1)

    def test_another_organisation_and_back(self):
        # B16: the other one sees nothing of it
        records = self.lose()
        with self.as_request(self.connection) as current:
            current.action_disconnect()
        self.choose(2)
        self.age(minutes=10)
        self.xero.sandbox.log.clear()
        self.work(self.connection)
        theirs = self.xero.organisation(2).tenant_id
        asked = [call for call in self.xero.calls if "Invoices" in call["path"] or "Journals" in call["path"]]
        self.assertEqual((asked, self.connection.tenant_id), ([], theirs))
        with self.as_request(self.connection) as current:
            current.action_disconnect()
        self.choose(1)
        self.check_once(records)

    def test_a_button_whose_connection_is_deleted_while_xero_answers(self):
        bill, send = self.bill(), XeroApi.send
        self.push(self.partner)

        def deleted(api, *arguments):
            answer = send(api, *arguments)
            with self.as_request(self.connection) as current:
                current.unlink()
            return answer

        with patch.object(XeroApi, "send", deleted):
            self.push(bill)
        self.assertEqual((bill.xero_link_ids.state, self.problem(bill)), ("in_doubt", "left_in_doubt"))
        self.reconnect()
        self.work_until(lambda: bill.xero_state == "synced")
        self.assertEqual(len(self.read_xero("/Invoices?page=1")["Invoices"]), 1)

    def test_a_button_stops_when_the_connection_is_switched_off(self):
        bills, send = self.bill() | self.bill(((1, 260.0),), "PM-7782"), XeroApi.send
        self.push(self.partner)
        self.patch(type(self.connection._dataset("invoice")), "_batch", 1)

        def switched_off(api, *arguments):
            answer = send(api, *arguments)
            with self.as_request(self.connection) as current:
                current.enabled = False
            return answer

        with patch.object(XeroApi, "send", switched_off):
            self.push(bills)
        self.assertEqual(sorted(bills.mapped("xero_state")), ["queued", "synced"], bills.mapped(self.problem))
        self.assertEqual(self.xero.count("PUT /Invoices"), 1)

    def test_the_wrong_organisation_and_then_the_right_one(self):
        # What waited for the consent does not wait another hour.
        bill = self.bill()
        self.push(self.partner)
        self.xero.sandbox.faults.add("disconnected", method="PUT", path="/Invoices$", times=1)
        self.push(bill)
        self.assertEqual((self.connection.state, bill.xero_state), ("needs_reconnect", "queued"))
        self.age(minutes=5)
        run = bill.xero_link_id.run_id
        run.write({"not_before": "2099-01-01"})
        tenant = self.connection.tenant_id
        self.connection.sudo().tenant_id = False  # nobody has confirmed it yet: it has to be chosen
        self.env.flush_all()
        self.choose(1)
        self.assertEqual((self.connection.tenant_id, run.not_before), (tenant, False))

    def test_a_button_that_is_still_waiting_for_its_answer(self):
        # Whoever deletes the connection does not wait for it; its answer comes too late to be believed.
        bill = self.bill()
        self.xero.sandbox.faults.add("drop_after", method="PUT", path="/Invoices$", times=1)
        self.push(bill)
        request = self.env["xero.request"].search([("state", "=", "unknown")])
        request.write({"state": "sending", "not_before": False})
        bill.xero_link_id.state = "sending"
        attempts = request.attempts
        with self.as_request(self.connection) as current:
            current.unlink()
        self.assertEqual((request.state, bill.xero_link_ids.state), ("unknown", "in_doubt"))
        self.assertFalse(request._is_still_ours(attempts))
