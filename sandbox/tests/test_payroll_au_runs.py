"""Pay runs and payslips of Payroll AU 1.0, and what they do to books, leave and timesheets."""

import pytest
from payroll_client import AU, Payroll, ms
from test_payroll_au_people import messages
from test_payroll_au_time import apply, create, sheet


@pytest.fixture
def pay(server):
    return Payroll(server, AU)


def draft(pay, **values):
    body = [{"PayrollCalendarID": pay.calendar()["id"], **values}]
    return pay.ok("POST", "/PayRuns", body)["PayRuns"][0]


def post(pay, row):
    return pay.ok("POST", f"/PayRuns/{row['PayRunID']}", [{"PayRunStatus": "POSTED"}])["PayRuns"][0]


def slip_of(pay, run, number=3):
    rows = pay.ok("GET", f"/PayRuns/{run['PayRunID']}")["PayRuns"][0]["Payslips"]
    return next(row for row in rows if row["EmployeeID"] == pay.person(number)["id"])


def balance(pay, name="Annual Leave"):
    row = pay.ok("GET", f"/Employees/{pay.person()['id']}")["Employees"][0]
    return next(part["NumberOfUnits"] for part in row["LeaveBalances"] if part["LeaveName"] == name)


def test_a_draft_takes_its_period_from_the_calendar(pay):
    row = draft(pay)
    start, end = pay.week()
    assert (row["PayRunStatus"], row["PayRunPeriodStartDate"], row["PayRunPeriodEndDate"]) == (
        "DRAFT", ms(start), ms(end))
    assert messages(pay.post("/PayRuns", [{"PayrollCalendarID": pay.calendar()["id"]}])) == [
        "There can only be one draft pay run per a calendar"]
    fortnight = {"PayrollCalendarID": pay.calendar("Fortnightly Calendar")["id"]}
    assert messages(pay.post("/PayRuns", [{**fortnight, "PayRunPeriodStartDate": ms(end)}])) == [
        "The dates are not those of the next pay period of the calendar."]
    assert len(pay.ok("POST", "/PayRuns", [fortnight])["PayRuns"]) == 1


def test_the_list_has_totals_but_no_payslips(pay):
    run = draft(pay)
    assert "Payslips" not in pay.ok("GET", "/PayRuns")["PayRuns"][0]
    slip = slip_of(pay, run)
    assert slip["FirstName"] == pay.person()["first"]
    gone = pay.person(13)["id"]
    rows = pay.ok("GET", f"/PayRuns/{run['PayRunID']}")["PayRuns"][0]["Payslips"]
    assert gone not in [row["EmployeeID"] for row in rows]


def test_approved_hours_are_paid_and_processed(pay):
    key = create(pay, Status="APPROVED")["TimesheetID"]
    other = create(pay, number=6)["TimesheetID"]
    run = post(pay, draft(pay))
    assert (run["PayRunStatus"], run["Wages"], run["Tax"], run["Super"], run["NetPay"]) == (
        "POSTED", 1240, 248, 148.8, 992)
    assert pay.ok("GET", f"/Timesheets/{key}")["Timesheet"]["Status"] == "PROCESSED"
    assert pay.ok("GET", f"/Timesheets/{other}")["Timesheet"]["Status"] == "DRAFT"
    slip = pay.ok("GET", f"/Payslip/{slip_of(pay, run)['PayslipID']}")["Payslip"]
    assert slip["TimesheetEarningsLines"] == [{
        "EarningsRateID": pay.item("earnings", "Ordinary Hours"), "RatePerUnit": 31,
        "NumberOfUnits": 40, "Amount": 1240}]


def test_overtime_is_a_multiple_of_the_ordinary_rate(pay):
    line = {"EarningsRateID": pay.item("earnings", "Overtime Hours"), "NumberOfUnits": [2] + [0] * 6}
    create(pay, Status="APPROVED", TimesheetLines=[line])
    assert post(pay, draft(pay))["Wages"] == 93


def test_posting_is_for_good_and_locks_the_period(pay):
    start = pay.week()[0]
    late = create(pay, number=6)["TimesheetID"]
    run = post(pay, draft(pay))
    path = f"/PayRuns/{run['PayRunID']}"
    for change in ({"PayRunStatus": "DRAFT"}, {"PayslipMessage": "x"}, {"PayRunStatus": "POSTED"}):
        assert messages(pay.post(path, [change])) == ["The pay run has already been posted."]
    assert messages(pay.post("/Timesheets", [sheet(pay, shift=-1)])) == [
        "The pay run for this pay period has already been posted."]
    assert messages(pay.post(f"/Timesheets/{late}", [{"Status": "APPROVED"}])) == [
        "The pay run for this pay period has already been posted."]
    assert pay.week()[0] > start
    assert pay.ok("GET", "/PayrollCalendars")["PayrollCalendars"][-1]["StartDate"] == ms(
        pay.week()[0])


