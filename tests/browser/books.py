"""The books that the browser test works on, made through Odoo's web interface."""

import time
from datetime import date

COMPANY = "Harbour Trading"
CUSTOMER = "Blue Gum Pty Ltd"
LINES = (
    ("Consulting, site survey", 8, 150.0),
    ("Installation of the pump", 1, 1234.56),
    ("Travel in kilometres", 120, 0.88),
)
BOOKKEEPER = ("account.group_account_manager", "base.group_partner_manager", "xero_connector.group_xero_admin")
CLERK = ("account.group_account_invoice",)
XERO_USER = ("account.group_account_manager", "base.group_partner_manager", "xero_connector.group_xero_user")
APPROVER = ("account.group_account_manager", "xero_connector.group_xero_approver")
PASSWORD = "harbour-trading"


class Books:
    """An Australian company with a bookkeeper who administers Xero (ruby), one who only uses it (mia), one who
    approves (ann), a clerk without rights on Xero (tom) and customers.

    :param odoo: a running `OdooServer`
    """

    def __init__(self, odoo):
        self.admin = self.client = odoo.login()
        self.company = self._make_company()
        self._speak_australian()
        self._make_user("ruby", "Ruby Marsh", BOOKKEEPER)
        self._make_user("mia", "Mia Lang", XERO_USER)
        self._make_user("ann", "Ann Lee", APPROVER)
        self._make_user("tom", "Tom Reid", CLERK)
        self.client = odoo.login("ruby", PASSWORD)
        self.gst = self.find("account.tax", ("type_tax_use", "=", "sale"), ("amount", "=", 10))
        # What the chart puts on an invoice line without product.
        journal = self.find("account.journal", ("type", "=", "sale"))
        account = self.read("account.journal", journal, "default_account_id")["default_account_id"]
        self.income_name = self.read("account.account", account[0], "name")["name"]

    def invoice(self, lines=LINES, customer=CUSTOMER, tax=None):
        """Post a customer invoice of today with lines (text, quantity, price); its id."""
        taxes = [(6, 0, [tax or self.gst])]
        commands = [
            (0, 0, {"name": text, "quantity": quantity, "price_unit": price, "tax_ids": taxes})
            for text, quantity, price in lines
        ]
        move = self.create(
            "account.move",
            move_type="out_invoice",
            partner_id=self.customer(customer),
            invoice_date=date.today().isoformat(),
            invoice_line_ids=commands,
        )
        self.client.call("account.move", "action_post", [move])
        return move

    def waiting(self):
        """How many posted invoices are not in Xero, whether somebody has tried or not, and their sum."""
        states = ("xero_state", "in", (False, "failed", "held"))
        domain = [("move_type", "=", "out_invoice"), ("state", "=", "posted"), states]
        rows = self.client.call("account.move", "search_read", domain, ["amount_total", "xero_number"])
        rows = [row for row in rows if not row["xero_number"]]
        return len(rows), sum(row["amount_total"] for row in rows)

    def wait_until_sent(self, move, seconds=60):
        """Wait for the worker to bring an invoice to Xero."""
        end = time.monotonic() + seconds
        while self.read("account.move", move, "xero_state")["xero_state"] != "synced":
            assert time.monotonic() < end, f"{move} did not go within {seconds} s"
            time.sleep(0.5)

    def customer(self, name):
        """Id of the customer of that name, made where missing."""
        found = self.client.call("res.partner", "search", [("name", "=", name)])
        return found[0] if found else self.create("res.partner", name=name, is_company=True)

    def read(self, model, record, *names):
        """Values of a record's fields."""
        return self.client.call(model, "read", [record], list(names))[0]

    def find(self, model, *domain, **context):
        """Id of the first record that fits."""
        return self.client.call(model, "search", list(domain), limit=1, context=context)[0]

    def create(self, model, **values):
        """Create a record; its id."""
        return self.client.call(model, "create", [values])[0]

    def _make_company(self):
        country = self.find("res.country", ("code", "=", "AU"))
        currency = self.find("res.currency", ("name", "=", "AUD"), active_test=False)
        self.client.call("res.currency", "write", [currency], {"active": True})
        company = self.create("res.company", name=COMPANY, country_id=country, currency_id=currency)
        self.client.call("account.chart.template", "try_loading", [], "au", company, install_demo=False)
        return company

    def _speak_australian(self):
        language = self.find("res.lang", ("code", "=", "en_AU"), active_test=False)
        self.client.call("res.lang", "write", [language], {"active": True})

    def _make_user(self, login, name, groups):
        self.create(
            "res.users",
            name=name,
            login=login,
            password=PASSWORD,
            lang="en_AU",
            company_id=self.company,
            company_ids=[(6, 0, [self.company])],
            group_ids=[(6, 0, [self._by_name(group) for group in groups])],
        )

    def _by_name(self, name):
        module, name = name.split(".")
        data = self.find("ir.model.data", ("module", "=", module), ("name", "=", name))
        return self.read("ir.model.data", data, "res_id")["res_id"]
