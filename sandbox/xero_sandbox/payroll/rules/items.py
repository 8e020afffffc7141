"""Pay items: earnings rates, deductions, leave types, reimbursements and what else a country has."""

import uuid

BLANK = {"current": True, "account": None, "rate_type": None, "price": None, "multiplier": None,
         "fixed": None, "units": None, "paid": None, "shown": True, "more": {}}


def blank(org, kind, **values):
    """A new pay item's row, not yet kept."""
    return {**BLANK, "id": str(uuid.uuid4()), "kind": kind, "updated": org.stamp(), **values}


def is_taken(org, kind, name, but=None):
    """Whether a current item of this kind, other than ``but``, has this name."""
    def key(text):
        return text.strip().casefold()

    return any(row["current"] and row["id"] != but and key(row["name"]) == key(name)
               for row in org.payroll.items(kind))
