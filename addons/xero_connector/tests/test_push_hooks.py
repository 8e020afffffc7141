"""What a data set may say about its requests: where they go, what goes together, which bytes leave."""

from odoo import api
from odoo.tests import tagged

from ..datasets.problem import Problem
from ..engine import prepare
from .common import XeroCase

QUERIES = ("summarizeErrors=false&unitdp=4", "unitdp=4&summarizeErrors=false")


@tagged("post_install", "-at_install")
class TestPushHooks(XeroCase):
    def setUp(self):
        super().setUp()
        self.connection = self.connect()
        self.push(self.partner)
        self.dataset = self.registry["xero.dataset.invoice"]
        self.xero.sandbox.log.clear()

    def written(self):
        return [call["query"] for call in self.xero.calls if call["method"] == "PUT"]

    def test_elements_with_the_same_path_share_a_request(self):
        moves = self.invoice() + self.invoice(ref="apart") + self.invoice() + self.invoice(ref="apart")

        def path(dataset, link, payload):
            return f"/Invoices?{QUERIES[payload['Reference'] == 'apart']}"

        self.patch(self.dataset, "_request_path", api.model(path))
        self.push(moves)
        self.assertEqual(self.written(), list(QUERIES))
        self.assertEqual(set(moves.mapped("xero_state")), {"synced"})

    def test_parts_of_one_record_are_checked_apart(self):
        move = self.invoice()
        link = self.link(self.connection, "invoice", move, False)
        other = link.copy({"part": "account.move,7"})

        def check(dataset, record, link):
            if link.part:
                raise Problem("record_deleted")

        self.patch(self.dataset, "_check", api.model(check))
        good, problems = prepare.check_records(self.connection._dataset("invoice"), link + other)
        self.assertEqual(good, [(link, move)])
        self.assertEqual([link for link, _problem in problems], [other])

    def test_content_that_is_gone_is_built_anew(self):
        move, tries = self.invoice(), []

        def content(dataset, body):
            tries.append(body)
            if len(tries) == 1:
                raise Problem("record_deleted")
            return body, "application/json"

        self.patch(self.dataset, "_content", api.model(content))
        self.push(move)
        self.assertEqual(len(tries), 2)
        self.assertEqual(len(self.written()), 1)
        self.assertEqual(move.xero_state, "synced")
        self.assertFalse(any(self.env["xero.budget"].search([]).mapped("leases")), "no call is under way any more")

    def test_content_that_is_gone_is_looked_up_not_sent_again(self):
        move, gone = self.invoice(), []

        def content(dataset, body):
            if gone:
                raise Problem("record_deleted")
            return body, "application/json"

        self.patch(self.dataset, "_content", api.model(content))
        self.xero.sandbox.faults.add("drop_after", method="PUT", path="/Invoices$", times=1)
        self.push(move)
        gone.append(True)
        self.work(self.connection)
        self.assertEqual(move.xero_state, "synced")
        self.assertEqual(len(self.written()), 1)

    def test_a_list_without_pages_is_read_whole(self):
        self.patch(self.dataset, "_paged", False)
        self.patch(self.dataset, "_list_path", api.model(lambda dataset, path: path.partition("?")[0]))
        move = self.invoice()
        self.xero.sandbox.faults.add("drop_after", method="PUT", path="/Invoices$", times=1)
        self.push(move)
        self.age(minutes=7)
        self.work(self.connection)
        read = [
            call["query"] for call in self.xero.calls if call["method"] == "GET" and call["path"].endswith("/Invoices")
        ]
        self.assertEqual(read, [""])
        self.assertEqual(move.xero_state, "synced")
