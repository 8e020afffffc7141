"""Names and numbers that are taken in Xero, ids that it does not know: look up who it is, then link or ask (B13)."""

from ..client import errors
from ..datasets.problem import Problem
from . import answer, matching, session, transaction

OK = 200
PATIENCE = 5  # times that an answer which cannot be read is asked for again; then it counts as it is
AGAIN = "rematched"  # reason of a link that is sent a second time, to another id


def looks_first(request):
    """Whether Xero is read before `request` leaves: it would silently change what people have made there."""
    dataset = request._dataset()
    return dataset._looks_first and (request.method == "PUT" or dataset._replaces)


def asks_first(request):
    """Whether Xero is read before `request` leaves for the first time: somebody may have made there what it would.

    Unlike with :func:`looks_first`, what was lost may be sent again as it is.
    """
    return request._dataset()._asks_first and request.method == "PUT" and not request.attempts


def settle(request):
    """Look up the holders of the names or numbers that a request ran into.

    Reads outside any transaction; what cannot be read now is asked again later.

    :param request: one ``xero.request`` with conflicts
    """
    if not request.conflicts:
        return
    env, dataset, attempts = request.env, request._dataset(), request.attempts
    if _is_gone(request):
        _rematch(request)
        return
    rows = {link_id: (code, arguments) for link_id, code, arguments in request.conflicts}
    links = env["xero.link"].browse(list(rows)).exists()
    records = {record.id: record for record in dataset._browse(links.mapped("res_id")).exists()}
    queries = dataset._conflict_queries(list(records.values()))
    try:
        items = holders(
            request.connection_id,
            dataset,
            queries,
            dataset._list_path(request.path),
            strict=request.unreadable < PATIENCE,
        )
    except errors.XeroError as failure:
        error = failure  # the name of an except clause ends with it
        request._conclude(attempts, lambda: request._pause(error))
        return

    def work():
        outcome = answer.Outcome(request)
        details = {row["link"]: row for row in request.link_ids}
        for link in links & request._links():
            code, arguments = rows[link.id]
            try:
                if link.res_id not in records:
                    raise Problem("record_deleted")
                item = dataset._choose(records[link.res_id], link, items, code, arguments)
            except Problem as problem:
                if problem.state == "queued":
                    link.state = "queued"  # what was missing is known now
                else:
                    outcome.refuse(link, problem)
            else:
                # What Xero holds may differ from what was sent: the next push compares anew.
                # It is nobody else's from now on, so each is written down before the next one chooses.
                row = (link, item, {**details[link.id], "hash": "", "lines": None}, "matched")
                if outcome.accept_all([row]):
                    link.line_ids = dataset._line_ids(records[link.res_id], item)
        outcome.finish(calls=len(queries))
        # Whoever else has read the holders meanwhile comes too late.
        request.write({"conflicts": False, "attempts": attempts + 1})
        if not request._links():
            request._close()

    request._conclude(attempts, work)


def is_stale(dataset, link):
    """Whether a 404 to a write for `link` may come from an id that was right once: that is asked once a write."""
    return link.reason != AGAIN and not link.run_id.undoes_id and bool(dataset._stale_link(link))


def _is_gone(request):
    """Whether Xero did not know an id of the request, whose only link is the one among its conflicts."""
    link = request.env["xero.link"].browse(request.conflicts[0][0]).exists()
    return bool(link) and request.conflicts[0][1] == request._dataset()._gone_problem(link).code


def _rematch(request):
    """Find what Xero holds for the id that it did not know; the link is sent again with that one (XW-21)."""
    env, connection, attempts = request.env, request.connection_id, request.attempts
    link = env["xero.link"].browse(request.conflicts[0][0])
    stale = request._dataset()._stale_link(link)
    owner = connection._dataset(stale.dataset or request.dataset, stale.model)
    record = owner._browse(stale.res_id).exists()
    queries = owner._rematch_queries(record, stale) if record else []
    try:
        items = holders(connection, owner, queries)
    except errors.XeroError as failure:
        error = failure  # the name of an except clause ends with it
        request._conclude(attempts, lambda: request._pause(error))
        return

    def work():
        outcome = answer.Outcome(request)
        found = owner._rematch(record, stale, items) if record else None
        # The same id again would meet the same answer.
        if found and found[owner._xero_id].encode() not in request._body_bytes():
            if found[owner._xero_id] != stale.xero_id:  # another request may have found it meanwhile
                _relink(outcome, owner, stale, found)
            link.write({"state": "queued", "reason": AGAIN})
        else:
            _link_id, code, arguments = request.conflicts[0]
            outcome.refuse(link, Problem(code, **arguments))
        outcome.finish(calls=len(queries))
        request.conflicts = False
        request._close()

    request._conclude(attempts, work)


