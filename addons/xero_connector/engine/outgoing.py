"""One write request: which elements go together, where to, and as which bytes."""

import base64
import uuid
from dataclasses import dataclass

from .. import values
from ..client.hidden import HiddenBytes
from . import transaction

MAX_BODY = 3_400_000  # bytes; Xero takes 3.5 MB


@dataclass
class Prepared:
    """One element ready to be sent.

    Link id, path with query, payload, and what to remember of it until the answer.
    """

    link_id: int
    path: str
    payload: dict
    detail: dict


def store(run, dataset, create, prepared):
    """Store the request for the first of `prepared` and those that may go with it.

    The links that are left out stay queued for the next step.

    :param create: whether Xero has none of the elements yet
    :return: the ``xero.request``; its links are in state sending
    """
    prepared = [item for item in prepared if item.path == prepared[0].path]
    while len(body := _body(dataset, prepared)) > MAX_BODY and len(prepared) > 1:
        prepared = prepared[: len(prepared) // 2]
    env, connection = run.env, run.connection_id
    links = env["xero.link"].browse([item.link_id for item in prepared])
    links.write({"state": "sending"})
    return env["xero.request"].create(
        {
            "connection_id": connection.id,
            "company_id": connection.company_id.id,
            "tenant_id": connection.tenant_id,
            "client_id": connection.client_id,
            "run_id": run.id,
            "dataset": dataset._own_key(),
            "method": "PUT" if create else "POST",
            "path": prepared[0].path,
            "key": new_key(connection),
            "body": base64.b64encode(body),
            "link_ids": [item.detail for item in prepared],
            "sent_at": transaction.database_now(env),
        }
    )


def _body(dataset, prepared):
    return values.dumps({dataset._xero_plural: [item.payload for item in prepared]})


def new_key(connection):
    """Idempotency key; Xero keeps keys per app, so the organisation is part of it."""
    return f"{connection.tenant_id}:{uuid.uuid4().hex}"


def content(request):
    """What leaves for a stored request: bytes and their type.

    :raises Problem: what was to be sent is not there any more as it was then
    """
    body, content_type = request._dataset()._content(request._body_bytes())
    return HiddenBytes(body), content_type
