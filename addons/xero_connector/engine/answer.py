"""What becomes of links when an answer, a refusal or a check is known."""

import logging
from collections import defaultdict

from ..datasets.problem import Problem
from . import follow, matching, transaction

_logger = logging.getLogger(__name__)

# What Xero has of them from then on may be Odoo's own version.
IN_DOUBT = {"state": "in_doubt", "sent_print": False}
NAMES = ("name", "number", "date")  # of an element that a text may tell
TEXTS = 20  # warnings and errors of one element that are kept

# === WITHOUT A CALL === #


def refuse(run, problems, at=None):
    """Give the links of ``(link, Problem)`` pairs their state, an event and an exception.

    :param at: further values of the events, e.g. the duration of the call
    """
    if not run.undoes_id:
        as_it_was = [link for link, problem in problems if problem.state == "unchanged"]
        leave_unchanged(run, run.env["xero.link"].concat(*as_it_was))
        problems = [(link, problem) for link, problem in problems if link not in as_it_was]
    if not problems:
        return
    events, reports = [], []
    for link, problem in problems:
        if run.undoes_id:  # what cannot be taken back stays as it was
            problem.state = "skipped"
        skipped = problem.state in ("skipped", "excluded")
        kind, result = ("skipped", "skipped") if skipped else ("refused", "failed")
        events.append((link, kind, result, {"code": problem.code, "arguments": problem.arguments, **(at or {})}))
        if not _is_silent(link, problem):
            reports.append((link, problem))
    run.env["xero.event"]._log_many(events, run=run)
    set_problem_states(problems)
    report(run, reports)
    run._count(failed=_asked_for(run, [link for link, _problem in problems]))
    # What Xero has of them is as it was.
    follow.after(run, run.env["xero.link"].concat(*(link for link, _problem in problems)))


def set_problem_states(problems):
    """States of links that have a problem; ``skipped`` leaves a sent record as it is."""
    for link, problem in problems:
        state = problem.state
        if state == "skipped":
            state = "outdated" if link.changed else "synced" if link.xero_id else "excluded"
        link.write({"state": state, "reason": problem.code, "split": 0})


def _is_silent(link, problem):
    """Whether a problem only explains why nothing was done; a change that cannot follow is more."""
    return problem.state == "excluded" or problem.state == "skipped" and not link.changed


def report(run, problems):
    """Open or replace the exceptions of ``(link, Problem)`` pairs."""
    rows = defaultdict(list)
    for link, problem in problems:
        dataset = link._dataset()
        amount = dataset._amount(dataset._browse([link.res_id]).exists())
        rows[problem.direction].append((link, problem.code, problem.arguments, amount))
    for direction, told in rows.items():
        run.env["xero.exception"]._report(told, run, direction)


def leave_unchanged(run, links):
    """Nothing changed since the last push: done without a call."""
    if not links:
        return
    links.write({"state": "synced", "changed": False, "only_followers": False})
    agreeing = links.filtered(lambda link: not link.difference)
    agreeing.write({"reason": False})
    run.env["xero.exception"]._close(agreeing)
    for dataset, same in links._by_dataset():
        dataset._after_unchanged(same)
    run.env["xero.event"]._log_many([(link, "unchanged", "ok", {}) for link in links], run=run)
    run._count(done=_asked_for(run, links))
    follow.after(run, links)


# === NO ANSWER, OR A REFUSAL OF THE WHOLE CALL === #


def requeue(request, error, duration):
    """Nothing was written: the links wait for their next turn, with a new request."""
    links = request._links()
    links.write({"state": "queued"})
    request._close(error.status, error.correlation_id)
    _log_attempt(request, links, "retry", error, duration)


def withdraw(request):
    """The request did not leave: the links wait for their next turn, with a new one."""
    request._links().write({"state": "queued"})
    request._close()


def put_in_doubt(request, error, duration):
    """The request left and no answer came: nobody may send these again before it is known."""
    links = request._links()
    links.write(IN_DOUBT)
    request.write(
        {
            "state": "unknown",
            "attempts": request.attempts + 1,
            "status": error.status or 0,
            "cached_failure": getattr(error, "cached", False),
            "correlation_id": error.correlation_id,
        }
    )
    _log_attempt(request, links, "in_doubt", error, duration)


