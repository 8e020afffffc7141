"""Tokens that work: refreshed once, whoever needs them at the same moment."""

import logging
from datetime import timedelta

from odoo import api, fields
from odoo.exceptions import UserError

from ..client import XeroApi, errors, oauth
from . import budget, transaction

_logger = logging.getLogger(__name__)

EARLY = timedelta(seconds=90)


def open_api(connection, stale_token=None):
    """A client with a valid access token for the organisation of `connection`.

    The token is read, and refreshed if need be, in a transaction of its own.

    :param connection: one ``xero.connection``
    :param stale_token: access token that Xero just refused; it is refreshed unless somebody did
    :return: :class:`~..client.api.XeroApi`
    :raises errors.AccessRevoked: consent needed; the connection says so from now on
    :raises errors.UnsafeAddress: Xero's address is set to one that tokens must not go to
    """
    # Read before the other cursor opens: the caller may have chosen the organisation just now.
    api_url, tenant_id = _base_url(connection, "api"), connection.tenant_id
    try:
        return XeroApi(api_url, _access_token(connection, stale_token), tenant_id)
    except errors.AccessRevoked as error:
        flag_reconnect(connection, error)
        raise


def call(connection, exchange):
    """``exchange(api)`` with a valid token; a refused token is refreshed and tried once more.

    For reads; a write stores its request first and is sent by the push engine.

    :param exchange: function of one :class:`~..client.api.XeroApi` that returns an Answer
    :raises errors.XeroError: what remains
    """
    client = open_api(connection)

    def attempt():
        with budget.call(connection) as learn:
            answer = exchange(client)
            learn(answer.limits)
        return answer

    try:
        try:
            return attempt()
        except errors.AuthExpired:
            client = open_api(connection, client.access_token)
            return attempt()
    except (errors.AccessRevoked, errors.AuthExpired) as error:
        flag_reconnect(connection, error, client.access_token)
        raise


def flag_reconnect(connection, error, access_token=None):
    """Stop the connection, keep its settings, and tell once.

    :param access_token: the one that was refused; a newer one may be good, and says so itself otherwise
    """
    with connection.env.registry.cursor() as cr:
        env = api.Environment(cr, connection.env.uid, {})
        current = env["xero.connection"].sudo().browse(connection.id).exists()

        def work():
            if current.state != "connected":
                return
            if not access_token or current._token()._reveal__secret("access_token") == access_token:
                current._set_needs_reconnect(error)

        # Somebody else may be writing on the connection: settings, health, another refused call.
        transaction.run_committed(env, work)
    connection.invalidate_recordset(["state"])


def _access_token(connection, stale_token):
    for attempt in range(1, transaction.TRIES + 1):
        with connection.env.registry.cursor() as cr:
            try:
                # First statement of the transaction: whoever waits here sees the winner's token.
                cr.execute(
                    "SELECT id FROM xero_token WHERE connection_id = %s FOR UPDATE",
                    [connection.id],
                    log_exceptions=False,
                )
                if not cr.rowcount:
                    raise errors.AccessRevoked("no token")
                env = api.Environment(cr, connection.env.uid, {})
                return _valid_token(env["xero.connection"].sudo().browse(connection.id), stale_token)
            except transaction.CONFLICTS:
                cr.rollback()
                if attempt == transaction.TRIES:
                    raise
        transaction.step_aside(attempt)
    return None


def _base_url(connection, kind):
    try:
        return connection._base_url(kind)
    except UserError as error:
        raise errors.UnsafeAddress(str(error)) from None


def _valid_token(connection, stale_token):
    """Access token that is not `stale_token` and lives a while yet; its row is locked."""
    token = connection._token()
    current = token._reveal__secret("access_token")
    fresh = token.expires_at and token.expires_at > fields.Datetime.now() + EARLY
    if current and fresh and current != stale_token:
        return current
    refresh_token = token._reveal__secret("refresh_token")
    if not refresh_token:
        raise errors.AccessRevoked("no refresh token")
    try:
        answer = oauth.refresh(
            _base_url(connection, "identity"),
            connection.client_id,
            token._reveal__secret("client_secret"),
            refresh_token,
        )
    except errors.OutcomeUnknown as error:
        # The old token works for another 30 minutes, and nothing of the caller's has left.
        raise errors.Offline(error.message, status=error.status) from None
    except (errors.Rejected, errors.NotFound, errors.AuthExpired, errors.ScopeMissing) as error:
        # A verdict on our keys, not on what the caller wants to send.
        raise errors.AccessRevoked(error.message, status=error.status) from None
    store_tokens(token, answer)
    # Xero has rotated: the new pair must survive whatever the caller does next.
    transaction.commit(connection.env)
    _logger.info("Refreshed the Xero token of connection %s", connection.id)
    return answer["access_token"]


def store_tokens(token, answer):
    """Keep what the token endpoint answered.

    :param token: one ``xero.token``
    :param answer: mapping with access_token, refresh_token, expires_in (seconds)
    """
    now = fields.Datetime.now()
    token.store(access_token=answer["access_token"], refresh_token=answer.get("refresh_token") or "")
    token.sudo().write(
        {
            "expires_at": now + timedelta(seconds=int(answer.get("expires_in") or 1800)),
            "refreshed_at": now,
        }
    )
