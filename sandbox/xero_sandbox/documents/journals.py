"""Manual journals: create, edit, void and delete (facts, sections 3.3 "ManualJournals" and 3.4)."""

import uuid

from .. import fields, totals
from ..errors import Invalid
from ..wire import ZERO, money
from . import checks
from .lines import LineReader

AMOUNT_TYPES = ("NoTax", "Exclusive", "Inclusive")
STATUSES = ("DRAFT", "POSTED", "DELETED", "VOIDED", "ARCHIVED")
MAX_TEXT = 4000
# Facts name the control accounts and retained earnings; what Xero itself keeps, the sandbox
# refuses as well.
REFUSED_SYSTEM = ("DEBTORS", "CREDITORS", "RETAINEDEARNINGS", "BANKCURRENCYGAIN",
                  "REALISEDCURRENCYGAIN", "UNREALISEDCURRENCYGAIN", "TRACKINGTRANSFERS",
                  "GSTONIMPORTS")
REFUSED_TYPES = ("BANK", "INVENTORY")
ALLOWED = {"DRAFT": ("DRAFT", "POSTED", "DELETED"), "POSTED": ("POSTED", "VOIDED")}
BAD_STATUS = "Manual Journal not of valid status for modification"


class JournalLineReader(LineReader):
    """Lines with a signed amount (debit positive); their tax is always Xero's own."""

    def __init__(self, org, types):
        super().__init__(org, False, False, types, True, 2)

    def _line(self, element, old):
        line = {"Description": fields.text(element, "Description", MAX_TEXT) or "",
                "Tracking": self._tracking(element)}
        self._account_and_tax(line, element, None)
        amount = fields.number(element, "LineAmount")
        if amount is None:
            raise Invalid("The LineAmount field must be specified.")
        if amount != money(amount):
            raise Invalid("LineAmount must not have more than 2 decimals.")
        if abs(amount) > totals.MAX_LINE:
            raise Invalid("The line amount exceeds the maximum of 9,999,999,999.99.")
        rate = self.org.tax_rates.rows[line["TaxType"]]["EffectiveRate"]
        line["LineAmount"] = money(amount)
        line["TaxAmount"] = totals.line_tax(line["LineAmount"], rate, self.types)
        return line

    def _account(self, element, item):
        code = fields.text(element, "AccountCode", 10)
        account_id = fields.guid(element, "AccountID")
        account = self.org.accounts.find("code", code) if code else self.org.accounts.get(
            account_id)
        label = code or account_id
        if account is None or account_id and account["AccountID"] != account_id:
            raise Invalid(f"Account code '{label}' is not a valid code for this document.")
        if account["Status"] != "ACTIVE":
            raise Invalid(f"Account code '{label}' has been archived, or has been deleted. Each"
                          " line item must reference a valid account.")
        if account["Type"] in REFUSED_TYPES or account.get("SystemAccount") in REFUSED_SYSTEM:
            raise Invalid(f"Account code '{label}' is not a valid code for this document.")
        return account


def save(org, element, create_only=False, journal_id=None):
    """Create or edit one journal; returns its row and a list of warnings.

    :param create_only: the element must not name an existing journal;
    :param journal_id: the journal that the path names.
    :raises Invalid: with Xero's texts; :raises KeyError: unknown id.
    """
    given = journal_id or fields.guid(element, "ManualJournalID")
    old = None
    if given:
        old = org.manual_journals.get(given)
        if old is None:
            raise KeyError(given)
        if create_only:
            raise Invalid("Manual Journal not of valid status for creation")
    status = fields.choice(element, "Status", STATUSES)
    if old is None:
        status = status or "DRAFT"
        if status not in ("DRAFT", "POSTED"):
            raise Invalid("Manual Journal not of valid status for creation")
        return _build(org, element, None, status)
    status = status or old["Status"]
    if status not in ALLOWED.get(old["Status"], ()):
        raise Invalid(BAD_STATUS)
    if status in ("VOIDED", "DELETED"):
        return _retire(org, old, status), []
    return _build(org, element, old, status)


