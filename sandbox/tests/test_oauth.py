"""Consent, codes, tokens, refresh, revocation, connections."""

import base64
import json
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from sandbox_client import Client

from xero_sandbox.testing import CALLBACK, SCOPES

ID, SECRET = "SANDBOX-CLIENT-ID", "SANDBOX-CLIENT-SECRET"


def authorize(server, method="GET", data=None, **values):
    query = {"response_type": "code", "client_id": ID, "redirect_uri": CALLBACK,
             "scope": SCOPES, "state": "s1", **values}
    return requests.request(method, f"{server.url}/identity/connect/authorize?{urlencode(query)}",
                            data=data, allow_redirects=False, timeout=5)


def location(answer):
    assert answer.status_code == 302, answer.text
    return {key: value[0] for key, value in
            parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def token(server, **data):
    return requests.post(f"{server.url}/connect/token", data={
        "client_id": ID, "client_secret": SECRET, **data}, timeout=5)


def claims(access_token):
    part = access_token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=="))


def test_consent_page_asks_which_organisation(server):
    page = authorize(server).text
    assert 'id="organisation-1"' in page
    assert 'id="organisation-2"' in page
    assert 'id="allow"' in page
    assert 'id="deny"' in page
    assert "checked" not in page
    server.reset(organisations=1)
    assert "checked" in authorize(server).text


def test_allow_without_a_choice_asks_again(server):
    answer = authorize(server, "POST", {"decision": "allow"})
    assert answer.status_code == 400
    assert 'id="problem"' in answer.text


def test_allow_gives_a_code_with_the_state(server):
    tenant = server.organisation(2).tenant_id
    back = location(authorize(server, "POST", {"decision": "allow", "tenant": tenant}))
    assert back["state"] == "s1"
    answer = token(server, grant_type="authorization_code", code=back["code"],
                   redirect_uri=CALLBACK).json()
    rows = requests.get(f"{server.url}/connections", timeout=5, headers={
        "Authorization": f"Bearer {answer['access_token']}"}, params={
            "authEventId": claims(answer["access_token"])["authentication_event_id"]}).json()
    assert [row["tenantId"] for row in rows] == [tenant]
    assert rows[0]["tenantName"] == "Demo Company 2 (AU)"


def test_deny_comes_back_with_access_denied(server):
    assert location(authorize(server, "POST", {"decision": "deny"})) == {
        "error": "access_denied", "state": "s1"}


@pytest.mark.parametrize(("values", "error"), [
    ({"client_id": "nobody"}, "unauthorized_client"),
    ({"redirect_uri": "http://localhost:8069/other"}, "invalid_request"),
    ({"redirect_uri": "http://127.0.0.1:8069/xero/oauth/callback"}, "invalid_request"),
    ({"redirect_uri": "http://odoo.example/xero/oauth/callback"}, "invalid_request"),
    ({"response_type": "token"}, "unsupported_response_type"),
    ({"scope": "accounting.transactions"}, "invalid_scope"),
    ({"scope": "accounting.reports.read"}, "invalid_scope"),
    ({"scope": "accounting.everything"}, "invalid_scope"), ({"scope": ""}, "invalid_scope")])
def test_errors_are_a_page(server, values, error):
    answer = authorize(server, **values)
    assert answer.status_code == 400
    assert f"Error: {error}" in answer.text


def test_https_redirects_are_registered_too(server):
    good = authorize(server, redirect_uri="https://odoo.example/xero/oauth/callback")
    assert good.status_code == 200


def test_app_only_scopes_are_denied_in_the_browser(server):
    assert location(authorize(server, scope="openid app.connections"))["error"] == "access_denied"


def test_code_is_single_use_and_lives_five_minutes(server):
    code = server.authorise()
    good = {"grant_type": "authorization_code", "redirect_uri": CALLBACK}
    assert token(server, code=code, **good).status_code == 200
    again = token(server, code=code, **good)
    assert (again.status_code, again.json()) == (400, {"error": "invalid_grant"})
    late = server.authorise()
    server.advance(301)
    assert token(server, code=late, **good).json() == {"error": "invalid_grant"}


def test_code_is_bound_to_its_redirect_uri(server):
    answer = token(server, grant_type="authorization_code", code=server.authorise(),
                   redirect_uri="http://localhost:1/xero/oauth/callback")
    assert answer.json() == {"error": "invalid_grant"}


def test_basic_credentials_and_wrong_secret(server):
    data = {"grant_type": "authorization_code", "code": server.authorise(),
            "redirect_uri": CALLBACK}
    address = f"{server.url}/connect/token"
    assert requests.post(address, data=data, auth=(ID, "wrong"), timeout=5).status_code == 401
    assert requests.post(address, data=data, auth=(ID, SECRET), timeout=5).status_code == 200


def test_tokens_have_lives_and_claims(server):
    answer = server.authorise(tokens=True)
    assert answer["expires_in"] == 1800
    assert answer["token_type"] == "Bearer"
    body = claims(answer["access_token"])
    assert {"xero_userid", "authentication_event_id", "exp"} <= set(body)
    assert "accounting.invoices" in body["scope"]
    assert claims(answer["id_token"])["exp"] - claims(answer["id_token"])["iat"] == 300
    assert "refresh_token" not in server.authorise("openid accounting.settings", tokens=True,
                                                   client_id=_other_app(server), client_secret="s")


def _other_app(server):
    server.sandbox.oauth.add_app("other", "s", [CALLBACK])
    return "other"


def test_refresh_rotates_with_30_minutes_of_grace(server):
    first = server.authorise(tokens=True)["refresh_token"]
    second = token(server, grant_type="refresh_token", refresh_token=first).json()["refresh_token"]
    assert second != first
    server.advance(1799)
    assert token(server, grant_type="refresh_token", refresh_token=first).status_code == 200
    server.advance(2)
    answer = token(server, grant_type="refresh_token", refresh_token=first)
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_grant"})
    assert token(server, grant_type="refresh_token", refresh_token=second).status_code == 200
    counts = server.sandbox.oauth.counts
    assert (counts["refreshes"], counts["rotated_in_grace"], counts["rotated_refused"]) == (3, 1, 1)


def test_refresh_token_dies_after_60_unused_days(server):
    answer = server.authorise(tokens=True)["refresh_token"]
    server.advance(60 * 86400)
    assert token(server, grant_type="refresh_token", refresh_token=answer).status_code == 400


def test_access_token_expires_after_30_minutes(xero, server):
    server.advance(1801)
    answer = xero.get("/Organisation")
    assert answer.status_code == 401
    assert answer.json()["Detail"].startswith("TokenExpired: token expired at ")
    assert set(answer.json()) == {"Type", "Title", "Status", "Detail", "Instance", "Extensions"}


def test_forged_token_is_refused(xero):
    xero.session.headers["Authorization"] += "x"
    answer = xero.get("/Organisation")
    assert (answer.status_code, answer.json()["Detail"]) == (401, "TokenInvalidSignature")


def test_id_token_opens_nothing(xero):
    xero.session.headers["Authorization"] = f"Bearer {xero.tokens['id_token']}"
    assert xero.get("/Organisation").status_code == 401


def test_missing_or_foreign_tenant_is_403(xero, server):
    for tenant in (None, "x", server.organisation(2).tenant_id):
        xero.session.headers["xero-tenant-id"] = tenant
        answer = xero.get("/Organisation")
        assert answer.status_code == 403
        assert answer.json()["Detail"] == "AuthenticationUnsuccessful"


def test_missing_scope(server):
    client = Client(server, scopes="accounting.settings.read accounting.contacts offline_access")
    assert client.get("/Accounts").status_code == 200
    assert client.put("/Currencies", {"Code": "JPY"}).status_code == 401
    answer = client.get("/Invoices")
    assert (answer.status_code, answer.json()["Detail"]) == (401, "AuthorizationUnsuccessful")
    assert "insufficient_scope" in answer.headers["WWW-Authenticate"]


def test_scopes_add_up(server):
    server.authorise("offline_access accounting.settings")
    answer = server.authorise("accounting.contacts", tokens=True)
    assert {"accounting.settings", "accounting.contacts"} <= set(
        claims(answer["access_token"])["scope"])


def test_delete_connection_then_403(xero, server):
    headers = {"Authorization": xero.session.headers["Authorization"]}
    address = f"{server.url}/connections"
    row = requests.get(address, headers=headers, timeout=5).json()[0]
    assert requests.delete(f"{address}/{row['id']}", headers=headers, timeout=5).status_code == 204
    assert requests.delete(f"{address}/{row['id']}", headers=headers, timeout=5).status_code == 404
    assert xero.get("/Organisation").status_code == 403
    assert token(server, grant_type="refresh_token",
                 refresh_token=xero.tokens["refresh_token"]).status_code == 200


def test_user_disconnects_in_xero(xero):
    xero.control("POST", f"/organisations/{xero.org.tenant_id}/disconnect")
    assert xero.get("/Organisation").status_code == 403


def test_revocation_ends_everything(xero, server):
    answer = requests.post(f"{server.url}/connect/revocation", auth=(ID, SECRET), timeout=5,
                           data={"token": xero.tokens["refresh_token"]})
    assert (answer.status_code, answer.content) == (200, b"")
    assert xero.get("/Organisation").status_code == 403
    assert token(server, grant_type="refresh_token",
                 refresh_token=xero.tokens["refresh_token"]).status_code == 400


def test_reconnect_keeps_the_connection_and_moves_its_date(xero, server):
    headers = {"Authorization": xero.session.headers["Authorization"]}
    before = requests.get(f"{server.url}/connections", headers=headers, timeout=5).json()[0]
    server.advance(10)
    server.authorise()
    after = requests.get(f"{server.url}/connections", headers=headers, timeout=5).json()[0]
    assert (after["id"], after["createdDateUtc"]) == (before["id"], before["createdDateUtc"])
    assert after["updatedDateUtc"] > before["updatedDateUtc"]
    assert after["authEventId"] != before["authEventId"]


def test_app_level_token_manages_connections(xero, server):
    answer = token(server, grant_type="client_credentials", scope="app.connections").json()
    assert answer["scope"] == "app.connections"
    headers = {"Authorization": f"Bearer {answer['access_token']}"}
    assert len(requests.get(f"{server.url}/connections", headers=headers, timeout=5).json()) == 1
    refused = token(server, grant_type="client_credentials", scope="accounting.invoices")
    assert refused.json() == {"error": "unauthorized_client"}


def test_custom_connection_needs_no_tenant_header(server):
    server.sandbox.oauth.add_app("custom", "s", tenant_id=server.organisation().tenant_id)
    answer = requests.post(f"{server.url}/connect/token", auth=("custom", "s"), timeout=5, data={
        "grant_type": "client_credentials", "scope": "accounting.settings"}).json()
    assert "refresh_token" not in answer
    rows = requests.get(f"{server.url}/api.xro/2.0/Organisation", timeout=5, headers={
        "Authorization": f"Bearer {answer['access_token']}",
        "Accept": "application/json"}).json()["Organisations"]
    assert rows[0]["Name"] == "Demo Company (AU)"


def test_discovery(server):
    answer = requests.get(f"{server.url}/.well-known/openid-configuration", timeout=5).json()
    assert answer["token_endpoint"] == f"{server.url}/connect/token"
    assert answer["token_endpoint_auth_methods_supported"] == [
        "client_secret_basic", "client_secret_post"]