def _log_attempt(request, links, kind, error, duration):
    at = {
        "arguments": {"detail": type(error).__name__},
        "attempts": request.attempts,
        "duration": duration,
        "correlation_id": error.correlation_id,
    }
    request.env["xero.event"]._log_many([(link, kind, "warning", at) for link in links], run=request.run_id)


# === AN ANSWER === #


class Outcome:
    """Collects what an answer means for each link, and writes it in a few queries.

    :param request: the ``xero.request``
    :param at: values that all events share: duration (ms), correlation id, attempts
    """

    def __init__(self, request, at=None):
        self.request, self.at = request, at or {}
        self.dataset, self.run, self.env = request._dataset(), request.run_id, request.env
        self.now = transaction.database_now(self.env)
        self.done = self.env["xero.link"]
        self.events, self.refused, self.differing = [], [], []

    def accept(self, link, item, detail, kind):
        """Xero has the record: `item`, as sent with `detail`."""
        figures = detail.get("figures")
        difference = self.dataset._compare(figures, item) if figures else None
        state = self.dataset._state_after(item)
        more = state == "queued"  # there is another step to do, in this run
        changed = link.changed and not self.run.undoes_id  # what was taken back has no later version
        read = self.dataset._read_answer(item)
        link.write(
            {
                "state": "outdated" if changed and not more else state,
                "changed": changed and more,
                "sent_print": read.get("xero_print"),
                "reason": "totals_differ" if difference else False,
                "content_hash": detail["hash"],
                "pull_hash": False,  # of what was overwritten: there again, it is news
                "split": 0,
                "synced_at": self.now,
                "line_ids": matching.match_lines(detail["lines"] or [], item.get("LineItems") or []),
                "difference": difference or False,
                **read,
            }
        )
        self.dataset._keep_answer(link, item, detail["lines"])
        self.done += link.browse() if more else link
        self._add_event(link, kind, "ok", content_hash=detail["hash"])
        for code, arguments in detail.get("notes") or []:
            self._add_event(link, code, "warning", arguments=arguments)
        for warning in (item.get("Warnings") or [])[:TEXTS]:
            text = str(warning.get("Message") if isinstance(warning, dict) else warning)
            self._add_event(link, "xero_warning", "warning", arguments={"detail": text})
        if difference:
            self.differing.append((link, Problem("totals_differ", **difference)))

    def accept_all(self, rows):
        """Xero has these records; one that cannot be recorded does not keep the others from it.

        :param rows: arguments of :meth:`accept`
        :return: those of them that were recorded
        """
        if self._try(rows):
            return rows
        kept = []
        for row in rows:
            if self._try([row]):
                kept.append(row)
            else:
                link, item, _detail, _kind = row
                # Nothing is sent twice: whatever else of it could not be kept, its id is.
                if self.dataset._unlinked(link, [item]):
                    link.write({"xero_id": item[self.dataset._xero_id]})
                self.refuse(link, Problem("answer_not_kept"))
        return kept

    def _try(self, rows):
        """Accept all of `rows`, or none; whether it worked."""
        before = self.done, len(self.events), len(self.differing)
        try:
            with self.env.cr.savepoint():
                for row in rows:
                    self.accept(*row)
            return True
        except transaction.CONFLICTS:
            raise
        except Exception:
            _logger.exception("An answer of Xero to request %s could not be recorded", self.request.id)
            self.done = before[0]
            del self.events[before[1] :], self.differing[before[2] :]
            return False

    def refuse(self, link, problem):
        """Xero, or a match rule, says no."""
        self.refused.append((link, problem))

    def finish(self, calls=0):
        """Write events, exceptions and counters of all that was collected."""
        self.env["xero.exception"]._close(self.done)
        self.env["xero.event"]._log_many(self.events, run=self.run)
        report(self.run, self.differing)
        refuse(self.run, self.refused, self.at)
        self.dataset._after_push(self.done)
        self.run._count(done=_asked_for(self.run, self.done), calls=calls)
        follow.after(self.run, self.done)

    def _add_event(self, link, kind, result, **event_values):
        self.events.append((link, kind, result, {**self.at, **event_values}))