def _retire(org, row, status):
    errors = checks.lock_errors(org, row["Date"]) if status == "VOIDED" else []
    if errors:
        raise Invalid(*errors)
    org.ledger.reverse(row["ManualJournalID"])
    org.note(row["ManualJournalID"], status.capitalize())
    return org.manual_journals.put({**row, "Status": status, "updated": org.stamp()})


def _build(org, element, old, status):
    row = dict(old) if old else {
        "ManualJournalID": str(uuid.uuid4()), "Narration": "", "LineAmountTypes": "NoTax",
        "Url": "", "ShowOnCashBasisReports": True, "Date": None, "JournalLines": []}
    row |= {"Status": status, "updated": org.stamp()}
    row["Date"] = fields.day(element, "Date") or row["Date"] or org.today()
    row["LineAmountTypes"] = fields.choice(
        element, "LineAmountTypes", AMOUNT_TYPES) or row["LineAmountTypes"]
    for key in ("Narration", "Url"):
        value = fields.text(element, key, MAX_TEXT)
        row[key] = row[key] if value is None else value
    shown = fields.flag(element, "ShowOnCashBasisReports")
    row["ShowOnCashBasisReports"] = row["ShowOnCashBasisReports"] if shown is None else shown
    posted_on = [old["Date"]] if old and old["Status"] == "POSTED" else []
    errors = checks.lock_errors(org, row["Date"], *posted_on)
    if not row["Narration"].strip():
        errors.append("The Narration field must be specified.")
    if "xero" in row["Url"].lower():
        errors.append("Url must not contain 'xero'.")
    warnings = _lines(org, element, row, errors)
    if errors:
        raise Invalid(*errors)
    key = row["ManualJournalID"]
    org.ledger.reverse(key)
    if status == "POSTED":
        _post(org, row)
    approved = status == "POSTED" and (not old or old["Status"] != "POSTED")
    org.note(key, "Posted" if approved else "Edited" if old else "Created")
    return org.manual_journals.put(row), warnings


def _lines(org, element, row, errors):
    """Set the lines of the journal, adding to ``errors``; returns warnings."""
    sent = fields.array(element, "JournalLines")
    if sent is None:
        sent = [{key: value for key, value in line.items() if key != "TaxAmount" and value != []}
                for line in row["JournalLines"]]
    known, warnings = [], []
    for line in sent:
        code = fields.text(line, "AccountCode", 10)
        if code and org.accounts.find("code", code) is None:
            warnings.append(f"Account code '{code}' has been removed as it does not match a"
                            " recognised account.")
        else:
            known.append(line)
    reader = JournalLineReader(org, row["LineAmountTypes"])
    row["JournalLines"] = reader.read(known)
    errors += reader.errors
    if len(known) < 2:
        errors.append("A manual journal must have at least two journal lines.")
    if not reader.errors:
        gross = [_gross(row, line) for line in row["JournalLines"]]
        debits = sum((amount for amount in gross if amount > 0), ZERO)
        credits = sum((amount for amount in gross if amount < 0), ZERO)
        if debits + credits:
            errors.append(f"The total debits ({debits}) must equal total credits ({credits})")
    return warnings


def _gross(row, line):
    exclusive = row["LineAmountTypes"] == "Exclusive"
    return line["LineAmount"] + (line["TaxAmount"] if exclusive else ZERO)


def _post(org, row):
    """Lines without their tax, and the tax to the tax account."""
    tax_account = org.system_account("GST")["AccountID"]
    amounts = {}
    for line in row["JournalLines"]:
        tax = line["TaxAmount"]
        for account, amount in ((line["AccountID"], _gross(row, line) - tax), (tax_account, tax)):
            amounts[account] = amounts.get(account, ZERO) + amount
    org.ledger.post(row["ManualJournalID"], row["Date"],
                    [(account, amount) for account, amount in amounts.items() if amount])
