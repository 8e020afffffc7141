"""The sandbox inside a test process."""

import threading
from urllib.parse import parse_qs, urlencode, urlsplit

from werkzeug.test import Client

from . import wire
from .as_user import act
from .documents import bank
from .sandbox import Sandbox
from .server import close, serve

SCOPES = ("openid profile email offline_access accounting.settings accounting.contacts"
          " accounting.invoices accounting.payments accounting.attachments"
          " accounting.reports.trialbalance.read")
PAYROLL_SCOPES = ("openid profile email offline_access payroll.employees payroll.payruns"
                  " payroll.payslip payroll.timesheets payroll.settings")
CALLBACK = "http://localhost:8069/xero/oauth/callback"


class SandboxServer:
    """A running sandbox: ``with SandboxServer(country="AU") as s: requests.get(s.url + ...)``.

    Options are those of :class:`~xero_sandbox.sandbox.Sandbox`; port 0 takes a free port.
    """

    def __init__(self, port=0, host="localhost", **options):
        self.sandbox = Sandbox(**options)
        self._server = serve(self.sandbox, host, port)
        self.url = f"http://localhost:{self._server.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_error):
        self.stop()

    def start(self):
        """Start answering; returns itself."""
        self._thread.start()
        return self

    def stop(self):
        """Stop the server and free its port."""
        self._server.shutdown()
        self._thread.join(5)
        close(self._server)

    # Looking

    @property
    def calls(self):
        """The log entries, oldest first."""
        return list(self.sandbox.log.entries)

    def count(self, template):
        """How often ``"PUT /Invoices"`` or ``"total"`` was called."""
        return self.sandbox.log.counts().get(template, 0)

    @property
    def violations(self):
        """Departures from the OpenAPI specification so far."""
        return list(self.sandbox.violations)

    def organisation(self, number=1):
        """The ``number``-th organisation (tenant_id, details, tables, ledger, seed_contacts,
        seed_items, seed_invoices_with_payments)."""
        return self.sandbox.organisation(number)

    # Changing

    def bank_balances(self, organisation=1):
        """What is on each bank account, by code, in the account's own currency."""
        return bank.balances(self.organisation(organisation))

    def reset(self, **options):
        """Everything as at the start; options as for the constructor."""
        self.sandbox.reset(**options)

    def act(self, action, organisation=1, **values):
        """What a person does in Xero's own screens; see :mod:`~xero_sandbox.as_user`.

        :returns: the row that changed; :raises Invalid: refused; :raises KeyError: unknown.
        """
        with self.sandbox.lock:
            request = wire.load(wire.dump({"action": action, **values}))
            return act(self.organisation(organisation), request)

    def advance(self, seconds):
        """Move the virtual clock forward."""
        self.sandbox.clock.advance(seconds)

    def authorise(self, scopes=SCOPES, redirect_uri=CALLBACK, organisation=1, tokens=False,
                  client_id="SANDBOX-CLIENT-ID", client_secret="SANDBOX-CLIENT-SECRET"):
        """Go through the consent page; returns the code, or with ``tokens`` the token answer."""
        browser = Client(self._server.app)
        query = urlencode({"response_type": "code", "client_id": client_id, "scope": scopes,
                           "redirect_uri": redirect_uri, "state": "test"})
        tenant = self.organisation(organisation).tenant_id
        answer = browser.post(f"/identity/connect/authorize?{query}",
                              data={"decision": "allow", "tenant": tenant})
        if answer.status_code != 302:
            raise AssertionError(answer.get_data(as_text=True))
        code = parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]
        if not tokens:
            return code
        return browser.post("/connect/token", data={
            "grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri,
            "client_id": client_id, "client_secret": client_secret}).get_json()
