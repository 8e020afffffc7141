"""The push: from queued links to Xero and back, one request at a time.

One step is one short piece of work: a block of checks, or one request with its answer. Whatever
happens between two commits, the next step (here or in another process) finds a state it knows.
"""

import logging
import time
from datetime import timedelta

from .. import values
from ..client import errors
from ..datasets.problem import Problem
from . import answer, budget, check, conflicts, outgoing, refused, session, transaction

_logger = logging.getLogger(__name__)

PREPARE_BLOCK = 500


def advance(run):
    """Do the next step of a push run and commit it.

    :param run: one ``xero.run`` of kind push, as root, in its company
    :return: whether there was anything to do
    """
    if run.phase == "prepare":
        return transaction.run_committed(run.env, lambda: _prepare_block(run))
    transaction.commit(run.env)
    try:
        lease = budget.acquire(run.connection_id)
    except errors.RateLimited as error:
        limit = error  # the name of an except clause ends with it
        transaction.run_committed(run.env, lambda: _wait_for_limit(run, limit))
        return True
    request = None
    try:
        request = transaction.run_committed(run.env, lambda: _take_batch(run))
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
    run._wait(until, f"limit_{limit.kind}")


# === PREPARE === #


def _prepare_block(run):
    """Check a block of documents and queue the contacts that they miss."""
    env = run.env
    env.cr.execute(
        """SELECT id, dataset FROM xero_link
            WHERE run_id = %s AND tenant_id = %s AND state = 'queued' AND model = %s AND id > %s
         ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED""",
        [run.id, run.connection_id.tenant_id, run.model, run.position, PREPARE_BLOCK],
    )
    rows = env.cr.fetchall()
    if not run.started_at:
        run.write({"started_at": transaction.database_now(env), "state": "running"})
    if not rows:
        run.phase = "send"
        return True
    run.position = rows[-1][0]
    for key in dict.fromkeys(dataset for _id, dataset in rows):
        links = env["xero.link"].browse([link for link, dataset in rows if dataset == key])
        dataset = run.connection_id._dataset(key)
        # Of these only files have changed: the document is not even looked at.
        same = links.filtered("only_files")
        answer.leave_unchanged(run, same)
        good, problems = _check(dataset, links - same)
        dataset._make_ready(_records(dataset, good))
        missing = _missing_dependencies(run, dataset, _records(dataset, good))
        # A document that will be refused must not create its contact.
        good, unsayable = _check_amounts(dataset, good, missing)
        answer.refuse(run, problems + unsayable)
        for dependency, records in dataset._dependencies(_records(dataset, good)).items():
            wanted = records & missing.get(dependency, records.browse())
            if wanted := wanted - _coming(run, dependency, wanted):
                run.connection_id._upsert_links(dependency, wanted, run)
    return True


def _coming(run, key, records):
    """Of `records`, those that another run sends: taken over from it, it would wait for this one.

    A button takes them over all the same: somebody waits for it.
    """
    if run.reserved_until:
        return records.browse()
    links = run.env["xero.link"]._of(records, run.connection_id, key).filtered(lambda link: link.state == "queued")
    coming = links.filtered(lambda link: link.run_id - run and link.run_id.state in ("queued", "running"))
    return records.browse(coming.mapped("res_id"))


def _check(dataset, links):
    """``(link, record)`` of what may travel, and ``(link, Problem)`` of the others.

    Several links may stand for parts of one record.
    """
    records = dataset._browse(list(dict.fromkeys(links.mapped("res_id")))).exists()
    dataset._prefetch(records)
    by_id = {record.id: record for record in records}
    good, problems = [], []
    for link in links:
        try:
            if link.res_id not in by_id:
                raise Problem("record_deleted")
            with check.as_problem(link):
                dataset._preflight(by_id[link.res_id], link)
            good.append((link, by_id[link.res_id]))
        except Problem as problem:
            problems.append((link, problem))
    return good, problems


