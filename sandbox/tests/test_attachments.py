"""Attachments: bytes as they were sent, and the strictest reading of what Xero refuses."""

from urllib.parse import quote

import pytest
import requests
from sandbox_client import Client

from xero_sandbox.testing import SCOPES

PDF = bytes(range(256)) * 3 + b"%PDF"


def upload(xero, method, path, name, body=PDF, mime="application/pdf", key=None, **query):
    headers = {"Content-Type": mime, **({"Idempotency-Key": key} if key else {})}
    return xero.session.request(
        method, f"{xero.server.url}/api.xro/2.0{path}/Attachments/{quote(name, safe='')}",
        data=body, headers=headers, params=query, timeout=10)


def listed(xero, path):
    return xero.get(f"{path}/Attachments").json()["Attachments"]


def reason(answer):
    assert answer.status_code == 400, answer.text
    return answer.json()["Elements"][0]["ValidationErrors"][0]["Message"]


@pytest.fixture
def invoice(xero):
    return f"/Invoices/{xero.create()['InvoiceID']}"


def test_a_file_comes_back_byte_for_byte(xero, invoice):
    answer = upload(xero, "PUT", invoice, "Prüfung 50 %.pdf", IncludeOnline="true")
    assert answer.status_code == 200, answer.text
    file = answer.json()["Attachments"][0]
    assert file["FileName"] == "Prüfung 50 %.pdf"
    assert file["MimeType"] == "application/pdf"
    assert file["ContentLength"] == len(PDF)
    assert file["IncludeOnline"] is True
    assert listed(xero, invoice) == [file]
    for name in (quote("Prüfung 50 %.pdf"), file["AttachmentID"]):
        got = xero.get(f"{invoice}/Attachments/{name}",
                       headers={"Accept": "application/octet-stream"})
        assert got.content == PDF
        assert got.headers["Content-Type"] == "application/pdf"
    assert xero.get(f"{invoice}/Attachments/other.pdf").status_code == 404


def test_every_kind_of_record_says_that_it_has_files(server):
    xero = Client(
        server, scopes=f"{SCOPES} accounting.banktransactions accounting.manualjournals")
    note = xero.create("CreditNotes")
    contact = xero.contact()
    transaction = xero.put("/BankTransactions", {"BankTransactions": [{
        "Type": "SPEND", "Contact": {"ContactID": contact}, "Date": "2026-10-05",
        "BankAccount": {"Code": "090"}, "LineItems": [
            {"Description": "x", "Quantity": 1, "UnitAmount": 5, "AccountCode": "400"}]}]})
    spent = transaction.json()["BankTransactions"][0]["BankTransactionID"]
    bill = xero.create(Type="ACCPAY", LineItems=[
        {"Description": "x", "Quantity": 1, "UnitAmount": 5, "AccountCode": "400"}])
    journal = xero.put("/ManualJournals", {"ManualJournals": [{
        "Narration": "x", "Date": "2026-10-20", "JournalLines": [
            {"AccountCode": code, "LineAmount": amount, "TaxType": "BASEXCLUDED"}
            for code, amount in (("469", 5), ("850", -5))]}]})
    entry = journal.json()["ManualJournals"][0]["ManualJournalID"]
    for plural, key in (("ManualJournals", entry), ("CreditNotes", note["CreditNoteID"]), ("Contacts", contact),
                        ("BankTransactions", spent), ("Invoices", bill["InvoiceID"])):
        assert xero.one(plural, key)["HasAttachments"] is False
        assert upload(xero, "PUT", f"/{plural}/{key}", "a.pdf").status_code == 200
        assert xero.one(plural, key)["HasAttachments"] is True
        assert upload(xero, "POST", f"/{plural}/{key}", "a.pdf", b"new").status_code == 200
        assert xero.get(f"/{plural}/{key}/Attachments/a.pdf").content == b"new"


def test_put_is_for_new_names_and_post_for_old_ones(xero, invoice):
    assert upload(xero, "POST", invoice, "a.pdf").status_code == 404
    first = upload(xero, "PUT", invoice, "a.pdf").json()["Attachments"][0]
    assert "already exists" in reason(upload(xero, "PUT", invoice, "A.pdf", b"other"))
    again = upload(xero, "POST", invoice, "a.pdf", b"changed", "text/plain")
    assert again.status_code == 200, again.text
    file = again.json()["Attachments"][0]
    assert file["AttachmentID"] != first["AttachmentID"]
    assert file["MimeType"] == "text/plain"
    assert [row["AttachmentID"] for row in listed(xero, invoice)] == [file["AttachmentID"]]


@pytest.mark.parametrize(("values", "text"), [
    ({"name": "a?.pdf"}, "invalid characters"), ({"name": "a+b.pdf"}, "invalid characters"),
    ({"name": "a" * 256}, "invalid characters"), ({"body": b""}, "empty"),
    ({"mime": "application/json"}, "Content-Type"), ({"mime": "pdf"}, "Content-Type")])
def test_what_is_refused(xero, invoice, values, text):
    assert text in reason(upload(xero, "PUT", invoice, **{"name": "a.pdf", **values}))
    assert listed(xero, invoice) == []


def test_ten_files_of_ten_megabytes(xero, invoice):
    megabytes = 10 * 1024 * 1024
    assert upload(xero, "PUT", invoice, "0.pdf", b"x" * megabytes).status_code == 200
    assert upload(xero, "PUT", invoice, "1.pdf", b"x" * (megabytes + 1)).status_code == 413
    for number in range(1, 10):
        assert upload(xero, "PUT", invoice, f"{number}.pdf").status_code == 200
    assert "maximum of 10" in reason(upload(xero, "PUT", invoice, "10.pdf"))


def test_closed_and_unknown_records(xero, invoice):
    assert upload(xero, "PUT", f"/Invoices/{'0' * 8}-1111-1111-1111-{'1' * 12}",
                  "a.pdf").status_code == 404
    xero.post(invoice, {"Status": "VOIDED"})
    assert "status" in reason(upload(xero, "PUT", invoice, "a.pdf"))


def test_a_file_is_written_once_under_one_key(xero, invoice):
    answers = [upload(xero, "PUT", invoice, "a.pdf", key="k1").json() for _try in range(2)]
    assert answers[0] == answers[1]
    assert upload(xero, "PUT", invoice, "a.pdf", b"other", key="k1").status_code == 400
    xero.server.sandbox.faults.add("drop_after", method="PUT", path="/Attachments/", times=1)
    with pytest.raises(requests.ConnectionError):
        upload(xero, "PUT", invoice, "b.pdf", key="k2")
    assert upload(xero, "PUT", invoice, "b.pdf", key="k2").status_code == 200
    assert [row["FileName"] for row in listed(xero, invoice)] == ["a.pdf", "b.pdf"]


def test_files_need_their_own_scope(server):
    # Consents add up: the smallest comes first.
    without = Client(server, scopes="openid offline_access accounting.invoices")
    path = f"/Invoices/{without.create()['InvoiceID']}"
    answer = upload(without, "PUT", path, "a.pdf")
    assert answer.status_code == 401
    assert "insufficient_scope" in answer.headers["WWW-Authenticate"]
    assert without.get(f"{path}/Attachments").status_code == 401
    reader = Client(server, scopes="openid offline_access accounting.attachments.read")
    assert reader.get(f"{path}/Attachments").status_code == 200
    assert upload(reader, "PUT", path, "a.pdf").status_code == 401
