"""Products go to Xero's price list: what is said of them, codes that are taken, lost answers, lines (ITM-01 to 09)."""

from odoo import Command
from odoo.tests import tagged

from .common import XeroCase

UNKNOWN = ("drop_after", "truncated", "malformed", "html502", "error500_after")


class ItemCase(XeroCase):
    def setUp(self):
        super().setUp()
        self.connection = self.connect()
        self.tea = self.product("Green Tea", "TEA-1")

    def product(self, name, code, **values):
        return self.env["product.product"].create(
            {
                "name": name,
                "default_code": code,
                "list_price": 9.5,
                "standard_price": 0,
                "taxes_id": [Command.set(self.gst.ids)],
                "supplier_taxes_id": False,
                **values,
            }
        )

    def items(self, code="TEA-1"):
        return [row for row in self.xero.organisation(1).items if row["Code"] == code]

    def sent(self):
        """Elements of the last write to /Items."""
        calls = [call for call in self.xero.calls if call["path"].endswith("/Items") and call["method"] != "GET"]
        return calls[-1]["request"]["Items"]

    def settle(self, record):
        self.work_until(lambda: record.xero_state == "synced")

    def notes(self, record):
        events = self.env["xero.event"].search([("model", "=", record._name), ("res_id", "=", record.id)])
        return {event.kind: event.message for event in events}


