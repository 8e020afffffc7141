"""Employees and their Employment in NZ and UK (facts, 4.4 and 4.5; operations getEmployees,
createEmployee, getEmployee, updateEmployee, createEmployment)."""

from ... import fields
from ...errors import Invalid, InvalidField
from ..rules import employees as rules
from . import shape

REQUIRED = {"NZ": ("firstName", "lastName", "dateOfBirth", "address"),
            "UK": ("title", "firstName", "lastName", "dateOfBirth", "gender", "address")}
EMPLOYMENT = {"NZ": ("payrollCalendarID", "startDate", "engagementType"),
              "UK": ("payrollCalendarID", "startDate", "employeeNumber", "niCategories")}
ADDRESS = ("addressLine1", "city", "postCode")
TEXTS = {"title": "title", "firstName": "first", "lastName": "last", "email": "email",
         "phoneNumber": "phone", "jobTitle": "job"}
# Kept as they were sent.
KEPT = {"NZ": ("address",), "UK": ("address", "nationalInsuranceNumber", "isOffPayrollWorker",
                                   "niCategory", "niCategories", "contracts")}
LETTERS = "ABCFHIJLMSVXZDEKN"
STATUSES = ("Employee", "Worker", "OffPayrollWorker", "Unspecified")
CONTRACTS = ("FullTime", "PartTime", "ZeroHour", "Unspecified")


def render(org, row, listed=False):
    """An employee as the API answers it; UK's list has no titles and a null NI category, as in the
    specification's example (facts, 6.2)."""
    answer = {
        "employeeID": row["id"], **{name: row[ours] or None for name, ours in TEXTS.items()},
        "gender": row["gender"], "dateOfBirth": shape.moment(row["born"]),
        "startDate": shape.moment(row["start"]), "endDate": shape.moment(row["end"]),
        "payrollCalendarID": row["calendar"], "updatedDateUTC": shape.stamp(row["updated"]),
        "createdDateUTC": shape.stamp(row["created"]),
        **{key: row["more"][key] for key in KEPT[org.country] if key in row["more"]}}
    if org.country == "UK":
        del answer["jobTitle"]
        if listed:
            del answer["title"]
            answer["niCategory"] = None
    else:
        answer |= {"engagementType": row["engagement"],
                   "fixedTermEndDate": shape.moment(row["more"].get("fixedTermEndDate"))}
    return answer


def get_employees(call):
    """GET /Employees: pages of 100; filter=firstName==John,lastName==Smith."""
    asked = shape.filters(call, "firstname", "lastname")
    rows = [row for row in call.org.payroll.employees
            if row["first"].casefold() == asked.get("firstname", row["first"].casefold())
            and row["last"].casefold() == asked.get("lastname", row["last"].casefold())]
    rows, block = shape.page(call, rows)
    return {**block, "employees": [render(call.org, row, listed=True) for row in rows]}


def get_employee(call, EmployeeID):
    """GET /Employees/{EmployeeID}."""
    row = shape.found(call.org.payroll.employees, EmployeeID)
    return {"employee": render(call.org, row)}


def post_employee(call):
    """POST /Employees: a person; calendar and start come with the Employment."""
    return {"employee": save(call.org, shape.body(call))}


def put_employee(call, EmployeeID):
    """PUT /Employees/{EmployeeID}: the whole person."""
    row = shape.found(call.org.payroll.employees, EmployeeID)
    return {"employee": save(call.org, shape.body(call), row)}


def save(org, element, old=None):
    """Create or change one employee; returns the answer. :raises InvalidField: refused."""
    shape.require(element, *REQUIRED[org.country])
    shape.require(fields.obj(element, "address"), *ADDRESS)
    row = {**old, "updated": org.stamp()} if old else rules.blank(org)
    row |= {ours: value for name, ours in TEXTS.items()
            if (value := shape.text(element, name)) is not None}
    if row["email"] and "@" not in row["email"]:
        raise InvalidField("email", "Email address must be valid.")
    row |= {"born": shape.day(element, "dateOfBirth"),
            "gender": shape.choice(element, "gender", ("M", "F")) or row["gender"],
            "more": {**row["more"], **{key: element[key] for key in KEPT[org.country]
                                       if element.get(key) is not None}}}
    return render(org, org.payroll.employees.put(row))


def post_employment(call, EmployeeID):
    """POST /Employees/{EmployeeID}/Employment: puts the person on a calendar."""
    org, sent = call.org, shape.body(call)
    row = shape.found(org.payroll.employees, EmployeeID)
    shape.require(sent, *EMPLOYMENT[org.country])
    if row["end"]:
        raise Invalid("The employee has been terminated.")
    calendar = shape.record(sent, "payrollCalendarID", org.payroll.calendars)
    start = shape.day(sent, "startDate")
    more = _uk(sent) if org.country == "UK" else {
        "fixedTermEndDate": shape.day(sent, "fixedTermEndDate")}
    org.payroll.employees.put({
        **row, "calendar": calendar["id"], "start": start, "updated": org.stamp(),
        "engagement": shape.text(sent, "engagementType") or row["engagement"],
        "more": {**row["more"], **more}})
    names = {**dict.fromkeys(EMPLOYMENT[org.country]), **more}
    shown = {**{name: sent.get(name) for name in names}, "payrollCalendarID": calendar["id"],
             "startDate": shape.moment(start)}
    if "fixedTermEndDate" in shown:
        shown["fixedTermEndDate"] = shape.moment(more["fixedTermEndDate"])
    return {"employment": shown}


def _uk(sent):
    """NI categories and contracts, as they were sent."""
    for part in fields.array(sent, "niCategories"):
        shape.require(part, "niCategory", "workplacePostcode")
        shape.choice(part, "niCategory", tuple(LETTERS))
    for part in fields.array(sent, "contracts") or ():
        shape.require(part, "startDate", "employmentStatus", "contractType")
        shape.choice(part, "employmentStatus", STATUSES)
        shape.choice(part, "contractType", CONTRACTS)
    return {key: sent[key] for key in ("employeeNumber", "niCategories", "contracts")
            if sent.get(key)}


_ONE = "/Employees/<EmployeeID>"
ROUTES = [
    ("GET", "/Employees", get_employees), ("POST", "/Employees", post_employee),
    ("GET", _ONE, get_employee), ("PUT", _ONE, put_employee),
    ("POST", _ONE + "/Employment", post_employment),
]
