"""The pull: from Xero's pages to Odoo, one page at a time.

A step reads one page, stores it in blocks, and saves the position. Whatever happens in between,
the next step reads the page again; blocks know by their links what they have stored.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg2.errors

from odoo.exceptions import UserError

from .. import values
from ..client import errors
from ..datasets.problem import Problem
from . import inbox, pairs, push, session, transaction

_logger = logging.getLogger(__name__)

SECOND = timedelta(seconds=1)
LONG_AGO = datetime(2000, 1, 1)
TAIL = 200  # ids kept of what was read last
# What a wrong value in one element can raise; anything else stops the run until somebody looks.
DATA_ERRORS = (
    *(UserError, Problem, psycopg2.DataError, psycopg2.IntegrityError),
    *(ValueError, TypeError, LookupError, AttributeError, ArithmeticError),
)


# Where what was read goes.
SINKS = {"pull": inbox.store, "adopt": pairs.store}


@dataclass
class Page:
    """Elements as Xero sent them, the size and offset that they were asked for, how many there are in all, and
    when Xero answered, by its clock."""

    items: list
    size: int
    offset: int
    count: int
    moment: datetime | None


def advance(run):
    """Do the next step of a pull run: read a page, store it, save the position.

    :param run: one ``xero.run`` of kind pull, as root, in its company
    :return: whether there was anything to do
    """
    if not transaction.run_committed(run.env, run._start):
        return False
    dataset = run._dataset()
    position = run._position()
    try:
        page = _read(run, dataset)
    except errors.XeroError as error:
        failure = error  # the name of an except clause ends with it
        transaction.run_committed(run.env, lambda: run._is_at(position) and _pause(run, failure))
        return True
    if _has_moved(run, dataset, page):
        restart = {"page": 1, "size": 0, "rows_read": 0, "tail": []}
        transaction.run_committed(run.env, lambda: run._is_at(position) and run.write(restart))
        return True
    if dataset._whole:
        transaction.run_committed(
            run.env, lambda: run._is_at(position) and run._count_pulled(**dataset._store(page.items))
        )
    else:
        # Saved with the first block, so that people see how far it is.
        run.total = max(run.total, run.done + run.failed + page.count - page.offset)
        for start in range(0, len(page.items), dataset._block):
            _store(run, dataset, position, page.items[start : start + dataset._block])
            run.env.invalidate_all()
    transaction.run_committed(run.env, lambda: run._is_at(position) and _move_on(run, dataset, page))
    return True


# === READ === #


def _read(run, dataset):
    params = {**dataset._list_params(), **dataset._pull_params()}
    size = run.size or dataset._page
    path, since = dataset._xero_path, run.since if dataset._knows_changes else None
    if run.only:
        path, params = f"{path}/{run.only}", {}
    elif dataset._paged:
        params |= {"page": run.page, "pageSize": size, "order": "UpdatedDateUTC ASC"}
    if dataset._hides_deleted and not since and not run.only:
        since = LONG_AGO
    connection = run.connection_id
    transaction.commit(run.env)
    found = session.call(connection, lambda api: api.get(path, params, since))
    items = found.rows(dataset._xero_plural, dataset._xero_id)
    if dataset._whole and len({item[dataset._xero_id] for item in items}) < len(items):
        raise errors.OutcomeUnknown("Xero's answer holds an element twice")
    pagination = found.data.get("pagination") if found.data else None
    count = pagination.get("itemCount") if isinstance(pagination, dict) else None
    return Page(items, size, (run.page - 1) * size, count if isinstance(count, int) else len(items), found.moment)


def _has_moved(run, dataset, page):
    """Whether rows before this page were changed meanwhile, so that others slipped past it.

    Pages after the first overlap the one before by at least a row, which must be the same again.
    """
    if run.page == 1 or not run.tail:
        return False
    expected = run.tail[page.offset - run.rows_read]
    return not page.items or page.items[0][dataset._xero_id] != expected


def _pause(run, error):
    """No page now: wait, or stop when waiting does not help."""
    run._count(calls=1)
    if isinstance(error, errors.RateLimited):
        run._wait(transaction.database_now(run.env) + timedelta(seconds=error.retry_after or 60), f"limit_{error.kind}")
    elif error.retry or isinstance(error, errors.AccessRevoked):
        seconds = error.retry_after or push.backoff(run.attempts)
        run.attempts += 1
        run._wait(transaction.database_now(run.env) + timedelta(seconds=seconds), type(error).__name__)
    else:
        run._fail(run.connection_id._error_text(error))


# === STORE === #


def _store(run, dataset, position, items):
    """Store a block; only errors in the data divide it, until the bad element stands alone.

    A run that was stopped meanwhile, or that somebody else has brought further, is left alone.
    """
    if not items:
        return
    try:
        transaction.run_committed(run.env, lambda: run._is_at(position) and SINKS[run.kind](run, dataset, items))
    except DATA_ERRORS as error:
        transaction.rollback(run.env)
        if len(items) == 1:
            problem = _as_problem(error)
            transaction.run_committed(
                run.env, lambda: run._is_at(position) and inbox.refuse(run, dataset, items[0], problem)
            )
            return
        middle = len(items) // 2
        _store(run, dataset, position, items[:middle])
        _store(run, dataset, position, items[middle:])


def _as_problem(error):
    if isinstance(error, Problem):
        return error
    if isinstance(error, UserError):
        return Problem("odoo_refused", text=str(error))
    _logger.warning("An element of Xero's could not be stored", exc_info=error)
    return Problem("not_understood", detail=type(error).__name__)


# === POSITION === #


def _move_on(run, dataset, page):
    """Save where to go on, or finish."""
    run._count(calls=1)
    run.attempts = 0
    moments = [values.parse_moment(item.get("UpdatedDateUTC")) for item in page.items]
    # Changes that Xero shows late are found by the next run only if it begins where this one began.
    run.known_until = run.known_until or page.moment
    run.newest = max([moment for moment in (*moments, run.newest) if moment], default=False)
    run.total = max(run.done + run.failed + page.count - page.offset - len(page.items), run.done + run.failed)
    if not dataset._paged or run.only or len(page.items) < page.size:
        run._complete()
        return
    since = moments[-1] and moments[-1] - SECOND
    if dataset._knows_changes and since and (not run.since or since > run.since):
        # Going on by time loses nothing when rows change meanwhile; a second is read twice.
        run.write({"since": since, "page": 1, "size": 0, "rows_read": 0, "tail": []})
        return
    read = page.offset + len(page.items)
    number = -(-(read - 1) // dataset._page)
    run.write(
        {
            "page": number + 1,
            "size": (read - 1) // number,
            "rows_read": read,
            "tail": [item[dataset._xero_id] for item in page.items][-TAIL:],
        }
    )
