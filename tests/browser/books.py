"""The books that the browser test works on, made through Odoo's web interface."""

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
PASSWORD = "harbour-trading"


class Books:
    """An Australian company with a bookkeeper (Ruby), a clerk without rights on Xero (Tom) and a customer.

    :param odoo: a running `OdooServer`
    """

    def __init__(self, odoo):
        self.client = odoo.login()
        self.company = self._company()
        self._user("ruby", "Ruby Marsh", BOOKKEEPER)
        self._user("tom", "Tom Reid", CLERK)
        self.client = odoo.login("ruby", PASSWORD)
        self.tax = self._one("account.tax", [("type_tax_use", "=", "sale"), ("amount", "=", 10)])
        self.customer = self._create("res.partner", name=CUSTOMER, is_company=True, email="accounts@bluegum.example")

    def _company(self):
        country = self._one("res.country", [("code", "=", "AU")])
        currency = self._one("res.currency", [("name", "=", "AUD")], active_test=False)
        self.client.call("res.currency", "write", [currency], {"active": True})
        company = self._create("res.company", name=COMPANY, country_id=country, currency_id=currency)
        self.client.call("account.chart.template", "try_loading", [], "au", company, install_demo=False)
        return company

    def _user(self, login, name, groups):
        ids = [self._one("ir.model.data", [("module", "=", m), ("name", "=", n)]) for m, n in (g.split(".") for g in groups)]
        rows = self.client.call("ir.model.data", "read", ids, ["res_id"])
        self._create(
            "res.users",
            name=name,
            login=login,
            password=PASSWORD,
            company_id=self.company,
            company_ids=[(6, 0, [self.company])],
            group_ids=[(6, 0, [row["res_id"] for row in rows])],
        )

    def invoice(self, lines=LINES):
        """Post a customer invoice of today with lines (text, quantity, price); its id."""
        commands = [
            (0, 0, {"name": text, "quantity": quantity, "price_unit": price, "tax_ids": [(6, 0, [self.tax])]})
            for text, quantity, price in lines
        ]
        move = self._create(
            "account.move",
            move_type="out_invoice",
            partner_id=self.customer,
            invoice_date=date.today().isoformat(),
            invoice_line_ids=commands,
        )
        self.client.call("account.move", "action_post", [move])
        return move

    def read(self, model, id_, *names):
        """Values of a record's fields."""
        return self.client.call(model, "read", [id_], list(names))[0]

    def _one(self, model, domain, **context):
        return self.client.call(model, "search", domain, limit=1, context=context)[0]

    def _create(self, model, **values):
        return self.client.call(model, "create", [values])[0]
