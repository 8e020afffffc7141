"""Fill the payroll of an organisation: 60 people on three calendars, the same in every run."""

from datetime import date, timedelta
from decimal import Decimal

from ...seeds.ids import seed_id
from ...wire import rounded
from ..rules import employees, items, pay_runs, periods
from .items import ITEMS, LEAVE, ORDINARY, OVERTIME, SALARY
from .more import earnings_more, employee_more, leave_more

REFERENCE = "2024-01-01"  # a Monday, and the first of a month
CALENDARS = (("Weekly Calendar", "WEEKLY", 3), ("Fortnightly Calendar", "FORTNIGHTLY", 3),
             ("Monthly Calendar", "MONTHLY", 0))
FIRST = ("Ava", "Ben", "Chloe", "Dan", "Ella", "Felix", "Georgia", "Harry", "Isla", "Jack",
         "Kate", "Liam", "Mia", "Noah", "Olive", "Peter", "Ruby", "Sam", "Tess", "Will")
LAST = ("Archer", "Barlow", "Cooper", "Doyle", "Ellis", "Farmer", "Gibson", "Hughes", "Irwin",
        "Jarvis", "Keane")
JOBS = ("Technician", "Bookkeeper", "Site Manager", "Driver", "Designer", "Storeperson")
# By number: two people with one name, one who has left, one of whom little is known.
TWINS, LEAVER, SPARSE = (7, 8), 13, 21
HOURLY = 3  # every third is paid by the hour


def fill(org, employees=60, pay_runs=0):
    """Add calendars and pay items once, then people until there are so many, then post pay runs.

    :param pay_runs: how many periods of each calendar are paid, ending with the last one.
    :returns: ids of the people.
    """
    if not len(org.payroll.calendars):
        _calendars(org)
        _items(org)
        _funds(org)
    for number in range(len(org.payroll.employees) + 1, employees + 1):
        org.payroll.employees.put(_employee(org, number))
    for calendar in list(org.payroll.calendars) if pay_runs else ():
        _paid(org, calendar, pay_runs)
    org.undo.clear()
    return [row["id"] for row in org.payroll.employees]


def _id(org, *parts):
    return seed_id(org.country, org.number, "payroll", *parts)


def _calendars(org):
    for name, kind, offset in CALENDARS:
        row = {"id": _id(org, name), "name": name, "type": kind, "reference": REFERENCE,
               "offset": offset, "updated": org.details["CreatedDateUTC"]}
        today = periods.period_of(row, org.today())
        last = periods.period_of(row, periods.shifted(today.start, -1))
        org.payroll.calendars.put({**row, "next": last.start})


def _items(org):
    defaults = {"account": "477", "updated": org.details["CreatedDateUTC"]}
    for position, (kind, name, values) in enumerate(ITEMS[org.country]):
        row = items.blank(org, kind, **{**defaults, "id": _id(org, kind, name, position),
                                        "name": name, **values})
        more = {key: row.pop(key) for key in (
            "earnings", "category", "calculation", "percentage", "old", "statutory") if key in row}
        if org.country == "AU" and kind == "earnings":
            more = earnings_more(more["earnings"], qualifying=None if "old" in more else True)
        elif org.country == "AU" and kind == "leave":
            more = leave_more(more.get("category"), qualifying=None if "old" in more else True)
        elif org.country == "AU":
            more = {"DeductionCategory": more["category"], "ReducesTax": False,
                    "ReducesSuper": False, "IsExemptFromW1": False} if more else {}
        org.payroll.pay_items.put({**row, "more": more})


def _funds(org):
    if org.country == "AU":
        org.payroll.super_funds.put({
            "id": _id(org, "fund"), "updated": org.details["CreatedDateUTC"], "more": {
                "Type": "REGULATED", "Name": "MLC Navigator Retirement Plan", "USI": "MLC0100AU",
                "ABN": "40022701955", "EmployerNumber": "12345678"}})


def _item(org, kind, name):
    return next(row["id"] for row in org.payroll.items(kind)
                if row["name"] == name and row["current"])


def _employee(org, number):
    country = org.country
    index = number - 1 if number != TWINS[1] else TWINS[0] - 1
    first, last = FIRST[index % len(FIRST)], LAST[(index // len(FIRST) + index) % len(LAST)]
    hourly = number % HOURLY == 0
    calendar = CALENDARS[0 if hourly else 1 + number % 2][0]
    rate = _item(org, "earnings", (ORDINARY if hourly else SALARY)[country])
    sparse = number == SPARSE
    created = org.details["CreatedDateUTC"]
    row = {
        "id": _id(org, "employee", number), "title": "Ms" if index % 2 == 0 else "Mr",
        "first": first, "last": last, "gender": "F" if index % 2 == 0 else "M",
        "email": f"{first}.{last}.{number}@staff.example".lower(),
        "phone": f"555 {number:04d}", "job": JOBS[number % len(JOBS)],
        "born": None if sparse else f"{1960 + number % 40}-0{number % 9 + 1}-15",
        "start": f"{2015 + number % 9}-0{number % 9 + 1}-01", "calendar": _id(org, calendar),
        "rate": rate, "weekly": Decimal("38"), "created": created, "updated": created,
        "engagement": None if sparse else "Casual" if hourly else "Permanent",
        **_pay(org, number, rate, hourly), "leave": _leave(org, number),
        "more": employee_more(country, number, sparse),
    }
    if number == LEAVER:
        row |= {"end": (date.fromisoformat(org.today()) - timedelta(60)).isoformat(), "reason": "V"}
    return employees.blank(org, **row)


def _pay(org, number, rate, hourly):
    """What the person is paid: by the hour with overtime, or a salary."""
    overtime = _item(org, "earnings", OVERTIME[org.country])
    price = Decimal(28 + number % 15)
    salary = Decimal(60_000 + 1_500 * (number % 30))
    line = {"salary": None, "price": None, "units": None, "fixed": None}
    hours = [{**line, "id": _id(org, "line", number, 1), "rate": rate, "price": price},
             {**line, "id": _id(org, "line", number, 2), "rate": overtime}]
    if org.country == "AU":
        return {"template": hours if hourly else [
            {**hours[0], "price": None, "salary": salary, "units": Decimal("38")}]}
    wage = {"id": _id(org, "wage", number), "rate": rate, "per_week": Decimal("38"),
            "per_day": Decimal("7.6"), "from": "2024-01-01", "status": "Active",
            "type": "Hourly" if hourly else "Salary", "price": price if hourly else None,
            "salary": rounded(price * 38 * 52, 2) if hourly else salary}
    return {"template": hours[1:] if hourly else [], "wages": [wage]}


def _leave(org, number):
    return {_item(org, "leave", name): {
        "balance": Decimal(opening) + number % 10 if Decimal(opening) else Decimal(0),
        "yearly": Decimal(yearly), "more": {}}
        for name, (yearly, opening) in LEAVE[org.country].items()}


def _paid(org, calendar, count):
    if not org.payroll.pay_runs.group("calendar", calendar["id"]):
        for _past in range(count):
            before = periods.shifted(calendar["next"], -1)
            calendar = {**calendar, "next": periods.period_of(calendar, before).start}
    org.payroll.calendars.put(calendar)
    for _run in range(count):
        calendar = org.payroll.calendars.get(calendar["id"])
        pay_runs.post(org, pay_runs.create(org, calendar))
