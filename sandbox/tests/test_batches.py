"""summarizeErrors in both modes, envelopes, unreadable bodies."""

import pytest
from sandbox_client import line

ZERO = "00000000-0000-0000-0000-000000000000"


def three(xero):
    """Two good invoices around a bad one."""
    bad = xero.document(InvoiceNumber="BAD", LineItems=[line(AccountCode="090")])
    return {"Invoices": [xero.document(InvoiceNumber="G1"), bad,
                         xero.document(InvoiceNumber="G2")]}


def test_all_or_nothing_by_default(xero):
    answer = xero.put("/Invoices", three(xero))
    assert answer.status_code == 400
    elements = answer.json()["Elements"]
    assert [element["InvoiceNumber"] for element in elements] == ["BAD"]
    assert elements[0]["InvoiceID"] == ZERO
    assert len(xero.org.invoices) == 0
    assert xero.ledger() == {}


def test_an_outcome_per_element(xero):
    answer = xero.put("/Invoices", three(xero), summarizeErrors="False")
    assert answer.status_code == 200
    rows = answer.json()["Invoices"]
    assert [row["StatusAttributeString"] for row in rows] == ["OK", "ERROR", "OK"]
    assert [row["HasErrors"] for row in rows] == [False, True, False]
    assert rows[1]["InvoiceID"] == ZERO
    assert rows[1]["ValidationErrors"] == [
        {"Message": "Account code '090' is not a valid code for this document."}]
    assert {row["InvoiceNumber"] for row in xero.org.invoices} == {"G1", "G2"}


def test_a_refused_element_leaves_no_trace(xero):
    contact = {"Name": "Only With A Good Invoice"}
    bad = xero.document(Contact=contact, LineItems=[line(AccountCode="090")])
    answer = xero.put("/Invoices", {"Invoices": [bad, xero.document()]}, summarizeErrors="false")
    assert answer.status_code == 200
    assert contact["Name"] not in [row["Name"] for row in xero.org.contacts]
    assert answer.json()["Invoices"][1]["InvoiceNumber"] == "INV-0001"


def test_duplicates_inside_a_batch_are_seen(xero):
    batch = {"Contacts": [{"Name": "Twin"}, {"Name": "twin"}]}
    rows = xero.put("/Contacts", batch, summarizeErrors="false").json()["Contacts"]
    assert [row["HasValidationErrors"] for row in rows] == [False, True]


def test_envelope_key_in_any_case_and_bare_object(xero):
    assert xero.put("/Contacts", {"contacts": [{"Name": "A"}]}).status_code == 200
    assert xero.put("/Contacts", {"Name": "B"}).status_code == 200


@pytest.mark.parametrize(("body", "kind", "number"), [
    (b"{", "PostDataInvalidException", 14), (b"<Invoice/>", "PostDataInvalidException", 14),
    (b"7", "PostDataInvalidException", 14), (b"\xff\xfe", "PostDataInvalidException", 14),
    (b'{"Invoices":"x"}', "PostDataInvalidException", 14),
    (b'{"Invoices":[{"Type":"ACCREC","Contact":7}]}', "PostDataInvalidException", 14),
    (b'{"Invoices":[{"Type":"SALE"}]}', "PostDataInvalidException", 14),
    (b'{"Invoices":[]}', "NoDataProcessedException", 17),
    (b"{}", "NoDataProcessedException", 17)])
def test_unreadable_bodies(xero, server, body, kind, number):
    answer = xero.session.put(f"{server.url}/api.xro/2.0/Invoices", data=body, timeout=5)
    assert answer.status_code == 400
    assert (answer.json()["Type"], answer.json()["ErrorNumber"]) == (kind, number)
    server.sandbox.violations.clear()


@pytest.mark.parametrize(("key", "value"), [
    ("Quantity", "two"), ("Quantity", "2"), ("LineItemID", "not-a-guid")])
def test_wrong_types_refuse_the_call(xero, server, key, value):
    answer = xero.put("/Invoices", xero.document(LineItems=[line(**{key: value})]))
    assert answer.json()["Type"] == "PostDataInvalidException"
    server.sandbox.violations.clear()


def test_more_than_3_5_mb_is_refused(xero, server):
    answer = xero.session.put(f"{server.url}/api.xro/2.0/Invoices", data=b" " * 3_500_001,
                              timeout=5)
    assert answer.status_code == 413


def test_odd_rate_gives_a_warning(xero):
    invoice = xero.create(CurrencyCode="USD", CurrencyRate=6.5)
    assert invoice["StatusAttributeString"] == "WARNING"
    assert "differs significantly" in invoice["Warnings"][0]["Message"]


def test_json_must_be_asked_for(xero):
    for accept in ("application/xml", "*/*"):
        assert xero.get("/Organisation", headers={"Accept": accept}).status_code == 406
