"""Reads a Xero organisation over HTTP, as any other program would: the second pair of eyes of the demo.

Shares nothing with the add-ons: its own app, its own consent and token, its own paging and arithmetic.
Works with the local Xero only, where the consent page can be answered by a program.
"""

import json
from decimal import Decimal
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import requests

REDIRECT = "http://localhost/reader"
READ_SCOPES = ("accounting.settings.read", "accounting.invoices.read", "accounting.contacts.read",
               "accounting.reports.trialbalance.read")
PAGE = 20  # documents per call; few, so that the demo needs more than one page
TIMEOUT = 20
ZERO = Decimal("0.00")


class XeroDocument(NamedTuple):
    """An invoice or credit note as Xero holds it; credit notes have negative amounts."""

    xero_id: str
    number: str
    kind: str
    status: str
    contact: str
    currency: str
    net: Decimal
    tax: Decimal
    total: Decimal
    total_base: Decimal  # in the currency of the organisation
    net_by_tax: dict  # {TaxType: net amount}, without zeros


class XeroSession:
    """An app of its own with access to one organisation of the local Xero.

    :param url: address of the local Xero
    :param organisation: name of the organisation
    :param app: name of the app, registered here
    :param scopes: what it may do
    """

    def __init__(self, url, organisation, app, scopes=READ_SCOPES):
        self.url = url
        self._http = requests.Session()
        secret = f"{app}-secret"
        self.control("POST", "apps", client_id=app, client_secret=secret, redirect_uris=[REDIRECT])
        token = self._consent(app, secret, scopes, self._tenant_of(organisation))
        self._http.headers.update({"Authorization": f"Bearer {token}", "Accept": "application/json"})
        self.tenant_id = self._json("GET", "/connections")[0]["tenantId"]
        self._http.headers["xero-tenant-id"] = self.tenant_id

    def get(self, path, **query):
        """The answer of the Accounting API to a read; numbers are Decimal."""
        return self._json("GET", f"/api.xro/2.0/{path}", params=query)

    def send(self, method, path, content):
        """Write something, as a person at the screen would."""
        return self._json(method, f"/api.xro/2.0/{path}", json=content)

    def control(self, method, path, **content):
        """What only the local Xero has: switches for things that people do on Xero's own pages."""
        return self._json(method, f"/_sandbox/{path}", **({"json": content} if method != "GET" else {}))

    def _tenant_of(self, name):
        return next(row["tenant_id"] for row in self.control("GET", "organisations") if row["Name"] == name)

    def _consent(self, app, secret, scopes, tenant):
        """Press Allow on the consent page and exchange the code for an access token."""
        query = {"response_type": "code", "client_id": app, "redirect_uri": REDIRECT, "scope": " ".join(scopes)}
        answer = self._http.post(
            f"{self.url}/identity/connect/authorize", params=query, data={"decision": "allow", "tenant": tenant},
            allow_redirects=False, timeout=TIMEOUT,
        )
        code = parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT}
        answer = self._http.post(f"{self.url}/connect/token", data=form, auth=(app, secret), timeout=TIMEOUT)
        answer.raise_for_status()
        return answer.json()["access_token"]

    def _json(self, method, path, **options):
        answer = self._http.request(method, self.url + path, timeout=TIMEOUT, **options)
        if not answer.ok:
            raise RuntimeError(f"{method} {path} was answered with {answer.status_code}: {answer.text[:300]}")
        return json.loads(answer.text, parse_float=Decimal, parse_int=Decimal)


class XeroReader(XeroSession):
    """Reads what the demo compares."""

    def documents(self):
        """Every sales invoice and credit note that is not voided or deleted."""
        invoices = self._pages("Invoices", "InvoiceID", "InvoiceNumber", where='Type=="ACCREC"')
        credits_ = self._pages("CreditNotes", "CreditNoteID", "CreditNoteNumber", where='Type=="ACCRECCREDIT"')
        return [document for document in invoices + credits_ if document.status not in ("VOIDED", "DELETED")]

    def receivable(self):
        """Balance of accounts receivable in the trial balance, in the currency of the organisation."""
        codes = {row["AccountID"] for row in self.get("Accounts")["Accounts"] if row.get("SystemAccount") == "DEBTORS"}
        report = self.get("Reports/TrialBalance")["Reports"][0]
        balance = ZERO
        for row in (row for section in report["Rows"] for row in section.get("Rows", ())):
            name, _debit, _credit, debit, credit = row["Cells"]
            if any(attribute["Value"] in codes for attribute in name.get("Attributes", ())):
                balance += Decimal(debit["Value"] or 0) - Decimal(credit["Value"] or 0)
        return balance

    def _pages(self, plural, id_field, number_field, **query):
        """All pages of a list."""
        found, page = [], 1
        while True:
            rows = self.get(plural, page=page, pageSize=PAGE, **query)[plural]
            found += [_document(row, row[id_field], row[number_field]) for row in rows]
            if len(rows) < PAGE:
                return found
            page += 1


def _document(row, xero_id, number):
    sign = Decimal(-1 if row["Type"] == "ACCRECCREDIT" else 1)
    net, tax, total = (_cents(sign * row[key]) for key in ("SubTotal", "TotalTax", "Total"))
    return XeroDocument(
        xero_id, number, row["Type"], row["Status"], row["Contact"]["Name"], row["CurrencyCode"],
        net, tax, total, _cents(total / row["CurrencyRate"]), _net_by_tax(row, sign),
    )


def _net_by_tax(row, sign):
    sums = {}
    for line in row["LineItems"]:
        if "TaxType" in line:  # a line of text has none
            tax = line.get("TaxAmount", 0) if row["LineAmountTypes"] == "Inclusive" else 0
            sums[line["TaxType"]] = sums.get(line["TaxType"], ZERO) + sign * (line["LineAmount"] - tax)
    return {tax_type: _cents(net) for tax_type, net in sums.items() if net}


def _cents(amount):
    # Adding zero makes a negative zero a plain one.
    return amount.quantize(ZERO) + ZERO
