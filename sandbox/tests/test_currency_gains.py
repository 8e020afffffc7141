"""Realised currency gains, by hand; control accounts are exactly clear at the end."""

import pytest
from sandbox_client import line

DAY = "2026-10-20"


def foreign(xero, total, rate, kind="Invoices", **values):
    return xero.create(kind, CurrencyCode="USD", CurrencyRate=rate, LineItems=[
        line(Quantity=1, UnitAmount=total, TaxType="BASEXCLUDED", **values.pop("line", {}))],
        **values)


def test_sale_paid_at_another_rate(xero):
    """1,100 at 0.65 is 1,692.31; at 0.68 it is 1,617.65: a loss of 74.66."""
    invoice = foreign(xero, 1100, 0.65)["InvoiceID"]
    row = xero.act("pay", invoice=invoice, amount=1100, account="090", date=DAY, rate=0.68)
    assert row["BankAmount"] == 1617.65
    assert xero.ledger() == {"090": 1617.65, "499": 74.66, "200": -1692.31}


def test_bill_paid_at_another_rate(xero):
    bill = foreign(xero, 1100, 0.65, Type="ACCPAY", line={"AccountCode": "400"})["InvoiceID"]
    xero.act("pay", invoice=bill, amount=1100, account="090", date=DAY, rate=0.68)
    assert xero.ledger() == {"090": -1617.65, "499": -74.66, "400": 1692.31}


def test_bank_amount_decides_over_the_rate(xero):
    invoice = foreign(xero, 1100, 0.65)["InvoiceID"]
    xero.act("pay", invoice=invoice, amount=1100, account="090", date=DAY, rate=0.68,
             bank_amount=1600)
    assert xero.ledger() == {"090": 1600, "499": 92.31, "200": -1692.31}


@pytest.mark.parametrize("parts", [(333.33, 333.33, 433.34), (0.01, 1099.99), (550, 550)])
def test_parts_leave_nothing_on_the_control_account(xero, parts):
    invoice = foreign(xero, 1100, 0.65)["InvoiceID"]
    for part in parts:
        xero.act("pay", invoice=invoice, amount=part, account="090", date=DAY, rate=0.68)
    assert xero.one("Invoices", invoice)["Status"] == "PAID"
    assert "610" not in xero.ledger()


def test_credit_note_of_another_rate(xero):
    """110 at 0.5 is 220; 110 at 0.55 is 200: allocated, 20 are lost."""
    invoice = foreign(xero, 110, 0.5)["InvoiceID"]
    note = foreign(xero, 110, 0.55, "CreditNotes")["CreditNoteID"]
    part = xero.act("allocate", credit_note=note, invoice=invoice, amount=110, date=DAY)
    assert xero.ledger() == {"499": 20, "200": -20}
    xero.act("deallocate", credit_note=note, allocation=part["AllocationID"])
    assert xero.ledger() == {"610": 20, "200": -20}


def test_overpayment_in_the_invoice_s_currency(xero):
    """Paid 1,200 for 1,100 at 0.68: 100 stay, 147.06 in base currency."""
    invoice = foreign(xero, 1100, 0.65)["InvoiceID"]
    row = xero.act("overpay", invoice=invoice, amount=1200, account="090", date=DAY, rate=0.68)
    assert (row["CurrencyCode"], row["Total"]) == ("USD", 100)
    assert xero.ledger() == {"090": 1764.71, "610": -147.06, "499": 74.66, "200": -1692.31}


def test_a_deleted_payment_takes_its_gain_along(xero):
    invoice = foreign(xero, 1100, 0.65)["InvoiceID"]
    payment = xero.act("pay", invoice=invoice, amount=1100, account="090", date=DAY, rate=0.68)
    xero.act("unpay", payment=payment["PaymentID"])
    assert xero.ledger() == {"610": 1692.31, "200": -1692.31}
