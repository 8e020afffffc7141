"""The days between which a record may travel: from the start date (books B8), after Xero's lock dates (B15)."""

from .problem import Problem


def check_start(connection, day, link):
    """Exclude what is older than the start date, unless somebody has included it.

    :raises Problem: `day` is before the start, or none was chosen
    """
    start = connection.sync_from
    if not start:
        raise Problem("start_not_chosen")
    if day < start and not link.included_by_id:
        raise Problem("before_start", state="excluded", start=str(start))


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
