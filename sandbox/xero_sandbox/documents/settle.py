"""What payments and allocations do to a document: AmountDue, PAID and back (facts, 3.3, 3.4)."""

from .kinds import kind_of, outstanding


def settle(org, row, date, **changes):
    """Store a document with changed ``paid``, ``credited``, ``payments`` or ``allocations``.

    The status follows: nothing outstanding is PAID, else AUTHORISED.
    """
    row = {**row, **changes, "updated": org.stamp()}
    open_amount = outstanding(row)
    row["Status"] = "AUTHORISED" if open_amount else "PAID"
    row["FullyPaidOnDate"] = None if open_amount else max(date, row.get("FullyPaidOnDate") or date)
    return kind_of(row).rows(org).put(row)
