"""TaxRates (operations getTaxRates, createTaxRates, updateTaxRate, getTaxRateByTaxType)."""

from decimal import Decimal

from .. import fields, query
from ..errors import Invalid, NotFound, ValidationFailed
from ..wire import rounded

STATUSES = ("ACTIVE", "DELETED", "ARCHIVED", "PENDING")
APPLIES = ("Assets", "Equity", "Expenses", "Liabilities", "Revenue")


def get_tax_rates(call):
    """GET /TaxRates: no paging, no If-Modified-Since; ``where`` and ``order``."""
    rows, _extra = query.select(call, call.org.tax_rates, paged=False, since=False)
    return {"TaxRates": rows}


def get_tax_rate(call, TaxType):
    """GET /TaxRates/{TaxType}."""
    row = call.org.tax_rates.rows.get(TaxType)
    if row is None:
        raise NotFound
    return {"TaxRates": [row]}


def put_tax_rate(call):
    """PUT /TaxRates: create one; it gets TAX001, TAX002 ..."""
    return _one(call, _create)


def post_tax_rate(call):
    """POST /TaxRates: change or delete one by TaxType or Name; system rates are fixed."""
    return _one(call, _update)


def _one(call, save):
    elements = call.elements("TaxRates")
    with call.org.transaction():
        try:
            if len(elements) != 1:
                raise Invalid("Only one tax rate can be processed per request.")
            return {"TaxRates": [save(call.org, elements[0])]}
        except Invalid as error:
            raise ValidationFailed([{**elements[0], "ValidationErrors": [
                {"Message": message} for message in error.messages]}]) from None


def _by_name(org, name):
    return next((row for row in org.tax_rates
                 if name and row["Name"].casefold() == name.casefold()
                 and row["Status"] == "ACTIVE"), None)


def _create(org, element):
    name = fields.text(element, "Name", 50)
    if not name or _by_name(org, name):
        raise Invalid("Please enter a unique Name.")
    if not fields.text(element, "ReportTaxType"):
        raise Invalid("ReportTaxType is required for this organisation.")
    number = sum(row["TaxType"].startswith("TAX") for row in org.tax_rates) + 1
    row = {"Name": name, "TaxType": f"TAX{number:03d}", "Status": "ACTIVE",
           "ReportTaxType": element["ReportTaxType"],
           **{f"CanApplyTo{label}": True for label in APPLIES}}
    return org.tax_rates.put({**row, **_components(element)})


def _update(org, element):
    row = org.tax_rates.rows.get(fields.text(element, "TaxType") or "") or _by_name(
        org, fields.text(element, "Name"))
    if row is None:
        raise NotFound
    if not row["TaxType"].startswith("TAX"):
        raise Invalid("System tax rates cannot be changed.")
    row = {**row, "Status": fields.choice(element, "Status", STATUSES) or row["Status"]}
    if element.get("TaxComponents"):
        row |= _components(element)
    return org.tax_rates.put(row)


def _components(element):
    parts, plain, compound = [], Decimal(0), Decimal(1)
    for part in fields.array(element, "TaxComponents") or []:
        rate = rounded(fields.number(part, "Rate") or Decimal(0), 4)
        is_compound = bool(fields.flag(part, "IsCompound"))
        parts.append({"Name": fields.text(part, "Name") or "", "Rate": rate,
                      "IsCompound": is_compound,
                      "IsNonRecoverable": bool(fields.flag(part, "IsNonRecoverable"))})
        if is_compound:
            compound *= 1 + rate / 100
        else:
            plain += rate
    if not parts:
        raise Invalid("At least one TaxComponent is required.")
    effective = rounded(((1 + plain / 100) * compound - 1) * 100, 4)
    return {"TaxComponents": parts, "DisplayTaxRate": effective, "EffectiveRate": effective}


ROUTES = [
    ("GET", "/TaxRates", get_tax_rates), ("PUT", "/TaxRates", put_tax_rate),
    ("POST", "/TaxRates", post_tax_rate), ("GET", "/TaxRates/<TaxType>", get_tax_rate),
]
