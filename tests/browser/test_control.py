"""What goes to Xero under control: Export Control, a dry run, an approval, and an undo."""

import re

import pytest
from playwright.sync_api import expect
from screen import ID

CUSTOMER = "Wattle Lane Cafe"


@pytest.fixture(scope="module")
def mia(somebody, set_up):
    """A bookkeeper who uses Xero and does not administer it."""
    return somebody("mia")


def test_a_batch_from_selection_to_result_and_back(ruby, mia, set_up, books, xero):
    moves = [books.invoice([(f"Coffee machine, month {n}", 1, 100.0 * n)], CUSTOMER) for n in range(1, 4)]
    unmapped = books.find("account.tax", ("type_tax_use", "=", "sale"), ("xero_tax_rate_id", "=", False))
    blocked = books.invoice([("Salvage", 1, 300.0)], CUSTOMER, unmapped)

    mia.app("Invoicing")
    mia.menu("Xero", "Export Control")
    row = mia.row("Customer invoices")
    expect(row).to_have_count(1)
    row.click()
    expect(mia.page).to_have_url(ID)
    expect(mia.button("Close")).to_be_visible()
    # What other tests have left stays out.
    batch = mia.page.url
    mia.page.locator("button[name=action_open_documents]").click()
    expect(mia.page.locator(".o_breadcrumb")).to_contain_text("Customer invoices")
    others = mia.page.locator("tr.o_data_row").filter(has_not_text=CUSTOMER)
    for index in range(others.count()):
        others.nth(index).locator(".o_list_record_selector input").check()
    if others.count():
        mia.press("Leave Out")
    mia.page.goto(batch)
    mia.press("Check")
    expect(mia.field("blocked_count")).to_have_text("1")
    expect(mia.field("ready_count")).to_have_text("3")
    name = books.read("account.move", blocked, "name")["name"]
    expect(mia.row(name)).to_contain_text("Cannot go yet")
    mia.picture("export-control", readme=True)
    mia.press("Close")
    expect(mia.dialog).to_contain_text("cannot go yet")
    mia.dialog.get_by_role("button", name="Close").last.click()
    mia.press("Leave Out What Cannot Go")
    expect(mia.field("blocked_count")).to_have_text("0")
    mia.press("Close")
    mia.press("Export to Xero")
    expect(mia.field("done")).to_have_text("3")
    expect(mia.row("In Xero")).to_have_count(3)
    mia.picture("export-done")
    assert {books.read("account.move", move, "xero_state")["xero_state"] for move in moves} == {"synced"}
    expect(mia.button("Undo in Xero")).to_have_count(0)

    ruby.page.goto(batch)
    ruby.press("Undo in Xero")
    expect(ruby.dialog).to_contain_text("This cannot be taken back")
    rows = ruby.dialog.locator("tr.o_data_row")
    expect(rows.filter(has_text="Becomes Voided in Xero")).to_have_count(3)
    expect(rows.filter(has_text="other documents may use it")).to_have_count(1)  # the contact that came along
    ruby.picture("undo")
    ruby.press("Void or Delete in Xero")
    expect(ruby.field("undoes_id")).to_contain_text("Customer invoices")
    expect(ruby.field("done")).to_have_text("3")
    expect(ruby.field("progress")).to_have_text(re.compile(r"^100\s*%$"))
    found = books.client.call("account.move", "read", moves, ["xero_state", "xero_status"])
    assert {(row["xero_state"], row["xero_status"]) for row in found} == {("excluded", "VOIDED")}
    ruby.close_notifications()


def test_a_dry_run_shows_the_body_and_the_totals(ruby, set_up, books, xero):
    move = books.invoice([("Solar panel", 2, 640.0)])
    calls = xero.control("GET", "/counts")["total"]
    ruby.open(f"customer-invoices/{move}")
    ruby.press("Dry Run")
    expect(ruby.dialog).to_contain_text("nothing is sent")
    expect(ruby.dialog).to_contain_text("PUT /Invoices")
    expect(ruby.dialog).to_contain_text('"LineAmountTypes"')
    expect(ruby.dialog.locator("table")).to_contain_text("1,408.00")
    ruby.picture("dry-run")
    ruby.dialog.get_by_role("button", name="Close").last.click()
    assert xero.control("GET", "/counts")["total"] == calls
    assert not books.read("account.move", move, "xero_state")["xero_state"]


def test_an_approval_by_somebody_else(ruby, mia, somebody, set_up, books):
    ann = somebody("ann")
    rule = books.create("xero.approval.rule", company_id=books.company, kind="invoice")
    try:
        own = books.invoice([("Pump", 1, 250.0)], CUSTOMER)  # ruby posts it
        mia.open(f"customer-invoices/{own}")
        mia.press("Push to Xero")
        mia.notification("when it is approved by")
        expect(mia.field("xero_state")).to_have_text("Held")
        expect(mia.button("Approve for Xero")).to_have_count(0)
        ruby.open(f"customer-invoices/{own}")
        expect(ruby.button("Approve for Xero")).to_have_count(0)
        ann.open(f"customer-invoices/{own}")
        ann.picture("approval")
        ann.press("Approve for Xero")
        expect(ann.button("Approve for Xero")).to_have_count(0)
        books.wait_until_sent(own)
        ruby.page.reload()
        expect(ruby.field("xero_state")).to_have_text("In Xero")
    finally:
        books.client.call("xero.approval.rule", "unlink", [rule])
