"""Big organisations: made at once, read by pages, changed like any other."""

import time
from datetime import datetime, timezone

import pytest

from xero_sandbox.sandbox import Sandbox
from xero_sandbox.store import dump, load


@pytest.fixture
def big(xero):
    """3,000 seeded contacts over 100 days, 1,200 of them in one second, every 50th archived."""
    xero.keys = xero.org.seed_contacts(3000, spread_days=100, same_second=1200, archived=50)
    return xero


def stamps(xero):
    return [xero.org.contacts.get(key)["updated"] for key in xero.keys]


def test_the_dates_are_spread_and_one_block_shares_one(big):
    values = stamps(big)
    assert values == sorted(values)
    assert 99 < (values[-1] - values[0]) / 86_400_000 <= 100
    block = max(set(values), key=values.count)
    assert values.count(block) == 1200
    assert block % 1000 == 0


def test_pages_show_each_once_in_order(big):
    seen = []
    for page in (1, 2, 3, 4):
        answer = big.get("/Contacts", page=page, pageSize=1000, includeArchived="true").json()
        seen += [(row["UpdatedDateUTC"], row["ContactID"]) for row in answer["Contacts"]]
    assert answer["pagination"] == {"page": 4, "pageSize": 1000, "pageCount": 4, "itemCount": 3007}
    assert set(big.keys) <= {key for _stamp, key in seen}
    assert seen == sorted(seen)
    assert len(set(seen)) == 3007


def test_archived_ones_are_left_out(big):
    answer = big.get("/Contacts", page=1, pageSize=1000).json()
    assert answer["pagination"]["itemCount"] == 3000 - 60 + 6


def test_the_middle_of_the_block_can_be_asked_for(big):
    block = stamps(big)[1500]
    before = datetime.fromtimestamp(block / 1000 - 1, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    found = big.ids("Contacts", since=before, page=1, pageSize=1000, includeArchived="true")
    assert len(found) == 1000
    assert {big.org.contacts.get(key)["updated"] for key in found} == {block}


def test_a_seeded_contact_is_edited_like_any_other(big, server):
    key = big.keys[10]
    server.advance(5)
    assert big.post(f"/Contacts/{key}", {"FirstName": "Changed"}).ok
    assert big.one("Contacts", key)["FirstName"] == "Changed"
    assert big.ids("Contacts", page=4, pageSize=1000, includeArchived="true")[-1] == key
    assert big.refused("PUT", "/Contacts", {"Name": big.org.contacts.get(big.keys[11])["Name"]})


def test_more_can_follow(big):
    more = big.org.seed_contacts(10)
    assert not set(more) & set(big.keys)
    assert len(big.org.contacts) == 3017


def test_documents_with_payments_and_their_books(xero):
    made = xero.org.seed_invoices_with_payments(200, customers=20)
    answer = xero.get("/Invoices", page=1, pageSize=1000).json()["Invoices"]
    assert len(answer) == 200
    assert sum(row["Type"] == "ACCPAY" for row in answer) == 40
    open_ones = [row for row in answer if row["Status"] == "AUTHORISED"]
    assert len(open_ones) == 20
    assert all(row["AmountDue"] > 0 for row in open_ones)
    payments = xero.get("/Payments", page=1, pageSize=1000).json()["Payments"]
    assert {row["Invoice"]["InvoiceID"] for row in payments} == set(made["invoices"])
    sign = {"ACCRECPAYMENT": 1, "ACCPAYPAYMENT": -1}
    books = xero.ledger()
    assert books["090"] == round(sum(
        sign[row["PaymentType"]] * row["Amount"] for row in payments), 2)
    due = {type_: round(sum(row["AmountDue"] for row in open_ones if row["Type"] == type_), 2)
           for type_ in ("ACCREC", "ACCPAY")}
    assert (books.get("610", 0), -books.get("800", 0)) == (due["ACCREC"], due["ACCPAY"])
    assert round(sum(books.values()), 2) == 0


def test_seeded_payments_can_be_removed_and_documents_voided(xero):
    made = xero.org.seed_invoices_with_payments(3, customers=1)
    for payment in made["payments"]:
        assert xero.act("unpay", payment=payment)["Status"] == "DELETED"
    for invoice in made["invoices"]:
        assert xero.act("void", invoice=invoice)["Status"] == "VOIDED"
    assert xero.ledger() == {}


def test_customers_may_be_given(xero):
    made = xero.org.seed_invoices_with_payments(4, customers=[xero.seeded()])
    assert {xero.org.invoices.get(key)["contact_id"] for key in made["invoices"]} == {xero.seeded()}


def test_items(xero):
    xero.org.seed_items(50)
    rows = xero.get("/Items").json()["Items"]
    assert len(rows) == 50
    assert rows[0]["Code"].startswith("SEED-")


def test_through_the_control_api(xero):
    path = f"/organisations/{xero.org.tenant_id}/seed"
    counts = xero.control("POST", path, {
        "contacts": {"count": 30, "spread_days": 3, "same_second": 5},
        "invoices_with_payments": {"count": 20, "customers": 4}, "items": {"count": 2}})
    assert counts == {"contacts": 41, "items": 2, "invoices": 20, "payments": 20}
    assert "Unknown seed" in xero.control("POST", path, {"cats": {}})["error"]
    assert "error" in xero.control("POST", path, {"contacts": {"nope": 1}})


def test_state_file_keeps_seeded_rows(big):
    other = Sandbox()
    load(other, dump(big.server.sandbox))
    org = other.organisation(1)
    assert list(org.contacts) == list(big.org.contacts)
    assert org.contacts.entries() == big.org.contacts.entries()
    assert len(org.seed_contacts(1)) == 1
    assert len(org.contacts) == 3008


def test_the_last_page_of_a_hundred_thousand_costs_what_the_first_does(xero):
    xero.org.seed_contacts(100_000, same_second=3000)
    xero.get("/Contacts", page=1, pageSize=1000)  # sorts them once

    def quickest(page):
        times = []
        for _time in range(3):
            started = time.perf_counter()
            answer = xero.get("/Contacts", page=page, pageSize=1000)
            times.append(time.perf_counter() - started)
            assert len(answer.json()["Contacts"]) == 1000
        return min(times)

    assert quickest(99) < 10 * quickest(2)
