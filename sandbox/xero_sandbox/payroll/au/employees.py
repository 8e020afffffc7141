"""Employees of AU 1.0 (facts, 4.2; operations getEmployees, createEmployee, getEmployee,
updateEmployee): the list is a summary, tax, pay and balances only come by id."""

import uuid

from ... import fields
from ...errors import Invalid
from ...wire import ZERO, rounded
from ..rules import employees as rules
from . import body

GENDERS = ("N", "M", "F", "I")
REASONS = ("V", "I", "D", "R", "F", "C", "T")
STATES = ("ACT", "NSW", "NT", "QLD", "SA", "TAS", "VIC", "WA")
TYPES = ("EMPLOYEE", "CONTRACTOR")
INCOMES = ("SALARYANDWAGES", "WORKINGHOLIDAYMAKER", "NONEMPLOYEE", "CLOSELYHELDPAYEES",
           "LABOURHIRE")
TEXTS = {"Title": "title", "FirstName": "first", "LastName": "last", "Email": "email",
         "Phone": "phone", "JobTitle": "job"}
DAYS = {"DateOfBirth": "born", "StartDate": "start"}
# Kept as they were sent, once they have the right type; details only come with one employee.
SUMMARY = {**dict.fromkeys(("MiddleNames", "Mobile", "TwitterUserName", "Classification",
                            "EmployeeGroupName"), fields.text), "IsSTP2Qualified": fields.flag}
DETAIL = {
    **dict.fromkeys(("HomeAddress", "OpeningBalances", "TaxDeclaration"), fields.obj),
    **dict.fromkeys(("BankAccounts", "SuperMemberships"), fields.array),
    **dict.fromkeys(("IncomeType", "EmploymentType", "CountryOfResidence"), fields.text),
    **dict.fromkeys(("IsAuthorisedToApproveLeave", "IsAuthorisedToApproveTimesheets"),
                    fields.flag)}
CALCULATIONS = ("USEEARNINGSRATE", "ENTEREARNINGSRATE", "ANNUALSALARY")
# Lists of a pay template that are kept as they were sent: the kind of pay item, the name of its id.
KEPT_LINES = {"DeductionLines": ("deduction", "DeductionTypeID"), "SuperLines": None,
              "ReimbursementLines": ("reimbursement", "ReimbursementTypeID")}


def shown(org, row):
    """What a list shows, days as texts."""
    return {
        "EmployeeID": row["id"], **{key: row[ours] for key, ours in TEXTS.items()},
        "Gender": row["gender"], "DateOfBirth": row["born"], "StartDate": row["start"],
        "TerminationDate": row["end"], "TerminationReason": row["reason"],
        "Status": "ACTIVE" if rules.is_active(org, row) else "TERMINATED",
        "OrdinaryEarningsRateID": row["rate"], "PayrollCalendarID": row["calendar"],
        **{key: row["more"].get(key) for key in SUMMARY}}


def render(org, row, detail=False):
    """An employee as the API answers it."""
    answer = shown(org, row)
    for key in (*DAYS, "TerminationDate"):
        answer[key] = body.day(answer[key])
    if detail:
        answer |= {key: row["more"].get(key) for key in DETAIL}
        answer |= {"PayTemplate": _template(org, row), "LeaveBalances": _balances(org, row)}
    return body.filled(answer) | body.stamped(row)


def _template(org, row):
    kept = row["more"].get("template", {})
    return {"EarningsLines": [_line(line) for line in row["template"]],
            **{name: kept.get(name, []) for name in KEPT_LINES}, "LeaveLines": [
                {"LeaveTypeID": key, "CalculationType": "FIXEDAMOUNTEACHPERIOD",
                 "AnnualNumberOfUnits": kept["yearly"], **_qualifies(org, key)}
                for key, kept in row["leave"].items()]}


def _qualifies(org, key):
    more = org.payroll.item("leave", key)["more"]
    return {name: more[name] for name in ("IsQualifyingEarnings",) if name in more}


def _line(line):
    shared = {"EarningsRateID": line["rate"]}
    if line["salary"]:
        return body.filled({**shared, "CalculationType": "ANNUALSALARY",
                            "AnnualSalary": line["salary"], "NumberOfUnitsPerWeek": line["units"]})
    kind = "ENTEREARNINGSRATE" if line["price"] else "USEEARNINGSRATE"
    return body.filled({**shared, "CalculationType": kind, "RatePerUnit": line["price"],
                        "NormalNumberOfUnits": line["units"], "FixedAmount": line["fixed"]})


def _balances(org, row):
    return [{"LeaveTypeID": key, "LeaveName": item["name"], "TypeOfUnits": item["units"],
             "NumberOfUnits": rounded(kept["balance"], 4)}
            for key, kept in row["leave"].items() for item in [org.payroll.item("leave", key)]]


def get_employees(call):
    """GET /Employees: a summary of each, terminated ones too."""
    rows = body.listing(call, call.org.payroll.employees, shown)
    return {"Employees": [render(call.org, row) for row in rows]}


def get_employee(call, EmployeeID):
    """GET /Employees/{EmployeeID}: everything."""
    row = body.found(call.org.payroll.employees, EmployeeID)
    return {"Employees": [render(call.org, row, detail=True)]}


def post_employees(call):
    """POST /Employees: an element with an EmployeeID is an update."""
    return body.batch(call, "Employees", "EmployeeID", save)


def post_employee(call, EmployeeID):
    """POST /Employees/{EmployeeID}."""
    row = body.found(call.org.payroll.employees, EmployeeID)
    return body.update(call, "Employees", "EmployeeID", row["id"], save)


