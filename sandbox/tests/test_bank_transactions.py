"""Money spent and received without an invoice."""

import pytest
from sandbox_client import Client, line

from xero_sandbox.testing import SCOPES


@pytest.fixture
def bank(server):
    return Client(server, scopes=SCOPES + " accounting.banktransactions")


def element(bank, **values):
    return {"Type": "RECEIVE", "Contact": {"ContactID": bank.seeded()}, "Date": "2026-10-20",
            "BankAccount": {"Code": "090"}, "LineItems": [line()], **values}


def put(bank, **values):
    answer = bank.put("/BankTransactions", {"BankTransactions": [element(bank, **values)]})
    assert answer.status_code == 200, answer.text
    return answer.json()["BankTransactions"][0]


def test_received_and_spent(bank):
    row = put(bank, Reference="Till 3")
    assert (row["Total"], row["Status"], row["Reference"]) == (110, "AUTHORISED", "Till 3")
    assert row["BankAccount"]["Code"] == "090"
    put(bank, Type="SPEND", LineItems=[line(AccountCode="400", TaxType="INPUT")])
    assert bank.ledger() == {"200": -100, "400": 100}
    assert len(bank.get("/BankTransactions", page=1).json()["BankTransactions"][0][
        "LineItems"]) == 1
    assert bank.get("/BankTransactions").json()["BankTransactions"][0]["LineItems"] == []


def test_an_overpayment_is_made_here(bank):
    row = put(bank, Type="SPEND-OVERPAYMENT", Reference="x", LineItems=[
        {"Description": "Twice", "Quantity": 1, "UnitAmount": 30}])
    assert row["OverpaymentID"] == row["BankTransactionID"]
    assert row["Reference"] == ""  # only SPEND and RECEIVE have one
    assert bank.one("Overpayments", row["OverpaymentID"])["RemainingCredit"] == 30
    assert bank.ledger() == {"800": 30, "090": -30}


def test_a_prepayment_is_made_here_and_voided_with_it(bank):
    key = put(bank, Type="RECEIVE-PREPAYMENT")["PrepaymentID"]
    assert bank.one("Prepayments", key)["Total"] == 110
    assert bank.post(f"/BankTransactions/{key}", {"Status": "DELETED", **{
        name: element(bank)[name] for name in ("Type", "BankAccount", "LineItems")}}).ok
    assert bank.one("Prepayments", key)["Status"] == "VOIDED"
    assert bank.one("BankTransactions", key)["Status"] == "DELETED"
    assert bank.ledger() == {}


@pytest.mark.parametrize(("values", "message"), [
    ({"BankAccount": {"Code": "200"}}, "A valid BankAccount must be specified"),
    ({"LineItems": [line(AccountCode="091")]}, "is not a valid code for this document"),
    ({"LineItems": [line(UnitAmount=-5)]}, "must be greater than zero"),
    ({"Type": "RECEIVE-OVERPAYMENT"}, "is not a valid code for this document"),
    ({"CurrencyCode": "USD"}, "is that of its bank account")])
def test_refused(bank, values, message):
    assert message in bank.refused("PUT", "/BankTransactions", element(bank, **values))[0]
    assert bank.ledger() == {}


def test_reconciled_or_used_ones_stay(bank):
    spent = put(bank, IsReconciled=True)["BankTransactionID"]
    status = {"Status": "DELETED", **{
        name: element(bank)[name] for name in ("Type", "BankAccount", "LineItems")}}
    assert "reconciled" in bank.refused("POST", f"/BankTransactions/{spent}", status)[0]
    key = bank.act("overpay", contact=bank.seeded(), amount=40, account="090",
                   date="2026-10-20")["OverpaymentID"]
    bank.act("allocate", overpayment=key, invoice=bank.create()["InvoiceID"], amount=1,
             date="2026-10-20")
    assert "allocated" in bank.refused("POST", f"/BankTransactions/{key}", status)[0]
    assert bank.act("delete", bank_transaction=spent)["Status"] == "DELETED"


def test_the_scope_is_its_own(xero):
    assert xero.get("/BankTransactions").status_code == 401
