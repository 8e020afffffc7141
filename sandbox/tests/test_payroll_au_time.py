"""Timesheets and leave applications of Payroll AU 1.0."""

import pytest
from payroll_client import AU, Payroll, ms
from test_payroll_au_people import messages

BAD_PERIOD = "Provided period doesn't correspond with a pay period"


@pytest.fixture
def pay(server):
    return Payroll(server, AU)


def sheet(pay, number=3, shift=0, hours=(8, 8, 8, 8, 8, 0, 0), **values):
    start, end = pay.week(shift)
    return {"EmployeeID": pay.person(number)["id"], "StartDate": ms(start), "EndDate": ms(end),
            "TimesheetLines": [{"EarningsRateID": pay.item("earnings", "Ordinary Hours"),
                                "NumberOfUnits": list(hours)}], **values}


def leave(pay, number=3, shift=0, **values):
    start, end = pay.week(shift)
    return {"EmployeeID": pay.person(number)["id"], "Title": "Beach",
            "LeaveTypeID": pay.item("leave", "Annual Leave"), "StartDate": ms(start),
            "EndDate": ms(end), **values}


def create(pay, **values):
    return pay.ok("POST", "/Timesheets", [sheet(pay, **values)])["Timesheets"][0]


def apply(pay, **values):
    answer = pay.ok("POST", "/LeaveApplications", [leave(pay, **values)])
    return answer["LeaveApplications"][0]


def test_one_number_per_day_of_the_period(pay):
    row = create(pay)
    assert (row["Status"], row["Hours"]) == ("DRAFT", 40)
    assert row["TimesheetLines"][0]["NumberOfUnits"] == [8, 8, 8, 8, 8, 0, 0]
    one = pay.ok("GET", f"/Timesheets/{row['TimesheetID']}")["Timesheet"]
    assert one == row
    assert pay.ok("GET", "/Timesheets")["Timesheets"] == [row]
    told = messages(pay.post("/Timesheets", [sheet(pay, number=6, hours=(8, 8))]))
    assert "each of the 7 days" in told[0]


def test_a_timesheet_is_found_by_person_and_period(pay):
    row = create(pay)
    create(pay, shift=1)
    create(pay, number=6)
    year, month, day = pay.week()[0].split("-")
    found = pay.ok("GET", "/Timesheets", where=f'EmployeeID==guid("{row["EmployeeID"]}")'
                   f" AND StartDate==DateTime({year},{month},{day})")["Timesheets"]
    assert found == [row]


def test_fifty_in_one_request(pay):
    weekly = [number for number in range(1, 61) if number % 3 == 0]
    rows = [sheet(pay, number=number, shift=shift) for number in weekly for shift in range(3)]
    assert len(pay.ok("POST", "/Timesheets", rows[:50])["Timesheets"]) == 50
    assert "50 elements" in pay.post("/Timesheets", rows[:51]).json()["Message"]


def test_the_period_must_be_one_of_the_calendar(pay):
    start, end = pay.week()
    for first, last in ((start, start), (end, end), (start, pay.week(1)[1])):
        assert messages(pay.post("/Timesheets", [sheet(
            pay, StartDate=ms(first), EndDate=ms(last))])) == [BAD_PERIOD]
    before = {"StartDate": ms("2020-01-06"), "EndDate": ms("2020-01-12")}
    assert messages(pay.post("/Timesheets", [sheet(pay, **before)])) == [BAD_PERIOD]


def test_a_second_timesheet_of_the_period_is_refused(pay):
    row = create(pay)
    assert messages(pay.post("/Timesheets", [sheet(pay)])) == [
        "This timesheet already exists, please provide the timesheet ID"]
    row = pay.ok("POST", "/Timesheets", [sheet(pay, hours=[1] * 7, Status="APPROVED",
                                               TimesheetID=row["TimesheetID"])])["Timesheets"][0]
    assert (row["Status"], row["Hours"]) == ("APPROVED", 7)


@pytest.mark.parametrize(("name", "text"), [
    ("Tool Allowance", "The earnings rate is not valid for timesheets."),
    ("Travel  Time ", "The earnings rate is not assigned to the employee."),
])
def test_rates_that_no_timesheet_takes(pay, name, text):
    line = {"EarningsRateID": pay.item("earnings", name), "NumberOfUnits": [1] * 7}
    assert messages(pay.post("/Timesheets", [sheet(pay, TimesheetLines=[line])])) == [text]


