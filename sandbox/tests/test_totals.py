"""The totals engine: the facts' figures and properties."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xero_sandbox import totals

CENT = Decimal("0.01")
QUANTITY = st.decimals(Decimal("-9999"), Decimal("9999"), places=4)
PRICE = st.decimals(Decimal("-9999"), Decimal("9999"), places=4)
RATE = st.sampled_from([Decimal(rate) for rate in ("0", "5", "10", "12.5", "15", "20")])
DISCOUNT = st.one_of(st.none(), st.decimals(Decimal("0.01"), Decimal("100"), places=2))


def test_tax_is_rounded_per_line_then_summed():
    lines = [(Decimal(amount), totals.line_tax(Decimal(amount), Decimal(15), "Exclusive"))
             for amount in ("25.06", "25.61", "25.63")]
    assert [tax for _amount, tax in lines] == [Decimal("3.76"), Decimal("3.84"), Decimal("3.84")]
    assert totals.document_totals(lines, "Exclusive") == (
        Decimal("76.30"), Decimal("11.44"), Decimal("87.74"))


@pytest.mark.parametrize(("amount", "rate", "tax"), [
    ("0.05", "10", "0.01"), ("-0.05", "10", "-0.01"), ("0.04", "10", "0.00")])
def test_halves_round_away_from_zero(amount, rate, tax):
    assert totals.line_tax(Decimal(amount), Decimal(rate), "Exclusive") == Decimal(tax)


def test_inclusive_takes_the_tax_out():
    tax = totals.line_tax(Decimal("110.00"), Decimal(10), "Inclusive")
    assert tax == 10
    assert totals.document_totals([(Decimal("110.00"), tax)], "Inclusive") == (100, 10, 110)


def test_no_tax_ignores_rate_and_override():
    assert totals.line_tax(Decimal(100), Decimal(10), "NoTax", Decimal(3)) == 0


def test_line_amount_fills_the_gap():
    assert totals.line_amount(Decimal(4), None, None, None, Decimal(10), 4)[1] == Decimal("2.5")
    assert totals.line_amount(None, Decimal("2.5"), None, None, Decimal(10), 4)[0] == 4
    assert totals.line_amount(None, None, None, None, Decimal(10), 2) == (1, 10, 10)


@given(QUANTITY, PRICE, DISCOUNT)
def test_line_is_the_exact_product_rounded_once(quantity, price, rate):
    amount = totals.line_amount(quantity, price, rate, None, None, 4)[2]
    exact = quantity * price * (100 - (rate or 0)) / 100
    assert amount == exact.quantize(CENT, ROUND_HALF_UP)
    assert abs(amount - exact) <= CENT / 2


@given(QUANTITY, PRICE, st.integers(1, 500))
def test_a_line_total_off_by_cents_is_refused(quantity, price, cents):
    right = totals.line_amount(quantity, price, None, None, None, 4)[2]
    assert totals.line_amount(quantity, price, None, None, right, 4)[2] == right
    with pytest.raises(totals.LineTotalMismatch):
        totals.line_amount(quantity, price, None, None, right + cents * CENT, 4)


@given(st.lists(st.tuples(PRICE, RATE), min_size=1, max_size=30),
       st.sampled_from(["Exclusive", "Inclusive", "NoTax"]))
def test_totals_add_up_and_stay_within_half_a_cent_per_line(parts, types):
    lines = [(amount.quantize(CENT), totals.line_tax(amount.quantize(CENT), rate, types))
             for amount, rate in parts]
    sub_total, tax, total = totals.document_totals(lines, types)
    assert sub_total + tax == total
    shown = sum(amount for amount, _tax in lines)
    assert shown == (total if types == "Inclusive" else sub_total)
    exact = sum(
        amount.quantize(CENT) * rate / ({"Inclusive": 100 + rate}.get(types, 100))
        for amount, rate in parts) if types != "NoTax" else 0
    assert abs(tax - exact) <= len(lines) * CENT / 2
