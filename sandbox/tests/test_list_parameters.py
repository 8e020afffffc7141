"""Which lists page, what they leave out, and what where and order know (facts, section 2.4)."""

import pytest
from sandbox_client import line

NEVER = ("Accounts", "Items", "TaxRates", "Currencies", "TrackingCategories", "BatchPayments",
         "ContactGroups")
PAGED = ("Invoices", "CreditNotes", "Contacts", "Payments", "Overpayments", "Prepayments")


@pytest.mark.parametrize("plural", NEVER)
def test_lists_that_never_page(xero, server, plural):
    answer = xero.get(f"/{plural}", page=2, pageSize=1).json()
    assert "pagination" not in answer
    assert len(answer[plural]) == len(xero.get(f"/{plural}").json()[plural])
    server.sandbox.violations.clear()  # page is no parameter of theirs


@pytest.mark.parametrize("plural", PAGED)
def test_lists_that_page(xero, plural):
    answer = xero.get(f"/{plural}", page=1, pageSize=1000).json()
    assert answer["pagination"]["pageSize"] == 1000
    assert xero.get(f"/{plural}", page=1, pageSize=1001).status_code == 400


def test_fields_that_contacts_only_show_paged_or_alone(xero):
    key = xero.contact("A", ContactPersons=[{"FirstName": "P"}], PaymentTerms={
        "Sales": {"Day": 30, "Type": "DAYSAFTERBILLDATE"}})
    for row in (xero.get("/Contacts", page=1, IDs=key).json()["Contacts"][0],
                xero.one("Contacts", key)):
        assert row["ContactPersons"][0]["FirstName"] == "P"
        assert row["PaymentTerms"] == {"Sales": {"Day": 30, "Type": "DAYSAFTERBILLDATE"}}
    row = xero.get("/Contacts", IDs=key).json()["Contacts"][0]
    assert "ContactPersons" not in row
    assert "PaymentTerms" not in row


def test_balances_in_pages_only_of_those_who_owe(xero):
    xero.create(CurrencyCode="USD", CurrencyRate=0.5)
    xero.create("CreditNotes", CurrencyCode="USD", CurrencyRate=0.5, LineItems=[line(Quantity=1)])
    rows = xero.get("/Contacts", page=1).json()["Contacts"]
    balances = {row["ContactID"]: row["Balances"] for row in rows if "Balances" in row}
    assert balances == {xero.seeded(): {  # raw, not converted to base currency
        "AccountsReceivable": {"Outstanding": 55, "Overdue": 110},
        "AccountsPayable": {"Outstanding": 0, "Overdue": 0}}}
    assert all("Balances" not in row for row in xero.get(
        "/Contacts", page=1, summaryOnly="true").json()["Contacts"])


def test_archived_and_erased_contacts_need_asking(xero):
    archived, erased = xero.seeded(), xero.seeded("City Limousines")
    xero.act("archive", contact=archived)
    xero.act("erase", contact=erased)
    assert not {archived, erased} & set(xero.ids("Contacts", page=1))
    assert {archived, erased} <= set(xero.ids("Contacts", page=1, includeArchived="true"))
    assert xero.ids("Contacts", IDs=archived) == [archived]


@pytest.mark.parametrize(("text", "count"), [
    ('ContactStatus=="ACTIVE"', 6), ("MergedToContactID!=null", 0), ("Website==null", 6),
    ('EmailAddress.EndsWith("example") AND AccountNumber!=""', 2)])
def test_where_on_contacts(xero, text, count):
    assert len(xero.ids("Contacts", where=text)) == count


def test_where_on_payments(xero):
    invoice, note = xero.create(), xero.create("CreditNotes")
    mine = xero.act("pay", invoice=invoice["InvoiceID"], amount=10, account="090",
                    date="2026-10-20")["PaymentID"]
    refund = xero.act("refund", credit_note=note["CreditNoteID"], amount=5, account="091",
                      date="2026-10-21")["PaymentID"]
    for text, expected in (
            (f'Invoice.InvoiceID==guid("{invoice["InvoiceID"]}")', [mine]),
            (f'CreditNote.CreditNoteID==guid("{note["CreditNoteID"]}")', [refund]),
            ('Account.Code=="091"', [refund]), ('PaymentType=="ACCRECPAYMENT"', [mine]),
            ('Invoice.InvoiceNumber=="CN-0001"', [refund]), ('Invoice.Type=="ACCREC"', [mine]),
            ("Date>DateTime(2026,10,20)", [refund]), ("BatchPaymentID==null", [mine, refund])):
        assert xero.ids("Payments", where=text) == expected, text
    assert xero.get("/Payments", where="Nope==1").status_code == 400


def test_too_many_hits_of_a_filter_are_refused(xero, monkeypatch):
    monkeypatch.setattr("xero_sandbox.query.MAX_HITS", 5)
    assert xero.get("/Contacts", page=1).ok
    assert xero.get("/Contacts", page=1, where='Name=="Boom FM"').ok
    answer = xero.get("/Contacts", page=1, where='ContactStatus=="ACTIVE"')
    assert (answer.status_code, answer.json()["Type"]) == (400, "QueryParseException")


def test_order_by_update_is_the_order_anyway(xero):
    plain = xero.ids("Contacts", page=1)
    assert xero.ids("Contacts", page=1, order="UpdatedDateUTC ASC") == plain
    assert xero.ids("Contacts", page=1, order="UpdatedDateUTC DESC")[-1] == plain[0] \
        or len({row["updated"] for row in xero.org.contacts}) == 1


def test_tracking_shows_archived_options_only_when_asked(xero):
    xero.act("archive", category="Region", option="North")
    xero.act("archive", category="Salesperson")

    def shown(**query):
        return {row["Name"]: [option["Name"] for option in row["Options"]]
                for row in xero.get("/TrackingCategories", **query).json()["TrackingCategories"]}

    assert shown() == {"Region": ["Eastside", "South", "West Coast"]}
    assert set(shown(includeArchived="true")) == {"Region", "Salesperson"}
    assert "North" in shown(includeArchived="true")["Region"]
