"""No body, however odd, makes a payroll API fail: it is taken or refused with a reason."""

import pytest
from payroll_client import AU, V2, Payroll, ms
from test_payroll_au_people import NEW as AU_PERSON
from test_payroll_au_people import RATE
from test_payroll_v2_people import EMPLOYMENT, NEW, WAGE
from test_payroll_v2_time import leave, line, sheet

JUNK = (7, -1.5, 1e300, "x", "", [], {}, [7], "9999-99-99",
        "00000000-0000-0000-0000-000000000001")


def broken(value, path=()):
    """Every body that differs from ``value`` in one place."""
    if isinstance(value, dict):
        for key, part in value.items():
            for changed in broken(part, (*path, key)):
                yield {**value, key: changed}
    elif isinstance(value, list) and value:
        for changed in broken(value[0], path):
            yield [changed, *value[1:]]
    yield from JUNK


def australian(pay):
    """(path, body) of every write of AU 1.0 that takes one."""
    start, end = map(ms, pay.week())
    person, rate = pay.person()["id"], pay.item("earnings", "Ordinary Hours")
    kind = pay.item("leave", "Annual Leave")
    line = {"EarningsRateID": rate, "CalculationType": "ENTEREARNINGSRATE", "RatePerUnit": 3,
            "NormalNumberOfUnits": 2}
    yield "/Employees", [AU_PERSON | {
        "PayrollCalendarID": pay.calendar()["id"], "TerminationDate": end, "Gender": "F",
        "TerminationReason": "V", "OrdinaryEarningsRateID": rate,
        "PayTemplate": {"EarningsLines": [line], "LeaveLines": [
            {"LeaveTypeID": kind, "AnnualNumberOfUnits": 8}]},
        "OpeningBalances": {"LeaveLines": [{"LeaveTypeID": kind, "NumberOfUnits": 8}]}}]
    yield "/PayrollCalendars", [{"Name": "C", "CalendarType": "WEEKLY", "StartDate": start,
                                 "PaymentDate": end}]
    yield "/Timesheets", [{"EmployeeID": person, "StartDate": start, "EndDate": end,
                           "Status": "DRAFT", "TimesheetID": "", "TimesheetLines": [
                               {"EarningsRateID": rate, "NumberOfUnits": [1] * 7,
                                "TrackingItemID": None}]}]
    yield "/LeaveApplications", [{
        "EmployeeID": person, "LeaveTypeID": kind, "Title": "T", "StartDate": start,
        "EndDate": end, "PayOutType": "DEFAULT", "Description": "d", "LeavePeriods": [
            {"PayPeriodStartDate": start, "PayPeriodEndDate": end, "NumberOfUnits": 1}]}]
    yield "/Superfunds", [{"Type": "REGULATED", "USI": "U", "Name": "N"}]
    run = pay.act("create_pay_run", calendar="Weekly Calendar")["id"]
    yield f"/PayRuns/{run}", [{"PaymentDate": end, "PayslipMessage": "m", "PayRunStatus": "DRAFT"}]
    yield "/PayRuns", [{"PayrollCalendarID": pay.calendar()["id"], "PaymentDate": end}]
    slip = next(iter(pay.org.payroll.payslips))["id"]
    yield f"/Payslip/{slip}", [{
        "EarningsLines": [{"EarningsRateID": rate, "NumberOfUnits": 1, "RatePerUnit": 2}],
        "DeductionLines": [{"DeductionTypeID": pay.item("deduction", "Lease Payments"),
                            "Amount": 1}]}]
    yield "/PayItems", {"EarningsRates": [RATE], "LeaveTypes": [
        {"Name": "L", "TypeOfUnits": "Hours", "IsQualifyingEarnings": True, "IsPaidLeave": True}],
        "DeductionTypes": [{"Name": "D", "AccountCode": "850", "DeductionCategory": "NONE"}]}


