"""Odoo's figures of a record beside Xero's (books B1)."""

from .amounts import ZERO

# Codes of what is listed as a difference between both sides.
DIFFERING = ("totals_differ", "booked_differently")


def difference(ours, theirs, currency, total):
    """What is stored on a link when both sides do not agree.

    :param ours, theirs: ``{name: Decimal}``; what only one side has is 0.00 on the other
    :param currency: code of the currency of all figures
    :param total: function from such figures to the one that stands for them
    :return: ``{odoo, xero, currency, fields, detail}`` with texts, ``None`` when they agree
    """
    pairs = {name: (ours.get(name, ZERO), theirs.get(name, ZERO)) for name in {**ours, **theirs}}
    differing = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if not differing:
        return None
    return {
        "odoo": str(total(ours)),
        "xero": str(total(theirs)),
        "currency": currency,
        "fields": {name: [str(a), str(b)] for name, (a, b) in differing.items()},
        "detail": ", ".join(f"{name} {a} / {b}" for name, (a, b) in differing.items()),
    }