def save(org, element, key=None):
    """Create or change one employee; returns the answer element. :raises Invalid: refused."""
    key = key or fields.guid(element, "EmployeeID")
    old = org.payroll.employees.get(key) if key else None
    if key and old is None:
        raise Invalid("The employee does not exist.")
    row = {**old, "updated": org.stamp()} if old else rules.blank(org, more={
        "IsSTP2Qualified": True})
    row |= {ours: value for name, ours in TEXTS.items()
            if (value := fields.text(element, name)) is not None}
    row |= {ours: value for name, ours in DAYS.items() if (value := fields.day(element, name))}
    row["gender"] = fields.choice(element, "Gender", GENDERS) or row["gender"]
    row["more"] = {**row["more"], **{
        name: value for name, read in (SUMMARY | DETAIL).items()
        if (value := read(element, name)) is not None}}
    _references(org, element, row)
    _template_of(org, element, row)
    errors = _missing(row, new=old is None)
    if errors:
        raise Invalid(*errors)
    org.payroll.employees.put(row)
    _termination(org, element, row)
    return render(org, org.payroll.employees.get(row["id"]), detail=True)


def _references(org, element, row):
    calendar = fields.guid(element, "PayrollCalendarID")
    if calendar and not org.payroll.calendars.get(calendar):
        raise Invalid("The payroll calendar does not exist.")
    rate = fields.guid(element, "OrdinaryEarningsRateID")
    if rate:
        rules.check_item(org, "earnings", rate, "The ordinary earnings rate does not exist.")
    row |= {"calendar": calendar or row["calendar"], "rate": rate or row["rate"]}


def _template_of(org, element, row):
    """PayTemplate: the one that is sent replaces the kept one, what it leaves out is gone (the
    facts are silent: stricter)."""
    template = fields.obj(element, "PayTemplate")
    if template is not None:
        row["template"] = [_read_line(org, line)
                           for line in fields.array(template, "EarningsLines") or ()]
        row["more"] = {**row["more"], "template": _read_kept(org, template)}
        leave = fields.array(template, "LeaveLines")
        row["leave"] = {key: {**kept, "yearly": ZERO} for key, kept in row["leave"].items()} \
            if leave is None else dict(_read_leave(org, row, line) for line in leave)
    opening = fields.obj(element, "OpeningBalances") or {}
    for line in fields.array(opening, "LeaveLines") or ():
        key, kept = _read_leave(org, row, line)
        balance = fields.number(line, "NumberOfUnits")
        row["leave"] = {**row["leave"], key: {**kept, "balance": balance or kept["balance"]}}


def _read_kept(org, template):
    found = {name: fields.array(template, name) or [] for name in KEPT_LINES}
    for name, item in KEPT_LINES.items():
        for line in found[name] if item else ():
            kind, key = item
            rules.check_item(org, kind, fields.guid(line, key), f"The {key} does not exist.")
    return found


def _read_line(org, line):
    rate = rules.check_item(org, "earnings", fields.guid(line, "EarningsRateID"),
                            "The earnings rate does not exist.")
    kind = fields.choice(line, "CalculationType", CALCULATIONS) or "USEEARNINGSRATE"
    salary = fields.number(line, "AnnualSalary")
    if kind == "ANNUALSALARY" and not salary:
        raise Invalid("The AnnualSalary is required.")
    units = "NumberOfUnitsPerWeek" if kind == "ANNUALSALARY" else "NormalNumberOfUnits"
    return {"id": str(uuid.uuid4()), "rate": rate["id"], "units": fields.number(line, units),
            "salary": salary if kind == "ANNUALSALARY" else None,
            "price": fields.number(line, "RatePerUnit") if kind == CALCULATIONS[1] else None,
            "fixed": fields.number(line, "FixedAmount")}


def _read_leave(org, row, line):
    item = rules.check_item(org, "leave", fields.guid(line, "LeaveTypeID"),
                            "The leave type does not exist.")
    kept = row["leave"].get(item["id"], {"balance": rounded(0 * row["weekly"], 4), "more": {}})
    yearly = fields.number(line, "AnnualNumberOfUnits")
    return item["id"], {**kept, "yearly": yearly if yearly is not None
                        else kept.get("yearly", rounded(0 * row["weekly"], 4))}


def _missing(row, new):
    """What a complete employee lacks (facts, 4.2; organisations are STP2 ones)."""
    more, errors = row["more"], []
    for name, value in (("FirstName", row["first"]), ("LastName", row["last"]),
                        ("DateOfBirth", row["born"] or not new)):
        if not value:
            errors.append(f"The {name} field is required.")
    address = more.get("HomeAddress")
    if new and not (address and fields.text(address, "AddressLine1")):
        errors.append("The HomeAddress AddressLine1 field is required.")
    if address and address.get("Region") not in STATES:
        errors.append("The HomeAddress Region must be an Australian state.")
    for name, allowed in (("IncomeType", INCOMES), ("EmploymentType", TYPES)):
        if new and not more.get(name):
            errors.append(f"The {name} field is required.")
        fields.choice(more, name, allowed)
    if row["email"] and "@" not in row["email"]:
        errors.append("Email address must be valid.")
    return errors


def _termination(org, element, row):
    end = fields.day(element, "TerminationDate")
    reason = fields.choice(element, "TerminationReason", REASONS)
    if end and not reason:
        raise Invalid("The TerminationReason field is required.")
    if end:
        rules.terminate(org, row, end, reason)
    elif row["end"] and element.get("Status") == "ACTIVE":
        raise Invalid("A terminated employee cannot be made active.")




_ONE = "/Employees/<EmployeeID>"
ROUTES = [
    ("GET", "/Employees", get_employees), ("POST", "/Employees", post_employees),
    ("GET", _ONE, get_employee), ("POST", _ONE, post_employee),
]
