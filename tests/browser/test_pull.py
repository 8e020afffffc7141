"""What stands in Xero comes to Odoo: importing, choosing among candidates, payments, schedules, adopting."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

MANY = 1_500  # contacts: two pages of Xero's
TODAY = date.today().isoformat()
FULL = re.compile(r"^\s*100\s*%$")
PARTLY = re.compile(r"^\s*[1-9]\d?\s*%$")
BANK = "090"


@pytest.fixture(scope="session")
def mia(somebody):
    """A bookkeeper who may push and import, and does not administer Xero."""
    return somebody("mia")


@pytest.fixture
def form(ruby, set_up):
    """The connection's form, freshly opened."""
    ruby.open(f"xero-connections/{set_up.connection}")
    return ruby


@pytest.fixture(scope="session")
def bank(ruby, set_up, books):
    """The bank journal, with Xero's bank account chosen on its form."""
    journal = books.find("account.journal", ("type", "=", "bank"), ("company_id", "=", books.company))
    ruby.open(f"account.journal/{journal}")
    ruby.choose("xero_account_id", f"{BANK} Business Bank Account")
    ruby.keep()
    ruby.picture("journal")
    return journal


def test_an_import_moves_its_bar_and_ends_with_counts(form, minute, xero, books):
    xero.seed(contacts=MANY)
    form.turn_to("Import")
    form.select("on_missing_partner", "Create it in Odoo")
    form.keep()
    form.picture("page-import")
    companies = [("parent_id", "=", False)]
    before = books.client.call("res.partner", "search_count", companies)

    form.button("Import").click(no_wait_after=True)
    contacts = form.row("Contacts", area=form.field("import_run_ids"))
    bar = contacts.locator("td[name=progress]")
    expect(bar).to_have_text(PARTLY, timeout=60_000)
    form.picture("import-in-progress", readme=True)
    expect(bar).to_have_text(FULL, timeout=120_000)
    expect(contacts.locator("td[name=state]")).to_have_text("Done")
    created = int(contacts.locator("td[name=created]").inner_text().replace(",", ""))
    assert created >= MANY
    assert books.client.call("res.partner", "search_count", companies) - before == created
    form.close_notifications()


def test_a_second_import_says_nothing_new(form, books):
    form.press("Import")
    form.notification("Nothing new in Xero.")
    contacts = form.row("Contacts", area=form.field("import_run_ids"))
    expect(contacts.locator("td[name=state]")).to_have_text("Done")
    for name in ("created", "linked", "updated", "failed"):
        expect(contacts.locator(f"td[name={name}]")).to_have_text("0")
    form.picture("import-again")
    form.close_notifications()


@pytest.mark.parametrize("view", ["form", "list"])
def test_one_data_set_is_imported_by_the_cloud(ruby, set_up, xero, view):
    path = f"xero-connections/{set_up.connection}" if view == "form" else "xero-connections?view_type=list"
    ruby.open(path, view)
    calls = xero.control("GET", "/counts")
    ruby.page.locator("button:has(.fa-cloud-download)").click()
    ruby.dialog.locator("[name=dataset] input").click()
    ruby.page.locator(".o_field_selection_menu").get_by_text("Currencies", exact=True).click()
    ruby.picture(f"import-one-{view}")
    ruby.press("Import")
    expect(ruby.dialog).to_have_count(0)
    ruby.notification("Nothing new in Xero.")
    now = xero.control("GET", "/counts")
    assert now["total"] - calls["total"] == 1
    assert now["GET /Currencies"] - calls["GET /Currencies"] == 1
    ruby.close_notifications()


def test_a_row_of_the_mapping_grid_is_changed_and_confirmed(form, books):
    accounts = books.client.call("account.account", "search", [("name", "=", "Freight Income")])
    form.press("Map Accounts")
    row = form.row("Freight Income", area=form.dialog)
    form.choose("xero_account_id", "260 Other Revenue", row)
    form.picture("mapping-grid")
    assert not books.read("account.account", accounts[0], "xero_account_id")["xero_account_id"]
    form.confirm()
    assert books.read("account.account", accounts[0], "xero_account_id")["xero_account_id"][1] == "260 Other Revenue"
    form.press("Map Accounts")
    expect(form.row("Freight Income", "260 Other Revenue", area=form.dialog)).to_contain_text("Mapped")
    form.press("Discard")
    expect(form.dialog).to_have_count(0)


