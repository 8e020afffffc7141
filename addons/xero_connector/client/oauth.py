"""Consent, code exchange, refresh and revocation (facts, section 1)."""

import base64
import json
import re
from urllib.parse import urlencode

from . import errors, shape
from .hidden import Hidden, HiddenBytes
from .transport import Transport

LIFE = 1800  # seconds that an access token lives when the answer does not say
LONGEST_LIFE = 24 * 3600
_TOKEN = re.compile(r"[!-~]{1,20000}")  # what a header can carry


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
    pair = Hidden(base64.b64encode(f"{client_id}:{client_secret}".encode()).decode())
    try:
        return (
            Transport()
            .request(
                "POST",
                f"{identity_url}{path}",
                body=HiddenBytes(urlencode(form).encode()),
                headers={
                    "Authorization": Hidden(f"Basic {pair}"),
                    "Content-Type": "application/x-www-form-urlencoded",
                },
            )
            .data
        )
    except errors.XeroError as error:
        # The one word of the standard, e.g. invalid_grant: a longer text might repeat what was sent.
        word = error.message if re.fullmatch(r"[a-z_]{1,40}", error.message) else ""
        kind = errors.AccessRevoked if word == "invalid_grant" else type(error)
        raise kind(
            word, status=error.status, retry_after=error.retry_after, correlation_id=error.correlation_id
        ) from None


def _tokens(identity_url, client_id, client_secret, form):
    """What the token endpoint gives for `form`, as far as it is needed.

    :raises errors.OutcomeUnknown: the answer holds no pair of tokens
    """
    answer = _token_call(identity_url, "/connect/token", client_id, client_secret, form)
    answer = answer if isinstance(answer, dict) else {}
    pair = {name: answer.get(name) for name in ("access_token", "refresh_token")}
    if not all(isinstance(token, str) and _TOKEN.fullmatch(token) for token in pair.values()):
        answer = pair = None  # nothing of it stays in sight
        raise errors.OutcomeUnknown("Xero's answer holds no tokens")
    seconds, scope = answer.get("expires_in"), answer.get("scope")
    sound = isinstance(seconds, int) and not isinstance(seconds, bool) and 0 < seconds <= LONGEST_LIFE
    return {
        **{name: Hidden(token) for name, token in pair.items()},
        "expires_in": seconds if sound else LIFE,
        "scope": shape.text(scope) if isinstance(scope, str) else "",
    }


def exchange_code(identity_url, client_id, client_secret, code, redirect_uri):
    """Tokens for a code that lives 5 minutes.

    :return: mapping with access_token, refresh_token, expires_in (seconds), scope
    :raises errors.AccessRevoked: the code was used or is too old
    """
    form = {"grant_type": "authorization_code", "code": Hidden(code), "redirect_uri": redirect_uri}
    return _tokens(identity_url, client_id, client_secret, form)


def refresh(identity_url, client_id, client_secret, refresh_token):
    """A new pair of tokens; the old refresh token stays usable for 30 minutes."""
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    return _tokens(identity_url, client_id, client_secret, form)


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
        found = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError, AttributeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