def test_the_wages_journal_moves_the_books(pay):
    create(pay, Status="APPROVED")
    draft(pay)
    assert pay.ledger() == {}
    pay.act("post_pay_run", calendar="Weekly Calendar")
    assert pay.ledger() == {"477": 1240, "825": -248, "478": 148.8, "826": -148.8, "804": -992}
    rows = pay.ok("GET", "/PayRuns")["PayRuns"]
    assert [row["NetPay"] for row in rows] == [992]


def test_salaries_are_paid_without_timesheets(pay):
    run = pay.act("post_pay_run", calendar="Fortnightly Calendar")
    slip = slip_of(pay, {"PayRunID": run["id"]}, number=2)
    assert slip["Wages"] == round(63_000 / 26, 2)


def test_leave_is_taken_and_more_accrues_when_the_run_is_posted(pay):
    before = balance(pay)
    key = apply(pay)["LeaveApplicationID"]
    run = draft(pay)
    assert balance(pay) == before
    run = post(pay, run)
    assert balance(pay) == round(before - 38 + 152 / 52, 4)
    assert run["Wages"] == 38 * 31
    row = pay.ok("GET", f"/LeaveApplications/{key}")["LeaveApplications"][0]
    assert row["LeavePeriods"][0]["LeavePeriodStatus"] == "PROCESSED"
    told = messages(pay.post(f"/LeaveApplications/{key}", [{"Title": "x"}]))
    assert told == ["Leave application has already been processed and cannot be modified."]


def test_leave_of_salaried_people_changes_what_the_pay_is_for(pay):
    start = pay.calendar("Fortnightly Calendar")["next"]
    for number, kind in ((2, "Annual Leave"), (4, "Unpaid Leave")):
        apply(pay, number=number, LeaveTypeID=pay.item("leave", kind), StartDate=ms(start),
              EndDate=ms(start))
    run = {"PayRunID": pay.act("post_pay_run", calendar="Fortnightly Calendar")["id"]}
    day = 7.6 * round(66_000 / 52 / 38, 4)
    assert slip_of(pay, run, number=2)["Wages"] == round(63_000 / 26, 2)
    assert slip_of(pay, run, number=4)["Wages"] == pytest.approx(66_000 / 26 - day, abs=0.01)


def test_payslip_lines_are_replaced_in_a_draft_only(pay):
    run = draft(pay)
    path = f"/Payslip/{slip_of(pay, run)['PayslipID']}"
    lines = {"EarningsLines": [{"EarningsRateID": pay.item("earnings", "Bonus"), "Amount": 500}],
             "DeductionLines": [{"DeductionTypeID": pay.item("deduction", "Lease Payments"),
                                 "Amount": 40}],
             "ReimbursementLines": [{"ReimbursementTypeID": pay.item(
                 "reimbursement", "Travel Costs"), "Amount": 25, "Description": "Taxi"}]}
    slip = pay.ok("POST", path, [lines])["Payslips"][0]
    assert (slip["Wages"], slip["Deductions"], slip["Reimbursements"], slip["NetPay"]) == (
        500, 40, 25, 360)
    assert messages(pay.post(path, [{"TaxLines": []}])) == [
        "TaxLines of a payslip cannot be replaced."]
    post(pay, run)
    assert pay.ledger() == {"477": 500, "825": -100, "478": 60, "826": -60, "850": -40, "493": 25,
                            "804": -385}
    assert messages(pay.post(path, [lines])) == ["The pay run has already been posted."]


def test_lock_dates_hold_for_pay_runs(pay):
    run = draft(pay)
    pay.set_org(PeriodLockDate="2099-12-31")
    told = messages(pay.post(f"/PayRuns/{run['PayRunID']}", [{"PayRunStatus": "POSTED"}]))
    assert "period lock date" in told[0]
    assert pay.ok("GET", "/PayRuns")["PayRuns"][0]["PayRunStatus"] == "DRAFT"


def test_past_pay_runs_on_demand(pay):
    counts = pay.control("POST", f"/organisations/{pay.org.tenant_id}/seed",
                         {"payroll": {"pay_runs": 2}})
    assert counts["pay_runs"] == 6
    rows = pay.ok("GET", "/PayRuns", where='PayRunStatus=="POSTED"')["PayRuns"]
    assert len(rows) == 6
    assert sum(pay.ledger().values()) == pytest.approx(0)


def test_a_draft_is_deleted_in_the_screens_only(pay):
    run = draft(pay)
    assert pay.delete(f"/PayRuns/{run['PayRunID']}").status_code == 501
    pay.act("delete", pay_run=run["PayRunID"])
    assert pay.ok("GET", "/PayRuns")["PayRuns"] == []
    assert len(pay.org.payroll.payslips) == 0
