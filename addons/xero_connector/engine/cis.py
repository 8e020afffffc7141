"""What the UK's Construction Industry Scheme says of a vendor is read before a bill leaves (books B6)."""

from ..client import errors
from ..datasets.cis import is_known
from . import session, transaction

COUNTRY = "GB"
AT_ONCE = 10  # vendors that are asked for before what was learnt is kept


def unread(request):
    """Whose settings have to be read before `request` leaves: the connection, then links of contacts."""
    connection, dataset = request.connection_id, request._dataset()
    if connection.country_code != COUNTRY:
        return []
    contacts = dataset._cis_contacts(dataset._browse(request._links().mapped("res_id")).exists())
    if not contacts:
        return []
    if not is_known(connection):
        return [connection]
    return list(contacts.filtered(lambda link: not is_known(link))[:AT_ONCE]) if connection.cis_contractor else []


def learn(request):
    """Read what is not known yet of the vendors of a request that is about to leave, outside any transaction.

    A day costs one call, and one for each vendor where the organisation is a contractor of the scheme; outside the
    UK nothing. What is left is asked for at the next turn.

    :param request: one ``xero.request``
    :return: list of ``(record, values)``, of the connection or of links of contacts
    :raises errors.XeroError: Xero was not reached or refused
    """
    learned = []
    for record in unread(request):
        try:
            learned.append((record, _read(request, record)))
        except errors.XeroError:
            if not learned:
                raise
            break
    return learned


def _read(request, record):
    """Values of the connection, or of the link of a contact."""
    connection = request.connection_id
    now = transaction.database_now(request.env)
    if record == connection:
        settings = _settings(connection, f"/Organisation/{connection.organisation_key}")
        return {"cis_contractor": settings.get("CISContractorEnabled") is True, "cis_read_at": now}
    settings = _settings(connection, f"/Contacts/{record.merged_into or record.xero_id}")
    return {"cis_enabled": settings.get("CISEnabled") is True, "cis_read_at": now}


def _settings(connection, path):
    """The settings of an organisation or a contact, empty when Xero keeps none.

    Operations getOrganisationCISSettings and getContactCISSettings; the latter's example names the list otherwise
    than its schema.
    """
    transaction.commit(connection.env)
    try:
        answer = session.call(connection, lambda api: api.get(f"{path}/CISSettings"))
    except errors.NotFound:
        return {}
    return next(iter(answer.rows(lambda data: data.get("CISSettings", data.get("CISSetting")))), {})