def test_a_bookkeeper_chooses_among_the_partners_that_a_contact_could_be(form, mia, books, xero):
    geelong = books.create("res.partner", name="Lorikeet Lighting", is_company=True, city="Geelong")
    ballarat = books.create("res.partner", name="LORIKEET LIGHTING PTY LTD", is_company=True, city="Ballarat")
    contact = xero.act("create_contact", values={"Name": "Lorikeet Lighting Limited"})["ContactID"]
    form.press("Import")
    form.notification(re.compile("Contacts: .*1 needs attention"))
    form.close_notifications()

    mia.app("Invoicing")
    mia.menu("Xero", "Exceptions")
    mia.picture("exception-list")
    mia.row("Lorikeet").locator("td[name=cause]").click()
    expect(mia.field("cause")).to_have_text("2 partners of Odoo could be the contact Lorikeet Lighting Limited.")
    mia.picture("exception-form")
    mia.press(re.compile("Choose the partner"))
    candidates = mia.dialog.locator("tr.o_data_row")
    expect(candidates).to_have_count(2)
    for city in ("Geelong", "Ballarat"):
        expect(mia.row(city, area=mia.dialog)).to_contain_text(re.compile(r"70\s*%"))
    mia.picture("candidates")
    mia.row("Ballarat", area=mia.dialog).get_by_role("button", name="This one").click()
    expect(mia.dialog).to_have_count(0)
    mia.notification("Contacts: 1 linked.")
    expect(mia.field("state").get_by_role("radio", checked=True)).to_have_text("Cured")
    links = [("xero_id", "=", contact), ("model", "=", "res.partner")]
    assert books.client.call("xero.link", "search_read", links, ["res_id"])[0]["res_id"] == ballarat
    assert books.read("res.partner", geelong, "name")["name"] == "Lorikeet Lighting"
    mia.close_notifications()


def test_a_payment_in_xero_pays_the_invoice_in_odoo(form, minute, bank, books, xero):
    move = books.invoice(customer="Currawong Cycles")
    books.client.call("account.move", "action_xero_push", [move])
    links = [("model", "=", "account.move"), ("res_id", "=", move)]
    invoice = books.client.call("xero.link", "search_read", links, ["xero_id"])[0]["xero_id"]
    xero.act("pay", invoice=invoice, amount=2794.18, account=BANK, date=TODAY, reference="EFT 4711")
    form.open(f"customer-invoices/{move}")
    expect(form.page.locator(".ribbon")).to_have_count(0)

    form.open(f"xero-connections/{_connection(books)}")
    form.press("Import")
    form.notification("Payments: 1 created.")
    form.close_notifications()
    form.open(f"customer-invoices/{move}")
    expect(form.page.locator(".ribbon")).to_have_text(re.compile("Paid", re.IGNORECASE))
    form.picture("invoice-paid")
    form.page.locator("button[name=open_payments]").click()
    # Not before the payment is there: the invoice has such fields, too.
    expect(form.field("memo").locator("input")).to_have_value("EFT 4711")
    expect(form.field("xero_state")).to_have_text("In Xero")
    expect(form.field("xero_status_label")).to_have_text("Authorised")
    expect(form.field("amount")).to_contain_text("2,794.18")
    form.picture("payment")


def test_schedules_are_switched_off_and_slowed_down(form, books):
    form.turn_to("Data flow")
    flow = form.field("schedule_ids")
    items, contacts = (form.row(name, "What changed", area=flow) for name in ("Items", "Contacts"))
    expect(contacts.locator("td[name=minutes]")).to_have_text("30")
    items.locator("td[name=timing]").click()
    items.locator("td[name=active] input").click()
    contacts.locator("td[name=minutes]").click()
    contacts.locator("td[name=minutes] input").fill("60")
    form.keep()
    form.picture("page-data-flow")
    form.page.reload()
    form.turn_to("Data flow")
    expect(contacts.locator("td[name=minutes]")).to_have_text("60")
    expect(items.locator("td[name=active] input")).not_to_be_checked()
    domain = [("dataset", "in", ("item", "contact")), ("job", "=", "changes")]
    rows = books.admin.call("xero.schedule", "search_read", [*domain, ("active", "in", (True, False))], [])
    assert {row["dataset"]: (row["active"], row["minutes"]) for row in rows} == {
        "item": (False, 30),
        "contact": (True, 60),
    }


