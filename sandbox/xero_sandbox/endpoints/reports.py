"""Reports from the ledger (operation getReportTrialBalance)."""

from datetime import date

from .. import wire
from ..errors import BadRequest
from ..rules import account_class

SECTIONS = (("Revenue", "REVENUE"), ("Expenses", "EXPENSE"), ("Assets", "ASSET"),
            ("Liabilities", "LIABILITY"), ("Equity", "EQUITY"))


def get_trial_balance(call):
    """GET /Reports/TrialBalance?date=: balances per account, debit and credit columns.

    Income and expenses show the financial year to date; what earlier years earned is in
    Retained Earnings.
    """
    text = call.args.get("date")
    try:
        until = wire.parse_day(text) if text else call.org.today()
    except ValueError:
        raise BadRequest("QueryParseException", "date is not a date") from None
    rows = trial_balance(call.org, until)
    shown = f"{int(until[8:])} {date.fromisoformat(until).strftime('%B %Y')}"
    headings = ("Account", "Debit", "Credit", "YTD Debit", "YTD Credit")
    report = {
        "ReportID": "TrialBalance", "ReportName": "Trial Balance", "ReportType": "TrialBalance",
        "ReportTitles": ["Trial Balance", call.org.details["Name"], f"As at {shown}"],
        "ReportDate": shown, "UpdatedDateUTC": wire.stamp_text(call.org.stamp()), "Fields": [],
        "Rows": [{"RowType": "Header", "Cells": [{"Value": text} for text in headings]}],
    }
    for title, name in SECTIONS:
        section = [_row(*row) for row in rows if account_class(row[0]) == name]
        if section:
            report["Rows"].append({"RowType": "Section", "Title": title, "Rows": section})
    sums = [_sum(rows, column, sign) for column in (1, 2) for sign in (1, -1)]
    report["Rows"].append({"RowType": "Section", "Title": "", "Rows": [
        {"RowType": "SummaryRow", "Cells": [{"Value": "Total"}, *(
            {"Value": str(value)} for value in sums)]}]})
    return {"Reports": [report]}


def trial_balance(org, until):
    """(account, movement of the month, balance) of every account that has a balance.

    Amounts are in base currency, debit positive, as at ``until`` (``YYYY-MM-DD``).
    """
    year_start = _year_start(org, until)
    whole = org.ledger.balances(until=until)
    year = org.ledger.balances(until=until, since=year_start)
    month = org.ledger.balances(until=until, since=until[:8] + "01")
    retained = org.system_account("RETAINEDEARNINGS")["AccountID"]
    balances = {}
    for key, amount in whole.items():
        if account_class(org.accounts.get(key)) in ("REVENUE", "EXPENSE"):
            current = year.get(key, wire.ZERO)
            balances[retained] = balances.get(retained, wire.ZERO) + amount - current
            amount = current
        balances[key] = balances.get(key, wire.ZERO) + amount
    rows = [(org.accounts.get(key), month.get(key, wire.ZERO), amount)
            for key, amount in balances.items() if amount or month.get(key)]
    return sorted(rows, key=lambda row: row[0].get("Code", ""))


def _year_start(org, until):
    end = (org.details["FinancialYearEndMonth"], org.details["FinancialYearEndDay"])
    year, month, day = map(int, until.split("-"))
    if (month, day) <= end:
        year -= 1
    next_month = end[0] % 12 + 1
    return f"{year + (end[0] == 12):04d}-{next_month:02d}-01"


def _row(account, month, balance):
    name = account["Name"] + (f" ({account['Code']})" if account.get("Code") else "")
    attributes = [{"Value": account["AccountID"], "Id": "account"}]
    values = [name, *_columns(account, month), *_columns(account, balance)]
    return {"RowType": "Row", "Cells": [
        {"Value": value, "Attributes": attributes} for value in values]}


def _columns(account, amount):
    """Debit and credit texts; a zero stands on the account's natural side."""
    debit = amount > 0 or (not amount and account_class(account) in ("ASSET", "EXPENSE"))
    text = str(abs(amount))
    return (text, "") if debit else ("", text)


def _sum(rows, column, sign):
    return sum((sign * row[column] for row in rows if sign * row[column] > 0), wire.ZERO)


ROUTES = [("GET", "/Reports/TrialBalance", get_trial_balance)]
