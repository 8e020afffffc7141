"""Requests whose answer was lost: send them again unchanged, look them up, or start anew."""

import time
from collections import Counter
from datetime import timedelta

from ..client import errors
from ..datasets.problem import Problem
from . import answer, cis, conflicts, matching, outgoing, refused, session, transaction

SAME_KEY_UNTIL = timedelta(minutes=5)
LOOK_UP_AFTER = timedelta(minutes=6)  # Xero forgets the idempotency key
SPARE = timedelta(seconds=15)  # that getting a token may take
LOOK_BACK = timedelta(minutes=2)
LEEWAY = timedelta(seconds=30)  # of two clocks that agree
OTHER_REQUEST = "is used with a different request"  # Xero's text for a key that it knows from something else
PAGES = 100  # of a look-up; nobody changes that many documents within minutes


def due(connection):
    """Requests of `connection` that somebody has to look after now, oldest first."""
    now = transaction.database_now(connection.env)
    return connection.env["xero.request"].search(
        [
            ("connection_id", "=", connection.id),
            ("tenant_id", "=", connection.tenant_id),
            "|",
            ("state", "=", "unknown"),
            "&",
            ("state", "=", "sending"),
            ("sent_at", "<", now - transaction.LOST_AFTER),
            "|",
            ("not_before", "=", False),
            ("not_before", "<=", now),
        ],
        order="id",
    )


def next_due(connection):
    """When the next open request becomes due (naive UTC), or ``None``."""
    connection.env.cr.execute(
        """SELECT min(CASE state WHEN 'sending' THEN sent_at + %s ELSE coalesce(not_before, sent_at) END)
             FROM xero_request WHERE connection_id = %s AND tenant_id = %s AND state != 'answered'""",
        [transaction.LOST_AFTER, connection.id, connection.tenant_id],
    )
    return connection.env.cr.fetchone()[0]


def resolve(request):
    """Bring one request closer to a known outcome.

    :param request: one ``xero.request`` in state unknown, or sending for too long
    :return: whether anything was done
    """
    plan = transaction.run_committed(request.env, lambda: _take_over(request))
    if plan == "settle":
        conflicts.settle(request)
    elif plan == "resend":
        _resend(request)
    elif plan == "look_up":
        _look_up(request)
    return bool(plan)


def _is_unread(request):
    """Whether Xero has to be read before `request` may leave; nobody knows whether it was."""
    return conflicts.looks_first(request) or bool(cis.unread(request))


def _is_of_another_app(request):
    """Whether Xero knows its key no more: it keeps keys for each app."""
    return bool(request.client_id) and request.client_id != request.connection_id.client_id


def _take_over(request):
    """Claim the request for this process and choose the way out."""
    request.env.cr.execute(
        """SELECT id FROM xero_request WHERE id = %s AND state IN ('sending', 'unknown')
              FOR UPDATE SKIP LOCKED""",
        [request.id],
    )
    if not request.env.cr.rowcount:
        return None
    request.invalidate_recordset()
    now = transaction.database_now(request.env)
    if request.not_before and request.not_before > now:
        return None
    age = now - request.sent_at
    if request.conflicts:
        plan = "settle"
    elif age > LOOK_UP_AFTER or request.cached_failure or _is_of_another_app(request) or _is_unread(request):
        plan = "look_up"
    elif age > SAME_KEY_UNTIL:
        request.write({"state": "unknown", "not_before": request.sent_at + LOOK_UP_AFTER})
        return None
    else:
        plan = "resend"
    if plan != "settle":
        request._links().write(answer.IN_DOUBT)
    # Whoever comes while the call is under way finds nothing due.
    request.write(
        {
            "state": "unknown",
            "not_before": now + transaction.LOST_AFTER,
            # An answer to an earlier attempt that comes late is no longer listened to.
            "attempts": request.attempts + 1,
        }
    )
    return plan


def _resend(request):
    """The same bytes under the same key: Xero repeats its first answer, or does it now."""
    connection = request.connection_id
    verb, path, key = request._verb(), request.path, request.key
    env, attempts = request.env, request.attempts
    try:
        body, content_type = outgoing.content(request)
    except Problem:
        # Other bytes under the same key would be refused: only a look-up tells what Xero has.
        _look_up(request)
        return
    age = transaction.database_now(env) - request.sent_at
    latest = time.monotonic() + (SAME_KEY_UNTIL + SPARE - age).total_seconds()
    transaction.commit(env)

    def exchange(api):
        # Others had the token, or Xero was slow to give a new one: it may have forgotten the key by now.
        if time.monotonic() > latest:
            raise errors.Offline("Too late for the same key")
        return api.send(verb, path, body, key, content_type)

    try:
        result = session.call(connection, exchange)
    except errors.XeroError as failure:
        error = failure  # the name of an except clause ends with it
        if _is_verdict(error):
            request._conclude(attempts, lambda: refused.split_or_refuse(request, error, 0))
        else:
            request._conclude(attempts, lambda: request._pause(error))
    else:
        request._conclude(attempts, lambda: answer.record(request, result))
        conflicts.settle(request)


