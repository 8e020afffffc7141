"""Overpayments, prepayments and credit notes: money kept, allocated, refunded; and the books."""

import pytest
from sandbox_client import line

DAY = "2026-10-20"


def overpaid(xero, amount=150, **values):
    """An invoice of 110 paid with ``amount``; returns both ids."""
    invoice = xero.create(**values)["InvoiceID"]
    row = xero.act("overpay", invoice=invoice, amount=amount, account="090", date=DAY)
    return invoice, row["OverpaymentID"]


def prepaid(xero, direction="receive", **values):
    lines = [line(Quantity=1)] if direction == "receive" else [
        line(Quantity=1, AccountCode="400", TaxType="INPUT")]
    return xero.act("prepay", contact=xero.seeded(), lines=lines, account="090", date=DAY,
                    direction=direction, **values)["PrepaymentID"]


def allocate(xero, plural, key, invoice, amount):
    return xero.put(f"/{plural}/{key}/Allocations", {"Allocations": [
        {"Invoice": {"InvoiceID": invoice}, "Amount": amount, "Date": DAY}]})


def test_what_is_paid_too_much_becomes_an_overpayment(xero):
    invoice, key = overpaid(xero)
    row = xero.one("Overpayments", key)
    assert (row["Type"], row["Status"], row["Total"], row["RemainingCredit"]) == (
        "RECEIVE-OVERPAYMENT", "AUTHORISED", 40, 40)
    assert (row["TotalTax"], row["LineAmountTypes"]) == (0, "NoTax")
    assert row["LineItems"][0]["AccountCode"] == "610"
    assert xero.one("Invoices", invoice)["Status"] == "PAID"
    assert xero.ledger() == {"090": 150, "610": -40, "200": -100, "820": -10}


def test_an_overpayment_is_used_for_another_invoice_and_taken_back(xero):
    _invoice, key = overpaid(xero)
    other = xero.create()["InvoiceID"]
    part = allocate(xero, "Overpayments", key, other, 40).json()["Allocations"][0]
    assert part["Overpayment"]["OverpaymentID"] == key
    row = xero.one("Invoices", other)
    assert (row["AmountDue"], row["AmountCredited"], row["AmountPaid"]) == (70, 40, 0)
    assert row["Overpayments"][0]["AppliedAmount"] == 40
    assert row["CreditNotes"] == row["Prepayments"] == []
    used = xero.one("Overpayments", key)
    assert (used["Status"], used["RemainingCredit"]) == ("PAID", 0)
    assert used["Allocations"][0]["Invoice"]["InvoiceID"] == other
    gone = xero.call("DELETE", f"/Overpayments/{key}/Allocations/{part['AllocationID']}")
    assert gone.json()["IsDeleted"] is True
    assert xero.one("Overpayments", key)["RemainingCredit"] == 40
    assert xero.one("Invoices", other)["AmountDue"] == 110


@pytest.mark.parametrize("direction", ["receive", "spend"])
def test_a_refund_clears_the_books(xero, direction):
    over = xero.act("overpay", contact=xero.seeded(), amount=40, account="090", date=DAY,
                    direction=direction)["OverpaymentID"]
    pre = prepaid(xero, direction)
    kinds = []
    for name, key, amount in (("overpayment", over, 40), ("prepayment", pre, 55)):
        payment = xero.act("refund", **{name: key}, amount=amount, account="090", date=DAY)
        kinds.append(payment["PaymentType"])
        shown = xero.one("Payments", payment["PaymentID"])["Invoice"]
        assert (shown["InvoiceID"], shown["Type"]) == (
            key, ("AR" if direction == "receive" else "AP") + name.upper())
    letter = "R" if direction == "receive" else "P"
    assert kinds == [f"A{letter}OVERPAYMENTPAYMENT", f"A{letter}PREPAYMENTPAYMENT"]
    assert xero.one("Prepayments", pre)["Status"] == "PAID"
    assert xero.ledger() == {}


def test_a_prepayment_books_its_lines_and_tax_until_it_is_used(xero):
    key = prepaid(xero)
    assert xero.ledger() == {"090": 55, "200": -50, "820": -5}
    row = xero.one("Prepayments", key)
    assert row["InvoiceNumber"] == row["Reference"] == "INV-0001"
    invoice = xero.create()["InvoiceID"]
    for amount in (18.34, 18.33, 18.33):
        assert allocate(xero, "Prepayments", key, invoice, amount).ok
    assert xero.ledger() == {"090": 55, "610": 55, "200": -100, "820": -10}
    assert xero.one("Invoices", invoice)["Prepayments"][0]["PrepaymentID"] == key


