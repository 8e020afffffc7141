"""The demo's invoices and credit notes: 27 that must arrive, five that must not, two left to try with."""

from datetime import date, timedelta
from typing import NamedTuple


class Line(NamedTuple):
    """One line of a document; prices as typed in."""

    product: str
    quantity: float
    price: float
    taxes: tuple = ("gst",)
    discount: float = 0
    text: str = ""
    account: str = ""


class Document(NamedTuple):
    """One document: what it shows, whose it is, its lines (a text is a note, one in capitals a section)."""

    what: str
    partner: str
    lines: tuple
    options: dict = {}
    expected: tuple = ()  # codes of the problems that must stop it, the cause first
    left: bool = False  # not pushed


FREE, EXPORT, INCLUDED = ("free",), ("export",), ("included",)
REFUND = {"move_type": "out_refund"}
USD = {"currency": "USD"}

DOCUMENTS = [
    # --- last month and today, in the order of their dates ---
    Document("10% GST", "bluegum", (Line("machine", 1, 2480), Line("grinder", 2, 640))),
    Document("GST-free", "tasman", (Line("bread", 6, 54, FREE),)),
    Document("GST and GST-free", "kookaburra", (Line("beans", 24, 38.5), Line("bread", 4, 54, FREE))),
    Document("price includes GST", "nguyen", (Line("grinder", 1, 649.95, INCLUDED),)),
    Document("cents, rounded globally", "coral", tuple(
        Line("beans", quantity, price) for quantity, price in (
            (3, 38.49), (7, 12.35), (1, 9.99), (2, 17.45), (5, 3.33), (1, 0.85), (4, 6.67), (9, 1.15), (1, 19.95)))),
    Document("12.5% discount", "ridgeway", (Line("machine", 3, 2480, discount=12.5), Line("freight", 1, 45))),
    Document("price of 4 decimals", "citylimo", (Line("service", 12.5, 134.8765), Line("beans", 40, 36.1275))),
    Document("US dollars, rate of the day", "surf", (Line("beans", 120, 26.4, EXPORT),), USD),
    Document("US dollars, own rate", "surf", (Line("machine", 2, 1630, EXPORT),), {**USD, "rate": 0.6612}),
    Document("sections and notes", "ridgeway", (
        "MACHINES", Line("machine", 1, 2480), "Serial number HT-20417, two years of warranty",
        "TRAINING", Line("training", 6, 220), "On the day of delivery")),
    Document("cash rounding to 5 cents", "nguyen", (Line("beans", 3, 38.49), Line("freight", 1, 12.2)),
             {"rounding": True}),
    Document("2% early-payment discount", "coral", (Line("machine", 2, 2480), Line("training", 4, 220)),
             {"term": True}),
    Document("two taxes on a line", "kookaburra", (Line("machine", 1, 2480, ("gst", "levy")), Line("freight", 1, 45))),
    Document("total of zero", "bluegum", (
        Line("service", 2, 135), Line("service", -2, 135, text="Under warranty, not charged"))),
    Document("deposit of 30%", "coral", (Line("deposit", 1, 4464, text="Deposit of 30% on order 1042"),)),
    Document("final invoice less deposit", "coral", (
        Line("machine", 6, 2480), Line("deposit", -1, 4464, text="Less deposit on order 1042"))),
    Document("credit note", "bluegum", (Line("grinder", 1, 640, text="Grinder returned"),), REFUND),
    Document("credit note, price includes GST", "nguyen", (Line("grinder", 1, 49.95, INCLUDED, text="Price cut"),),
             REFUND),
    Document("credit note in US dollars", "surf", (Line("beans", 5, 26.4, EXPORT, text="Damaged bags"),),
             {**USD, **REFUND}),
    Document("credit note with discount", "ridgeway", (Line("freight", 1, 45, discount=12.5),), REFUND),
    Document("discount of 33.33%", "citylimo", (Line("beans", 7, 38.5, discount=33.33),)),
    Document("several lines, price includes GST", "tasman", (
        Line("beans", 3, 41.95, INCLUDED), Line("beans", 1, 8.49, INCLUDED), Line("freight", 1, 15, INCLUDED))),
    Document("wholesale", "kookaburra", (Line("beans", 150, 31.9, account="wholesale"),)),
    Document("part of an hour", "citylimo", (Line("service", 0.75, 135),)),
    Document("large amount", "coral", (Line("machine", 48, 2395.5),)),
    Document("training", "ridgeway", (Line("training", 15, 198),)),
    Document("cents and discount", "tasman", (Line("beans", 11, 38.49, discount=7.5), Line("freight", 1, 14.95))),
    # --- bad on purpose ---
    Document("tax without a Xero rate", "coral", (Line("service", 20, 135, ("longstay",)),),
             expected=("tax_unmapped",)),
    Document("account archived in Xero", "bluegum", (Line("grinder", 1, 320, account="discontinued"),),
             expected=("account_archived",)),
    Document("dated in a locked period", "citylimo", (Line("service", 4, 135),), {"locked": True},
             expected=("locked_period",)),
    Document("currency that Xero does not use", "merlion", (Line("beans", 60, 35.2, EXPORT),), {"currency": "SGD"},
             expected=("currency_not_subscribed",)),
    Document("customer archived in Xero", "oldharbour", (Line("beans", 12, 38.5),),
             expected=("contact_name_archived", "contact_not_in_xero")),
    # --- for the reader to push ---
    Document("left to try", "bluegum", (Line("beans", 20, 38.5), Line("freight", 1, 45)), left=True),
    Document("left to try", "kookaburra", (Line("service", 3, 135),), left=True),
]


