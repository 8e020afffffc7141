"""Manual journals: what Xero takes, refuses and books."""

import pytest
from sandbox_client import Client

from xero_sandbox.testing import SCOPES


@pytest.fixture
def books(server):
    return Client(server, scopes=SCOPES + " accounting.manualjournals")


def part(code, amount, tax="BASEXCLUDED", **values):
    line = {"AccountCode": code, "LineAmount": amount, "TaxType": tax, "Description": "x",
            **values}
    return {key: value for key, value in line.items() if value is not None}


def element(**values):
    row = {"Narration": "MISC/1", "Date": "2026-10-20", "Status": "POSTED",
           "JournalLines": [part("469", 100), part("850", -100)], **values}
    return {key: value for key, value in row.items() if value is not None}


def put(books, **values):
    answer = books.put("/ManualJournals", {"ManualJournals": [element(**values)]})
    assert answer.status_code == 200, answer.text
    return answer.json()["ManualJournals"][0]


def test_posted_and_draft(books):
    row = put(books, Url="https://odoo.example/1")
    assert (row["Status"], row["LineAmountTypes"], row["ShowOnCashBasisReports"]) == (
        "POSTED", "NoTax", True)
    assert row["Url"] == "https://odoo.example/1"
    assert row["Date"] == "/Date(1792454400000+0000)/"
    assert books.ledger() == {"469": 100, "850": -100}
    draft = put(books, Status=None)
    assert draft["Status"] == "DRAFT"
    assert books.ledger() == {"469": 100, "850": -100}
    history = books.get(f"/ManualJournals/{row['ManualJournalID']}/History").json()
    assert history["HistoryRecords"][0]["Changes"] == "Posted"


@pytest.mark.parametrize(("types", "lines", "ledger"), [
    ("Exclusive", [part("429", 100, "INPUT"), part("850", -110)],
     {"429": 100, "820": 10, "850": -110}),
    ("Exclusive", [part("200", -50, "OUTPUT"), part("850", 55)],
     {"200": -50, "820": -5, "850": 55}),
    ("Inclusive", [part("429", 110, "INPUT"), part("850", -110)],
     {"429": 100, "820": 10, "850": -110}),
    ("NoTax", [part("429", 100, "INPUT"), part("850", -100)], {"429": 100, "850": -100}),
    ("NoTax", [part("820", 100), part("850", -100)], {"820": 100, "850": -100})])
def test_xero_computes_the_tax(books, types, lines, ledger):
    # A TaxAmount that comes along is not listened to.
    lines = [{**line, "TaxAmount": 1} for line in lines]
    put(books, LineAmountTypes=types, JournalLines=lines)
    assert books.ledger() == ledger


@pytest.mark.parametrize(("values", "message"), [
    ({"JournalLines": [part("469", 100), part("850", -10)]},
     "The total debits (100.00) must equal total credits (-10.00)"),
    ({"LineAmountTypes": "Exclusive",
      "JournalLines": [part("429", 100, "INPUT"), part("850", -100)]},
     "The total debits (110.00) must equal total credits (-100.00)"),
    *(({"JournalLines": [part(code, 100), part("850", -100)]},
       f"Account code '{code}' is not a valid code for this document.")
      for code in ("090", "610", "800", "960", "630", "499")),
    ({"JournalLines": [part("299", 100, "OUTPUT"), part("850", -100)]}, "has been archived"),
    ({"JournalLines": [part("469", 100, "OUTPUT"), part("850", -100)]}, "cannot be used with"),
    ({"JournalLines": [part("469", 0)]}, "at least two journal lines"),
    ({"JournalLines": [part("469", 100.001), part("850", -100.001)]}, "2 decimals"),
    ({"JournalLines": [part("469", None), part("850", 0)]}, "LineAmount field"),
    ({"Narration": " "}, "The Narration field must be specified."),
    ({"Url": "https://xero.example/1"}, "Url must not contain"),
    ({"Status": "VOIDED"}, "not of valid status for creation")])
def test_refused(books, values, message):
    assert message in books.refused("PUT", "/ManualJournals", element(**values))[0]
    assert books.ledger() == {}


def test_an_unknown_account_is_dropped_with_a_warning(books):
    row = put(books, JournalLines=[part("469", 100), part("850", -100), part("476", 7)])
    assert [line["AccountCode"] for line in row["JournalLines"]] == ["469", "850"]
    assert row["Warnings"][0]["Message"] == (
        "Account code '476' has been removed as it does not match a recognised account.")


