"""Payments, refunds and allocations, and what they do to documents and ledger."""

import pytest
from sandbox_client import line

ZERO = "00000000-0000-0000-0000-000000000000"


def pay(xero, invoice, amount, **values):
    return {"Invoice": {"InvoiceID": invoice["InvoiceID"]}, "Account": {"Code": "090"},
            "Date": "2026-10-20", "Amount": amount, **values}


def read(xero, invoice):
    return xero.get(f"/Invoices/{invoice['InvoiceID']}").json()["Invoices"][0]


def test_part_payment_then_the_rest(xero):
    invoice = xero.create()
    first = xero.put("/Payments", {"Payments": [pay(xero, invoice, 30)]}).json()["Payments"][0]
    assert first["PaymentType"] == "ACCRECPAYMENT"
    assert first["Invoice"]["InvoiceID"] == invoice["InvoiceID"]
    state = read(xero, invoice)
    assert (state["Status"], state["AmountDue"], state["AmountPaid"]) == ("AUTHORISED", 80, 30)
    xero.post("/Payments", pay(xero, invoice, 80))
    state = read(xero, invoice)
    assert (state["Status"], state["AmountDue"]) == ("PAID", 0)
    assert state["FullyPaidOnDate"] == "/Date(1792454400000+0000)/"
    assert len(state["Payments"]) == 2
    assert xero.ledger() == {"090": 110, "200": -100, "820": -10}


def test_delete_opens_the_document_again(xero):
    invoice = xero.create()
    payment = xero.post("/Payments", pay(xero, invoice, 110)).json()["Payments"][0]
    path = f"/Payments/{payment['PaymentID']}"
    assert xero.post(path, {"Status": "DELETED"}).json()["Payments"][0]["Status"] == "DELETED"
    state = read(xero, invoice)
    assert (state["Status"], state["AmountDue"], state["Payments"]) == ("AUTHORISED", 110, [])
    assert xero.ledger()["610"] == 110
    assert xero.refused("POST", path, {"Status": "DELETED"}) == [
        "This payment has already been deleted."]


def test_reconciled_payment_stays(xero):
    payment = xero.post("/Payments", pay(xero, xero.create(), 110, IsReconciled=True))
    path = f"/Payments/{payment.json()['Payments'][0]['PaymentID']}"
    assert "reconciled" in xero.refused("POST", path, {"Status": "DELETED"})[0]


@pytest.mark.parametrize(("values", "message"), [
    ({"Amount": 110.01}, "Payment amount exceeds the amount outstanding on this document"),
    ({"Amount": 0}, "The payment amount must be greater than zero."),
    ({"Account": {"Code": "200"}}, "Account type is invalid for making a payment to/from"),
    ({"Account": {"Code": "nope"}}, "Account type is invalid for making a payment to/from"),
    ({"Date": None}, "The Date field must be specified."),
    ({"Invoice": None}, "Exactly one of Invoice, CreditNote, Prepayment and Overpayment must be specified.")])
def test_refused(xero, server, values, message):
    assert xero.refused("POST", "/Payments", pay(xero, xero.create(), 10, **values)) == [message]
    server.sandbox.violations.clear()  # null is no value of the specification


def test_account_enabled_for_payments_may_be_used(xero):
    assert xero.post("/Payments", pay(xero, xero.create(), 110, Account={"Code": "855"})).ok
    assert xero.ledger()["855"] == 110


def test_draft_cannot_be_paid(xero):
    assert xero.refused("POST", "/Payments", pay(xero, xero.create(Status="DRAFT"), 1)) == [
        "Payments can only be made against Authorised documents"]


def test_unknown_invoice_is_404(xero):
    assert xero.post("/Payments", pay(xero, {"InvoiceID": ZERO}, 1)).status_code == 404


def test_payment_in_a_locked_period(xero):
    invoice = xero.create(Date="2026-11-05")
    xero.set_org(PeriodLockDate="2026-10-31")
    assert "period lock date" in xero.refused("POST", "/Payments", pay(xero, invoice, 1))[0]


def test_paid_invoice_is_closed_to_edits(xero):
    invoice = xero.create()
    path = f"/Invoices/{invoice['InvoiceID']}"
    xero.post("/Payments", pay(xero, invoice, 10))
    assert xero.refused("POST", path, {"Status": "VOIDED"}) == [
        "The status VOIDED cannot be applied to the invoice because it has payments or credit"
        " notes allocated to it."]
    assert xero.refused("POST", path, {"Reference": "x"}) == [
        "This document cannot be edited as it has a payment or credit note allocated to it."]