@tagged("post_install", "-at_install")
class TestPushItems(ItemCase):
    def test_a_product_becomes_an_item(self):
        # ITM-01, ITM-02
        self.tea.write({"description_sale": "Loose leaves", "description_purchase": "In bags"})
        account = self.income.with_company(self.company).xero_account_id
        self.tea.property_account_income_id = self.income
        action = self.push(self.tea)
        self.assertEqual(action["params"]["type"], "success", action["params"]["message"])
        item = self.in_xero(self.tea, "Items")
        self.assertEqual((item["Code"], item["Name"]), ("TEA-1", "Green Tea"))
        self.assertEqual((item["Description"], item["PurchaseDescription"]), ("Loose leaves", "In bags"))
        self.assertEqual(item["SalesDetails"]["UnitPrice"], 9.5)
        self.assertEqual(item["SalesDetails"]["AccountCode"], account.code)
        self.assertEqual(item["SalesDetails"]["TaxType"], self.gst.xero_tax_rate_id.tax_type)
        self.assertEqual((self.tea.xero_state, self.tea.xero_number), ("synced", "TEA-1"))
        # Without a cost nothing is said of it; quantities and inventory accounts never are.
        keys = set(self.payload(self.tea))
        self.assertFalse(
            keys & {"PurchaseDetails", "QuantityOnHand", "InventoryAssetAccountCode", "IsTrackedAsInventory"}
        )

    def payload(self, product):
        dataset = self.connection._dataset("item")
        return dataset._prepare_payload(dataset._browse(product.id), product.xero_link_id)[0]

    def test_cost_and_update_in_place(self):
        # ITM-02: a change goes to the same item; an unchanged one costs no call
        self.push(self.tea)
        xero_id = self.tea.xero_link_id.xero_id
        self.xero.sandbox.log.clear()
        self.push(self.tea)
        self.assertFalse(self.xero.count("POST /Items") + self.xero.count("PUT /Items"))
        self.tea.write({"name": "Black Tea", "standard_price": 3.1234, "default_code": "TEA-2"})
        self.assertEqual(self.tea.xero_state, "outdated")
        self.push(self.tea)
        item = self.in_xero(self.tea, "Items")
        self.assertEqual((item["ItemID"], item["Name"], item["Code"]), (xero_id, "Black Tea", "TEA-2"))
        # Kept to four places on the wire; Odoo's own precision of prices decides what there is to send.
        self.assertEqual(item["PurchaseDetails"]["UnitPrice"], self.tea.standard_price)
        self.assertEqual(len(list(self.xero.organisation(1).items)), 1)

    def test_what_cannot_go_is_told_before_a_call(self):
        # ITM-01
        nameless = self.product("No code", False)
        long = self.product("Long code", "X" * 31)
        self.xero.sandbox.log.clear()
        self.push(nameless | long)
        self.assertEqual((self.problem(nameless), self.problem(long)), ("item_without_code", "item_code_too_long"))
        known = self.env["xero.known.error"]._for_code("item_without_code")
        self.assertIn("internal reference", known.correction)
        self.assertFalse(self.xero.calls)
        nameless.default_code = "NOW"
        self.push(nameless)
        self.assertEqual((nameless.xero_state, self.problem(nameless)), ("synced", False))

    def test_names_by_policy(self):
        # ITM-04, K14
        long = "A name that is far longer than the fifty characters that Xero has for it"
        product = self.product(long, "LONG-1")
        self.push(product)
        self.assertEqual(self.in_xero(product, "Items")["Name"], long[:50])
        self.connection.item_name_policy = "legacy"
        other = self.product(long, "LONG-2")
        self.push(other)
        self.assertNotIn("Name", self.payload(other))
        self.assertEqual(self.in_xero(other, "Items")["Description"], long)

    def test_first_tax_only(self):
        # ITM-03
        free = self.env["account.chart.template"].with_company(self.company).ref("au_tax_sale_0")
        self.gst.sequence, free.sequence = 1, 2
        self.tea.taxes_id = free | self.gst
        self.push(self.tea)
        self.assertEqual(self.payload(self.tea)["SalesDetails"]["TaxType"], self.gst.xero_tax_rate_id.tax_type)
        self.assertIn(free.name, self.notes(self.tea)["item_taxes_dropped"])

    def test_tracked_items_keep_their_accounts(self):
        # K22: the account of the cost of a tracked item is Xero's business
        self.push(self.tea)
        self.tea.standard_price = 4
        cost = self.env["xero.account"].search([("connection_id", "=", self.connection.id), ("code", "=", "400")])
        self.tea.product_tmpl_id.xero_purchase_account_id = cost
        self.assertEqual(self.payload(self.tea)["PurchaseDetails"]["AccountCode"], "400")
        self.tea.xero_link_id.figures = {"is_tracked": True, "quantity": 5}
        self.assertNotIn("AccountCode", self.payload(self.tea)["PurchaseDetails"])

    def test_a_code_that_is_taken(self):
        made = self.create_in_xero("/Items", {"Items": [{"Code": "TEA-1", "Name": "Theirs"}]})["Items"][0]
        twin = self.product("Another tea", "TEA-1")
        self.push(self.tea)
        self.assertEqual((self.tea.xero_state, self.tea.xero_link_id.xero_id), ("synced", made["ItemID"]))
        self.push(twin)
        self.assertEqual((twin.xero_state, self.problem(twin)), ("failed", "item_taken"))
        self.assertEqual(len(self.items()), 1)
        self.push(self.tea)
        self.assertEqual(self.in_xero(self.tea, "Items")["Name"], "Green Tea")

    def test_lost_answers_are_found_by_code(self):
        # ERR-12
        for number, kind in enumerate(UNKNOWN):
            with self.subTest(kind=kind):
                product = self.product("Jam", f"JAM-{number}")
                self.xero.sandbox.faults.add(kind, method="PUT", path="/Items$", times=1)
                self.push(product)
                self.assertEqual(product.xero_state, "in_doubt")
                # Nobody's key is remembered by then: only the price list tells.
                self.age(minutes=7)
                self.settle(product)
                self.assertEqual(product.xero_state, "synced")
                self.assertEqual([row["ItemID"] for row in self.items(f"JAM-{number}")], [product.xero_link_id.xero_id])
                self.xero.sandbox.faults.clear()

    def test_direction(self):
        self.connection.item_direction = "pull"
        self.xero.sandbox.log.clear()
        self.push(self.tea)
        self.assertEqual((self.tea.xero_link_id.xero_id, self.xero.calls), (False, []))
        self.connection.item_direction = "push"
        self.assertFalse(self.connection._dataset("item")._is_pulled())

    def test_an_import_does_not_undo_what_was_sent(self):
        self.connection.contact_owner = "odoo"
        # The name that Xero got is cut, and what waits to be sent is newer than Xero's
        long = "A name that is far longer than the fifty characters that Xero has for it"
        product = self.product(long, "LONG-1")
        self.push(product | self.tea)
        self.tea.name = "White Tea"
        self.xero.advance(400)
        for each in product | self.tea:
            self.xero.act("edit", item=each.xero_link_id.xero_id, values={"PurchaseDescription": "By hand"})
        with self.as_request(self.connection) as connection:
            connection.pull("item")
        self.work(self.connection)
        self.assertEqual((product.name, product.description_purchase), (long, "By hand"))
        self.assertEqual((self.tea.name, self.tea.xero_state), ("White Tea", "outdated"))

    def test_what_both_sides_changed_goes_by_its_owner(self):
        # ITM-05: neither side is overwritten without a word, whether it was sent or only linked
        linked = self.product("Sencha", "SENCHA")
        made = self.create_in_xero("/Items", {"Items": [{"Code": "SENCHA", "Name": "Sencha"}]})["Items"][0]
        self.pull("item")
        self.assertEqual(linked.xero_link_id.xero_id, made["ItemID"])
        self.push(self.tea)
        for owner, price in (("ask", 7.0), ("odoo", 7.0), ("xero", 9.0)):
            for product in (linked, self.tea):
                with self.subTest(owner=owner, product=product.name):
                    self.connection.contact_owner = owner
                    product.list_price = 7.0
                    product.xero_link_id.state = "outdated"
                    self.xero.advance(400)
                    values = {"SalesDetails": {"UnitPrice": 8.0}}
                    self.xero.act("edit", item=product.xero_link_id.xero_id, values=values)
                    self.pull("item")
                    values = {"SalesDetails": {"UnitPrice": 9.0}}
                    product.xero_link_id.state = "outdated"
                    self.xero.advance(400)
                    self.xero.act("edit", item=product.xero_link_id.xero_id, values=values)
                    self.pull("item")
                    self.assertEqual(product.list_price, price)
                    problem = self.env["xero.exception"].search(
                        [("link_id", "=", product.xero_link_id.id), ("state", "=", "open")]
                    )
                    self.assertEqual(problem.code, "both_changed" if owner == "ask" else False)
                    if problem:
                        self.assertIn("Sales Price", problem.cause)
                        self.assertIn(product.display_name, problem.cause)

    def test_what_an_import_left_alone_comes_with_the_weekly_one(self):
        self.push(self.tea)
        self.tea.name = "White Tea"
        self.xero.advance(400)
        self.xero.act("edit", item=self.tea.xero_link_id.xero_id, values={"PurchaseDescription": "By hand"})
        self.pull("item")
        # What was sent is what Odoo says again: no call, and what Xero says is still to come.
        self.tea.name = "Green Tea"
        self.push(self.tea)
        self.assertEqual((self.tea.xero_state, self.tea.description_purchase), ("synced", False))
        self.connection.last_update = "2026-01-01"
        full = self.connection._schedule("item", "full")
        (self.connection.schedule_ids - full).active = False
        self.env.cr.execute("UPDATE xero_schedule SET create_date = create_date - interval '9 days'")
        self.env.invalidate_all()
        with self.as_request(self.connection) as connection:
            connection._start_due()
        self.work(self.connection)
        self.assertEqual(self.tea.description_purchase, "By hand")

    def test_a_connection_learns_of_jobs_that_are_new(self):
        jobs = self.connection._schedule("item") | self.connection._schedule("item", "full")
        self.assertEqual(len(jobs), 2)
        kept, gone = jobs
        gone.unlink()
        self.assertTrue(self.connection._schedule("item", "full"))
        self.assertEqual(self.connection._schedule("item"), kept)