def _relink(outcome, dataset, link, item):
    """From now on `link` stands for another element; what that one holds is compared anew."""
    known = ("content_hash", "pull_hash", "value_prints", "sent_print", "merged_into", "reason", "cis_read_at")
    vals = dict.fromkeys(known, False)
    if link.state == "failed":
        vals["state"] = "synced"
    link.write({**dataset._read_answer(item), **vals})
    outcome.env["xero.exception"]._close(link)
    outcome.events.append((link, AGAIN, "ok", {}))


def taken(request):
    """Links of a create whose name or number something in Xero holds already.

    :param request: one ``xero.request`` that is about to be sent
    :return: list of ids of ``xero.link``
    :raises errors.XeroError: Xero was not reached or refused
    """
    dataset, links = request._dataset(), request._links()
    records = dataset._browse(links.mapped("res_id")).exists()
    elements = matching.sent_elements(request)
    queries = dataset._first_queries(list(records))
    items = holders(request.connection_id, dataset, queries, strict=_is_patient(request))
    details = zip(elements, request.link_ids, strict=True)
    return [detail["link"] for element, detail in details if dataset._is_held(element, items, detail["figures"])]


def edited(request):
    """What has changed in Xero of what an update is about to overwrite (RUL-14).

    :param request: one ``xero.request`` that is sent for the first time; a create overwrites nothing
    :return: list of ``(link, values)``, or ``(link, Problem)`` of what must not be overwritten
    :raises errors.XeroError: Xero was not reached or refused
    """
    if request.method != "POST":
        return []
    dataset, links = request._dataset(), request._links()
    queries = dataset._current_queries(links)
    items = holders(request.connection_id, dataset, queries, strict=_is_patient(request))
    by_id = {item.get(dataset._xero_id): item for item in items}
    # Whatever was deleted meanwhile has nothing left to compare.
    records = {record.id: record for record in dataset._browse(links.mapped("res_id")).exists()}
    read = links.filtered(lambda link: link.xero_id in by_id and link.res_id in records)
    learned = [(link, dataset._learned(records[link.res_id], link, by_id[link.xero_id])) for link in read]
    return [row for row in learned if row[1]]


def _is_patient(request):
    """Whether an answer that cannot be read is asked for again before `request` leaves."""
    # All failures of the run in a row count here, so there have to be more.
    return request.run_id.attempts < 4 * PATIENCE


def set_aside(request, link_ids):
    """A request must not leave as it is: :func:`settle` decides on these links, the others are sent anew."""
    links = request._links()
    links.filtered(lambda link: link.id not in link_ids).state = "queued"
    request.write(
        {
            "state": "unknown",
            "conflicts": [[link_id, request._dataset()._taken_code, {}] for link_id in link_ids],
            "not_before": request.sent_at + transaction.LOST_AFTER,
            "attempts": request.attempts + 1,
        }
    )


def holders(connection, dataset, queries, path=None, strict=False):
    """What Xero answers to `queries` of a data set, outside any transaction.

    :param queries: as a data set's ``_conflict_queries`` gives them; lists are read to their last page
    :param path: of the list, when it is not the data set's own
    :param strict: whether an element that says nothing of what is asked makes the answer unreadable
    :return: list of elements
    :raises errors.XeroError: Xero was not reached or refused
    """
    transaction.commit(connection.env)
    items = []
    for query in queries:
        params = dict(query)
        single = params.pop("path", None)
        try:
            rows = _read(connection, dataset, single or path or dataset._xero_path, params)
        except errors.NotFound:
            if not single:
                raise
            continue
        items += rows
        size = params.get("pageSize", dataset._page)
        while "page" in params and len(rows) == size:
            params["page"] += 1
            rows = _read(connection, dataset, path or dataset._xero_path, params)
            items += rows
    if strict and not all(dataset._is_readable(item) for item in items):
        raise errors.Unreadable("Xero's answer could not be read", status=OK)
    return items


def _read(connection, dataset, path, params):
    found = session.call(connection, lambda api: api.get(path, params))
    return matching.listed(dataset, found)
