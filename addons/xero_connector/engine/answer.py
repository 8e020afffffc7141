"""What becomes of links when an answer, a refusal or a check is known."""

from .. import values
from ..client import errors
from ..datasets.problem import Problem
from . import session, transaction

DISCARDED = "00000000-0000-0000-0000-000000000000"


# === WITHOUT A CALL === #


def refuse(run, problems):
    """Give the links of ``(link, Problem)`` pairs their state, an event and an exception."""
    if not problems:
        return
    env = run.env
    events, reports = [], []
    for link, problem in problems:
        state = problem.state
        if state == "skipped":
            state = "synced" if link.xero_id else "failed"
        link.write({"state": state, "reason": problem.code})
        skipped = problem.state in ("skipped", "excluded")
        values_ = {"code": problem.code, "arguments": problem.arguments}
        events.append((link, "skipped" if skipped else "refused", "skipped" if skipped else "failed", values_))
        if not skipped:
            reports.append((link, problem.code, problem.arguments, _amount(run, link)))
    env["xero.event"]._log_many(events, run=run)
    env["xero.exception"]._report(reports, run)
    own = [link for link, _problem in problems if link.model == run.model]
    run._count(failed=len(own))


def leave_unchanged(run, links):
    """Nothing changed since the last push: done without a call."""
    if not links:
        return
    links.write({"state": "synced", "reason": False})
    run.env["xero.exception"]._close(links)
    run.env["xero.event"]._log_many([(link, "unchanged", "ok", {}) for link in links], run=run)
    run._count(done=len(links.filtered(lambda link: link.model == run.model)))


def requeue(request, error, duration):
    """Nothing was written: the links wait for their next turn, with a new request."""
    links = request._links()
    links.write({"state": "queued"})
    request.write(
        {
            "state": "answered",
            "status": error.status or 0,
            "body": False,
            "correlation_id": error.correlation_id,
            "attempts": request.attempts + 1,
        }
    )
    _log_attempt(request, links, "retry", "warning", error, duration)


def put_in_doubt(request, error, duration):
    """The request left and no answer came: nobody may send these again before it is known."""
    links = request._links()
    links.write({"state": "in_doubt"})
    request.write(
        {
            "state": "unknown",
            "attempts": request.attempts + 1,
            "status": error.status or 0,
            "cached_failure": getattr(error, "cached", False),
            "correlation_id": error.correlation_id,
        }
    )
    _log_attempt(request, links, "in_doubt", "warning", error, duration)


def _log_attempt(request, links, kind, result, error, duration):
    request.env["xero.event"]._log_many(
        [
            (
                link,
                kind,
                result,
                {
                    "arguments": {"detail": type(error).__name__},
                    "attempts": request.attempts,
                    "duration": duration,
                    "correlation_id": error.correlation_id,
                },
            )
            for link in links
        ],
        run=request.run_id,
    )


# === WITH AN ANSWER === #


def split_or_refuse(request, error, duration):
    """The whole call was refused: send its halves apart, until only the bad element is left."""
    links = request._links()
    request.write(
        {"state": "answered", "status": error.status or 0, "body": False, "correlation_id": error.correlation_id}
    )
    if len(links) > 1 and not isinstance(error, errors.Rejected):
        _split(links)
        return
    elements = error.elements if isinstance(error, errors.Rejected) else []
    if len(links) > 1 and len(elements) != len(links):
        _split(links)
        return
    events_at = {"duration": duration, "correlation_id": error.correlation_id}
    problems = []
    dataset = request._dataset()
    for index, link in enumerate(links):
        texts = _messages(elements[index]) if index < len(elements) else [error.message]
        if not texts:
            link.state = "queued"
        elif isinstance(error, errors.NotFound):
            problems.append((link, dataset._gone_problem(link)))
        else:
            problems.append((link, _refusal(request.env, texts)))
    request.env["xero.event"]._log_many(
        [(link, "refused", "failed", {"code": p.code, "arguments": p.arguments, **events_at}) for link, p in problems],
        run=request.run_id,
    )
    refuse_quietly(request.run_id, problems)