@tagged("post_install", "-at_install")
class TestItemsOnLines(ItemCase):
    def setUp(self):
        super().setUp()
        self.line = {"product_id": self.tea.id, "quantity": 3, "price_unit": 10}

    def test_lines_carry_no_item_unless_chosen(self):
        move = self.invoice([self.line])
        self.push(self.tea)
        self.push(move)
        self.assertFalse(self.assertAgrees(move)["LineItems"][0].get("ItemCode"))

    def test_lines_carry_the_item_that_is_sent_before(self):
        self.connection.send_item_codes = True
        nameless = self.product("No code", False)
        move = self.invoice([self.line, {"product_id": nameless.id, "quantity": 1, "price_unit": 1}])
        self.push(move)
        codes = [line.get("ItemCode") for line in self.assertAgrees(move)["LineItems"]]
        self.assertEqual((codes[0], codes[1] or None), ("TEA-1", None))
        self.assertEqual(self.tea.xero_state, "synced")

    def test_a_refused_item_does_not_hold_the_document_back(self):
        self.connection.send_item_codes = True
        self.tea.default_code = "X" * 31
        move = self.invoice([self.line])
        self.push(move)
        self.assertFalse(self.assertAgrees(move)["LineItems"][0].get("ItemCode"))
        self.assertEqual(self.problem(self.tea), "item_code_too_long")

    def test_more_sold_than_xero_has(self):
        # ITM-07
        self.connection.send_item_codes = True
        self.push(self.tea)
        self.tea.xero_link_id.figures = {"is_tracked": True, "quantity": 5}
        enough, short = self.invoice([self.line]), self.invoice([self.line, self.line])
        # Said before it is sent: on the form, in the dry run, in Export Control.
        self.assertFalse(enough.xero_warning)
        self.assertIn("Xero has 5 of", short.xero_warning)
        with self.as_request(short) as current:
            wizard = self.env["xero.dry.run"].browse(current.action_xero_dry_run()["res_id"])
        self.assertIn("Xero has 5 of", wizard.hints)
        with self.as_request(self.env["xero.run"]) as current:
            current.action_export_control()
        documents = self.env["xero.batch.document"].search([("model", "=", "account.move")])
        with self.as_request(documents.run_id) as current:
            current.action_check()
        by_id = {document.res_id: document for document in documents}
        self.assertIn("Xero has 5 of", by_id[short.id].message)
        self.assertEqual((by_id[short.id].state, by_id[enough.id].message), ("ready", False))
        self.push(enough | short)
        self.assertFalse(short.xero_warning, "it is there")
        self.assertNotIn("item_quantity_short", self.notes(enough))
        self.assertIn("Xero has 5 of", self.notes(short)["item_quantity_short"])

    def test_xero_refuses_for_want_of_stock(self):
        # ITM-07
        text = "There is not enough quantity on hand of item TEA-1 to approve this invoice."
        code, arguments = self.env["xero.known.error"]._classify(text)
        self.assertEqual(code, "item_quantity_refused")
        known = self.env["xero.known.error"]._for_code(code)
        self.assertIn(text, known.cause % {"text": arguments["text"]})