def _is_verdict(error):
    """Whether a refusal is about what was sent, the first time, too; a proxy's, or one of our rights or key, is not."""
    own = bool(error.correlation_id) and OTHER_REQUEST not in error.message
    return isinstance(error, errors.Rejected | errors.NotFound) and own


def _look_up(request):
    """Read what changed in Xero since shortly before the request left, all pages.

    A list without pages is read as it is.
    """
    env, dataset, attempts = request.env, request._dataset(), request.attempts
    key_of = matching.key_function(request)
    sent = matching.sent_elements(request)
    keys = {key_of(element) for element in sent}
    lists = dataset._lookup_lists(request.path, sent)
    transaction.commit(env)
    candidates, untold = {}, False
    try:
        for path, asked in lists:
            for item in _listed(request, dataset, path, asked):
                key = key_of(item)
                # One that does not say who it is may be what was sent: without it that would go a second time.
                told = dataset._is_readable(item) and (key not in keys or dataset._is_told(item))
                if request.unreadable < conflicts.PATIENCE and not told:
                    raise errors.Unreadable("Xero's answer could not be read")
                untold = untold or not told
                if key in keys:
                    # What moves to the next page while we read is still one.
                    candidates.setdefault(key, {})[item[dataset._xero_id]] = item
    except errors.XeroError as failure:
        error = failure
        request._conclude(attempts, lambda: request._pause(error))
        return
    request._conclude(attempts, lambda: _decide(request, dataset, candidates, untold))


def _listed(request, dataset, path, asked):
    """Elements of a list, page after page."""
    since = request.sent_at - LOOK_BACK if dataset._paged and dataset._knows_changes else None

    def read(page):
        params = {**asked, **(dataset._lookup_page(page) if dataset._paged else {})}
        return session.call(request.connection_id, lambda api: api.get(path, params, since))

    for page in range(1, PAGES + 1):
        found = read(page)
        if page == 1 and since and (ahead := _ahead(request.env, found.moment)):
            since -= ahead
            found = read(page)
        items = matching.listed(dataset, found)
        yield from items
        if not dataset._paged or len(items) < dataset._page:
            return
    raise errors.OutcomeUnknown("Xero's list has no end")


def _ahead(env, moment):
    """How far the clock of the database, which says when something left, is ahead of Xero's; ``None`` when it is not.

    :param moment: when Xero has just answered, by its own clock, or ``None``
    """
    now = transaction.database_now(env)
    transaction.commit(env)
    return now - moment if moment and now - moment > LEEWAY else None


def _decide(request, dataset, candidates, untold):
    """Link what was found; queue what was not, once the old key is forgotten.

    :param candidates: ``{key: {Xero id: element}}`` of what was read
    :param untold: whether some elements do not say who they are, however often they were read
    """
    outcome, key_of = answer.Outcome(request), matching.key_function(request)
    waiting = {link.id: link for link in request._links()}
    pairs = zip(matching.sent_elements(request), request.link_ids, strict=True)
    pairs = [(element, detail) for element, detail in pairs if detail["link"] in waiting]

    def fitting(element):
        items = candidates.get(key_of(element), {})
        return {xero_id: item for xero_id, item in items.items() if dataset._could_be(element, item)}

    # Equal elements are there as often as rows are found for them; which one is which does not matter.
    fits = {detail["link"]: fitting(element) for element, detail in pairs if not waiting[detail["link"]].xero_id}
    alike = Counter(map(frozenset, fits.values()))
    accepted, missing, given = [], request.env["xero.link"], set()
    for element, detail in pairs:
        link = waiting[detail["link"]]
        if link.xero_id:
            read = next(iter(candidates.get(key_of(element), {}).values()), None) or dataset._unlisted(element)
            if read and dataset._is_final(element, read):
                accepted.append((link, dataset._as_answer(element, read), detail, "updated"))
            else:
                # Writing the same update again changes nothing; an older state looks deceptively alike.
                missing |= link
            continue
        rows = fits[link.id]
        unlinked = dataset._unlinked(link, list(rows.values()))
        found = [item for item in unlinked if item[dataset._xero_id] not in given]
        if rows and not unlinked:
            outcome.refuse(link, answer.taken_problem(dataset, link, next(iter(rows.values()))))
        elif len(found) > alike[frozenset(rows)]:
            outcome.refuse(link, Problem("several_candidates", count=len(found)))
        elif found:
            given.add(found[0][dataset._xero_id])
            accepted.append((link, found[0], detail, "adopted"))
        elif untold:
            outcome.refuse(link, Problem("look_up_unreadable"))
        else:
            missing |= link
        alike[frozenset(rows)] -= 1
    outcome.accept_all(accepted)
    outcome.finish(calls=1)
    forgotten = request.sent_at + LOOK_UP_AFTER
    if missing and outcome.now < forgotten:
        # Xero repeats its failure for this key until then.
        request.not_before = forgotten
        return
    if missing:
        missing.write({"state": "queued"})
        outcome.run.write({"state": "queued", "finished_at": False})
    request._close()
