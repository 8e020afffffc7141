"""The calls that the engine makes, one method per kind of call."""

from . import errors, shape
from .transport import NOT_MODIFIED, Transport

ACCOUNTING = "/api.xro/2.0"
OTHERS = ("/payroll.xro/",)  # APIs that some organisations have, and some users may use
UNAUTHORISED = "AuthorizationUnsuccessful"


class XeroApi:
    """Accounting and identity calls for one organisation.

    :param api_url: base address of Xero's API
    :param access_token: bearer token
    :param tenant_id: organisation, or ``None`` for ``/connections``
    """

    def __init__(self, api_url, access_token, tenant_id=None):
        self._api_url = api_url
        self.access_token = access_token
        self._transport = Transport(access_token, tenant_id)

    def connections(self, auth_event_id=None):
        """Organisations that the token reaches (operation getConnections).

        :param auth_event_id: only those of that consent
        :return: list of mappings with id, tenantId, tenantName, tenantType
        :raises errors.OutcomeUnknown: the answer is no such list
        """
        params = {"authEventId": auth_event_id} if auth_event_id else None
        answer = self._transport.request("GET", f"{self._api_url}/connections", params=params)
        try:
            for tenant in shape.rows(answer.data):
                shape.guid(tenant.get("id"))
                shape.guid(tenant.get("tenantId"))
        except ValueError:
            raise errors.OutcomeUnknown(
                "Xero's answer could not be read", correlation_id=answer.correlation_id
            ) from None
        return answer.data

    def delete_connection(self, connection_id):
        """Disconnect one organisation (operation deleteConnection)."""
        return self._transport.request("DELETE", f"{self._api_url}/connections/{connection_id}")

    def get(self, path, params=None, modified_since=None):
        """Read one list or element.

        :param path: below the Accounting API, e.g. ``/Invoices``; of another API all of it
        :param params: query parameters
        :param modified_since: naive UTC datetime
        :return: :class:`~.transport.Answer`
        """
        headers = None
        if modified_since:
            headers = {"If-Modified-Since": modified_since.strftime("%Y-%m-%dT%H:%M:%S")}
        return self._exchange("GET", path, params=params, headers=headers)

    def send(self, method, path, body, key, content_type="application/json"):
        """Create (PUT) or update (POST) a batch, with a result for each element.

        :param path: with its query, as stored on the request
        :param body: bytes, sent unchanged
        :param key: idempotency key; Xero keeps it for 6 minutes
        :param content_type: of `body`; a file is sent as what it is
        """
        headers = {"Content-Type": content_type, "Idempotency-Key": key}
        return self._exchange(method, path, body=body, headers=headers)

    def _exchange(self, method, path, **kwargs):
        """One call; the refusal of another API than Accounting says nothing of the connection itself."""
        if not path.startswith(OTHERS):
            return _with_mapping(self._transport.request(method, f"{self._api_url}{ACCOUNTING}{path}", **kwargs))
        try:
            return _with_mapping(self._transport.request(method, f"{self._api_url}{path}", **kwargs))
        except (errors.AccessRevoked, errors.ScopeMissing) as error:
            if isinstance(error, errors.ScopeMissing) and UNAUTHORISED not in error.message:
                raise
            raise errors.ApiRefused(error.message, status=error.status, correlation_id=error.correlation_id) from None


def _with_mapping(answer):
    """`answer` when it holds a mapping, as every answer of the Accounting API does."""
    if not isinstance(answer.data, dict) and answer.status != NOT_MODIFIED:
        raise errors.OutcomeUnknown("Xero's answer could not be read", correlation_id=answer.correlation_id)
    return answer
