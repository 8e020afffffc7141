"""Apps, authorization codes, tokens and connections (facts, sections 1.2 to 1.4)."""

import hashlib
import hmac
import re
import secrets
import uuid

from . import jwt
from .scopes import split

CODE_SECONDS = 300
ACCESS_SECONDS = 1800
ID_SECONDS = 300
GRACE_SECONDS = 1800
REFRESH_SECONDS = 60 * 86400
DEFAULT_ID = "SANDBOX-CLIENT-ID"
DEFAULT_SECRET = "SANDBOX-CLIENT-SECRET"
CALLBACK = "/xero/oauth/callback"
_LOCAL = re.compile(r"http://localhost(:\d+)?" + CALLBACK)
_HTTPS = re.compile(r"https://[^/?#\s]+(/[^?#\s]*)?" + CALLBACK)


class OAuthError(Exception):
    """A refusal of the token endpoint; ``error`` is the OAuth error code."""

    def __init__(self, error, status=400):
        super().__init__(error)
        self.error = error
        self.status = status


class OAuthStore:
    """All state of the identity server. The sandbox has one user."""

    def __init__(self, clock):
        self.clock = clock
        self.key = secrets.token_bytes(32)
        self.user_id = str(uuid.uuid5(uuid.NAMESPACE_URL, "sandbox-user"))
        self.apps = {DEFAULT_ID: {
            "client_id": DEFAULT_ID, "client_secret": DEFAULT_SECRET, "name": "Sandbox app",
            "redirect_uris": None, "tenant_id": None}}
        self.codes = {}
        self.refresh_tokens = {}
        self.connections = {}
        self.scopes = {}
        self.counts = {"codes": 0, "refreshes": 0, "refused_refreshes": 0, "revocations": 0,
                       "rotated_in_grace": 0, "rotated_refused": 0}

    # Apps

    def add_app(self, client_id, client_secret, redirect_uris=(), name=None, tenant_id=None):
        """Register an app with exact redirect URIs; with ``tenant_id`` a custom connection."""
        self.apps[client_id] = {
            "client_id": client_id, "client_secret": client_secret, "name": name or client_id,
            "redirect_uris": list(redirect_uris), "tenant_id": tenant_id}

    def redirect_allowed(self, app, uri):
        """Whether ``uri`` is registered; http://127.0.0.1 never is (facts, section 1.2)."""
        if app["redirect_uris"] is None:
            return bool(_LOCAL.fullmatch(uri) or _HTTPS.fullmatch(uri))
        return uri in app["redirect_uris"] and not uri.startswith("http://127.0.0.1")

    def authenticate(self, client_id, client_secret):
        """The app with this id and secret.

        :raises OAuthError: invalid_client.
        """
        app = self.apps.get(client_id or "")
        if not app or not hmac.compare_digest(
                app["client_secret"].encode(), (client_secret or "").encode()):
            raise OAuthError("invalid_client", 401)
        return app

    # Consent

    def grant(self, client_id, scopes, tenants, redirect_uri):
        """What Allow does: connect ``tenants`` and give a code. Scopes add up over time."""
        event = str(uuid.uuid4())
        scopes = split(" ".join([*self.scopes.get(client_id, ()), *scopes]))
        self.scopes[client_id] = scopes
        for tenant_id in tenants:
            self._connect(client_id, tenant_id, event)
        code = secrets.token_urlsafe(32)
        self.codes[code] = {
            "client_id": client_id, "redirect_uri": redirect_uri, "event": event,
            "scopes": scopes, "until": self.clock.now() + CODE_SECONDS}
        self.counts["codes"] += 1
        return code

    def _connect(self, client_id, tenant_id, event):
        now = self.clock.iso() + ".0000000"
        for row in self.connections.values():
            if row["client_id"] == client_id and row["tenantId"] == tenant_id:
                row |= {"authEventId": event, "updatedDateUtc": now}
                return
        row = {"id": str(uuid.uuid4()), "authEventId": event, "tenantId": tenant_id,
               "tenantType": "ORGANISATION", "createdDateUtc": now, "updatedDateUtc": now,
               "client_id": client_id}
        self.connections[row["id"]] = row

    # Tokens

    def exchange(self, app, code, redirect_uri):
        """Tokens for an authorization code, once and within 5 minutes.

        :raises OAuthError: invalid_grant.
        """
        found = self.codes.pop(code or "", None)
        if (not found or found["client_id"] != app["client_id"]
                or found["redirect_uri"] != redirect_uri or found["until"] <= self.clock.now()):
            raise OAuthError("invalid_grant")
        return self._tokens(app, found["scopes"], found["event"])

    def refresh(self, app, token):
        """New tokens for a refresh token; the old one stays usable for 30 minutes.

        :raises OAuthError: invalid_grant.
        """
        now = self.clock.now()
        found = self.refresh_tokens.get(_digest(token))
        if (not found or found["client_id"] != app["client_id"]
                or found["issued"] + REFRESH_SECONDS <= now
                or (found["used"] is not None and found["used"] + GRACE_SECONDS <= now)):
            self.counts["refused_refreshes"] += 1
            if found and found["used"] is not None:
                self.counts["rotated_refused"] += 1
            raise OAuthError("invalid_grant")
        if found["used"] is None:
            found["used"] = now
        else:
            self.counts["rotated_in_grace"] += 1
        self.counts["refreshes"] += 1
        return self._tokens(app, found["scopes"], found["event"])

    def client_credentials(self, app, scopes):
        """An app-level token: app.connections, or the organisation of a custom connection.

        :raises OAuthError: invalid_scope or unauthorized_client.
        """
        if not app["tenant_id"] and set(scopes) - {"app.connections"}:
            raise OAuthError("unauthorized_client")
        if not scopes:
            raise OAuthError("invalid_scope")
        event = str(uuid.uuid4())
        if app["tenant_id"]:
            self._connect(app["client_id"], app["tenant_id"], event)
        return {**self._access(app, scopes, event), "scope": " ".join(scopes)}

    def revoke(self, app, token):
        """End the user's connections to this app; unknown tokens are ignored."""
        found = self.refresh_tokens.get(_digest(token))
        if not found or found["client_id"] != app["client_id"]:
            return
        self.counts["revocations"] += 1
        self.forget_user(app["client_id"])

    def forget_user(self, client_id):
        """Remove all tokens and connections of an app."""
        self.refresh_tokens = {
            k: t for k, t in self.refresh_tokens.items() if t["client_id"] != client_id}
        self.connections = {
            k: c for k, c in self.connections.items() if c["client_id"] != client_id}
        self.scopes.pop(client_id, None)

    def disconnect(self, tenant_id):
        """The user disconnects all apps from an organisation; returns how many."""
        before = len(self.connections)
        self.connections = {
            k: c for k, c in self.connections.items() if c["tenantId"] != tenant_id}
        return before - len(self.connections)

    def is_connected(self, client_id, tenant_id):
        """Whether the app may use this tenant."""
        return any(row["client_id"] == client_id and row["tenantId"] == tenant_id
                   for row in list(self.connections.values()))

    def _tokens(self, app, scopes, event):
        answer = self._access(app, scopes, event)
        now = int(self.clock.now())
        if "openid" in scopes:
            answer["id_token"] = jwt.encode({
                "iss": "xero-sandbox", "aud": app["client_id"], "iat": now,
                "exp": now + ID_SECONDS, "sub": self.user_id, "xero_userid": self.user_id,
                "email": "demo@sandbox.example", "given_name": "Demo", "family_name": "User",
            }, self.key)
        if "offline_access" in scopes:
            token = secrets.token_urlsafe(32)
            self.refresh_tokens[_digest(token)] = {
                "client_id": app["client_id"], "scopes": scopes, "event": event,
                "issued": self.clock.now(), "used": None}
            answer["refresh_token"] = token
        return answer

    def _access(self, app, scopes, event):
        now = int(self.clock.now())
        claims = {
            "iss": "xero-sandbox", "aud": "xero-sandbox/resources", "nbf": now,
            "exp": now + ACCESS_SECONDS, "client_id": app["client_id"], "scope": scopes,
            "authentication_event_id": event, "jti": uuid.uuid4().hex,
        }
        if scopes != ["app.connections"]:
            claims |= {"sub": self.user_id, "xero_userid": self.user_id}
        return {"access_token": jwt.encode(claims, self.key), "expires_in": ACCESS_SECONDS,
                "token_type": "Bearer"}


def _digest(token):
    """Refresh tokens are kept as digests only."""
    return hashlib.sha256((token or "").encode()).hexdigest()
