"""What payments and allocations do to a document: AmountDue, PAID and back (facts, 3.3, 3.4)."""

from ..wire import ZERO, money
from .kinds import PREPAYMENT, is_sale, kind_of, outstanding


def settle(org, row, **changes):
    """Store a document with changed ``paid``, ``credited``, ``payments`` or ``allocations``.

    The status follows: nothing outstanding is PAID, else AUTHORISED. FullyPaidOnDate is the
    last date of what settled it, so the payment itself must be stored before.
    """
    row = {**row, **changes, "updated": org.stamp()}
    open_amount = outstanding(row)
    row["Status"] = "AUTHORISED" if open_amount else "PAID"
    dates = [org.payments.rows[key]["Date"] for key in row["payments"]]
    dates += [part["Date"] for part in row["allocations"]]
    row["FullyPaidOnDate"] = None if open_amount else max(dates, default=row["Date"])
    return kind_of(row).rows(org).put(row)


def clearing(org, row, amount):
    """Ledger lines (account id, base amount) that take ``amount`` of a document off the books.

    The parts of a document add up to exactly what it posted, whatever they round to. What is
    open of a prepayment stands on its own lines and tax, of all others on the control account.
    """
    kind = kind_of(row)
    sign = kind.sign if is_sale(row) else -kind.sign
    still = outstanding(row)
    base = (money(still / row["CurrencyRate"])
            - money((still - amount) / row["CurrencyRate"]))
    if kind is not PREPAYMENT:
        name = "DEBTORS" if is_sale(row) else "CREDITORS"
        return [(org.system_account(name)["AccountID"], -sign * base)]
    return _parts_of_lines(org, row, amount, -sign * base)


def _parts_of_lines(org, row, amount, base):
    """``base`` spread over the lines that the prepayment posted beside the bank's."""
    still, total = outstanding(row), row["Total"]
    lines = [(account, money(posted * (still - amount) / total) - money(posted * still / total))
             for account, posted in org.ledger.lines(row["PrepaymentID"])
             if account != row["account_id"]]
    rest = base - sum((part for _account, part in lines), ZERO)
    return [(lines[0][0], lines[0][1] + rest), *lines[1:]]


def with_gain(org, lines):
    """The lines added up per account; what does not balance is a realised currency gain."""
    amounts = {}
    for account, amount in lines:
        amounts[account] = amounts.get(account, ZERO) + amount
    rest = -sum(amounts.values(), ZERO)
    if rest:
        gain = org.system_account("REALISEDCURRENCYGAIN")["AccountID"]
        amounts[gain] = amounts.get(gain, ZERO) + rest
    return [(account, amount) for account, amount in amounts.items() if amount]
