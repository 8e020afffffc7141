"""What keeps records from going to Xero, asked before anything is sent; no API call."""

import logging
from contextlib import contextmanager

import psycopg2

from ..datasets.gates import WAITING
from ..datasets.problem import Problem
from . import transaction

_logger = logging.getLogger(__name__)

BLOCK = 200  # documents of a batch that are checked in one transaction
# Of a batch these are no fault: the document has nothing to do in Xero.
NOT_FOR_XERO = ("excluded", "skipped", "unchanged")


@contextmanager
def as_problem(link):
    """An unforeseen error with one record is that record's problem, not its neighbours'."""
    try:
        yield
    except (Problem, psycopg2.Error):
        raise
    except Exception as error:
        _logger.exception("Record %s of %s could not be prepared for Xero", link.res_id, link.model)
        raise Problem("internal_error", error=type(error).__name__) from error


def advance(run):
    """Check the next documents of the batch that `run` is about, and commit.

    :param run: one ``xero.run`` of kind check, as root, in its company
    :return: whether there was anything to do
    """
    return transaction.run_committed(run.env, lambda: _advance(run))


def _advance(run):
    if not run._start():
        return False
    documents = run.batch_id._unchecked(BLOCK)
    check(documents)
    waiting = sum(document.state == "blocked" for document in documents)
    run._count(done=len(documents) - waiting, failed=waiting)
    if len(documents) < BLOCK:
        run._finish()
    return True


def check(documents):
    """Write down for each of these what keeps it from going to Xero.

    :param documents: ``xero.batch.document`` of one batch
    """
    batch = documents.run_id
    if not documents or not batch.connection_id:
        return
    dataset = batch._batch_dataset()
    records = dataset._browse(documents.mapped("res_id")).exists()
    dataset._prefetch(records)
    links = _links(batch.connection_id, dataset, records)
    by_id = {record.id: record for record in records}
    contacts = {}
    for document in documents:
        record = by_id.get(document.res_id)
        # Since it was collected it may have been edited.
        shown = batch.connection_id._prepare_batch_document(dataset, record) if record else {}
        document.write({**shown, **_finding(dataset, record, links.get(document.res_id), contacts)})


def _links(connection, dataset, records):
    """Link of each record by its id; one that is not saved where there is none."""
    links = connection.env["xero.link"]
    known = {link.res_id: link for link in links._of(records, connection, dataset._key)}
    nothing = {"model": records._name, "dataset": dataset._key, "part": ""}
    return {record.id: known.get(record.id) or links.new({**nothing, "res_id": record.id}) for record in records}


def _finding(dataset, record, link, contacts):
    """Values of a document of a batch: its state, and the reason.

    :param contacts: ``{partner: its Problem or None}`` of those that were looked at before
    """
    found = {"state": "ready", "reason": False, "reason_arguments": False, "further": False}
    try:
        if record is None:
            raise Problem("record_deleted", state="excluded")
        if link.state == "synced":
            raise Problem("unchanged", state="unchanged")
        with as_problem(link):
            try:
                dataset._preflight(record, link)
            except Problem as problem:
                if problem.code != WAITING:
                    raise
                # Whoever approves is asked when it is exported.
                found.update(reason=problem.code, reason_arguments=problem.arguments)
            dataset._check_amounts(record)
            for partner in dataset._dependencies(record).get("contact", ()):
                if problem := _contact_problem(dataset._connection, partner, contacts):
                    raise problem
            warnings = dataset._warnings(record)
            if warnings and not found["reason"]:
                (found["reason"], found["reason_arguments"]), *warnings = warnings
            found["further"] = warnings
    except Problem as problem:
        state = "out" if problem.state in NOT_FOR_XERO else "blocked"
        return {"state": state, "reason": problem.code, "reason_arguments": problem.arguments, "further": False}
    return found


def _contact_problem(connection, partner, contacts):
    """The Problem of a contact that Xero does not have and that cannot be sent first, else ``None``."""
    if partner not in contacts:
        contacts[partner] = None
        if not partner.xero_link_id.xero_id:
            dataset = connection._dataset("contact")
            link = _links(connection, dataset, partner)[partner.id]
            try:
                dataset._preflight(partner, link)
            except Problem as problem:
                contacts[partner] = Problem(problem.code, **problem.arguments)
    return contacts[partner]
