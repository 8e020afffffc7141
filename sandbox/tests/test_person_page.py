"""What people do on the pages, as they would in Xero's own screens."""

import re
from html import unescape

import requests


def press(server, path, button, **typed):
    """Open a page, fill in the form of this button and press it; the page that comes then."""
    text = requests.get(server.url + path, timeout=5).text
    form = next(part for part in re.findall(r"<form.*?</form>", text, re.DOTALL) if f">{button}" in part)
    fields = {unescape(name): unescape(value) for name, value in re.findall(
        r'<input[^>]*? name="([^"]*)" value="([^"]*)"', form)}
    options = re.findall(r'<option value="([^"]*)">([^<]*)<', form)
    chosen = {key: next(value for value, name in options if unescape(name) == text)
              for key, text in typed.items() if key == "into"}
    answer = requests.post(server.url + path, data={**fields, **typed, **chosen}, timeout=5)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_an_invoice_from_draft_to_paid_and_back(xero, server):
    invoice = xero.create(Status="DRAFT")
    key = invoice["InvoiceID"]
    path = f"/organisation/{xero.org.tenant_id}/invoices/{key}"
    row = lambda: xero.one("Invoices", key)  # noqa: E731
    press(server, path, "Save", **{"values.Reference": "As agreed"})
    assert row()["Reference"] == "As agreed"
    press(server, path, "Approve")
    assert row()["Status"] == "AUTHORISED"
    text = press(server, path, "Pay", amount="60")
    assert "Remove the payment of 60.00" in text
    assert row()["AmountDue"] == 50
    text = press(server, path, "Void")
    assert 'class="error"' in text
    assert row()["Status"] == "AUTHORISED"
    press(server, path, "Remove the payment")
    assert row()["AmountDue"] == 110
    press(server, path, "Void")
    assert row()["Status"] == "VOIDED"


def test_what_is_typed_wrongly_is_said(xero, server):
    invoice = xero.create()
    path = f"/organisation/{xero.org.tenant_id}/invoices/{invoice['InvoiceID']}"
    for typed in ({"amount": "much"}, {"amount": "5", "account": "nowhere"}, {"amount": "1000"}):
        assert 'class="error"' in press(server, path, "Pay", **typed)
    assert xero.one("Invoices", invoice["InvoiceID"])["AmountDue"] == 110
    bad = requests.post(server.url + path, data={"action": "<b>"}, timeout=5)
    assert "&lt;b&gt;" in bad.text
    assert "<b>" not in bad.text


def test_a_contact_is_renamed_archived_restored_and_merged(xero, server):
    first, second = xero.contact("Deco Pty Ltd"), xero.contact("Decor Pty Ltd")
    path = f"/organisation/{xero.org.tenant_id}/contacts/{first}"
    row = lambda: xero.one("Contacts", first)  # noqa: E731
    assert "Deco & Sons" in unescape(press(server, path, "Rename", name="Deco & Sons"))
    assert row()["Name"] == "Deco & Sons"
    press(server, path, "Archive")
    assert row()["ContactStatus"] == "ARCHIVED"
    press(server, path, "Restore")
    assert row()["ContactStatus"] == "ACTIVE"
    press(server, path, "Merge", into="Decor Pty Ltd")
    assert row()["MergedToContactID"] == second


def test_lock_rename_and_disconnect(xero, server):
    path = f"/organisation/{xero.org.tenant_id}"
    press(server, path, "Lock", period="2026-06-30")
    assert xero.org.details["PeriodLockDate"] == "2026-06-30"
    press(server, path, "Lock", period="")
    assert not xero.org.details["PeriodLockDate"]
    press(server, path, "Rename", name="Harbour & Co")
    assert xero.org.details["Name"] == "Harbour & Co"
    press(server, path, "Disconnect")
    assert xero.call("GET", "/Organisation").status_code == 403