def test_parts_of_a_prepayment_of_many_lines_lose_no_cent(xero):
    lines = [line(Quantity=1, UnitAmount=price, AccountCode=code)
             for price, code in ((0.35, "200"), (0.35, "260"), (0.36, "270"))]
    key = xero.act("prepay", contact=xero.seeded(), lines=lines, account="090", date=DAY)[
        "PrepaymentID"]
    invoice = xero.create()["InvoiceID"]
    for amount in (0.5, 0.5, 0.18):
        assert allocate(xero, "Prepayments", key, invoice, amount).ok
        assert "499" not in xero.ledger()
    assert xero.ledger() == {"090": 1.18, "610": 108.82, "200": -100, "820": -10}


@pytest.mark.parametrize(("plural", "message"), [
    ("Overpayments", "remaining credit of the overpayment"),
    ("Prepayments", "remaining credit of the prepayment")])
def test_no_more_than_is_left(xero, plural, message):
    key = overpaid(xero)[1] if plural == "Overpayments" else prepaid(xero)
    element = {"Invoice": {"InvoiceID": xero.create()["InvoiceID"]}, "Amount": 60, "Date": DAY}
    assert message in xero.refused("PUT", f"/{plural}/{key}/Allocations", element)[0]


def test_same_contact_and_side(xero):
    _invoice, key = overpaid(xero)
    other = xero.create(Contact={"ContactID": xero.seeded("City Limousines")})["InvoiceID"]
    bill = xero.create(Type="ACCPAY", LineItems=[line(AccountCode="400", TaxType="INPUT")])
    for target in (other, bill["InvoiceID"]):
        element = {"Invoice": {"InvoiceID": target}, "Amount": 1, "Date": DAY}
        assert "same contact" in xero.refused("PUT", f"/Overpayments/{key}/Allocations", element)[0]


def test_lists_honour_modified_since_and_numbers(xero, server):
    _invoice, over = overpaid(xero)
    pre = prepaid(xero)
    server.advance(10)
    since = server.sandbox.clock.iso()
    assert xero.ids("Overpayments", since=since) == xero.ids("Prepayments", since=since) == []
    server.advance(10)
    allocate(xero, "Overpayments", over, xero.create()["InvoiceID"], 1)
    assert xero.ids("Overpayments", since=since) == [over]
    assert xero.ids("Prepayments", InvoiceNumbers="INV-0002") == [pre]
    assert xero.ids("Prepayments", InvoiceNumbers="nope") == []


def test_supplier_credit_note_against_a_bill_and_refunded(xero):
    lines = [line(AccountCode="400", TaxType="INPUT")]
    bill = xero.create(Type="ACCPAY", InvoiceNumber="S-1", LineItems=lines)
    note = xero.create("CreditNotes", Type="ACCPAYCREDIT", LineItems=lines)["CreditNoteID"]
    assert xero.ledger() == {}
    assert allocate(xero, "CreditNotes", note, bill["InvoiceID"], 60).ok
    assert xero.one("Invoices", bill["InvoiceID"])["AmountDue"] == 50
    refund = xero.act("refund", credit_note=note, amount=50, account="090", date=DAY)
    assert refund["PaymentType"] == "APCREDITPAYMENT"
    assert xero.one("CreditNotes", note)["Status"] == "PAID"
    shown = xero.get("/Payments").json()["Payments"][0]
    assert (shown["Invoice"]["Type"], shown["Invoice"]["InvoiceID"]) == ("ACCPAYCREDIT", note)
    assert "CreditNote" not in shown
    assert xero.ledger() == {"090": 50, "800": -50}


def test_fully_paid_on_the_last_of_the_dates(xero):
    invoice = xero.create()["InvoiceID"]
    xero.act("pay", invoice=invoice, amount=100, account="090", date="2026-11-01")
    xero.act("pay", invoice=invoice, amount=10, account="090", date="2026-10-20")
    assert xero.one("Invoices", invoice)["FullyPaidOnDate"] == "/Date(1793491200000+0000)/"
