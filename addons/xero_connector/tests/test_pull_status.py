"""Status and differences of linked documents, items, reference data, and the rules of schedules."""

from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from ..models.xero_schedule import next_midnight
from .common import XeroCase


@tagged("post_install", "-at_install")
class TestPullStatus(XeroCase):
    def setUp(self):
        super().setUp()
        self.connection = self.connect()
        self.move = self.invoice()
        self.push(self.move)
        self.invoice_id = self.move.xero_link_id.xero_id
        self.xero.advance(400)

    def test_our_own_push_is_no_news(self):
        run = self.pull("invoice")
        self.assertEqual((run.updated, run.failed), (0, 0))
        self.assertFalse(self.problem(self.move))

    def test_paid_in_xero(self):
        self.xero.act("pay", invoice=self.invoice_id, amount=1100, account="090", date="2026-11-10")
        run = self.pull("invoice")
        self.assertEqual((run.updated, self.move.xero_status), (1, "PAID"))
        self.assertEqual(self.move.xero_link_id.figures["AmountDue"], 0)
        self.assertFalse(self.problem(self.move))

    def test_edited_in_xero_is_a_difference_and_nothing_else(self):
        line = {
            "Description": "Consulting",
            "Quantity": 1,
            "UnitAmount": 900,
            "AccountCode": "200",
            "TaxType": "OUTPUT",
        }
        self.xero.act("edit", invoice=self.invoice_id, values={"LineItems": [line]})
        self.pull("invoice")
        self.assertEqual(self.problem(self.move), "totals_differ")
        self.assertEqual(self.move.amount_total, 1100.0)
        self.assertTrue(self.move.xero_link_id.difference)
        # Put right in Xero, it closes itself.
        self.xero.advance(400)
        self.xero.act("edit", invoice=self.invoice_id, values={"LineItems": [{**line, "UnitAmount": 1000}]})
        self.pull("invoice")
        self.assertFalse(self.problem(self.move))
        self.assertFalse(self.move.xero_link_id.difference)

    def test_settled_by_prepaid_money_is_said(self):
        contact = self.partner.xero_link_id.xero_id
        line = {"Description": "x", "Quantity": 1, "UnitAmount": 1500, "AccountCode": "200", "TaxType": "OUTPUT"}
        day = "2026-11-10"
        prepaid = self.xero.act("prepay", contact=contact, lines=[line], account="090", date=day)
        key = prepaid["PrepaymentID"]
        self.xero.act("allocate", prepayment=key, invoice=self.invoice_id, amount=1100, date=day)
        self.pull("invoice")
        self.assertEqual(self.move.xero_status, "PAID")
        self.assertEqual(self.problem(self.move), "credited_in_xero")
        self.assertEqual(self.move.amount_residual, 1100.0)

    def test_credit_that_odoo_has_reconciled_too_is_no_problem(self):
        credit, day = self.invoice(move_type="out_refund"), str(fields.Date.today())
        self.push(credit)
        self.xero.act(
            "allocate", credit_note=credit.xero_link_id.xero_id, invoice=self.invoice_id, amount=1100, date=day
        )
        lines = (self.move | credit).line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        lines.reconcile()
        self.pull("invoice", "credit_note")
        self.assertEqual((self.move.xero_status, credit.xero_status), ("PAID", "PAID"))
        self.assertFalse(self.problem(self.move))
        self.assertFalse(self.problem(credit))

    def test_voided_in_xero(self):
        self.xero.act("void", invoice=self.invoice_id)
        self.pull("invoice")
        self.assertEqual((self.move.xero_status, self.move.state), ("VOIDED", "posted"))
        self.assertEqual(self.problem(self.move), "gone_in_xero")

    def test_an_approved_draft(self):
        self.connection.push_status_invoice = "draft"
        move = self.invoice()
        self.push(move)
        self.assertEqual(move.xero_status, "DRAFT")
        self.xero.advance(400)
        self.xero.act("approve", invoice=move.xero_link_id.xero_id)
        self.pull("invoice")
        self.assertEqual(move.xero_status, "AUTHORISED")

    def test_documents_are_never_made(self):
        moves = self.env["account.move"].search_count([])
        self.xero.organisation(1).seed_invoices_with_payments(20, customers=3)
        run = self.pull("invoice")
        self.assertGreaterEqual(run.skipped, 20)
        self.assertEqual(self.env["account.move"].search_count([]), moves)


