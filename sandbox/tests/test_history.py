"""History and notes."""

import pytest


def changes(xero, plural, key):
    return [entry["Changes"] for entry in xero.get(
        f"/{plural}/{key}/History").json()["HistoryRecords"]]


def test_what_happened_newest_first(xero):
    invoice = xero.create(Status="DRAFT")["InvoiceID"]
    xero.act("edit", invoice=invoice, values={"Reference": "x"})
    xero.act("approve", invoice=invoice)
    payment = xero.act("pay", invoice=invoice, amount=1, account="090", date="2026-10-20")
    xero.act("unpay", payment=payment["PaymentID"])
    xero.act("void", invoice=invoice)
    assert changes(xero, "Invoices", invoice) == [
        "Voided", "Payment removed", "Paid", "Approved", "Edited", "Created"]


@pytest.mark.parametrize("plural", ["Contacts", "Invoices", "Items"])
def test_notes_stay(xero, plural):
    key = {"Contacts": xero.seeded, "Invoices": lambda: xero.create()["InvoiceID"],
           "Items": lambda: xero.act("create_item", values={"Code": "I"})["ItemID"]}[plural]()
    answer = xero.put(f"/{plural}/{key}/History", {"HistoryRecords": [{"Details": "Hello"}]})
    assert answer.json()["HistoryRecords"][0]["Details"] == "Hello"
    entry = xero.get(f"/{plural}/{key}/History").json()["HistoryRecords"][0]
    assert (entry["Changes"], entry["Details"]) == ("Note", "Hello")
    too_long = {"HistoryRecords": [{"Details": "ok"}, {"Details": "x" * 2501}]}
    assert xero.put(f"/{plural}/{key}/History", too_long).status_code == 400
    assert len(xero.get(f"/{plural}/{key}/History").json()["HistoryRecords"]) == (
        1 if plural == "Contacts" else 2)


def test_payments_take_no_notes(xero):
    payment = xero.act("pay", invoice=xero.create()["InvoiceID"], amount=1, account="090",
                       date="2026-10-20")["PaymentID"]
    answer = xero.put(f"/Payments/{payment}/History", {"HistoryRecords": [{"Details": "x"}]})
    assert answer.status_code == 400
    assert "not found for this endpoint" in answer.text
    assert changes(xero, "Payments", payment) == []


def test_unknown_record(xero):
    assert xero.get("/Contacts/00000000-0000-0000-0000-000000000000/History").status_code == 404
