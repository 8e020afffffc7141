"""Accounts, taxes and analytic accounts come from Xero only line by line, by an administrator, with their mapping."""

from decimal import Decimal

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import XeroCase

CREATED = ("account.account", "account.tax", "account.analytic.account")


@tagged("post_install", "-at_install")
class TestProposals(XeroCase):
    def setUp(self):
        super().setUp()
        self.connection = self.connect()

    def open(self, user=None):
        connection = self.connection.with_user(user or self.env.user)
        return self.env["xero.proposal"].browse(connection.action_open_proposals()["res_id"])

    def counts(self):
        return {model: self.env[model].with_context(active_test=False).search_count([]) for model in CREATED}

    def add_rate(self, tax_type="TAX001", rate=7.5, components=1, **flags):
        """A rate that the organisation's people have made, brought in."""
        theirs = self.xero.organisation(1).tax_rates
        template = next(row for row in theirs if row["TaxType"] == "OUTPUT")
        rate = Decimal(str(rate))
        parts = [
            {"Name": f"Part {n}", "Rate": rate / components, "IsCompound": n > 0, "IsNonRecoverable": False}
            for n in range(components)
        ]
        own = {"TaxType": tax_type, "Name": f"Own {tax_type}", "TaxComponents": parts, "EffectiveRate": rate}
        theirs.put({**template, **own, **flags})
        with self.as_request(self.connection) as connection:
            connection._import(["tax_rate"])

    # === ALL KINDS === #

    def test_what_odoo_lacks_is_proposed_and_nothing_created(self):
        before = self.counts()
        self.add_rate()
        wizard = self.open()
        self.assertEqual(self.counts(), before)
        lines = (wizard.account_ids, wizard.tax_ids, wizard.analytic_ids)
        self.assertTrue(all(lines))
        self.assertFalse(any(line.chosen for kind in lines for line in kind))
        theirs = wizard.account_ids.xero_account_id
        self.assertNotIn("BANK", theirs.mapped("type"))
        self.assertFalse(theirs.filtered("system_account"))
        self.assertNotIn(self.income.with_company(self.company).xero_account_id, theirs)
        with self.assertRaises(UserError):
            wizard.action_create()
        self.assertEqual(self.counts(), before)

    def test_only_administrators(self):
        user = self.new_user("clerk", "xero_connector.group_xero_user", "account.group_account_user")
        with self.assertRaises(AccessError):
            self.open(user)

    def test_nothing_of_another_organisation(self):
        second = self._make_company("Second Pty")
        other = self.connect(company=second, organisation=2)
        wizard = self.open()
        self.assertEqual(wizard.account_ids.xero_account_id.connection_id, self.connection)
        self.assertEqual(wizard.analytic_ids.option_id.connection_id, self.connection)
        theirs = self.env["xero.tracking.option"].search([("connection_id", "=", other.id)], limit=1)
        plan = self.env["account.analytic.plan"].create({"name": "Regions"})
        line = wizard.analytic_ids[0]
        line.write({"option_id": theirs.id, "name": "Foreign", "plan_id": plan.id, "chosen": True})
        with self.assertRaises(UserError):
            wizard.action_create()

    # === ACCOUNTS === #

    def test_a_chosen_account_is_created_and_mapped(self):
        wizard = self.open()
        lines = wizard.account_ids
        line = lines.filtered(lambda row: row.xero_account_id.type == "OVERHEADS")[:1] or lines[0]
        line.write({"chosen": True, "code": "987650"})
        wizard.action_create()
        accounts = self.env["account.account"].with_company(self.company)
        account = accounts.search([("xero_account_id", "=", line.xero_account_id.id)])
        self.assertEqual((account.code, account.name, account.company_ids), ("987650", line.name, self.company))
        self.assertEqual(account.account_type, line.account_type)
        self.assertNotIn(line.xero_account_id, self.open().account_ids.xero_account_id)

    def test_a_code_that_is_taken_is_said_and_refused(self):
        wizard = self.open()
        line = wizard.account_ids[0]
        line.write({"chosen": True, "code": self.income.with_company(self.company).code})
        self.assertEqual(line.taken_by_id, self.income)
        before = self.counts()
        with self.assertRaises(UserError):
            wizard.action_create()
        self.assertEqual(self.counts(), before)

    # === TAXES === #

    def test_only_plain_rates_of_the_organisation_s_own(self):
        # B5: Xero's own rates have their tax in the chart; imports and compound rates are no plain percentage.
        self.add_rate("TAX001")
        self.add_rate("TAX002", components=2)
        self.add_rate("TAX003", Status="DELETED")
        self.assertEqual(self.open().tax_ids.tax_rate_id.mapped("tax_type"), ["TAX001"])
        self.gst.copy({"name": "Mapped by hand"}).xero_tax_rate_id = self.open().tax_ids.tax_rate_id
        self.assertFalse(self.open().tax_ids)

    def test_a_chosen_tax_is_created_with_its_account_and_mapped(self):
        self.add_rate(rate=7.5)
        wizard = self.open()
        line = wizard.tax_ids
        usual = self.gst.invoice_repartition_line_ids.account_id
        self.assertEqual((line.type_tax_use, line.amount, line.account_id), ("sale", 7.5, usual))
        line.chosen = True
        wizard.action_create()
        tax = self.env["account.tax"].search([("xero_tax_rate_id", "=", line.tax_rate_id.id)])
        self.assertEqual((tax.name, tax.amount, tax.company_id), ("Own TAX001", 7.5, self.company))
        self.assertFalse(tax.price_include or tax.xero_rate_warning)
        move = self.invoice([{"price_unit": 200.0, "tax_ids": [(6, 0, tax.ids)]}])
        self.assertEqual(move.line_ids.filtered("tax_line_id").account_id, usual)
        self.assertEqual(move.amount_tax, 15.0)
        self.push(move)
        self.assertAgrees(move)
        self.assertFalse(self.open().tax_ids)

    def test_a_tax_without_use_or_account_is_refused(self):
        self.add_rate()
        before = self.counts()
        for vals in ({"type_tax_use": False}, {"account_id": False}):
            wizard = self.open()
            wizard.tax_ids.write({"chosen": True, **vals})
            with self.subTest(vals), self.assertRaises(UserError):
                wizard.action_create()
        self.assertEqual(self.counts(), before)

    # === ANALYTIC ACCOUNTS === #

    def test_a_chosen_option_becomes_an_analytic_account(self):
        plan = self.env["account.analytic.plan"].create({"name": "Regions"})
        category = self.env["xero.tracking.category"].search(
            [("connection_id", "=", self.connection.id), ("name", "=", "Region")]
        )
        self.assertFalse(self.open().analytic_ids.plan_id)
        self.connection.write(
            {"tracking_1_source": "plan", "tracking_1_plan_id": plan.id, "tracking_1_category_id": category.id}
        )
        wizard = self.open()
        line = wizard.analytic_ids.filtered(lambda row: row.name == "Eastside")
        self.assertEqual((line.category_id, line.plan_id), (category, plan))
        line.chosen = True
        wizard.action_create()
        accounts = self.env["account.analytic.account"].with_company(self.company)
        account = accounts.search([("xero_tracking_option_id", "=", line.option_id.id)])
        self.assertEqual((account.name, account.plan_id, account.company_id), ("Eastside", plan, self.company))
        move = self.invoice([{"price_unit": 100.0, "analytic_distribution": {str(account.id): 100}}])
        self.push(move)
        tracking = self.in_xero(move)["LineItems"][0]["Tracking"]
        self.assertEqual([(row["Name"], row["Option"]) for row in tracking], [("Region", "Eastside")])
        self.assertNotIn(line.option_id, self.open().analytic_ids.option_id)

    def test_a_name_that_the_plan_has_is_mapped_instead(self):
        plan = self.env["account.analytic.plan"].create({"name": "Regions"})
        known = self.env["account.analytic.account"].create({"name": "eastside", "plan_id": plan.id})
        wizard = self.open()
        line = wizard.analytic_ids.filtered(lambda row: row.name == "Eastside")
        line.chosen = True
        before = self.counts()
        with self.assertRaises(UserError):
            wizard.action_create()  # no plan
        line.plan_id = plan
        self.assertEqual(line.taken_by_id, known)
        with self.assertRaises(UserError):
            wizard.action_create()
        self.assertEqual(self.counts(), before)

    def test_a_category_that_something_else_fills_is_left_out(self):
        category = self.env["xero.tracking.category"].search(
            [("connection_id", "=", self.connection.id), ("name", "=", "Region")]
        )
        self.connection.write({"tracking_1_source": "salesperson", "tracking_1_category_id": category.id})
        self.assertNotIn(category, self.open().analytic_ids.category_id)