@tagged("post_install", "-at_install")
class TestPullItems(XeroCase):
    def test_items_are_linked_by_code_and_created_by_choice(self):
        self.connection = self.connect(mapped=False)
        ours = self.env["product.product"].create({"name": "Ours", "default_code": "TEA-1", "standard_price": 3})
        tea = {"Code": "TEA-1", "Name": "Tea", "SalesDetails": {"UnitPrice": 9.5}}
        jam = {"Code": "JAM-1", "Name": "Jam", "SalesDetails": {"UnitPrice": 4.5}, "PurchaseDetails": {"UnitPrice": 2}}
        made = self.create_in_xero("/Items", {"Items": [tea, jam]})["Items"]
        run = self.pull("item")
        self.assertEqual(run.linked, 1)
        self.assertEqual(ours.xero_link_id.xero_id, made[0]["ItemID"])
        self.assertEqual(ours.name, "Ours")
        self.connection.create_products = True
        self.pull("item", everything=True)
        product = self.env["product.product"].search([("default_code", "=", "JAM-1")])
        self.assertRecordValues(product, [{"name": "Jam", "list_price": 4.5, "standard_price": 2.0}])
        self.xero.advance(400)
        self.xero.act("edit", item=made[0]["ItemID"], values={"Name": "Green Tea"})
        self.pull("item")
        self.assertEqual((ours.name, ours.standard_price), ("Green Tea", 3.0))
        self.pull("item", everything=True)
        self.assertEqual(self.env["product.product"].search_count([("default_code", "=", "JAM-1")]), 1)


