"""Tax, bank, opening balances and working patterns of a person (facts, 4.4 and 4.5): what was sent
is kept and shown, checked where the facts say so."""

import uuid

from ... import fields
from ...errors import InvalidField, NotFound
from ...wire import ZERO
from . import shape

TAX_CODES = ("ND", "M", "ME", "MSL", "MESL", "SB", "S", "SH", "ST", "SBSL", "SSL", "SHSL", "STSL",
             "WT", "CAE", "EDW", "NSW", "STC", "STCSL")
TAX = {"NZ": {"irdNumber": None, "taxCode": "M", "isEligibleForKiwiSaver": True},
       "UK": {"taxCode": "1257L", "w1M1": False, "isDirector": False}}
METHODS = ("Cheque", "Electronically", "Manual")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def get_tax(call, EmployeeID):
    """GET /Employees/{EmployeeID}/Tax."""
    return {"employeeTax": TAX[call.org.country] | _kept(_person(call, EmployeeID), "tax", {})}


def post_tax(call, EmployeeID):
    """POST /Employees/{EmployeeID}/Tax: NZ only."""
    person, sent = _person(call, EmployeeID), shape.body(call)
    shape.choice(sent, "taxCode", TAX_CODES)
    _keep(call, person, tax={**_kept(person, "tax", {}), **sent})
    return get_tax(call, EmployeeID)


def get_bank(call, EmployeeID):
    """GET /Employees/{EmployeeID}/PaymentMethods."""
    default = {"paymentMethod": METHODS[1], "bankAccounts": []}
    return {"paymentMethod": _kept(_person(call, EmployeeID), "bank", default)}


def post_bank(call, EmployeeID):
    """POST /Employees/{EmployeeID}/PaymentMethods."""
    person, sent = _person(call, EmployeeID), shape.body(call)
    uk = call.org.country == "UK"
    if uk:
        shape.require(sent, "paymentMethod")
    shape.choice(sent, "paymentMethod", METHODS)
    for account in fields.array(sent, "bankAccounts") or ():
        shape.require(account, "accountName", "accountNumber", *(("sortCode",) if uk else ()))
        if uk:
            shape.text(account, "accountName", 32)
            _digits(account, "accountNumber", 8)
            _digits(account, "sortCode", 6)
    _keep(call, person, bank=sent)
    return {"paymentMethod": sent}


def _digits(element, key, count):
    value = shape.text(element, key)
    if not (value.isdigit() and len(value) == count):
        raise InvalidField(key, f"The {key} must have {count} digits.")


def get_opening(call, EmployeeID):
    """GET .../OpeningBalances (NZ, a list of periods) or .../ukopeningbalances (one object)."""
    person, nz = _person(call, EmployeeID), call.org.country == "NZ"
    return {"openingBalances": _kept(person, "opening", [] if nz else {})}


def post_opening(call, EmployeeID):
    """POST or PUT of the opening balances."""
    person = _person(call, EmployeeID)
    sent = shape.array(call) if call.org.country == "NZ" else shape.body(call)
    _keep(call, person, opening=sent)
    return {"openingBalances": sent}


# Working patterns, NZ only


def get_patterns(call, EmployeeID):
    """GET /Employees/{EmployeeID}/Working-Patterns."""
    rows = _kept(_person(call, EmployeeID), "patterns", [])
    return {"payeeWorkingPatterns": [
        {key: row[key] for key in ("payeeWorkingPatternID", "effectiveFrom")} for row in rows]}


def get_pattern(call, EmployeeID, EmployeeWorkingPatternID):
    """GET /Employees/{EmployeeID}/Working-Patterns/{EmployeeWorkingPatternID}."""
    return {"payeeWorkingPattern": _pattern(_person(call, EmployeeID), EmployeeWorkingPatternID)}


def post_pattern(call, EmployeeID):
    """POST /Employees/{EmployeeID}/Working-Patterns."""
    person, sent = _person(call, EmployeeID), shape.body(call)
    shape.require(sent, "effectiveFrom", "workingWeeks")
    weeks = fields.array(sent, "workingWeeks")
    for week in weeks:
        shape.require(week, *WEEKDAYS)
    row = {"payeeWorkingPatternID": str(uuid.uuid4()), "workingWeeks": weeks,
           "effectiveFrom": shape.moment(shape.day(sent, "effectiveFrom"))}
    _keep(call, person, patterns=[*_kept(person, "patterns", []), row])
    hours = [sum((fields.number(week, name) or ZERO for name in WEEKDAYS), ZERO) for week in weeks]
    person = call.org.payroll.employees.get(person["id"])
    call.org.payroll.employees.put({**person, "weekly": sum(hours, ZERO) / len(hours)
                                    or person["weekly"]})
    return {"payeeWorkingPattern": row}


def delete_pattern(call, EmployeeID, EmployeeWorkingPatternID):
    """DELETE /Employees/{EmployeeID}/Working-Patterns/{EmployeeWorkingPatternID}."""
    person = _person(call, EmployeeID)
    old = _pattern(person, EmployeeWorkingPatternID)
    _keep(call, person, patterns=[row for row in person["more"]["patterns"] if row is not old])
    return {}


def _pattern(person, key):
    row = next((row for row in _kept(person, "patterns", [])
                if row["payeeWorkingPatternID"] == key.lower()), None)
    if row is None:
        raise NotFound
    return row


def _person(call, key):
    return shape.found(call.org.payroll.employees, key)


def _kept(person, name, default):
    return person["more"].get(name, default)


def _keep(call, person, **more):
    call.org.payroll.employees.put({**person, "more": {**person["more"], **more},
                                    "updated": call.org.stamp()})


_PERSON = "/Employees/<EmployeeID>"
_NZ, _UK = _PERSON + "/OpeningBalances", _PERSON + "/ukopeningbalances"
_PATTERNS = _PERSON + "/Working-Patterns"
_PATTERN = _PATTERNS + "/<EmployeeWorkingPatternID>"
ROUTES = [
    ("GET", _PERSON + "/Tax", get_tax), ("GET", _PERSON + "/PaymentMethods", get_bank),
    ("POST", _PERSON + "/PaymentMethods", post_bank),
]
NZ_ROUTES = [
    ("POST", _PERSON + "/Tax", post_tax), ("GET", _NZ, get_opening), ("POST", _NZ, post_opening),
    ("GET", _PATTERNS, get_patterns), ("POST", _PATTERNS, post_pattern),
    ("GET", _PATTERN, get_pattern), ("DELETE", _PATTERN, delete_pattern),
]
UK_ROUTES = [("GET", _UK, get_opening), ("POST", _UK, post_opening), ("PUT", _UK, post_opening)]