def test_pairs_are_reviewed_and_linked_and_nothing_is_made(form, books, xero):
    bottlebrush = _on_both_sides(books, xero)
    before = _everything(books, xero)
    form.turn_to("Adopt")
    form.press("Look for pairs")
    pairs = form.page.locator("tr.o_data_row")
    expect(pairs).to_have_count(8)
    groups = form.page.locator("tr.o_group_header")
    expect(groups).to_have_text([re.compile(r"Contacts \(4\)"), re.compile(r"Invoices \(4\)")])
    expect(form.row("Wattle Gardens", "E-mail address, Name")).to_contain_text(re.compile(r"95\s*%"))
    form.picture("adopt", readme=True, height=560)

    form.row("Wattle Gardens", "E-mail").get_by_role("button", name="Accept").click()
    form.notification("1 linked.")
    expect(pairs).to_have_count(7)
    form.row("Banksia Bistro", "E-mail").get_by_role("button", name="Reject").click()
    expect(pairs).to_have_count(6)
    form.close_notifications()
    # The document of Bottlebrush is a copy of the one that is meant.
    form.choose("record_ref", bottlebrush, form.row("similar number"))
    form.page.locator(".o_list_button_save:visible").first.click()
    expect(form.row(bottlebrush)).to_contain_text("chosen by hand")

    form.open(f"xero-connections/{_connection(books)}")
    form.turn_to("Adopt")
    form.picture("page-adopt")
    form.press("Accept all from that score")
    form.press("Ok")
    form.notification("6 linked.")
    expect(form.field("pair_count")).to_have_count(0)
    found = books.client.call("xero.pair", "search_read", [], ["state", "title", "reason", "record_ref"])
    states = {state: sum(row["state"] == state for row in found) for state in ("linked", "rejected", "proposed")}
    assert states == {"linked": 7, "rejected": 1, "proposed": 0}
    assert _everything(books, xero) == before
    form.close_notifications()


def test_what_nothing_was_found_for_is_chosen_by_hand(form, books, xero):
    books.create("res.partner", name="Grevillea Garden Supplies", is_company=True)
    xero.act("create_contact", values={"Name": "GGS Trading"})
    move = books.invoice(customer="Hakea Hardware")
    books.client.call("account.move", "action_xero_push", [move])
    links = [("model", "=", "account.move"), ("res_id", "=", move)]
    invoice = books.client.call("xero.link", "search_read", links, ["xero_id"])[0]["xero_id"]
    xero.act("pay", invoice=invoice, amount=12.5, account=BANK, date=TODAY, reference="Hakea, at the counter")
    # Who does the invoicing enters no statements.
    group = books.admin.call("ir.model.data", "check_object_reference", "account", "group_account_basic")[1]
    admin = books.admin.call("res.users", "search", [("login", "=", "admin")])
    books.admin.call("res.users", "write", admin, {"group_ids": [(4, group)]})
    till = {"name": "Till", "type": "bank", "code": "TILL", "company_id": books.company}
    (journal,) = books.admin.call("account.journal", "create", [till])
    line = {"journal_id": journal, "date": TODAY, "payment_ref": "Counter", "amount": 12.5}
    line = books.admin.call("account.bank.statement.line", "create", [line])
    name = books.admin.call("account.bank.statement.line", "read", line, ["display_name"])[0]["display_name"]
    form.turn_to("Adopt")
    form.press("Look for pairs")

    def look_for(text, *instead_of):
        for facet in instead_of:
            form.page.locator(".o_searchview_facet", has_text=facet).locator(".o_facet_remove").click()
        form.page.locator(".o_searchview_input").fill(text)
        form.page.locator(".o_searchview_input").press("Enter")
        row = form.row(text)
        expect(form.page.locator(".o_pager")).to_contain_text("1-1")
        expect(row).to_have_count(1)
        expect(row.locator("td[name=record_ref]")).to_have_text("")
        return row

    row = look_for("GGS Trading", "Proposed", "Data set")
    form.choose("record_ref", "Grevillea Garden Supplies", row)
    form.page.locator(".o_list_button_save:visible").first.click()
    expect(row).to_contain_text("chosen by hand")

    row = look_for("Hakea, at the counter", "GGS Trading")
    row.locator("td[name=record_ref]").click()
    kinds = row.locator("td[name=record_ref] select")
    expect(kinds.locator("option")).to_have_text(["", "Payments", "Bank Statement Line"])
    kinds.select_option("Bank Statement Line")
    form.picture("pair-by-hand")
    form.choose("record_ref", name, row)
    form.page.locator(".o_list_button_save:visible").first.click()
    expect(row).to_contain_text("chosen by hand")


