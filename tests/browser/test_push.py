"""Invoices go to Xero: one from its form, many from a list; and what people see when one cannot."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

MANY = 12  # more than a button sends while its user waits


@pytest.fixture
def locked(xero, ruby, set_up):
    """Xero's books locked until the end of next month, and Odoo knows it."""
    xero.lock((date.today() + timedelta(days=31)).isoformat())
    _test_connection(ruby, set_up)
    yield
    xero.lock(None)
    _test_connection(ruby, set_up)


def test_an_invoice_goes_to_xero_from_its_form(ruby, set_up, books):
    move = books.invoice()
    ruby.open(f"customer-invoices/{move}")
    assert not ruby.warnings()
    ruby.press("Push to Xero")
    number = books.read("account.move", move, "name")["name"]
    said = ruby.notification("is in Xero as Authorised")
    expect(said).to_contain_text(number)
    expect(said).to_contain_text("2,794.18 = $\u00a02,794.18")
    expect(ruby.field("xero_state")).to_have_text("In Xero")
    expect(ruby.field("xero_number")).to_have_text(number)
    ruby.picture("invoice-in-xero", readme=True)

    with ruby.page.expect_popup() as popup:
        ruby.press(re.compile("Open in Xero"))
    page = popup.value
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Invoice {number}")
    expect(page.locator("#status")).to_have_text(re.compile("authorised", re.IGNORECASE))
    expect(page.locator("#subtotal")).to_have_text("2,540.16")
    expect(page.locator("#total")).to_have_text("2,794.18")
    lines = page.locator("tbody tr")
    expect(lines).to_have_count(3)
    expect(lines.nth(1)).to_contain_text("Installation of the pump")
    expect(lines.nth(1)).to_contain_text("1,234.56")
    page.set_viewport_size({"width": 1280, "height": 960})
    ruby.picture("sandbox-invoice", readme=True, page=page, height=920)
    page.close()

    ruby.open(f"xero-connections/{set_up.connection}")
    assert all(ruby.steps().values())
    ruby.page.set_viewport_size({"width": 1280, "height": 870})  # down to the steps
    ruby.picture("connection", readme=True)
    ruby.page.set_viewport_size({"width": 1280, "height": 800})


def test_a_note_says_before_the_push_that_the_period_is_locked(ruby, locked, books, xero):
    move = books.invoice([("Hose", 1, 80.80)])
    calls = xero.control("GET", "/counts")["total"]
    ruby.open(f"customer-invoices/{move}")
    assert any("Xero is locked" in warning for warning in ruby.warnings())
    assert xero.control("GET", "/counts")["total"] == calls
    ruby.picture("cannot-go")
    ruby.press("Push to Xero")
    ruby.notification("Xero is locked")
    assert books.read("account.move", move, "xero_state")["xero_state"] == "held"


def test_many_invoices_go_in_the_background_and_the_bar_moves_by_itself(ruby, set_up, books):
    customer = "Coral Coast Resorts"
    moves = [books.invoice([(f"Filter {n}", n, 10.0)], customer) for n in range(1, MANY + 1)]
    worker = books.read("xero.connection", set_up.connection, "cron_id")["cron_id"][0]
    books.admin.call("ir.cron", "write", [worker], {"active": False})

    ruby.open("customer-invoices", "list")
    ruby.search(customer)
    expect(ruby.page.locator("tr.o_data_row")).to_have_count(MANY)
    ruby.page.locator("thead .o_list_record_selector input").click()
    ruby.press("Actions")
    ruby.page.get_by_role("menuitem", name="Push to Xero").click()
    expect(ruby.field("total")).to_have_text(str(MANY))
    expect(ruby.field("progress")).to_have_text(re.compile(r"^0\s*%$"))
    ruby.page.evaluate("window.sameDocument = true")
    ruby.picture("run-waits")
    books.admin.call("ir.cron", "write", [worker], {"active": True, "nextcall": "2020-01-01 00:00:00"})

    ruby.notification(f"{MANY} of {MANY} records are in Xero")
    expect(ruby.field("progress")).to_have_text(re.compile(r"^100\s*%$"))
    assert ruby.page.evaluate("window.sameDocument")
    ruby.picture("run-done")
    states = books.client.call("account.move", "read", moves, ["xero_state"])
    assert {row["xero_state"] for row in states} == {"synced"}


def test_the_first_page_says_what_is_to_do_and_leads_there(ruby, set_up, books, xero):
    unmapped = books.find("account.tax", ("type_tax_use", "=", "sale"), ("xero_tax_rate_id", "=", False))
    problem = books.invoice([("Salvage", 1, 300.0)], "Kookaburra Kitchens", unmapped)
    changed = books.invoice([("Gasket", 4, 12.5)], "Kookaburra Kitchens")
    for move in (problem, changed):
        books.client.call("account.move", "action_xero_push", [move])
    books.client.call("account.move", "button_draft", [changed])
    books.client.call("account.move", "action_post", [changed])
    waiting = books.invoice([("Valve", 1, 100.0)], "Tasman Bookshop")
    books.invoice([("Brass tap", 6, 42.5)], "Ridgeway University")
    count, amount = books.waiting()

    ruby.app("Invoicing")
    ruby.menu("Xero", "To Do")
    cards = ruby.page.locator(".o_kanban_record:not(.o_kanban_ghost)")
    expect(cards.first).to_be_visible()
    ruby.picture("todo", readme=True, height=340)
    expect(cards.filter(has_text="Changed since the push")).to_contain_text("$\u00a055.00")
    card = cards.filter(has_text="Not yet in Xero")
    expect(card).to_contain_text(re.compile(rf"(?<!\d){count} record"))
    expect(card).to_contain_text(f"$\u00a0{amount:,.2f}")
    card.click()
    expect(ruby.page.locator("tr.o_data_row")).to_have_count(count)
    name = books.read("account.move", waiting, "name")["name"]
    expect(ruby.page.locator("tr.o_data_row", has_text=name)).to_contain_text("Tasman Bookshop")

    ruby.page.go_back()
    cards.filter(has_text="Needs attention").filter(has_text=re.compile("tax", re.IGNORECASE)).click()
    row = ruby.page.locator("tr.o_data_row", has_text=books.read("account.move", problem, "name")["name"])
    expect(row).to_have_count(1)
    ruby.picture("exceptions")


def test_a_clerk_without_rights_on_xero_looks_but_does_not_push(somebody, set_up, books):
    move = books.invoice([("Bucket", 1, 20.0)])
    tom = somebody("tom")
    tom.open(f"customer-invoices/{move}")
    expect(tom.button("Reset to Draft")).to_be_visible()
    expect(tom.button("Push to Xero")).to_have_count(0)
    entries = tom.unfold("Xero")
    assert "To Do" in entries
    assert "Connections" not in entries
    tom.picture("clerk")
    tom.page.get_by_role("menuitem", name="To Do").click()
    expect(tom.page.locator(".o_kanban_record", has_text="Not yet in Xero")).to_be_visible()


def _test_connection(ruby, set_up):
    ruby.open(f"xero-connections/{set_up.connection}")
    ruby.press("Test")
    ruby.notification("Connected to Demo Company (AU)")
    ruby.close_notifications()