def _split(links):
    """Send both halves apart from now on; a half is named by the id of its first link."""
    middle = len(links) // 2
    for half in (links[:middle], links[middle:]):
        half.write({"state": "queued", "split": half[0].id})


def record(request, result, duration=0):
    """Write down what Xero said of each element.

    :param request: one ``xero.request``
    :param result: :class:`~..client.transport.Answer` to it
    :param duration: milliseconds that the call took
    """
    env, run, dataset = request.env, request.run_id, request._dataset()
    items = (result.data or {}).get(dataset._xero_plural) if isinstance(result.data, dict) else None
    pairs = _match(request, dataset, items if isinstance(items, list) else [])
    events, problems, done, conflicts = [], [], env["xero.link"], []
    records = dataset._browse([link.res_id for link, _item, _detail in pairs])
    dataset._prefetch(records)
    at = {"duration": duration, "correlation_id": result.correlation_id, "attempts": request.attempts + 1}
    for link, item, detail in pairs:
        if item is None:
            continue
        texts = _messages(item)
        if texts:
            problem = _refusal(env, texts)
            if dataset._is_conflict(problem.code) and not link.xero_id:
                conflicts.append([link.id, problem.code, problem.arguments])
            else:
                problems.append((link, problem))
                events.append((link, "refused", "failed", {"code": problem.code, "arguments": problem.arguments, **at}))
            continue
        kind = "updated" if link.xero_id else "created"
        done |= link
        events += accept(dataset, link, item, detail, kind, at)
        if difference := link.difference:
            problems.append((link, Problem("totals_differ", state="synced", **difference)))
        for warning in item.get("Warnings") or []:
            text = str(warning.get("Message") or "")
            events.append((link, "xero_warning", "warning", {"arguments": {"detail": text}, **at}))
    env["xero.exception"]._close(done)
    env["xero.event"]._log_many(events, run=run)
    refuse_quietly(run, problems)
    lost = [link for link, item, _detail in pairs if item is None]
    if lost:
        # Xero answered, but not about these: look before sending again.
        env["xero.link"].concat(*lost).write({"state": "in_doubt"})
    request.write(
        {
            "state": "unknown" if lost else "answered",
            "link_ids": [d for d in request.link_ids if d["link"] in {x.id for x in lost}]
            if lost
            else request.link_ids,
            "status": result.status,
            "correlation_id": result.correlation_id,
            "attempts": request.attempts + 1,
            "body": False if not lost else request.body,
            "conflicts": conflicts,
        }
    )
    run._count(done=len(done.filtered(lambda link: link.model == run.model)), calls=1)
    run.attempts = 0


def accept(dataset, link, item, detail, kind, at):
    """Write Xero's answer on the link; returns the events."""
    vals = dataset._read_answer(item)
    vals.update(
        state="synced",
        reason=False,
        content_hash=detail["hash"],
        split=0,
        synced_at=transaction.database_now(dataset.env),
        line_ids=_match_lines(detail["lines"], item.get("LineItems") or []),
    )
    record_ = dataset._browse([link.res_id])
    vals["difference"] = dataset._compare(record_, item) or False
    link.write(vals)
    notes = dataset._notes(record_, item)
    return [(link, kind, "ok", {"content_hash": detail["hash"], **at})] + [
        (link, code, "warning", {"arguments": arguments, **at}) for code, arguments in notes
    ]


def refuse_quietly(run, problems):
    """States and exceptions of links whose events were written already."""
    if not problems:
        return
    for link, problem in problems:
        link.write({"state": problem.state, "reason": problem.code, "split": 0})
    run.env["xero.exception"]._report([(link, p.code, p.arguments, _amount(run, link)) for link, p in problems], run)
    failed = [link for link, p in problems if link.model == run.model and p.state != "synced"]
    run._count(failed=len(failed))


# === NUMBERS AND NAMES THAT ARE TAKEN === #


