"""Reads a Xero organisation over HTTP, as any other program would: the second pair of eyes of the demo.

Shares nothing with the add-ons: its own app, its own consent and token, its own paging and arithmetic.
Works with the local Xero only, where the consent page can be answered by a program.
"""

import json
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import requests

REDIRECT = "http://localhost/reader"
READ_SCOPES = ("accounting.settings.read", "accounting.invoices.read", "accounting.contacts.read",
               "accounting.reports.trialbalance.read")
PAYROLL_SCOPES = ("payroll.employees.read", "payroll.timesheets.read")
PAYROLL_PAGE = 100  # as Xero wants it
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


class XeroTimesheet(NamedTuple):
    """The timesheet of one person and pay period as Xero holds it; days as ``YYYY-MM-DD``."""

    person: str
    first: str
    last: str
    status: str
    hours: Decimal


class XeroLeave(NamedTuple):
    """Leave of one person as Xero holds it."""

    person: str
    first: str
    hours: Decimal


class XeroSession:
    """An app of its own with access to one organisation of the local Xero.

    :param url: address of the local Xero
    :param organisation: name of the organisation
    :param app: name of the app, registered here
    :param scopes: what it may do
    """

    api = "/api.xro/2.0"

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
        """The answer of the API to a read; numbers are Decimal."""
        return self._json("GET", f"{self.api}/{path}", params=query)

    def all(self, plural, size, **query):
        """The rows of all pages of a list, so many on each."""
        found, page = [], 1
        while True:
            rows = self.get(plural, page=page, **query)[plural]
            found += rows
            if len(rows) < size:
                return found
            page += 1

    def send(self, method, path, content):
        """Write something, as a person at the screen would."""
        return self._json(method, f"{self.api}/{path}", json=content)

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
        invoices = self._documents("Invoices", "InvoiceID", "InvoiceNumber", where='Type=="ACCREC"')
        credits_ = self._documents("CreditNotes", "CreditNoteID", "CreditNoteNumber", where='Type=="ACCRECCREDIT"')
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

    def _documents(self, plural, id_field, number_field, **query):
        rows = self.all(plural, PAGE, pageSize=PAGE, **query)
        return [_document(row, row[id_field], row[number_field]) for row in rows]


class PayrollReader(XeroSession):
    """Reads what people in Xero's Australian payroll are paid for.

    :param url, organisation, app: as for :class:`XeroSession`
    """

    api = "/payroll.xro/1.0"

    def __init__(self, url, organisation, app):
        super().__init__(url, organisation, app, PAYROLL_SCOPES)
        people = self.all("Employees", PAYROLL_PAGE)
        self._names = {row["EmployeeID"]: f"{row['FirstName']} {row['LastName']}" for row in people}

    def timesheets(self):
        """Every XeroTimesheet; its hours are the sum of all lines and days."""
        return [
            XeroTimesheet(
                self._names[row["EmployeeID"]], _day(row["StartDate"]), _day(row["EndDate"]), row["Status"],
                _cents(sum((sum(line["NumberOfUnits"]) for line in row["TimesheetLines"]), ZERO)))
            for row in self.all("Timesheets", PAYROLL_PAGE)
        ]

    def leaves(self):
        """Every XeroLeave that is approved; its hours are the sum of all pay periods."""
        return [
            XeroLeave(self._names[row["EmployeeID"]], _day(row["StartDate"]),
                      _cents(sum((period["NumberOfUnits"] for period in row["LeavePeriods"]), ZERO)))
            for row in self.all("LeaveApplications", PAYROLL_PAGE)
        ]


def _day(text):
    """The day of ``/Date(1573516800000+0000)/``."""
    milliseconds = int(re.match(r"/Date\((-?\d+)", text)[1])
    return str(date(1970, 1, 1) + timedelta(milliseconds=milliseconds))


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
