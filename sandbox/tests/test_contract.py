"""The checks against Xero's OpenAPI specification, and a session of typical calls under them."""

import pytest
from sandbox_client import line

pytestmark = pytest.mark.usefixtures("contract")


@pytest.fixture
def contract(server):
    if server.sandbox.contract is None:
        pytest.skip("XERO_OPENAPI names no folder with Xero's specifications"
                    " (looked for ../shared/xero-openapi)")
    return server.sandbox.contract


def violation(server):
    found = list(server.sandbox.violations)
    server.sandbox.violations.clear()
    return " ".join(found)


@pytest.mark.parametrize(("element", "word"), [
    ({"Name": "A", "Nickname": "x"}, "Nickname"), ({"Name": 7}, "is not of type 'string'"),
    ({"Name": "A", "ContactStatus": "SLEEPING"}, "SLEEPING"),
    ({"Name": "A", "ContactID": "x"}, "does not match")])
def test_bad_requests_are_noticed(xero, server, contract, element, word):
    problems = contract.check("PUT", "/Contacts", {}, str(element).replace("'", '"').encode(),
                              401, b"")
    assert word in " ".join(problems)


def test_unknown_query_parameters_are_noticed(xero, server):
    answer = xero.get("/Contacts", pagesize=5)
    assert "pagesize is not in the specification" in violation(server)
    assert answer.headers["X-Sandbox-Violation"] == "1"
    xero.get("/Invoices", summaryOnly="yes")
    assert "not a boolean" in violation(server)


def test_bad_answers_are_noticed(contract):
    answer = b'{"Status":"OK","Invoices":[{"Total":"1","Datum":1}]}'
    problems = " ".join(contract.check("GET", "/Invoices", {}, b"", 200, answer))
    assert "Datum" in problems
    assert "'1' is not of type 'number'" in problems


def test_newer_fields_are_allowed(contract):
    body = b'{"Invoices":[{"RoundingAmount":0.01,"EnteredTotal":5}]}'
    assert contract.check("PUT", "/Invoices", {"allowBackorders": "true"}, body, 401, b"") == []


def test_unknown_operations_are_noticed(contract):
    assert contract.check("PATCH", "/Invoices", {}, b"", 200, b"{}") == [
        "PATCH /Invoices is not an operation of the specification"]


def test_a_whole_session_keeps_to_the_specification(xero, server):
    for path in ("/Organisation", "/Organisation/Actions", "/Accounts", "/TaxRates", "/Currencies",
                 "/TrackingCategories", "/BrandingThemes", "/Items"):
        assert xero.get(path).status_code == 200
    contact = xero.contact("A", ContactNumber="1", EmailAddress="a@b.example", Addresses=[
        {"AddressType": "STREET", "AddressLine1": "1 Road"}], ContactPersons=[{"FirstName": "P"}])
    xero.put("/Items", {"Items": [{"Code": "I", "Description": "Item", "SalesDetails": {
        "UnitPrice": 3, "AccountCode": "200", "TaxType": "OUTPUT"}}]})
    tracked = line(Tracking=[{"Name": "Region", "Option": "North"}], DiscountRate=5)
    invoice = xero.create(Contact={"ContactID": contact}, Url="https://odoo.example/1",
                          LineItems=[tracked, {"ItemCode": "I"}, {"Description": "note"}])
    foreign = xero.create(CurrencyCode="USD", CurrencyRate=0.65)
    xero.create(Type="ACCPAY", LineItems=[line(AccountCode="400", TaxType="INPUT")])
    note = xero.create("CreditNotes", Contact={"ContactID": contact}, LineItems=[line(Quantity=1)])
    xero.put(f"/CreditNotes/{note['CreditNoteID']}/Allocations", {"Allocations": [
        {"Invoice": {"InvoiceID": invoice["InvoiceID"]}, "Amount": 5, "Date": "2026-10-20"}]})
    payment = xero.put("/Payments", {"Payments": [{
        "Invoice": {"InvoiceID": foreign["InvoiceID"]}, "Account": {"Code": "090"},
        "Date": "2026-10-20", "Amount": 10}]}).json()["Payments"][0]
    bad = {"Invoices": [xero.document(LineItems=[line(AccountCode="090")]), xero.document()]}
    assert xero.put("/Invoices", bad, summarizeErrors="false").status_code == 200
    assert xero.put("/Invoices", bad).status_code == 400
    for path in (f"/Invoices/{invoice['InvoiceID']}", f"/CreditNotes/{note['CreditNoteID']}",
                 f"/Contacts/{contact}", f"/Payments/{payment['PaymentID']}",
                 "/Reports/TrialBalance"):
        assert xero.get(path).status_code == 200
    for path in ("/Invoices", "/CreditNotes", "/Contacts", "/Payments"):
        assert xero.get(path, page=1, pageSize=1000).status_code == 200
    assert xero.get("/Invoices", page=1, summaryOnly="true", unitdp=4).status_code == 200
    xero.post(f"/Payments/{payment['PaymentID']}", {"Status": "DELETED"})
    xero.post(f"/Invoices/{foreign['InvoiceID']}", {"Status": "VOIDED"})
    assert server.violations == []
    assert server.count("total") >= 30


def test_what_a_gateway_answers_is_no_departure(xero, server):
    invoice = xero.create()
    server.sandbox.faults.add("html502", times=1)
    assert xero.get(f"/Invoices/{invoice['InvoiceID']}").status_code == 502
    assert server.violations == []
