"""The books that the browser test works on, made through Odoo's web interface as its administrator."""

from datetime import date

COMPANY = "Harbour Trading"
CUSTOMER = "Blue Gum Pty Ltd"
LINES = (
    ("Consulting, site survey", 8, 150.0),
    ("Installation of the pump", 1, 1234.56),
    ("Travel", 120, 0.88),
)


class Books:
    """An Australian company with invoices.

    :param client: an `OdooClient` logged in as the administrator
    """

    def __init__(self, client):
        self.client = client
        self.company = self._company()
        self.account = self._one("account.account", [("account_type", "=", "income"), self._mine()])
        self.tax = self._one(
            "account.tax",
            [("type_tax_use", "=", "sale"), ("amount", "=", 10), ("company_id", "=", self.company)],
        )
        self.customer = self._create(
            "res.partner", name=CUSTOMER, is_company=True, email="accounts@bluegum.example", company_id=self.company
        )

    def _company(self):
        country = self._one("res.country", [("code", "=", "AU")])
        currency = self._one("res.currency", [("name", "=", "AUD")], active_test=False)
        self.client.call("res.currency", "write", [currency], {"active": True})
        company = self._create("res.company", name=COMPANY, country_id=country, currency_id=currency)
        self.client.call("account.chart.template", "try_loading", "au", company, install_demo=False)
        only = {"company_ids": [(6, 0, [company])], "company_id": company}
        self.client.call("res.users", "write", [self.client.uid], only)
        return company

    def invoice(self, lines=LINES, day=None):
        """Post a customer invoice of lines (text, quantity, price); its id."""
        commands = [
            (0, 0, {"name": text, "quantity": quantity, "price_unit": price, "tax_ids": [(6, 0, [self.tax])]})
            for text, quantity, price in lines
        ]
        move = self._create(
            "account.move",
            move_type="out_invoice",
            partner_id=self.customer,
            invoice_date=(day or date.today()).isoformat(),
            invoice_line_ids=commands,
        )
        self.client.call("account.move", "action_post", [move])
        return move

    def read(self, model, id_, *names):
        """Values of a record's fields."""
        return self.client.call(model, "read", [id_], list(names))[0]

    def _mine(self):
        return ("company_ids", "in", [self.company])

    def _one(self, model, domain, **context):
        return self.client.call(model, "search", domain, limit=1, context=context)[0]

    def _create(self, model, **values):
        return self.client.call(model, "create", [values])[0]