def test_an_archived_rate_is_refused_and_an_assigned_one_taken(pay):
    line = {"EarningsRateID": pay.item("earnings", "Ordinary Hours", current=False),
            "NumberOfUnits": [1] * 7}
    assert messages(pay.post("/Timesheets", [sheet(pay, TimesheetLines=[line])])) == [
        "The earnings rate is not valid for timesheets."]
    line["EarningsRateID"] = pay.item("earnings", "Double Time")
    assert "not assigned" in messages(pay.post("/Timesheets", [sheet(pay, TimesheetLines=[line])]))[0]
    pay.act("assign", employee=pay.person()["id"], rate="Double Time")
    assert create(pay, TimesheetLines=[line])["Hours"] == 7
    pay.set_org(quirks=["any_earnings_rate"])
    line["EarningsRateID"] = pay.item("earnings", "Travel  Time ")
    assert create(pay, shift=1, TimesheetLines=[line])["Hours"] == 7


def test_tracking_is_an_option_of_the_timesheet_category(pay):
    category = next(row for row in pay.org.tracking if row["Name"] == "Region")
    rate = pay.item("earnings", "Ordinary Hours")
    wrong = [{"EarningsRateID": rate, "NumberOfUnits": [1] * 7, "TrackingItemID": rate}]
    assert "TrackingItemID" in messages(pay.post("/Timesheets", [sheet(pay, TimesheetLines=wrong)]))[0]
    option = category["Options"][0]["TrackingOptionID"]
    lines = [{"EarningsRateID": rate, "NumberOfUnits": [1] * 7, "TrackingItemID": option},
             {"EarningsRateID": rate, "NumberOfUnits": [2] * 7}]
    row = create(pay, TimesheetLines=lines)
    assert [line.get("TrackingItemID") for line in row["TimesheetLines"]] == [option, None]
    assert row["Hours"] == 21


def test_processed_ones_stay_as_they_are(pay):
    row = create(pay, Status="APPROVED")
    pay.act("process", timesheet=row["TimesheetID"])
    path = f"/Timesheets/{row['TimesheetID']}"
    assert messages(pay.post(path, [{"Status": "DRAFT"}])) == [
        "Timesheet has already been processed and cannot be modified."]
    assert messages(pay.post("/Timesheets", [sheet(pay, shift=1, Status="PROCESSED")])) == [
        "The status PROCESSED cannot be set."]
    assert pay.delete(path).status_code == 501


def test_leavers_and_strangers_have_no_timesheets(pay):
    pay.act("terminate", employee=pay.person()["id"], date=pay.week(-1)[0])
    assert messages(pay.post("/Timesheets", [sheet(pay)])) == [
        "The employee is not employed in this pay period."]
    unknown = sheet(pay, EmployeeID="00000000-0000-0000-0000-000000000001")
    assert messages(pay.post("/Timesheets", [unknown])) == ["The employee does not exist."]
    assert messages(pay.post("/Timesheets", [{}, {"Status": "DRAFT"}]))[0] == (
        "The EmployeeID field is required.")


def test_leave_is_approved_at_once_and_counts_working_days(pay):
    row = apply(pay)
    assert row["LeavePeriods"] == [{
        "PayPeriodStartDate": row["StartDate"], "PayPeriodEndDate": row["EndDate"],
        "LeavePeriodStatus": "SCHEDULED", "NumberOfUnits": 38}]
    assert row["PayOutType"] == "DEFAULT"
    one = pay.ok("GET", f"/LeaveApplications/{row['LeaveApplicationID']}")["LeaveApplications"]
    assert one == [row]


