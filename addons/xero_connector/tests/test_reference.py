"""Accounts, tax rates and the rest come in, are proposed and mapped (REF, CFG, XW-22)."""

from odoo import Command, fields
from odoo.tests import tagged

from .common import XeroCase

NEVER_WRITTEN = ("/Accounts", "/TaxRates", "/TrackingCategories", "/BrandingThemes", "/PayrollCalendars")


COLUMNS = ("xero_id", "code", "name", "type", "account_class", "status", "system_account", "tax_type", "active")


@tagged("post_install", "-at_install")
class TestReference(XeroCase):
    def rows(self, model, connection):
        return self.env[model].search([("connection_id", "=", connection.id)])

    def test_lists_equal_xero_and_come_in_once(self):
        # REF-01, REF-06, REF-09
        connection = self.connect(mapped=False)
        organisation = self.xero.organisation(1)
        accounts = self.rows("xero.account", connection)
        self.assertEqual(
            {(a.code or None, a.name, a.type, a.status) for a in accounts},
            {(a.get("Code"), a["Name"], a["Type"], a["Status"]) for a in organisation.accounts},
        )
        rates = {rate.tax_type: rate for rate in self.rows("xero.tax.rate", connection)}
        self.assertEqual(set(rates), {rate["TaxType"] for rate in organisation.tax_rates})
        self.assertAlmostEqual(rates["OUTPUT"].effective_rate, 10)
        self.assertTrue(rates["OUTPUT"].can_apply_to_revenue)
        self.assertTrue(rates["OUTPUT"].components)
        self.assertIn("USD", connection.currency_codes)
        self.assertEqual(len(self.rows("xero.tracking.category", connection)), 2)
        self.assertEqual(len(self.rows("xero.branding.theme", connection)), 2)
        before = accounts.ids
        with self.as_request(connection) as current:
            current.action_import()
        self.assertEqual(self.rows("xero.account", connection).ids, before)

    def test_import_updates_in_place_and_archives_what_is_gone(self):
        connection = self.connect(mapped=False)
        account = self.rows("xero.account", connection).filtered(lambda a: a.code == "200")
        row = next(a for a in self.xero.organisation(1).accounts if a.get("Code") == "200")
        row["Name"] = "Sales at home"
        with self.as_request(connection) as current:
            current.action_import()
        self.assertEqual(account.name, "Sales at home")

    def test_what_cannot_be_read_is_no_news(self):
        # Values from the future, nulls, fields that nobody knows: what is known stays, and documents go on
        self.connection = self.connect()
        paths = ("/Accounts", "/TaxRates", "/TrackingCategories", "/Currencies", "/BrandingThemes", "/Organisation")
        kept = self.everything_known()
        for kind in ("unknown_enum", "null_strings", "unknown_fields"):
            with self.subTest(kind=kind):
                self.age(minutes=1)  # a list whose keys cannot be read is asked for again after a while
                for path in paths:
                    self.xero.sandbox.faults.add(kind, method="GET", path=f"{path}$", times=1)
                with self.as_request(self.connection) as current:
                    current._import(current._reference_keys())
                self.work(self.connection)  # what a slow machine has left
                hit = {entry["path"] for entry in self.xero.sandbox.faults.log}
                missed = {path for path in paths if not any(found.endswith(path) for found in hit)}
                self.assertEqual(missed, set())
                self.assertEqual(self.everything_known(), kept)
                move = self.invoice()
                self.push(move)
                self.assertAgrees(move)
                self.xero.sandbox.faults.clear()
                self.xero.sandbox.faults.log.clear()

    def everything_known(self):
        """What the connection keeps of the organisation and of its lists."""
        self.env.invalidate_all()
        names = ("tenant_name", "country_code", "base_currency_code", "currency_codes", "short_code")
        found = [self.connection[name] for name in names]
        for model in ("account", "tax.rate", "tracking.category", "tracking.option", "branding.theme"):
            rows = self.env[f"xero.{model}"].with_context(active_test=False).search([], order="id")
            columns = [name for name in COLUMNS if name in rows._fields]
            found.append([[row[name] for name in columns] for row in rows])
        return found

    def test_a_list_that_cannot_be_stored_changes_nothing_and_says_so(self):
        connection = self.connect()
        before = self.rows("xero.tax.rate", connection).mapped("write_date")
        rates = self.env.registry["xero.dataset.tax_rate"]

        def fail(dataset, items):
            raise ValueError("".join(f"what is {item['Name']}" for item in items))

        self.patch(rates, "_store", fail)
        with self.assertLogs("odoo.addons.xero_connector.engine", "WARNING") as log, self.as_request(connection) as c:
            c.action_import()
        run = self.env["xero.run"].search([("dataset", "=", "tax_rate")], limit=1)
        self.assertEqual(run.state, "stopped")
        self.assertIn("could not be understood (ValueError)", run.error)
        self.assertEqual(self.rows("xero.tax.rate", connection).mapped("write_date"), before)
        name = self.xero.organisation(1).tax_rates.rows["OUTPUT"]["Name"]
        self.assertNotIn(f"what is {name}", "".join(log.output), "no value of Xero's in a log")
        others = self.env["xero.run"].search([("connection_id", "=", connection.id), ("kind", "=", "pull")]) - run
        self.assertEqual(set(others.mapped("state")), {"done"})

    def test_import_without_accounts(self):
        # CFG-09, CFG-12, REF-02, REF-03: taxes and currencies always, accounts as codes
        connection = self.connect(mapped=False)
        connection.sync_accounts = False
        self.env["xero.account"].search([]).unlink()
        with self.as_request(connection) as current:
            current.action_import()
        rows = self.rows("xero.account", connection)
        self.assertEqual(rows, rows.filtered(lambda row: row.type == "BANK" or row.enable_payments), "for payments")
        self.assertTrue(self.rows("xero.tax.rate", connection))
        self.map_everything(connection)
        income = self.income.with_company(self.company)
        income.xero_account_code = "260"
        self.assertFalse(income.xero_sync_accounts)
        move = self.invoice()
        self.push(move)
        self.assertEqual(self.in_xero(move)["LineItems"][0]["AccountCode"], "260")

    def test_nothing_of_the_set_up_is_ever_written_to_xero(self):
        # CFG-15
        connection = self.connect()
        self.push(self.invoice())
        with self.as_request(connection) as current:
            current.action_import()
        writes = [c for c in self.xero.calls if c["method"] in ("PUT", "POST", "DELETE")]
        self.assertFalse([c for c in writes if any(part in c["path"] for part in NEVER_WRITTEN)])

    def test_proposals_wait_for_a_confirmation(self):
        connection = self.connect(mapped=False)
        action = connection.action_map_taxes()
        wizard = self.env["xero.mapping.wizard"].browse(action["res_id"])
        line = wizard.line_ids.filtered(lambda line: line.tax_id == self.gst)
        self.assertEqual(line.xero_tax_rate_id.tax_type, "OUTPUT")
        self.assertEqual(line.origin, "proposal")
        self.assertFalse(self.gst.xero_tax_rate_id)
        wizard.action_confirm()
        self.assertEqual(self.gst.xero_tax_rate_id.tax_type, "OUTPUT")
        connection.invalidate_recordset()
        done, total = connection.step_taxes_text.split()[0], connection.step_taxes_text.split()[2]
        self.assertGreater(int(done), 5)
        self.assertGreater(int(total), int(done), "withholding and doubtful taxes are left to the accountant")

    def test_the_rate_alone_never_chooses(self):
        # B5
        connection = self.connect(mapped=False)
        own = self.gst.copy({"name": "My own nothing", "amount": 0})
        doubtful = self.gst.copy({"name": "My own ten"})
        proposals = connection._dataset("tax_rate")._propose(own | doubtful)
        self.assertFalse(proposals[own.id][0])
        rates = self.rows("xero.tax.rate", connection).filtered(
            lambda rate: rate.can_apply_to_revenue and abs(rate.effective_rate - 10) < 0.01
        )
        self.assertEqual(bool(proposals[doubtful.id][0]), len(rates) == 1)
        self.assertTrue(proposals[own.id][1])

    def test_tax_with_another_rate_is_warned_of(self):
        # REF-07
        connection = self.connect()
        zero = self.rows("xero.tax.rate", connection).filtered(lambda rate: rate.tax_type == "EXEMPTOUTPUT")
        self.gst.xero_tax_rate_id = zero
        self.assertIn("10.00", self.gst.xero_rate_warning)
        self.gst.xero_tax_rate_id = self.rows("xero.tax.rate", connection).filtered(
            lambda rate: rate.tax_type == "OUTPUT"
        )
        self.assertFalse(self.gst.xero_rate_warning)

    def test_accounts_are_proposed_by_name_and_class(self):
        connection = self.connect(mapped=False)
        account = self.env["account.account"].create(
            {"name": "Advertising", "code": "987123", "account_type": "expense", "company_ids": self.company.ids}
        )
        misfit = self.env["account.account"].create(
            {"name": "advertising ", "code": "987124", "account_type": "income", "company_ids": self.company.ids}
        )
        proposals = connection._dataset("account")._propose(account | misfit)
        self.assertEqual(proposals[account.id][0].name, "Advertising")
        self.assertNotIn(misfit.id, proposals, "a name never crosses classes")

    def test_mapping_precedence(self):
        # REF-04, INV-21: product, category, account, default of the connection
        connection = self.connect()
        by_code = {a.code: a for a in self.rows("xero.account", connection)}
        category = self.env["product.category"].create({"name": "Freight"})
        product = self.env["product.product"].create({"name": "Parcel", "categ_id": category.id})
        income = self.income.with_company(self.company)
        line = {"product_id": product.id, "price_unit": 10.0}

        def sent_account():
            move = self.invoice([line])
            self.push(move)
            return self.in_xero(move)["LineItems"][0]["AccountCode"]

        connection.default_sales_account_id = by_code["270"]
        income.xero_account_id = False
        self.assertEqual(sent_account(), "270")
        income.xero_account_id = by_code["200"]
        self.assertEqual(sent_account(), "200")
        category.with_company(self.company).xero_sales_account_id = by_code["260"]
        self.assertEqual(sent_account(), "260")
        product.with_company(self.company).xero_sales_account_id = by_code["200"]
        self.assertEqual(sent_account(), "200")

    def test_validate_lists_exactly_what_xero_would_refuse(self):
        connection = self.connect()
        revenue = self.env["account.account"].search(
            [("company_ids", "in", self.company.ids), ("account_type", "in", ("income", "income_other"))], limit=3
        )
        self.assertEqual(len(revenue), 3)
        theirs = self.env["xero.account"].search(
            [("connection_id", "=", connection.id), ("code", "in", ("200", "260", "270"))], order="code"
        )
        for account, their in zip(revenue, theirs, strict=True):
            account.with_company(self.company).xero_account_id = their
            self.invoice([{"quantity": 1, "price_unit": 10, "account_id": account.id}])
        self.assertEqual(self.mismatches(connection, "accounts"), [])
        writes = self.xero.count("PUT /Accounts"), self.xero.count("POST /Accounts/{AccountID}")
        self.xero.act("archive_account", account=theirs[1].code)
        [line] = self.mismatches(connection, "accounts")
        self.assertEqual((line.res_id, line.last_used), (revenue[1].id, fields.Date.today()))
        move = self.env["account.move"].search([("invoice_line_ids.account_id", "=", revenue[1].id)])
        self.assertEqual((line.where_used, line.cure), (move.name, "map_account"))
        self.assertIn("archived", line.cause)
        # What is not used is not listed, and nothing was written on either side.
        self.assertEqual(theirs[1].status, "ACTIVE")
        self.assertEqual(writes, (self.xero.count("PUT /Accounts"), self.xero.count("POST /Accounts/{AccountID}")))

    def test_validate_accounts_as_the_push_chooses_them(self):
        # REF-05: a product's account wins, and a bill falls back on the default of purchases
        connection = self.connect()
        by_code = {a.code: a for a in self.rows("xero.account", connection)}
        income = self.income.with_company(self.company)
        income.xero_account_id = False
        category = self.env["product.category"].create({"name": "Freight"})
        category.with_company(self.company).xero_sales_account_id = by_code["260"]
        product = self.env["product.product"].create({"name": "Parcel", "categ_id": category.id})
        sold = [self.invoice([{"product_id": product.id, "price_unit": 10.0}]) for _n in range(2)]
        costs = self.env["account.account"].search(
            [("company_ids", "in", self.company.ids), ("account_type", "=", "expense")], limit=1
        )
        costs.with_company(self.company).xero_account_id = False
        bill = self.invoice(
            [{"price_unit": 10.0, "account_id": costs.id, "tax_ids": False}], move_type="in_invoice", ref="B1"
        )
        connection.default_purchase_account_id = by_code["400"]
        self.assertEqual(self.mismatches(connection, "accounts"), [])
        connection.default_purchase_account_id = False
        connection.default_sales_account_id = by_code["200"]
        [line] = self.mismatches(connection, "accounts")
        self.assertEqual((line.model, line.res_id), ("account.account", costs.id))
        self.assertEqual((line.where_used, line.cure), (bill.name, "map_account"))
        self.assertEqual(line.action_cure()["res_model"], "xero.mapping.wizard")
        costs.with_company(self.company).xero_account_id = by_code["400"]
        self.xero.act("archive_account", account="260")
        [line] = self.mismatches(connection, "accounts")
        self.assertEqual((line.model, line.res_id, line.cure), ("product.category", category.id, "open"))
        self.assertEqual(line.where_used, f"2 documents, e.g. {min(move.name for move in sold)}")
        self.assertEqual(line.action_cure()["res_id"], category.id)

    def test_validate_taxes_that_travel_together_or_not_at_all(self):
        # XW-20: what counts is the rate of the combination, and the one of lines without a tax
        connection = self.connect()
        rates = {rate.tax_type: rate for rate in self.rows("xero.tax.rate", connection)}
        levy = self.gst.copy({"name": "Levy", "amount": 2})
        together = self.gst | levy
        self.gst.xero_tax_rate_id = False
        move = self.invoice([{"price_unit": 10.0, "tax_ids": [Command.set(together.ids)]}])
        [line] = self.mismatches(connection, "taxes")
        self.assertEqual((line.model, line.where_used, line.cure), ("xero.connection", move.name, "open"))
        self.assertIn("Levy", line.cause)
        combination = self.env["xero.tax.combination"].create(
            {
                "connection_id": connection.id,
                "tax_ids": [Command.set(together.ids)],
                "tax_rate_id": rates["OUTPUT"].id,
            }
        )
        self.assertEqual(self.mismatches(connection, "taxes"), [])
        free = self.invoice([{"price_unit": 10.0, "tax_ids": False}])
        self.assertEqual(self.mismatches(connection, "taxes"), [])
        connection.no_tax_sale_rate_id = False
        [line] = self.mismatches(connection, "taxes")
        self.assertEqual((line.where_used, line.cure), (free.name, "open"))
        self.assertIn("without a tax", line.cause)
        # Archived in Xero since the last import.
        connection.no_tax_sale_rate_id = rates["EXEMPTOUTPUT"]
        self.xero.act("deactivate_tax_rate", tax_rate="EXEMPTOUTPUT", status="ARCHIVED")
        [line] = self.mismatches(connection, "taxes")
        self.assertIn("not an active tax rate", line.cause)
        self.assertEqual(rates["EXEMPTOUTPUT"].status, "ACTIVE")
        connection.no_tax_sale_rate_id = rates["BASEXCLUDED"]
        combination.tax_rate_id = rates["EXEMPTOUTPUT"]
        [line] = self.mismatches(connection, "taxes")
        self.assertEqual(line.where_used, move.name)
        # A single tax whose rate is archived is the tax's own.
        combination.tax_rate_id = rates["OUTPUT"]
        self.gst.xero_tax_rate_id = rates["EXEMPTOUTPUT"]
        taxed = self.invoice()
        [line] = self.mismatches(connection, "taxes")
        self.assertEqual((line.model, line.res_id), ("account.tax", self.gst.id))
        self.assertEqual((line.where_used, line.cure), (taxed.name, "map_tax"))
        self.assertEqual(line.action_cure()["res_model"], "xero.mapping.wizard")
        self.gst.xero_tax_rate_id = rates["OUTPUT"]
        self.gst.amount = -10
        [line] = self.mismatches(connection, "taxes")
        self.assertIn("takes money off", line.cause)

    def test_validate_contacts_finds_a_number_of_somebody_unused(self):
        # CTC-20: both have it, whether there are documents of both or not
        connection = self.connect()
        move = self.invoice()
        self.partner.xero_ar_account = "C001"
        other = self.env["res.partner"].create({"name": "Nobody buys", "xero_ap_account": " c 001 "})
        [line] = self.mismatches(connection, "contacts")
        self.assertEqual((line.res_id, line.where_used, line.cure), (self.partner.id, move.name, "open"))
        self.assertIn("account number", line.cause)
        self.assertEqual(line.action_cure()["res_id"], self.partner.id)
        # Neither a branch of the same customer nor another company's partner is a clash.
        other.parent_id = self.partner
        self.assertEqual(self.mismatches(connection, "contacts"), [])
        other.write({"parent_id": False, "company_id": self._make_company("Second Pty").id})
        self.assertEqual(self.mismatches(connection, "contacts"), [])

    def test_validate_journal_entries_that_travel(self):
        # REF-05, XW-20
        connection = self.connect()
        accounts = self.env["account.account"].search([("company_ids", "in", self.company.ids)])
        accounts.with_company(self.company).xero_account_id = False
        costs = accounts.filtered(lambda account: account.account_type == "expense")[:2]
        mapped = self.env["xero.account"].search([("connection_id", "=", connection.id), ("code", "=", "400")])
        costs[0].with_company(self.company).xero_account_id = mapped
        lines = [
            Command.create({"name": "a", "account_id": costs[0].id, "debit": 5}),
            Command.create({"name": "b", "account_id": costs[1].id, "credit": 5}),
        ]
        entry = self.journal_entry(line_ids=lines)
        [line] = self.mismatches(connection, "accounts")
        self.assertEqual((line.res_id, line.where_used, line.cure), (costs[1].id, entry.name, "map_account"))
        connection.write({"no_tax_sale_rate_id": False, "no_tax_purchase_rate_id": False})
        [line] = self.mismatches(connection, "taxes")
        self.assertEqual((line.model, line.where_used), ("xero.connection", entry.name))
        # Entries of other journals stay in Odoo.
        entry.journal_id.xero_send_entries = False
        self.assertEqual(self.mismatches(connection, "accounts"), [])

    def test_validate_accounts_by_the_code_of_the_company(self):
        connection = self.connect(sync_accounts=False)
        account = self.income.with_company(self.company)
        self.invoice()
        account.code, account.xero_account_code = "9999", "200"
        self.assertEqual(self.mismatches(connection, "accounts"), [])
        account.xero_account_code = False
        [line] = self.mismatches(connection, "accounts")
        self.assertIn("9999", line.cause)

    def test_validate_taxes_and_contacts(self):
        connection = self.connect()
        move = self.invoice()
        self.assertEqual(self.mismatches(connection, "taxes"), [])
        self.gst.amount = 12
        [line] = self.mismatches(connection, "taxes")
        self.assertEqual(line.res_id, self.gst.id)
        self.gst.xero_tax_rate_id = False
        [line] = self.mismatches(connection, "taxes")
        self.assertEqual(line.model, "account.tax")
        self.assertEqual(self.mismatches(connection, "contacts"), [])
        connection.on_missing_contact = "exception"
        [line] = self.mismatches(connection, "contacts")
        self.assertEqual(line.res_id, move.commercial_partner_id.id)
        self.partner.xero_ar_account = "C1"
        other = self.env["res.partner"].create({"name": "Y", "xero_ar_account": " c1"})
        self.invoice(partner_id=other.id)
        self.assertEqual(len(self.mismatches(connection, "contacts")), 2)

    def mismatches(self, connection, what):
        """Lines of a validation, as the button shows them; it writes nothing on either side."""
        before = self.rows_of_ours()
        self.xero.sandbox.log.clear()
        with self.as_request(connection) as current:
            action = getattr(current, f"action_validate_{what}")()
        self.assertEqual(self.rows_of_ours(), before)
        calls = [call["method"] for call in self.xero.calls if "/connect/" not in call["path"]]
        self.assertEqual(calls, [] if what == "contacts" else ["GET"])
        if action.get("tag") == "display_notification":
            return []
        return list(self.env["xero.mismatch"].search(action["domain"]))

    def rows_of_ours(self):
        """How many rows there are of what lasts, and when one was written last."""
        self.env.flush_all()
        found = []
        for name in ("account", "tax_rate", "link", "run", "event", "exception", "request"):
            self.env.cr.execute(f"SELECT count(*), max(write_date) FROM xero_{name}")
            found.append((name, *self.env.cr.fetchone()))
        return found

    def test_an_account_is_found_as_it_is_shown(self):
        connection = self.connect()
        accounts = self.env["xero.account"].with_context(active_test=False)
        own = [("connection_id", "=", connection.id)]
        account = accounts.search([*own, ("code", "=", "260")])
        self.assertIn(" ", account.name)
        for text in (account.display_name, account.name, account.code, account.display_name[:-3].upper()):
            with self.subTest(text=text):
                self.assertEqual(accounts.browse(row[0] for row in accounts.name_search(text, own)), account)
        exact = [*own, ("display_name", "=", account.display_name)]
        self.assertEqual(accounts.search(exact), account)
        others = accounts.search([*own, ("display_name", "not ilike", account.display_name)])
        self.assertEqual(others, accounts.search(own) - account)

    def test_combination_of_one_tax_is_refused(self):
        connection = self.connect()
        with self.assertRaisesRegex(Exception, "two taxes or more"):
            self.env["xero.tax.combination"].create(
                {
                    "connection_id": connection.id,
                    "tax_ids": [Command.set(self.gst.ids)],
                    "tax_rate_id": self.gst.xero_tax_rate_id.id,
                }
            )


@tagged("post_install", "-at_install")
class TestReferenceNewZealand(XeroCase):
    country, chart, currency, country_xmlid = "NZ", "nz", "NZD", "base.nz"

    def test_types_follow_the_country(self):
        # XW-22
        self.connect()
        self.assertEqual(self.gst.xero_tax_rate_id.tax_type, "OUTPUT2")
        purchase = self.env["account.chart.template"].with_company(self.company).ref("nz_tax_purchase_15")
        self.assertEqual(purchase.xero_tax_rate_id.tax_type, "INPUT2")
        move = self.invoice([(3, 12.35)])
        self.push(move)
        self.assertAgrees(move)


@tagged("post_install", "-at_install")
class TestReferenceUnitedKingdom(XeroCase):
    country, chart, currency, country_xmlid = "UK", "uk", "GBP", "base.uk"

    def test_types_follow_the_country(self):
        self.connect()
        self.assertEqual(self.gst.xero_tax_rate_id.tax_type, "OUTPUT2")
        move = self.invoice([(3, 12.35)])
        self.push(move)
        self.assertAgrees(move)
