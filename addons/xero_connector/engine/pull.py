"""The pull: from Xero's pages to Odoo, one page at a time.

A step reads one page, stores it in blocks, and saves the position. Whatever happens in between,
the next step reads the page again; blocks know by their links what they have stored.
"""

import logging
import traceback
from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg2.errors

from odoo.exceptions import UserError

from .. import values
from ..client import errors
from ..datasets.problem import Problem
from . import inbox, matching, pairs, push, session, transaction

_logger = logging.getLogger(__name__)

SECOND = timedelta(seconds=1)
LONG_AGO = datetime(2000, 1, 1)
TAIL = 200  # ids kept of what was read last
OK = 200
DETAILS = 20  # elements that a step reads one by one
BEGINNING = {"page": 1, "size": 0, "rows_read": 0, "tail": []}  # of what changed since a moment
# What a wrong value in one element can raise; anything else stops the run until somebody looks.
DATA_ERRORS = (
    *(UserError, Problem, psycopg2.DataError, psycopg2.IntegrityError),
    *(ValueError, TypeError, LookupError, AttributeError, ArithmeticError),
)


# Where what was read goes.
SINKS = {"pull": inbox.store, "adopt": pairs.store}


@dataclass
class Page:
    """Elements as Xero sent them, the size and offset that they were asked for, how many there are in all, when
    Xero answered, by its clock, how many calls it took, and whether it is the last one."""

    items: list
    size: int
    offset: int
    count: int
    moment: datetime | None
    calls: int = 1
    is_last: bool = False


def advance(run):
    """Do the next step of a pull run: read a page, store it, save the position.

    :param run: one ``xero.run`` of kind pull, as root, in its company
    :return: whether there was anything to do
    """
    if not transaction.run_committed(run.env, lambda: run._start() and _enter(run)):
        return run.state in ("done", "stopped")  # whoever finds nothing to read has done something, too
    dataset = run._dataset()
    position = run._position()
    try:
        page = _read(run, dataset)
    except errors.XeroError as error:
        failure = error  # the name of an except clause ends with it
        transaction.run_committed(run.env, lambda: run._is_at(position) and _pause(run, failure))
        return True
    if _has_moved(run, dataset, page):
        transaction.run_committed(run.env, lambda: run._is_at(position) and run.write(BEGINNING))
        return True
    _hold_back(run, dataset, page)
    if dataset._whole:
        if not _store_whole(run, dataset, position, page.items):
            return True
    else:
        # Saved with the first block, so that people see how far it is.
        run.total = max(run.total, run.done + run.failed + page.count - page.offset - len(run.handled or ()))
        try:
            items, unreadable, calls = _with_details(run, dataset, page)
        except errors.XeroError as error:
            failure = error
            transaction.run_committed(run.env, lambda: run._is_at(position) and _pause(run, failure))
            return True
        for block in _blocks(dataset, items):
            _store(run, dataset, position, block)
            run.env.invalidate_all()
        for item in unreadable:
            _refuse(run, dataset, position, item, Problem("not_understood", detail="JSON"))
        handled = [*(run.handled or ()), *(item[dataset._xero_id] for item in (*items, *unreadable))]
        if len(handled) < len(page.items):
            transaction.run_committed(run.env, lambda: run._is_at(position) and _go_on(run, handled, calls))
            return True
        page.calls += calls
    transaction.run_committed(run.env, lambda: run._is_at(position) and _move_on(run, dataset, page))
    return True


def _enter(run):
    """Go to the list that is read next; a run that has read all of them is complete."""
    if text := run._dataset()._stop_text():
        run._fail(text)
        return False
    places = run._dataset()._places()
    place = next((place for place in sorted(places) if place >= run.place), None)
    if place is None:
        run._complete()
        return False
    if place != run.place:
        run.place = place
    return True


# === READ === #