def settle_conflicts(request):
    """ "Already assigned": look up who holds the name or number, then link it or ask.

    One read per request with conflicts, outside any transaction.
    """
    conflicts = request.conflicts
    if not conflicts:
        return
    env, dataset = request.env, request._dataset()
    links = env["xero.link"].browse([row[0] for row in conflicts])
    codes = {row[0]: (row[1], row[2]) for row in conflicts}
    records = {link.id: dataset._browse([link.res_id]) for link in links}
    queries = dataset._conflict_queries([records[link.id] for link in links])
    transaction.commit(env)
    items = []
    try:
        for params in queries:
            found = session.call(request.connection_id, lambda api, p=params: api.get(dataset._xero_path, p))
            items += (found.data or {}).get(dataset._xero_plural) or []
    except errors.XeroError:
        # The names stay taken; the next push of these records asks again.
        transaction.run_committed(env, lambda: links.write({"state": "queued"}))
        return

    def work():
        problems, events = [], []
        for link in links:
            code, arguments = codes[link.id]
            try:
                item = dataset._choose(records[link.id], link, items, code, arguments)
            except Problem as problem:
                problems.append((link, problem))
                continue
            detail = next(d for d in request.link_ids if d["link"] == link.id)
            events += accept(dataset, link, item, dict(detail, hash=""), "adopted", {})
        adopted = links - env["xero.link"].concat(*(link for link, _p in problems))
        env["xero.event"]._log_many(events, run=request.run_id)
        env["xero.exception"]._close(adopted)
        refuse(request.run_id, problems)
        request.run_id._count(
            done=len(adopted.filtered(lambda link: link.model == request.run_id.model)),
            calls=len(queries),
        )
        request.conflicts = False

    transaction.run_committed(env, work)


# === HELPERS === #


def _match(request, dataset, items):
    """``(link, item or None, detail)`` for each sent element.

    By position when every position carries the element's own key, else by key: an answer that is
    shorter, longer or in another order never lands on a neighbour.
    """
    links = {link.id: link for link in request._links()}
    sent = sent_elements(request)
    key_of = key_function(request)
    keys = [key_of(element) for element in sent]
    items = [item for item in items if isinstance(item, dict)]
    if [key_of(item) for item in items] == keys:
        found = items
    else:
        by_key = {key_of(item): item for item in items}
        found = [by_key.get(key) for key in keys]
    return [
        (links[detail["link"]], item, detail)
        for detail, item in zip(request.link_ids, found, strict=True)
        if detail["link"] in links
    ]


def sent_elements(request):
    """The elements of a request, read from its stored bytes."""
    return values.loads(request._body_bytes())[request._dataset()._xero_plural]


def key_function(request):
    """What tells the elements of this request apart: Xero's id in an update, else our key."""
    dataset = request._dataset()
    if request.method == "POST":
        return lambda item: item.get(dataset._xero_id)
    return dataset._lookup_key


def _match_lines(sources, lines):
    """``{move line id: [LineItemID]}``, by position, as long as both sides count the same."""
    if len(sources) != len(lines):
        return False
    matched = {}
    for source, line in zip(sources, lines, strict=True):
        if source and line.get("LineItemID"):
            matched.setdefault(str(source), []).append(line["LineItemID"])
    return matched


def _messages(item):
    """All texts of validation errors in an element, nested ones too."""
    texts = []

    def walk(node):
        if isinstance(node, dict):
            for error in node.get("ValidationErrors") or []:
                text = error.get("Message") if isinstance(error, dict) else None
                texts.append(str(text or error))
            for key, value in node.items():
                if key not in ("ValidationErrors", "Warnings"):
                    walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(item)
    if (
        not texts
        and isinstance(item, dict)
        and (item.get("StatusAttributeString") == "ERROR" or item.get("HasErrors") or item.get("HasValidationErrors"))
    ):
        texts.append("")
    return list(dict.fromkeys(texts))


def _refusal(env, texts):
    """The Problem for Xero's texts: the first that the catalogue knows, all of them as detail."""
    classified = [env["xero.known.error"]._classify(text) for text in texts]
    code, arguments = next(((c, a) for c, a in classified if c != "xero_refused"), classified[0])
    return Problem(code, **{**arguments, "text": " ".join(texts)})


def _amount(run, link):
    dataset = run.connection_id._dataset(link.dataset)
    return dataset._amount(dataset._browse([link.res_id]).exists())