def islands(pay):
    """(method, path, body) of the writes of NZ or UK that take one."""
    nz, person = pay.org.country == "NZ", f"/Employees/{pay.person()['id']}"
    account = pay.org.accounts.find("code", "477")["AccountID"]
    rate = {"earningsRateID": pay.item("earnings", "Salary")}
    yield "POST", "/Employees", NEW
    yield "PUT", person, NEW
    yield "POST", person + "/Employment", EMPLOYMENT[pay.org.country] | {
        "payrollCalendarID": pay.calendar()["id"], "startDate": "2020-01-01"}
    yield "POST", person + "/SalaryAndWages", WAGE | rate
    yield "POST", person + "/Leave", leave(pay, periods=[
        {"periodStartDate": pay.week()[0], "periodEndDate": pay.week()[1], "numberOfUnits": 1}])
    yield "POST", person + "/LeaveTypes", {
        "leaveTypeID": pay.item("leave", "Sick Leave"), "openingBalance": 1,
        "scheduleOfAccrual": "NoAccruals" if nz else "EachPayPeriod"}
    yield "POST", person + "/PaymentMethods", {"paymentMethod": "Manual", "bankAccounts": [
        {"accountName": "A", "accountNumber": "12345678", "sortCode": "123456"}]}
    yield "POST", person + f"/PayTemplates/{'Earnings' if nz else 'earnings'}", rate | {
        "numberOfUnits": 2, "ratePerUnit": 3, "fixedAmount": 1}
    yield "POST", person + ("/OpeningBalances" if nz else "/ukopeningbalances"), (
        [{"daysPaid": 3}] if nz else {"statutorySickPay": 3})
    yield "POST", "/EarningsRates", rate | {
        "name": "N", "earningsType": "Bonus", "rateType": "RatePerUnit", "typeOfUnits": "hours",
        "expenseAccountID": account, "ratePerUnit": 2, "multipleOfOrdinaryEarningsRate": 3}
    yield "POST", "/LeaveTypes", {"name": "N", "isPaidLeave": True, "showOnPayslip": True}
    yield "POST", "/Deductions", {"deductionName": "N", "liabilityAccountId": account,
                                  "deductionCategory": "NzOther" if nz else "UkOther",
                                  "standardAmount": 1}
    yield "POST", "/PayRunCalendars", {"name": "C", "calendarType": "Weekly",
                                       "periodStartDate": "2026-01-05", "paymentDate": "2026-01-14"}
    if nz:
        yield "POST", person + "/Tax", {"taxCode": "M", "irdNumber": "1"}
        yield "POST", person + "/Working-Patterns", {
            "effectiveFrom": "2026-01-01", "workingWeeks": [dict.fromkeys((
                "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), 1)]}
        yield "POST", "/PayRuns", {"payrollCalendarID": pay.calendar()["id"],
                                   "paymentDate": "2026-12-01"}
    else:
        yield "POST", "/StatutoryLeaves/Sick", {
            "employeeID": pay.person()["id"], "leaveTypeID": pay.item("leave", "Sick Leave"),
            "startDate": "2026-11-02", "endDate": "2026-11-06", "workPattern": ["Monday"],
            "isPregnancyRelated": False, "sufficientNotice": True}


def storm(pay, method, path, body):
    for odd in broken(body):
        answer = pay.call(method, path, odd)
        assert answer.status_code in (200, 400, 404, 409), (method, path, odd, answer.text)
    pay.server.sandbox.violations.clear()  # the bodies are no valid ones, that is their point


def fresh(server, country, root):
    server.reset(country=country)
    server.sandbox.limits.minute = server.sandbox.limits.day = 1_000_000
    server.sandbox.contract = None
    return Payroll(server, root)


@pytest.fixture
def unchecked(server):
    """The specifications are not asked: it is Xero's rules that are tried."""
    contract = server.sandbox.contract
    yield server
    server.sandbox.contract = contract


def test_australia(unchecked):
    pay = fresh(unchecked, "AU", AU)
    for path, body in australian(pay):
        storm(pay, "POST", path, body)


@pytest.mark.parametrize("country", ["NZ", "UK"])
def test_the_others(unchecked, country):
    pay = fresh(unchecked, country, V2)
    for method, path, body in islands(pay):
        storm(pay, method, path, body)


@pytest.mark.parametrize("country", ["AU", "NZ", "UK"])
def test_timesheets(unchecked, country):
    pay = fresh(unchecked, country, V2)
    storm(pay, "POST", "/Timesheets", sheet(pay))
    start, end = pay.week(1)
    row = pay.ok("POST", "/Timesheets", sheet(pay, startDate=start, endDate=end,
                                              timesheetLines=[line(pay, shift=1)]))["timesheet"]
    path = f"/Timesheets/{row['timesheetID']}/Lines"
    storm(pay, "POST", path, line(pay, shift=1, trackingItemID=None))
    storm(pay, "PUT", f"{path}/{row['timesheetLines'][0]['timesheetLineID']}", line(pay, shift=1))
