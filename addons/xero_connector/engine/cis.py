"""What the UK's Construction Industry Scheme says of a vendor is read before a bill leaves (books B6)."""

from datetime import timedelta

from ..client import errors
from . import session, transaction

COUNTRY = "GB"
FRESH = timedelta(days=1)
AT_ONCE = 10  # vendors that are asked for before what was learnt is kept


def learn(request):
    """Read what is not known yet of the vendors of a request that is about to leave, outside any transaction.

    A day costs one call, and one for each vendor where the organisation is a contractor of the scheme; outside the
    UK nothing. Of many vendors the rest is asked for at the next turn.

    :param request: one ``xero.request``
    :return: list of ``(record, values)``, of the connection and of links of contacts
    :raises errors.XeroError: Xero was not reached or refused
    """
    connection, dataset = request.connection_id, request._dataset()
    if connection.country_code != COUNTRY or not connection.organisation_key:
        return []
    contacts = dataset._cis_contacts(dataset._browse(request._links().mapped("res_id")).exists())
    if not contacts:
        return []
    now = transaction.database_now(request.env)
    learned, contractor = [], connection.cis_contractor
    if _is_old(connection, now):
        settings = _settings(connection, f"/Organisation/{connection.organisation_key}")
        contractor = settings.get("CISContractorEnabled") is True
        learned.append((connection, {"cis_contractor": contractor, "cis_read_at": now}))
    if contractor:
        for contact in contacts.filtered(lambda link: _is_old(link, now))[:AT_ONCE]:
            settings = _settings(connection, f"/Contacts/{contact.xero_id}")
            learned.append((contact, {"cis_enabled": settings.get("CISEnabled") is True, "cis_read_at": now}))
    return learned


def _is_old(record, now):
    return not record.cis_read_at or record.cis_read_at < now - FRESH


def _settings(connection, path):
    """The settings of an organisation or a contact, empty when Xero keeps none.

    Operations getOrganisationCISSettings and getContactCISSettings.
    """
    transaction.commit(connection.env)
    try:
        answer = session.call(connection, lambda api: api.get(f"{path}/CISSettings"))
    except errors.NotFound:
        return {}
    return next(iter(answer.rows("CISSettings")), {})
