"""Xero's arithmetic without records: whatever is sent comes out as Odoo has it (B2)."""

from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..datasets import amounts
from ..datasets.amounts import CENT, EXCLUSIVE, INCLUSIVE, ZERO, Line
from .common import FIXED_CASES

money = st.decimals("-100000", "100000", places=2)
price = st.decimals("-10000", "10000", places=4)
quantity = st.decimals("-1000", "1000", places=4)
percent = st.decimals("0", "100", places=2)
rate = st.sampled_from([Decimal(r) for r in ("0", "5", "10", "12.5", "15", "20")])


def cents(number):
    return number.quantize(CENT, ROUND_HALF_UP)


def lines_of(nets_and_rates):
    """Lines whose gross is net and tax, each rounded on its own."""
    lines = []
    for source, (net, percentage) in enumerate(nets_and_rates, 1):
        gross = net + cents(net * percentage / 100)
        lines.append(Line(source, net, gross, f"T{percentage}", percentage))
    return lines


def said(lines, mode):
    """Tax per type that Xero ends with, TaxAmount included."""
    totals = {}
    for line in lines:
        own = amounts.tax_of(line.amount, line.rate, mode)
        tax = own if line.tax_amount is None else line.tax_amount
        totals[line.tax_type] = totals.get(line.tax_type, ZERO) + tax
    return totals


@tagged("post_install", "-at_install")
class TestAmounts(BaseCase):
    @settings(max_examples=300, deadline=None, database=None, derandomize=FIXED_CASES)
    @given(quantity, price, percent, money)
    def test_fitted_line_has_the_wanted_amount(self, count, unit, discount, wanted):
        for target in (wanted, cents(count * unit * (100 - discount) / 100)):
            line = Line(1, target, target, "T", Decimal(10), count, unit, discount, amount=target)
            for with_discount in (True, False):
                fitted = amounts.fit(line, with_discount)
                factor = (100 - fitted.get("DiscountRate", 0)) / Decimal(100)
                self.assertEqual(cents(fitted["Quantity"] * fitted["UnitAmount"] * factor), target)
                self.assertGreaterEqual(fitted["Quantity"], 0)
                self.assertEqual(fitted["UnitAmount"], fitted["UnitAmount"].quantize(amounts.UNIT))
                self.assertFalse("DiscountRate" in fitted and not with_discount)

    @settings(max_examples=300, deadline=None, database=None, derandomize=FIXED_CASES)
    @given(st.lists(money.filter(lambda net: abs(net) > 1), min_size=1, max_size=8), rate)
    def test_lines_are_divided_for_the_tax_of_their_sum(self, nets, percentage):
        self.assert_divided(nets, percentage, cents(sum(nets) * percentage / 100))

    @settings(max_examples=300, deadline=None, database=None, derandomize=FIXED_CASES)
    @given(
        st.lists(money.filter(lambda net: abs(net) > 1), min_size=1, max_size=8),
        st.lists(st.sampled_from([Decimal(10), Decimal(5), Decimal("2.5")]), min_size=2, max_size=3, unique=True),
    )
    def test_lines_are_divided_for_taxes_that_are_rounded_apart(self, nets, percentages):
        booked = sum(cents(net * percentage / 100) for net in nets for percentage in percentages)
        self.assert_divided(nets, sum(percentages), booked)

    def assert_divided(self, nets, percentage, booked):
        """Xero computes of the parts what is booked; each line keeps its net, no part another sign or nothing."""
        lines = [Line(source, net, net, "T", percentage, amount=net) for source, net in enumerate(nets)]
        missing = booked - said(lines, EXCLUSIVE)["T"]
        divided = amounts.divide_for_tax(lines, lines, missing)
        self.assertEqual(said(divided, EXCLUSIVE)["T"], booked)
        self.assertLessEqual(len(divided) - len(lines), (amounts.MOST_PARTS - 1) * abs(missing) / CENT)
        for source, net in enumerate(nets):
            parts = [line.amount for line in divided if line.source == source]
            self.assertEqual((sum(parts), {part > 0 for part in parts}), (net, {net > 0}))
            self.assertNotIn(ZERO, parts)

    def test_what_no_division_gives_leaves_the_lines(self):
        lines = [Line(1, Decimal(100), Decimal(110), "T", Decimal(10), amount=Decimal(100))]
        self.assertIs(amounts.divide_for_tax(lines, lines, 2 * CENT), lines)

    @settings(max_examples=300, deadline=None, database=None, derandomize=FIXED_CASES)
    @given(st.lists(st.tuples(money, rate), min_size=1, max_size=30))
    def test_per_line_rounding_needs_nothing(self, rows):
        lines = lines_of(rows)
        expected = {}
        for line in lines:
            expected[line.tax_type] = expected.get(line.tax_type, ZERO) + line.gross - line.net
        self.assertTrue(amounts.settle_without_override(lines, expected, EXCLUSIVE))

    @settings(max_examples=300, deadline=None, database=None, derandomize=FIXED_CASES)
    @given(st.lists(st.tuples(money, rate), min_size=1, max_size=30))
    def test_global_rounding_is_settled_by_single_cents(self, rows):
        lines = lines_of(rows)
        expected = {}
        for kind in {line.tax_type for line in lines}:
            exact = sum(line.net * line.rate / 100 for line in lines if line.tax_type == kind)
            expected[kind] = cents(exact)
        settled = amounts.settle_with_override(lines, expected, EXCLUSIVE)
        self.assertIsNotNone(settled)
        self.assertEqual(said(lines, EXCLUSIVE), expected)
        for line in lines:
            if line.tax_amount is not None:
                self.assertEqual(abs(line.tax_amount - amounts.tax_of(line.net, line.rate, EXCLUSIVE)), CENT)
        self.assertEqual(settled.overrides, sum(line.tax_amount is not None for line in lines))

    @settings(max_examples=300, deadline=None, database=None, derandomize=FIXED_CASES)
    @given(st.lists(st.tuples(money, rate, st.integers(-1, 1)), min_size=1, max_size=30))
    def test_included_prices_keep_the_booked_net(self, rows):
        lines, expected = [], {}
        for source, (gross, percentage, moved) in enumerate(rows, 1):
            tax = amounts.tax_of(gross, percentage, INCLUSIVE) + (CENT * moved if percentage else 0)
            lines.append(Line(source, gross - tax, gross, f"T{percentage}", percentage))
            expected[f"T{percentage}"] = expected.get(f"T{percentage}", ZERO) + tax
        self.assertIsNotNone(amounts.settle_with_override(lines, expected, INCLUSIVE))
        self.assertEqual(said(lines, INCLUSIVE), expected)

    def test_more_than_a_cent_a_line_is_refused(self):
        lines = lines_of([(Decimal("10.00"), Decimal(10))])
        self.assertIsNone(amounts.settle_with_override(lines, {"T10": Decimal("1.02")}, EXCLUSIVE))
        self.assertIsNotNone(amounts.settle_with_override(lines, {"T10": Decimal("1.01")}, EXCLUSIVE))

    def test_half_up(self):
        # facts, section 3.2: 25.06, 25.61, 25.63 at 15 % are 3.76 + 3.84 + 3.84
        taxes = [amounts.tax_of(Decimal(net), Decimal(15), EXCLUSIVE) for net in ("25.06", "25.61", "25.63")]
        self.assertEqual(sum(taxes), Decimal("11.44"))
