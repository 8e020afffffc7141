"""Pay items of NZ and UK, each kind at its own path: read and create, no change, no delete
(facts, 4.4 and 4.5)."""

from dataclasses import dataclass

from ... import fields
from ...errors import InvalidField, NotFound
from ..rules import items as rules
from . import shape

RATE_TYPES = {"RatePerUnit": "RATEPERUNIT", "MultipleOfOrdinaryEarningsRate": "MULTIPLE",
              "FixedAmount": "FIXEDAMOUNT"}
RATE_NAMES = {ours: name for name, ours in RATE_TYPES.items()}
CATEGORIES = {
    "deductionCategory": {
        "NZ": ("PayrollGiving", "KiwiSaverVoluntaryContributions", "Superannuation", "NzOther"),
        "UK": ("CapitalContributions", "ChildCareVoucher", "MakingGood",
               "PostgraduateLoanDeductions", "PrivateUsePayments", "SalarySacrifice",
               "StakeholderPension", "StakeholderPensionPostTax", "StudentLoanDeductions",
               "UkOther")},
    "category": {"NZ": ("KiwiSaver", "ComplyingFund", "Other"),
                 "UK": ("StakeholderPension", "Other")},
}
CALCULATIONS = {"NZ": "calculationTypeNZ", "UK": "calculationType"}


@dataclass(frozen=True)
class Path:
    """One kind of pay item: its path, its names in answers, and where its fields are kept."""

    kind: str
    plural: str
    single: str
    id_field: str
    name_field: str
    account_field: str
    category_field: str
    amount_field: str
    required: tuple
    more: tuple = ()  # kept as they were sent


EARNINGS = Path("earnings", "earningsRates", "earningsRate", "earningsRateID", "name",
                "expenseAccountID", "earningsType", "fixedAmount",
                ("name", "earningsType", "rateType", "typeOfUnits", "expenseAccountID"))
DEDUCTIONS = Path("deduction", "deductions", "deduction", "deductionId", "deductionName",
                  "liabilityAccountId", "deductionCategory", "standardAmount",
                  ("deductionName", "liabilityAccountId"))
REIMBURSEMENTS = Path("reimbursement", "reimbursements", "reimbursement", "reimbursementID", "name",
                      "accountID", "", "", ("name", "accountID"))
BENEFITS = Path("superannuation", "benefits", "benefit", "id", "name", "liabilityAccountId",
                "category", "standardAmount",
                ("name", "category", "liabilityAccountId", "expenseAccountId"),
                more=("percentage", "companyMax"))
STATUTORY = Path("statutory", "statutoryDeductions", "statutoryDeduction", "id", "name",
                 "liabilityAccountId", "statutoryDeductionCategory", "", ())
REIMBURSEMENT_MORE = ("reimbursementCategory", "calculationType", "standardAmount",
                      "standardTypeOfUnits", "standardRatePerUnit")
EXPENSE = "477"


def render(org, path, row):
    """An item as the API answers it."""
    account = org.accounts.find("code", row["account"])["AccountID"]
    answer = {path.id_field: row["id"], path.name_field: row["name"],
              path.account_field: account, "currentRecord": row["current"]}
    if path.category_field:
        answer[path.category_field] = row["more"].get("category") or row["more"].get("earnings")
    if path.amount_field:
        answer[path.amount_field] = row["fixed"]
    if path is EARNINGS:
        answer |= {"rateType": RATE_NAMES[row["rate_type"]], "typeOfUnits": row["units"],
                   "ratePerUnit": row["price"],
                   "multipleOfOrdinaryEarningsRate": row["multiplier"]}
    if path is BENEFITS:
        answer |= {"expenseAccountId": org.accounts.find("code", EXPENSE)["AccountID"],
                   CALCULATIONS[org.country]: row["more"].get("calculation")}
    if path is REIMBURSEMENTS and org.country == "NZ":
        answer |= {key: row["more"].get(key) for key in REIMBURSEMENT_MORE}
    return answer | {key: row["more"][key] for key in path.more if key in row["more"]}


