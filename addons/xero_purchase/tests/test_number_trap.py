"""A create under the number of a live order silently edits that one: it must never happen (facts, section 3.3)."""

from odoo.tests import tagged

from .common import PurchaseCase


@tagged("post_install", "-at_install")
class TestNumberTrap(PurchaseCase):
    def setUp(self):
        super().setUp()
        # The contact is there already: one write call is left, the order's.
        self.push(self.partner)

    def fault(self, kind, method="PUT", path="/PurchaseOrders$", **options):
        self.xero.sandbox.faults.add(kind, method=method, path=path, **{"times": 1, **options})

    def settle(self, order, minutes=9):
        for _pass in range(minutes * 4):
            self.work(self.connection)
            if order.xero_state == "synced":
                return
            self.age(seconds=30)

    def assertUntouched(self, theirs):
        (now,) = [row for row in self.orders_in_xero() if row["PurchaseOrderID"] == theirs["PurchaseOrderID"]]
        self.assertEqual(now, theirs)

    def test_an_order_of_somebody_else_is_never_edited(self):
        for name, held in (
            ("P90001", "P90001"),
            ("p90002", "P90002"),
            ("PO/2026/1", "PO/2026/1"),
            ("P 9.1", "P 9.1"),
            ("über-1", "über-1"),
        ):
            order = self.order()
            order.name = name
            theirs = self.theirs(held)
            self.push(order)
            self.assertUntouched(theirs)
            self.assertEqual((self.problem(order), order.xero_state), ("number_taken", "failed"), name)
        self.assertEqual(self.xero.count("PUT /PurchaseOrders"), 0)

    def test_the_cure_shows_the_candidate_and_takes_another_number(self):
        order = self.order()
        theirs = self.theirs(order.name)
        self.push(order)
        problem = self.env["xero.exception"].search([("model", "=", "purchase.order"), ("state", "=", "open")])
        with self.as_request(problem) as current:
            wizard = current.env["xero.candidate.wizard"].browse(current.action_cure()["res_id"])
            (line,) = wizard.line_ids
            self.assertEqual((line.name, line.number, line.total), ("Boom FM", order.name, "7.70 AUD"))
            self.assertEqual(wizard.new_number, f"{order.name}A")
            wizard.action_new_number()
        self.assertUntouched(theirs)
        self.assertEqual(order.xero_state, "synced")
        self.assertEqual(order.xero_number, f"{order.name}A")

    def test_the_same_order_is_linked(self):
        # the match rule: contact, date, currency and total
        for name in ("P80001", "PO/2026/2"):
            order = self.order()
            order.name = name
            self.pushed(order)
            xero_id = order.xero_id
            order.xero_link_id.unlink()
            order.invalidate_recordset()
            self.xero.sandbox.log.clear()
            action = self.push(order)
            self.assertEqual(action["params"]["type"], "success", action["params"]["message"])
            self.assertEqual(order.xero_id, xero_id)
            self.assertEqual(self.xero.count("PUT /PurchaseOrders"), 0)

    def test_any_difference_is_a_question(self):
        order = self.order()
        self.pushed(order)
        xero_id = order.xero_id
        for values in (
            {"Date": "2026-01-01"},
            {"LineItems": [{"Description": "x", "Quantity": 1, "UnitAmount": 1, "AccountCode": "400"}]},
        ):
            self.xero.act("edit", purchase_order=xero_id, values=values)
            order.xero_link_id.unlink()
            order.invalidate_recordset()
            self.push(order)
            self.assertEqual(self.problem(order), "number_taken")

    def test_the_number_of_a_deleted_order(self):
        order = self.order()
        theirs = self.theirs(order.name)
        self.xero.act("delete", purchase_order=theirs["PurchaseOrderID"])
        self.push(order)
        self.assertEqual(self.problem(order), "number_deleted")
        self.assertEqual(self.xero.count("PUT /PurchaseOrders"), 0)

    def test_the_others_of_a_batch_go_all_the_same(self):
        # more than five: the list is read instead
        orders = self.env["purchase.order"].concat(*(self.order() for _number in range(8)))
        theirs = self.theirs(orders[3].name)
        self.push(orders)
        self.assertUntouched(theirs)
        self.assertEqual(self.problem(orders[3]), "number_taken")
        self.assertEqual(set((orders - orders[3]).mapped("xero_state")), {"synced"})
        self.assertEqual(len(self.orders_in_xero()), 8)

    def test_the_list_is_read_to_its_end(self):
        order = self.order()
        order.name = "Z/1"
        theirs = [self.theirs(f"A/{number}") for number in range(3)] + [self.theirs("Z/1")]
        dataset = self.connection._dataset("purchase_order")
        self.patch(type(dataset), "_conflict_queries", lambda self, records: [{"page": 1, "pageSize": 2}])
        self.push(order)
        self.assertUntouched(theirs[-1])
        self.assertEqual(self.problem(order), "number_taken")

    def test_two_orders_of_one_number_in_odoo(self):
        orders = self.order() | self.order() | self.order()
        orders[1].name = orders[0].name
        self.push(orders)
        self.assertEqual(orders.mapped("xero_state"), ["synced", "failed", "synced"])
        self.assertEqual(self.problem(orders[1]), "order_number_twice")
        self.assertEqual(len(self.orders_in_xero()), 2)
        self.push(orders[1])
        self.assertEqual(self.problem(orders[1]), "number_taken", "the first one holds it now")
        self.assertEqual(len(self.orders_in_xero()), 2)

    def test_a_look_up_that_fails_sends_nothing(self):
        for kind in ("offline503", "drop_before", "error500_before", "malformed", "rate_minute"):
            with self.subTest(kind=kind):
                order = self.order()
                order.name = f"PO/{kind}"  # not for a path: the list is read
                self.fault(kind, "GET", "/PurchaseOrders")
                self.xero.sandbox.log.clear()
                self.push(order)
                self.assertEqual((order.xero_state, self.xero.count("PUT /PurchaseOrders")), ("queued", 0), kind)
                self.settle(order)
                self.assertEqual(order.xero_state, "synced")
                self.assertEqual(len(self.orders_in_xero(order.name)), 1)
                self.xero.sandbox.faults.clear()

    def test_a_lost_answer_is_found_by_its_number(self):
        for kind in ("drop_after", "truncated", "malformed", "error500_after"):
            with self.subTest(kind=kind):
                order = self.order()
                self.fault(kind)
                self.push(order)
                self.assertEqual(order.xero_state, "in_doubt")
                self.xero.sandbox.log.clear()
                self.settle(order)
                self.assertEqual(order.xero_state, "synced")
                self.assertEqual(self.xero.count("PUT /PurchaseOrders"), 0, f"never a second create: {kind}")
                self.assertEqual(order.xero_id, self.orders_in_xero(order.name)[0]["PurchaseOrderID"])
                self.xero.sandbox.faults.clear()

    def test_what_never_arrived_is_sent_once(self):
        for kind in ("drop_before", "error500_before", "html502"):
            with self.subTest(kind=kind):
                order = self.order()
                self.fault(kind)
                self.push(order)
                self.settle(order)
                self.assertEqual(order.xero_state, "synced")
                self.assertEqual(len(self.orders_in_xero(order.name)), 1)
                self.xero.sandbox.faults.clear()

    def test_somebody_takes_the_number_while_the_answer_is_lost(self):
        order = self.order()
        self.fault("drop_before")
        self.push(order)
        self.assertEqual(order.xero_state, "in_doubt")
        theirs = self.theirs(order.name)
        for _pass in range(40):
            self.work(self.connection)
            self.age(seconds=30)
        self.assertUntouched(theirs)
        self.assertEqual(self.problem(order), "number_taken")

    def test_killed_before_the_call(self):
        # The request is stored, nobody knows whether it left: it is looked up, never just sent.
        order = self.order()
        self.fault("drop_before")
        self.push(order)
        self.env["xero.request"].search([("dataset", "=", "purchase_order")], limit=1).write(
            {"state": "sending", "not_before": False}
        )
        order.xero_link_id.state = "sending"
        theirs = self.theirs(order.name)
        self.age(seconds=100)
        for _pass in range(40):
            self.work(self.connection)
            self.age(seconds=30)
        self.assertUntouched(theirs)
        self.assertEqual(self.problem(order), "number_taken")

    def test_a_lost_update_is_sent_again(self):
        order = self.order()
        self.pushed(order)
        order.partner_ref = "V-2"
        self.fault("drop_after", "POST")
        self.push(order)
        self.settle(order)
        self.assertEqual(order.xero_state, "synced")
        self.assertEqual(self.order_in_xero(order)["Reference"], "V-2")
        self.assertEqual(len(self.orders_in_xero(order.name)), 1)
