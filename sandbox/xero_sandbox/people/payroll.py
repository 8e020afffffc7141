"""Staff, leave, timesheets and pay runs in Xero's own screens, the same for all countries.

Rows keep our own keys (``xero_sandbox/payroll/store.py``). People, calendars, leave types and
earnings rates are named by id, the last three by name as well.
"""

import uuid
from decimal import Decimal

from .. import fields
from ..errors import Invalid
from ..payroll.rules import calendars, employees, leave, pay_runs, periods, timesheets
from ..wire import ZERO
from .rows import find

EDITABLE = ("title", "first", "last", "born", "gender", "email", "phone", "job", "start",
            "engagement", "weekly")


def add_employee(org, request):
    """{first, last, calendar, email?, born?, start?, rate?, hourly?: price | salary?: a year}."""
    rate = _item(org, "earnings", request["rate"]) if "rate" in request else next(
        row for row in org.payroll.items("earnings") if row["current"])
    line = {"id": str(uuid.uuid4()), "rate": rate["id"], "units": None, "fixed": None,
            "price": fields.number(request, "hourly"), "salary": fields.number(request, "salary")}
    values = {key: request[key] for key in EDITABLE if key in request}
    return org.payroll.employees.put(employees.blank(
        org, **{"start": org.today(), **values}, calendar=_calendar(org, request["calendar"])["id"],
        rate=rate["id"], template=[line] if line["price"] or line["salary"] else []))


def edit_employee(org, request):
    """{employee, values: {our key: value}, calendar?}."""
    row = find(org.payroll.employees, request["employee"])
    unknown = set(request.get("values", {})) - set(EDITABLE)
    if unknown:
        raise KeyError(", ".join(unknown))
    calendar = {"calendar": _calendar(org, request["calendar"])["id"]} \
        if "calendar" in request else {}
    return org.payroll.employees.put({**row, **request.get("values", {}), **calendar,
                                      "updated": org.stamp()})


def terminate(org, request):
    """{employee, date?: yesterday, reason?: V}."""
    row = find(org.payroll.employees, request["employee"])
    return employees.terminate(org, row, request.get("date") or periods.shifted(org.today(), -1),
                               request.get("reason", "V"))


def rehire(org, request):
    """{employee, date?: today}; returns the new employee, who has a new id."""
    row = find(org.payroll.employees, request["employee"])
    return employees.rehire(org, row, request.get("date") or org.today())


def delete_employee(org, request):
    """{employee}: somebody who was never paid."""
    row = find(org.payroll.employees, request["employee"])
    if any(slip["employee"] == row["id"] for slip in org.payroll.payslips):
        raise Invalid("An employee with pay history cannot be deleted.")
    org.payroll.employees.remove(row["id"])
    return row


def assign(org, request):
    """{employee, rate | leave_type, yearly?: hours}: the person may use this pay item."""
    row = find(org.payroll.employees, request["employee"])
    if "rate" in request:
        line = {"id": str(uuid.uuid4()), "rate": _item(org, "earnings", request["rate"])["id"],
                "salary": None, "price": None, "units": None, "fixed": None}
        return _change(org, row, template=[*row["template"], line])
    key = _item(org, "leave", request["leave_type"])["id"]
    kept = row["leave"].get(key, {"balance": ZERO, "more": {}})
    yearly = fields.number(request, "yearly") or ZERO
    return _change(org, row, leave={**row["leave"], key: {**kept, "yearly": yearly}})


def unassign(org, request):
    """{employee, rate | leave_type}."""
    row = find(org.payroll.employees, request["employee"])
    if "rate" in request:
        key = _item(org, "earnings", request["rate"])["id"]
        return _change(org, row, template=[
            line for line in row["template"] if line["rate"] != key])
    key = _item(org, "leave", request["leave_type"])["id"]
    return _change(org, row, leave={name: kept for name, kept in row["leave"].items()
                                    if name != key})


def set_balance(org, request):
    """{employee, leave_type, units}."""
    row = find(org.payroll.employees, request["employee"])
    key = _item(org, "leave", request["leave_type"])["id"]
    kept = row["leave"].get(key, {"yearly": ZERO, "more": {}})
    return _change(org, row, leave={**row["leave"], key: {
        **kept, "balance": fields.number(request, "units")}})


def make_calendar(org, request):
    """{name, type: as in AU 1.0, start, payment}."""
    return calendars.keep(org, request["name"], request["type"], request["start"],
                          request["payment"])


def archive_item(org, request):
    """{pay_item: id or name, back?: true to make it current again}."""
    return _change_item(org, request, current=bool(request.get("back")))


def rename_item(org, request):
    """{pay_item: id or name, name}."""
    return _change_item(org, request, name=request["name"])


