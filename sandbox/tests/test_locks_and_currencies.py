"""Lock dates, currencies, rates."""

PERIOD = "The document date cannot be before the period lock date, currently set at 31-Oct-2026"
YEAR = "The document date cannot be before the end of year lock date, currently set at 30-Jun-2026"


def test_period_lock_binds_create_edit_and_void(xero):
    invoice = xero.create(Date="2026-10-31")
    path = f"/Invoices/{invoice['InvoiceID']}"
    xero.set_org(PeriodLockDate="2026-10-31")
    assert xero.refused("PUT", "/Invoices", xero.document(Date="2026-10-31")) == [PERIOD]
    assert xero.refused("POST", path, {"Reference": "x"}) == [PERIOD]
    assert xero.refused("POST", path, {"Status": "VOIDED"}) == [PERIOD]
    assert xero.create(Date="2026-11-01")["Status"] == "AUTHORISED"


def test_both_locks_come_together(xero):
    xero.set_org(PeriodLockDate="2026-10-31", EndOfYearLockDate="2026-06-30")
    assert xero.refused("PUT", "/Invoices", xero.document(Date="2026-06-30")) == [PERIOD, YEAR]
    assert xero.refused("PUT", "/Invoices", xero.document(Date="2026-07-01")) == [PERIOD]


def test_locks_are_told_by_the_organisation(xero):
    assert "PeriodLockDate" not in xero.get("/Organisation").json()["Organisations"][0]
    xero.set_org(PeriodLockDate="2026-10-31")
    row = xero.get("/Organisation").json()["Organisations"][0]
    assert row["PeriodLockDate"] == "/Date(1793404800000+0000)/"


def test_a_document_cannot_leave_a_locked_period(xero):
    path = f"/Invoices/{xero.create(Date='2026-10-31')['InvoiceID']}"
    xero.set_org(PeriodLockDate="2026-10-31")
    assert xero.refused("POST", path, {"Date": "2026-11-02"}) == [PERIOD]


def test_currency_must_be_subscribed(xero):
    element = xero.document(CurrencyCode="JPY")
    assert xero.refused("PUT", "/Invoices", element) == [
        "Organisation is not subscribed to currency JPY"]
    assert xero.put("/Currencies", {"Code": "JPY"}).status_code == 200
    assert xero.put("/Invoices", element).status_code == 200


def test_rate_is_foreign_units_per_base_unit(xero):
    invoice = xero.create(CurrencyCode="USD", CurrencyRate=0.5)
    assert invoice["CurrencyRate"] == 0.5
    assert xero.ledger() == {"610": 220, "200": -200, "820": -20}


def test_omitted_rate_is_the_day_rate(xero):
    assert xero.create(CurrencyCode="USD")["CurrencyRate"] == 0.657895


def test_base_currency_has_rate_one(xero):
    assert xero.create(CurrencyRate=0.5)["CurrencyRate"] == 1


def test_rounding_difference_of_the_conversion_is_posted(xero):
    xero.create(CurrencyCode="USD", CurrencyRate=0.7, LineItems=[
        {"Description": "x", "Quantity": 1, "UnitAmount": amount, "AccountCode": "200",
         "TaxType": "OUTPUT"} for amount in (0.31, 0.31, 0.31)])
    balances = xero.ledger()
    assert round(sum(balances.values()), 2) == 0
    assert "860" in balances
