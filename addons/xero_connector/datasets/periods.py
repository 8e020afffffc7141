"""Xero's lock dates; what lies on or before them cannot be written there (books B15)."""

from .problem import Problem


def check_lock_dates(connection, day):
    """Hold what is dated in a locked period.

    :raises Problem: `day` is locked
    """
    for field, code in (
        ("end_of_year_lock_date", "locked_year"),
        ("period_lock_date", "locked_period"),
    ):
        locked = connection[field]
        if locked and day <= locked:
            raise Problem(code, state="held", date=str(day), lock=str(locked))
