"""The checks of a push, block by block, and the records that must be in Xero first."""

from ..datasets.problem import Problem
from . import answer, check, transaction

BLOCK = 500


def block(run):
    """Check a block of documents and queue the contacts that they miss."""
    env = run.env
    env.cr.execute(
        """SELECT id, dataset FROM xero_link
            WHERE run_id = %s AND tenant_id = %s AND state = 'queued' AND model = %s AND id > %s
         ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED""",
        [run.id, run.connection_id.tenant_id, run.model, run.position, BLOCK],
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
        dataset = run.connection_id._dataset(key, run.model)
        # Of these only files or allocations have changed: the document is not even looked at.
        same = links.browse() if run.undoes_id else links.filtered("only_followers")
        answer.leave_unchanged(run, same)
        good, problems = check_records(dataset, links - same)
        missing = _missing_dependencies(run, dataset, records_of(dataset, good))
        # A document that will be refused must not create its contact.
        good, unsayable = _check_amounts(dataset, good, missing)
        answer.refuse(run, problems + unsayable)
        if run.undoes_id:
            continue  # what is taken back needs nothing first
        for dependency, records in dataset._dependencies(records_of(dataset, good)).items():
            wanted = records & missing.get(dependency, records.browse()) | _changed(run, dependency, records)
            if wanted := wanted - _coming(run, dependency, wanted):
                run.connection_id._upsert_links(dependency, wanted, run)
    return True


def _changed(run, key, records):
    """Of the contacts of documents, those that have changed since they were sent: they travel along (TIM-09)."""
    if key != "contact" or run.connection_id.contact_direction == "pull":
        return records.browse()
    links = run.env["xero.link"]._of(records, run.connection_id, key)
    return records.browse(links.filtered(lambda link: link.state == "outdated" and not link.reason).mapped("res_id"))


def _coming(run, key, records):
    """Of `records`, those that another run sends: taken over from it, it would wait for this one.

    A button takes them over all the same: somebody waits for it.
    """
    if run.reserved_until:
        return records.browse()
    links = run.env["xero.link"]._of(records, run.connection_id, key).filtered(lambda link: link.state == "queued")
    coming = links.filtered(lambda link: link.run_id - run and link.run_id.state in ("queued", "running"))
    return records.browse(coming.mapped("res_id"))


def check_records(dataset, links):
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


def records_of(dataset, pairs):
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
    dataset._make_ready(records)
    missing = {}
    for key, needed in dataset._dependencies(records).items():
        linked = run.env["xero.link"]._of(needed, run.connection_id, key)
        known = set(linked.filtered("xero_id").mapped("res_id"))
        missing[key] = needed.filtered(lambda record, known=known: record.id not in known)
    return missing


def queue_untried(run, dataset, records):
    """Queue what `records` need and nobody has sent: they were not prepared, or have changed since."""
    for key, needed in _missing_dependencies(run, dataset, records).items():
        tried = run.env["xero.link"]._of(needed, run.connection_id, key).mapped("res_id")
        if untried := needed - needed.browse(tried):
            run.connection_id._upsert_links(key, untried, run)
