"""Xero's arithmetic, in Decimal and without records (facts, section 3.2; books, B1 and B2)."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
UNIT = Decimal("0.0001")  # quantities, and unit prices with unitdp=4
RATE = Decimal("0.000001")  # currency rates
ZERO = Decimal("0.00")
MOST_PARTS = 3  # of a line that is divided for its tax
REACH = 100  # cents that such a part may be smaller than an equal one
EXCLUSIVE, INCLUSIVE = "Exclusive", "Inclusive"


def decimal(number, step=CENT):
    """Odoo's float as a Decimal on `step`; floats are read by their shortest text."""
    return Decimal(repr(float(number or 0))).quantize(step, ROUND_HALF_UP)


def tax_of(amount, rate, mode):
    """Tax that Xero computes for one line.

    :param amount: LineAmount
    :param rate: effective rate in per cent
    :param mode: :data:`EXCLUSIVE`, or :data:`INCLUSIVE` when the tax is within `amount`
    """
    base = rate if mode == EXCLUSIVE else rate * 100 / (100 + rate)
    return (amount * base / 100).quantize(CENT, ROUND_HALF_UP)


@dataclass
class Line:
    """One amount line of a document, in document currency.

    :ivar source: id of the Odoo line
    :ivar net: Odoo's amount without tax, as booked
    :ivar gross: Odoo's amount with tax
    :ivar tax_type, rate: Xero's tax type and its effective rate in per cent
    """

    source: int
    net: Decimal
    gross: Decimal
    tax_type: str
    rate: Decimal
    quantity: Decimal = Decimal(1)
    unit_amount: Decimal = ZERO
    discount: Decimal = ZERO
    amount: Decimal = ZERO  # LineAmount, set by settle()
    tax_amount: Decimal | None = None  # TaxAmount where it must be said
    extra: dict = field(default_factory=dict)


@dataclass
class Settled:
    """How a document is sent so that both sides agree.

    :ivar mode: LineAmountTypes
    :ivar overrides: how many lines carry a TaxAmount
    :ivar remainder: cents between both, summed over the tax types
    """

    mode: str
    overrides: int = 0
    remainder: Decimal = ZERO


def computed_taxes(lines, mode):
    """Tax per TaxType that Xero will compute; lines have their ``amount``."""
    totals = defaultdict(lambda: ZERO)
    for line in lines:
        totals[line.tax_type] += tax_of(line.amount, line.rate, mode)
    return totals


def settle_without_override(lines, expected, mode):
    """Step (a) of the ladder: amounts that agree as they are.

    :param expected: Odoo's tax per TaxType
    :return: whether net of every line and tax of every type come out as in Odoo
    """
    for line in lines:
        line.amount = line.net if mode == EXCLUSIVE else line.gross
        line.tax_amount = None
        if mode == INCLUSIVE and line.amount - tax_of(line.amount, line.rate, mode) != line.net:
            return False
    totals = computed_taxes(lines, mode)
    types = set(totals) | set(expected)
    return all(totals.get(kind, ZERO) == expected.get(kind, ZERO) for kind in types)


def settle_with_override(lines, expected, mode):
    """Step (b): say TaxAmount on as few lines as it takes, a cent each at most.

    Prices without tax: the cents go to the lines whose tax Xero rounds hardest the other way.
    Prices with tax: the net of every line stays as booked, so its tax is what is left.

    :param expected: Odoo's tax per TaxType
    :return: :class:`Settled`, or ``None`` when a cent per line is not enough
    """
    for line in lines:
        line.amount = line.net if mode == EXCLUSIVE else line.gross
        line.tax_amount = None
    totals = computed_taxes(lines, mode)
    settled = Settled(mode)
    for kind in {*totals, *expected}:
        same_type = [line for line in lines if line.tax_type == kind]
        missing = expected.get(kind, ZERO) - totals.get(kind, ZERO)
        settled.remainder += abs(missing)
        changes = _spread(same_type, missing) if mode == EXCLUSIVE else _left_over(same_type, missing)
        if changes is None:
            return None
        for line, tax in changes:
            line.tax_amount = tax
            settled.overrides += 1
    return settled


def settle_typed_in(lines, expected):
    """A tax that somebody typed in, as on the paper: said on the largest line of its TaxType, whatever it is.

    :param expected: Odoo's tax per TaxType
    :return: :class:`Settled`, or ``None`` when no line bears a tax of that type
    """
    for line in lines:
        line.amount, line.tax_amount = line.net, None
    totals = computed_taxes(lines, EXCLUSIVE)
    settled = Settled(EXCLUSIVE)
    for kind in {*totals, *expected}:
        missing = expected.get(kind, ZERO) - totals.get(kind, ZERO)
        if not missing:
            continue
        bearing = [line for line in lines if line.tax_type == kind and line.rate]
        if not bearing:
            return None
        largest = max(bearing, key=lambda line: abs(line.amount))
        largest.tax_amount = tax_of(largest.amount, largest.rate, EXCLUSIVE) + missing
        settled.overrides += 1
        settled.remainder += abs(missing)
    return settled


