"""Contacts: unique names, archived ones, slots, matching."""

import pytest

ZERO = "00000000-0000-0000-0000-000000000000"
TAKEN = ("The contact name {} is already assigned to another contact. The contact name must be"
         " unique across all active contacts.")
ARCHIVED = ("The specified contact details matched an archived contact. Archived contacts cannot"
            " currently be edited via the API.")


def test_answers_carry_two_addresses_and_four_phones(xero):
    row = xero.put("/Contacts", {"Contacts": [{"Name": "A", "Phones": [
        {"PhoneType": "MOBILE", "PhoneNumber": "1"}]}]}).json()["Contacts"][0]
    assert [part["AddressType"] for part in row["Addresses"]] == ["STREET", "POBOX"]
    assert {part["PhoneType"]: part["PhoneNumber"] for part in row["Phones"]} == {
        "DEFAULT": "", "DDI": "", "FAX": "", "MOBILE": "1"}


def test_writes_merge_by_slot(xero):
    contact = xero.contact(Addresses=[{"AddressType": "STREET", "City": "Perth"}],
                           Phones=[{"PhoneType": "FAX", "PhoneNumber": "9"}])
    row = xero.post(f"/Contacts/{contact}", {"Addresses": [
        {"AddressType": "POBOX", "City": "Darwin"}]}).json()["Contacts"][0]
    assert [part["City"] for part in row["Addresses"]] == ["Perth", "Darwin"]
    assert row["Phones"][2]["PhoneNumber"] == "9"


def test_name_is_unique_whatever_the_case_and_spaces(xero):
    text = TAKEN.format("BOOM fm")
    assert xero.refused("PUT", "/Contacts", {"Name": " BOOM fm"}) == [text]


def test_contact_number_is_unique(xero):
    xero.contact("A", ContactNumber="odoo-1")
    assert xero.refused("PUT", "/Contacts", {"Name": "B", "ContactNumber": "odoo-1"})[0].startswith(
        "The contact number odoo-1 is already assigned to another contact.")


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_name_held_by_an_archived_contact(xero, method):
    assert xero.refused(method, "/Contacts", {"Name": "Old Harbour Traders"}) == [ARCHIVED]


def test_archived_contact_is_neither_edited_nor_used(xero):
    contact = xero.seeded("Old Harbour Traders")
    assert xero.refused("POST", f"/Contacts/{contact}", {"FirstName": "x"}) == [ARCHIVED]
    element = xero.document(Contact={"ContactID": contact})
    assert xero.refused("PUT", "/Invoices", element) == [ARCHIVED]


def test_post_matches_number_then_name(xero):
    contact = xero.contact("A", ContactNumber="7")
    by_number = xero.post("/Contacts", {"ContactNumber": "7", "Name": "Renamed"}).json()
    by_name = xero.post("/Contacts", {"Name": "renamed", "FirstName": "F"}).json()
    assert by_number["Contacts"][0]["ContactID"] == contact
    assert by_name["Contacts"][0]["ContactID"] == contact
    assert by_name["Contacts"][0]["FirstName"] == "F"


def test_archive_frees_the_name_for_lists(xero):
    contact = xero.contact("A")
    xero.post(f"/Contacts/{contact}", {"ContactStatus": "ARCHIVED"})
    ids = [row["ContactID"] for row in xero.get("/Contacts", page=1).json()["Contacts"]]
    assert contact not in ids
    everybody = xero.get("/Contacts", page=1, includeArchived="true").json()["Contacts"]
    assert contact in [row["ContactID"] for row in everybody]


@pytest.mark.parametrize(("element", "message"), [
    ({"Name": ""}, "The contact name must be specified."),
    ({"Name": "A", "EmailAddress": "nobody"}, "Email address must be valid."),
    ({"Name": "A", "EmailAddress": "jörg@example.com"}, "Email address must be valid."),
    ({"Name": "A<b>"}, "The contact name must not contain the characters < or >."),
    ({"Name": "A", "ContactPersons": [{"FirstName": "x"}] * 6},
     "A contact can have a maximum of 5 contact persons."),
    ({"Name": "A", "Addresses": [{"AddressType": "STREET", "Country": "R2D2"}]},
     "The Country must contain letters only."),
    ({"Name": "A", "DefaultCurrency": "JPY"}, "Organisation is not subscribed to currency JPY"),
])
def test_refused(xero, element, message):
    assert xero.refused("PUT", "/Contacts", element) == [message]


def test_too_long_is_refused(xero, server):
    assert "maximum length of 50" in xero.refused(
        "PUT", "/Contacts", {"Name": "A", "AccountNumber": "x" * 51})[0]
    server.sandbox.violations.clear()


def test_read_by_id_and_number(xero):
    contact = xero.contact("A", ContactNumber="odoo-9")
    for key in (contact, "odoo-9"):
        row = xero.get(f"/Contacts/{key}").json()["Contacts"][0]
        assert row["ContactID"] == contact
        assert row["Balances"]["AccountsReceivable"]["Outstanding"] == 0
    assert xero.get(f"/Contacts/{ZERO}").status_code == 404


def test_balances_follow_the_open_invoices(xero):
    xero.create()
    row = xero.get(f"/Contacts/{xero.seeded()}").json()["Contacts"][0]
    assert row["Balances"]["AccountsReceivable"] == {"Outstanding": 110, "Overdue": 110}


def test_first_document_makes_customer_or_supplier(xero):
    contact = xero.contact("A")
    before = xero.org.contacts.get(contact)["updated"]
    assert xero.create(Contact={"ContactID": contact})["Contact"]["IsCustomer"] is True
    row = xero.org.contacts.get(contact)
    assert (row["IsSupplier"], row["updated"]) == (False, before)


def test_more_than_the_id_in_a_document_edits_the_contact(xero):
    contact = xero.contact("A", ContactPersons=[{"FirstName": "P", "LastName": "Q"}])
    xero.create(Contact={"ContactID": contact})
    assert len(xero.org.contacts.get(contact)["ContactPersons"]) == 1
    xero.create(Contact={"ContactID": contact, "EmailAddress": "a@b.example"})
    row = xero.org.contacts.get(contact)
    assert row["ContactPersons"] == []
    assert row["EmailAddress"] == "a@b.example"


def test_bare_unknown_name_in_a_document_creates_a_contact(xero):
    invoice = xero.create(Contact={"Name": "Brand New"})
    assert xero.org.contacts.get(invoice["Contact"]["ContactID"])["Name"] == "Brand New"


def test_document_needs_a_contact(xero):
    assert xero.refused("PUT", "/Invoices", xero.document(Contact={})) == [
        "A Contact must be specified for this type of transaction"]


def test_summary_and_search(xero):
    rows = xero.get("/Contacts", summaryOnly="true", searchTerm="boom").json()["Contacts"]
    assert [row["Name"] for row in rows] == ["Boom FM"]
    assert "Addresses" not in rows[0]
