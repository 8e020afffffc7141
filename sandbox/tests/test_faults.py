"""Fault injection: each kind does what it says, and only when it should."""

import time

import pytest
import requests
from sandbox_client import Client

from xero_sandbox.faults import KINDS

KEY = {"Idempotency-Key": "k"}


def rule(xero, kind, **values):
    return xero.control("POST", "/faults", {"kind": kind, **values})


def numbers(xero):
    return [row["InvoiceNumber"] for row in xero.org.invoices]


def test_drop_before_processes_nothing(xero):
    rule(xero, "drop_before", method="PUT", path="/Invoices$", times=1)
    with pytest.raises(requests.ConnectionError):
        xero.put("/Invoices", xero.document())
    assert numbers(xero) == []
    assert xero.put("/Invoices", xero.document()).status_code == 200


def test_drop_after_has_processed_and_replays(xero):
    rule(xero, "drop_after", method="PUT", path="/Invoices$", times=1)
    with pytest.raises(requests.ConnectionError):
        xero.put("/Invoices", xero.document(), headers=KEY)
    assert numbers(xero) == ["INV-0001"]
    assert xero.put("/Invoices", xero.document(), headers=KEY).status_code == 200
    assert numbers(xero) == ["INV-0001"]


@pytest.mark.parametrize(("kind", "made"), [("error500_before", 0), ("error500_after", 1)])
def test_500_is_kept_under_the_key(xero, server, kind, made):
    rule(xero, kind, method="PUT", times=1)
    codes = [xero.put("/Invoices", xero.document(), headers=KEY).status_code for _ in range(2)]
    assert codes == [500, 500]
    assert len(numbers(xero)) == made
    server.advance(361)
    assert xero.put("/Invoices", xero.document(), headers=KEY).status_code == 200


@pytest.mark.parametrize(("kind", "status", "text"), [
    ("offline503", 503, "The Organisation is offline"), ("html502", 502, "<html>"),
    ("token_expired", 401, "TokenExpired: token expired at"),
    ("rate_minute", 429, ""), ("rate_day", 429, ""), ("rate_concurrent", 429, "")])
def test_refusals_happen_once_and_write_nothing(xero, kind, status, text):
    rule(xero, kind, times=1)
    answer = xero.put("/Invoices", xero.document())
    assert answer.status_code == status
    assert text in answer.text
    if status == 429:
        assert answer.headers["X-Rate-Limit-Problem"] == kind.removeprefix("rate_")
        assert ("Retry-After" in answer.headers) == (kind != "rate_concurrent")
    assert numbers(xero) == []
    assert xero.put("/Invoices", xero.document()).status_code == 200


def test_token_revoked_ends_the_connection(xero, server):
    rule(xero, "token_revoked", times=1)
    assert xero.get("/Organisation").status_code == 401
    assert xero.get("/Organisation").status_code == 403
    answer = requests.post(f"{server.url}/connect/token", timeout=5, data={
        "client_id": "SANDBOX-CLIENT-ID", "client_secret": "SANDBOX-CLIENT-SECRET",
        "grant_type": "refresh_token", "refresh_token": xero.tokens["refresh_token"]})
    assert answer.json() == {"error": "invalid_grant"}


def test_disconnected_stays_disconnected(xero):
    rule(xero, "disconnected", times=1)
    assert [xero.get("/Organisation").status_code for _ in range(2)] == [403, 403]


def test_refresh_lost_has_rotated(xero, server):
    rule(xero, "refresh_lost", times=1)
    data = {"client_id": "SANDBOX-CLIENT-ID", "client_secret": "SANDBOX-CLIENT-SECRET",
            "grant_type": "refresh_token", "refresh_token": xero.tokens["refresh_token"]}
    with pytest.raises(requests.ConnectionError):
        requests.post(f"{server.url}/connect/token", data=data, timeout=5)
    assert server.sandbox.oauth.counts["refreshes"] == 1
    assert requests.post(f"{server.url}/connect/token", data=data, timeout=5).status_code == 200
    assert server.authorise()  # a code exchange is not a refresh


@pytest.mark.parametrize("kind", ["slow", "slow_after"])
def test_slow(xero, kind):
    rule(xero, kind, seconds=0.2, times=1)
    started = time.monotonic()
    assert xero.put("/Invoices", xero.document()).status_code == 200
    assert time.monotonic() - started >= 0.2


def test_malformed_and_truncated(xero):
    rule(xero, "malformed", times=1)
    with pytest.raises(requests.exceptions.JSONDecodeError):
        xero.get("/Organisation").json()
    rule(xero, "truncated", times=1)
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.ConnectionError)):
        xero.get("/Organisation")
    assert xero.get("/Organisation").json()["Organisations"]


def test_answers_from_the_future(xero):
    rule(xero, "unknown_enum", times=1)
    row = xero.get("/Organisation").json()["Organisations"][0]
    assert row["Class"] == row["Timezone"] == "SOMETHINGNEW"
    rule(xero, "null_strings", times=1)
    row = xero.get("/Organisation").json()["Organisations"][0]
    assert row["Name"] is None
    assert row["OrganisationID"]
    rule(xero, "unknown_fields", times=1)
    row = xero.get("/Organisation").json()["Organisations"][0]
    assert row["SomethingNew"] == {"Deep": [1, "two"]}
    assert row["Name"] == "Demo Company (AU)"


def test_method_path_nth_and_times(xero):
    rule(xero, "offline503", method="GET", path="/Accounts", nth=2)
    assert [xero.get("/Accounts").status_code for _ in range(3)] == [200, 503, 200]
    assert xero.get("/Organisation").status_code == 200
    summary = xero.control("GET", "/faults")
    assert summary["fired"] == {"offline503": 1}
    assert summary["rules"][0]["matched"] == 3
    assert summary["log"][0]["path"] == "/api.xro/2.0/Accounts"
    assert xero.control("DELETE", "/faults") == {"rules": [], "fired": {}, "log": []}


def test_probability_repeats_with_its_seed(xero):
    def run():
        xero.control("DELETE", "/faults")
        xero.control("POST", "/faults", {"seed": 7, "kind": "offline503", "probability": 0.5})
        return [xero.get("/Organisation").status_code for _ in range(12)]

    first = run()
    assert set(first) == {200, 503}
    assert run() == first


def test_bad_rules_are_refused(xero):
    assert "kind is one of" in rule(xero, "nonsense")["error"]
    assert "path" in rule(xero, "slow", path="(")["error"]
    assert "error" in rule(xero, "slow", colour="red")


def test_firings_are_in_the_request_log(xero, server):
    rule(xero, "html502", times=1)
    xero.get("/Accounts")
    assert (server.calls[-1]["fault"], server.calls[-1]["status"]) == ("html502", 502)


def test_page_lists_and_adds_rules(server):
    page = requests.get(f"{server.url}/faults", timeout=5).text
    for kind in KINDS:
        assert f'value="{kind}"' in page
    done = requests.post(f"{server.url}/faults", timeout=5, data={
        "kind": "offline503", "method": "GET", "path": "/Accounts", "times": "1", "nth": "",
        "probability": "1", "seconds": "1"})
    assert "offline503" in done.text
    client = Client(server)
    assert [client.get("/Accounts").status_code for _ in range(2)] == [503, 200]
    requests.post(f"{server.url}/faults", data={"clear": "1"}, timeout=5)
    assert server.sandbox.faults.rules == []
