"""What the tests talk to the sandbox with; it shares no code with the add-ons."""

from datetime import datetime

import requests


class Client:
    """A thin HTTP client of one organisation, independent of the add-ons' client."""

    def __init__(self, server, organisation=1, **options):
        self.server = server
        self.org = server.organisation(organisation)
        self.tokens = server.authorise(organisation=organisation, tokens=True, **options)
        self.session = requests.Session()
        self.session.headers.update({
            "Authorization": f"Bearer {self.tokens['access_token']}",
            "xero-tenant-id": self.org.tenant_id, "Accept": "application/json"})

    def call(self, method, path, json=None, headers=None, **query):
        return self.session.request(method, f"{self.server.url}/api.xro/2.0{path}", json=json,
                                    headers=headers, params=query, timeout=10)

    def get(self, path, headers=None, **query):
        return self.call("GET", path, headers=headers, **query)

    def put(self, path, json, headers=None, **query):
        return self.call("PUT", path, json, headers, **query)

    def post(self, path, json, headers=None, **query):
        return self.call("POST", path, json, headers, **query)

    def control(self, method, path, json=None):
        return requests.request(method, f"{self.server.url}/_sandbox{path}", json=json,
                                timeout=10).json()

    def set_org(self, **values):
        return self.control("PATCH", f"/organisations/{self.org.tenant_id}", values)

    def contact(self, name="Deco Pty Ltd", **values):
        answer = self.put("/Contacts", {"Contacts": [{"Name": name, **values}]})
        assert answer.status_code == 200, answer.text
        return answer.json()["Contacts"][0]["ContactID"]

    def seeded(self, name="Boom FM"):
        return next(row["ContactID"] for row in self.org.contacts if row["Name"] == name)

    def document(self, kind="Invoices", **values):
        """A valid element: an approved sales invoice of 2 x 50.00 + 10 % unless ``values``."""
        element = {"Type": "ACCREC", "Contact": {"ContactID": self.seeded()},
                   "Date": "2026-10-05", "DueDate": "2026-11-04", "Status": "AUTHORISED",
                   "LineItems": [line()]}
        if kind == "CreditNotes":
            element["Type"] = "ACCRECCREDIT"
            del element["DueDate"]
        return {**element, **values}

    def create(self, kind="Invoices", **values):
        answer = self.put(f"/{kind}", {kind: [self.document(kind, **values)]}, unitdp=4)
        assert answer.status_code == 200, answer.text
        return answer.json()[kind][0]

    def refused(self, method, path, element):
        """The messages with which one element is refused in the 400 mode."""
        answer = self.call(method, path, element)
        assert answer.status_code == 400, answer.text
        body = answer.json()
        assert body["ErrorNumber"] == 10, body
        assert body["Type"] == "ValidationException"
        assert body["Message"] == "A validation exception occurred"
        return [error["Message"] for error in body["Elements"][0]["ValidationErrors"]]

    def act(self, action, **values):
        """What a person does in Xero itself; the row, or {"error": ...}."""
        return self.control("POST", f"/organisations/{self.org.tenant_id}/as-user",
                            {"action": action, **values})

    def one(self, plural, key):
        """The record as GET by id shows it."""
        answer = self.get(f"/{plural}/{key}")
        assert answer.status_code == 200, answer.text
        return answer.json()[plural][0]

    def ids(self, plural, since=None, **query):
        """The ids of a list, in its order."""
        headers = {"If-Modified-Since": since} if since else None
        answer = self.get(f"/{plural}", headers=headers, **query)
        assert answer.status_code == 200, answer.text
        name = {"Currencies": "Code", "TaxRates": "TaxType",
                "TrackingCategories": "TrackingCategoryID"}.get(plural, plural[:-1] + "ID")
        return [row[name] for row in answer.json()[plural]]

    @staticmethod
    def sandbox_second(iso):
        """Milliseconds of a moment such as 2026-11-20T10:00:00, in UTC."""
        return int(datetime.fromisoformat(iso + "+00:00").timestamp()) * 1000

    def ledger(self):
        return self.control("GET", f"/organisations/{self.org.tenant_id}/ledger")


def line(**values):
    """A line of 2 x 50.00 on Sales with 10 % GST."""
    return {"Description": "Work", "Quantity": 2, "UnitAmount": 50, "AccountCode": "200",
            "TaxType": "OUTPUT", **values}
