"""Contacts as people change them: merged, archived, restored, erased, grouped."""

import pytest

from xero_sandbox.endpoints.contact_groups import MAX_GROUPS

DAY = "2026-10-20"


def test_merging_moves_everything_and_leaves_a_pointer(xero, server):
    source, target = xero.seeded(), xero.seeded("City Limousines")
    invoice, note = xero.create()["InvoiceID"], xero.create("CreditNotes")["CreditNoteID"]
    over = xero.act("overpay", contact=source, amount=5, account="090", date=DAY)["OverpaymentID"]
    xero.act("group", name="VIP", contacts=[source])
    server.advance(10)
    since = server.sandbox.clock.iso()
    server.advance(10)
    xero.act("merge", contact=source, into=target)
    for plural, key in (("Invoices", invoice), ("CreditNotes", note), ("Overpayments", over)):
        assert xero.one(plural, key)["Contact"]["ContactID"] == target
    row = xero.one("Contacts", source)
    assert (row["ContactStatus"], row["MergedToContactID"]) == ("ARCHIVED", target)
    assert xero.one("Contacts", target)["IsCustomer"] is True
    assert xero.one("Contacts", target)["ContactGroups"][0]["Name"] == "VIP"
    # Only the source shows as changed.
    assert xero.ids("Contacts", since=since, includeArchived="true") == [source]
    assert xero.ids("Invoices", since=since) == []
    assert "MergedToContactID" not in xero.get("/Contacts", IDs=source).json()["Contacts"][0]
    assert "archived contact" in xero.refused("PUT", "/Invoices", xero.document())[0]
    assert "cannot be restored" in xero.act("unarchive", contact=source)["error"]


def test_merging_into_itself_or_an_archived_one_is_refused(xero):
    source, target = xero.seeded(), xero.seeded("City Limousines")
    assert "error" in xero.act("merge", contact=source, into=source)
    xero.act("archive", contact=target)
    assert "error" in xero.act("merge", contact=source, into=target)


def test_archived_through_the_api_and_restored_only_by_people(xero):
    key = xero.seeded()
    assert xero.post(f"/Contacts/{key}", {"ContactStatus": "ARCHIVED"}).ok
    assert "archived contact" in xero.refused(
        "POST", f"/Contacts/{key}", {"ContactStatus": "ACTIVE"})[0]
    assert xero.act("unarchive", contact=key)["ContactStatus"] == "ACTIVE"
    assert xero.create()["Status"] == "AUTHORISED"


def test_erased_for_good(xero, server):
    key = xero.contact("Jo Private", ContactNumber="77", EmailAddress="jo@private.example",
                       TaxNumber="123", Phones=[{"PhoneType": "MOBILE", "PhoneNumber": "0400"}])
    invoice = xero.create(Contact={"ContactID": key})["InvoiceID"]
    xero.put(f"/Contacts/{key}/History", {"HistoryRecords": [{"Details": "jo called"}]})
    xero.act("erase", contact=key)
    answer = xero.get(f"/Contacts/{key}")
    for text in ("Jo", "jo@", "77\"", "0400", '"123"'):
        assert text not in answer.text.replace(key, "")
    row = answer.json()["Contacts"][0]
    assert (row["ContactStatus"], row["IsCustomer"]) == ("GDPRREQUEST", True)
    assert xero.get(f"/Contacts/{key}/History").json()["HistoryRecords"] == []
    assert xero.one("Invoices", invoice)["Contact"]["ContactID"] == key
    assert xero.refused("POST", f"/Contacts/{key}", {"FirstName": "A"})
    assert xero.refused("PUT", "/Invoices", xero.document(Contact={"ContactID": key}))
    assert "error" in xero.act("unarchive", contact=key)


def test_no_app_can_erase(xero):
    assert "cannot be set" in xero.refused(
        "POST", f"/Contacts/{xero.seeded()}", {"ContactStatus": "GDPRREQUEST"})[0]


def test_a_person_edits_everything(xero):
    key = xero.seeded()
    xero.act("edit", contact=key, values={
        "FirstName": "New", "Website": "https://boom.example", "Discount": 5,
        "Addresses": [{"AddressType": "POBOX", "City": "Perth"}],
        "Phones": [{"PhoneType": "FAX", "PhoneNumber": "1"}], "BankAccountDetails": "062000 1",
        "BatchPayments": {"BankAccountNumber": "062000 1", "BankAccountName": "Boom"},
        "ContactPersons": [{"FirstName": "P", "EmailAddress": "p@boom.example"}]})
    row = xero.one("Contacts", key)
    assert (row["FirstName"], row["Website"], row["Discount"]) == ("New", "https://boom.example", 5)
    assert row["Addresses"][1]["City"] == "Perth"
    assert row["Phones"][2]["PhoneNumber"] == "1"
    assert row["BatchPayments"]["BankAccountName"] == "Boom"
    assert "Website" not in xero.get("/Contacts", IDs=key).json()["Contacts"][0]
    made = xero.act("create_contact", values={"Name": "By Hand"})["ContactID"]
    assert xero.one("Contacts", made)["Name"] == "By Hand"


@pytest.mark.parametrize("terms", [{"Sales": {"Day": 32, "Type": "OFCURRENTMONTH"}},
                                   {"Bills": {"Day": 3}},
                                   {"Bills": {"Type": "OFCURRENTMONTH"}}])
def test_terms_are_checked(xero, terms):
    assert "Payment terms" in xero.refused(
        "PUT", "/Contacts", {"Name": "A", "PaymentTerms": terms})[0]


def test_groups(xero):
    key = xero.seeded()
    made = xero.put("/ContactGroups", {"ContactGroups": [{"Name": "VIP"}]}).json()
    group = made["ContactGroups"][0]["ContactGroupID"]
    path = f"/ContactGroups/{group}"
    assert xero.put(f"{path}/Contacts", {"Contacts": [{"ContactID": key}]}).ok
    assert xero.one("ContactGroups", group)["Contacts"][0]["Name"] == "Boom FM"
    assert xero.get("/ContactGroups").json()["ContactGroups"][0]["Contacts"] == []
    assert xero.call("DELETE", f"{path}/Contacts/{key}").status_code == 204
    assert xero.one("ContactGroups", group)["Contacts"] == []
    assert xero.refused("PUT", "/ContactGroups", {"Name": "vip"})
    assert xero.post(path, {"Status": "DELETED"}).json()["ContactGroups"][0]["Status"] == "DELETED"
    assert xero.ids("ContactGroups") == []
    assert xero.get(path).status_code == 404


def test_at_most_so_many_groups(xero):
    for number in range(MAX_GROUPS):
        xero.act("group", name=f"G{number}", contacts=[])
    assert xero.refused("PUT", "/ContactGroups", {"Name": "One more"}) == [
        "You've reached the limit of 100 contact groups."]
