"""Tracking of lines on every document (TRK-02 to TRK-06, CFG-04, XW-03 to XW-05, B12)."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.xero_connector.datasets.tracking import divide

from .test_push_bills import BillCase


class TrackingCase(BillCase):
    """Two categories, Area by the plan Sites, and Crew, not used yet."""

    def setUp(self):
        super().setUp()
        options = {"Area": ("North", "South"), "Crew": ("Blue Gum Pty Ltd", "Red")}
        # An organisation has two active categories at most, and the local one has both.
        for category, name in zip(self.read_xero("/TrackingCategories")["TrackingCategories"], options, strict=True):
            path = f"/TrackingCategories/{category['TrackingCategoryID']}"
            self.call_xero("POST", path, {"Name": name})
            for option in options[name]:
                if option not in [row["Name"] for row in category["Options"]]:
                    self.create_in_xero(f"{path}/Options", {"Name": option})
        with self.as_request(self.connection) as current:
            current.action_import()
        self.area, self.crew = self.category("Area"), self.category("Crew")
        self.plan = self.env["account.analytic.plan"].create({"name": "Sites"})
        self.other_plan = self.env["account.analytic.plan"].create({"name": "Teams"})
        self.east, self.west = self.analytic("East depot", self.plan), self.analytic("West depot", self.plan)
        self.map(self.east, "North")
        self.map(self.west, "South")
        self.connection.write(
            {"tracking_1_source": "plan", "tracking_1_plan_id": self.plan.id, "tracking_1_category_id": self.area.id}
        )

    def category(self, name):
        return self.env["xero.tracking.category"].search(
            [("connection_id", "=", self.connection.id), ("name", "=", name)]
        )

    def option(self, name):
        return self.env["xero.tracking.option"].search(
            [("connection_id", "=", self.connection.id), ("name", "=", name)]
        )

    def analytic(self, name, plan):
        return self.env["account.analytic.account"].create(
            {"name": name, "plan_id": plan.id, "company_id": self.company.id}
        )

    def map(self, account, name):
        account.with_company(self.company).xero_tracking_option_id = self.option(name)

    def tracked(self, move, plural="Invoices"):
        """Options of each line that carries an amount, as the sandbox keeps them."""
        self.push(move)
        item = self.assertAgrees(move, plural)
        lines = [line for line in item["LineItems"] if line.get("AccountCode")]
        return [sorted((part["Name"], part["Option"]) for part in line.get("Tracking") or []) for line in lines]

    def line(self, distribution, price=100.0, **values):
        return {"quantity": 1, "price_unit": price, "analytic_distribution": distribution, **values}


@tagged("post_install", "-at_install")
class TestPushTracking(TrackingCase):
    def test_another_salesperson_is_another_option(self):
        # TRK-02: he may change after the invoice was posted
        other = self.new_user("x_seller", "account.group_account_invoice")
        move = self.invoice()
        self.push(move)
        move.invoice_user_id = other
        self.assertEqual(move.xero_state, "synced", "nothing is told of him")
        for source, outdated in (("salesperson", True), ("department", True), ("partner", False)):
            with self.subTest(source):
                self.connection.tracking_1_source = source
                move.xero_link_id.state = "synced"
                move.invoice_user_id = self.env.user if move.invoice_user_id == other else other
                self.assertEqual(move.xero_state, "outdated" if outdated else "synced")

    def test_the_option_of_the_account_not_its_name(self):
        # XW-04, XW-05, TRK-03
        nothing = self.analytic("Nothing said", self.plan)
        move = self.invoice([self.line({str(self.east.id): 100}), self.line({str(nothing.id): 100}), self.line(False)])
        self.assertEqual(self.tracked(move), [[("Area", "North")], [], []])

    def test_every_kind_of_document(self):
        # TRK-05; journals and purchase orders have tests of their own
        distribution = {str(self.west.id): 100}
        for move_type, plural in (
            ("out_invoice", "Invoices"),
            ("out_refund", "CreditNotes"),
            ("in_invoice", "Invoices"),
            ("in_refund", "CreditNotes"),
        ):
            with self.subTest(move_type):
                if move_type.startswith("out"):
                    move = self.invoice([self.line(distribution)], move_type=move_type)
                else:
                    move = self.bill(move_type=move_type, ref=move_type, post=False)
                    move.invoice_line_ids.analytic_distribution = distribution
                    move.action_post()
                self.assertEqual(self.tracked(move, plural), [[("Area", "South")]])

    def test_60_40_becomes_two_lines_with_the_exact_total(self):
        # TRK-06
        move = self.invoice([self.line({str(self.east.id): 60, str(self.west.id): 40}, price=33.33)])
        self.push(move)
        item = self.assertAgrees(move)
        self.assertEqual([line["LineAmount"] for line in item["LineItems"]], [20.0, 13.33])
        self.assertEqual(sorted(line["Tracking"][0]["Option"] for line in item["LineItems"]), ["North", "South"])

    def test_what_is_not_distributed_is_not_tracked(self):
        move = self.invoice([self.line({str(self.east.id): 25}, price=80.0)])
        self.push(move)
        lines = self.assertAgrees(move)["LineItems"]
        self.assertEqual(
            [(line["LineAmount"], len(line.get("Tracking") or [])) for line in lines], [(20.0, 1), (60.0, 0)]
        )

    def test_shares_of_one_option_stay_one_line(self):
        self.map(self.west, "North")
        move = self.invoice([self.line({str(self.east.id): 60, str(self.west.id): 40})])
        self.assertEqual(self.tracked(move), [[("Area", "North")]])

    def test_two_plans_in_one_key(self):
        team = self.analytic("Team R", self.other_plan)
        self.map(team, "Red")
        self.connection.write(
            {
                "tracking_2_source": "plan",
                "tracking_2_plan_id": self.other_plan.id,
                "tracking_2_category_id": self.crew.id,
            }
        )
        move = self.invoice([self.line({f"{self.east.id},{team.id}": 70, str(self.west.id): 30}, price=10.0)])
        self.push(move)
        lines = self.assertAgrees(move)["LineItems"]
        found = {line["LineAmount"]: sorted(part["Option"] for part in line["Tracking"]) for line in lines}
        self.assertEqual(found, {7.0: ["North", "Red"], 3.0: ["South"]})

    def use_both_plans(self):
        """Crew by the plan Teams; its two accounts."""
        self.connection.write(
            {
                "tracking_2_source": "plan",
                "tracking_2_plan_id": self.other_plan.id,
                "tracking_2_category_id": self.crew.id,
            }
        )
        teams = self.analytic("Team R", self.other_plan), self.analytic("Team B", self.other_plan)
        for team, name in zip(teams, ("Red", "Blue Gum Pty Ltd"), strict=True):
            self.map(team, name)
        return teams

    def shares(self, distribution, price=100.0):
        """``{options: amount}`` of a line as it is in Xero."""
        move = self.invoice([self.line(distribution, price=price)])
        self.push(move)
        lines = self.assertAgrees(move)["LineItems"]
        return {
            tuple(sorted(part["Option"] for part in line.get("Tracking") or [])): line["LineAmount"] for line in lines
        }

    def test_each_plan_has_a_key_of_its_own(self):
        # TRK-06: so does Odoo write it when the accounts are chosen one by one
        red, blue = self.use_both_plans()
        east, west, red, blue = (str(account.id) for account in (self.east, self.west, red, blue))
        self.assertEqual(self.shares({east: 100, red: 100}), {("North", "Red"): 100.0})
        self.assertEqual(self.shares({east: 60, west: 40, red: 100}), {("North", "Red"): 60.0, ("Red", "South"): 40.0})
        self.assertEqual(
            self.shares({east: 60, west: 40, red: 50, blue: 25}, price=1000.0),
            {
                ("North", "Red"): 300.0,
                ("Red", "South"): 200.0,
                ("Blue Gum Pty Ltd", "North"): 150.0,
                ("Blue Gum Pty Ltd", "South"): 100.0,
                ("North",): 150.0,
                ("South",): 100.0,
            },
        )

    def test_a_common_key_and_keys_of_each_plan(self):
        red, blue = self.use_both_plans()
        east, west, red, blue = (str(account.id) for account in (self.east, self.west, red, blue))
        self.assertEqual(
            self.shares({f"{east},{red}": 50, west: 50, blue: 50}),
            {("North", "Red"): 50.0, ("Blue Gum Pty Ltd", "South"): 50.0},
        )

    def test_more_than_a_common_key_leaves_is_a_question(self):
        red, _blue = self.use_both_plans()
        for common, alone in ((100, 20), (60, 50), (50, -10)):
            with self.subTest(common=common, alone=alone):
                distribution = {f"{self.east.id},{red.id}": common, str(self.west.id): alone}
                move = self.invoice([self.line(distribution)])
                self.push(move)
                self.assertEqual(self.problem(move), "analytic_split")

    def test_two_plans_where_division_is_forbidden(self):
        red, _blue = self.use_both_plans()
        self.connection.tracking_split = "exception"
        self.assertEqual(self.shares({str(self.east.id): 100, str(red.id): 100}), {("North", "Red"): 100.0})

    def test_a_plan_that_fills_no_category_divides_nothing(self):
        # TRK-06
        team = self.analytic("Team R", self.other_plan)
        self.assertEqual(self.shares({str(self.east.id): 100, str(team.id): 100}), {("North",): 100.0})
        self.assertEqual(
            self.shares({str(self.east.id): 60, str(self.west.id): 40, str(team.id): 100}),
            {("North",): 60.0, ("South",): 40.0},
        )

    def test_one_plan_fills_both_categories(self):
        # XW-06: the first by the option of the account, the second by the group that it is in
        group = self.env["account.analytic.plan"].create({"name": "Red", "parent_id": self.plan.id})
        self.east.plan_id = group
        self.connection.write(
            {
                "tracking_2_source": "plan",
                "tracking_2_plan_id": self.plan.id,
                "tracking_2_category_id": self.crew.id,
                "tracking_2_named_by": "group",
            }
        )
        self.assertEqual(self.shares({str(self.east.id): 100}), {("North", "Red"): 100.0})

    def test_division_may_be_forbidden(self):
        self.connection.tracking_split = "exception"
        move = self.invoice([self.line({str(self.east.id): 60, str(self.west.id): 40})])
        self.push(move)
        self.assertEqual(self.problem(move), "analytic_split")
        self.assertFalse(self.xero.count("PUT /Invoices"))

    def test_more_than_all_of_it_is_a_question(self):
        move = self.invoice([self.line({str(self.east.id): 80, str(self.west.id): 40})])
        self.push(move)
        self.assertEqual(self.problem(move), "analytic_split")

    def test_every_other_source(self):
        # TRK-02: by mapping, else by exactly the same name (XW-03)
        category = self.env["product.category"].create({"name": "Quarry"})
        product = self.env["product.product"].create({"name": "Sand", "categ_id": category.id})
        user = self.new_user("anna")
        journals = self.env["account.journal"].search([("company_id", "=", self.company.id), ("type", "=", "sale")])
        records = {
            "salesperson": user,
            "category": category,
            "journal": journals[:1],
            "branch": self.company,
            "partner": self.partner,
        }
        for source, record in records.items():
            with self.subTest(source):
                self.connection.write({"tracking_2_source": source, "tracking_2_category_id": self.crew.id})
                self.env["xero.tracking.map"].search([]).unlink()
                values = {"invoice_user_id": user.id}
                lines = [self.line(False, product_id=product.id, name="Sand")]
                expected = [("Crew", "Blue Gum Pty Ltd")] if source == "partner" else []
                self.assertEqual(self.tracked(self.invoice(lines, **values)), [expected])
                self.env["xero.tracking.map"].create(
                    {
                        "category_id": self.crew.id,
                        "record": f"{record._name},{record.id}",
                        "option_id": self.option("Red").id,
                    }
                )
                self.assertEqual(self.tracked(self.invoice(lines, **values)), [[("Crew", "Red")]])

    def test_a_project_by_the_plan_of_projects(self):
        # TRK-02: Odoo gives each project an analytic account of that plan, and puts it on what is sold or bought for it
        projects, _others = self.env["account.analytic.plan"]._get_all_plans()
        bridge = self.analytic("Red", projects)
        self.connection.write(
            {
                "tracking_2_source": "plan",
                "tracking_2_plan_id": projects.id,
                "tracking_2_category_id": self.crew.id,
                "tracking_2_named_by": "name",
            }
        )
        for distribution in ({f"{bridge.id},{self.east.id}": 100}, {str(bridge.id): 100, str(self.east.id): 100}):
            move = self.invoice([self.line(distribution)])
            self.assertEqual(self.tracked(move), [[("Area", "North"), ("Crew", "Red")]])

    def test_names_are_case_sensitive(self):
        # XW-03
        self.connection.write({"tracking_2_source": "partner", "tracking_2_category_id": self.crew.id})
        self.partner.name = "blue gum pty ltd"
        move = self.invoice()
        self.push(move)
        self.assertEqual(self.problem(move), "tracking_unknown")
        self.assertFalse(self.xero.count("PUT /Invoices"))
        self.partner.name = "Nobody of that name"
        self.assertEqual(self.tracked(self.invoice()), [[]])

    def test_a_name_that_should_be_an_option_is_none(self):
        # XW-03: accounts that name their option themselves
        self.connection.tracking_1_named_by = "name"
        odd = self.analytic("north", self.plan)
        move = self.invoice([self.line({str(odd.id): 100})])
        self.push(move)
        self.assertEqual(self.problem(move), "tracking_unknown")
        odd.name = "North"
        self.push(move)
        self.assertAgrees(move)

    def test_an_archived_option_is_found_before_any_call(self):
        self.option("North").write({"active": False, "status": "ARCHIVED"})
        move = self.invoice([self.line({str(self.east.id): 100})])
        self.push(move)
        self.assertEqual(self.problem(move), "tracking_archived")
        self.assertFalse(self.xero.count("PUT /Invoices"))

    def test_one_category_from_one_source(self):
        # CFG-04, TRK-04
        with self.assertRaises(ValidationError):
            self.connection.write({"tracking_2_source": "partner", "tracking_2_category_id": self.area.id})
        with self.assertRaises(ValidationError):
            self.connection.write({"tracking_1_plan_id": False})

    def test_a_changed_distribution_changes_the_same_lines(self):
        move = self.invoice([self.line({str(self.east.id): 100})])
        self.push(move)
        before = self.in_xero(move)["LineItems"]
        move.invoice_line_ids.analytic_distribution = {str(self.west.id): 100}
        self.assertEqual(move.xero_state, "outdated")
        self.assertEqual(self.tracked(move), [[("Area", "South")]])
        self.assertEqual(self.in_xero(move)["LineItems"][0]["LineItemID"], before[0]["LineItemID"])

    def test_categories_are_never_made_in_xero(self):
        # XW-07
        self.xero.sandbox.log.clear()
        self.tracked(self.invoice([self.line({str(self.east.id): 100})]))
        self.assertFalse([call for call in self.xero.calls if "Tracking" in str(call)])


@tagged("post_install", "-at_install")
class TestDivide(BillCase):
    @settings(max_examples=200, deadline=None)
    @given(st.decimals("-5000", "5000", places=2), st.lists(st.integers(1, 100), min_size=1, max_size=6))
    def test_parts_sum_up(self, amount, weights):
        shares = [Decimal(weight * 100) / sum(weights) for weight in weights[:-1]]
        shares.append(Decimal(100) - sum(shares))
        parts = divide(amount, shares)
        self.assertEqual(sum(parts), amount)
        for part, share in zip(parts, shares, strict=True):
            self.assertLess(abs(part - amount * share / 100), Decimal("0.02"))
