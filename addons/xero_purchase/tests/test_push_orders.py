"""Purchase orders arrive as they are, and follow (BIL-01, BIL-02, BIL-03, XQ-37)."""

from types import SimpleNamespace

from odoo import Command
from odoo.tests import Form, tagged

from ..models.purchase_order import SENT_FIELDS
from .common import PurchaseCase

WRITES = ("PUT /PurchaseOrders", "POST /PurchaseOrders")


@tagged("post_install", "-at_install")
class TestPushOrders(PurchaseCase):
    maxDiff = None

    def writes(self):
        return sum(self.xero.count(write) for write in WRITES)

    def test_what_was_edited_in_xero_is_seen_in_a_large_batch_too(self):
        # RUL-14: no import has told of it
        orders = self.env["purchase.order"].concat(*(self.order([(1, 10.0 + number)]) for number in range(7)))
        self.push(orders)
        edited = orders[3]
        item = self.pushed(edited)
        line = {**item["LineItems"][0], "Description": "Edited in Xero"}
        body = {"LineItems": [{key: line[key] for key in ("LineItemID", "Description", "Quantity", "UnitAmount")}]}
        self.call_xero("POST", f"/PurchaseOrders/{edited.xero_id}", {"PurchaseOrders": [body]})
        for order in orders:
            order.order_line.price_unit += 100
        self.push(orders)
        self.assertEqual((edited.xero_state, self.problem(edited)), ("held", "changed_on_both_sides"))
        self.assertEqual(set((orders - edited).mapped("xero_state")), {"synced"})

    def test_the_whole_order(self):
        # BIL-01, BIL-03: golden; ids are made by Xero
        order = self.order(
            [
                {"display_type": "line_section", "name": "Materials", "product_qty": 0},
                {"name": "Timber, planed", "product_qty": 4, "price_unit": 12.5, "discount": 10},
                {"name": "Carriage", "product_qty": 1, "price_unit": 30, "tax_ids": [Command.clear()]},
                {"display_type": "line_note", "name": "Before noon", "product_qty": 0},
            ],
            partner_ref="Q-77",
            incoterm_id=self.env.ref("account.incoterm_DDP").id,
        )
        order.write({"date_approve": "2026-11-02 20:30:00", "date_planned": "2026-11-09 20:30:00"})
        self.connection.tz = "Australia/Sydney"
        item = self.pushed(order)
        ids = {item.pop("PurchaseOrderID"), item["Contact"]["ContactID"]}
        self.assertEqual(ids, {order.xero_id, self.partner.xero_link_id.xero_id})
        for volatile in ("Contact", "UpdatedDateUTC", "Date", "DeliveryDate", "ExpectedArrivalDate"):
            item.pop(volatile)
        lines = item.pop("LineItems")
        for line in lines:
            line.pop("LineItemID")
            line.pop("AccountID", None)
        self.assertEqual(
            item,
            {
                "Type": "PURCHASEORDER",
                "PurchaseOrderNumber": order.name,
                "Reference": "Q-77",
                "Status": "AUTHORISED",
                # 20:30 UTC is the next day in Sydney.
                "DateString": "2026-11-03T00:00:00",
                "DeliveryDateString": "2026-11-10T00:00:00",
                "ExpectedArrivalDateString": "2026-11-10T00:00:00",
                "DeliveryAddress": "1 Dock Road\nSydney 2000\nAustralia",
                "AttentionTo": "Harbour Trading",
                "Telephone": "02 5550 1000",
                "DeliveryInstructions": "DDP",
                "CurrencyCode": "AUD",
                "CurrencyRate": 1.0,
                "LineAmountTypes": "Exclusive",
                "SubTotal": 75.0,
                "TotalTax": 4.5,
                "Total": 79.5,
                "TotalDiscount": 5.0,
                "IsDiscounted": True,
                "SentToContact": False,
                "HasAttachments": False,
                "HasErrors": False,
            },
        )
        amounts = {"AccountCode": "400", "Tracking": [], "ValidationErrors": []}
        text = {"Tracking": [], "ValidationErrors": []}
        self.assertEqual(
            lines,
            [
                {"Description": "Materials", **text},
                {
                    "Description": "Timber, planed",
                    "Quantity": 4.0,
                    "UnitAmount": 12.5,
                    "DiscountRate": 10.0,
                    "LineAmount": 45.0,
                    "TaxType": "INPUT",
                    "TaxAmount": 4.5,
                    **amounts,
                },
                {
                    "Description": "Carriage",
                    "Quantity": 1.0,
                    "UnitAmount": 30.0,
                    "LineAmount": 30.0,
                    "TaxType": "BASEXCLUDED",
                    "TaxAmount": 0.0,
                    **amounts,
                },
                {"Description": "Before noon", **text},
            ],
        )
        self.assertEqual(self.xero.count("PUT /PurchaseOrders"), 1)
        self.assertEqual(order.xero_number, order.name)

    def test_status_by_setting(self):
        # BIL-02
        for setting, status in (
            ("draft", "DRAFT"),
            ("submitted", "SUBMITTED"),
            ("authorised", "AUTHORISED"),
            ("by_state", "AUTHORISED"),
        ):
            self.connection.push_status_purchase_order = setting
            self.assertEqual(self.pushed(self.order())["Status"], status)

    def test_nothing_is_chosen_silently(self):
        self.connection.push_status_purchase_order = False
        order = self.order()
        self.push(order)
        self.assertEqual(self.problem(order), "status_not_chosen")
        self.assertEqual(self.writes(), 0)

    def test_presets_cover_orders(self):
        # K2
        self.connection.action_preset_review()
        self.assertEqual(self.connection.push_status_purchase_order, "draft")
        self.connection.action_preset_direct()
        self.assertEqual(self.connection.push_status_purchase_order, "authorised")

    def test_a_request_for_quotation_is_refused_without_a_call(self):
        # BIL-01
        order = self.order(confirm=False)
        for state in ("draft", "sent", "to approve"):
            order.state = state
            self.xero.sandbox.log.clear()
            action = self.push(order)
            self.assertEqual(action["params"]["type"], "danger")
            self.assertEqual(self.problem(order), "order_not_confirmed")
            self.assertEqual(self.xero.calls, [])
        order.button_approve(force=True)
        self.assertEqual(order.xero_state, "queued", "Confirming it tries again (ERR-10)")
        self.work(self.connection)
        self.assertEqual(order.xero_state, "synced")

    def test_cancelled_orders(self):
        never, sent = self.order(), self.order()
        self.pushed(sent)
        (never | sent).button_cancel()
        self.assertEqual(sent.xero_state, "outdated")
        self.xero.sandbox.log.clear()
        self.push(never | sent)
        self.assertEqual(self.writes(), 0)
        self.assertEqual((never.xero_state, sent.xero_state), ("excluded", "outdated"))
        self.assertEqual(self.problem(sent), "order_cancelled_in_odoo")

    def test_an_order_before_the_start_stays_out(self):
        order = self.order()
        order.date_approve = "2019-05-05 10:00:00"
        self.push(order)
        self.assertEqual(order.xero_state, "excluded")
        self.assertEqual(self.writes(), 0)

    def test_lock_dates_do_not_bind_orders(self):
        self.connection.sudo().write({"period_lock_date": "2099-01-01", "organisation_read_at": "2099-01-01"})
        self.pushed(self.order())

    def test_changes_are_seen_and_sent_in_place(self):
        order = self.order([(10, 25.5), (1, 8)])
        before = self.pushed(order)
        for change in (
            lambda: order.write({"partner_ref": "V-1"}),
            lambda: order.order_line[0].write({"product_qty": 12}),
            lambda: order.write({"date_planned": "2027-01-05 09:00:00"}),
            lambda: order.write(
                {"order_line": [Command.create({"display_type": "line_note", "name": "Ring first", "product_qty": 0})]}
            ),
            lambda: order.order_line.filtered("display_type").unlink(),
        ):
            change()
            self.assertEqual(order.xero_state, "outdated")
            after = self.pushed(order)
            self.assertEqual(after["PurchaseOrderID"], before["PurchaseOrderID"])
            kept = [line["LineItemID"] for line in after["LineItems"][:2]]
            self.assertEqual(kept, [line["LineItemID"] for line in before["LineItems"]])
        self.assertEqual(after["LineItems"][0]["Quantity"], 12)
        self.assertEqual(len(after["LineItems"]), 2)
        self.assertEqual((self.xero.count("PUT /PurchaseOrders"), self.xero.count("POST /PurchaseOrders")), (1, 5))

    def test_what_odoo_books_by_itself_changes_nothing(self):
        order = self.order()
        self.pushed(order)
        order.order_line.qty_received = 3
        order.button_lock()
        self.assertEqual(order.xero_state, "synced")
        self.xero.sandbox.log.clear()
        self.push(order)
        self.assertEqual(self.xero.calls, [], "unchanged costs no call")

    def test_a_higher_status_follows(self):
        self.connection.push_status_purchase_order = "draft"
        order = self.order()
        self.assertEqual(self.pushed(order)["Status"], "DRAFT")
        self.connection.push_status_purchase_order = "authorised"
        self.assertEqual(self.pushed(order)["Status"], "AUTHORISED")
        self.connection.push_status_purchase_order = "draft"
        order.partner_ref = "later"
        self.assertEqual(self.pushed(order)["Status"], "AUTHORISED", "never back")

    def test_another_buyer_is_another_option(self):
        # TRK-02
        order, category = self.order(), self.env["xero.tracking.category"].search([], limit=1)
        self.pushed(order)
        other = self.new_user("p_other", "purchase.group_purchase_user")
        order.user_id = other
        self.assertEqual(order.xero_state, "synced")
        self.connection.write({"tracking_1_source": "salesperson", "tracking_1_category_id": category.id})
        order.user_id = self.env.user
        self.assertEqual(order.xero_state, "outdated")

    def test_billed_and_deleted_are_final(self):
        for action, status, code in (
            ("bill", "BILLED", "order_final_in_xero"),
            ("delete", "DELETED", "number_deleted"),
        ):
            order = self.order()
            self.pushed(order)
            self.xero.act(action, purchase_order=order.xero_id)
            with self.as_request(order) as current:
                current.action_xero_refresh()
            self.assertEqual(order.xero_status, status)
            order.partner_ref = "too late"
            self.xero.sandbox.log.clear()
            self.push(order)
            self.assertEqual(self.writes(), 0)
            self.assertEqual(self.problem(order), code)
        # XQ-01: it goes under another number, as what was deleted before it was sent.
        problem = self.env["xero.exception"].search([("res_id", "=", order.id), ("state", "=", "open")])
        with self.as_request(problem) as current:
            wizard = self.env["xero.candidate.wizard"].browse(current.action_cure()["res_id"])
        with self.as_request(wizard) as current:
            current.action_new_number()
        self.assertEqual((order.xero_status, order.xero_number), ("AUTHORISED", f"{order.name}A"))

    def test_billed_in_xero_unseen(self):
        order = self.order()
        self.pushed(order)
        self.xero.act("bill", purchase_order=order.xero_id)
        order.partner_ref = "too late"
        self.push(order)
        self.assertEqual((self.problem(order), order.xero_state), ("order_final_in_xero", "outdated"))
        self.connection.document_owner = "odoo"  # then Xero is not looked at before
        order.xero_link_id.xero_status = "AUTHORISED"
        self.push(order)
        self.assertEqual(self.problem(order), "order_status_refused")
        self.assertEqual(self.order_in_xero(order)["Reference"], "")

    def test_import_brings_the_status(self):
        # B24
        orders = self.order() | self.order() | self.order()
        self.push(orders)
        self.xero.act("bill", purchase_order=orders[0].xero_id)
        self.xero.act("delete", purchase_order=orders[1].xero_id)
        self.xero.act(
            "edit",
            purchase_order=orders[2].xero_id,
            values={"LineItems": [{"Description": "x", "Quantity": 1, "UnitAmount": 1, "AccountCode": "400"}]},
        )
        self.connection.pull("purchase_order")
        self.env.flush_all()
        self.work(self.connection)
        self.assertEqual(orders.mapped("xero_status"), ["BILLED", "DELETED", "AUTHORISED"])
        self.assertEqual([self.problem(order) for order in orders], [False, "gone_in_xero", "totals_differ"])

    def test_to_do_counts_orders(self):
        orders = self.order() | self.order()
        self.env.flush_all()
        mine = [("company_id", "=", self.company.id), ("model", "=", "purchase.order")]
        row = self.env["xero.todo"].search([*mine, ("kind", "=", "not_yet")])
        self.assertEqual((row.count, row.amount), (2, sum(orders.mapped("amount_total_cc"))))
        self.pushed(orders[0])
        orders[0].partner_ref = "changed"
        self.env.flush_all()
        for kind, order in (("not_yet", orders[1]), ("outdated", orders[0])):
            row = self.env["xero.todo"].search([*mine, ("kind", "=", kind)])
            action = row.action_open()
            self.assertEqual(self.env[action["res_model"]].search(action["domain"]), order)
            self.assertEqual(row.count, 1)

    def test_nothing_is_read_where_no_order_was_sent(self):
        self.assertNotIn("purchase_order", self.connection._pulled_keys())
        self.pushed(self.order())
        self.assertIn("purchase_order", self.connection._pulled_keys())

    def test_foreign_currency(self):
        usd = self.env["res.currency"].search([("name", "=", "USD")])
        self.env["res.currency.rate"].create(
            {"currency_id": usd.id, "company_id": self.company.id, "name": "2020-01-01", "rate": 0.6543217}
        )
        item = self.pushed(self.order([(3, 19.99)], currency_id=usd.id))
        self.assertEqual((item["CurrencyCode"], item["CurrencyRate"]), ("USD", 0.654322))

    def test_prices_with_tax(self):
        self.input.price_include_override = "tax_included"
        item = self.pushed(self.order([(3, 9.99), (7, 0.35)]))
        self.assertEqual(item["LineAmountTypes"], "Inclusive")

    def test_cents_of_global_rounding(self):
        self.company.tax_calculation_rounding_method = "round_globally"
        self.pushed(self.order([(1, 25.06), (1, 25.61), (1, 25.63), (1, 0.45)]))

    def test_four_decimals_go_as_one_unit(self):
        # Orders know no unitdp: Xero would round 1.2345 to 1.23 before it multiplies.
        self.env.ref("product.decimal_price").digits = 4
        line = self.pushed(self.order([(1000, 1.2345)]))["LineItems"][0]
        self.assertEqual((line["Quantity"], line["UnitAmount"]), (1, 1234.5))
        self.assertIn("1000", line["Description"])

    def test_account_of_a_line(self):
        # product, its category, the Odoo account, the rest
        connection, order = self.connection, self.order()
        found = lambda: self.pushed(order)["LineItems"][0]["AccountCode"]  # noqa: E731
        self.expense.with_company(self.company).xero_account_id = False
        self.push(order)
        self.assertEqual(self.problem(order), "account_unmapped")
        self.assertEqual(self.writes(), 0)
        connection.default_purchase_account_id = self.xero_account("429")
        self.assertEqual(found(), "429")
        self.expense.with_company(self.company).xero_account_id = self.expense_account
        self.assertEqual(found(), "400")
        category = self.product.categ_id or self.env["product.category"].create({"name": "Goods"})
        self.product.categ_id = category
        category.with_company(self.company).xero_purchase_account_id = self.xero_account("404")
        self.assertEqual(found(), "404")
        self.product.with_company(self.company).xero_purchase_account_id = self.xero_account("408")
        self.assertEqual(found(), "408")

    def test_fiscal_position_maps_the_account(self):
        other = self.expense.copy({"code": "600999", "name": "Abroad"})
        other.with_company(self.company).xero_account_id = self.xero_account("429")
        position = self.env["account.fiscal.position"].create(
            {
                "name": "Abroad",
                "company_id": self.company.id,
                "account_ids": [Command.create({"account_src_id": self.expense.id, "account_dest_id": other.id})],
            }
        )
        order = self.order(fiscal_position_id=position.id)
        order.order_line.tax_ids = self.input
        self.assertEqual(self.pushed(order)["LineItems"][0]["AccountCode"], "429")

    def test_codes_typed_in_as_text(self):
        self.connection.sync_accounts = False
        self.expense.with_company(self.company).xero_account_code = "429"
        self.assertEqual(self.pushed(self.order())["LineItems"][0]["AccountCode"], "429")

    def test_a_tax_that_is_not_mapped(self):
        self.input.xero_tax_rate_id = False
        order = self.order()
        self.push(order)
        self.assertEqual(self.problem(order), "tax_unmapped")
        self.assertEqual(self.xero.count("PUT /Contacts"), 0, "no contact for an order that is refused")

    def test_no_tax_is_a_mapping(self):
        self.connection.no_tax_purchase_rate_id = False
        order = self.order([{"product_qty": 1, "price_unit": 5, "tax_ids": [Command.clear()]}])
        self.push(order)
        self.assertEqual(self.problem(order), "no_tax_unmapped")

    def test_the_company_of_a_contact_person_is_the_contact(self):
        person = self.env["res.partner"].create({"name": "Pat", "parent_id": self.partner.id})
        item = self.pushed(self.order(partner_id=person.id))
        self.assertEqual(item["Contact"]["Name"], self.partner.name)

    def test_an_order_goes_when_its_contact_is_there_after_all(self):
        there = self.create_in_xero("/Contacts", {"Contacts": [{"Name": self.partner.name}]})["Contacts"][0]
        other = self.env["res.partner"].create({"name": "Somebody Else"})
        link = self.link(self.connection, "contact", other, there["ContactID"])
        order = self.order()
        self.push(order)
        self.assertEqual(self.problem(order), "contact_not_in_xero")
        link.unlink()
        problem = self.env["xero.exception"].search([("model", "=", "res.partner"), ("state", "=", "open")])
        with self.as_request(problem) as current:
            current._link_to(there["ContactID"])
        self.assertEqual(order.xero_state, "synced")
        self.assertEqual(self.order_in_xero(order)["Contact"]["ContactID"], there["ContactID"])

    def test_lines_are_tracked(self):
        # TRK-05: by shares of an analytic plan, and by whoever the order is for
        categories = self.env["xero.tracking.category"].search([("connection_id", "=", self.connection.id)])
        first, second = categories[0], categories[1]
        plan = self.env["account.analytic.plan"].create({"name": "Sites"})
        accounts = self.env["account.analytic.account"].create(
            [{"name": name, "plan_id": plan.id, "company_id": self.company.id} for name in ("East", "West")]
        )
        for account, option in zip(accounts, first.option_ids, strict=False):
            account.with_company(self.company).xero_tracking_option_id = option
        self.env["xero.tracking.map"].create(
            {
                "category_id": second.id,
                "model": "res.partner",
                "res_id": self.partner.id,
                "option_id": second.option_ids[0].id,
            }
        )
        self.connection.write(
            {
                "tracking_1_source": "plan",
                "tracking_1_plan_id": plan.id,
                "tracking_1_category_id": first.id,
                "tracking_2_source": "partner",
                "tracking_2_category_id": second.id,
                "tracking_split": "split",
            }
        )
        shares = {str(accounts[0].id): 50, str(accounts[1].id): 50}
        lines = self.pushed(self.order([{"product_qty": 1, "price_unit": 10.01, "analytic_distribution": shares}]))[
            "LineItems"
        ]
        self.assertEqual(sorted(line["LineAmount"] for line in lines), [5.0, 5.01])
        tracked = [{part["Option"] for part in line["Tracking"]} for line in lines]
        everywhere = second.option_ids[0].name
        self.assertEqual(tracked, [{option.name, everywhere} for option in first.option_ids[:2]])

    def test_dropship_address(self):
        site = self.env["res.partner"].create({"name": "Site office", "street": "9 Hill St", "phone": "03 1"})
        item = self.pushed(self.order(dest_address_id=site.id))
        self.assertEqual((item["AttentionTo"], item["Telephone"]), ("Site office", "03 1"))
        self.assertIn("9 Hill St", item["DeliveryAddress"])

    def test_where_it_goes_is_part_of_what_was_sent(self):
        # also of the fields that purchase_stock brings along
        warehouse = SimpleNamespace(partner_id=self.partner)
        stock = {"incoterm_location": "Port", "picking_type_id": SimpleNamespace(warehouse_id=warehouse)}
        order, asked = self.order(incoterm_id=self.env.ref("account.incoterm_FOB").id), set()

        class Order:
            _fields = {**order._fields, **stock}

            def __getattr__(self, name):
                asked.add(name)
                return stock[name] if name in stock else order[name]

        delivery = self.connection._dataset("purchase_order")._delivery(Order())
        self.assertEqual(delivery["DeliveryInstructions"], "FOB Port")
        self.assertFalse(asked - SENT_FIELDS - {"company_id"})

    def test_more_than_ten_in_the_background(self):
        orders = self.env["purchase.order"].concat(*(self.order() for _number in range(12)))
        self.push(orders)
        self.work(self.connection)
        self.assertEqual(set(orders.mapped("xero_state")), {"synced"})
        self.assertEqual(self.xero.count("PUT /PurchaseOrders"), 1)
        self.assertEqual(len(self.orders_in_xero()), 12)

    def test_a_bill_tells_its_order(self):
        # XQ-37: Xero's Reference is for sales only, so it is a line
        order = self.order()
        order.order_line.qty_received = 10
        order.action_create_invoice()
        bill = order.invoice_ids
        bill.write({"invoice_date": "2026-11-03", "ref": "S-1", "invoice_origin": False})
        bill.action_post()
        self.push(bill)
        texts = [line["Description"] for line in self.in_xero(bill)["LineItems"]]
        self.assertIn(f"Purchase order: {order.name}", texts)

    def test_files_follow_their_order(self):
        # XQ-36: by the switch of purchases
        def attach(order):
            values = {"name": "quote.txt", "raw": b"ten boards", "res_model": order._name, "res_id": order.id}
            self.env["ir.attachment"].create(values)
            self.push(order)
            return self.order_in_xero(order)["HasAttachments"]

        self.connection.include_ap_attachments = False
        self.assertFalse(attach(self.order()))
        self.connection.include_ap_attachments = True
        order = self.order()
        self.assertTrue(attach(order))
        self.assertEqual(order.xero_file_count, 1)
        self.assertEqual(self.xero.count("PUT /PurchaseOrders/{PurchaseOrderID}/Attachments/{FileName}"), 1)

    def test_form_and_lists(self):
        # XQ-38, CRD-03
        order = self.order()
        self.pushed(order)
        with Form(order) as form:
            self.assertEqual((form.xero_state, form.xero_number, form.xero_id), ("synced", order.name, order.xero_id))
        for view in ("purchase_order_view_tree", "purchase_order_kpis_tree"):
            arch = self.env["purchase.order"].get_view(self.env.ref(f"purchase.{view}").id, "list")["arch"]
            self.assertIn('name="xero_state" widget="badge"', arch, view)
        found = self.env["purchase.order"].search([("xero_state", "in", ["synced"])])
        self.assertEqual(found, order)
        groups = self.env["purchase.order"].formatted_read_group([], ["xero_state"], ["__count"])
        self.assertIn(("synced", 1), [(group["xero_state"], group["__count"]) for group in groups])
        action = self.env.ref("xero_purchase.action_purchase_order_xero_push")
        self.assertEqual(action.binding_model_id.model, "purchase.order")

    def test_the_form_says_beforehand_what_is_wrong(self):
        order = self.order()
        self.assertFalse(order.xero_message)
        self.connection.push_status_purchase_order = False
        order.invalidate_recordset()
        self.assertIn("Draft or Authorised", order.xero_message)
