"""What came from Xero, written down: links, events, exceptions and counts of one block."""

from collections import Counter

from .. import values
from ..datasets.pulled import TWO_SIDED
from ..datasets.statuses import UNDER_WAY
from . import answer

COUNTED = {
    "created": "created",
    "linked": "linked",
    "updated": "updated",
    "removed": "updated",
    "unchanged": "unchanged",
    "skipped": "skipped",
    "missing": "skipped",
}
QUIET = ("unchanged", "skipped", "missing")  # nothing happened to a record


def store(run, dataset, items):
    """Let the data set take a block in, and write down what it did.

    :param items: elements of the data set as Xero sent them
    """
    env = run.env
    known = _links(run, dataset, items)
    first = run._first_time(dataset, items)
    counts = dict.fromkeys(COUNTED.values(), 0)
    hashes = {item[dataset._xero_id]: dataset._fingerprint(item) for item in items}
    fresh = [item for item in items if _is_changed(dataset, item, known)]
    counts["unchanged"] = len(first - {item[dataset._xero_id] for item in fresh})
    results = dataset._take_in(fresh, {key: links[:1] for key, links in known.items()}) if fresh else []
    _write_links(run, dataset, results, hashes)
    events, problems, cured = [], [], []
    for result in results:
        xero_id = result.item[dataset._xero_id]
        if result.problem:
            problems.append((result.link, result.item, result.problem))
            if result.kind == "refused":
                continue
        else:
            cured.append(xero_id)
        if xero_id in first or result.kind not in QUIET:
            counts[COUNTED[result.kind]] += 1
        if result.kind not in QUIET:
            events.append((result.link, result.kind, "ok", {}))
        for code, arguments in result.notes:
            events.append((result.link, code, "warning", {"arguments": arguments}))
    env["xero.event"]._log_many([row for row in events if row[0]], run=run)
    exceptions = env["xero.exception"]
    exceptions._close_pulled(run.connection_id, dataset._key, cured)
    calm = env["xero.link"].concat(*(result.link for result in results if result.link and not result.problem))
    exceptions._close(calm, dataset._pull_codes)
    # Nobody has to decide on these any more: what was changed in Odoo goes again.
    calm.filtered(lambda link: link.reason in TWO_SIDED and dataset._by_value).reason = False
    exceptions._close(env["xero.link"].concat(*(r.link for r in results if r.kind == "linked" and not r.problem)))
    aside = exceptions._report_pulled(run, dataset, problems)
    results = [result for result in results if result.item[dataset._xero_id] in first]
    refused = [result.item[dataset._xero_id] in aside for result in results if result.kind == "refused"]
    counts["skipped"] += sum(refused)
    missing = sum(result.kind == "missing" for result in results)
    left_out = Counter(result.reason for result in results if result.kind == "skipped")
    left_out["put_aside"] += sum(refused)
    run._count_pulled(failed=len(refused) - sum(refused), missing=missing, left_out=left_out, **counts)


def refuse(run, dataset, item, problem):
    """One element cannot be taken in: an exception says why."""
    links = _links(run, dataset, [item]).get(item[dataset._xero_id])
    link = links[:1] if links else run.env["xero.link"]
    aside = run.env["xero.exception"]._report_pulled(run, dataset, [(link, item, problem)])
    if not run._first_time(dataset, [item]):
        return
    run._count_pulled(failed=int(not aside), skipped=len(aside), left_out={"put_aside": len(aside)})


def take_out(run, dataset, links):
    """Xero does not have these any more: people decide what becomes of their records."""
    calm = links.filtered(lambda link: link.state not in UNDER_WAY)
    answer.refuse(run, [(link, dataset._gone_problem(link)) for link in calm])


def refuse_list(run, dataset, problem):
    """A list that is stored as a whole cannot be: the run stops, unless the list is one record's among many."""
    owner = dataset._list_owner()
    if not owner:
        run._fail_for(problem)
        return
    row = (owner, "refused", "failed", {"dataset": dataset._key, "code": problem.code, "arguments": problem.arguments})
    run.env["xero.event"]._log_many([row], run=run)
    run._count_pulled(failed=1)


def leave_out_list(run, dataset):
    """Xero does not tell the list of one record among many: that is its problem, the others do not wait for it."""
    problem = dataset._list_problem()
    run.env["xero.exception"]._report([(dataset._list_owner(), problem.code, problem.arguments, 0.0)], run, "pull")
    refuse_list(run, dataset, problem)


def list_told(run, dataset):
    """Xero tells the list that it has told now: whatever kept it back is cured."""
    if owner := dataset._list_owner():
        run.env["xero.exception"]._close_list(owner, dataset._list_problem().code, dataset._key)


def changed(run, dataset, items):
    """Ids of those of `items` that are new, or not as they were when they were brought in last."""
    known = _links(run, dataset, items)
    return {item[dataset._xero_id] for item in items if _is_changed(dataset, item, known)}


def _is_changed(dataset, item, known):
    links = known.get(item[dataset._xero_id])
    if not links:
        return True
    fingerprint = dataset._fingerprint(item)
    return any(link.pull_hash != fingerprint for link in links) and not _is_older(item, links)


def _is_older(item, links):
    """Whether an answer to a push has told more than this page, which was read before it."""
    moment = values.parse_moment(item.get("UpdatedDateUTC"))
    return bool(moment) and any(link.xero_updated_at and link.xero_updated_at > moment for link in links)


def _links(run, dataset, items):
    """Links of the organisation by Xero id; one element may stand for several records."""
    links = run.env["xero.link"].with_context(active_test=False)
    ids = [item[dataset._xero_id] for item in items]
    found = links._holding(run.connection_id.tenant_id, dataset._key, ids).grouped("xero_id")
    # What was put to rest counts only where nothing took its place.
    return {xero_id: links.filtered("active") or links for xero_id, links in found.items()}


def _write_links(run, dataset, results, hashes):
    """Create the links of what is new, refresh those of what changed."""
    to_create, new = [], []
    connection = run.connection_id
    for result in results:
        if result.kind == "refused":
            continue
        xero_id = result.item[dataset._xero_id]
        # What is a question to somebody is looked at again each time it is read.
        fingerprint = False if result.problem else hashes[xero_id]
        vals = {**dataset._read_answer(result.item), "pull_hash": fingerprint, **result.values}
        if result.link:
            changed = {name: value for name, value in vals.items() if result.link[name] != value}
            if changed:
                result.link.write(changed)
        elif result.record_id:
            new.append(result)
            to_create.append(
                {
                    "state": "synced",
                    **vals,
                    "connection_id": connection.id,
                    "company_id": result.company_id or connection.company_id.id,
                    "tenant_id": connection.tenant_id,
                    "dataset": dataset._key,
                    "model": result.model or dataset._odoo_model,
                    "res_id": result.record_id,
                    "part": result.part,
                }
            )
    for result, link in zip(new, run.env["xero.link"].create(to_create), strict=True):
        result.link = link
