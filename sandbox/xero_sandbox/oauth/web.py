"""The HTTP side of login and identity: consent page, token, revocation, connections."""

import base64
import binascii
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from werkzeug.wrappers import Response

from .. import wire
from ..errors import ApiError, NotFound
from ..html import page, tag
from . import scopes as scope_names
from .store import OAuthError

NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


def authorize(sandbox, request):
    """GET shows the consent page, POST is Allow or Deny (facts, section 1.2)."""
    args = request.args
    app = sandbox.oauth.apps.get(args.get("client_id", ""))
    uri = args.get("redirect_uri", "")
    if app is None:
        return _error("unauthorized_client", "Unknown client or client not enabled")
    if not uri or not sandbox.oauth.redirect_allowed(app, uri):
        return _error("invalid_request", "Invalid redirect_uri")
    if args.get("response_type") != "code":
        return _error("unsupported_response_type", "response_type must be code")
    wanted = scope_names.split(args.get("scope"))
    if scope_names.APP_ONLY & set(wanted):
        return _back(uri, error="access_denied", state=args.get("state"))
    unknown = [scope for scope in wanted if scope not in scope_names.GRANULAR]
    if unknown or not wanted:
        return _error("invalid_scope", f"Invalid scope for client: {' '.join(unknown)}")
    if request.method == "GET":
        return _consent(sandbox, app, wanted)
    if request.form.get("decision") != "allow":
        return _back(uri, error="access_denied", state=args.get("state"))
    org = sandbox.organisations.get(request.form.get("tenant", ""))
    if org is None:
        return _consent(sandbox, app, wanted, "Choose an organisation first.")
    code = sandbox.oauth.grant(app["client_id"], wanted, [org.tenant_id], uri)
    return _back(uri, code=code, scope=" ".join(wanted), state=args.get("state"))


def _consent(sandbox, app, wanted, problem=None):
    orgs = list(sandbox.organisations.values())
    choices = [
        tag("label", tag("input", type="radio", name="tenant", value=org.tenant_id,
                         id=f"organisation-{number}", checked=len(orgs) == 1),
            " ", org.details["Name"])
        for number, org in enumerate(orgs, 1)]
    body = [
        tag("p", tag("strong", app["name"]), " wants access to:"),
        tag("ul", *(tag("li", scope) for scope in wanted)),
        tag("p", problem, class_="error", id="problem") if problem else "",
        tag("form", tag("fieldset", tag("legend", "Select an organisation"), *choices),
            tag("p", tag("button", "Allow access", id="allow", name="decision", value="allow"),
                tag("button", "Cancel", id="deny", name="decision", value="deny",
                    class_="quiet")), method="post"),
    ]
    return Response(page("Connect an organisation", *body), mimetype="text/html",
                    status=400 if problem else 200)


def _error(code, text):
    body = [tag("p", f"Error: {code}", class_="error", id="error"), tag("p", text)]
    return Response(page("Sorry, something went wrong", *body), 400, mimetype="text/html")


def _back(uri, **parameters):
    parts = urlsplit(uri)
    query = parse_qsl(parts.query) + [(k, v) for k, v in parameters.items() if v is not None]
    return Response(status=302, headers={
        "Location": urlunsplit(parts._replace(query=urlencode(query)))})


# Identity


def token(sandbox, request):
    """POST /connect/token: authorization_code, refresh_token, client_credentials."""
    oauth, form = sandbox.oauth, request.form
    try:
        app = oauth.authenticate(*_credentials(request))
        kind = form.get("grant_type")
        if kind == "authorization_code":
            answer = oauth.exchange(app, form.get("code"), form.get("redirect_uri"))
        elif kind == "refresh_token":
            answer = oauth.refresh(app, form.get("refresh_token"))
        elif kind == "client_credentials":
            wanted = scope_names.split(form.get("scope"))
            if set(wanted) - scope_names.GRANULAR - scope_names.APP_ONLY:
                raise OAuthError("invalid_scope")
            answer = oauth.client_credentials(app, wanted)
        else:
            raise OAuthError("unsupported_grant_type")
    except OAuthError as error:
        return json_response({"error": error.error}, error.status, NO_STORE)
    return json_response(answer, 200, NO_STORE)


def revocation(sandbox, request):
    """POST /connect/revocation: 200 with an empty body, also for unknown tokens."""
    try:
        app = sandbox.oauth.authenticate(*_credentials(request))
    except OAuthError as error:
        return json_response({"error": error.error}, error.status)
    sandbox.oauth.revoke(app, request.form.get("token"))
    return Response(status=200)


def discovery(_sandbox, request):
    """GET /.well-known/openid-configuration."""
    root = request.host_url.rstrip("/")
    return json_response({
        "issuer": root, "authorization_endpoint": f"{root}/identity/connect/authorize",
        "token_endpoint": f"{root}/connect/token",
        "revocation_endpoint": f"{root}/connect/revocation",
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "scopes_supported": sorted(scope_names.GRANULAR),
    })


def _credentials(request):
    header = request.headers.get("Authorization", "")
    if not header.startswith("Basic "):
        return request.form.get("client_id"), request.form.get("client_secret")
    try:
        text = base64.b64decode(header[6:], validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise OAuthError("invalid_client", 401) from None
    client_id, _colon, secret = text.partition(":")
    return unquote(client_id), unquote(secret)


# Connections


def connections(sandbox, request):
    """GET /connections[?authEventId=]: the organisations this token may use."""
    try:
        claims = sandbox.claims(request)
    except ApiError as error:
        return api_response(error)
    event = request.args.get("authEventId")
    return json_response([
        {**{k: v for k, v in row.items() if k != "client_id"},
         "tenantName": sandbox.organisations[row["tenantId"]].details["Name"]}
        for row in sandbox.oauth.connections.values()
        if row["client_id"] == claims["client_id"] and event in (None, row["authEventId"])])


def delete_connection(sandbox, request, id):
    """DELETE /connections/{id}: 204, or 404 for an unknown id."""
    try:
        claims = sandbox.claims(request)
        row = sandbox.oauth.connections.get(id.lower())
        if row is None or row["client_id"] != claims["client_id"]:
            raise NotFound
    except ApiError as error:
        return api_response(error)
    del sandbox.oauth.connections[row["id"]]
    return Response(status=204)


def json_response(payload, status=200, headers=None):
    """A JSON answer."""
    return Response(wire.dump(payload), status, headers=headers,
                    content_type="application/json; charset=utf-8")


def api_response(error):
    """The answer of an :class:`ApiError`."""
    return Response(error.payload(), error.status, headers=error.headers,
                    content_type=error.content_type)
