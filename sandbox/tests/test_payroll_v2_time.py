"""Timesheets of payroll 2.0 in AU, NZ and UK, leave of NZ and UK."""

from datetime import date, timedelta

import pytest
from payroll_client import AU, V2, Payroll, ms

ORDINARY = {"AU": "Ordinary Hours", "NZ": "Ordinary Time", "UK": "Regular Hours"}
LEAVE = {"NZ": "Annual Leave", "UK": "Holiday"}
BAD_PERIOD = "The timesheet dates don't match any of the pay period dates"


@pytest.fixture(params=["AU", "NZ", "UK"])
def pay(server, request):
    server.reset(country=request.param)
    server.sandbox.limits.minute = 100_000
    return Payroll(server, V2)


@pytest.fixture(params=["NZ", "UK"])
def islands(server, request):
    server.reset(country=request.param)
    server.sandbox.limits.minute = 100_000
    return Payroll(server, V2)


def reasons(answer, status=400):
    """The refused fields and the reasons of a problem."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body["httpStatusCode"] == {400: "BadRequest", 409: "Conflict"}[status]
    assert set(body["problem"]) == {"type", "title", "status", "detail", "instance",
                                    "invalidFields"}
    return {part["name"]: part["reason"] for part in body["problem"]["invalidFields"]}


def line(pay, shift=0, day=0, units=8, **values):
    first = date.fromisoformat(pay.week(shift)[0])
    return {"date": (first + timedelta(day)).isoformat(), "numberOfUnits": units,
            "earningsRateID": pay.item("earnings", ORDINARY[pay.org.country]), **values}


def sheet(pay, number=3, shift=0, **values):
    start, end = pay.week(shift)
    return {"payrollCalendarID": pay.calendar()["id"], "employeeID": pay.person(number)["id"],
            "startDate": start, "endDate": end, "timesheetLines": [line(pay, shift)], **values}


def create(pay, **values):
    return pay.ok("POST", "/Timesheets", sheet(pay, **values))["timesheet"]


def test_one_timesheet_per_person_and_period(pay):
    row = create(pay)
    assert (row["status"], row["totalHours"]) == ("Draft", 8)
    assert row["startDate"] == pay.week()[0] + "T00:00:00"
    assert pay.ok("GET", f"/Timesheets/{row['timesheetID']}")["timesheet"] == row
    assert reasons(pay.post("/Timesheets", sheet(pay))) == {
        "_default": "A timesheet already exists for this employee and pay period."}
    assert pay.post("/Timesheets", [sheet(pay, number=6)]).status_code == 400


def test_the_envelope_has_pagination_in_lists_only(pay):
    row = create(pay)
    one = pay.ok("GET", f"/Timesheets/{row['timesheetID']}")
    assert (one["httpStatusCode"], one["pagination"], one["problem"]) == ("OK", None, None)
    answer = pay.ok("GET", "/Timesheets")
    assert answer["pagination"] == {"page": 1, "pageSize": 100, "pageCount": 1, "itemCount": 1}
    assert "timesheetLines" not in answer["timesheets"][0]


def test_the_whole_period_of_the_persons_calendar(pay):
    start, end = pay.week()
    assert reasons(pay.post("/Timesheets", sheet(pay, endDate=start))) == {"_default": BAD_PERIOD}
    assert reasons(pay.post("/Timesheets", sheet(pay, startDate=ms(start)))) == {
        "startDate": "The startDate must be a date such as 2026-10-31."}
    other = {"payrollCalendarID": pay.calendar("Monthly Calendar")["id"]}
    assert "payrollCalendarID" in reasons(pay.post("/Timesheets", sheet(pay, **other)))
    outside = {"timesheetLines": [line(pay, date=pay.week(1)[0])]}
    assert reasons(pay.post("/Timesheets", sheet(pay, **outside))) == {
        "date": "The date of the line is outside of the timesheet."}
    assert "employeeID" in reasons(pay.post("/Timesheets", {
        "payrollCalendarID": pay.calendar()["id"]}))


def test_lines_are_added_edited_and_deleted_in_a_draft(pay):
    path = f"/Timesheets/{create(pay)['timesheetID']}"
    added = pay.ok("POST", path + "/Lines", line(pay, day=1, units=4))["timesheetLine"]
    one = f"{path}/Lines/{added['timesheetLineID']}"
    assert pay.ok("PUT", one, line(pay, day=1, units=5))["timesheetLine"]["numberOfUnits"] == 5
    assert pay.ok("GET", path)["timesheet"]["totalHours"] == 13
    assert pay.ok("DELETE", one)["problem"] is None
    assert pay.ok("GET", path)["timesheet"]["totalHours"] == 8
    assert pay.put(one, line(pay)).status_code == 404
    bad = line(pay, earningsRateID=pay.item("earnings", "Tool Allowance"))
    assert reasons(pay.post(path + "/Lines", bad)) == {
        "_default": "The earnings rate is not valid for timesheets."}


def test_approve_and_revert(pay):
    row = create(pay)
    path = f"/Timesheets/{row['timesheetID']}"
    assert pay.ok("POST", path + "/Approve")["timesheet"]["status"] == "Approved"
    first = f"{path}/Lines/{row['timesheetLines'][0]['timesheetLineID']}"
    for method, address, body in (("POST", path + "/Lines", line(pay)), ("DELETE", path, None),
                                  ("PUT", first, line(pay)), ("DELETE", first, None),
                                  ("POST", path + "/Approve", None)):
        assert reasons(pay.call(method, address, body)) == {
            "_default": "The timesheet is approved and cannot be changed."}
    assert pay.ok("POST", path + "/RevertToDraft")["timesheet"]["status"] == "Draft"
    assert reasons(pay.post(path + "/RevertToDraft", None)) == {
        "_default": "The timesheet is draft and cannot be changed."}
    pay.ok("DELETE", path)
    assert pay.get(path).status_code == 404


def test_paid_timesheets_are_completed_for_good(pay):
    path = f"/Timesheets/{create(pay)['timesheetID']}"
    late = f"/Timesheets/{create(pay, number=6)['timesheetID']}"
    pay.ok("POST", path + "/Approve")
    pay.act("post_pay_run", calendar="Weekly Calendar")
    assert pay.ok("GET", path)["timesheet"]["status"] == "Completed"
    for address in (path + "/RevertToDraft", path + "/Approve"):
        assert "already been processed" in reasons(pay.post(address, None))["_default"]
    assert "already been posted" in reasons(pay.post(late + "/Approve", None))["_default"]
    assert "already been posted" in reasons(pay.post("/Timesheets", sheet(
        pay, number=9, shift=-1)))["_default"]


def test_filters_and_order(pay, server):
    for shift in (0, 1):
        for number in (3, 6):
            create(pay, number=number, shift=shift)
            server.advance(1)
    rows = pay.ok("GET", "/Timesheets", sort="startDate")["timesheets"]
    assert [row["startDate"][:10] for row in rows] == [pay.week(1)[0]] * 2 + [pay.week()[0]] * 2
    pay.ok("POST", f"/Timesheets/{rows[0]['timesheetID']}/Approve")
    person = pay.person(3)["id"]

    def count(**query):
        return len(pay.ok("GET", "/Timesheets", **query)["timesheets"])

    assert count(filter=f"employeeId=={person}") == 2
    assert count(filter=f"employeeId=={person},payrollCalendarId=={pay.calendar()['id']}") == 2
    assert count(status="Approved") == 1
    assert count(startDate=pay.week(1)[0]) == 2
    assert count(endDate=pay.week()[1]) == 2
    assert reasons(pay.get("/Timesheets", filter="name==x")) == {
        "filter": "The filter is not valid: name==x"}


def test_both_versions_show_the_same_timesheets_in_au(server):
    old, new = Payroll(server, AU), Payroll(server, V2)
    key = create(new)["timesheetID"]
    row = old.ok("GET", f"/Timesheets/{key}")["Timesheet"]
    assert (row["Status"], row["TimesheetLines"][0]["NumberOfUnits"]) == (
        "DRAFT", [8, 0, 0, 0, 0, 0, 0])
    old.ok("POST", f"/Timesheets/{key}", [{"Status": "APPROVED"}])
    assert new.ok("GET", f"/Timesheets/{key}")["timesheet"]["status"] == "Approved"
    assert new.get("/Employees").status_code == 404
    assert server.count("GET /payroll.xro/2.0/Timesheets/{TimesheetID}") == 1


def test_only_nz_knows_requested(pay):
    key = create(pay)["timesheetID"]
    row = pay.org.payroll.timesheets.get(key)
    pay.org.payroll.timesheets.put({**row, "status": "REQUESTED"})
    shown = pay.ok("GET", f"/Timesheets/{key}")["timesheet"]["status"]
    nz = pay.org.country == "NZ"
    assert shown == ("Requested" if nz else "Draft")
    path = f"/Timesheets/{key}"
    assert pay.post(path + "/Lines", line(pay)).status_code == (400 if nz else 200)
    assert pay.ok("POST", path + "/Approve")["timesheet"]["status"] == "Approved"


# Leave


def leave(pay, shift=0, **values):
    start, end = pay.week(shift)
    return {"leaveTypeID": pay.item("leave", LEAVE[pay.org.country]), "description": "Beach",
            "startDate": start, "endDate": end, **values}


def mine(pay, path="Leave", number=3):
    return f"/Employees/{pay.person(number)['id']}/{path}"


def test_leave_is_approved_at_once(islands):
    row = islands.ok("POST", mine(islands), leave(islands))["leave"]
    part = row["periods"][0]
    assert (part["numberOfUnits"], part["periodStatus"]) == (38, "Approved")
    assert part.get("numberOfUnitsTaken") == (1 if islands.org.country == "NZ" else None)
    assert islands.ok("GET", mine(islands))["leave"] == [row]
    answer = islands.get(mine(islands) + f"/{row['leaveID']}")
    assert answer.status_code == (501 if islands.org.country == "NZ" else 200)


def test_leave_is_changed_and_deleted_until_it_is_taken(islands):
    row = islands.ok("POST", mine(islands), leave(islands))["leave"]
    path = f"{mine(islands)}/{row['leaveID']}"
    period = {"periodStartDate": islands.week()[0], "periodEndDate": islands.week()[1],
              "numberOfUnits": 5}
    row = islands.ok("PUT", path, leave(islands, periods=[period]))["leave"]
    assert row["periods"][0]["numberOfUnits"] == 5
    islands.ok("DELETE", path)
    assert islands.ok("GET", mine(islands))["leave"] == []
    row = islands.ok("POST", mine(islands), leave(islands))["leave"]
    islands.act("post_pay_run", calendar="Weekly Calendar")
    path = f"{mine(islands)}/{row['leaveID']}"
    assert islands.ok("GET", mine(islands))["leave"][0]["periods"][0]["periodStatus"] == "Completed"
    for answer in (islands.put(path, leave(islands)), islands.delete(path)):
        assert "already been processed" in reasons(answer)["_default"]


def test_leave_that_is_refused(islands):
    assert reasons(islands.post(mine(islands), leave(islands, description="x" * 51))) == {
        "description": "The description must not be longer than 50 characters."}
    assert reasons(islands.post(mine(islands), {"description": "x"})) == {
        "leaveTypeID": "The leaveTypeID field is required."}
    archived = {"leaveTypeID": islands.item("leave", "Parental Leave", current=False)}
    assert "leaveTypeID" in reasons(islands.post(mine(islands), leave(islands, **archived)))
    assert "already been paid" in reasons(
        islands.post(mine(islands), leave(islands, shift=-1)))["_default"]
    islands.act("unassign", employee=islands.person()["id"],
                leave_type=LEAVE[islands.org.country])
    assert reasons(islands.post(mine(islands), leave(islands))) == {
        "_default": "The leave type is not assigned to the employee."}


def test_requests_show_when_they_are_approved(islands):
    start, end = islands.week()
    row = islands.act("request_leave", employee=islands.person()["id"], start=start, end=end,
                      leave_type=LEAVE[islands.org.country])
    assert islands.ok("GET", mine(islands))["leave"] == []
    islands.act("approve", leave=row["id"])
    assert len(islands.ok("GET", mine(islands))["leave"]) == 1


def test_balances_have_their_own_call(islands):
    islands.act("set_balance", employee=islands.person()["id"], units=7.5,
                leave_type=LEAVE[islands.org.country])
    answer = islands.ok("GET", mine(islands, "LeaveBalances"))
    rows = {row["name"]: (row["balance"], row["typeOfUnits"]) for row in answer["leaveBalances"]}
    assert rows[LEAVE[islands.org.country]] == (7.5, "Hours")
    assert answer["pagination"]["itemCount"] == len(rows)


def test_leave_periods_are_worked_out(islands):
    (start, _end), (_start, end) = islands.week(), islands.week(1)
    rows = islands.ok("GET", mine(islands, "LeavePeriods"), startDate=start, endDate=end)["periods"]
    assert [row["numberOfUnits"] for row in rows] == [38, 38]
    assert "endDate" in reasons(islands.get(mine(islands, "LeavePeriods"), startDate=start))


def test_leave_types_are_assigned_to_a_person_once(islands):
    kind = islands.ok("POST", "/LeaveTypes", {"name": "Study", "isPaidLeave": False,
                                              "showOnPayslip": True})["leaveType"]
    nz = islands.org.country == "NZ"
    assign = {"leaveTypeID": kind["leaveTypeID"], "openingBalance": 3,
              "scheduleOfAccrual": "NoAccruals" if nz else "EachPayPeriod"}
    path = mine(islands, "LeaveTypes")
    islands.ok("POST", path, assign)
    assert "already assigned" in reasons(islands.post(path, assign))["_default"]
    assert len(islands.ok("GET", path)["leaveTypes"]) == (5 if nz else 4)
    islands.ok("POST", mine(islands), leave(islands, leaveTypeID=kind["leaveTypeID"]))


def test_statutory_sick_leave_of_uk_needs_the_settings_scope(server):
    server.reset(country="UK")
    before = Payroll(server, V2, scopes="offline_access payroll.employees")
    body = {"employeeID": before.person()["id"], "leaveTypeID": before.item("leave", "Sick Leave"),
            "startDate": "2026-11-02", "endDate": "2026-11-06", "workPattern": ["Monday"],
            "isPregnancyRelated": False, "sufficientNotice": True}
    assert before.post("/StatutoryLeaves/Sick", body).status_code == 401
    pay = Payroll(server, V2)
    assert reasons(pay.post("/StatutoryLeaves/Sick", {"employeeID": body["employeeID"]})) == {
        "leaveTypeID": "The leaveTypeID field is required."}
    row = pay.ok("POST", "/StatutoryLeaves/Sick", body)["statutorySickLeave"]
    assert pay.ok("GET", f"/StatutoryLeaves/Sick/{row['statutoryLeaveID']}")[
        "statutorySickLeave"] == row
    found = pay.ok("GET", f"/StatutoryLeaves/Summary/{pay.person()['id']}")["statutoryLeaves"]
    assert [part["type"] for part in found] == ["Sick"]
    answer = pay.ok("GET", mine(pay, "StatutoryLeaveBalance"), LeaveType="Sick")
    assert answer["leaveBalance"]["balanceRemaining"] == 38 * 28
