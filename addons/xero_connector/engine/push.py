"""The push: from queued links to Xero and back, one request at a time.

One step is one short piece of work: a block of checks, or one request with its answer. Whatever
happens between two commits, the next step (here or in another process) finds a state it knows.
"""

import logging
import time
from datetime import timedelta
from functools import partial

from ..client import errors
from ..datasets.problem import Problem
from . import answer, budget, check, cis, conflicts, outgoing, prepare, refused, session, transaction

_logger = logging.getLogger(__name__)


def advance(run):
    """Do the next step of a push run and commit it.

    :param run: one ``xero.run`` of kind push, as root, in its company
    :return: whether there was anything to do
    """
    if run.phase == "prepare":
        return transaction.run_committed(run.env, lambda: prepare.block(run), transaction.CREATING)
    transaction.commit(run.env)
    try:
        lease = budget.acquire(run.connection_id)
    except errors.RateLimited as error:
        limit = error  # the name of an except clause ends with it
        transaction.run_committed(run.env, lambda: _wait_for_limit(run, limit))
        return True
    request = None
    try:
        request = transaction.run_committed(run.env, lambda: _take_batch(run), transaction.CREATING)
    finally:
        if not request:
            # Many runs may wait for what another one sends: they must not use up its calls.
            budget.release(run.connection_id, lease, {}, used=False)
    if request:
        send(request, lease)
        return True
    if request is None:
        return transaction.run_committed(run.env, lambda: _finish(run))
    return True


def _wait_for_limit(run, limit):
    until = transaction.database_now(run.env) + timedelta(seconds=limit.retry_after)
    run._wait(until, limit.reason)


# === ONE BATCH === #


def _take_batch(run):
    """Lock the next links, build their payloads and store the request.

    :return: the request, ``False`` when nothing of the batch needs a call, ``None`` when no link
        is left
    """
    env = run.env
    env.cr.execute(
        """SELECT dataset, model, xero_id IS NULL, split FROM xero_link
            WHERE run_id = %s AND tenant_id = %s AND state = 'queued' GROUP BY 1, 2, 3, 4""",
        [run.id, run.connection_id.tenant_id],
    )
    kinds = [(run.connection_id._dataset(key, model), model, *rest) for key, model, *rest in env.cr.fetchall()]
    if not kinds:
        return None
    # What was sent last is taken back first: a payment before its invoice.
    first = max if run.undoes_id else min
    dataset, model, create, split = first(kinds, key=lambda k: (k[0]._sequence, k[0]._key, *k[1:]))
    waiting = env["xero.link"]
    while True:
        env.cr.execute(
            f"""SELECT id FROM xero_link
                 WHERE run_id = %s AND tenant_id = %s AND state = 'queued' AND dataset = %s AND model = %s
                   AND split = %s AND xero_id IS {"" if create else "NOT"} NULL AND id != ALL(%s)
              ORDER BY res_id, part LIMIT %s FOR UPDATE SKIP LOCKED""",
            [run.id, run.connection_id.tenant_id, dataset._key, model, split, waiting.ids, dataset._batch],
        )
        links = waiting.browse([row[0] for row in env.cr.fetchall()])
        if not links:
            return None
        prepared, held_up = _build(run, dataset, links)
        if prepared:
            return outgoing.store(run, dataset, create, prepared)
        if held_up != links:
            return False
        # What these need is in somebody else's hands: others may go meanwhile.
        waiting |= held_up


def _build(run, dataset, links):
    """Payloads of the links that have something to send; the others get their state here.

    :return: list of :class:`~.outgoing.Prepared`, and the links that wait for what others are sending
    """
    good, problems = prepare.check_records(dataset, links)
    prepare.queue_untried(run, dataset, prepare.records_of(dataset, good))
    prepared, unchanged, held_up = [], links.browse(), links.browse()
    for link, record in good:
        try:
            with check.as_problem(link):
                element = _prepare(dataset, link, record)
        except Problem as problem:
            if problem.state == "queued":
                held_up |= link
            else:
                problems.append((link, problem))
            continue
        if element:
            prepared.append(element)
        else:
            unchanged |= link
    answer.refuse(run, problems)
    answer.leave_unchanged(run, unchanged)
    return prepared, held_up


def _prepare(dataset, link, record):
    """What is sent for `link`, a :class:`~.outgoing.Prepared`; ``None`` when Xero has just that.

    :raises Problem: `record` cannot be sent as it is
    """
    if dataset._retires(record, link):
        return _retirement(dataset, link)
    payload, line_sources = dataset._prepare_payload(record, link)
    path = dataset._request_path(link, payload)
    content_hash = dataset._content_hash(payload)
    raised = any(payload.get(name) for name in dataset._unhashed)
    if link.xero_id and content_hash == link.content_hash and not raised:
        return None
    dataset._check_approval(record)
    dataset._check_both_sides(record, link)
    detail = {
        "link": link.id,
        "hash": content_hash,
        "lines": line_sources,
        "figures": dataset._figures(record, link),
        "notes": dataset._warnings(record),
    }
    payload = dataset._with_identity(payload, link, record, line_sources)
    link.changed = False
    return outgoing.Prepared(link.id, path, payload, detail)


