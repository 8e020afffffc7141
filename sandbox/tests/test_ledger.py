"""The ledger and the trial balance."""

import json

from sandbox_client import line


def rows(xero, **query):
    """Account name -> (debit, credit) of the YTD columns, plus the summary row."""
    report = xero.get("/Reports/TrialBalance", **query).json()["Reports"][0]
    found = {}
    for section in report["Rows"]:
        for row in section.get("Rows", ()):
            cells = [cell["Value"] for cell in row["Cells"]]
            found[cells[0]] = tuple(cells[3:5])
    return found


def test_documents_post_and_voiding_reverses(xero):
    sale = xero.create()
    bill = xero.create(Type="ACCPAY", LineItems=[line(AccountCode="400", TaxType="INPUT")])
    assert xero.ledger() == {"610": 110, "200": -100, "800": -110, "400": 100}
    for row in (sale, bill):
        xero.post(f"/Invoices/{row['InvoiceID']}", {"Status": "VOIDED"})
    assert xero.ledger() == {}
    assert len(xero.org.ledger.journals) == 4


def test_drafts_do_not_post_until_approved(xero):
    invoice = xero.create(Status="SUBMITTED")
    assert xero.ledger() == {}
    xero.post(f"/Invoices/{invoice['InvoiceID']}", {"Status": "AUTHORISED"})
    assert xero.ledger()["610"] == 110


def test_edit_replaces_the_posting(xero):
    invoice = xero.create()
    xero.post(f"/Invoices/{invoice['InvoiceID']}", {"LineItems": [line(Quantity=1)]})
    assert xero.ledger() == {"610": 55, "200": -50, "820": -5}


def test_inclusive_amounts_post_net(xero):
    xero.create(LineAmountTypes="Inclusive", LineItems=[line(UnitAmount=55)])
    assert xero.ledger() == {"610": 110, "200": -100, "820": -10}


def test_trial_balance_balances(xero):
    xero.create(Date="2026-10-05")
    balance = rows(xero, date="2026-10-31")
    assert balance["Accounts Receivable (610)"] == ("110.00", "")
    assert balance["Sales (200)"] == ("", "100.00")
    assert balance["GST (820)"] == ("", "10.00")
    assert balance["Total"] == ("110.00", "110.00")


def test_trial_balance_at_an_earlier_date(xero):
    xero.create(Date="2026-10-05")
    assert set(rows(xero, date="2026-10-04")) == {"Total"}


def test_earlier_years_go_to_retained_earnings(xero):
    xero.create(Date="2026-06-30")
    balance = rows(xero, date="2026-07-31")
    assert balance["Retained Earnings (960)"] == ("", "100.00")
    assert "Sales (200)" not in balance
    assert rows(xero, date="2026-06-30")["Sales (200)"] == ("", "100.00")


def test_trial_balance_names_accounts_by_id(xero):
    xero.create()
    report = xero.get("/Reports/TrialBalance", date="2026-10-31").json()
    assert xero.org.accounts.find("code", "200")["AccountID"] in json.dumps(report)
    assert report["Reports"][0]["ReportTitles"][2] == "As at 31 October 2026"


def test_report_needs_its_own_scope(server):
    from sandbox_client import Client

    client = Client(server, scopes="accounting.settings accounting.invoices")
    assert client.get("/Reports/TrialBalance").status_code == 401
