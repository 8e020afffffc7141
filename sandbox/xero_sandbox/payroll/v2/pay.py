"""What a person in NZ or UK is paid (facts, 4.4 and 4.5): SalaryAndWages, and the earnings of the
pay template. Both come after the Employment."""

import uuid

from ... import fields
from ...errors import Invalid, NotFound
from ...wire import ZERO
from . import shape

STATUSES, TYPES = ("Active", "Pending", "History"), ("Salary", "Hourly")
REQUIRED = ("earningsRateID", "numberOfUnitsPerWeek", "effectiveFrom", "annualSalary", "status",
            "paymentType")
NUMBERS = {"numberOfUnitsPerWeek": "per_week", "numberOfUnitsPerDay": "per_day",
           "ratePerUnit": "price", "annualSalary": "salary"}


def _wage(org, line):
    answer = {"salaryAndWagesID": line["id"], "earningsRateID": line["rate"],
              **{name: line.get(ours) for name, ours in NUMBERS.items()},
              "effectiveFrom": shape.moment(line["from"]), "status": line["status"],
              "paymentType": line["type"]}
    if org.country == "NZ":
        answer |= {"daysPerWeek": line.get("days"), "workPatternType": "DaysAndHours"}
    return answer


def get_wages(call, EmployeeID):
    """GET /Employees/{EmployeeID}/SalaryAndWages."""
    person = shape.found(call.org.payroll.employees, EmployeeID)
    rows, block = shape.page(call, person["wages"])
    return {**block, "salaryAndWages": [_wage(call.org, line) for line in rows]}


def get_wage(call, EmployeeID, SalaryAndWagesID):
    """GET /Employees/{EmployeeID}/SalaryAndWages/{SalaryAndWagesID}: a list of one."""
    person = shape.found(call.org.payroll.employees, EmployeeID)
    return {"salaryAndWages": [_wage(call.org, _of(person, "wages", SalaryAndWagesID))]}


def post_wage(call, EmployeeID):
    """POST /Employees/{EmployeeID}/SalaryAndWages."""
    person = _employed(call, EmployeeID)
    line = _read_wage(call)
    _keep(call, person, wages=[*person["wages"], line], rate=person["rate"] or line["rate"],
          weekly=line["per_week"] or person["weekly"])
    return {"salaryAndWages": _wage(call.org, line)}


def put_wage(call, EmployeeID, SalaryAndWagesID):
    """PUT /Employees/{EmployeeID}/SalaryAndWages/{SalaryAndWagesID}: the whole line."""
    person = _employed(call, EmployeeID)
    old = _of(person, "wages", SalaryAndWagesID)
    line = {**_read_wage(call), "id": old["id"]}
    _keep(call, person, wages=[line if part is old else part for part in person["wages"]])
    return {"salaryAndWages": _wage(call.org, line)}


def delete_wage(call, EmployeeID, SalaryAndWagesID):
    """DELETE /Employees/{EmployeeID}/SalaryAndWages/{SalaryAndWagesID}."""
    person = shape.found(call.org.payroll.employees, EmployeeID)
    old = _of(person, "wages", SalaryAndWagesID)
    _keep(call, person, wages=[part for part in person["wages"] if part is not old])
    return {}


def _read_wage(call):
    sent = shape.body(call)
    shape.require(sent, *REQUIRED, *(("numberOfUnitsPerDay",) if call.org.country == "NZ" else ()))
    rate = shape.record(sent, "earningsRateID", call.org.payroll.pay_items, "earnings")
    kind = shape.choice(sent, "paymentType", TYPES)
    line = {"id": str(uuid.uuid4()), "rate": rate["id"], "from": shape.day(sent, "effectiveFrom"),
            "status": shape.choice(sent, "status", STATUSES), "type": kind,
            "days": fields.number(sent, "daysPerWeek"),
            **{ours: fields.number(sent, name) for name, ours in NUMBERS.items()}}
    if kind == "Hourly":
        shape.require(sent, "ratePerUnit")
    return line


# The pay template


