"""Connects the demo company to the local Xero as its administrator would: consent, organisation, mapping, start."""

import re
import time
from urllib.parse import urljoin

from house import Missing

ORGANISATION = "Demo Company (AU)"
COMBINED_RATE = "GST and port levy"
# What has no proposal, or only a wrong one: Odoo account -> code in Xero, Odoo tax -> TaxType.
ACCOUNTS = {"sales": "200", "wholesale": "200", "discontinued": "299", "freight": "260", "deposits": "835",
            "discounts": "200"}
TAXES = {"export": "EXEMPTOUTPUT"}
CHOICE = re.compile(r'name="tenant" value="([^"]+)"[^>]*>\s*([^<]+?)\s*<')
WAIT = 120  # seconds for the push in the background


class Connecting:
    """The steps of the connection form, pressed over HTTP in the administrator's web session.

    :param books: demo_company.Books
    :ivar connection_id: the xero.connection, once there is one
    """

    organisation = ORGANISATION

    def __init__(self, books):
        self.books = books
        self.connection_id = None

    def consent(self, **values):
        """App keys, then Connect: through Xero's consent page and back into Odoo.

        :param values: what else is chosen on the connection before
        :raises Missing: the way does not lead back to the connection
        """
        self.connection_id = self.books.create(
            "xero.connection", company_id=self.books.company_id,
            client_id="SANDBOX-CLIENT-ID", client_secret="SANDBOX-CLIENT-SECRET", **values,
        )
        browser = self.books.client.http
        address = self._press("action_connect")["url"]
        choices = {name: tenant for tenant, name in CHOICE.findall(browser.get(address, timeout=30).text)}
        form = {"decision": "allow", "tenant": choices[self.organisation]}
        allowed = browser.post(address, data=form, allow_redirects=False, timeout=30)
        callback = allowed.headers.get("Location", "")
        if not callback.startswith(f"{self.books.client.url}/xero/oauth/callback?code="):
            raise Missing(f"Allow led to {callback.split('?')[0] or allowed.text[:300]}")
        returned = browser.get(callback, allow_redirects=False, timeout=60)
        form = urljoin(callback, returned.headers.get("Location", ""))
        if f"/odoo/xero-connections/{self.connection_id}" not in form:
            raise Missing(f"The callback answered {returned.status_code}: {returned.text[:300]}")

    def choose_organisation(self):
        """Choose the organisation; its accounts, taxes, currencies and so on come in.

        :raises Missing: they did not
        """
        choice = self.books.find("xero.tenant.choice", ("connection_id", "=", self.connection_id),
                                 ("name", "=", self.organisation))
        self._write(tenant_choice_id=choice)
        self._press("action_choose_organisation")
        if not self.books.call("xero.account", "search_count", [("connection_id", "=", self.connection_id)]):
            raise Missing(f"Reference data did not come in: {self.read('last_result')}")

    def map(self):
        """Confirm the proposals, then map what has none; how many accounts and taxes are mapped now."""
        for button in ("action_map_accounts", "action_map_taxes"):
            wizard = self._press(button)
            self.books.call("xero.mapping.wizard", "action_confirm", [wizard["res_id"]])
        for key, code in ACCOUNTS.items():
            row = self._xero("xero.account", code=code)
            self.books.call("account.account", "write", [self.books.accounts[key]], {"xero_account_id": row})
        for key, tax_type in TAXES.items():
            row = self._xero("xero.tax.rate", tax_type=tax_type)
            self.books.call("account.tax", "write", [self.books.taxes[key]], {"xero_tax_rate_id": row})
        both = [self.books.taxes["gst"], self.books.taxes["levy"]]
        self.books.create("xero.tax.combination", connection_id=self.connection_id, tax_ids=[(6, 0, both)],
                          tax_rate_id=self._xero("xero.tax.rate", name=COMBINED_RATE))
        return self.read("step_accounts_text"), self.read("step_taxes_text")

    def begin(self, start):
        """Start date, and documents arrive authorised."""
        self._write(sync_from=str(start))
        self._press("action_preset_direct")

    def refresh(self):
        """Bring in what was changed in Xero meanwhile."""
        self._press("action_import")

    def push(self, move_ids):
        """Select documents in the list, press Push to Xero, and wait for the run in the background.

        :return: the run's counts
        :raises Missing: it did not end in time
        """
        run_id = self.books.call("account.move", "action_xero_push", move_ids)["res_id"]
        fields = ["state", "total", "done", "failed", "calls", "waiting_for"]
        end = time.monotonic() + WAIT
        while time.monotonic() < end:
            run = self.books.call("xero.run", "read", [run_id], fields)[0]
            if run["state"] in ("done", "stopped"):
                return run
            time.sleep(0.3)
        raise Missing(f"The push did not end within {WAIT} s: {run}")

    def tax_types(self):
        """TaxType of each set of Odoo taxes that stands on the demo's lines, by what was chosen above."""
        taxes = self.books.taxes
        combined = self._xero("xero.tax.rate", name=COMBINED_RATE)
        return {
            frozenset(): "BASEXCLUDED",
            frozenset([taxes["gst"]]): "OUTPUT",
            frozenset([taxes["included"]]): "OUTPUT",
            frozenset([taxes["free"]]): "EXEMPTOUTPUT",
            frozenset([taxes["export"]]): TAXES["export"],
            frozenset([taxes["gst"], taxes["levy"]]): self.books.call(
                "xero.tax.rate", "read", [combined], ["tax_type"])[0]["tax_type"],
        }

    def read(self, field):
        """One field of the connection."""
        return self.books.call("xero.connection", "read", [self.connection_id], [field])[0][field]

    def _press(self, button):
        return self.books.call("xero.connection", button, [self.connection_id])

    def _write(self, **values):
        self.books.call("xero.connection", "write", [self.connection_id], values)

    def _xero(self, model, **key):
        return self.books.find(model, ("connection_id", "=", self.connection_id), *(
            (name, "=", value) for name, value in key.items()))
