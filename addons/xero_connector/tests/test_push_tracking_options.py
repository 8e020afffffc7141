"""Options that Xero does not have: named by what they stand for, made there by option (XW-04 to XW-07)."""

import json

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import LOST
from .test_push_tracking import TrackingCase

PUT_OPTION = "PUT /TrackingCategories/{TrackingCategoryID}/Options"


@tagged("post_install", "-at_install")
class TestPushTrackingOptions(TrackingCase):
    def setUp(self):
        super().setUp()
        self.connection.write(
            {
                "tracking_2_source": "partner",
                "tracking_2_category_id": self.crew.id,
                "create_tracking_options": True,
            }
        )
        self.push(self.partner)
        self.before = self.options()
        self.xero.sandbox.log.clear()

    def partner_named(self, name):
        return self.env["res.partner"].create({"name": name, "is_company": True})

    def made(self):
        """Names of the options that the tests did not make themselves."""
        names = sorted(self.options() - self.before)
        self.assertEqual(self.xero.count(PUT_OPTION), len(names), "one call for each")
        self.assertFalse(self.xero.count("PUT /TrackingCategories"))
        return names

    def options(self):
        rows = self.read_xero("/TrackingCategories?includeArchived=true")["TrackingCategories"]
        return {option["Name"] for row in rows for option in row["Options"]}

    def crews(self):
        rows = self.read_xero("/TrackingCategories?includeArchived=true")["TrackingCategories"]
        return [option["Name"] for row in rows if row["Name"] == "Crew" for option in row["Options"]]

    def test_without_the_option_nothing_is_made(self):
        self.connection.create_tracking_options = False
        move = self.invoice(partner_id=self.partner_named("Newcomers Ltd").id)
        self.assertEqual(self.tracked(move), [[]])
        self.assertEqual(self.made(), [])

    def test_an_option_is_made_once_before_the_documents(self):
        partner = self.partner_named("Newcomers Ltd")
        moves = self.invoice(partner_id=partner.id) | self.invoice(partner_id=partner.id)
        self.push(moves)
        for move in moves:
            (line,) = self.assertAgrees(move)["LineItems"]
            self.assertEqual([(part["Name"], part["Option"]) for part in line["Tracking"]], [("Crew", "Newcomers Ltd")])
        self.assertEqual(self.made(), ["Newcomers Ltd"])
        option = self.option("Newcomers Ltd")
        self.assertEqual((option.xero_id, option.xero_state), (option.xero_link_id.xero_id, "synced"))
        self.tracked(self.invoice(partner_id=partner.id))
        self.assertEqual(self.made(), ["Newcomers Ltd"])

    def test_what_names_the_option_of_an_account(self):
        # XW-04 to XW-06: the option chosen on the account goes before all of them
        group = self.env["account.analytic.plan"].create({"name": "Export", "parent_id": self.plan.id})
        job = self.analytic("Harbour crane", group)
        for named_by, code, expected in (
            ("option", "J-1", []),
            ("name", "J-1", [("Area", "Harbour crane")]),
            ("code", "J-1", [("Area", "J-1")]),
            ("code", False, [("Area", "Harbour crane")]),
            ("group", False, [("Area", "Export")]),
        ):
            with self.subTest(named_by, code=code):
                self.connection.tracking_1_named_by, job.code = named_by, code
                self.connection.tracking_2_category_id = False
                self.assertEqual(self.tracked(self.invoice([self.line({str(job.id): 100})])), [expected])
                self.assertEqual(
                    self.tracked(self.invoice([self.line({str(self.east.id): 100})])), [[("Area", "North")]]
                )
        self.assertEqual(self.made(), ["Export", "Harbour crane", "J-1"])

    def test_journal_entries_too(self):
        self.connection.write({"tracking_1_named_by": "name", "tracking_2_category_id": False})
        mill = self.analytic("Mill", self.plan)
        entry = self.journal_entry()
        entry.line_ids[0].analytic_distribution = {str(mill.id): 100}
        self.push(entry)
        lines = self.read_xero(f"/ManualJournals/{entry.xero_link_id.xero_id}")["ManualJournals"][0]["JournalLines"]
        self.assertEqual([len(line.get("Tracking") or []) for line in lines].count(1), 1)
        self.assertEqual(self.made(), ["Mill"])

    @mute_logger("odoo.addons.xero_connector")
    def test_a_lost_answer_makes_it_once(self):
        for number, kind in enumerate(LOST):
            with self.subTest(kind):
                name = f"Lost crew {number}"
                partner = self.partner_named(name)
                self.push(partner)
                self.xero.sandbox.faults.add(kind, method="PUT", path="/Options$", times=1)
                move = self.invoice(partner_id=partner.id)
                self.push(move)
                self.age(minutes=7)
                self.work_until(lambda move=move: move.xero_state == "synced")
                (line,) = self.assertAgrees(move)["LineItems"]
                self.assertEqual(line["Tracking"][0]["Option"], name)
                self.assertEqual(self.crews().count(name), 1)
                self.xero.sandbox.faults.clear()

    def test_one_that_xero_has_meanwhile_is_adopted(self):
        self.create_in_xero(f"/TrackingCategories/{self.crew.xero_id}/Options", {"Name": "NEWCOMERS ltd"})
        move = self.invoice(partner_id=self.partner_named("Newcomers Ltd").id)
        self.assertEqual(self.tracked(move), [[("Crew", "NEWCOMERS ltd")]])
        self.assertEqual([name for name in self.crews() if name.lower() == "newcomers ltd"], ["NEWCOMERS ltd"])
        with self.as_request(self.connection) as current:
            current.action_import()
        rows = self.crew.with_context(active_test=False).option_ids
        self.assertEqual(rows.mapped("name").count("NEWCOMERS ltd"), 1)
        self.assertTrue(all(rows.mapped("xero_id")))

    def test_an_archived_one_keeps_its_name(self):
        path = f"/TrackingCategories/{self.crew.xero_id}/Options"
        option = self.create_in_xero(path, {"Name": "Newcomers Ltd"})["Options"][0]
        self.call_xero("POST", f"{path}/{option['TrackingOptionID']}", {"Status": "ARCHIVED"})
        move = self.invoice(partner_id=self.partner_named("Newcomers Ltd").id)
        self.push(move)
        option = self.crew.with_context(active_test=False).option_ids.filtered(lambda row: row.name == "Newcomers Ltd")
        self.assertEqual(self.problem(option), "tracking_archived")
        self.assertEqual(self.problem(move), "tracking_option_not_in_xero")
        self.assertFalse(self.xero.count("PUT /Invoices"))
        # The import knows it from then on: the next push says so without a call.
        with self.as_request(self.connection) as current:
            current.action_import()
        self.push(move)
        self.assertEqual(self.problem(move), "tracking_archived")

    def test_an_import_leaves_what_waits(self):
        waiting = self.env["xero.tracking.option"].create({"category_id": self.crew.id, "name": "Waiting"})
        with self.as_request(self.connection) as current:
            current.action_import()
        self.assertTrue(waiting.active)
        self.create_in_xero(f"/TrackingCategories/{self.crew.xero_id}/Options", {"Name": "Waiting"})
        with self.as_request(self.connection) as current:
            current.action_import()
        self.assertTrue(waiting.xero_id)

    def test_a_hundred_are_enough(self):
        have = len(self.crew.option_ids)
        self.env["xero.tracking.option"].create(
            [{"category_id": self.crew.id, "name": f"Crew {n}", "xero_id": f"fill-{n}"} for n in range(100 - have)]
        )
        move = self.invoice(partner_id=self.partner_named("One too many").id)
        self.push(move)
        option = self.option("One too many")
        self.assertEqual(self.problem(option), "tracking_options_full")
        self.assertEqual((self.problem(move), self.made()), ("tracking_option_not_in_xero", []))

    def test_whoever_pushes_documents_may_try_again(self):
        clerk = self.new_user("clerk", "account.group_account_invoice", "xero_connector.group_xero_user")
        option = self.env["xero.tracking.option"].create({"category_id": self.crew.id, "name": "Waiting"})
        self.push(option, clerk)
        self.assertEqual(option.xero_state, "synced")

    def test_switched_off_what_waits_keeps_nothing_back(self):
        self.env["xero.tracking.option"].create({"category_id": self.crew.id, "name": "Newcomers Ltd"})
        self.connection.create_tracking_options = False
        self.assertEqual(self.tracked(self.invoice(partner_id=self.partner_named("Newcomers Ltd").id)), [[]])

    def test_a_dry_run_makes_nothing(self):
        move = self.invoice(partner_id=self.partner_named("Newcomers Ltd").id)
        with self.as_request(move) as current:
            action = current.action_xero_dry_run()
        body = json.loads(self.env["xero.dry.run"].browse(action["res_id"]).body)
        self.assertIn("Newcomers Ltd", str(body["Invoices"][0]["LineItems"][0]["Tracking"]))
        self.assertFalse(self.option("Newcomers Ltd"))
        self.assertFalse(self.xero.calls)