def _earning(org, line):
    return {"payTemplateEarningID": line["id"], "earningsRateID": line["rate"],
            "name": org.payroll.item("earnings", line["rate"])["name"],
            "ratePerUnit": line["price"], "numberOfUnits": line["units"],
            "fixedAmount": line["fixed"]}


def get_template(call, EmployeeID):
    """GET /Employees/{EmployeeID}/PayTemplates."""
    person = shape.found(call.org.payroll.employees, EmployeeID)
    return {"payTemplate": {"employeeID": person["id"], "earningTemplates": [
        _earning(call.org, line) for line in person["template"]]}}


def post_earning(call, EmployeeID):
    """POST .../PayTemplates/Earnings: one more line."""
    person = _employed(call, EmployeeID)
    line = _read_earning(call, shape.body(call))
    _keep(call, person, template=[*person["template"], line])
    return {"earningTemplate": _earning(call.org, line)}


def post_earnings(call, EmployeeID):
    """POST .../PayTemplateEarnings: several more lines, all or nothing."""
    person = _employed(call, EmployeeID)
    lines = [_read_earning(call, sent) for sent in shape.array(call)]
    _keep(call, person, template=[*person["template"], *lines])
    return {"earningTemplates": [_earning(call.org, line) for line in lines]}


def put_earning(call, EmployeeID, PayTemplateEarningID):
    """PUT .../PayTemplates/Earnings/{PayTemplateEarningID}."""
    person = _employed(call, EmployeeID)
    old = _of(person, "template", PayTemplateEarningID)
    line = {**_read_earning(call, shape.body(call)), "id": old["id"]}
    _keep(call, person, template=[line if part is old else part for part in person["template"]])
    return {"earningTemplate": _earning(call.org, line)}


def delete_earning(call, EmployeeID, PayTemplateEarningID):
    """DELETE .../PayTemplates/Earnings/{PayTemplateEarningID}."""
    person = shape.found(call.org.payroll.employees, EmployeeID)
    old = _of(person, "template", PayTemplateEarningID)
    _keep(call, person, template=[part for part in person["template"] if part is not old])
    return {}


def _read_earning(call, sent):
    shape.require(sent, "earningsRateID")
    rate = shape.record(sent, "earningsRateID", call.org.payroll.pay_items, "earnings")
    return {"id": str(uuid.uuid4()), "rate": rate["id"], "salary": None,
            "price": fields.number(sent, "ratePerUnit"),
            "units": fields.number(sent, "numberOfUnits") or ZERO,
            "fixed": fields.number(sent, "fixedAmount")}


def _employed(call, key):
    person = shape.found(call.org.payroll.employees, key)
    if not person["calendar"]:
        raise Invalid("Please add the employment of the employee.")
    return person


def _of(person, name, key):
    line = next((line for line in person[name] if line["id"] == key.lower()), None)
    if line is None:
        raise NotFound
    return line


def _keep(call, person, **changes):
    call.org.payroll.employees.put({**person, **changes, "updated": call.org.stamp()})


_PERSON = "/Employees/<EmployeeID>"
_WAGES, _TEMPLATE = _PERSON + "/SalaryAndWages", _PERSON + "/PayTemplates"
_WAGE = _WAGES + "/<SalaryAndWagesID>"


def _earning_routes(address, several):
    one = address + "/<PayTemplateEarningID>"
    return [("POST", address, post_earning), ("PUT", one, put_earning),
            ("DELETE", one, delete_earning), ("POST", several, post_earnings)]


ROUTES = [
    ("GET", _WAGES, get_wages), ("POST", _WAGES, post_wage), ("GET", _WAGE, get_wage),
    ("PUT", _WAGE, put_wage), ("DELETE", _WAGE, delete_wage), ("GET", _TEMPLATE, get_template),
]
# The two countries spell these paths differently.
NZ_ROUTES = _earning_routes(_TEMPLATE + "/Earnings", _PERSON + "/PayTemplateEarnings")
UK_ROUTES = _earning_routes(_TEMPLATE + "/earnings", _PERSON + "/paytemplateearnings")
