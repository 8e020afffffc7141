"""Accounts, taxes, tracking and items, changed by people behind the connector's back."""

from decimal import Decimal

import pytest

from xero_sandbox.errors import Invalid


def test_accounts(xero):
    made = xero.act("add_account", values={"Code": "405", "Name": "Gifts", "Type": "EXPENSE"})
    xero.act("edit", account="405", values={"TaxType": "BASEXCLUDED", "Description": "small"})
    row = xero.one("Accounts", made["AccountID"])
    assert (row["Name"], row["TaxType"], row["Description"]) == ("Gifts", "BASEXCLUDED", "small")
    xero.act("archive", account="405")
    assert xero.one("Accounts", made["AccountID"])["Status"] == "ARCHIVED"
    xero.act("archive", account="405", back=True)
    assert xero.one("Accounts", made["AccountID"])["Status"] == "ACTIVE"
    assert "unique Code" in xero.act(
        "add_account", values={"Code": "405", "Name": "Other", "Type": "EXPENSE"})["error"]


@pytest.mark.parametrize("status", ["DELETED", "ARCHIVED"])
def test_a_tax_rate_goes(xero, status):
    xero.act("deactivate_tax_rate", tax_rate="OUTPUT", status=status)
    rows = xero.get("/TaxRates").json()["TaxRates"]
    assert next(row for row in rows if row["TaxType"] == "OUTPUT")["Status"] == status
    assert "does not exist or cannot be used" in xero.refused(
        "PUT", "/Invoices", xero.document())[0]


def test_tracking(xero):
    option = xero.act("add_tracking_option", category="Region", name="Far North")
    xero.act("rename", category="Region", option="Far North", name="Top End")
    assert "unique Name" in xero.act("add_tracking_option", category="Region", name="top end")[
        "error"]
    rows = xero.get("/TrackingCategories").json()["TrackingCategories"]
    options = next(row for row in rows if row["Name"] == "Region")["Options"]
    assert options[-1] == {"TrackingOptionID": option["TrackingOptionID"], "Name": "Top End",
                           "Status": "ACTIVE"}
    xero.act("rename", category="Region", name="Area")
    assert "Area" in xero.get("/TrackingCategories").text


def test_items(xero, server):
    made = xero.act("create_item", values={"Code": "I", "Name": "Item", "SalesDetails": {
        "UnitPrice": 3, "AccountCode": "200"}})
    server.advance(10)
    since = server.sandbox.clock.iso()
    server.advance(10)
    xero.act("edit", item="I", values={"Code": "I", "Description": "better"})
    assert xero.ids("Items", since=since) == [made["ItemID"]]
    xero.act("rename", item="I", name="Thing")
    row = xero.one("Items", made["ItemID"])
    assert (row["Name"], row["Description"], row["IsTrackedAsInventory"]) == (
        "Thing", "better", False)
    xero.act("delete", item="I")
    assert xero.get(f"/Items/{made['ItemID']}").status_code == 404


def test_a_tracked_item_shows_its_stock(xero):
    xero.act("create_item", values={"Code": "I"})
    xero.act("track_item", item="I", quantity=5, cost=2.5, account="630")
    row = xero.get("/Items").json()["Items"][0]
    assert row["IsTrackedAsInventory"] is True
    assert (row["QuantityOnHand"], row["TotalCostPool"]) == (5, 12.5)
    assert "INVENTORY" in xero.act("track_item", item="I", quantity=5, cost=2, account="200")[
        "error"]


def test_currency_and_document_by_hand(xero):
    xero.act("subscribe", currency="JPY")
    assert "JPY" in xero.get("/Currencies").text
    row = xero.act("create", invoice=xero.document(InvoiceNumber="HAND-1"))
    assert xero.one("Invoices", row["InvoiceID"])["InvoiceNumber"] == "HAND-1"


def test_reconciling(xero):
    payment = xero.act("pay", invoice=xero.create()["InvoiceID"], amount=10, account="090",
                       date="2026-10-20")["PaymentID"]
    xero.act("reconcile", payment=payment)
    assert xero.one("Payments", payment)["IsReconciled"] is True
    assert "reconciled" in xero.refused("POST", f"/Payments/{payment}", {"Status": "DELETED"})[0]
    xero.act("reconcile", payment=payment, reconciled=False)
    assert xero.post(f"/Payments/{payment}", {"Status": "DELETED"}).ok


def test_from_inside_the_test_s_process(xero, server):
    key = server.act("create_contact", values={"Name": "Two"}, organisation=2)["ContactID"]
    assert server.organisation(2).contacts.get(key)
    payment = server.act("pay", invoice=xero.create()["InvoiceID"], amount=10.5, account="090",
                         date="2026-10-20")
    assert payment["Amount"] == Decimal("10.50")
    with pytest.raises(Invalid, match="exceeds"):
        server.act("pay", invoice=xero.create()["InvoiceID"], amount=1000, account="090",
                   date="2026-10-20")
    with pytest.raises(KeyError):
        server.act("unpay", payment="nope")


def test_bank_balances_in_the_account_s_own_currency(xero, server):
    xero.act("add_account", values={"Code": "095", "Name": "USD bank", "Type": "BANK",
                                    "BankAccountNumber": "1", "CurrencyCode": "USD"})
    invoice = xero.create(CurrencyCode="USD", CurrencyRate=0.5)["InvoiceID"]
    xero.act("pay", invoice=invoice, amount=100, account="095", date="2026-10-20", rate=0.5)
    xero.act("pay", invoice=invoice, amount=10, account="090", date="2026-10-20", rate=0.5)
    note = xero.create("CreditNotes")["CreditNoteID"]
    xero.act("refund", credit_note=note, amount=5, account="090", date="2026-10-20")
    xero.act("pay", invoice=xero.create()["InvoiceID"], amount=7, account="855", date="2026-10-20")
    xero.act("overpay", contact=xero.seeded(), amount=3, account="090", date="2026-10-20",
             currency="USD", rate=0.5)
    expected = {"095": 100, "090": 20 - 5 + 6}
    assert xero.control("GET", f"/organisations/{xero.org.tenant_id}/bank-balances") == expected
    assert server.bank_balances() == expected
    assert xero.ledger()["095"] == 200


def test_unknown_records_are_told(xero):
    nobody = "00000000-0000-0000-0000-000000000000"
    for action, values in (("pay", {"amount": 1}), ("allocate", {}), ("merge", {"contact": nobody}),
                           ("batch_pay", {"account": "090", "date": "2026-10-20", "payments": [
                               {"invoice": nobody, "amount": 1}]})):
        assert "error" in xero.act(action, **values)


def test_seeded_accounts_exist_in_every_country(server):
    for country in ("NZ", "UK"):
        server.reset(country=country)
        org = server.organisation()
        assert org.seed_invoices_with_payments(10, customers=2)["payments"]
        assert sum(org.ledger.balances().values()) == 0
