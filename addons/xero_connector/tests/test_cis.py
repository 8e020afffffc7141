"""Bills of subcontractors in the UK's Construction Industry Scheme: refused unless confirmed (B6)."""

from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..engine.cis import AT_ONCE
from .test_push_bills import BillCase

CHECKS = "CISSettings"


@tagged("post_install", "-at_install")
class TestConstruction(BillCase):
    country = "UK"
    chart = "uk"
    currency = "GBP"
    country_xmlid = "base.uk"
    vendor_name = "Groundworks Ltd"
    input_tax_xmlid = "PT_20_S"

    def setUp(self):
        super().setUp()
        self.xero.sandbox.log.clear()

    def subcontractor(self, contractor=True):
        theirs = self.xero.organisation(1)
        theirs.cis = {"CISContractorEnabled": contractor}
        theirs.subcontractors[self.vendor.xero_link_id.xero_id] = 20

    def reads(self):
        return [call["path"].split("/")[-3] for call in self.xero.calls if call["path"].endswith(CHECKS)]

    def test_a_bill_is_held_until_somebody_confirms_the_vendor(self):
        self.subcontractor()
        first, second = self.bill(), self.bill(ref="GW-2", invoice_date="2026-11-03")
        self.push(first | second)
        self.assertFalse(self.xero.count("PUT /Invoices"))
        self.assertEqual((first.xero_state, self.problem(first)), ("held", "cis_contact"))
        self.assertIn("Groundworks Ltd", first.xero_message)
        self.push(first)
        self.assertEqual(self.reads(), ["Organisation", "Contacts"], "asked once, known for a day")
        problem = self.env["xero.exception"].search([("res_id", "=", first.id), ("code", "=", "cis_contact")])
        clerk = self.new_user("clerk", "account.group_account_invoice", "xero_connector.group_xero_user")
        with self.as_request(problem, clerk) as current:
            current.action_cure()
        self.work(self.connection)
        self.assertEqual((first.xero_state, second.xero_state), ("synced", "synced"))
        self.assertEqual(self.vendor.xero_link_id.cis_accepted_by_id, clerk)
        third = self.bill(ref="GW-3", invoice_date="2026-11-04")
        self.push(third)
        self.assertEqual(third.xero_state, "synced", "the vendor was confirmed, not the bill")

    def test_who_is_none_and_who_sells_is_not_held(self):
        self.xero.organisation(1).cis = {"CISContractorEnabled": True}
        bill, invoice = self.bill(), self.invoice()
        self.push(bill | invoice)
        self.assertEqual((bill.xero_state, invoice.xero_state), ("synced", "synced"))
        self.assertEqual(self.reads(), ["Organisation", "Contacts"], "nothing is asked of customers")

    def test_many_vendors_are_asked_for_in_turns(self):
        self.subcontractor()
        others = self.env["res.partner"].create(
            [{"name": f"Vendor {number}", "is_company": True} for number in range(AT_ONCE)]
        )
        bills = self.bill()
        for number, partner in enumerate(others):
            bills |= self.bill(ref=f"V-{number}", partner_id=partner.id)
        self.push(bills)
        self.work(self.connection)
        self.assertEqual(bills.mapped("xero_state"), ["held"] + AT_ONCE * ["synced"])
        self.assertEqual(self.reads(), ["Organisation"] + (AT_ONCE + 1) * ["Contacts"])
        self.assertEqual(self.xero.count("PUT /Invoices"), 1)

    def test_put_right_in_xero_it_goes(self):
        self.subcontractor()
        bill = self.bill()
        self.push(bill)
        self.xero.organisation(1).subcontractors.clear()
        problem = self.env["xero.exception"].search([("res_id", "=", bill.id), ("code", "=", "cis_contact")])
        with self.as_request(problem) as current:
            current.action_retry()
        self.work(self.connection)
        self.assertEqual(bill.xero_state, "synced")
        self.assertFalse(self.vendor.xero_link_id.cis_accepted_by_id)

    def test_what_was_read_long_ago_does_not_hold(self):
        self.subcontractor()
        bill = self.bill()
        self.push(bill)
        self.assertEqual(bill.xero_state, "held")
        self.xero.organisation(1).subcontractors.clear()
        self.age(days=1, seconds=1)
        self.push(bill)
        self.assertEqual(bill.xero_state, "synced")

    @mute_logger("odoo.addons.xero_connector")
    def test_what_was_lost_unasked_is_asked_before_it_is_sent_again(self):
        # As a worker leaves it that dies while it asks.
        self.subcontractor()
        self.xero.sandbox.faults.add("drop_before", method="PUT", path="/Invoices$", times=1)
        bill = self.bill()
        with patch("odoo.addons.xero_connector.engine.cis.learn", return_value=[]):
            self.push(bill)
        self.assertEqual(bill.xero_state, "in_doubt")
        before = len(self.xero.organisation(1).invoices.rows)
        self.age(minutes=2)
        self.work_until(lambda: bill.xero_state == "held")
        self.assertEqual((bill.xero_state, len(self.xero.organisation(1).invoices.rows)), ("held", before))

    def test_no_contractor_costs_one_call_a_day(self):
        self.subcontractor(contractor=False)
        self.push(self.bill())
        bill = self.bill(ref="GW-2", invoice_date="2026-11-03")
        self.push(bill)
        self.assertEqual((bill.xero_state, self.reads()), ("synced", ["Organisation"]))
        self.age(days=1, seconds=1)
        self.subcontractor()
        later = self.bill(ref="GW-3", invoice_date="2026-11-04")
        self.push(later)
        self.assertEqual(self.problem(later), "cis_contact", "the settings of yesterday do not count")

    @mute_logger("odoo.addons.xero_connector")
    def test_what_cannot_be_asked_does_not_leave(self):
        self.subcontractor()
        self.xero.sandbox.faults.add("offline503", path=f"{CHECKS}$", times=1)
        bill = self.bill()
        self.push(bill)
        self.assertEqual((bill.xero_state, self.xero.count("PUT /Invoices")), ("queued", 0))
        self.work_until(lambda: bill.xero_state == "held")
        self.assertEqual(self.problem(bill), "cis_contact")
        self.assertFalse(self.xero.count("PUT /Invoices"))
