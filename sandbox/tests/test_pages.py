"""The read-only web page and Xero's deep links."""

from urllib.parse import quote

import requests
from sandbox_client import line


def page(server, path):
    answer = requests.get(server.url + path, timeout=5)
    assert answer.status_code == 200, answer.text
    return answer


def test_every_page_opens(xero, server):
    invoice = xero.create(InvoiceNumber="INV/7")
    note = xero.create("CreditNotes", LineItems=[line(Quantity=1)])
    root = f"/organisation/{xero.org.tenant_id}"
    assert "Demo Company (AU)" in page(server, "/").text
    assert "Trial balance" in page(server, root).text
    assert "Boom FM" in page(server, f"{root}/contacts").text
    assert "INV/7" in page(server, f"{root}/invoices").text
    assert "CN-0001" in page(server, f"{root}/credit-notes").text
    assert "CN-0001" in page(server, f"{root}/credit-notes/{note['CreditNoteID']}").text
    assert "Nothing has been posted" not in page(server, f"{root}/trial-balance").text
    assert "/api.xro/2.0/Invoices" in page(server, "/requests").text
    text = page(server, f"{root}/invoices/{invoice['InvoiceID']}").text
    for part in ("INV/7", "Work", '<span id="total">110.00</span>',
                 '<span id="totaltax">10.00</span>', "GST on Income", "AUTHORISED"):
        assert part in text


def test_everything_is_escaped(xero, server):
    invoice = xero.create(LineItems=[line(Description="<script>alert(1)</script>")],
                          Reference='"><b>')
    text = page(server, f"/organisation/{xero.org.tenant_id}/invoices/{invoice['InvoiceID']}").text
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
    assert "<b>" not in text


def test_deep_link_of_an_invoice(xero, server):
    invoice = xero.create()
    target = quote(f"/AccountsReceivable/View.aspx?InvoiceID={invoice['InvoiceID']}", safe="")
    code = quote(xero.org.details["ShortCode"])
    answer = page(server, "/organisationlogin/default.aspx"
                          f"?shortcode={code}&redirecturl={target}")
    assert answer.url.endswith(f"/organisation/{xero.org.tenant_id}/invoices/"
                               f"{invoice['InvoiceID']}")


def test_deep_link_stays_on_this_server(xero, server):
    code = quote(xero.org.details["ShortCode"])
    answer = requests.get(f"{server.url}/organisationlogin/default.aspx?shortcode={code}"
                          "&redirecturl=https://evil.example/x", timeout=5)
    assert answer.url.startswith(server.url)
    unknown = requests.get(f"{server.url}/organisationlogin/default.aspx?shortcode=x", timeout=5)
    assert unknown.status_code == 404


def test_unknown_document_is_404(xero, server):
    root = f"{server.url}/organisation/{xero.org.tenant_id}"
    assert requests.get(f"{root}/invoices/x", timeout=5).status_code == 404
    assert requests.get(f"{server.url}/organisation/x/contacts", timeout=5).status_code == 404
