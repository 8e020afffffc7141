"""Ledger entries of documents: receivable or payable against lines, tax and rounding."""

from ..wire import ZERO, money
from .kinds import is_sale, kind_of


def post(org, row):
    """Post an approved document in base currency (document amount / CurrencyRate)."""
    kind = kind_of(row)
    sale = is_sale(row)
    sign = kind.sign if sale else -kind.sign
    rate = row["CurrencyRate"]
    control = org.system_account("DEBTORS" if sale else "CREDITORS")["AccountID"]
    amounts = {control: money(row["Total"] / rate) * sign}
    for line in row["LineItems"]:
        if "LineAmount" not in line:
            continue
        net = line["LineAmount"]
        if row["LineAmountTypes"] == "Inclusive":
            net -= line["TaxAmount"]
        _add(amounts, line["AccountID"], -sign * money(net / rate))
    tax = org.system_account("GST")["AccountID"]
    _add(amounts, tax, -sign * money(row["TotalTax"] / rate))
    rest = -sum(amounts.values(), ZERO)
    _add(amounts, org.system_account("ROUNDING")["AccountID"], rest)
    org.ledger.post(row[kind.id_field], row["Date"],
                    [(account, amount) for account, amount in amounts.items() if amount])


def _add(amounts, account, amount):
    amounts[account] = amounts.get(account, ZERO) + amount
