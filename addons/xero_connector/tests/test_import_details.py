"""What an import promises beside the records themselves: flags, terms, counts, windows."""

from datetime import timedelta

from freezegun import freeze_time
from lxml import etree

from odoo import Command, fields
from odoo.tests import tagged

from ..models.xero_run import BUTTON
from .common import XeroCase


@tagged("post_install", "-at_install")
class TestImportDetails(XeroCase):
    def setUp(self):
        super().setUp()
        self.connection = self.connect(on_missing_partner="create")

    def contact(self, name, flags=None, **values):
        """A contact made in Xero, with Xero's own flags, brought in: its partner."""
        made = self.create_in_xero("/Contacts", {"Contacts": [{"Name": name, **values}]})["Contacts"][0]
        org = self.xero.organisation(1)
        org.contacts.put({**org.contacts.get(made["ContactID"]), **(flags or {}), "updated": org.stamp()})
        self.pull("contact", everything=True)
        link = self.env["xero.link"].search([("dataset", "=", "contact"), ("xero_id", "=", made["ContactID"])])
        return self.env["res.partner"].browse(link.res_id).with_company(self.company)

    def pay(self, move, amount, day="2026-11-10"):
        xero_id = move.xero_link_id.xero_id
        return self.xero.act("pay", invoice=xero_id, amount=amount, account="090", date=day)["PaymentID"]

    def map_bank(self):
        bank = self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "bank")], limit=1
        )
        bank.xero_account_id = self.env["xero.account"].search(
            [("connection_id", "=", self.connection.id), ("code", "=", "090")]
        )

    # === RUNS === #

    def test_the_wizard_answers_when_all_is_here(self):
        # PUL-01, PUL-03, PUL-10
        twins = self.env["res.partner"].create([{"name": "Twin Ltd", "is_company": True}] * 2)
        names = ("Instant Ltd", self.partner.name, twins[0].name)
        made = self.create_in_xero("/Contacts", {"Contacts": [{"Name": name} for name in names]})["Contacts"]
        with self.as_request(self.connection) as connection:
            action = connection.action_open_pull_wizard()
            wizard = self.env["xero.pull.wizard"].with_env(connection.env).with_context(**action["context"])
            wizard = wizard.create({"dataset": "contact"})
            self.assertEqual(wizard.connection_id, connection)
            wizard.action_pull()
        self.assertTrue(self.env["res.partner"].search([("name", "=", "Instant Ltd")]))
        run = self.connection._schedule("contact").last_run_id
        event = self.env["xero.event"].search([("run_id", "=", run.id), ("kind", "=", "pulled")])
        self.assertEqual(len(event), 1)
        links = self.env["xero.link"].search_count([("dataset", "=", "contact"), ("xero_id", "!=", False)])
        archived = sum(row["ContactStatus"] == "ARCHIVED" for row in self.xero.organisation(1).contacts)
        counts = (run.created, run.linked, run.updated, run.unchanged, run.skipped, run.failed)
        self.assertEqual(counts, (links - 1, 1, 0, 0, archived, 1))
        left_out = f"{archived} left out ({archived} archived or deleted in Xero), " if archived else ""
        said = f"{run.created} created, 1 linked, {left_out}1 needs attention"
        self.assertTrue(event.message.endswith(said), event.message)
        # An edit is an update, what is read again is unchanged; a question stays one.
        self.xero.act("edit", contact=made[0]["ContactID"], values={"EmailAddress": "new@x.example"})
        run = self.pull("contact", everything=True)
        counts = (run.created, run.linked, run.updated, run.unchanged, run.skipped, run.failed)
        self.assertEqual(counts, (0, 0, 1, links - 1, archived, 1))

    def test_each_data_set_says_its_way_and_its_time(self):
        # PUL-19, CFG-18, TIM-10
        self.connection._schedule("contact")
        rows = self.connection.schedule_ids.filtered(lambda row: row.job == "changes")
        self.assertEqual(set(rows.mapped("dataset")), set(self.connection._all_pulled_keys()))
        self.assertTrue(all(row.direction for row in rows))
        # No entry has been sent yet, so none is read, either.
        pulled = set(self.connection._pulled_keys())
        self.assertEqual({row.dataset for row in rows if row.next_start}, pulled)
        self.assertNotIn("manual_journal", pulled)
        ways = {row.dataset: row.direction for row in rows}
        self.assertEqual((ways["contact"], ways["item"]), ("Both ways", "Both ways"))
        self.assertEqual((ways["payment"], ways["prepaid"]), ("From Xero", "From Xero"))
        self.assertEqual(ways["manual_journal"], ways["invoice"])
        self.assertEqual(rows.filtered(lambda row: row.dataset == "invoice").document_status, "Authorised")
        schedule = self.connection._schedule("contact")
        schedule.last_start = "2026-11-20 10:00:00"
        schedule.minutes = 45
        self.assertEqual(schedule.next_start, fields.Datetime.to_datetime("2026-11-20 10:45:00"))

    def test_the_matrix_says_what_is_off_and_what_only_goes(self):
        # PUL-19: every data set with the direction in force, every kind of document with its status
        self.connection._schedule("contact")
        self.connection.write(
            {
                "sync_contacts": False,
                "sync_items": False,
                "item_direction": "pull",
                "sync_receipts": False,
                "sync_payments": False,
                "sync_accounts": False,
                "push_status_bill": "draft",
            }
        )
        rows = {row.dataset: row for row in self.connection.schedule_ids if row.job == "changes"}
        expected = {"contact": "To Xero only", "item": "Off", "payment": "Off", "account": "Off"}
        self.assertEqual({key: rows[key].direction for key in expected}, expected)
        self.assertEqual([rows[key].next_start for key in expected], [False] * 4)
        self.assertEqual(rows["tax_rate"].direction, "From Xero")
        self.assertEqual(rows["invoice"].document_status, "Authorised / Draft")
        self.connection.item_direction = "push"
        self.assertEqual(rows["item"].direction, "To Xero only")
        self.env["xero.push.mode"]._create_missing(self.connection)
        modes = {mode.kind: mode.document_status for mode in self.connection.flow_mode_ids}
        self.assertEqual((modes["invoice"], modes["bill"], modes["manual_journal"]), ("Authorised", "Draft", "Posted"))
        self.assertIn("supplier_credit", modes)
        self.assertEqual(self.connection.flow_files, "Stay in Odoo")
        self.connection.include_ap_attachments = True
        self.assertIn("bills", self.connection.flow_files)

    def test_the_list_says_how_it_went(self):
        # PUL-13, PUL-16: when it began last, and what stopped it
        schedule = self.connection._schedule("contact")
        self.pull("contact")
        self.assertTrue(schedule.last_start)
        self.assertEqual(schedule.last_state, "done")
        schedule.last_run_id._fail("Xero refuses it.")
        self.assertEqual((schedule.last_state, schedule.last_summary), ("stopped", "Xero refuses it."))
        view = self.env["xero.connection"].get_view(view_type="form")["arch"]
        for name in ("schedule_ids", "flow_mode_ids"):
            rows = etree.fromstring(view).find(f".//page[@name='flow']//field[@name='{name}']")
            shown = {field.get("name"): field.get("optional") for field in rows.iter("field")}
            self.assertNotEqual(shown["last_start"], "hide")
            self.assertNotEqual(shown["last_summary"], "hide")

    # === CONTACTS === #

    def test_customers_and_suppliers(self):
        # CTC-12
        neither = self.contact("Neither")
        supplier = self.contact("Supplier", {"IsSupplier": True})
        both = self.contact("Both", {"IsSupplier": True, "IsCustomer": True})
        found = [(partner.customer_rank, partner.supplier_rank) for partner in (neither, supplier, both)]
        self.assertEqual(found, [(1, 0), (0, 1), (1, 1)])

    def test_terms_of_customers_and_of_vendors(self):
        # CTC-19, XW-31
        lines = [
            {"value": "percent", "value_amount": 100, "delay_type": kind, "nb_days": days}
            for kind, days in (("days_after", 30), ("days_after_end_of_month", 14))
        ]
        terms = self.env["account.payment.term"].create(
            [{"name": f"Terms {number}", "line_ids": [Command.create(line)]} for number, line in enumerate(lines)]
        )
        self.env["account.payment.term"].search([("id", "not in", terms.ids)]).active = False
        partner = self.contact(
            "Terms Ltd",
            PaymentTerms={
                "Sales": {"Day": 30, "Type": "DAYSAFTERBILLDATE"},
                "Bills": {"Day": 14, "Type": "DAYSAFTERBILLMONTH"},
            },
        )
        self.assertEqual(partner.property_payment_term_id, terms[0])
        self.assertEqual(partner.property_supplier_payment_term_id, terms[1])

    def test_each_kind_of_terms_is_found_by_its_day(self):
        # XW-31
        def term(**line):
            line = {"value": "percent", "value_amount": 100, "nb_days": 0, **line}
            return self.env["account.payment.term"].create({"name": str(line), "line_ids": [Command.create(line)]})

        self.env["account.payment.term"].search([]).active = False
        misleading = term(delay_type="days_end_of_month_on_the", nb_days=20, days_next_month="10")
        following = term(delay_type="days_end_of_month_on_the", days_next_month="20")
        days, month = term(nb_days=14), term(delay_type="days_after_end_of_month", nb_days=7)
        template = self.connection.template_partner_id
        template.property_payment_term_id = misleading
        found = [
            self.contact(f"{kind} {day}", PaymentTerms={"Sales": {"Day": day, "Type": kind}}).property_payment_term_id
            for kind, day in (
                ("OFFOLLOWINGMONTH", 20),
                ("DAYSAFTERBILLDATE", 14),
                ("DAYSAFTERBILLMONTH", 7),
                ("OFCURRENTMONTH", 28),
            )
        ]
        self.assertEqual(found[:3], [following, days, month])
        self.assertFalse(found[3], "Odoo has no such term; the template's would be another")

    def test_terms_that_odoo_lacks_leave_the_partners_own(self):
        partner = self.contact("Terms Ltd", PaymentTerms={"Sales": {"Day": 30, "Type": "DAYSAFTERBILLDATE"}})
        own = self.env["account.payment.term"].search([("company_id", "in", (False, self.company.id))], limit=1)
        partner.property_payment_term_id = own
        self.xero.advance(60)
        terms = {"Sales": {"Day": 3, "Type": "OFCURRENTMONTH"}}
        self.xero.act("edit", contact=partner.xero_link_id.xero_id, values={"PaymentTerms": terms})
        self.pull("contact")
        self.assertEqual(partner.property_payment_term_id, own)

    def test_what_a_customer_owes_by_the_button_for_sales(self):
        # CTC-18, PAY-27
        self.map_bank()
        move = self.invoice()
        self.push(move)
        self.pay(move, 300)
        self.pull("payment")
        user = self.new_user("seller", "xero_connector.group_xero_user", "base.group_partner_manager")
        self.xero.sandbox.log.clear()
        with self.as_request(self.partner, user) as partner:
            partner.action_xero_refresh()
        self.assertEqual(self.xero.count("GET /Contacts/{ContactID}"), 1)
        self.assertEqual(self.xero.count("GET /Contacts"), 0)
        self.assertAlmostEqual(self.partner.with_user(user).xero_outstanding, 800.0)
        self.assertAlmostEqual(self.partner.with_company(self.company).credit, 800.0)

    # === PAYMENTS === #

    def test_deleted_before_it_was_ever_seen(self):
        # PAY-01
        self.map_bank()
        move = self.invoice()
        self.push(move)
        self.xero.act("unpay", payment=self.pay(move, 1100))
        run = self.pull("payment", everything=True)
        self.assertEqual((run.created, move.payment_state), (0, "not_paid"))

    def test_reconciled_in_xero(self):
        # PAY-23
        self.map_bank()
        move = self.invoice()
        self.push(move)
        xero_id = self.pay(move, 1100)
        self.pull("payment")
        payment = move._get_reconciled_payments()
        self.assertFalse(payment.xero_is_reconciled)
        self.xero.advance(400)
        self.xero.act("reconcile", payment=xero_id)
        self.pull("payment")
        self.assertTrue(payment.xero_is_reconciled)
        self.assertEqual(move._get_reconciled_payments(), payment)

    def test_the_night_takes_the_last_day(self):
        # PAY-05: 25 hours old stays for the other jobs, 23 hours old is taken
        self.map_bank()
        old, new = self.invoice(), self.invoice()
        self.push(old | new)
        self.pay(old, 1100)
        self.xero.advance(2 * 3600)
        self.pay(new, 1100)
        self.xero.advance(23 * 3600)
        schedule = self.connection._schedule("payment", "overnight")
        with freeze_time(fields.Datetime.now() + timedelta(hours=25)):
            schedule.last_success = fields.Datetime.now() - timedelta(hours=24)
            with self.as_request(self.connection) as connection:
                runs = connection.sudo()._queue_pull(schedule.with_env(connection.env).sudo(), "button", BUTTON)
                connection._finish_inline(runs)
        self.assertEqual(schedule.last_run_id.state, "done", schedule.last_run_id.error)
        self.assertEqual((old.payment_state, new.payment_state), ("not_paid", "paid"))

    # === ITEMS AND TRACKING === #

    def test_stock_that_xero_keeps(self):
        # ITM-06
        self.xero.act("create_item", values={"Code": "TEA-1", "Name": "Tea"})
        product = self.env["product.product"].create({"name": "Tea", "default_code": "TEA-1"})
        self.pull("item")
        self.assertFalse(product.xero_is_tracked)
        self.xero.advance(400)
        self.xero.act("track_item", item="TEA-1", quantity=12, cost=5, account="630")
        self.pull("item")
        self.assertTrue(product.xero_is_tracked)
        self.assertEqual(product.xero_qty_on_hand, 12)
        # ITM-10: only what both sides keep is counted twice
        self.assertFalse(product.xero_stock_warning)
        self.patch(type(product), "_xero_is_storable", lambda _product: True)
        product.invalidate_recordset(["xero_stock_warning"])
        self.assertTrue(product.xero_stock_warning)
        other = self.env["product.product"].create({"name": "Coffee"})
        self.assertFalse(other.xero_stock_warning)
        template = product.product_tmpl_id
        template.invalidate_recordset()
        self.assertEqual((template.xero_is_tracked, template.xero_qty_on_hand), (True, 12))
        self.assertTrue(template.xero_stock_warning)
        self.assertFalse(other.product_tmpl_id.xero_is_tracked)
        reader = self.new_user("x_reader", "xero_connector.group_xero_auditor", "account.group_account_manager")
        for record, view in ((product, "product_normal_form_view"), (template, "product_template_only_form_view")):
            with self.subTest(view):
                record = record.with_user(reader)
                arch = etree.fromstring(record.get_view(self.env.ref(f"product.{view}").id, "form")["arch"])
                self.assertTrue(arch.xpath("//div[@invisible='not xero_stock_warning']"))
                quantity = arch.xpath("//field[@name='xero_qty_on_hand'][@invisible='not xero_is_tracked']")
                self.assertEqual((len(quantity), len(arch.xpath("//field[@name='xero_is_tracked']"))), (1, 1))
                # ITM-08
                self.assertIn("switched on in Xero", record.fields_get(["xero_is_tracked"])["xero_is_tracked"]["help"])

    def test_bank_journals_are_mapped_to_active_accounts(self):
        # PUL-12
        arch = etree.fromstring(self.env["account.journal"].get_view(view_type="form")["arch"])
        (field,) = arch.xpath("//field[@name='xero_account_id']")
        self.assertIn("('status', '=', 'ACTIVE')", field.get("domain"))

    def test_options_that_are_archived_are_no_choice(self):
        # TRK-01
        org = self.xero.organisation(1)
        category = next(row for row in org.tracking if row["Name"] == "Region")
        first, *others = category["Options"]
        org.tracking.put({**category, "Options": [{**first, "Status": "ARCHIVED"}, *others]})
        self.pull("tracking_category")
        options = self.env["xero.tracking.option"].search([("connection_id", "=", self.connection.id)])
        self.assertNotIn(first["Name"], options.mapped("name"))
        self.assertLessEqual({row["Name"] for row in others}, set(options.mapped("name")))