def create_timesheet(org, request):
    """{timesheet: employee, start?: next period, rate?: the ordinary one, hours: [a day, ...]}."""
    person = find(org.payroll.employees, request["timesheet"])
    calendar = employees.calendar_of(org, person)
    period = periods.period_of(calendar, request.get("start") or calendar["next"])
    timesheets.check_new(org, person, calendar, period.start, period.end)
    rate = _item(org, "earnings", request["rate"])["id"] if "rate" in request else person["rate"]
    days = periods.days(period.start, period.end)
    lines = [{"id": str(uuid.uuid4()), "date": day, "rate": rate, "tracking": None,
              "units": Decimal(str(units))} for day, units in zip(days, request["hours"],
                                                                  strict=False)]
    return timesheets.keep(org, {"employee": person["id"], "calendar": calendar["id"],
                                 "start": period.start, "end": period.end}, lines=lines)


def approve_timesheet(org, request):
    """{timesheet: id}."""
    return _timesheet(org, request, "APPROVED", "DRAFT", "REQUESTED", "REJECTED")


def reject_timesheet(org, request):
    """{timesheet: id}."""
    return _timesheet(org, request, "REJECTED", "DRAFT", "REQUESTED", "APPROVED")


def process(org, request):
    """{timesheet: id}: as if its pay run had been posted."""
    return _timesheet(org, request, "PROCESSED", "APPROVED")


def delete_timesheet(org, request):
    """{timesheet: id}: not a processed one."""
    row = find(org.payroll.timesheets, request["timesheet"])
    timesheets.check_editable(org, row)
    org.payroll.timesheets.remove(row["id"])
    return row


def request_leave(org, request):
    """{employee, leave_type, start, end, title?, units?: a period, payout?: CASHED_OUT}: waits for approval."""
    person = find(org.payroll.employees, request["employee"])
    key = _item(org, "leave", request["leave_type"])["id"]
    start, end = request["start"], request["end"]
    leave.check(org, person, key, start, end)
    calendar = employees.calendar_of(org, person)
    parts = leave.split(person, calendar, start, end, "REQUESTED")
    units = fields.number(request, "units")
    if units is not None:
        parts = [{**part, "units": units} for part in parts]
    return leave.keep(org, {
        "employee": person["id"], "type": key, "title": request.get("title", "Leave"),
        "description": "", "start": start, "end": end, "payout": request.get("payout", "DEFAULT"),
        "periods": parts})


def approve_leave(org, request):
    """{leave: id}."""
    return leave.move(org, _leave(org, request), ("REQUESTED",), "SCHEDULED")


def reject_leave(org, request):
    """{leave: id}: unless it is taken."""
    return leave.move(org, _leave(org, request), leave.OPEN, "REJECTED")


def delete_leave(org, request):
    """{leave: id}: unless it is taken."""
    row = _leave(org, request)
    leave.check_editable(row)
    org.payroll.leaves.remove(row["id"])
    return row


def create_pay_run(org, request):
    """{calendar, payment?}: a draft of the next period."""
    return pay_runs.create(org, _calendar(org, request["calendar"]), request.get("payment"))


def post_pay_run(org, request):
    """{pay_run: id} or {calendar}: its draft, made first when there is none."""
    if "pay_run" in request:
        return pay_runs.post(org, find(org.payroll.pay_runs, request["pay_run"]))
    calendar = _calendar(org, request["calendar"])
    return pay_runs.post(org, pay_runs.draft_of(org, calendar) or pay_runs.create(org, calendar))


def delete_pay_run(org, request):
    """{pay_run: id}: a draft with its payslips."""
    row = find(org.payroll.pay_runs, request["pay_run"])
    if row["status"] == "POSTED":
        raise Invalid(pay_runs.POSTED)
    for slip in pay_runs.slips(org, row):
        org.payroll.payslips.remove(slip["id"])
    org.payroll.pay_runs.remove(row["id"])
    return row


def _change(org, row, **values):
    return org.payroll.employees.put({**row, **values, "updated": org.stamp()})


def _change_item(org, request, **values):
    key = request["pay_item"]
    row = org.payroll.pay_items.get(key) or _named(
        (row for row in org.payroll.pay_items if row["current"] or request.get("back")), key)
    return org.payroll.pay_items.put({**row, **values, "updated": org.stamp()})


def _timesheet(org, request, status, *allowed):
    row = find(org.payroll.timesheets, request["timesheet"])
    timesheets.check_editable(org, row, *allowed)
    return timesheets.keep(org, row, status=status)


def _leave(org, request):
    return find(org.payroll.leaves, request["leave"])


def _item(org, kind, key):
    return org.payroll.item(kind, key) or _named(
        (row for row in org.payroll.items(kind) if row["current"]), key)


def _calendar(org, key):
    return org.payroll.calendars.get(key) or _named(org.payroll.calendars, key)


def _named(rows, name):
    row = next((row for row in rows if row["name"] == name), None)
    if row is None:
        raise KeyError(name)
    return row
