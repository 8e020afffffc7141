"""Lines of a document: accounts, tax types, tracking, items, amounts (facts, section 3.2)."""

import uuid
from decimal import Decimal

from .. import fields, totals
from ..errors import Invalid
from ..rules import account_class
from ..wire import ZERO, ZERO_GUID, rounded

# System accounts that a person may code a line to; all others are refused.
CODABLE_SYSTEM = ("ROUNDING",)
APPLIES_TO = {"ASSET": "Assets", "EQUITY": "Equity", "EXPENSE": "Expenses",
              "LIABILITY": "Liabilities", "REVENUE": "Revenue"}
KEPT = ("Description", "Quantity", "UnitAmount", "ItemCode", "AccountID", "TaxType",
        "DiscountRate", "DiscountAmount", "Tracking")
MAX_DISCOUNT = Decimal(100)


class LineReader:
    """Turns the LineItems of one document into stored lines, collecting what is wrong."""

    def __init__(self, org, sale, discounts, line_amount_types, final, unit_places):
        """:param sale: sales document; :param discounts: discounts allowed (ACCREC invoices);
        :param final: SUBMITTED or AUTHORISED, so that lines must be complete."""
        self.org = org
        self.sale = sale
        self.discounts = discounts
        self.types = line_amount_types
        self.final = final
        self.places = unit_places
        self.errors = []

    def read(self, elements, old_lines=()):
        """Stored lines for the sent ``elements``; lines that name an old LineItemID keep it."""
        old = {line["LineItemID"]: line for line in old_lines}
        lines = []
        for element in elements:
            try:
                lines.append(self._line(element, old))
            except Invalid as error:
                self.errors += error.messages
        return lines

    def _line(self, element, old):
        line_id = fields.guid(element, "LineItemID")
        before = {}
        if line_id and line_id != ZERO_GUID and old:
            if line_id not in old:
                raise Invalid(f"The LineItemID {line_id} could not be found on this document.")
            before = {key: old[line_id][key] for key in KEPT if key in old[line_id]}
            element = {**_as_sent(before, element), **element}
        item = self._item(element)
        line = {"LineItemID": line_id if before else str(uuid.uuid4())}
        line["Description"] = self._description(element, item)
        if item:
            line["ItemCode"] = item["Code"]
        line["Tracking"] = self._tracking(element)
        if not item and _is_note(element):
            return line
        self._account_and_tax(line, element, item)
        self._amounts(line, element, item)
        return line

    def _description(self, element, item):
        text = fields.text(element, "Description", 4000)
        text = text if text is not None else (item or {}).get("Description", "")
        if not text.strip():
            raise Invalid("Description needs to be at least 1 char long.")
        return text

    def _item(self, element):
        code = fields.text(element, "ItemCode", 30)
        if not code:
            return None
        item = self.org.items.find("code", code)
        if item is None:
            raise Invalid(f"Item code '{code}' is not valid")
        side = item.get("SalesDetails" if self.sale else "PurchaseDetails") or {}
        text = "Description" if self.sale else "PurchaseDescription"
        return {"Code": code, "Description": item.get(text) or "", **side}

    def _account_and_tax(self, line, element, item):
        account = self._account(element, item)
        if account is None:
            if self.final:
                raise Invalid("Account must be valid.")
            if fields.text(element, "TaxType"):
                line["TaxType"] = self._rate(element["TaxType"])["TaxType"]
            return
        line["AccountID"] = account["AccountID"]
        if account.get("Code"):
            line["AccountCode"] = account["Code"]
        rate = self._rate(fields.text(element, "TaxType") or (item or {}).get("TaxType")
                          or account["TaxType"])
        if not rate[f"CanApplyTo{APPLIES_TO[account_class(account)]}"]:
            raise Invalid(f"The TaxType code '{rate['TaxType']}' cannot be used with account code"
                          f" '{account.get('Code', '')}'.")
        line["TaxType"] = rate["TaxType"]

    def _account(self, element, item):
        code = fields.text(element, "AccountCode", 10)
        account_id = fields.guid(element, "AccountID")
        code = code or (not account_id and (item or {}).get("AccountCode"))
        account = self.org.accounts.find("code", code) if code else None
        if account_id:
            by_id = self.org.accounts.get(account_id)
            account = by_id if not code or by_id == account else None
        label = code or account_id
        if not label:
            return None
        if account is None:
            raise Invalid(f"Account code '{label}' is not a valid code for this document.")
        if account["Status"] != "ACTIVE":
            raise Invalid(f"Account code '{label}' has been archived, or has been deleted. Each"
                          " line item must reference a valid account.")
        system = account.get("SystemAccount")
        if account["Type"] == "BANK" or (system and system not in CODABLE_SYSTEM):
            raise Invalid(f"Account code '{label}' is not a valid code for this document.")
        return account

    def _rate(self, tax_type):
        rate = self.org.tax_rates.rows.get(tax_type)
        if rate is None or rate["Status"] != "ACTIVE":
            raise Invalid(f"The TaxType code {tax_type} does not exist or cannot be used for this"
                          " type of transaction.")
        return rate

    def _amounts(self, line, element, item):
        discount_rate, discount = self._discounts(element)
        unit = fields.number(element, "UnitAmount")
        given = fields.number(element, "LineAmount")
        if unit is None and given is None and item:
            unit = item.get("UnitPrice")
        try:
            quantity, unit, amount = totals.line_amount(
                fields.number(element, "Quantity"), unit, discount_rate, discount, given,
                self.places)
        except totals.LineTotalMismatch as error:
            raise Invalid(f"The line total {error.given} does not match the expected line total"
                          f" {error.expected}") from None
        if abs(amount) > totals.MAX_LINE:
            raise Invalid("The line amount exceeds the maximum of 9,999,999,999.99.")
        rate = self.org.tax_rates.rows[line["TaxType"]]["EffectiveRate"] if "TaxType" in line else 0
        tax = totals.line_tax(amount, rate, self.types, fields.number(element, "TaxAmount"))
        line |= {"Quantity": quantity, "UnitAmount": unit, "LineAmount": amount, "TaxAmount": tax}
        if discount_rate:
            line["DiscountRate"] = discount_rate
        if discount:
            line["DiscountAmount"] = discount

    def _discounts(self, element):
        rate = fields.number(element, "DiscountRate")
        amount = fields.number(element, "DiscountAmount")
        if not rate and not amount:
            return None, None
        if not self.discounts:
            raise Invalid("Discounts can only be applied to accounts receivable invoices.")
        if rate and amount:
            raise Invalid("Only one of DiscountRate and DiscountAmount may be specified.")
        if rate and not 0 < rate <= MAX_DISCOUNT:
            raise Invalid("DiscountRate must be between 0 and 100.")
        return (rounded(rate, 2) if rate else None), (rounded(amount, 2) if amount else None)

    def _tracking(self, element):
        sent = fields.array(element, "Tracking") or []
        if len(sent) > 2:
            raise Invalid("A line item can have a maximum of 2 tracking categories.")
        result = [self._option(part) for part in sent]
        if len({part["TrackingCategoryID"] for part in result}) < len(result):
            raise Invalid("A tracking category can only be used once per line item.")
        return result

    def _option(self, part):
        category_id = fields.guid(part, "TrackingCategoryID")
        option_id = fields.guid(part, "TrackingOptionID")
        name, option_name = fields.text(part, "Name", 100), fields.text(part, "Option", 100)
        for category in self.org.tracking:
            if category["Status"] != "ACTIVE" or not (
                    category["TrackingCategoryID"] == category_id
                    or (not category_id and category["Name"] == name)):
                continue
            for option in category["Options"]:
                if option["Status"] == "ACTIVE" and (
                        option["TrackingOptionID"] == option_id
                        or (not option_id and option["Name"] == option_name)):
                    return {
                        "Name": category["Name"], "Option": option["Name"],
                        "TrackingCategoryID": category["TrackingCategoryID"],
                        "TrackingOptionID": option["TrackingOptionID"],
                    }
        raise Invalid(f"The tracking option '{option_id or option_name}' of category"
                      f" '{category_id or name}' could not be found.")


def _is_note(element):
    """A line with nothing but a description."""
    keys = ("Quantity", "UnitAmount", "LineAmount", "AccountCode", "AccountID")
    return all(element.get(key) in (None, "") for key in keys)


def _as_sent(before, element):
    """The old line as defaults for an update that names its LineItemID."""
    kept = dict(before)
    if element.get("AccountCode"):
        kept.pop("AccountID", None)
    if element.get("LineAmount") is not None and element.get("UnitAmount") is None:
        kept.pop("UnitAmount", None)
    return kept


def pairs(lines):
    """(LineAmount, TaxAmount) of each line for the totals engine."""
    return [(line.get("LineAmount", ZERO), line.get("TaxAmount", ZERO)) for line in lines]
