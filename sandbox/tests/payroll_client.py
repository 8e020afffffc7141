"""A client of the payroll APIs, independent of the add-ons' client."""

from datetime import date, timedelta

from sandbox_client import Client

from xero_sandbox.testing import PAYROLL_SCOPES, SCOPES

AU = "/payroll.xro/1.0"
V2 = "/payroll.xro/2.0"


class Payroll(Client):
    """Calls below one payroll root; ``json`` bodies as the API takes them."""

    def __init__(self, server, root, scopes=f"{SCOPES} {PAYROLL_SCOPES}", **options):
        super().__init__(server, scopes=scopes, **options)
        self.root = root

    def call(self, method, path, json=None, headers=None, **query):
        address = path if path.startswith(("/payroll.xro", "/api.xro")) else self.root + path
        return self.session.request(method, self.server.url + address, json=json, headers=headers,
                                    params=query, timeout=10)

    def delete(self, path):
        return self.call("DELETE", path)

    def ok(self, method, path, json=None, **query):
        """The JSON of an answer that must be a 200."""
        answer = self.call(method, path, json, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def act(self, action, **values):
        row = super().act(action, **values)
        assert "error" not in row, row
        return row

    # What is there from the start, straight from the store

    def person(self, number=3):
        """The ``number``-th employee's row; every third is paid by the hour, weekly."""
        return list(self.org.payroll.employees)[number - 1]

    def item(self, kind, name, current=True):
        return next(row["id"] for row in self.org.payroll.items(kind)
                    if row["name"] == name and row["current"] == current)

    def calendar(self, name="Weekly Calendar"):
        return next(row for row in self.org.payroll.calendars if row["name"] == name)

    def week(self, shift=0):
        """First and last day of the next weekly period, or of one ``shift`` weeks later."""
        start = date.fromisoformat(self.calendar()["next"]) + timedelta(7 * shift)
        return start.isoformat(), (start + timedelta(6)).isoformat()


def ms(iso):
    """A day as AU 1.0 writes it."""
    return f"/Date({(date.fromisoformat(iso) - date(1970, 1, 1)).days * 86_400_000}+0000)/"
