"""Names and numbers that are taken in Xero: look up who holds them, then link or ask (B13)."""

from ..client import errors
from ..datasets.problem import Problem
from . import answer, session, transaction


def settle(request):
    """Look up the holders of the names or numbers that a request ran into.

    Reads outside any transaction; what cannot be read now is asked again later.

    :param request: one ``xero.request`` with conflicts
    """
    if not request.conflicts:
        return
    env, dataset = request.env, request._dataset()
    rows = {link_id: (code, arguments) for link_id, code, arguments in request.conflicts}
    links = env["xero.link"].browse(list(rows)).exists()
    records = {record.id: record for record in dataset._browse(links.mapped("res_id")).exists()}
    queries = dataset._conflict_queries(list(records.values()))
    try:
        items = holders(request.connection_id, dataset, queries, dataset._list_path(request.path))
    except errors.XeroError as failure:
        error = failure  # the name of an except clause ends with it
        transaction.run_committed(env, lambda: request._pause(error))
        return

    def work():
        outcome = answer.Outcome(request)
        details = {row["link"]: row for row in request.link_ids}
        for link in links:
            code, arguments = rows[link.id]
            try:
                if link.res_id not in records:
                    raise Problem("record_deleted")
                item = dataset._choose(records[link.res_id], link, items, code, arguments)
            except Problem as problem:
                outcome.refuse(link, problem)
            else:
                # What Xero holds may differ from what was sent: the next push compares anew.
                outcome.accept(link, item, {**details[link.id], "hash": "", "lines": []}, "adopted")
        outcome.finish(calls=len(queries))
        request.conflicts = False
        if not request._links():
            request._close()

    transaction.run_committed(env, work)


def holders(connection, dataset, queries, path=None):
    """What Xero answers to `queries` of a data set, outside any transaction.

    :param queries: list of query parameters, one call each
    :param path: of the list, when it is not the data set's own
    :return: list of elements
    :raises errors.XeroError: Xero was not reached or refused
    """
    transaction.commit(connection.env)
    items = []
    for params in queries:
        found = session.call(connection, lambda api, p=params: api.get(path or dataset._xero_path, p))
        items += dataset._listed(found)
    return items