def _read(run, dataset):
    size = run.size or dataset._page
    since = run.since if dataset._knows_changes else None
    if dataset._hides_deleted and not since and not run.only:
        since = LONG_AGO
    if run.only:
        path, params = dataset._element_path(run.only), {}
    else:
        path, params = dataset._xero_path, {**dataset._list_params(), **dataset._pull_params()}
    items, number, calls = [], run.page, 0
    transaction.commit(run.env)
    while True:
        asked = {**params, **dataset._page_params(number, size)} if dataset._paged and not run.only else params
        found = session.call(run.connection_id, lambda api, asked=asked: api.get(path, asked, since))
        rows, number, calls = matching.listed(dataset, found), number + 1, calls + 1
        items += rows
        # What is stored as a whole is read as a whole.
        if not (dataset._whole and dataset._paged) or run.only or len(rows) < size:
            break
    if run.only and items and (params := dataset._together_params(items[0])):
        found = session.call(run.connection_id, lambda api: api.get(dataset._xero_path, params))
        items, calls = matching.listed(dataset, found), calls + 1
    if dataset._whole and len({item[dataset._xero_id] for item in items}) < len(items):
        raise errors.OutcomeUnknown("Xero's answer holds an element twice")
    pagination = found.data.get("pagination") if found.data else None
    count = pagination.get("itemCount") if isinstance(pagination, dict) else None
    count = count if isinstance(count, int) else (run.page - 1) * size + len(items)
    is_last = bool(run.only) or not dataset._paged or dataset._whole or len(items) < size
    return Page(items, size, (run.page - 1) * size, count, found.moment, calls, is_last)


def _with_details(run, dataset, page):
    """What is stored in this step: all that is left of the page, or as much as is read one by one.

    :return: ``(elements, those whose own answer cannot be read, number of calls)``
    """
    if not dataset._detailed:
        return page.items, [], 0
    done = set(run.handled or ())
    waiting = [item for item in page.items if item[dataset._xero_id] not in done]
    fresh = inbox.changed(run, dataset, waiting)
    items, unreadable, calls = [], [], 0
    transaction.commit(run.env)
    for item in waiting:
        if item[dataset._xero_id] in fresh and not run.only and dataset._wants_details(item):
            if calls == DETAILS:
                break
            try:
                item = _read_details(run, dataset, item)
            except errors.XeroError as error:
                if isinstance(error, errors.OutcomeUnknown) and error.status == OK:
                    # It came, and will be the same next time: the others do not wait for it.
                    unreadable.append(item)
                    calls += 1
                    continue
                if not items and not unreadable:
                    raise
                # What was read is stored; the next step meets the same again.
                break
            calls += 1
        items.append(item)
    return items, unreadable, calls


def _read_details(run, dataset, item):
    """`item` with what only its own path says; as it is when it has gone meanwhile."""
    path = dataset._element_path(item[dataset._xero_id])
    try:
        found = matching.listed(dataset, session.call(run.connection_id, lambda api: api.get(path)))
    except errors.NotFound:
        return item
    return {**item, **found[0]} if found else item


def _has_moved(run, dataset, page):
    """Whether rows before this page were changed meanwhile, so that others slipped past it.

    Pages after the first overlap the one before by at least a row, which must be the same again.
    """
    if run.page == 1 or not run.tail or dataset._fixed_pages:
        return False
    expected = run.tail[page.offset - run.rows_read]
    return not page.items or page.items[0][dataset._xero_id] != expected


def _hold_back(run, dataset, page):
    """Leave what may go on on the next page to that one, when that begins with it."""
    together = None if page.is_last else dataset._together(page.items[-1])
    if not together:
        return
    first = next(number for number, item in enumerate(page.items) if dataset._together(item) == together)
    if first and _next_since(run, dataset, page.items[first - 1]):
        del page.items[first:]


def _next_since(run, dataset, item):
    """The moment from which reading goes on after `item`, ``None`` when time has not moved on."""
    moment = values.parse_moment(item.get("UpdatedDateUTC"))
    since = moment and moment - SECOND
    return since if since and dataset._knows_changes and (not run.since or since > run.since) else None


def _look_for_absent(run, dataset):
    """Read what the list lacks by its id; where that has no path, the list has said it."""
    absent = dataset._absent(run.listed or [], run.started_at)
    run.listed = False
    if not dataset._alone:
        inbox.take_out(run, dataset, absent)
        return
    for link in absent:
        run.connection_id._new_run("pull", run.trigger, "2", dataset=dataset._key, only=link.xero_id)
    run.connection_id._wake_worker()


def _pause(run, error):
    """No page now: wait, or stop when waiting does not help."""
    run._count(calls=1)
    dataset = run._dataset()
    if isinstance(error, errors.NotFound) and run.only and dataset._lists_all:
        links = run.env["xero.link"]._holding(run.connection_id.tenant_id, run.dataset, [run.only])
        inbox.take_out(run, dataset, links)
        run._complete()
    elif isinstance(error, errors.NotFound | errors.Rejected) and not run.only and dataset._list_owner():
        inbox.leave_out_list(run, dataset)
        _next_list(run, dataset)
    elif error.retry or isinstance(error, errors.AccessRevoked):
        first = not run.attempts
        push.wait_out(run, error)
        if first and run.attempts:
            run._log_pull("pull_waits", "warning", run.waiting_text)
    else:
        run._fail(run.connection_id._error_text(error))