@tagged("post_install", "-at_install")
class TestImport(XeroCase):
    def setUp(self):
        super().setUp()
        self.connection = self.connect(mapped=False)

    def import_all(self):
        with self.as_request(self.connection) as connection:
            return connection.action_import()

    def test_each_list_once_in_order(self):
        self.xero.sandbox.log.clear()
        action = self.import_all()
        self.assertEqual(action["params"]["type"], "success", action["params"]["message"])
        paths = [f"{call['method']} {call['template']}" for call in self.xero.calls if "/connect/" not in call["path"]]
        self.assertEqual(
            paths,
            [
                "GET /Organisation",
                "GET /Currencies",
                "GET /Accounts",
                "GET /TaxRates",
                "GET /TrackingCategories",
                "GET /BrandingThemes",
                "GET /Contacts",
                "GET /Items",
                "GET /BankTransactions",
                "GET /CreditNotes",
                "GET /Invoices",
                "GET /Payments",
            ],
        )
        self.assertTrue(self.connection.last_update)

    def test_the_wizard_offers_what_is_brought_in(self):
        # PUL-02: no payroll without access to it, no entries of which none was sent
        fields_of = self.env["xero.pull.wizard"].fields_get(["dataset"])
        offered = [key for key, _label in fields_of["dataset"]["selection"]]
        self.assertEqual(offered, self.connection._pulled_keys())
        self.assertLessEqual({"account", "contact", "currency", "invoice", "payment", "tax_rate"}, set(offered))
        self.assertFalse({"employee", "pay_item", "manual_journal"} & set(offered))

    def test_switched_off_sets_cost_no_call(self):
        # CFG-12, JRN-04: these are all switches there are.
        names = {
            name
            for name, field in self.connection._fields.items()
            if field.type == "boolean" and name.startswith(("sync_", "include_"))
        }
        files = {"include_ap_attachments", "include_ar_attachments", "include_ar_pdf"}
        sets = {"sync_accounts", "sync_contacts", "sync_items", "sync_receipts", "sync_payments"}
        self.assertEqual(names, sets | files)
        self.map_everything(self.connection)
        self.connection.write({**dict.fromkeys(names, False), "push_status_invoice": "authorised"})
        self.xero.sandbox.log.clear()
        self.import_all()
        for path in ("Accounts", "Contacts", "Items", "Payments"):
            self.assertEqual(self.xero.count(f"GET /{path}"), 0, path)
        for path in ("TaxRates", "Currencies"):
            self.assertEqual(self.xero.count(f"GET /{path}"), 1, path)
        self.income.with_company(self.company).xero_account_code = "200"
        for move in (self.invoice(), self.invoice(move_type="out_refund")):
            self.push(move)
            self.assertEqual(move.xero_state, "synced", self.problem(move))

    def test_what_goes_on_in_the_background_ends_there(self):
        self.connection.last_update = False
        self.xero.sandbox.faults.add("offline503", "GET", "/Contacts", times=1)
        self.import_all()
        self.assertTrue(self.connection.last_result)
        self.assertFalse(self.connection.last_update)
        self.age(minutes=2)
        self.work(self.connection)
        self.assertFalse(self.connection.last_result)
        self.assertTrue(self.connection.last_update)

    def test_a_failing_import_leaves_the_last_update(self):
        self.import_all()
        before = self.connection.last_update
        self.xero.sandbox.faults.add("offline503", "GET", "/Contacts", times=1)
        with freeze_time(fields.Datetime.now() + timedelta(hours=1)):
            action = self.import_all()
        self.assertEqual(action["params"]["type"], "warning")
        self.assertEqual(self.connection.last_update, before)
        event = self.env["xero.event"].search([("kind", "=", "pull_waits")], limit=1)
        self.assertEqual((event.result, event.dataset), ("warning", "contact"))

    def test_currencies_wake_up_and_none_goes_to_sleep(self):
        currencies = self.env["res.currency"].with_context(active_test=False)
        gbp, nok = (currencies.search([("name", "=", name)]) for name in ("GBP", "NOK"))
        (gbp | nok).active = False
        nok.active = True
        self.xero.act("subscribe", currency="GBP")
        self.pull("currency")
        self.assertEqual((gbp.active, nok.active), (True, True))

    def test_second_import_costs_one_call_for_each_set(self):
        self.xero.organisation(1).seed_contacts(50)
        self.import_all()
        self.xero.sandbox.log.clear()
        self.import_all()
        self.assertLessEqual(self.xero.count("total"), 12)

    def test_pages_killed_in_the_middle_go_on(self):
        """The first page stays, the position is kept, the second is read later."""
        self.connection.on_missing_partner = "create"
        self.xero.organisation(1).seed_contacts(1100, spread_days=10)
        run = self.connection.pull("contact")
        self.env.flush_all()
        self.xero.sandbox.faults.add("offline503", "GET", "/Contacts", times=1, nth=2)
        for _n in range(3):
            self.work(self.connection)
        self.assertEqual((run.state, run.waiting_for), ("queued", "Offline"))
        self.assertGreaterEqual(run.created, 1000)
        self.assertLess(run.created, 1100)
        self.age(minutes=2)
        for _n in range(4):
            self.work(self.connection)
        self.assertEqual((run.state, run.failed), ("done", 0))
        self.assertGreaterEqual(run.created, 1100)
        names = self.env["xero.link"].search([("dataset", "=", "contact")]).mapped("xero_id")
        self.assertEqual(len(names), len(set(names)))

    def test_more_than_a_page_in_one_moment(self):
        # B.3 at Xero's own size of a page: each contact is told of, and once
        self.connection.on_missing_partner = "exception"
        org = self.xero.organisation(1)
        ids = org.seed_contacts(1250, same_second=1200)
        run = self.connection.pull("contact")
        self.env.flush_all()
        self.work_until(lambda: run.state == "done")
        told = self.env["xero.exception"].search([("dataset", "=", "contact"), ("code", "=", "partner_missing")])
        self.assertEqual((run.state, len(told)), ("done", len(set(told.mapped("xero_id")))))
        self.assertEqual(len(set(ids) - set(told.mapped("xero_id"))), 0)

    def test_a_scope_that_is_missing_stops_and_says_so(self):
        with self.as_request(self.connection) as connection:
            connection.action_disconnect()
        wanted = self.scopes_of(self.connection).replace("accounting.payments", "")
        code = self.xero.authorise(scopes=wanted, redirect_uri=self.connection.redirect_uri)
        with self.as_request(self.connection) as connection:
            connection._receive_code(code, connection.redirect_uri)
        tenant = self.xero.organisation(1).tenant_id
        self.connection.write({"state": "connected", "tenant_id": tenant})
        with self.as_request(self.connection) as connection:
            action = connection._import(["payment"])
        self.assertEqual(action["params"]["type"], "danger")
        run = self.env["xero.run"].search([("dataset", "=", "payment")], limit=1)
        self.assertEqual(run.state, "stopped")
        event = self.env["xero.event"].search([("run_id", "=", run.id)], limit=1)
        self.assertEqual((event.kind, event.result), ("pull_failed", "failed"))