def test_the_card_says_whether_both_books_agree_and_who_has_to_act(ruby, minute, set_up, books, xero):
    books.create("res.partner", name="Galah Garage", is_company=True, city="Sale")
    books.create("res.partner", name="Galah Garage", is_company=True, city="Moe")
    xero.act("create_contact", values={"Name": "Galah Garage Pty Ltd"})
    ruby.open("xero-connections?view_type=list", "list")
    ruby.press("Import")
    ruby.notification(re.compile("Contacts: .*1 needs attention"))
    ruby.close_notifications()
    books.invoice([("Tow bar", 1, 250.0)], "Galah Towing")
    count, amount = books.waiting()
    ruby.open("xero-connections", "kanban")
    card = ruby.page.locator(".o_kanban_record", has_text="Demo Company (AU)")
    expect(card).to_contain_text(f"Not yet in Xero: {count}")
    expect(card).to_contain_text(f"$\u00a0{amount:,.2f}")
    expect(card).to_contain_text("Differences: 0")
    expect(card).to_contain_text("Need attention: 1")
    expect(card).to_contain_text("Must act: Bookkeeper (1)")
    expect(card).to_contain_text(re.compile(r"Last import: \d"))
    ruby.picture("card")
    card.get_by_role("button", name=re.compile("Need attention")).click()
    row = ruby.row("Galah Garage Pty Ltd")
    expect(row).to_have_count(1)
    row.locator(".o_list_record_selector").click()
    ruby.press("Ignore")
    expect(row).to_have_count(0)


@pytest.mark.parametrize("what, name", [("Accounts", "Wholesale Sales"), ("Taxes", "0% EX")])
def test_validating_lists_what_does_not_fit(form, books, what, name):
    account = books.find("account.account", ("name", "=", "Wholesale Sales"))
    tax = books.find("account.tax", ("type_tax_use", "=", "sale"), ("name", "=", "0% EX"))
    values = {"account_id": account, "tax_ids": [(6, 0, [tax])]}
    lines = [(0, 0, {"name": "Quilt", "quantity": 2, "price_unit": 45.0, **values})]
    partner = books.customer("Quokka Quilts")
    move = books.create("account.move", move_type="out_invoice", partner_id=partner, invoice_line_ids=lines)
    books.client.call("account.move", "write", [move], {"invoice_date": TODAY})
    books.client.call("account.move", "action_post", [move])
    form.press(re.compile("Validate"))
    form.page.get_by_role("menuitem", name=what, exact=True).click()
    row = form.row(name)
    expect(row).to_contain_text(re.compile("stands for"))
    form.picture(f"validate-{what.lower()}")
    books.client.call("account.move", "button_draft", [move])
    books.client.call("account.move", "button_cancel", [move])
    row.get_by_role("button", name="Put right").click()
    expect(form.row(name, area=form.dialog)).to_have_count(1)
    form.press("Discard")


def _connection(books):
    return books.find("xero.connection", ("company_id", "=", books.company))


def _on_both_sides(books, xero):
    """Four customers with an invoice each, typed into both systems; one number has a typo.

    :return: the number of the document that is meant by the one with the typo
    """
    for n, name in enumerate(("Wattle Gardens", "Banksia Bistro", "Bottlebrush Builders", "Waratah Wines")):
        email = f"office@{name.split()[0].lower()}.example"
        books.create("res.partner", name=name, is_company=True, email=email)
        contact = xero.act("create_contact", values={"Name": f"{name} Pty Ltd", "EmailAddress": email})
        move = books.invoice([("Goods", 1, 100.0 + n)], name)
        number = books.read("account.move", move, "name")["name"]
        line = {"Description": "Goods", "Quantity": 1, "UnitAmount": 100 + n, "AccountCode": "200", "TaxType": "OUTPUT"}
        invoice = {
            "Type": "ACCREC",
            "Status": "AUTHORISED",
            "Contact": {"ContactID": contact["ContactID"]},
            "InvoiceNumber": f"{number}-X" if n == 2 else number,
            "Date": TODAY,
            "DueDate": TODAY,
            "LineAmountTypes": "Exclusive",
            "LineItems": [line],
        }
        xero.act("create", invoice=invoice)
    meant = books.invoice([("Goods", 1, 102.0)], "Bottlebrush Builders Workshop")
    return books.read("account.move", meant, "name")["name"]


def _everything(books, xero):
    """How many records there are on both sides, and how many calls wrote to Xero."""
    models = ("res.partner", "account.move", "account.payment")
    ours = [books.client.call(model, "search_count", []) for model in models]
    theirs = xero.control("POST", f"/organisations/{xero.tenant}/seed")
    counts = xero.control("GET", "/counts")
    writes = sum(n for call, n in counts.items() if call.startswith(("PUT", "POST")) and "oauth" not in call)
    return ours, theirs, writes
