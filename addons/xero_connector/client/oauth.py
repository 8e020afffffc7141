"""Consent, code exchange, refresh and revocation (facts, section 1)."""

import base64
import json
from urllib.parse import urlencode

from . import errors
from .transport import Transport


def authorize_url(login_url, client_id, redirect_uri, scopes, state):
    """Address of Xero's consent page.

    :param scopes: list of scope names
    :param state: single-use text that Xero hands back
    """
    query = urlencode(
        {
            "response_type": "code",
            "client_id": client_id,
            "redirect_uri": redirect_uri,
            "scope": " ".join(scopes),
            "state": state,
            # One organisation per consent; the bulk page is for one tier only.
            "acr_values": "bulk_connect:false",
        }
    )
    return f"{login_url}/identity/connect/authorize?{query}"


def _token_call(identity_url, path, client_id, client_secret, form):
    pair = base64.b64encode(f"{client_id}:{client_secret}".encode()).decode()
    try:
        return (
            Transport()
            .request(
                "POST",
                f"{identity_url}{path}",
                body=urlencode(form).encode(),
                headers={
                    "Authorization": f"Basic {pair}",
                    "Content-Type": "application/x-www-form-urlencoded",
                },
            )
            .data
        )
    except errors.Rejected as error:
        if error.message == "invalid_grant":
            raise errors.AccessRevoked(
                "invalid_grant", status=error.status, correlation_id=error.correlation_id
            ) from None
        raise


def exchange_code(identity_url, client_id, client_secret, code, redirect_uri):
    """Tokens for a code that lives 5 minutes.

    :return: mapping with access_token, refresh_token, expires_in (seconds), scope, id_token
    :raises errors.AccessRevoked: the code was used or is too old
    """
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
    return _token_call(identity_url, "/connect/token", client_id, client_secret, form)


def refresh(identity_url, client_id, client_secret, refresh_token):
    """A new pair of tokens; the old refresh token stays usable for 30 minutes."""
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    return _token_call(identity_url, "/connect/token", client_id, client_secret, form)


def revoke(identity_url, client_id, client_secret, refresh_token):
    """Take back the consent of the user behind `refresh_token`, for all organisations."""
    form = {"token": refresh_token}
    _token_call(identity_url, "/connect/revocation", client_id, client_secret, form)


def claims(access_token):
    """Payload of a JWT, not verified: it came straight from the token endpoint over TLS.

    :return: mapping, empty when the token is not readable
    """
    try:
        payload = access_token.split(".")[1]
        return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError, AttributeError):
        return {}
