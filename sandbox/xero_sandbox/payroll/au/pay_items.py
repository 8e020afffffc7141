"""PayItems of AU 1.0: one object of four collections (facts, 4.2; operations getPayItems,
createPayItem). A collection that is posted replaces the kept one: what it leaves out is removed,
or archived when somebody uses it."""

from decimal import Decimal, InvalidOperation

from ... import fields
from ...errors import BadRequest, Invalid, ValidationFailed, unreadable
from ..rules import items as rules
from . import body

RATE_TYPES = ("FIXEDAMOUNT", "MULTIPLE", "RATEPERUNIT")
EARNINGS_TYPES = (
    "FIXED", "ORDINARYTIMEEARNINGS", "OVERTIMEEARNINGS", "ALLOWANCE", "LUMPSUMD",
    "EMPLOYMENTTERMINATIONPAYMENT", "LUMPSUMA", "LUMPSUMB", "BONUSESANDCOMMISSIONS", "LUMPSUME",
    "LUMPSUMW", "DIRECTORSFEES", "PAIDPARENTALLEAVE", "WORKERSCOMPENSATION")
CATEGORIES = ("NONE", "UNIONFEES", "WORKPLACEGIVING")
# collection -> our kind, its id field, what is kept as it was sent.
COLLECTIONS = {
    "EarningsRates": ("earnings", "EarningsRateID", (
        "EarningsType", "IsExemptFromTax", "IsExemptFromSuper", "IsReportableAsW1",
        "IsQualifyingEarnings", "AllowanceContributesToAnnualLeaveRate",
        "AllowanceContributesToOvertimeRate", "EmploymentTerminationPaymentType", "AccrueLeave",
        "AllowanceType", "AllowanceCategory")),
    "DeductionTypes": ("deduction", "DeductionTypeID", (
        "ReducesTax", "ReducesSuper", "IsExemptFromW1", "DeductionCategory")),
    "LeaveTypes": ("leave", "LeaveTypeID", (
        "NormalEntitlement", "LeaveLoadingRate", "LeaveCategoryCode", "SGCExempt",
        "IsQualifyingEarnings")),
    "ReimbursementTypes": ("reimbursement", "ReimbursementTypeID", ()),
}


def shown(_org, row):
    """The fields of any item that where and order know."""
    return {"Name": row["name"], "CurrentRecord": row["current"], "AccountCode": row["account"],
            "RateType": row["rate_type"], "TypeOfUnits": row["units"],
            "EarningsType": row["more"].get("EarningsType")}


def render(row):
    """An item as the API answers it."""
    kind = row["kind"]
    id_field = next(field for ours, field, _more in COLLECTIONS.values() if ours == kind)
    answer = {id_field: row["id"], "Name": row["name"], **row["more"]}
    if kind == "leave":
        answer |= {"TypeOfUnits": row["units"], "IsPaidLeave": row["paid"],
                   "ShowOnPayslip": row["shown"]}
    else:
        answer["AccountCode"] = row["account"]
    if kind == "earnings":
        price = row["price"]
        answer |= {"RateType": row["rate_type"], "TypeOfUnits": row["units"],
                   "RatePerUnit": None if price is None else f"{price:.4f}",
                   "Multiplier": row["multiplier"], "Amount": row["fixed"]}
    return body.filled(answer) | {"CurrentRecord": row["current"]} | body.stamped(row)


def _answer(call, kinds=None):
    """All items in their collections; a GET may filter them."""
    answer = {}
    for name, (kind, _field, _more) in COLLECTIONS.items():
        rows = call.org.payroll.items(kind)
        if kinds is None:
            rows = body.listing(call, call.org.payroll.pay_items, shown, rows)
        answer[name] = [render(row) for row in rows]
    return {"PayItems": answer}


def get_pay_items(call):
    """GET /PayItems: archived ones too, with CurrentRecord false."""
    return _answer(call)


def post_pay_items(call):
    """POST /PayItems: each collection in the body replaces the kept one."""
    sent = call.document()
    if not isinstance(sent, dict):
        raise unreadable("The request body must be an object.")
    known = {name: fields.array(sent, name) for name in COLLECTIONS if name in sent}
    if not any(known.values()):
        raise BadRequest("NoDataProcessedException", "No data has been processed.")
    with call.org.transaction():
        refused = [part for name, elements in known.items()
                   for part in _replace(call.org, name, elements or [])]
        if refused:
            raise ValidationFailed(refused)
    return _answer(call, kinds=known)


