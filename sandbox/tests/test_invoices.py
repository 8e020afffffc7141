"""Create, read, change and end invoices."""

import pytest
from sandbox_client import line

ZERO = "00000000-0000-0000-0000-000000000000"


def test_create_computes_and_shows_everything(xero):
    invoice = xero.create(InvoiceNumber="INV/2026/00001", Reference="SO1",
                          Url="https://odoo.example/1")
    assert (invoice["SubTotal"], invoice["TotalTax"], invoice["Total"]) == (100, 10, 110)
    assert invoice["AmountDue"] == 110
    assert invoice["AmountPaid"] == 0
    assert invoice["Status"] == "AUTHORISED"
    assert invoice["Date"] == "/Date(1791158400000+0000)/"
    assert invoice["DateString"] == "2026-10-05T00:00:00"
    assert invoice["CurrencyCode"] == "AUD"
    assert invoice["CurrencyRate"] == 1
    assert invoice["StatusAttributeString"] == "OK"
    assert invoice["HasErrors"] is False
    assert invoice["LineItems"][0]["TaxAmount"] == 10
    read = xero.get(f"/Invoices/{invoice['InvoiceID']}").json()["Invoices"][0]
    assert read["Url"] == "https://odoo.example/1"
    assert read["LineItems"] == invoice["LineItems"]
    assert xero.get("/Invoices/INV/2026/00001").status_code == 404  # slashes are not a path part


def test_draft_is_the_default_status(xero):
    element = xero.document()
    del element["Status"], element["DueDate"]
    answer = xero.put("/Invoices", element).json()["Invoices"][0]
    assert answer["Status"] == "DRAFT"
    assert xero.ledger() == {}


def test_number_is_given_when_absent_and_unique(xero):
    assert xero.create()["InvoiceNumber"] == "INV-0001"
    assert xero.create()["InvoiceNumber"] == "INV-0002"
    element = xero.document(InvoiceNumber="INV-0002")
    assert xero.refused("PUT", "/Invoices", element) == ["Invoice # must be unique."]


def test_bill_numbers_are_free(xero):
    bill = {"Type": "ACCPAY", "InvoiceNumber": "7",
            "LineItems": [line(AccountCode="400", TaxType="INPUT")]}
    first, second = xero.create(**bill), xero.create(**bill)
    assert first["InvoiceID"] != second["InvoiceID"]
    assert first["InvoiceNumber"] == second["InvoiceNumber"] == "7"


def test_post_with_a_known_number_silently_edits(xero):
    first = xero.create(InvoiceNumber="A1", Status="DRAFT")
    edited = xero.post("/Invoices", xero.document(
        InvoiceNumber="A1", Status="DRAFT", Reference="changed")).json()["Invoices"][0]
    assert edited["InvoiceID"] == first["InvoiceID"]
    assert edited["Reference"] == "changed"
    assert len(xero.org.invoices) == 1


def test_voided_number_stays_taken(xero):
    first = xero.create(InvoiceNumber="A1")
    xero.post(f"/Invoices/{first['InvoiceID']}", {"Status": "VOIDED"})
    assert xero.refused("PUT", "/Invoices", xero.document(InvoiceNumber="A1")) == [
        "Invoice # must be unique."]
    assert xero.refused("POST", "/Invoices", xero.document(InvoiceNumber="A1")) == [
        "Invoice not of valid status for modification"]


def test_line_item_ids_survive_only_when_sent(xero):
    invoice = xero.create(LineItems=[line(), line(Description="Second")])
    first, second = (part["LineItemID"] for part in invoice["LineItems"])
    path = f"/Invoices/{invoice['InvoiceID']}"
    changed = xero.post(path, {"LineItems": [
        {"LineItemID": second, "Description": "Kept"}, line(Description="New")]})
    lines = changed.json()["Invoices"][0]["LineItems"]
    assert lines[0]["LineItemID"] == second
    assert lines[0]["Description"] == "Kept"
    assert lines[0]["LineAmount"] == 100
    assert lines[1]["LineItemID"] not in (first, second)
    untouched = xero.post(path, {"Reference": "x"}).json()["Invoices"][0]["LineItems"]
    assert untouched == lines


def test_non_draft_needs_due_date_and_accounts(xero):
    element = xero.document(LineItems=[{"Description": "x", "Quantity": 1, "UnitAmount": 1}])
    del element["DueDate"]
    assert xero.refused("PUT", "/Invoices", element) == [
        "The document DueDate field must be specified.", "Account must be valid."]
    assert xero.put("/Invoices", {**element, "Status": "DRAFT"}).status_code == 200


@pytest.mark.parametrize("status", ["PAID", "VOIDED", "DELETED"])
def test_cannot_be_created_in_an_end_state(xero, status):
    assert xero.refused("PUT", "/Invoices", xero.document(Status=status)) == [
        "Invoice not of valid status for creation"]


