"""The storm over expenses: a fifth of all calls goes wrong, and each bill, receipt and payment is there once (C.2)."""

import logging
import random
from collections import Counter

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.xero_connector.tests.common import FIXED_CASES
from odoo.addons.xero_connector.tests.test_storm import SHARE, StormCase

from .common import ExpenseCase

_logger = logging.getLogger(__name__)

PAIRS = 3  # of expenses that are alike, of each kind


@tagged("post_install", "-at_install")
class TestStormExpenses(StormCase, ExpenseCase):
    def setUp(self):
        super().setUp()
        self.connection.organisation_read_at = "2099-01-01"
        self.xero.sandbox.limits.minute = 10**6

    def test_a_known_storm(self):
        self.storm(1)

    def test_another_storm(self):
        self.storm(2 if FIXED_CASES else random.SystemRandom().randrange(10**6))

    def storm(self, seed):
        _logger.info("storm over expenses, seed %s", seed)
        expenses, payments = self.everything()
        moves = expenses.account_move_id
        for key, records in (("expense", expenses), ("payment", payments)):
            for record in records:
                with self.as_request(record) as current:
                    self.connection.with_env(current.env).push(key, current)
        faults = self.let_loose(seed)
        links = self.env["xero.link"].search([("connection_id", "=", self.connection.id)])
        runs = [("connection_id", "=", self.connection.id), ("state", "in", ("queued", "running"))]
        with self.subTest(seed=seed), mute_logger("odoo.sql_db"):
            self.settle(
                self.connection,
                lambda: [
                    *links.search([("connection_id", "=", self.connection.id)]).mapped("state"),
                    *self.env["xero.run"].search(runs).mapped("state"),
                ],
            )
            fired = len(faults.log)
            faults.clear()
            self.check(moves, payments)
            # A check of the storm itself: it must not die down unnoticed.
            self.assertGreaterEqual(fired, (len(moves) + len(payments)) * SHARE / 3)

    def everything(self):
        """Expenses in twins of the same name, day and amount, each with a receipt, and the payments of all."""
        expenses = self.env["hr.expense"]
        for make in (self.spend, self.spend_company):
            for number in range(PAIRS):
                for twin in range(2):
                    expense = make(20.0 + number, post=False)
                    self.env["ir.attachment"].create(
                        {
                            "name": "receipt.txt",
                            "raw": f"{make.__name__} {number} {twin}".encode(),
                            "res_model": "hr.expense",
                            "res_id": expense.id,
                        }
                    )
                    expenses |= self.book(expense)
        own = expenses.filtered(lambda expense: expense.payment_mode == "own_account")
        payments = (expenses - own).account_move_id.origin_payment_id
        for expense in own:
            payments |= self.pay([expense.account_move_id], payment_date=expense.account_move_id.date)
        return expenses, payments

    def check(self, moves, payments):
        """Each record once in Xero, under its own link, and the books equal."""
        links = self.env["xero.link"].search([("connection_id", "=", self.connection.id)])
        troubled = [(link.dataset, link.state, link.reason) for link in links if link.state != "synced"]
        self.assertEqual(troubled, [])
        self.assertEqual(max(Counter(links.mapped("xero_id")).values()), 1)
        sent = Counter(links.mapped("dataset"))
        self.assertEqual(sent["invoice"], len(moves))
        self.assertEqual(sent["payment"], len(payments))
        self.assertEqual(sent["attachment"], len(moves))
        theirs = self.xero.organisation(1)
        bills = [row["InvoiceID"] for row in self.bills_in_xero()]
        self.assertEqual(sorted(bills), sorted(moves.xero_link_id.mapped("xero_id")))
        self.assertEqual({len(theirs.attachments.group("owner", xero_id)) for xero_id in bills}, {1})
        self.assertEqual(len(self.payments_in_xero()), len(payments))
        self.assertFalse(self.env["xero.request"].search_count([("state", "!=", "answered")]))
        self.assertBooksAgree()
