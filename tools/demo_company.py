"""The demo's Australian company in Odoo: chart, customers, products, taxes, rates - made over JSON-RPC."""

from datetime import timedelta

NAME = "Harbour Trading Pty Ltd"
ADDRESS = {"street": "12 Wharf Road", "city": "Balmain", "zip": "2041", "phone": "+61 2 5550 1200",
           "email": "accounts@harbourtrading.example", "vat": "51824753556"}

CUSTOMERS = {
    # Ridgeway University and City Limousines are in Xero already: they must be found, not made twice.
    "bluegum": {"name": "Blue Gum Cafe Pty Ltd", "email": "accounts@bluegum.example", "city": "Newtown"},
    "ridgeway": {"name": "Ridgeway University", "email": "accounts@ridgeway.example", "city": "Ridgeway"},
    "citylimo": {"name": "City Limousines", "email": "martin@citylimo.example", "city": "Sydney"},
    "kookaburra": {"name": "Kookaburra Kitchens Pty Ltd", "email": "office@kookaburra.example", "city": "Parramatta"},
    "coral": {"name": "Coral Coast Resorts Pty Ltd", "email": "payables@coralcoast.example", "city": "Cairns"},
    "nguyen": {"name": "Amelia Nguyen", "email": "amelia.nguyen@mail.example", "city": "Hobart", "is_company": False},
    "tasman": {"name": "Tasman Bookshop", "email": "orders@tasman.example", "city": "Launceston"},
    "surf": {"name": "Pacific Surf Imports LLC", "email": "ap@pacificsurf.example", "city": "San Diego",
             "country": "US"},
    "merlion": {"name": "Merlion Foods Pte Ltd", "email": "ap@merlion.example", "city": "Singapore",
                "country": "SG"},
    # An archived contact of Xero holds this name.
    "oldharbour": {"name": "Old Harbour Traders", "email": "ida@oldharbour.example", "city": "Fremantle"},
}
PRODUCTS = {
    "machine": ("Espresso machine", 2480.00), "grinder": ("Coffee grinder", 640.00),
    "beans": ("Coffee beans, 1 kg", 38.50), "service": ("Machine service, per hour", 135.00),
    "training": ("Barista training, per person", 220.00), "freight": ("Freight", 45.00),
    "bread": ("Sourdough bread, case", 54.00), "deposit": ("Deposit", 0.00),
}
CURRENCY_RATES = {"USD": 0.6584, "SGD": 0.8751}  # units for one AUD