def _list(path):
    def get_items(call):
        """Pages of 100, archived ones too."""
        rows, block = shape.page(call, call.org.payroll.items(path.kind))
        return {**block, path.plural: [render(call.org, path, row) for row in rows]}
    return get_items


def _one(path):
    def get_item(call, **ids):
        """One by id, which every kind calls differently."""
        (key,) = ids.values()
        row = call.org.payroll.item(path.kind, key)
        if row is None:
            raise NotFound
        return {path.single: render(call.org, path, row)}
    return get_item


def _create(path):
    def post_item(call):
        """A new one."""
        org, sent = call.org, shape.body(call)
        if path is BENEFITS and org.country == "UK":
            shape.require(sent, "calculationType", "percentage")
        row = _read(org, path, sent)
        return {path.single: render(org, path, org.payroll.pay_items.put(row))}
    return post_item


def _read(org, path, sent):
    needed = [key for key in path.required if not (
        key == "typeOfUnits" and sent.get("rateType") == "FixedAmount")]
    if path is DEDUCTIONS and org.country == "NZ":
        needed.append(path.category_field)
    shape.require(sent, *needed)
    row = {**new(org, path.kind, shape.text(sent, path.name_field, 100), path.name_field),
           "account": _account(org, sent, path.account_field)}
    row["fixed"] = fields.number(sent, path.amount_field) if path.amount_field else None
    category = shape.text(sent, path.category_field) if path.category_field else None
    allowed = CATEGORIES.get(path.category_field, {}).get(org.country)
    if allowed:
        shape.choice(sent, path.category_field, allowed)
    row["more"] = {"category": category, "calculation": sent.get(CALCULATIONS[org.country]),
                   **{key: sent[key] for key in (*path.more, *REIMBURSEMENT_MORE) if key in sent}}
    if path is EARNINGS:
        row |= {"rate_type": RATE_TYPES[shape.choice(sent, "rateType", tuple(RATE_TYPES))],
                "units": shape.text(sent, "typeOfUnits"),
                "price": fields.number(sent, "ratePerUnit"),
                "multiplier": fields.number(sent, "multipleOfOrdinaryEarningsRate")}
        if row["rate_type"] == "MULTIPLE" and not row["multiplier"]:
            raise InvalidField("multipleOfOrdinaryEarningsRate",
                               "The multipleOfOrdinaryEarningsRate field is required.")
    return row


def new(org, kind, name, name_field):
    """A new pay item's row, not yet kept; :raises InvalidField: the name is taken."""
    if rules.is_taken(org, kind, name):
        raise InvalidField(name_field, f"The {name_field} must be unique.")
    return rules.blank(org, kind, name=name)


def _account(org, sent, key):
    account = org.accounts.get(fields.guid(sent, key))
    if account is None or account["Status"] != "ACTIVE" or not account.get("Code"):
        raise InvalidField(key, f"The {key} is not a valid account.")
    return account["Code"]


def _read_routes(address, path, id_name):
    return [("GET", address, _list(path)), ("GET", f"{address}/<{id_name}>", _one(path))]


def _routes(address, path, id_name):
    return [*_read_routes(address, path, id_name), ("POST", address, _create(path))]


ROUTES = [
    *_routes("/EarningsRates", EARNINGS, "EarningsRateID"),
    *_routes("/Deductions", DEDUCTIONS, "deductionId"),
    *_routes("/Reimbursements", REIMBURSEMENTS, "ReimbursementID"),
]
NZ_ROUTES = [
    *_routes("/Superannuations", BENEFITS, "SuperannuationID"),
    *_read_routes("/StatutoryDeductions", STATUTORY, "id"),
]
UK_ROUTES = [*_routes("/Benefits", BENEFITS, "id"),
             *_read_routes("/EarningsOrders", STATUTORY, "id")]