def _spread(lines, missing):
    """``(line, tax)`` for the lines that take a cent of `missing`."""
    cents = int(abs(missing) / CENT)
    if cents > len(lines):
        return None
    step = CENT if missing > 0 else -CENT

    def distance(line):
        """How far Xero's rounding moved the tax in the direction of `step`."""
        return (tax_of(line.amount, line.rate, EXCLUSIVE) - line.amount * line.rate / 100) * step

    nearest = sorted((line for line in lines if line.rate), key=distance)[:cents]
    if len(nearest) < cents:
        return None
    return [(line, tax_of(line.amount, line.rate, EXCLUSIVE) + step) for line in nearest]


def _left_over(lines, missing):
    """``(line, tax)`` for the lines whose booked net differs from what Xero would take."""
    changes = []
    for line in lines:
        tax, own = line.gross - line.net, tax_of(line.gross, line.rate, INCLUSIVE)
        if abs(tax - own) > CENT:
            return None
        if tax != own:
            changes.append((line, tax))
            missing -= tax - own
    return None if missing else changes


def divide_for_tax(lines, bearing, missing):
    """Divide as few lines as it takes so that Xero computes `missing` more tax of them, a cent for each.

    For journal entries, which take no TaxAmount: Xero rounds the tax of each line, so the parts of a line may have a
    cent more or less than the whole, and nothing else changes.

    :param lines: list of :class:`Line` with their ``amount``
    :param bearing: those of them that may be divided, the best first
    :param missing: Decimal, negative when Xero would compute too much
    :return: list of lines in the order of `lines`; these themselves when that does not do
    """
    step, divided = (CENT if missing > 0 else -CENT), {}
    for line in bearing:
        if not missing:
            break
        if line.rate and (parts := _divided_for_tax(line, step)):
            divided[id(line)] = [replace(line, net=part, gross=part, amount=part) for part in parts]
            missing -= step
    return lines if missing else [part for line in lines for part in divided.get(id(line), [line])]


def _divided_for_tax(line, step):
    wanted = tax_of(line.amount, line.rate, EXCLUSIVE) + step
    found = (_parts(line.amount, line.rate, wanted, count) for count in range(2, MOST_PARTS + 1))
    return next(filter(None, found), None)


def _parts(amount, rate, wanted, count):
    """`count` amounts of the same sign that sum up to `amount`, and whose taxes sum up to `wanted`; else ``None``."""
    if count == 1:
        return [amount] if tax_of(amount, rate, EXCLUSIVE) == wanted else None
    equal, step = (amount / count).quantize(CENT, ROUND_DOWN), CENT if amount > 0 else -CENT
    for cents in range(min(REACH, int(abs(equal) / CENT))):
        first = equal - cents * step
        if rest := _parts(amount - first, rate, wanted - tax_of(first, rate, EXCLUSIVE), count - 1):
            return [first, *rest]
    return None


def fit(line, with_discount, step=UNIT):
    """Quantity, UnitAmount and DiscountRate that give ``line.amount`` in Xero.

    :param with_discount: whether the document type has a discount field
    :param step: smallest part of a price that the document type takes
    :return: mapping; `quantity_in_text` tells that the quantity must go into the description
    """
    quantity, unit, discount = line.quantity, line.unit_amount, line.discount
    if quantity < 0:
        quantity, unit = -quantity, -unit
    exact = unit == unit.quantize(step) and quantity == quantity.quantize(UNIT) and quantity
    plain = (quantity * unit).quantize(CENT, ROUND_HALF_UP)
    if exact and not discount and plain == line.amount:
        return {"Quantity": quantity, "UnitAmount": unit}
    two_places = discount == discount.quantize(CENT) and 0 <= discount <= 100
    if exact and discount and with_discount and two_places:
        factor = (100 - discount) / 100
        once = (quantity * unit * factor).quantize(CENT, ROUND_HALF_UP)
        # Whether Xero rounds before the discount, too, is not documented: both must agree.
        twice = (plain * factor).quantize(CENT, ROUND_HALF_UP)
        if once == twice == line.amount:
            return {"Quantity": quantity, "UnitAmount": unit, "DiscountRate": discount}
    if quantity and quantity == quantity.quantize(UNIT):
        net_unit = (line.amount / quantity).quantize(step, ROUND_HALF_UP)
        if (quantity * net_unit).quantize(CENT, ROUND_HALF_UP) == line.amount:
            return {"Quantity": quantity, "UnitAmount": net_unit}
    return {"Quantity": Decimal(1), "UnitAmount": line.amount, "quantity_in_text": True}