class Dates(NamedTuple):
    """The days of the demo: books start two months ago, that month is locked, all else is later."""

    today: date

    @property
    def last_month(self):
        """First day of last month."""
        return (self.today.replace(day=1) - timedelta(days=1)).replace(day=1)

    @property
    def start(self):
        """First day that travels to Xero: that of the month before last."""
        return (self.last_month - timedelta(days=1)).replace(day=1)

    @property
    def lock(self):
        """Until then Xero is locked: the last day of the month before last."""
        return self.last_month - timedelta(days=1)

    def of(self, document, position):
        """Date of the document at that place of the list: spread over last month, the last ones today."""
        if document.options.get("locked"):
            return self.start.replace(day=15)
        return self.today if document.left else self.last_month + timedelta(days=min(position, 27))


def make(books, dates):
    """Create and post all documents; ``{move id: Document}``."""
    made = {}
    for position, document in enumerate(DOCUMENTS):
        values = _values(books, document, dates.of(document, position))
        made[books.create("account.move", **values)] = document
    books.call("account.move", "action_post", list(made))
    return made


def _values(books, document, day):
    options = document.options
    values = {
        "move_type": options.get("move_type", "out_invoice"),
        "partner_id": books.partners[document.partner],
        "invoice_date": str(day), "date": str(day),
        "invoice_line_ids": [(0, 0, _line_values(books, line)) for line in document.lines],
    }
    if "currency" in options:
        values["currency_id"] = books.find("res.currency", ("name", "=", options["currency"]))
    if "rate" in options:
        values["invoice_currency_rate"] = options["rate"]
    if "rounding" in options:
        values["invoice_cash_rounding_id"] = books.cash_rounding
    if "term" in options:
        values["invoice_payment_term_id"] = books.early_term
    return values


def _line_values(books, line):
    if isinstance(line, str):
        kind = "line_section" if line.isupper() else "line_note"
        return {"display_type": kind, "name": line.capitalize() if line.isupper() else line}
    values = {
        "product_id": books.products[line.product], "quantity": line.quantity, "price_unit": line.price,
        "discount": line.discount, "tax_ids": [(6, 0, [books.taxes[tax] for tax in line.taxes])],
    }
    if line.text:
        values["name"] = line.text
    if line.account:
        values["account_id"] = books.accounts[line.account]
    return values