def _replace(org, name, elements):
    """Keep the elements of a collection and drop the others; returns the refused ones."""
    kind, id_field, _more = COLLECTIONS[name]
    kept, refused = set(), []
    for element in elements:
        try:
            kept.add(save(org, name, element)["id"])
        except Invalid as error:
            refused.append({**element, "ValidationErrors": [
                {"Message": message} for message in error.messages]})
    for row in [] if refused else org.payroll.items(kind):
        if row["id"] not in kept:
            _drop(org, row)
    return refused


def save(org, name, element):
    """Create or change one item; returns its row. :raises Invalid: refused."""
    kind, id_field, more = COLLECTIONS[name]
    key = fields.guid(element, id_field)
    old = org.payroll.item(kind, key)
    if key and old is None:
        raise Invalid(f"The {id_field} does not exist.")
    title = fields.text(element, "Name", 100)
    if not (title or "").strip():
        raise Invalid("The Name is required")
    current = fields.flag(element, "CurrentRecord") is not False
    if current and rules.is_taken(org, kind, title, but=key):
        raise Invalid("The Name must be unique")
    row = {**(old or rules.blank(org, kind)), "name": title, "current": current,
           "more": {field: element[field] for field in more if field in element},
           "updated": org.stamp()}
    {"earnings": _earnings, "deduction": _deduction, "leave": _leave,
     "reimbursement": _account}[kind](org, element, row)
    return org.payroll.pay_items.put(row)


def _earnings(org, element, row):
    _account(org, element, row)
    fields.choice(element, "EarningsType", EARNINGS_TYPES)
    kind = fields.choice(element, "RateType", RATE_TYPES) or "RATEPERUNIT"
    row |= {"rate_type": kind, "units": fields.text(element, "TypeOfUnits", 50),
            "price": _price(element),
            "multiplier": fields.number(element, "Multiplier"),
            "fixed": fields.number(element, "Amount")}
    if not element.get("EarningsType"):
        raise Invalid("The EarningsType is required")
    if kind != "FIXEDAMOUNT" and not row["units"]:
        raise Invalid("The Type Of Units is required")
    if kind == "MULTIPLE" and not row["multiplier"]:
        raise Invalid("The Multiplier is required")
    _qualifying(element)


def _price(element):
    """RatePerUnit, a text in the specification; a number is taken as well."""
    value = element.get("RatePerUnit")
    if not isinstance(value, str):
        return fields.number(element, "RatePerUnit")
    try:
        return Decimal(value)
    except InvalidOperation:
        raise Invalid("The RatePerUnit must be a number") from None


def _deduction(org, element, row):
    _account(org, element, row)
    fields.choice(element, "DeductionCategory", CATEGORIES)


def _leave(_org, element, row):
    row |= {"units": fields.text(element, "TypeOfUnits"),
            "paid": fields.flag(element, "IsPaidLeave") is not False,
            "shown": fields.flag(element, "ShowOnPayslip") is not False}
    if not row["units"]:
        raise Invalid("The Type Of Units is required")
    _qualifying(element)


def _qualifying(element):
    if fields.flag(element, "IsQualifyingEarnings") is None:
        raise Invalid("The IsQualifyingEarnings field is required.")


def _account(org, element, row):
    code = fields.text(element, "AccountCode")
    account = org.accounts.find("code", code)
    if account is None or account["Status"] != "ACTIVE":
        raise Invalid(f"The AccountCode '{code}' is not a valid account.")
    row["account"] = code


def _drop(org, row):
    used = any(row["id"] in {*employee["leave"], employee["rate"], *(
        line["rate"] for line in employee["template"])} for employee in org.payroll.employees)
    if used:
        org.payroll.pay_items.put({**row, "current": False, "updated": org.stamp()})
    else:
        org.payroll.pay_items.remove(row["id"])


ROUTES = [("GET", "/PayItems", get_pay_items), ("POST", "/PayItems", post_pay_items)]
