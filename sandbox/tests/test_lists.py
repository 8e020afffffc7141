"""Paging, filters, order, If-Modified-Since."""

import pytest
from sandbox_client import line


@pytest.fixture
def five(xero):
    """Five invoices N1..N5, the third a draft; returns the client."""
    for number in range(1, 6):
        xero.create(InvoiceNumber=f"N{number}", Status="DRAFT" if number == 3 else "AUTHORISED",
                    LineItems=[line(Quantity=number)])
    return xero


def numbers(answer):
    assert answer.status_code == 200, answer.text
    return [row["InvoiceNumber"] for row in answer.json()["Invoices"]]


def test_pages_follow_each_other(five):
    pages = [five.get("/Invoices", page=page, pageSize=2, order="InvoiceNumber")
             for page in (1, 2, 3, 4)]
    assert [numbers(page) for page in pages] == [["N1", "N2"], ["N3", "N4"], ["N5"], []]
    assert pages[0].json()["pagination"] == {
        "page": 1, "pageSize": 2, "pageCount": 3, "itemCount": 5}


@pytest.mark.parametrize("size", [0, 1001])
def test_page_size_has_limits(five, size):
    assert five.get("/Invoices", page=1, pageSize=size).status_code == 400


def test_only_paged_lists_show_lines(five):
    assert five.get("/Invoices").json()["Invoices"][0]["LineItems"] == []
    assert "pagination" not in five.get("/Invoices").json()
    assert len(five.get("/Invoices", page=1).json()["Invoices"][0]["LineItems"]) == 1


def test_statuses_are_paged_without_asking(five):
    answer = five.get("/Invoices", Statuses="DRAFT,VOIDED")
    assert numbers(answer) == ["N3"]
    assert answer.json()["pagination"]["itemCount"] == 1


def test_lists_of_ids_numbers_and_contacts(five):
    first = five.org.invoices.find("number", "N1")["InvoiceID"]
    assert numbers(five.get("/Invoices", IDs=first)) == ["N1"]
    assert sorted(numbers(five.get("/Invoices", InvoiceNumbers="N2,N4"))) == ["N2", "N4"]
    assert len(numbers(five.get("/Invoices", ContactIDs=five.seeded()))) == 5
    assert numbers(five.get("/Invoices", ContactIDs=first)) == []


@pytest.mark.parametrize(("text", "expected"), [
    ('Status=="DRAFT"', ["N3"]),
    ('Type=="ACCREC" AND Total>=165', ["N3", "N4", "N5"]),
    ('InvoiceNumber=="N1" OR InvoiceNumber=="N2"', ["N1", "N2"]),
    ('(InvoiceNumber=="N1" OR InvoiceNumber=="N2") AND Total>55', ["N2"]),
    ('Date>=DateTime(2026,10,05) && Date<DateTime(2026,10,06)', ["N1", "N2", "N3", "N4", "N5"]),
    ("Date<DateTime(2026,10,05)", []),
    ('Contact.Name.StartsWith("boom")', ["N1", "N2", "N3", "N4", "N5"]),
    ('InvoiceNumber.Contains("5")', ["N5"]),
    ("DueDate!=null AND AmountDue==55", ["N1"])])
def test_where(five, text, expected):
    assert numbers(five.get("/Invoices", where=text, order="InvoiceNumber")) == expected


def test_where_by_contact_guid(five):
    mine = f'Contact.ContactID==guid("{five.seeded()}")'
    assert len(numbers(five.get("/Invoices", where=mine))) == 5
    other = f'Contact.ContactID==guid("{five.seeded("City Limousines")}")'
    assert numbers(five.get("/Invoices", where=other)) == []


@pytest.mark.parametrize("text", ["Nope==1", "Status==", 'Status=="A" AND', "Status ~ 1"])
def test_unreadable_where_is_a_400(five, text):
    answer = five.get("/Invoices", where=text)
    assert answer.status_code == 400
    assert answer.json()["Type"] == "QueryParseException"


def test_order(five):
    assert numbers(five.get("/Invoices", order="InvoiceNumber DESC"))[0] == "N5"
    assert numbers(five.get("/Invoices", order="Status ASC, InvoiceNumber DESC"))[:2] == [
        "N5", "N4"]


def test_if_modified_since(five, server):
    server.advance(100)
    moment = server.sandbox.clock.iso()
    server.advance(5)
    target = five.org.invoices.find("number", "N2")["InvoiceID"]
    five.post(f"/Invoices/{target}", {"Reference": "x"})
    headers = {"If-Modified-Since": moment}
    assert numbers(five.get("/Invoices", headers=headers, page=1)) == ["N2"]
    server.advance(5)
    later = {"If-Modified-Since": server.sandbox.clock.iso()}
    assert numbers(five.get("/Invoices", headers=later)) == []
    assert five.get("/TaxRates", headers=later).json()["TaxRates"]


def test_default_order_is_by_update(five, server):
    server.advance(1)
    first = five.org.invoices.find("number", "N1")["InvoiceID"]
    five.post(f"/Invoices/{first}", {"Reference": "x"})
    assert numbers(five.get("/Invoices", page=1))[-1] == "N1"


def test_summary_search_and_own_app(five):
    rows = five.get("/Invoices", summaryOnly="true", searchTerm="N4").json()["Invoices"]
    assert [row["InvoiceNumber"] for row in rows] == ["N4"]
    assert "LineItems" not in rows[0]
    assert len(numbers(five.get("/Invoices", createdByMyApp="true"))) == 5