class Books:
    """The demo company as its administrator works with it.

    :param client: a logged-in OdooClient
    :ivar today: today for Odoo
    """

    def __init__(self, client, today):
        self.client, self.today = client, today
        self.context = {}
        self.company_id = None
        self.partners, self.products, self.taxes, self.accounts = {}, {}, {}, {}

    def call(self, model, method, *args, **kwargs):
        """Call a method in the company's context."""
        return self.client.call(model, method, *args, context=self.context, **kwargs)

    def create(self, model, **values):
        """Create one record and return its id."""
        return self.call(model, "create", [values])[0]

    def find(self, model, *domain):
        """Id of the one record that fits.

        :raises LookupError: none or several do
        """
        found = self.call(model, "search", list(domain))
        if len(found) != 1:
            raise LookupError(f"{len(found)} records of {model} fit {domain}")
        return found[0]

    # === MAKING === #

    def make(self):
        """Make the company with everything that the documents need."""
        self._make_company()
        self._make_currencies()
        self._make_taxes()
        self._make_accounts()
        self._make_partners()
        self._make_products()
        self._make_terms()

    def _make_company(self):
        australia = self.find("res.country", ("code", "=", "AU"))
        aud = self.client.call("res.currency", "search", [("name", "=", "AUD")], context={"active_test": False})
        self.client.call("res.currency", "write", aud, {"active": True})
        self.company_id = self.create("res.company", name=NAME, country_id=australia, currency_id=aud[0], **ADDRESS)
        # Who creates a company may work in it; from here on everything happens there.
        self.context = {"allowed_company_ids": [self.company_id], "tz": "Australia/Sydney"}
        self.call("account.chart.template", "try_loading", [], "au", self.company_id)
        self.call("res.users", "write", [self.client.uid], {"company_id": self.company_id})

    def _make_currencies(self):
        for name, rate in CURRENCY_RATES.items():
            currency = self.client.call("res.currency", "search", [("name", "=", name)], context={"active_test": False})
            self.call("res.currency", "write", currency, {"active": True})
            self.create("res.currency.rate", currency_id=currency[0], company_id=self.company_id, rate=rate,
                        name=str(self.today - timedelta(days=120)))

    def _make_taxes(self):
        names = {"gst": "au_tax_sale_10", "free": "au_tax_sale_exempt", "export": "au_tax_sale_0"}
        for key, template in names.items():
            data = self.call("ir.model.data", "search_read", [("model", "=", "account.tax"), (
                "name", "=", f"{self.company_id}_{template}")], ["res_id"])
            self.taxes[key] = data[0]["res_id"]
        included = self.call("account.tax", "copy", [self.taxes["gst"]], {
            "name": "10% GST included", "price_include_override": "tax_included"})
        self.taxes["included"] = included[0]
        self.taxes["levy"] = self._make_tax("2% port levy", 2, "21700")
        self.taxes["longstay"] = self._make_tax("5.5% GST long stay", 5.5, "21310")

    def _make_tax(self, name, amount, account):
        """A sales tax booked on that account."""
        group = self.call("account.tax", "read", [self.taxes["gst"]], ["tax_group_id"])[0]["tax_group_id"][0]
        account = self.find("account.account", ("code", "=", account))
        parts = [(0, 0, {"repartition_type": "base"}), (0, 0, {"repartition_type": "tax", "account_id": account})]
        return self.create(
            "account.tax", name=name, amount=amount, type_tax_use="sale", tax_group_id=group,
            company_id=self.company_id, invoice_repartition_line_ids=parts, refund_repartition_line_ids=parts,
        )

    def _make_accounts(self):
        codes = {"sales": "41110", "wholesale": "42000", "discontinued": "41130", "freight": "44000",
                 "deposits": "21600", "discounts": "61610"}
        for key, code in codes.items():
            self.accounts[key] = self.find("account.account", ("code", "=", code))
        self.accounts["rounding"] = self.create(
            "account.account", name="Cash Rounding", code="61650", account_type="expense")

    def _make_partners(self):
        for key, values in CUSTOMERS.items():
            values = {"is_company": True, "country": "AU", **values}
            country = self.find("res.country", ("code", "=", values.pop("country")))
            self.partners[key] = self.create("res.partner", country_id=country, **values)

    def _make_products(self):
        accounts = {"freight": "freight", "deposit": "deposits"}
        for key, (name, price) in PRODUCTS.items():
            self.products[key] = self.create(
                "product.product", name=name, list_price=price, type="service",
                taxes_id=[(6, 0, [self.taxes["gst"]])],
                property_account_income_id=self.accounts[accounts.get(key, "sales")],
            )

    def _make_terms(self):
        self.cash_rounding = self.create(
            "account.cash.rounding", name="To 5 cents", rounding=0.05, rounding_method="HALF-UP",
            strategy="add_invoice_line", profit_account_id=self.accounts["rounding"],
            loss_account_id=self.accounts["rounding"],
        )
        self.early_term = self.create(
            "account.payment.term", name="30 days, 2% off within 10 days", company_id=self.company_id,
            early_discount=True, discount_percentage=2, discount_days=10, early_pay_discount_computation="mixed",
            line_ids=[(0, 0, {"value": "percent", "value_amount": 100, "nb_days": 30})],
        )
