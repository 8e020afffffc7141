"""Batch payments: one transfer over several invoices or bills."""

import pytest
from sandbox_client import line


@pytest.fixture
def two(xero):
    return [xero.create()["InvoiceID"], xero.create(LineItems=[line(Quantity=1)])["InvoiceID"]]


def element(invoices, amounts, **values):
    return {"Account": {"Code": "090"}, "Date": "2026-10-20", "Details": "Batch 7", "Payments": [
        {"Invoice": {"InvoiceID": key}, "Amount": amount}
        for key, amount in zip(invoices, amounts, strict=True)], **values}


def put(xero, *parts):
    answer = xero.put("/BatchPayments", {"BatchPayments": list(parts)})
    assert answer.status_code == 200, answer.text
    return answer.json()["BatchPayments"][0]


def test_a_batch_makes_its_payments(xero, two):
    batch = put(xero, element(two, (110, 20)))
    assert (batch["Type"], batch["Status"], batch["TotalAmount"]) == ("RECBATCH", "AUTHORISED", 130)
    assert batch["Account"]["CurrencyCode"] == "AUD"
    assert [part["Amount"] for part in batch["Payments"]] == [110, 20]
    assert "StatusAttributeString" not in batch
    payment = xero.one("Payments", batch["Payments"][0]["PaymentID"])
    assert payment["BatchPaymentID"] == batch["BatchPaymentID"]
    assert payment["BatchPayment"]["TotalAmount"] == 130
    assert payment["BatchPayment"]["Details"] == "Batch 7"
    assert xero.one("Invoices", two[0])["Status"] == "PAID"
    assert xero.one("Invoices", two[1])["AmountDue"] == 35
    assert xero.ledger()["090"] == 130
    assert xero.one("BatchPayments", batch["BatchPaymentID"])["TotalAmount"] == 130


@pytest.mark.parametrize("by_url", [True, False])
def test_only_the_whole_batch_can_be_deleted(xero, two, by_url):
    batch = put(xero, element(two, (110, 20)))
    key = batch["BatchPaymentID"]
    one = f"/Payments/{batch['Payments'][0]['PaymentID']}"
    assert xero.refused("POST", one, {"Status": "DELETED"}) == [
        "Payments within a batch cannot be deleted."]
    assert "within a batch" in xero.act("unpay", payment=batch["Payments"][0]["PaymentID"])["error"]
    answer = xero.post(f"/BatchPayments/{key}", {"Status": "DELETED"}) if by_url else xero.post(
        "/BatchPayments", {"BatchPaymentID": key, "Status": "DELETED"})
    gone = answer.json()["BatchPayments"][0]
    assert (gone["Status"], gone["Payments"]) == ("DELETED", [])
    assert xero.one("Payments", batch["Payments"][0]["PaymentID"])["Status"] == "DELETED"
    assert xero.one("Invoices", two[0])["Status"] == "AUTHORISED"
    assert "090" not in xero.ledger()
    assert xero.ids("BatchPayments") == []
    assert xero.ids("BatchPayments", where='Status=="DELETED"') == [key]


def test_a_reconciled_batch_stays(xero, two):
    key = xero.act("batch_pay", account="090", date="2026-10-20", reconciled=True, payments=[
        {"invoice": two[0], "amount": 110}])["BatchPaymentID"]
    assert all(row["IsReconciled"] for row in xero.org.payments)
    assert xero.refused("POST", f"/BatchPayments/{key}", {"Status": "DELETED"}) == [
        "This batch payment cannot be deleted because it has been reconciled."]
    assert xero.act("unbatch", batch=key)["Status"] == "DELETED"
    assert xero.one("Invoices", two[0])["Status"] == "AUTHORISED"


@pytest.mark.parametrize(("values", "message"), [
    ({"Account": {"Code": "855"}}, "Account type is invalid for making a payment to/from"),
    ({"Payments": []}, "A batch payment must contain at least one payment."),
    ({"Details": "x" * 19}, "maximum length of 18")])
def test_refused(xero, two, values, message):
    assert message in xero.refused("PUT", "/BatchPayments", element(two, (1, 1), **values))[0]


def test_no_mixing_and_nothing_left_of_a_refused_batch(xero, two):
    bill = xero.create(Type="ACCPAY", LineItems=[line(AccountCode="400", TaxType="INPUT")])
    assert "all must be for bills" in xero.refused(
        "PUT", "/BatchPayments", element([two[0], bill["InvoiceID"]], (1, 1)))[0]
    usd = xero.create(CurrencyCode="USD", CurrencyRate=0.65)["InvoiceID"]
    assert "same currency" in xero.refused(
        "PUT", "/BatchPayments", element([two[0], usd], (1, 1)))[0]
    assert "exceeds" in xero.refused("PUT", "/BatchPayments", element(two, (110, 55.01)))[0]
    assert len(xero.org.payments) == len(xero.org.batch_payments) == 0
    assert xero.one("Invoices", two[0])["AmountDue"] == 110


def test_bills_make_a_paybatch(xero):
    bills = [xero.create(Type="ACCPAY", LineItems=[line(AccountCode="400", TaxType="INPUT")])[
        "InvoiceID"] for _ in range(2)]
    assert put(xero, element(bills, (110, 110)))["Type"] == "PAYBATCH"
    assert xero.ledger() == {"400": 200, "820": 20, "090": -220}


def test_if_modified_since(xero, server, two):
    key = put(xero, element(two, (110, 20)))["BatchPaymentID"]
    server.advance(10)
    since = server.sandbox.clock.iso()
    assert xero.ids("BatchPayments", since=since) == []
    server.advance(10)
    xero.act("unbatch", batch=key)
    assert xero.ids("BatchPayments", since=since) == [key]
    assert len(xero.ids("Payments", since=since)) == len(xero.ids("Invoices", since=since)) == 2
