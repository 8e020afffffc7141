"""The totals engine: what Xero makes of lines (facts, section 3.2).

Each line is rounded half-up to cents, tax is computed per line, rounded, then summed.
All amounts are Decimal in the currency of the document.
"""

from decimal import Decimal

from .wire import ZERO, money, rounded

HUNDRED = Decimal(100)
ONE = Decimal(1)
MAX_LINE = Decimal("9999999999.99")


class LineTotalMismatch(Exception):
    """The LineAmount that came with the line is not quantity times price."""

    def __init__(self, given, expected):
        super().__init__(given, expected)
        self.given = given
        self.expected = expected


def line_amount(quantity, unit_amount, rate, discount, given, unit_places):
    """Quantity (4 dp), UnitAmount (2 or 4 dp) and LineAmount of a line.

    Any one of quantity, unit amount and line amount may be None and follows from the others.
    ``LineAmount = Quantity * UnitAmount * (100 - DiscountRate) / 100 - DiscountAmount``
    (specification, LineItem.LineAmount).

    :raises LineTotalMismatch: when ``given`` disagrees with the computed amount.
    """
    if unit_amount is not None:
        unit_amount = rounded(unit_amount, unit_places)
    if quantity is not None:
        quantity = rounded(quantity, 4)
    if unit_amount is None or quantity is None:
        return _fill_gap(quantity, unit_amount, given, unit_places)
    amount = quantity * unit_amount
    if rate:
        amount = amount * (HUNDRED - rate) / HUNDRED
    if discount:
        amount -= discount
    amount = money(amount)
    if given is not None and money(given) != amount:
        raise LineTotalMismatch(money(given), amount)
    return quantity, unit_amount, amount


def _fill_gap(quantity, unit_amount, given, unit_places):
    if given is None:
        quantity = ONE if quantity is None else quantity
        unit_amount = ZERO if unit_amount is None else unit_amount
        return quantity, unit_amount, money(quantity * unit_amount)
    given = money(given)
    if unit_amount is None:
        quantity = quantity or ONE
        return quantity, rounded(given / quantity, unit_places), given
    if not unit_amount:
        return ONE, rounded(given, unit_places), given
    return rounded(given / unit_amount, 4), unit_amount, given


def line_tax(amount, rate, line_amount_types, override=None):
    """Tax of one line in cents.

    :param rate: effective rate in percent; :param override: TaxAmount sent by the client.
    """
    if line_amount_types == "NoTax":
        return ZERO
    if override is not None:
        return money(override)
    if not rate:
        return ZERO
    if line_amount_types == "Inclusive":
        return money(amount * rate / (HUNDRED + rate))
    return money(amount * rate / HUNDRED)


def document_totals(lines, line_amount_types):
    """SubTotal, TotalTax and Total of ``(amount, tax)`` pairs."""
    amount = sum((line[0] for line in lines), ZERO)
    tax = sum((line[1] for line in lines), ZERO)
    sub_total = amount - tax if line_amount_types == "Inclusive" else amount
    return sub_total, tax, sub_total + tax