def _retirement(dataset, link):
    """What takes `link` back: nothing is compared, nothing of it is left to agree on."""
    payload = dataset._prepare_retirement(link)
    notes = [("status_in_xero", {"status": payload["Status"]})]
    detail = {"link": link.id, "hash": False, "lines": [], "figures": {}, "notes": notes}
    if not link.run_id.undoes_id:
        link.changed = False
    return outgoing.Prepared(link.id, dataset._request_path(link, payload), payload, detail)


def _finish(run):
    """Close the run when none of its links is under way any more."""
    run.env.cr.execute(
        """SELECT 1 FROM xero_link
            WHERE run_id = %s AND state IN ('queued', 'sending', 'in_doubt') LIMIT 1""",
        [run.id],
    )
    if run.env.cr.rowcount:
        return False
    run._finish()
    return True


# === SEND === #


def send(request, lease):
    """Send a stored request and record what came of it.

    No SQL, lock or open transaction while Xero thinks.

    :param request: one ``xero.request`` in state sending, committed
    :param lease: what :func:`budget.acquire` gave for this call
    """
    connection, attempts = request.connection_id, request.attempts
    if (conflicts.looks_first(request) or conflicts.asks_first(request)) and not _is_free(request, attempts):
        budget.release(connection, lease, {}, used=False)
        conflicts.settle(request)
        return
    try:
        body, content_type = outgoing.content(request)
    except Problem:
        # Its next turn says what is wrong with it now.
        budget.release(connection, lease, {}, used=False)
        request._conclude(attempts, lambda: answer.withdraw(request))
        return
    verb, path, key = request._verb(), request.path, request.key
    started = time.monotonic()
    limits, failure, client, left = {}, None, None, False
    if not _is_current(request, attempts):
        budget.release(connection, lease, limits, used=False)
        return
    try:
        client = session.open_api(connection)
        # While we read and refreshed, others may have taken it over, or the organisation was changed.
        left = request._conclude(attempts, request._leave)
        if not left:
            return
        try:
            result = client.send(verb, path, body, key, content_type)
        except errors.AuthExpired:
            client = session.open_api(connection, client.access_token)
            key = outgoing.new_key(connection)
            if not request._conclude(attempts, lambda: request._leave(key=key)):
                return
            result = client.send(verb, path, body, key, content_type)
        limits = result.limits
        duration = round(1000 * (time.monotonic() - started))
        request._conclude(attempts, lambda: answer.record(request, result, duration=duration))
    except errors.XeroError as error:
        failure = error
        duration = round(1000 * (time.monotonic() - started))
        _record_failure(request, attempts, failure, duration, access_token=client and client.access_token)
    finally:
        limit = failure if isinstance(failure, errors.RateLimited) else None
        budget.release(connection, lease, limits, limit, used=left)
    conflicts.settle(request)


def _is_free(request, attempts):
    """Whether nothing in Xero stands where a write would go; else the request is dealt with."""
    taken = _read_before(request, attempts, conflicts.taken)
    if taken:
        request._conclude(attempts, lambda: conflicts.set_aside(request, taken))
    return taken == []


def _is_current(request, attempts):
    """Whether Xero tells nothing new that decides on what leaves; else it is kept, and the batch is built anew."""
    if attempts or request.run_id.undoes_id:
        return True
    for read in (cis.learn, conflicts.edited):
        learned = _read_before(request, attempts, read)
        if learned:
            request._conclude(attempts, partial(_rebuild, request, learned))
        if learned != []:
            return False
    return True


def _rebuild(request, learned):
    answer.withdraw(request)
    problems = [row for row in learned if isinstance(row[1], Problem)]
    for record, found in learned:
        # What was changed here is still to be sent.
        record.write({"changed": True} if isinstance(found, Problem) else found)
    answer.refuse(request.run_id, problems)


def _read_before(request, attempts, read):
    """What `read` finds in Xero before `request` leaves, a list; ``None`` when Xero was not reached: it waits then."""
    try:
        return read(request)
    except errors.XeroError as error:
        _record_failure(request, attempts, error, 0, sent=False)
        return None


def _record_failure(request, attempts, error, duration, sent=True, access_token=None):
    """Decide on the class of the error alone what becomes of the request and its links.

    :param sent: whether it is about the request itself, not about a read before it
    :param access_token: what it left with, if it did
    """
    run = request.run_id
    # A read has told already that the consent is gone.
    told = () if sent else (errors.AccessRevoked, errors.AuthExpired)
    if isinstance(error, errors.NO_CONSENT) and not isinstance(error, told):
        session.flag_reconnect(request.connection_id, error, access_token)

    def work():
        run._count(calls=1)
        if sent and error.may_have_written:
            answer.put_in_doubt(request, error, duration)
        elif sent and isinstance(error, errors.Rejected | errors.NotFound):
            refused.split_or_refuse(request, error, duration)
        elif isinstance(error, errors.Unusable):
            refused.refuse_all(request, error, duration)
        else:
            wait_out(run, error)
            answer.requeue(request, error, duration)

    request._conclude(attempts, work)


def wait_out(run, error):
    """Let `run` wait as long as a transient `error` of the client advises; a limit is no failure."""
    seconds = error.retry_after or backoff(run.attempts)
    run.attempts += not isinstance(error, errors.RateLimited)
    run._wait(transaction.database_now(run.env) + timedelta(seconds=seconds), error.reason)


def backoff(attempts):
    """Seconds to wait after `attempts` transient failures in a row: 15 s, doubled, up to 1 h."""
    return min(15 * 2**attempts, 3600)