@tagged("post_install", "-at_install")
class TestSchedules(XeroCase):
    def setUp(self):
        super().setUp()
        self.connection = self.connect(mapped=False)
        self.connection._schedule("contact")

    def start_due(self):
        with self.as_request(self.connection) as connection:
            connection._start_due()

    def run_crons(self):
        for name in ("ir_cron_import", "ir_cron_schedules"):
            with self.as_request(self.env.ref(f"xero_connector.{name}")) as cron:
                cron.method_direct_trigger()

    def test_defaults(self):
        rows = {(s.dataset, s.job): (s.timing, s.minutes) for s in self.connection.schedule_ids}
        for key in ("contact", "payment", "invoice", "credit_note"):
            self.assertEqual(rows[key, "changes"], ("interval", 30))
        for key in ("account", "tax_rate", "currency", "organisation"):
            self.assertEqual(rows[key, "changes"][0], "midnight")
        self.assertEqual(rows["payment", "overnight"][0], "midnight")
        for key in ("contact", "item"):
            self.assertEqual(rows[key, "full"][0], "weekly")
        cron = self.env.ref("xero_connector.ir_cron_import")
        self.assertEqual((cron.interval_number, cron.interval_type, cron.active), (30, "minutes", True))

    def test_due_sets_start_and_others_wait(self):
        self.connection.last_update = fields.Datetime.now()
        schedule = self.connection._schedule("contact")
        self.connection.schedule_ids.filtered(lambda s: s != schedule).active = False
        self.start_due()
        run = schedule.last_run_id
        self.assertEqual((run.state, run.trigger), ("queued", "schedule"))
        run._finish()
        self.start_due()
        self.assertEqual(schedule.last_run_id, run)
        schedule.last_start = fields.Datetime.now() - timedelta(minutes=31)
        self.start_due()
        self.assertNotEqual(schedule.last_run_id, run)
        self.connection.schedule_ids.active = True

    def test_contacts_come_and_change_by_themselves(self):
        # CTC-03, CTC-04, TIM-01
        self.connection.write({"on_missing_partner": "create", "last_update": fields.Datetime.now()})
        changes = self.connection._schedule("contact")
        (self.connection.schedule_ids - changes).active = False

        def half_an_hour_later():
            self.xero.advance(1800)
            changes.last_start = fields.Datetime.now() - timedelta(minutes=31)
            self.run_crons()
            self.work(self.connection)
            return changes.last_run_id

        still, moving = self.create_in_xero("/Contacts", {"Contacts": [{"Name": "Still"}, {"Name": "Moving"}]})[
            "Contacts"
        ]
        first = half_an_hour_later()
        partners = self.env["res.partner"].search([("name", "in", ("Still", "Moving"))], order="name")
        self.assertEqual((first.state, first.trigger, len(partners)), ("done", "schedule", 2))
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_partner SET write_date = write_date - interval '1 day'")
        self.env.invalidate_all()
        unchanged = partners[1].write_date
        phone = {"PhoneType": "DEFAULT", "PhoneNumber": "6200 0000"}
        self.call_xero("POST", "/Contacts", {"Contacts": [{"ContactID": moving["ContactID"], "Phones": [phone]}]})
        second = half_an_hour_later()
        self.assertNotEqual(second, first)
        self.assertEqual((second.updated, partners[0].phone), (1, "6200 0000"))
        self.assertEqual((partners[1].xero_link_id.xero_id, partners[1].write_date), (still["ContactID"], unchanged))

    def test_a_wider_job_takes_the_turn_of_the_smaller_ones(self):
        """Midnight in Sydney on a day of the full pass: one run, and the half hours stay where they were."""
        self.connection.write({"tz": "Australia/Sydney", "last_update": fields.Datetime.now()})
        jobs = self.connection.schedule_ids.filtered(lambda s: s.dataset == "payment")
        (self.connection.schedule_ids - jobs).active = False
        changes, overnight, full = (jobs.filtered(lambda s, j=j: s.job == j) for j in ("changes", "overnight", "full"))
        changes.last_start, overnight.last_start = "2026-11-20 12:40:00", "2026-11-19 13:00:00"
        full.last_start = "2026-11-13 13:00:00"
        started = []
        for minute in range(0, 95, 5):
            with freeze_time(datetime(2026, 11, 20, 13) + timedelta(minutes=minute)):
                before = jobs.mapped("last_run_id")
                self.start_due()
                new = jobs.filtered(lambda s, before=before: s.last_run_id - before)
                started += [(minute, job) for job in new.mapped("job")]
                new.last_run_id._finish()
        # 13:10 was a turn, and so are 13:40 and 14:10.
        self.assertEqual(started, [(0, "full"), (40, "changes"), (70, "changes")])

    def test_off_or_to_be_reconnected_starts_nothing(self):
        for values in ({"enabled": False}, {"state": "needs_reconnect"}):
            with self.subTest(values):
                self.connection.write({"last_update": fields.Datetime.now(), "enabled": True, "state": "connected"})
                self.connection.write(values)
                runs = self.env["xero.run"].search_count([])
                self.run_crons()
                self.assertEqual(self.env["xero.run"].search_count([]), runs)

    def test_the_first_import_is_a_decision(self):
        self.connection.last_update = False
        runs = self.env["xero.run"].search_count([])
        self.run_crons()
        self.assertEqual(self.env["xero.run"].search_count([]), runs)

    def test_every_import_that_succeeds_moves_the_last_one(self):
        """Scheduled ones, too (CFG-03); what fails leaves it, and settings alone are no import."""
        long_ago = datetime(2026, 1, 1)
        self.connection.last_update = long_ago
        chosen = ("contact", "payment", "account")
        self.connection.schedule_ids.filtered(lambda s: s.dataset not in chosen or s.job != "changes").active = False
        account = self.connection._schedule("account")
        self.xero.sandbox.faults.add("offline503", "GET", "/Payments", times=1)
        self.run_crons()
        self.work(self.connection)
        self.assertEqual(self.connection._schedule("contact").last_run_id.state, "done")
        self.assertEqual(self.connection.last_update, long_ago)
        self.age(minutes=2)
        self.work(self.connection)
        first = self.connection.last_update
        self.assertGreater(first, long_ago)
        self.assertFalse(self.connection.last_result)
        with freeze_time(fields.Datetime.now() + timedelta(hours=1)):
            self.run_crons()
            self.work(self.connection)
            self.assertGreater(self.connection.last_update, first)
        self.assertFalse(account.last_run_id.state == "stopped")
        # One that Xero refuses: it is said, and the last success stays.
        last = self.connection.last_update
        payment = self.connection._schedule("payment")
        payment.last_run_id._fail("Xero refuses it.")
        self.assertEqual((self.connection.last_result, self.connection.last_update), ("Xero refuses it.", last))

    def test_overnight_window(self):
        schedule = self.connection._schedule("payment", "overnight")
        now = datetime(2026, 11, 20, 13)
        schedule.last_success = now - timedelta(hours=20)
        self.assertEqual(schedule._start_point(now), now - timedelta(hours=24, minutes=5))
        schedule.last_success = now - timedelta(hours=49)
        self.assertEqual(schedule._start_point(now), now - timedelta(hours=49, minutes=5))

    def test_midnights_across_daylight_saving(self):
        """Sydney 4 Oct 2026 (forward at 2:00) and 4 Apr 2027 (back); London 25 Oct 2026 and 28 Mar 2027."""
        cases = [
            ("Australia/Sydney", "2026-10-03 13:00:00", "2026-10-03 14:00:00"),
            ("Australia/Sydney", "2026-10-03 14:00:00", "2026-10-04 13:00:00"),
            ("Australia/Sydney", "2027-04-03 12:00:00", "2027-04-03 13:00:00"),
            ("Australia/Sydney", "2027-04-03 13:00:00", "2027-04-04 14:00:00"),
            ("Europe/London", "2026-10-24 22:00:00", "2026-10-24 23:00:00"),
            ("Europe/London", "2026-10-24 23:00:00", "2026-10-26 00:00:00"),
            ("Europe/London", "2027-03-27 20:00:00", "2027-03-28 00:00:00"),
            ("Europe/London", "2027-03-28 00:00:00", "2027-03-28 23:00:00"),
        ]
        for zone, moment, expected in cases:
            with self.subTest(zone=zone, moment=moment):
                found = next_midnight(fields.Datetime.to_datetime(moment), zone)
                self.assertEqual(str(found), expected)


