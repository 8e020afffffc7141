"""The control API and the in-process server."""

import http.client
import re

import pytest
import requests
from sandbox_client import Client

from xero_sandbox.server import serve
from xero_sandbox.testing import SandboxServer


def test_log_holds_calls_but_no_tokens(xero, server):
    xero.put("/Contacts", {"Name": "A"}, headers={
        "Idempotency-Key": "k", "User-Agent": "tester"}, summarizeErrors="false")
    text = requests.get(f"{server.url}/_sandbox/requests", timeout=5).text
    entry = requests.get(f"{server.url}/_sandbox/requests", timeout=5).json()[-1]
    assert (entry["method"], entry["path"]) == ("PUT", "/api.xro/2.0/Contacts")
    assert entry["query"] == "summarizeErrors=false"
    assert (entry["status"], entry["tenant"]) == (200, xero.org.tenant_id)
    assert (entry["user_agent"], entry["idempotency_key"]) == ("tester", "k")
    assert entry["ms"] > 0
    for secret in (xero.tokens["access_token"], xero.tokens["refresh_token"]):
        assert secret not in text
    assert "code=" not in text


def test_counts_per_template_and_tenant(xero, server):
    xero.control("POST", "/counts/reset")
    invoice = xero.create()
    xero.get(f"/Invoices/{invoice['InvoiceID']}")
    xero.get("/Invoices")
    requests.get(f"{server.url}/connections", timeout=5)
    counts = xero.control("GET", "/counts")
    assert counts["PUT /Invoices"] == counts["GET /Invoices"] == 1
    assert counts["GET /Invoices/{InvoiceID}"] == 1
    assert counts["GET /connections"] == 1
    assert counts["total"] == 3
    assert counts["by_tenant"] == {xero.org.tenant_id: 3}
    assert server.count("PUT /Invoices") == 1
    assert [call["template"] for call in server.calls][-1] == "/connections"


def test_clock_only_goes_forward(xero):
    before = xero.control("GET", "/clock")["now"]
    assert xero.control("POST", "/clock", {"advance": 3600})["now"] > before
    assert "error" in xero.control("POST", "/clock", {"advance": -1})
    assert "error" in xero.control("POST", "/clock", {})


def test_reset_starts_afresh(server):
    Client(server).contact("Gone")
    rows = requests.post(f"{server.url}/_sandbox/reset", timeout=5, json={
        "country": "NZ", "organisations": 1, "day_limit": 1000}).json()
    assert [row["Name"] for row in rows] == ["Demo Company (NZ)"]
    assert server.sandbox.limits.day == 1000
    assert len(server.organisation().payroll.employees) == 60
    server.reset(employees=0)
    assert len(server.organisation().payroll.employees) == 0
    bad = requests.post(f"{server.url}/_sandbox/reset", json={"country": "FR"}, timeout=5)
    assert bad.status_code == 400
    server.reset(country="AU", organisations=2, employees=60)
    assert "Gone" not in [row["Name"] for row in server.organisation().contacts]


def test_organisation_contact_account_and_tax_rate_can_be_patched(xero):
    assert xero.set_org(Name="Renamed")["Name"] == "Renamed"
    assert "error" in xero.set_org(Nonsense=1)
    xero.set_org(currencies=["JPY"])
    assert "JPY" in xero.get("/Currencies").text
    xero.control("PATCH", f"/contacts/{xero.seeded()}", {"ContactStatus": "ARCHIVED"})
    assert "archived contact" in xero.refused("PUT", "/Invoices", xero.document())[0]
    xero.control("PATCH", f"/contacts/{xero.seeded()}", {"ContactStatus": "ACTIVE"})
    xero.control("PATCH", "/accounts/200", {"Status": "ARCHIVED"})
    assert "has been archived" in xero.refused("PUT", "/Invoices", xero.document())[0]
    tax = f"/organisations/{xero.org.tenant_id}/tax-rates/OUTPUT"
    assert xero.control("PATCH", tax, {"Name": "My GST"})["Name"] == "My GST"


def test_tokens_are_counted_without_secrets(xero):
    counts = xero.control("GET", "/tokens")
    assert (counts["codes"], counts["refreshes"], counts["connections"]) == (1, 0, 1)
    assert not re.search(r"[A-Za-z0-9_-]{30}", str(counts))


def test_apps_accept_only_their_exact_redirects(server):
    requests.post(f"{server.url}/_sandbox/apps", timeout=5, json={
        "client_id": "mine", "client_secret": "s", "redirect_uris": ["https://a.example/cb"]})
    query = {"response_type": "code", "client_id": "mine", "scope": "openid"}
    address = f"{server.url}/identity/connect/authorize"
    good = requests.get(address, params={**query, "redirect_uri": "https://a.example/cb"},
                        timeout=5)
    bad = requests.get(address, params={**query, "redirect_uri": "https://a.example/cb2"},
                       timeout=5)
    assert (good.status_code, bad.status_code) == (200, 400)


def test_unknown_paths(xero, server):
    assert requests.get(f"{server.url}/_sandbox/nope", timeout=5).status_code == 404
    assert requests.get(f"{server.url}/nope", timeout=5).status_code == 404
    assert xero.get("/Nope").status_code == 404
    assert xero.call("DELETE", "/Invoices").status_code == 501


def test_only_this_machine_is_served_except_in_a_container(monkeypatch):
    monkeypatch.setattr("xero_sandbox.server.in_container", lambda: True)
    serve(None, "0.0.0.0", 0).server_close()
    monkeypatch.setattr("xero_sandbox.server.in_container", lambda: False)
    with pytest.raises(ValueError, match="only listens on this machine"):
        serve(None, "0.0.0.0", 0)


def test_keep_alive(server):
    address = server.url.removeprefix("http://")
    connection = http.client.HTTPConnection(address, timeout=5)
    for _ in range(3):
        connection.request("POST", "/_sandbox/clock", b'{"advance": 1}')
        socket_before = connection.sock
        answer = connection.getresponse()
        assert (answer.status, answer.version) == (200, 11)
        answer.read()
        assert connection.sock is socket_before is not None
    connection.close()


def test_stop_ends_open_connections_and_frees_the_port():
    with SandboxServer(organisations=1) as server:
        session = requests.Session()
        address = f"{server.url}/_sandbox/clock"
        assert session.get(address, timeout=5).ok
    with pytest.raises(requests.ConnectionError):
        session.get(address, timeout=2)
    with SandboxServer(organisations=1, port=int(server.url.rpartition(":")[2])) as again:
        assert again.url == server.url
        assert session.get(address, timeout=5).ok
