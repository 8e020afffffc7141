"""Many invoices and bills with their payments at once; see :mod:`~xero_sandbox.seeds.bulk`."""

from datetime import date, timedelta
from decimal import Decimal

from ..wire import ZERO, money
from .bulk import Stamps, _take, contacts
from .ids import seed_id

BILL_EVERY, PART_EVERY = 5, 10
ONE = Decimal("1.000000")


def paid(org, count, customers=1000, spread_days=365, account="090"):
    """Add ``count`` approved documents of one line, each with one payment.

    Every fifth is a bill; of every tenth only half is paid, all others in full. Sales invoices
    are numbered SEED-000001 ...; amounts in base currency, tax of the account's own rate.

    :param customers: so many contacts, seeded for it, share the documents; or their ContactIDs;
    :param spread_days: the documents' dates, and UpdatedDateUTC of both, go back so far.
    :returns: {"invoices": [InvoiceID], "payments": [PaymentID]}, one each, in order.
    """
    partners = customers if isinstance(customers, list) else contacts(
        org, min(customers, count), spread_days)
    first = _take(org, "invoice", count)
    numbers = range(first, first + count)
    maker = _Maker(org, first, count, spread_days, partners, org.accounts.find("code", account))
    org.invoices.seed(maker.invoice, numbers)
    org.payments.seed(maker.payment, numbers)
    for number in numbers:
        maker.post(number)
    org.undo.clear()
    return {"invoices": [maker.id("invoice", number) for number in numbers],
            "payments": [maker.id("payment", number) for number in numbers]}


class _Maker:
    def __init__(self, org, first, count, days, partners, bank):
        self.org, self.first, self.partners, self.bank = org, first, partners, bank
        self.stamps = Stamps(org, first, count, days, 0)
        self.today, self.days, self.count = date.fromisoformat(org.today()), days, count
        system = {name: org.system_account(name)["AccountID"]
                  for name in ("DEBTORS", "CREDITORS", "GST")}
        self.control = {True: system["DEBTORS"], False: system["CREDITORS"]}
        self.gst = system["GST"]
        self.accounts = {True: org.accounts.find("code", "200"),
                         False: org.accounts.find("code", "400")}
        self.rates = {sale: org.tax_rates.rows[account["TaxType"]]["EffectiveRate"]
                      for sale, account in self.accounts.items()}

    def id(self, kind, number):
        return seed_id(self.org.country, self.org.number, f"seeded {kind}", number)

    def _amounts(self, number):
        """(sale, net, tax, total, paid) of a document."""
        sale = number % BILL_EVERY != 0
        net = Decimal(100 + number % 900) + Decimal(number % 100) / 100
        tax = money(net * self.rates[sale] / 100)
        total = money(net + tax)
        return sale, money(net), tax, total, (
            money(total / 2) if number % PART_EVERY == 1 else total)

    def _day(self, number, after=0):
        age = self.days - self.days * (number - self.first) // self.count
        return (self.today - timedelta(days=max(age - after, 0))).isoformat()

    def invoice(self, number):
        sale, net, tax, total, paid_amount = self._amounts(number)
        account, day = self.accounts[sale], self._day(number)
        full = paid_amount == total
        return {
            "InvoiceID": self.id("invoice", number), "Type": "ACCREC" if sale else "ACCPAY",
            "InvoiceNumber": f"SEED-{number:06d}" if sale else f"B{number:06d}",
            "Reference": f"Order {number}" if sale else "", "LineAmountTypes": "Exclusive",
            "contact_id": self.partners[number % len(self.partners)], "Date": day,
            "DueDate": self._day(number, 30), "Status": "PAID" if full else "AUTHORISED",
            "FullyPaidOnDate": self._day(number, 14) if full else None, "SentToContact": False,
            "CurrencyCode": self.org.base_currency, "CurrencyRate": ONE, "SubTotal": net,
            "TotalTax": tax, "Total": total, "TotalDiscount": ZERO, "paid": paid_amount,
            "credited": ZERO, "payments": [self.id("payment", number)], "allocations": [],
            "LineItems": [{
                "LineItemID": self.id("line", number), "Description": f"Seeded work {number}",
                "Quantity": Decimal("1.0000"), "UnitAmount": net, "LineAmount": net,
                "TaxAmount": tax, "TaxType": account["TaxType"], "AccountID": account["AccountID"],
                "AccountCode": account["Code"], "Tracking": []}],
            "app": "seed", "updated": self.stamps.of(number)}

    def payment(self, number):
        sale, _net, _tax, _total, amount = self._amounts(number)
        return {
            "PaymentID": self.id("payment", number), "document_id": self.id("invoice", number),
            "account_id": self.bank["AccountID"], "batch_id": None,
            "Date": self._day(number, 14), "Amount": amount, "CurrencyRate": ONE,
            "BankAmount": amount, "Reference": f"Paid {number}", "IsReconciled": number % 2 == 0,
            "Status": "AUTHORISED", "PaymentType": "ACCRECPAYMENT" if sale else "ACCPAYPAYMENT",
            "updated": self.stamps.of(number)}

    def post(self, number):
        sale, net, tax, total, amount = self._amounts(number)
        sign, control = (1 if sale else -1), self.control[sale]
        self.org.ledger.post(self.id("invoice", number), self._day(number), [
            (control, sign * total), (self.accounts[sale]["AccountID"], -sign * net),
            *([(self.gst, -sign * tax)] if tax else [])])
        self.org.ledger.post(self.id("payment", number), self._day(number, 14), [
            (self.bank["AccountID"], sign * amount), (control, -sign * amount)])
