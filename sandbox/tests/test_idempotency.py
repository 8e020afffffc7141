"""The Idempotency-Key."""

import threading

from sandbox_client import Client, line


def key(value="k1"):
    return {"Idempotency-Key": value}


def test_replay_gives_the_first_answer_and_creates_nothing(xero):
    body = xero.document()
    first = xero.put("/Invoices", body, headers=key())
    second = xero.put("/Invoices", body, headers=key())
    assert first.content == second.content
    assert len(xero.org.invoices) == 1


def test_400_is_replayed_too(xero):
    body = {"Name": "Later"}
    archived = next(row for row in xero.org.contacts if row["ContactStatus"] == "ARCHIVED")
    xero.org.contacts.put({**archived, "Name": "Later"})
    assert xero.put("/Contacts", body, headers=key()).status_code == 400
    xero.org.contacts.put(archived)
    assert xero.put("/Contacts", body, headers=key()).status_code == 400
    assert xero.put("/Contacts", body, headers=key("k2")).status_code == 200


def test_other_request_with_the_same_key(xero):
    xero.put("/Contacts", {"Name": "A"}, headers=key())
    answer = xero.put("/Contacts", {"Name": "B"}, headers=key())
    assert answer.status_code == 400
    assert answer.json()["Message"] == "Idempotency Key: k1 is used with a different request."


def test_keys_are_per_app_not_per_tenant(xero, server):
    xero.put("/Contacts", {"Name": "A"}, headers=key())
    answer = Client(server, organisation=2).put("/Contacts", {"Name": "A"}, headers=key())
    assert answer.status_code == 400
    assert len(server.organisation(2).contacts) == 7


def test_forgotten_after_six_minutes(xero, server):
    body = xero.document()
    xero.put("/Invoices", body, headers=key())
    server.advance(359)
    xero.put("/Invoices", body, headers=key())
    assert len(xero.org.invoices) == 1
    server.advance(1)
    xero.put("/Invoices", body, headers=key())
    assert len(xero.org.invoices) == 2


def test_rate_check_comes_first(xero, server):
    body = xero.document()
    server.sandbox.limits.minute = 1
    xero.put("/Invoices", body, headers=key())
    assert xero.put("/Invoices", body, headers=key()).status_code == 429
    server.advance(60)
    assert xero.put("/Invoices", body, headers=key()).status_code == 200
    assert len(xero.org.invoices) == 1


def test_key_is_at_most_128_characters(xero):
    assert xero.put("/Contacts", {"Name": "A"}, headers=key("x" * 129)).status_code == 400
    assert xero.put("/Contacts", {"Name": "A"}, headers=key("x" * 128)).status_code == 200


def test_concurrent_duplicate_waits_for_the_first(xero, server):
    answers = []
    body = xero.document(LineItems=[line()])

    def call():
        answers.append(xero.put("/Invoices", body, headers=key()).content)

    threads = [threading.Thread(target=call) for _ in range(3)]
    with server.sandbox.lock:
        for thread in threads:
            thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 3
    assert len(set(answers)) == 1
    assert len(xero.org.invoices) == 1