# === STORE === #


def _store(run, dataset, position, items):
    """Store a block; only errors in the data divide it, until the bad element stands alone.

    A run that was stopped meanwhile, or that somebody else has brought further, is left alone.
    """
    if not items:
        return
    # Who makes the same link at the same moment is seen next time; other blocks are divided, and read again by that.
    conflicts = transaction.CREATING if len(_groups(dataset, items)) == 1 else transaction.CONFLICTS
    try:
        store = SINKS[run.kind]
        transaction.run_committed(run.env, lambda: run._is_at(position) and store(run, dataset, items), conflicts)
    except DATA_ERRORS as error:
        transaction.rollback(run.env)
        if len(items) == 1:
            _refuse(run, dataset, position, items[0], _as_problem(error))
            return
        for half in _halves(dataset, items):
            _store(run, dataset, position, half)


def _store_whole(run, dataset, position, items):
    """Store a list in one; a wrong value in it leaves everything as it was, and is said.

    :return: whether the run goes on
    """
    try:
        transaction.run_committed(run.env, lambda: run._is_at(position) and run._count_pulled(**dataset._store(items)))
    except DATA_ERRORS as error:
        transaction.rollback(run.env)
        problem = _as_problem(error)
        transaction.run_committed(run.env, lambda: run._is_at(position) and inbox.refuse_list(run, dataset, problem))
    return run.state == "running"


def _blocks(dataset, items):
    """`items` in blocks of about the data set's size; what belongs together is in one."""
    block = []
    for group in _groups(dataset, items):
        block += group
        if len(block) >= dataset._block:
            yield block
            block = []
    yield block


def _halves(dataset, items):
    """Two parts of `items`; what belongs together is divided only when nothing else is left."""
    groups = _groups(dataset, items)
    if len(groups) == 1:
        groups = [[item] for item in items]
    middle = len(groups) // 2
    return [[item for group in part for item in group] for part in (groups[:middle], groups[middle:])]


def _groups(dataset, items):
    groups = {}
    for number, item in enumerate(items):
        groups.setdefault(dataset._together(item) or number, []).append(item)
    return list(groups.values())


def _refuse(run, dataset, position, item, problem):
    transaction.run_committed(run.env, lambda: run._is_at(position) and inbox.refuse(run, dataset, item, problem))


def _as_problem(error):
    if isinstance(error, Problem):
        return error
    if isinstance(error, UserError):
        return Problem("odoo_refused", text=str(error))
    # Where it happened, not what was in it: databases and conversions repeat values in their messages.
    place = "".join(traceback.format_tb(error.__traceback__))
    _logger.warning("An element of Xero's could not be stored: %s\n%s", type(error).__name__, place)
    return Problem("not_understood", detail=type(error).__name__)


# === POSITION === #


def _next_list(run, dataset):
    """Go on with the list after this one, or finish."""
    run.write({"place": run.place + 1, **BEGINNING, "handled": [], "seen": {}})
    if not any(place >= run.place for place in dataset._places()):
        run._complete()


def _go_on(run, handled, calls):
    """A part of a page is done: the next step reads it again, and leaves those elements out."""
    run.write({"handled": handled, "attempts": 0})
    run._count(calls=1 + calls)


def _move_on(run, dataset, page):
    """Save where to go on, or finish."""
    run._count(calls=page.calls)
    run.attempts = 0
    moments = [values.parse_moment(item.get("UpdatedDateUTC")) for item in page.items]
    # Changes that Xero shows late are found by the next run only if it begins where this one began.
    run.known_until = run.known_until or page.moment
    run.newest = max([moment for moment in (*moments, run.newest) if moment], default=False)
    run.total = max(run.done + run.failed + page.count - page.offset - len(page.items), run.done + run.failed)
    if run.only:
        run._complete()
        return
    if dataset._lists_all and not (run.since and dataset._knows_changes):
        run.listed = [*(run.listed or ()), *(item[dataset._xero_id] for item in page.items)]
        if page.is_last:
            _look_for_absent(run, dataset)
    if page.is_last:
        inbox.list_told(run, dataset)
        _next_list(run, dataset)
        return
    if dataset._fixed_pages:
        run.write({"page": run.page + 1, "handled": [], "seen": {}})
        return
    if since := _next_since(run, dataset, page.items[-1]):
        # Going on by time loses nothing when rows change meanwhile; a second is read twice.
        again = {key: moment for key, moment in (run.seen or {}).items() if moment >= str(since)}
        run.write({"since": since, **BEGINNING, "seen": again})
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
