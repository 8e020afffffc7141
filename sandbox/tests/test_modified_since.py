"""If-Modified-Since: who honours it, to the second, and what it shows (facts, section 2.4)."""

from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest

HONOUR = ("Accounts", "Contacts", "Items")
IGNORE = ("TaxRates", "Currencies", "TrackingCategories", "ContactGroups", "BrandingThemes")


@pytest.fixture
def moment(xero, server):
    """A whole second, some time after everything that the fixture's client made."""
    xero.act("create_item", values={"Code": "I"})
    xero.act("group", name="G", contacts=[xero.seeded()])
    server.advance(100)
    return server.sandbox.clock.iso()


@pytest.mark.parametrize("plural", HONOUR)
def test_unchanged_records_stay_away(xero, moment, plural):
    assert xero.ids(plural)
    assert xero.ids(plural, since=moment) == []


@pytest.mark.parametrize("plural", IGNORE)
def test_endpoints_without_it_answer_everything(xero, moment, plural):
    assert xero.ids(plural, since=moment) == xero.ids(plural) != []


def test_a_bad_date_is_refused(xero):
    assert xero.get("/Contacts", headers={"If-Modified-Since": "yesterday"}).status_code == 400


def at(xero, stamp):
    """A contact whose UpdatedDateUTC is exactly this, in milliseconds."""
    row = {**xero.org.contacts.get(xero.seeded()), "updated": stamp}
    return xero.org.contacts.put(row)["ContactID"]


@pytest.mark.parametrize(("rule", "found"), [
    (None, [1_000, 999, 1]), ("since_from", [1_000, 999, 1, 0]), ("since_after_second", [1_000])])
def test_a_record_of_the_very_second(xero, moment, rule, found):
    """Strictly later by default; facts are silent, so tests may choose another rule."""
    xero.set_org(quirks=[rule] if rule else [])
    second = xero.sandbox_second(moment)
    for after in (1_000, 999, 1, 0):
        key = at(xero, second + after)
        assert (key in xero.ids("Contacts", since=moment)) == (after in found)


def test_fractions_of_the_header_are_dropped(xero, moment):
    key = at(xero, xero.sandbox_second(moment) + 100)
    assert xero.ids("Contacts", since=moment + ".900") == [key]


def test_a_payment_moves_its_invoice_and_so_does_its_deletion(xero, server):
    invoice = xero.create()["InvoiceID"]
    for action in ("pay", "unpay"):
        server.advance(10)
        since = server.sandbox.clock.iso()
        server.advance(10)
        if action == "pay":
            payment = xero.act("pay", invoice=invoice, amount=10, account="090",
                               date="2026-10-20")["PaymentID"]
        else:
            xero.act("unpay", payment=payment)
        assert xero.ids("Invoices", since=since) == [invoice]
        assert xero.ids("Payments", since=since) == [payment]
        assert xero.ids("Contacts", since=since) == []


def test_a_silent_deletion_only_shows_on_the_invoice(xero, server):
    invoice = xero.create()["InvoiceID"]
    payment = xero.act("pay", invoice=invoice, amount=10, account="090", date="2026-10-20")
    xero.set_org(quirks=["silent_payment_deletion"])
    server.advance(10)
    since = server.sandbox.clock.iso()
    server.advance(10)
    xero.act("unpay", payment=payment["PaymentID"])
    assert xero.ids("Payments", since=since) == []
    assert xero.ids("Invoices", since=since) == [invoice]


def test_silent_edits(xero, server):
    bill = xero.create(Type="ACCPAY", LineItems=[{
        "Description": "a", "UnitAmount": 10, "AccountCode": "400"}])["InvoiceID"]
    xero.act("pay", invoice=bill, amount=1, account="090", date="2026-10-20")
    server.advance(10)
    since = server.sandbox.clock.iso()
    server.advance(10)
    assert xero.post(f"/Invoices/{bill}", {"DueDate": "2026-12-24"}).ok
    xero.act("reschedule", invoice=bill, sent=True)
    xero.act("edit", contact=xero.seeded(), values={"LastName": "New"}, silent=True)
    assert xero.ids("Invoices", since=since) == xero.ids("Contacts", since=since) == []
    assert xero.one("Invoices", bill)["DueDateString"] == "2026-12-24T00:00:00"
    assert xero.one("Contacts", xero.seeded())["LastName"] == "New"
    xero.post(f"/Invoices/{bill}", {"InvoiceNumber": "B-2"})
    assert xero.ids("Invoices", since=since) == [bill]


def test_deleted_documents_come_when_filtered_or_modified(xero, server):
    since = server.sandbox.clock.iso()
    server.advance(10)
    kept, gone = xero.create()["InvoiceID"], xero.create()["InvoiceID"]
    xero.act("void", invoice=gone)
    payment = xero.act("pay", invoice=kept, amount=1, account="090", date="2026-10-20")
    xero.act("unpay", payment=payment["PaymentID"])
    assert xero.ids("Invoices", page=1) == [kept]
    assert xero.ids("Payments") == []
    assert set(xero.ids("Invoices", since=since)) == {kept, gone}
    assert xero.ids("Invoices", Statuses="VOIDED") == xero.ids("Invoices", IDs=gone) == [gone]
    assert xero.ids("Invoices", where='Status=="VOIDED"') == [gone]
    assert xero.ids("Payments", since=since) == [payment["PaymentID"]]
    assert xero.ids("Payments", where='Status=="DELETED"') == [payment["PaymentID"]]


def test_the_date_of_an_answer_is_the_time_in_this_xero(xero, server):
    def date():
        return parsedate_to_datetime(xero.get("/Contacts").headers["Date"])

    before = date()
    server.advance(7200)
    assert timedelta(hours=2) <= date() - before < timedelta(hours=2, minutes=5)