def test_leave_over_two_periods_with_own_units(pay):
    (first, last), (second, end) = pay.week(), pay.week(1)
    parts = [{"PayPeriodStartDate": ms(first), "PayPeriodEndDate": ms(last), "NumberOfUnits": 7.6},
             {"PayPeriodStartDate": ms(second), "PayPeriodEndDate": ms(end), "NumberOfUnits": 3.8}]
    values = {"StartDate": ms(last), "EndDate": ms(second)}
    told = messages(pay.post("/LeaveApplications", [leave(pay, **values, LeavePeriods=parts[:1])]))
    assert told == ["The leave periods must be the pay periods of the leave."]
    row = apply(pay, **values, LeavePeriods=parts)
    assert [part["NumberOfUnits"] for part in row["LeavePeriods"]] == [7.6, 3.8]


@pytest.mark.parametrize(("change", "text"), [
    ({"Title": None}, "The Title field is required."),
    ({"EndDate": ms("2020-01-01")}, "The end date must not be before the start date."),
])
def test_leave_that_is_refused(pay, change, text):
    element = {key: value for key, value in {**leave(pay), **change}.items() if value is not None}
    assert messages(pay.post("/LeaveApplications", [element])) == [text]


def test_leave_needs_an_assigned_current_type_an_open_period_and_no_overlap(pay):
    jury = leave(pay, LeaveTypeID=pay.item("leave", "Jury Duty"))
    assert messages(pay.post("/LeaveApplications", [jury])) == [
        "The leave type is not assigned to the employee."]
    old = leave(pay, LeaveTypeID=pay.item("leave", "Rostered Day Off", current=False))
    assert messages(pay.post("/LeaveApplications", [old])) == ["The leave type does not exist."]
    assert "already been paid" in messages(pay.post("/LeaveApplications", [leave(pay, shift=-1)]))[0]
    apply(pay)
    assert "overlaps" in messages(pay.post("/LeaveApplications", [leave(pay)]))[0]


def test_requests_show_in_v2_only_until_they_are_approved(pay):
    start, end = pay.week()
    row = pay.act("request_leave", employee=pay.person()["id"], leave_type="Annual Leave",
                  start=start, end=end)
    assert pay.ok("GET", "/LeaveApplications")["LeaveApplications"] == []
    found = pay.ok("GET", "/LeaveApplications/v2")["LeaveApplications"]
    assert found[0]["LeavePeriods"][0]["LeavePeriodStatus"] == "REQUESTED"
    path = f"/LeaveApplications/{row['id']}"
    answer = pay.ok("POST", path + "/approve")["LeaveApplications"][0]
    assert answer["LeavePeriods"][0]["LeavePeriodStatus"] == "SCHEDULED"
    assert len(pay.ok("GET", "/LeaveApplications")["LeaveApplications"]) == 1
    again = pay.post(path + "/approve", None)
    assert (again.status_code, again.json()["Message"]) == (400, "Leave application is scheduled.")


def test_rejecting_takes_scheduled_leave_back_but_not_taken_leave(pay):
    path = f"/LeaveApplications/{apply(pay)['LeaveApplicationID']}"
    row = pay.ok("POST", path + "/reject")["LeaveApplications"][0]
    assert row["LeavePeriods"][0]["LeavePeriodStatus"] == "REJECTED"
    assert messages(pay.post(path, [{"Title": "x"}])) == ["Leave application has been rejected."]
    taken = f"/LeaveApplications/{apply(pay)['LeaveApplicationID']}"
    pay.act("post_pay_run", calendar="Weekly Calendar")
    assert pay.post(taken + "/reject", None).json()["Message"] == (
        "Leave application has already been processed and cannot be modified.")
    assert pay.delete(taken).status_code == 501


def test_leave_is_changed_in_place(pay):
    row = apply(pay)
    path = f"/LeaveApplications/{row['LeaveApplicationID']}"
    start = pay.week()[0]
    row = pay.ok("POST", path, [{"EndDate": ms(start), "Description": "one day"}])
    row = row["LeaveApplications"][0]
    assert (row["Description"], row["LeavePeriods"][0]["NumberOfUnits"]) == ("one day", 7.6)


def test_balances_in_the_employee_change_by_hand(pay):
    key = pay.person()["id"]
    pay.act("set_balance", employee=key, leave_type="Annual Leave", units=99.5)
    rows = pay.ok("GET", f"/Employees/{key}")["Employees"][0]["LeaveBalances"]
    assert [row["NumberOfUnits"] for row in rows if row["LeaveName"] == "Annual Leave"] == [99.5]
