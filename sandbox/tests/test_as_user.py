"""What people do in Xero's own screens."""

from sandbox_client import line


def act(xero, action, **values):
    return xero.control("POST", f"/organisations/{xero.org.tenant_id}/as-user",
                        {"action": action, **values})


def test_edit_approve_void(xero):
    key = xero.create(Status="DRAFT")["InvoiceID"]
    act(xero, "edit", invoice=key, values={"Reference": "by hand", "LineItems": [line(Quantity=1)]})
    row = xero.get(f"/Invoices/{key}").json()["Invoices"][0]
    assert (row["Reference"], row["Total"]) == ("by hand", 55)
    assert act(xero, "approve", invoice=key)["Status"] == "AUTHORISED"
    assert xero.ledger()["610"] == 55
    assert act(xero, "void", invoice=key)["Status"] == "VOIDED"
    assert xero.ledger() == {}


def test_delete_a_draft(xero):
    key = xero.create("CreditNotes", Status="DRAFT")["CreditNoteID"]
    assert act(xero, "delete", credit_note=key)["Status"] == "DELETED"


def test_pay_and_unpay_even_when_reconciled(xero):
    key = xero.create()["InvoiceID"]
    payment = act(xero, "pay", invoice=key, amount=110, account="090", date="2026-10-20",
                  reconciled=True)
    assert xero.org.invoices.get(key)["Status"] == "PAID"
    act(xero, "unpay", payment=payment["PaymentID"])
    assert xero.org.invoices.get(key)["Status"] == "AUTHORISED"
    assert xero.get(f"/Payments/{payment['PaymentID']}").json()["Payments"][0]["Status"] == \
        "DELETED"


def test_archive_and_rename(xero):
    act(xero, "archive", contact=xero.seeded())
    act(xero, "archive", account="200")
    assert xero.org.contacts.get(xero.seeded())["ContactStatus"] == "ARCHIVED"
    assert xero.org.accounts.find("code", "200")["Status"] == "ARCHIVED"
    act(xero, "rename", contact=xero.seeded("City Limousines"), name="City Cars")
    act(xero, "rename", tax_rate="OUTPUT", name="GST out")
    act(xero, "rename", account="400", name="Ads")
    act(xero, "rename", organisation=True, name="New Name")
    assert "City Cars" in xero.get("/Contacts").text
    assert "GST out" in xero.get("/TaxRates").text
    assert "Ads" in xero.get("/Accounts").text
    assert "New Name" in xero.get("/Organisation").text


def test_merge_moves_documents_and_archives_the_source(xero):
    source, target = xero.seeded(), xero.seeded("City Limousines")
    key = xero.create()["InvoiceID"]
    act(xero, "merge", contact=source, into=target)
    assert xero.get(f"/Invoices/{key}").json()["Invoices"][0]["Contact"]["ContactID"] == target
    row = xero.get(f"/Contacts/{source}").json()["Contacts"][0]
    assert (row["ContactStatus"], row["MergedToContactID"]) == ("ARCHIVED", target)


def test_lock_and_its_effect(xero):
    act(xero, "lock", period="2026-10-31")
    assert "period lock date" in xero.refused("PUT", "/Invoices", xero.document())[0]
    act(xero, "lock", period=None)
    assert xero.create()["Status"] == "AUTHORISED"


def test_changes_show_through_if_modified_since(xero, server):
    key = xero.create(Status="DRAFT")["InvoiceID"]
    server.advance(100)
    since = {"If-Modified-Since": server.sandbox.clock.iso()}
    server.advance(2)
    act(xero, "approve", invoice=key)
    rows = xero.get("/Invoices", headers=since, page=1).json()["Invoices"]
    assert [row["InvoiceID"] for row in rows] == [key]


def test_refusals_are_told_and_leave_nothing(xero):
    key = xero.create()["InvoiceID"]
    assert "not of valid status" in act(xero, "delete", invoice=key)["error"]
    assert "KeyError" in act(xero, "dance")["error"]
    assert "KeyError" in act(xero, "void", invoice="nope")["error"]
    assert xero.org.invoices.get(key)["Status"] == "AUTHORISED"