def record(request, result, duration=0):
    """Write down what Xero said of each element.

    :param request: one ``xero.request``
    :param result: :class:`~..client.transport.Answer` to it
    :param duration: milliseconds that the call took
    """
    outcome = Outcome(
        request,
        {
            "duration": duration,
            "correlation_id": result.correlation_id,
            "attempts": request.attempts + 1,
        },
    )
    matched = matching.match(request, result.data)
    accepted, conflicts, lost = [], [], outcome.env["xero.link"]
    strangers = matching.with_foreign_id(outcome.dataset, matched)
    for link, item, detail, element in matched:
        texts = messages(item)
        if item is None or not texts and (link in strangers or not outcome.dataset._is_told(item)):
            lost |= link
        elif not texts:
            accepted.append((link, item, detail, "updated" if link.xero_id else "created"))
        else:
            problem = refusal(outcome.dataset, element, texts)
            if asks_who(outcome.dataset, link, problem):
                conflicts.append((link, problem))
            else:
                outcome.refuse(link, problem)
    outcome.accept_all(accepted)
    outcome.finish(calls=1)
    outcome.run.attempts = 0
    if lost or conflicts:
        # Xero did not speak of the lost ones; who holds a name is asked next. Neither is sent again.
        lost.write(IN_DOUBT)
        keep_open(request, conflicts, result.correlation_id)
    else:
        request._close(result.status, result.correlation_id)


# === HELPERS === #


def asks_who(dataset, link, problem):
    """Whether a refusal of a create only says that somebody holds the name or number."""
    return not link.xero_id and dataset._is_conflict(problem.code)


def keep_open(request, conflicts, correlation_id):
    """More has to be asked before the outcome is known.

    :param conflicts: ``(link, Problem)`` of those whose name or number is taken
    """
    request.write(
        {
            "state": "unknown",
            "conflicts": [[link.id, problem.code, problem.arguments] for link, problem in conflicts],
            "not_before": request.sent_at + transaction.LOST_AFTER,
            "attempts": request.attempts + 1,
            "correlation_id": correlation_id,
        }
    )


def _asked_for(run, links):
    """How many of `links` somebody asked for; the others are what those need."""
    return sum(link.model == run.model for link in links)


def taken_problem(dataset, link, item):
    """The Problem when Xero took what was sent for the record of another link: people decide."""
    arguments = {"name": item.get("Name") or "", "count": 1}
    try:
        dataset._choose(dataset._browse(link.res_id), link, [item], "contact_ambiguous", arguments)
    except Problem as problem:
        return problem
    return Problem("contact_ambiguous", **arguments)


def messages(item):
    """All texts of validation errors in an element, nested ones too."""
    texts = []

    def walk(node):
        if isinstance(node, dict):
            for error in node.get("ValidationErrors") or []:
                texts.append(str(error.get("Message") if isinstance(error, dict) else error))
            for key, value in node.items():
                if key not in ("ValidationErrors", "Warnings") and isinstance(value, dict | list):
                    walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(item)
    flags = ("HasErrors", "HasValidationErrors")
    if texts or not isinstance(item, dict):
        return list(dict.fromkeys(texts))[:TEXTS]
    marked = item.get("StatusAttributeString") == "ERROR" or any(item.get(flag) for flag in flags)
    return [""] if marked else []


def refusal(dataset, element, texts):
    """The Problem for Xero's texts: the first that the catalogue knows, all of them as detail.

    :param element: what was sent; it names what Xero's texts do not
    """
    classified = [dataset.env["xero.known.error"]._classify(text) for text in texts]
    code, arguments = next(((c, a) for c, a in classified if c != "xero_refused"), classified[0])
    own = {name: value for name, value in dataset._describe(element).items() if name in NAMES and value}
    return Problem(code, **{**own, **arguments, "text": " ".join(texts)})