def _records(dataset, pairs):
    """Records of ``(link, record)``, each once."""
    return dataset._browse(list(dict.fromkeys(record.id for _link, record in pairs)))


def _check_amounts(dataset, pairs, missing):
    """Of ``(link, record)``, those that may travel, and ``(link, Problem)`` of the others.

    Only records that depend on something `missing` are looked at: the others are checked when
    their payload is built.
    """
    problems, good = [], []
    for link, record in pairs:
        needs = dataset._dependencies(record)
        try:
            if any(found & missing.get(key, found.browse()) for key, found in needs.items()):
                with check.as_problem(link):
                    dataset._check_amounts(record)
            good.append((link, record))
        except Problem as problem:
            problems.append((link, problem))
    return good, problems


def _missing_dependencies(run, dataset, records):
    """What `records` need and Xero does not have yet: ``{data set key: records}``."""
    missing = {}
    for key, needed in dataset._dependencies(records).items():
        linked = run.env["xero.link"]._of(needed, run.connection_id, key)
        known = set(linked.filtered("xero_id").mapped("res_id"))
        missing[key] = needed.filtered(lambda record, known=known: record.id not in known)
    return missing


# === ONE BATCH === #


def _take_batch(run):
    """Lock the next links, build their payloads and store the request.

    :return: the request, ``False`` when nothing of the batch needs a call, ``None`` when no link
        is left
    """
    env = run.env
    env.cr.execute(
        """SELECT dataset, xero_id IS NULL, split FROM xero_link
            WHERE run_id = %s AND tenant_id = %s AND state = 'queued' GROUP BY 1, 2, 3""",
        [run.id, run.connection_id.tenant_id],
    )
    kinds = [(run.connection_id._dataset(key), *rest) for key, *rest in env.cr.fetchall()]
    if not kinds:
        return None
    # What was sent last is taken back first: a payment before its invoice.
    first = max if run.undoes_id else min
    dataset, create, split = first(kinds, key=lambda k: (k[0]._sequence, k[0]._key, *k[1:]))
    waiting = env["xero.link"]
    while True:
        env.cr.execute(
            f"""SELECT id FROM xero_link
                 WHERE run_id = %s AND tenant_id = %s AND state = 'queued' AND dataset = %s AND split = %s
                   AND xero_id IS {"" if create else "NOT"} NULL AND id != ALL(%s)
              ORDER BY res_id, part LIMIT %s FOR UPDATE SKIP LOCKED""",
            [run.id, run.connection_id.tenant_id, dataset._key, split, waiting.ids, dataset._batch],
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
    good, problems = _check(dataset, links)
    prepared, unchanged, held_up = [], links.browse(), links.browse()
    for link, record in good:
        if dataset._retires(record, link):
            prepared.append(_retirement(dataset, link))
            continue
        try:
            with check.as_problem(link):
                payload, line_sources = dataset._prepare_payload(record, link)
                path = dataset._request_path(link, payload)
        except Problem as problem:
            if problem.state == "queued":
                held_up |= link
            else:
                problems.append((link, problem))
            continue
        content_hash = values.fingerprint(payload, without=dataset._unhashed)
        raised = any(payload.get(name) for name in dataset._unhashed)
        if link.xero_id and content_hash == link.content_hash and not raised:
            unchanged |= link
            continue
        try:
            with check.as_problem(link):
                dataset._check_approval(record)
                dataset._check_both_sides(record, link)
        except Problem as problem:
            problems.append((link, problem))
            continue
        link.changed = False
        detail = {
            "link": link.id,
            "hash": content_hash,
            "lines": line_sources,
            "figures": dataset._figures(record, link),
            "notes": dataset._notes(record) + dataset._rule_notes(record),
        }
        payload = dataset._with_identity(payload, link, record, line_sources)
        prepared.append(outgoing.Prepared(link.id, path, payload, detail))
    answer.refuse(run, problems)
    answer.leave_unchanged(run, unchanged)
    return prepared, held_up


def _retirement(dataset, link):
    """What takes `link` back: nothing is compared, nothing of it is left to agree on."""
    payload = dataset._prepare_retirement(link)
    notes = [("status_in_xero", {"status": payload["Status"]})]
    detail = {"link": link.id, "hash": False, "lines": [], "figures": {}, "notes": notes}
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
    try:
        body, content_type = outgoing.content(request)
    except Problem:
        # Its next turn says what is wrong with it now.
        budget.release(connection, lease, {}, used=False)
        conclude(request, attempts, lambda: answer.withdraw(request))
        return
    verb, path, key = request._verb(), request.path, request.key
    started = time.monotonic()
    limits, failure = {}, None
    if request.method == "PUT" and request._dataset()._looks_first and not _is_free(request, attempts):
        budget.release(connection, lease, limits, used=False)
        conflicts.settle(request)
        return
    try:
        client = session.open_api(connection)
        transaction.commit(request.env)
        try:
            result = client.send(verb, path, body, key, content_type)
        except errors.AuthExpired:
            client = session.open_api(connection, client.access_token)
            key = outgoing.new_key(connection)
            if not conclude(request, attempts, lambda: request.write({"key": key})):
                return
            result = client.send(verb, path, body, key, content_type)
        limits = result.limits
        duration = round(1000 * (time.monotonic() - started))
        conclude(request, attempts, lambda: answer.record(request, result, duration=duration))
    except errors.XeroError as error:
        failure = error
        duration = round(1000 * (time.monotonic() - started))
        _record_failure(request, attempts, failure, duration)
    finally:
        limit = failure if isinstance(failure, errors.RateLimited) else None
        budget.release(connection, lease, limits, limit)
    conflicts.settle(request)


def _is_free(request, attempts):
    """Whether nothing in Xero holds a name or number of a create; else the request is dealt with."""
    try:
        taken = conflicts.taken(request)
    except errors.XeroError as failure:
        error = failure  # the name of an except clause ends with it
        _record_failure(request, attempts, error, 0, sent=False)
        return False
    if taken:
        conclude(request, attempts, lambda: conflicts.set_aside(request, taken))
    return not taken


def conclude(request, attempts, work):
    """Do `work` in a transaction, unless somebody took the request over meanwhile.

    :param attempts: attempt number of the request when the call left
    :return: whether `work` was done
    """

    def fenced():
        if not request._is_still_ours(attempts):
            _logger.info("A late answer to Xero request %s is left aside", request.id)
            return False
        work()
        return True

    return transaction.run_committed(request.env, fenced)


def _record_failure(request, attempts, error, duration, sent=True):
    """Decide on the class of the error alone what becomes of the request and its links.

    :param sent: whether it is about the request itself, not about a read before it
    """
    env, run = request.env, request.run_id
    if isinstance(error, errors.AccessRevoked | errors.AuthExpired | errors.ScopeMissing):
        session.flag_reconnect(request.connection_id, error)

    def work():
        now = transaction.database_now(env)
        run._count(calls=1)
        if sent and error.may_have_written:
            answer.put_in_doubt(request, error, duration)
        elif sent and isinstance(error, errors.Rejected | errors.NotFound):
            refused.split_or_refuse(request, error, duration)
        elif isinstance(error, errors.ApiRefused):
            refused.refuse_all(request, error, duration)
        else:
            seconds = error.retry_after or backoff(run.attempts)
            run.attempts += 1
            run._wait(now + timedelta(seconds=seconds), type(error).__name__)
            answer.requeue(request, error, duration)

    conclude(request, attempts, work)


def backoff(attempts):
    """Seconds to wait after `attempts` transient failures in a row: 15 s, doubled, up to 1 h."""
    return min(15 * 2**attempts, 3600)