def test_paid_bill_allows_non_financial_edits(xero):
    bill = xero.create(Type="ACCPAY", LineItems=[line(AccountCode="400", TaxType="INPUT")])
    path = f"/Invoices/{bill['InvoiceID']}"
    xero.post("/Payments", pay(xero, bill, 110))
    line_id = bill["LineItems"][0]["LineItemID"]
    answer = xero.post(path, {"DueDate": "2026-12-24", "LineItems": [
        {"LineItemID": line_id, "AccountCode": "429"}]}).json()["Invoices"][0]
    assert answer["DueDateString"] == "2026-12-24T00:00:00"
    assert answer["LineItems"][0]["AccountCode"] == "429"
    assert (answer["Status"], answer["Total"]) == ("PAID", 110)
    assert xero.ledger() == {"429": 100, "820": 10, "090": -110}
    assert xero.refused("POST", path, {"LineItems": [{"Description": "no id"}]}) == [
        "To update fields on a paid invoice line item, you must supply a LineItemID"]
    assert xero.refused("POST", path, {"Date": "2026-10-06"})[0].startswith(
        "This document cannot be edited")


def test_credit_note_allocation_and_its_removal(xero):
    invoice, note = xero.create(), xero.create("CreditNotes", LineItems=[line(Quantity=1)])
    path = f"/CreditNotes/{note['CreditNoteID']}/Allocations"
    answer = xero.put(path, {"Allocations": [
        {"Invoice": {"InvoiceID": invoice["InvoiceID"]}, "Amount": 55, "Date": "2026-10-21"}]})
    allocation = answer.json()["Allocations"][0]
    state = read(xero, invoice)
    assert (state["AmountDue"], state["AmountCredited"], state["Status"]) == (55, 55, "AUTHORISED")
    credit = xero.get(f"/CreditNotes/{note['CreditNoteID']}").json()["CreditNotes"][0]
    assert (credit["Status"], credit["RemainingCredit"]) == ("PAID", 0)
    gone = xero.call("DELETE", f"{path}/{allocation['AllocationID']}").json()
    assert (gone["AllocationId"], gone["IsDeleted"]) == (allocation["AllocationID"], True)
    assert read(xero, invoice)["AmountDue"] == 110


@pytest.mark.parametrize(("amount", "word"), [(56, "remaining credit"), (0, "remaining credit")])
def test_allocation_cannot_exceed(xero, amount, word):
    invoice, note = xero.create(), xero.create("CreditNotes", LineItems=[line(Quantity=1)])
    element = {"Invoice": {"InvoiceID": invoice["InvoiceID"]}, "Amount": amount,
               "Date": "2026-10-21"}
    path = f"/CreditNotes/{note['CreditNoteID']}/Allocations"
    assert word in xero.refused("PUT", path, element)[0]


def test_credit_note_posts_the_other_way_and_can_be_refunded(xero):
    note = xero.create("CreditNotes")
    assert note["CreditNoteNumber"] == "CN-0001"
    assert note["RemainingCredit"] == 110
    assert xero.ledger() == {"610": -110, "200": 100, "820": 10}
    refund = xero.post("/Payments", {
        "CreditNote": {"CreditNoteID": note["CreditNoteID"]}, "Account": {"Code": "090"},
        "Date": "2026-10-20", "Amount": 110}).json()["Payments"][0]
    assert refund["PaymentType"] == "ARCREDITPAYMENT"
    assert xero.ledger() == {"090": -110, "200": 100, "820": 10}


def test_foreign_payment_posts_the_realised_gain(xero):
    invoice = xero.create(CurrencyCode="USD", CurrencyRate=0.5)
    xero.post("/Payments", pay(xero, invoice, 110, CurrencyRate=0.55))
    assert xero.ledger() == {"090": 200, "499": 20, "200": -200, "820": -20}


def test_payments_are_always_paged(xero):
    xero.post("/Payments", pay(xero, xero.create(), 110))
    answer = xero.get("/Payments").json()
    assert answer["pagination"]["itemCount"] == 1
    assert answer["Payments"][0]["Account"]["Code"] == "090"


def test_payments_in_both_error_modes(xero):
    invoice = xero.create()
    batch = {"Payments": [pay(xero, invoice, 100), pay(xero, invoice, 100)]}
    assert xero.put("/Payments", batch).status_code == 400
    assert len(xero.org.payments) == 0
    rows = xero.put("/Payments", batch, summarizeErrors="false").json()["Payments"]
    assert [row["HasValidationErrors"] for row in rows] == [False, True]
    assert rows[1]["PaymentID"] == ZERO
