"""Every kind of document that must arrive, in the three ways that Odoo computes taxes (D.3)."""

from odoo import Command
from odoo.tests import tagged

from .common import XeroCase


class DocumentCase(XeroCase):
    """Subclasses say how taxes are rounded and whether prices include them."""

    rounding = "round_per_line"
    included = False

    def setUp(self):
        super().setUp()
        self.company.tax_calculation_rounding_method = self.rounding
        if self.included:
            self.gst.price_include_override = "tax_included"
        self.connection = self.connect()

    def pushed(self, move, plural="Invoices"):
        """`move`, pushed and compared; Xero's element."""
        action = self.push(move)
        self.assertEqual(action["params"]["type"], "success", action["params"]["message"])
        return self.assertAgrees(move, plural)

    def rate(self, tax_type):
        return self.env["xero.tax.rate"].search(
            [("connection_id", "=", self.connection.id), ("tax_type", "=", tax_type)]
        )


class Documents:
    """The documents themselves, mixed into one class per setting."""

    def test_many_lines_of_odd_prices(self):
        # Ten lines whose tax ends in fractions of a cent: here global and per-line rounding part.
        prices = [12.34, 7.77, 25.06, 25.61, 25.63, 3.33, 9.99, 0.45, 118.05, 64.95]
        self.pushed(self.invoice([(3, price) for price in prices]))

    def test_discount(self):
        item = self.pushed(self.invoice([{"quantity": 7, "price_unit": 13.57, "discount": 12.5}]))
        if not self.included:
            self.assertEqual(item["LineItems"][0]["DiscountRate"], 12.5)

    def test_four_decimals(self):
        # XQ-04: 1.2345 × 3 is 3.70 in both systems
        self.env.ref("product.decimal_price").digits = 4
        item = self.pushed(self.invoice([(3, 1.2345)]))
        self.assertEqual(item["LineItems"][0]["UnitAmount"], 1.2345)

    def test_six_decimals_fall_back_to_one_unit(self):
        self.env.ref("product.decimal_price").digits = 6
        item = self.pushed(self.invoice([(1000, 0.123456)]))
        self.assertEqual(item["LineItems"][0]["Quantity"], 1)
        self.assertIn("1000", item["LineItems"][0]["Description"])

    def test_two_mapped_taxes_on_a_line(self):
        levy = self.gst.copy(
            {"name": "Levy 5%", "amount": 5, "price_include_override": self.gst.price_include_override}
        )
        self.xero_rate("TAX001", 15)
        with self.as_request(self.connection) as current:
            current.action_import()
        self.env["xero.tax.combination"].create(
            {
                "connection_id": self.connection.id,
                "tax_ids": [Command.set((self.gst | levy).ids)],
                "tax_rate_id": self.rate("TAX001").id,
            }
        )
        both = [Command.set((self.gst | levy).ids)]
        item = self.pushed(self.invoice([{"quantity": 3, "price_unit": 33.37, "tax_ids": both}, (1, 10.05)]))
        self.assertEqual([line["TaxType"] for line in item["LineItems"]], ["TAX001", "OUTPUT"])

    def test_foreign_currency_at_odoos_rate(self):
        usd = self.env.ref("base.USD")
        self.env["res.currency.rate"].create(
            {"currency_id": usd.id, "company_id": self.company.id, "name": "2020-01-01", "rate": 0.6543217}
        )
        move = self.invoice([(2, 149.95), (1, 20.15)], currency_id=usd.id)
        item = self.pushed(move)
        self.assertEqual(item["CurrencyCode"], "USD")
        self.assertAlmostEqual(item["CurrencyRate"], round(move.invoice_currency_rate, 6), places=9)
        base = item["Total"] / item["CurrencyRate"]
        self.assertAlmostEqual(base, move.amount_total_signed, delta=0.02)
        self.assertFalse(self.problem(move))
        # The same total at another rate is another one in the company's currency (B1).
        self.xero.advance(400)
        self.xero.act("edit", invoice=item["InvoiceID"], values={"CurrencyRate": 0.7})
        self.pull("invoice")
        self.assertEqual(self.problem(move), "totals_differ")
        self.assertEqual(move.xero_link_id.difference["fields"], {"rate": ["0.654322", "0.700000"]})

    def test_cash_rounding_as_a_line(self):
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "Five cents",
                "rounding": 0.05,
                "strategy": "add_invoice_line",
                "profit_account_id": self.income.id,
                "loss_account_id": self.income.id,
            }
        )
        move = self.invoice([(1, 10.01)], invoice_cash_rounding_id=rounding.id)
        self.assertIn("rounding", move.line_ids.mapped("display_type"))
        item = self.pushed(move)
        self.assertEqual(item["LineItems"][-1]["TaxType"], "BASEXCLUDED")

    def test_early_payment_discount(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "2 % within 7 days",
                "company_id": self.company.id,
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 7,
                "early_pay_discount_computation": "mixed",
                "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 30})],
            }
        )
        move = self.invoice([(1, 333.33), (2, 77.77)], invoice_payment_term_id=term.id)
        self.assertIn("epd", move.line_ids.mapped("display_type"))
        self.pushed(move)

    def test_notes_and_sections(self):
        move = self.invoice(
            [
                self.note_line("Phase one", "line_section"),
                (1, 100.0),
                self.note_line("Thank you for your order"),
            ]
        )
        item = self.pushed(move)
        self.assertEqual(
            [line["Description"] for line in item["LineItems"]],
            ["Phase one", "Consulting", "Thank you for your order"],
        )
        self.assertNotIn("TaxType", {k: v for k, v in item["LineItems"][0].items() if v})

    def test_down_payment_deducted(self):
        move = self.invoice([(1, 1000.0), {"name": "Down payment", "quantity": -1, "price_unit": 300.0}])
        self.pushed(move)

    def test_zero_total(self):
        self.pushed(self.invoice([(1, 100.0), (-1, 100.0)]))

    def test_line_without_tax(self):
        item = self.pushed(self.invoice([(1, 50.0), {"price_unit": 30.0, "tax_ids": [Command.clear()]}]))
        self.assertEqual(item["LineItems"][1]["TaxType"], "BASEXCLUDED")

    def test_credit_note(self):
        move = self.invoice([{"quantity": 3, "price_unit": 25.61, "discount": 10}, (1, 7.77)], move_type="out_refund")
        item = self.pushed(move, "CreditNotes")
        self.assertEqual(item["Type"], "ACCRECCREDIT")
        self.assertEqual(item["CreditNoteNumber"], move.name)

    def test_due_date_and_reference(self):
        move = self.invoice(
            [(1, 10.0)],
            invoice_date="2026-03-02",
            invoice_date_due="2026-04-15",
            invoice_payment_term_id=False,
            ref="PO 4711",
        )
        item = self.pushed(move)
        self.assertEqual(item["DueDateString"][:10], "2026-04-15")
        self.assertEqual(item["DateString"][:10], "2026-03-02")
        self.assertEqual(item["Reference"], "PO 4711")

    def xero_rate(self, tax_type, percent):
        """A tax rate of its own that a Xero user made."""
        self.create_in_xero(
            "/TaxRates",
            {
                "Name": f"Levies {percent}",
                "ReportTaxType": "OUTPUT",
                "TaxComponents": [{"Name": "All", "Rate": percent, "IsCompound": False, "IsNonRecoverable": False}],
            },
        )


@tagged("post_install", "-at_install")
class TestDocumentsPerLine(Documents, DocumentCase):
    pass


@tagged("post_install", "-at_install")
class TestDocumentsGlobally(Documents, DocumentCase):
    rounding = "round_globally"


@tagged("post_install", "-at_install")
class TestDocumentsPriceIncluded(Documents, DocumentCase):
    included = True

    def test_all_taxes_included_is_inclusive(self):
        item = self.pushed(self.invoice([(1, 110.0), (2, 54.99)]))
        self.assertEqual(item["LineAmountTypes"], "Inclusive")

    def test_mixed_is_exclusive(self):
        excluded = self.gst.copy({"name": "GST on top", "price_include_override": "tax_excluded"})
        excluded.xero_tax_rate_id = self.gst.xero_tax_rate_id
        item = self.pushed(self.invoice([(1, 110.0), {"price_unit": 20.0, "tax_ids": [Command.set(excluded.ids)]}]))
        self.assertEqual(item["LineAmountTypes"], "Exclusive")
