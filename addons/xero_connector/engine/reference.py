"""Single reads: the organisation, what its user may do, one linked record."""

from urllib.parse import quote

from ..client import errors
from ..datasets.problem import Problem
from . import session, transaction


def read_organisation(connection):
    """Name, country, currency, lock dates of the organisation; one call.

    :raises errors.XeroError: Xero was not reached or refused
    """
    found = session.call(connection, lambda api: api.get("/Organisation"))
    organisations = found.rows("Organisations")
    if not organisations:
        raise errors.OutcomeUnknown("Xero's answer holds no organisation")
    return organisations[0]


def read_actions(connection):
    """What the connecting user may do, ``{name: allowed}`` (operation getOrganisationActions)."""
    found = session.call(connection, lambda api: api.get("/Organisation/Actions"))
    actions = found.rows("Actions", "Name")
    return {action["Name"]: action.get("Status") == "ALLOWED" for action in actions}


def read_list(connection, dataset):
    """All elements of an unpaged list, as they are in Xero now; one call.

    :raises errors.XeroError: Xero was not reached or refused
    """
    found = session.call(connection, lambda api: api.get(dataset._xero_path, dataset._list_params()))
    return found.rows(dataset._xero_plural)


def read_again(link, xero_id=None):
    """Refresh number, status and difference of one linked record; one call.

    :param xero_id: element that the record is linked to from now on, default: as before
    :raises errors.XeroError: Xero was not reached, or does not know the record
    """
    dataset = link._dataset()
    wanted = xero_id or link.xero_id
    path = f"{dataset._xero_path}/{quote(wanted, safe='')}"
    found = session.call(link.connection_id, lambda api: api.get(path))
    item = next((row for row in found.rows(dataset._xero_plural) if row.get(dataset._xero_id) == wanted), None)
    if not item:
        raise errors.NotFound("Xero's answer does not hold the record")
    record = dataset._browse(link.res_id)
    difference = _difference(dataset, record, link, item)
    vals = {}
    if xero_id or not link.line_ids:
        vals = {"line_ids": dataset._line_ids(record, item), "booked": dataset._booked(item)}
    else:
        difference = difference or dataset._moved(link, item)
    vals["difference"] = difference or False
    if xero_id:
        vals["value_prints"] = dataset._value_prints(item)
    link.write({**dataset._read_answer(item), **vals})
    transaction.commit(link.env)


def _difference(dataset, record, link, item):
    """What `item` differs in from `record`; nothing when Odoo cannot tell what it would be: the next push says why."""
    try:
        figures = dataset._figures(record, link)
    except Problem:
        return None
    return dataset._compare(figures, item)
