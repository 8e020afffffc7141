"""Reference data and the organisation itself, read from Xero."""

from ..client import errors
from . import session, transaction

DATASETS = ("account", "tax_rate", "currency", "tracking_category", "branding_theme")


def read_organisation(connection):
    """Name, country, currency, lock dates of the organisation; one call.

    :raises errors.XeroError: Xero was not reached or refused
    """
    found = session.call(connection, lambda api: api.get("/Organisation"))
    organisations = (found.data or {}).get("Organisations") or []
    if not organisations:
        raise errors.OutcomeUnknown("Xero's answer holds no organisation")
    return organisations[0]


def read_actions(connection):
    """What the connecting user may do, ``{name: allowed}`` (operation getOrganisationActions)."""
    found = session.call(connection, lambda api: api.get("/Organisation/Actions"))
    actions = (found.data or {}).get("Actions") or []
    return {action.get("Name"): action.get("Status") == "ALLOWED" for action in actions}


def pull(connection, key):
    """Bring in one unpaged list of reference data: create, update, and mark what is gone.

    :param key: one of :data:`DATASETS`
    :return: how many rows Xero sent
    :raises errors.XeroError: Xero was not reached or refused; nothing is changed then
    """
    dataset = connection._dataset(key)
    transaction.commit(connection.env)
    found = session.call(connection, lambda api: api.get(dataset._xero_path, dataset._list_params()))
    items = (found.data or {}).get(dataset._xero_plural)
    if not isinstance(items, list):
        raise errors.OutcomeUnknown("Xero's answer could not be read")
    transaction.run_committed(connection.env, lambda: dataset._store(items))
    return len(items)


def read_again(link, xero_id=None):
    """Refresh number, status and difference of one linked record; one call.

    :param xero_id: element that the record is linked to from now on, default: as before
    :raises errors.XeroError: Xero was not reached, or does not know the record
    """
    dataset = link.connection_id._dataset(link.dataset)
    path = f"{dataset._xero_path}/{xero_id or link.xero_id}"
    found = session.call(link.connection_id, lambda api: api.get(path))
    item = ((found.data or {}).get(dataset._xero_plural) or [None])[0]
    if not item:
        raise errors.NotFound("Xero's answer does not hold the record")
    record = dataset._browse(link.res_id)
    difference = dataset._compare(dataset._figures(record), item)
    link.write({**dataset._read_answer(item), "difference": difference or False})
    transaction.commit(link.env)