@pytest.mark.parametrize(("start", "target", "allowed"), [
    ("DRAFT", "SUBMITTED", True), ("DRAFT", "AUTHORISED", True), ("DRAFT", "DELETED", True),
    ("DRAFT", "VOIDED", False), ("SUBMITTED", "DRAFT", True), ("SUBMITTED", "AUTHORISED", True),
    ("SUBMITTED", "DELETED", True), ("AUTHORISED", "VOIDED", True),
    ("AUTHORISED", "DRAFT", False), ("AUTHORISED", "DELETED", False),
    ("AUTHORISED", "PAID", False)])
def test_state_machine(xero, start, target, allowed):
    invoice = xero.create(Status=start)
    path = f"/Invoices/{invoice['InvoiceID']}"
    if allowed:
        assert xero.post(path, {"Status": target}).json()["Invoices"][0]["Status"] == target
    else:
        assert xero.refused("POST", path, {"Status": target}) == [
            "Invoice not of valid status for modification"]


@pytest.mark.parametrize(("start", "end"), [("AUTHORISED", "VOIDED"), ("DRAFT", "DELETED")])
def test_end_states_are_final(xero, start, end):
    path = f"/Invoices/{xero.create(Status=start)['InvoiceID']}"
    xero.post(path, {"Status": end})
    assert xero.refused("POST", path, {"Reference": "x"}) == [
        "Invoice not of valid status for modification"]
    assert xero.get(path).json()["Invoices"][0]["AmountDue"] == 0


def test_zero_total_is_paid_at_once(xero):
    invoice = xero.create(LineItems=[line(), line(Quantity=-2)])
    assert invoice["Total"] == 0
    assert invoice["Status"] == "PAID"


def test_negative_total_is_refused(xero):
    assert xero.refused("PUT", "/Invoices", xero.document(LineItems=[line(Quantity=-1)])) == [
        "The document total must not be negative."]


def test_unknown_id_is_html_404(xero):
    answer = xero.get(f"/Invoices/{ZERO}")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")


def test_unknown_contact_id_fails_the_whole_call(xero):
    batch = [xero.document(), xero.document(Contact={"ContactID": ZERO})]
    answer = xero.put("/Invoices", {"Invoices": batch}, summarizeErrors="false")
    assert answer.status_code == 404
    assert len(xero.org.invoices) == 0


def test_unit_price_is_rounded_before_multiplying_without_unitdp(xero):
    lines = [line(Quantity=100, UnitAmount=1.2345, TaxType="EXEMPTOUTPUT")]
    body = xero.document(LineItems=lines)
    assert xero.put("/Invoices", body).json()["Invoices"][0]["Total"] == 123
    invoice = xero.put("/Invoices", body, unitdp=4).json()["Invoices"][0]
    assert invoice["Total"] == 123.45
    assert invoice["LineItems"][0]["UnitAmount"] == 1.2345
    read = xero.get(f"/Invoices/{invoice['InvoiceID']}").json()["Invoices"][0]
    assert read["LineItems"][0]["UnitAmount"] == 1.23


def test_note_lines_carry_no_amounts(xero):
    invoice = xero.create(LineItems=[line(), {"Description": "just a note"}])
    assert invoice["Total"] == 110
    assert "UnitAmount" not in invoice["LineItems"][1]


def test_rounding_amount_only_when_the_organisation_opted_in(xero):
    values = {"RoundingAmount": 0.05, "SubTotal": 100, "TotalTax": 10, "Total": 110.05}
    assert xero.create(**values)["Total"] == 110
    xero.set_org(rounding_enabled=True)
    assert xero.create(**values)["Total"] == 110.05
    assert xero.create(RoundingAmount=0.05)["Total"] == 110
    assert xero.create(**{**values, "Status": "DRAFT"})["Total"] == 110
    assert xero.refused("PUT", "/Invoices", xero.document(**{**values, "RoundingAmount": 0.11})) \
        == ["RoundingAmount must be between -0.10 and 0.10."]
    assert xero.ledger()["860"] == -0.05


@pytest.mark.parametrize("date", [
    "2026-10-05", "2026-10-05T00:00:00", "/Date(1791158400000)/", "/Date(1791158400000+0000)/"])
def test_dates_are_read_in_every_form(xero, date):
    assert xero.create(Date=date)["DateString"] == "2026-10-05T00:00:00"


@pytest.mark.parametrize("date", ["05/10/2026", "2026-13-01", "soon"])
def test_other_dates_are_unreadable(xero, server, date):
    answer = xero.put("/Invoices", xero.document(Date=date))
    assert answer.json()["Type"] == "PostDataInvalidException"
    server.sandbox.violations.clear()