@tagged("post_install", "-at_install")
class TestNights(XeroCase):
    """The overnight job under a frozen clock, where a night has 23 or 25 hours; midnights are UTC."""

    def test_sydney_forward(self):
        self.nights("Australia/Sydney", "2026-10-03 14:00:00", "2026-10-04 13:00:00")

    def test_sydney_back(self):
        self.nights("Australia/Sydney", "2027-04-03 13:00:00", "2027-04-04 14:00:00")

    def test_london_back(self):
        self.nights("Europe/London", "2026-10-24 23:00:00", "2026-10-26 00:00:00")

    def test_london_forward(self):
        self.nights("Europe/London", "2027-03-28 00:00:00", "2027-03-28 23:00:00")

    def nights(self, zone, first, second):
        """The job runs once at either midnight, and the second time reads all that happened since the first."""
        first, second = map(fields.Datetime.to_datetime, (first, second))
        minute = timedelta(minutes=1)
        with freeze_time(first - timedelta(hours=2), tick=True):
            # Xero's stamps never go back, and it has just begun, today.
            self.xero.sandbox.clock._last_ms = 0
            self.connection = self.connect(tz=zone)
            bank = self.env["account.journal"].search(
                [("company_id", "=", self.company.id), ("type", "=", "bank")], limit=1
            )
            bank.xero_account_id = self.env["xero.account"].search(
                [("connection_id", "=", self.connection.id), ("code", "=", "090")]
            )
            early, late = self.invoice(), self.invoice()
            self.push(early | late)
            self.connection.last_update = fields.Datetime.now()
            self.pay(early)
        schedule = self.connection._schedule("payment", "overnight")
        self.connection.schedule_ids.filtered(lambda s: s != schedule).active = False
        schedule.last_start = first - timedelta(hours=24)
        self.assertEqual(self.starts(schedule, first - minute), (False, []))
        self.assertEqual(self.starts(schedule, first + minute), (True, [early]))
        # More than 24 hours before the next run, where the night has 25.
        with freeze_time(first + 10 * minute, tick=True):
            self.pay(late)
        self.assertEqual(self.starts(schedule, first + 20 * minute), (False, [early]))
        self.assertEqual(self.starts(schedule, second - minute), (False, [early]))
        self.assertEqual(self.starts(schedule, second + minute), (True, [early, late]))
        self.assertEqual(self.starts(schedule, second + 20 * minute), (False, [early, late]))
        self.assertEqual(len(late._get_reconciled_payments()), 1)

    def test_a_clock_of_xero_that_is_behind_loses_nothing(self):
        first, second, minute = datetime(2026, 11, 19, 13), datetime(2026, 11, 20, 13), timedelta(minutes=1)
        clock = self.xero.sandbox.clock
        self.addCleanup(setattr, clock, "offset", clock.offset)
        with freeze_time(first - timedelta(hours=5), tick=True):
            clock.offset, clock._last_ms = -2 * 3600, 0
            self.connection = self.connect(tz="Australia/Sydney")
            bank = self.env["account.journal"].search(
                [("company_id", "=", self.company.id), ("type", "=", "bank")], limit=1
            )
            bank.xero_account_id = self.env["xero.account"].search(
                [("connection_id", "=", self.connection.id), ("code", "=", "090")]
            )
            late = self.invoice()
            self.push(late)
            self.connection.last_update = fields.Datetime.now()
        schedule = self.connection._schedule("payment", "overnight")
        self.connection.schedule_ids.filtered(lambda s: s != schedule).active = False
        schedule.last_start = first - timedelta(hours=24)
        self.assertEqual(self.starts(schedule, first + minute), (True, []))
        with freeze_time(first + 10 * minute, tick=True):
            self.pay(late)
        self.assertEqual(self.starts(schedule, second + minute), (True, [late]))

    def pay(self, move):
        invoice_id = move.xero_link_id.xero_id
        day = str(fields.Date.today())
        self.xero.act("pay", invoice=invoice_id, amount=move.amount_total, account="090", date=day)

    def starts(self, schedule, moment):
        """Whether the job starts at that moment, and which documents are paid once the worker has been there."""
        before = schedule.last_run_id
        with freeze_time(moment, tick=True):
            with self.as_request(self.connection) as connection:
                connection._start_due()
            self.work(self.connection)
        run = schedule.last_run_id
        self.assertEqual(run.state or "done", "done", run.error or run.waiting_for)
        moves = self.env["account.move"].search(
            [("company_id", "=", self.company.id), ("move_type", "=", "out_invoice")], order="id"
        )
        return run != before, [move for move in moves if move.payment_state == "paid"]


@tagged("post_install", "-at_install")
class TestOrganisation(XeroCase):
    def test_the_company_is_left_alone_unless_wanted(self):
        self.connection = self.connect(mapped=False)
        details = self.xero.organisation(1).details
        details.update(LegalName="Harbour Trading Pty Ltd", TaxNumber="53 004 085 616")
        self.pull("organisation")
        self.assertEqual(self.company.name, "Harbour Trading")
        self.connection.update_company = True
        self.pull("organisation")
        self.assertEqual((self.company.name, self.company.vat), ("Harbour Trading Pty Ltd", "53004085616"))
        # The receipts of a new connection come from Xero, none is sent there (XW-33).
        self.assertEqual(self.connection.payment_direction, "from_xero")
