"""Payroll calendars: made once, never changed (facts, 4.2 and 4.5)."""

import uuid

from ...errors import Invalid
from . import periods


def keep(org, name, kind, start, payment):
    """A new calendar's row; the names of calendars are unique.

    :raises Invalid: the name is taken, or the payment lies before the period.
    """
    if any(row["name"].casefold() == name.casefold() for row in org.payroll.calendars):
        raise Invalid("The name of the payroll calendar must be unique.")
    if payment < start:
        raise Invalid("The payment date must not be before the start date.")
    return org.payroll.calendars.put({
        "id": str(uuid.uuid4()), "name": name, "type": kind, "reference": start, "next": start,
        "offset": periods.offset(kind, start, payment), "updated": org.stamp()})
