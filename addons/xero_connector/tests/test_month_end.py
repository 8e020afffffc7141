"""One month-end costs what fifty per call must cost, and leaves equal books (C.1, D.1)."""

from odoo import Command
from odoo.tests import tagged

from .books import BooksCase

# A fifth of a month-end; the whole size runs in `make bench`.
INVOICES, LINES, CUSTOMERS = 100, 10, 20
CALLS = {"PUT /Contacts": 1, "PUT /Invoices": 2, "PUT /Payments": 2}
NOT_COUNTED = ("GET /Organisation",)  # read once, for its lock dates


@tagged("post_install", "-at_install")
class TestMonthEnd(BooksCase):
    def setUp(self):
        super().setUp()
        self.plan = self.env["account.analytic.plan"].create({"name": "Sites"})
        self.category = self.env["xero.tracking.category"].search([("connection_id", "=", self.connection.id)], limit=1)
        self.options = self.env["xero.tracking.option"].search(
            [("category_id", "=", self.category.id), ("status", "=", "ACTIVE")], limit=2
        )
        self.sites = self.env["account.analytic.account"].create(
            [{"name": name, "plan_id": self.plan.id, "company_id": self.company.id} for name in ("East", "West")]
        )
        for site, option in zip(self.sites, self.options, strict=True):
            site.with_company(self.company).xero_tracking_option_id = option
        self.connection.write(
            {
                "tracking_1_source": "plan",
                "tracking_1_plan_id": self.plan.id,
                "tracking_1_category_id": self.category.id,
            }
        )

    def invoices(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {number:03}", "is_company": True} for number in range(CUSTOMERS)]
        )
        moves = self.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": partners[number % CUSTOMERS].id,
                    "invoice_date": "2026-11-01",
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": f"Item {line}",
                                "quantity": line + 1,
                                "price_unit": 10.05 + number / 100,
                                "account_id": self.income.id,
                                "tax_ids": [Command.set(self.gst.ids)],
                                "analytic_distribution": {str(self.sites[line % 2].id): 100},
                            }
                        )
                        for line in range(LINES)
                    ],
                }
                for number in range(INVOICES)
            ]
        )
        moves.action_post()
        return moves

    def run_to_end(self, dataset, records):
        """Push `records` in the background; the run when it is done."""
        with self.as_request(records) as current:
            run = self.connection.with_env(current.env).push(dataset, current)
        run = self.env["xero.run"].browse(run.id)
        for _pass in range(20):
            self.work(self.connection)
            if run.state == "done":
                return run
        self.fail(f"the run is {run.state}: {run.waiting_for}")

    def test_a_call_per_fifty_and_equal_books(self):
        self.company.tax_calculation_rounding_method = "round_per_line"
        moves = self.invoices()
        self.analyze()
        # One at a time, as the wizard would group those of a customer.
        payments = self.env["account.payment"].concat(*(self.pay([move]) for move in moves))
        self.xero.sandbox.log.clear()
        runs = [self.run_to_end("invoice", moves), self.run_to_end("payment", payments)]
        counts = self.xero.sandbox.log.counts()
        self.assertEqual({key: n for key, n in counts.items() if key.startswith(("PUT", "POST"))}, CALLS)
        beside = sum(min(counts.get(key, 0), 1) for key in NOT_COUNTED)
        self.assertLessEqual(counts["total"] - beside, sum(CALLS.values()), counts)
        for run in runs:
            self.assertEqual((run.done, run.failed, run.progress), (INVOICES, 0, 100))
        # Each document has an outcome of its own, told apart from its neighbours'.
        rows = {row["InvoiceID"]: row for row in self.xero.organisation(1).invoices}
        paid = {row["PaymentID"]: row["document_id"] for row in self.payments_in_xero()}
        names = {option.name for option in self.options}
        for move, payment in zip(moves, payments, strict=True):
            row = rows[move.xero_link_id.xero_id]
            self.assertEqual((row["InvoiceNumber"], row["Status"]), (move.name, "PAID"))
            self.assertEqual({line["Tracking"][0]["Option"] for line in row["LineItems"]}, names)
            self.assertEqual(paid[self.links(payment).xero_id], move.xero_link_id.xero_id)
        self.assertEqual(set(moves.mapped("xero_state")), {"synced"})
        self.assertEqual(len(paid), INVOICES)
        self.assertBooksAgree()