def test_edit_in_place(books):
    key = put(books)["ManualJournalID"]
    lines = [part("469", 30), part("850", -30)]
    answer = books.post("/ManualJournals", {"ManualJournals": [
        {"ManualJournalID": key, "Narration": "MISC/2", "JournalLines": lines}]}).json()
    row = answer["ManualJournals"][0]
    assert (row["Narration"], row["Status"]) == ("MISC/2", "POSTED")
    assert books.ledger() == {"469": 30, "850": -30}
    books.post(f"/ManualJournals/{key}", {"Narration": "MISC/3"})
    assert books.one("ManualJournals", key)["Narration"] == "MISC/3"
    assert books.ledger() == {"469": 30, "850": -30}


def test_states(books):
    posted, draft = (put(books, Status=status)["ManualJournalID"] for status in (
        "POSTED", "DRAFT"))
    bad = "Manual Journal not of valid status for modification"
    for key, status in ((posted, "DRAFT"), (posted, "DELETED"), (draft, "VOIDED")):
        sent = {"Narration": "x", "Status": status}
        assert books.refused("POST", f"/ManualJournals/{key}", sent) == [bad]
    assert books.act("void", manual_journal=posted)["Status"] == "VOIDED"
    assert books.act("delete", manual_journal=draft)["Status"] == "DELETED"
    assert books.ledger() == {}
    assert books.refused("POST", f"/ManualJournals/{posted}", {"Narration": "x"}) == [bad]
    assert books.get("/ManualJournals/5ff5a6cd-7d3a-4c3a-9d36-86a6a4ea7d9b").status_code == 404


def test_lock_dates(books):
    key = put(books)["ManualJournalID"]
    books.set_org(PeriodLockDate="2026-10-31")
    for method, path in (("PUT", "/ManualJournals"), ("POST", f"/ManualJournals/{key}")):
        assert "period lock date" in books.refused(method, path, element())[0]
    assert "error" in books.act("void", manual_journal=key)
    assert books.refused("POST", f"/ManualJournals/{key}", element(Date="2026-11-02"))


def test_people_write_and_approve(books):
    row = books.act("create", manual_journal=element(Status="DRAFT"))
    key = row["ManualJournalID"]
    assert books.act("approve", manual_journal=key)["Status"] == "POSTED"
    books.act("edit", manual_journal=key, values={"Narration": "By hand"})
    assert books.one("ManualJournals", key)["Narration"] == "By hand"


def test_lists(books, server):
    first = put(books)["ManualJournalID"]
    server.advance(5)
    since = server.sandbox.clock.iso()
    server.advance(5)
    second = put(books, Narration="MISC/2", Status="DRAFT")["ManualJournalID"]
    assert books.ids("ManualJournals", page=1) == [first, second]
    assert books.ids("ManualJournals", since=since) == [second]
    assert books.ids("ManualJournals", where='Status=="POSTED"') == [first]
    assert books.ids("ManualJournals", where='Narration=="MISC/2"', page=1) == [second]
    assert books.get("/ManualJournals").json()["ManualJournals"][0]["JournalLines"] == []
    row = books.get("/ManualJournals", page=1).json()["ManualJournals"][0]
    assert len(row["JournalLines"]) == 2
    assert row["JournalLines"][0]["IsBlank"] is False
    books.act("void", manual_journal=first)
    assert books.ids("ManualJournals") == [second]


def test_tracking_of_a_line(books):
    lines = [part("469", 100, Tracking=[{"Name": "Region", "Option": "North"}]),
             part("850", -100)]
    row = put(books, JournalLines=lines)
    assert row["JournalLines"][0]["Tracking"][0]["Option"] == "North"


def test_errors_element_by_element(books):
    answer = books.put("/ManualJournals", {"ManualJournals": [
        element(Narration=""), element()]}, summarizeErrors="false")
    bad, good = answer.json()["ManualJournals"]
    assert (bad["StatusAttributeString"], good["StatusAttributeString"]) == ("ERROR", "OK")
    assert "HasErrors" not in bad


def test_the_scope_is_its_own(xero):
    assert xero.get("/ManualJournals").status_code == 401
