"""Employees, pay, pay items, calendars and pay runs of payroll 2.0 in NZ and UK."""

from decimal import Decimal

import pytest
from payroll_client import V2, Payroll
from test_payroll_v2_time import create, mine, reasons

ADDRESS = {"addressLine1": "1 Road", "city": "Marineville", "postCode": "6012"}
NEW = {"title": "Ms", "firstName": "Nina", "lastName": "Novak", "dateOfBirth": "1990-05-01",
       "gender": "F", "address": ADDRESS}
EMPLOYMENT = {"NZ": {"engagementType": "Permanent"},
              "UK": {"employeeNumber": "99",
                     "niCategories": [{"niCategory": "A", "workplacePostcode": "ME1 1AA"}]}}
WAGE = {"numberOfUnitsPerWeek": 40, "numberOfUnitsPerDay": 8, "effectiveFrom": "2026-01-05",
        "annualSalary": 52000, "status": "Active", "paymentType": "Salary"}
CASES = {"NZ": ("Earnings", "PayTemplateEarnings", "PaySlips", "TrackingCategories"),
         "UK": ("earnings", "paytemplateearnings", "Payslips", "trackingCategories")}


@pytest.fixture(params=["NZ", "UK"])
def pay(server, request):
    server.reset(country=request.param)
    server.sandbox.limits.minute = 100_000
    return Payroll(server, V2)


def hire(pay, **values):
    key = pay.ok("POST", "/Employees", NEW)["employee"]["employeeID"]
    body = {"payrollCalendarID": pay.calendar()["id"], "startDate": "2026-01-05",
            **EMPLOYMENT[pay.org.country], **values}
    pay.ok("POST", f"/Employees/{key}/Employment", body)
    return f"/Employees/{key}"


def test_pages_of_a_hundred_and_the_filter(pay):
    pay.org.seed_payroll(employees=200)
    answers = [pay.ok("GET", "/Employees", page=page) for page in (1, 2, 3)]
    assert [len(answer["employees"]) for answer in answers] == [100, 100, 0]
    assert answers[1]["pagination"] == {"page": 2, "pageSize": 100, "pageCount": 2,
                                        "itemCount": 200}
    twin = pay.person(7)
    rows = pay.ok("GET", "/Employees",
                  filter=f"firstName=={twin['first']},lastName=={twin['last']}")["employees"]
    assert len(rows) == 2
    assert reasons(pay.get("/Employees", page=0)) == {"page": "The page must be at least 1."}


def test_what_real_lists_lack(pay):
    rows = pay.ok("GET", "/Employees")["employees"]
    assert ("title" in rows[0]) == (pay.org.country == "NZ")
    sparse = next(row for row in rows if row["dateOfBirth"] is None)
    assert sparse["address"]["addressLine1"] is None
    assert len([row for row in rows if row["endDate"]]) == 1


def test_a_person_first_and_the_employment_then(pay):
    row = pay.ok("POST", "/Employees", {**NEW, "payrollCalendarID": pay.calendar()["id"]})
    row = row["employee"]
    assert (row["payrollCalendarID"], row["startDate"]) == (None, None)
    path = f"/Employees/{row['employeeID']}"
    told = "Please add the employment of the employee."
    rate = {"earningsRateID": pay.item("earnings", "Salary")}
    assert reasons(pay.post(path + "/SalaryAndWages", WAGE | rate)) == {"_default": told}
    body = {"payrollCalendarID": pay.calendar()["id"], "startDate": "2026-01-05"}
    missing = reasons(pay.post(path + "/Employment", body))
    assert missing.keys() & {"engagementType", "employeeNumber"}
    pay.ok("POST", path + "/Employment", body | EMPLOYMENT[pay.org.country])
    assert pay.ok("GET", path)["employee"]["payrollCalendarID"] == pay.calendar()["id"]
    pay.ok("POST", path + "/SalaryAndWages", WAGE | rate)


def test_required_fields_of_a_person(pay):
    for key in ("firstName", "dateOfBirth", "address"):
        body = {name: value for name, value in NEW.items() if name != key}
        assert reasons(pay.post("/Employees", body)) == {key: f"The {key} field is required."}
    assert "city" in reasons(pay.post("/Employees", {**NEW, "address": {"addressLine1": "x"}}))
    answer = pay.post("/Employees", {name: value for name, value in NEW.items() if name != "title"})
    assert answer.status_code == (200 if pay.org.country == "NZ" else 400)
    assert pay.post("/Employees", [NEW]).json()["problem"]["title"] == "BadRequest"


def test_put_replaces_a_person(pay):
    path = hire(pay)
    row = pay.ok("PUT", path, {**NEW, "lastName": "Newton"})["employee"]
    assert (row["lastName"], row["startDate"]) == ("Newton", "2026-01-05T00:00:00")
    assert reasons(pay.put(path, {"firstName": "X"}))
    assert pay.post(path, NEW).status_code == 501


def test_leavers_get_no_new_employment_but_a_new_record(pay):
    key = pay.person()["id"]
    pay.act("terminate", employee=key, date="2026-10-01")
    body = {"payrollCalendarID": pay.calendar()["id"], "startDate": "2026-11-02",
            **EMPLOYMENT[pay.org.country]}
    assert reasons(pay.post(f"/Employees/{key}/Employment", body)) == {
        "_default": "The employee has been terminated."}
    again = pay.act("rehire", employee=key, date="2026-11-02")
    assert pay.ok("GET", f"/Employees/{again['id']}")["employee"]["endDate"] is None


def test_salary_and_wages(pay):
    path = hire(pay) + "/SalaryAndWages"
    body = WAGE | {"earningsRateID": pay.item("earnings", "Salary")}
    row = pay.ok("POST", path, body)["salaryAndWages"]
    one = f"{path}/{row['salaryAndWagesID']}"
    pay.ok("PUT", one, body | {"annualSalary": 60000})
    assert [part["annualSalary"] for part in pay.ok("GET", one)["salaryAndWages"]] == [60000]
    assert pay.ok("GET", path)["pagination"]["itemCount"] == 1
    assert "ratePerUnit" in reasons(pay.post(path, body | {"paymentType": "Hourly"}))
    without = {key: value for key, value in body.items() if key != "numberOfUnitsPerDay"}
    assert pay.post(path, without).status_code == (400 if pay.org.country == "NZ" else 200)
    pay.ok("DELETE", one)
    assert pay.get(one).status_code == 404


def test_pay_template_earnings_under_each_countrys_spelling(pay):
    path, (single, several, *_rest) = hire(pay), CASES[pay.org.country]
    line = {"earningsRateID": pay.item("earnings", "Overtime"), "numberOfUnits": 2}
    address = f"{path}/PayTemplates/{single}"
    row = pay.ok("POST", address, line)["earningTemplate"]
    one = f"{address}/{row['payTemplateEarningID']}"
    assert pay.ok("PUT", one, line | {"numberOfUnits": 3})["earningTemplate"]["numberOfUnits"] == 3
    assert len(pay.ok("POST", f"{path}/{several}", [line, line])["earningTemplates"]) == 2
    pay.ok("DELETE", one)
    found = pay.ok("GET", path + "/PayTemplates")["payTemplate"]["earningTemplates"]
    assert [part["name"] for part in found] == ["Overtime", "Overtime"]
    assert "earningsRateID" in reasons(pay.post(address, {"numberOfUnits": 1}))


def test_pay_items_are_read_and_created_only(pay):
    account = pay.org.accounts.find("code", "477")["AccountID"]
    rates = pay.ok("GET", "/EarningsRates")["earningsRates"]
    assert len({row["name"] for row in rates}) == len(rates) - 1  # an archived twin
    assert {row["rateType"] for row in rates} == {
        "RatePerUnit", "MultipleOfOrdinaryEarningsRate", "FixedAmount"}
    body = {"name": "Night", "earningsType": "RegularEarnings", "rateType": "RatePerUnit",
            "typeOfUnits": "hours", "expenseAccountID": account}
    row = pay.ok("POST", "/EarningsRates", body)["earningsRate"]
    one = f"/EarningsRates/{row['earningsRateID']}"
    assert pay.ok("GET", one)["earningsRate"]["expenseAccountID"] == account
    assert reasons(pay.post("/EarningsRates", body)) == {"name": "The name must be unique."}
    wrong = body | {"name": "B", "expenseAccountID": row["earningsRateID"]}
    assert "expenseAccountID" in reasons(pay.post("/EarningsRates", wrong))
    assert pay.put(one, body).status_code == 501
    assert pay.delete(one).status_code == 501


@pytest.mark.parametrize(("path", "plural", "single", "name"), [
    ("/Deductions", "deductions", "deduction", "deductionName"),
    ("/Reimbursements", "reimbursements", "reimbursement", "name"),
    ("benefits", "benefits", "benefit", "name"),
])
def test_the_other_pay_items(pay, path, plural, single, name):
    nz = pay.org.country == "NZ"
    account = pay.org.accounts.find("code", "825")["AccountID"]
    if path == "benefits":
        path = "/Superannuations" if nz else "/Benefits"
    body = {name: "New one", "liabilityAccountId": account, "accountID": account,
            "expenseAccountId": account, "deductionCategory": "NzOther" if nz else "UkOther",
            "category": "Other", "percentage": 3, "calculationType": "FixedAmount"}
    known = {"/Deductions": {"deductionName", "liabilityAccountId", "deductionCategory"},
             "/Reimbursements": {"name", "accountID"}, "/Superannuations": {
                 "name", "category", "liabilityAccountId", "expenseAccountId", "percentage"}}
    body = {key: body[key] for key in known.get(path, {*known["/Superannuations"],
                                                       "calculationType"})}
    row = pay.ok("POST", path, body)[single]
    key = next(value for field, value in row.items() if field.lower().endswith("id")
               and "account" not in field.lower())
    assert pay.ok("GET", f"{path}/{key}")[single] == row
    assert pay.ok("GET", path)[plural][-1] == row
    assert reasons(pay.post(path, {name: "x"}))


def test_read_only_lists(pay):
    path = "/StatutoryDeductions" if pay.org.country == "NZ" else "/EarningsOrders"
    rows = pay.ok("GET", path)["statutoryDeductions"]
    assert pay.ok("GET", f"{path}/{rows[0]['id']}")["statutoryDeduction"] == rows[0]
    assert pay.post(path, {"name": "x"}).status_code == 501


def test_leave_types_with_archived_ones(pay):
    rows = pay.ok("GET", "/LeaveTypes")["leaveTypes"]
    active = pay.ok("GET", "/LeaveTypes", ActiveOnly="true")["leaveTypes"]
    assert len(rows) == len(active) + 1
    assert {row["isPaidLeave"] for row in active} == {True, False}
    one = pay.ok("GET", f"/LeaveTypes/{rows[0]['leaveTypeID']}")["leaveType"]
    assert one == rows[0]


def test_calendars_settings_and_tracking(pay):
    rows = pay.ok("GET", "/PayRunCalendars")["payRunCalendars"]
    assert {row["calendarType"] for row in rows} == {"Weekly", "Fortnightly", "Monthly"}
    weekly = next(row for row in rows if row["calendarType"] == "Weekly")
    assert (weekly["periodStartDate"][:10], weekly["periodEndDate"][:10]) == pay.week()
    body = {"name": "Yearly", "calendarType": "Annual", "periodStartDate": "2026-01-01",
            "paymentDate": "2026-12-31"}
    row = pay.ok("POST", "/PayRunCalendars", body)["payRunCalendar"]
    assert row["periodEndDate"] == "2026-12-31T00:00:00"
    assert pay.ok("GET", f"/PayRunCalendars/{row['payrollCalendarID']}")["payRunCalendar"] == row
    accounts = pay.ok("GET", "/Settings")["settings"]["accounts"]
    assert {"WAGESPAYABLE", "WAGESEXPENSE", "BANK"} <= {row["type"] for row in accounts}
    found = pay.ok("GET", f"/Settings/{CASES[pay.org.country][3]}")["trackingCategories"]
    assert found["timesheetTrackingCategoryID"] == next(iter(pay.org.tracking))["TrackingCategoryID"]


def test_pay_runs_are_posted_in_the_screens_only(pay):
    path = f"/Timesheets/{create(pay)['timesheetID']}"
    pay.ok("POST", path + "/Approve")
    run = pay.act("create_pay_run", calendar="Weekly Calendar")
    one = pay.ok("GET", f"/PayRuns/{run['id']}")["payRun"]
    assert (one["payRunStatus"], one["payRunType"]) == ("Draft", "Scheduled")
    assert pay.put(f"/PayRuns/{run['id']}", {"payRunStatus": "Posted"}).status_code == 501
    pay.act("post_pay_run", pay_run=run["id"])
    rows = pay.ok("GET", "/PayRuns", status="Posted")["payRuns"]
    assert len(rows) == 1
    assert "paySlips" not in rows[0]
    assert pay.ok("GET", "/PayRuns", status="Draft")["payRuns"] == []
    nz = pay.org.country == "NZ"
    assert (rows[0]["totalPay"], rows[0]["totalCost"]) == ((204.6, 255.44) if nz else (198.4, 285.2))
    books = {"477": 248, "825": -50.84, "478": 7.44, "804": -204.6} if nz else {
        "477": 285.2, "825": -29.76, "826": -57.04, "804": -198.4}
    assert pay.ledger() == books


def test_payslips_need_their_pay_run(pay):
    pay.ok("POST", f"/Timesheets/{create(pay)['timesheetID']}/Approve")
    run = pay.act("post_pay_run", calendar="Weekly Calendar")
    path = f"/{CASES[pay.org.country][2]}"
    assert reasons(pay.get(path)) == {"PayRunID": "The PayRunID is required."}
    rows = pay.ok("GET", path, PayRunID=run["id"])["paySlips"]
    slip = next(row for row in rows if row["employeeID"] == pay.person()["id"])
    assert (slip["grossEarnings"], slip["timesheetEarningsLines"][0]["numberOfUnits"]) == (248, 8)
    assert pay.ok("GET", f"{path}/{slip['paySlipID']}")["paySlip"] == slip
    # NZ takes the tax out of each whole dollar of KiwiSaver, UK's comes on top.
    assert slip["totalEmployerTaxes"] == (1.23 if pay.org.country == "NZ" else 37.2)


def test_the_pay_of_a_payslip_in_uk_is_before_deductions(pay):
    pay.ok("POST", f"/Timesheets/{create(pay)['timesheetID']}/Approve")
    run = pay.act("create_pay_run", calendar="Weekly Calendar")
    slip = next(row for row in pay.org.payroll.payslips if row["employee"] == pay.person()["id"])
    item = pay.org.payroll.items("deduction")[0]["id"]
    less = [{"item": item, "amount": Decimal("9.62"), "description": ""}]
    pay.org.payroll.payslips.put({**slip, "deductions": less, "edited": True})
    one = pay.ok("GET", f"/PayRuns/{run['id']}")["payRun"]
    told = next(row for row in one["paySlips"] if row["paySlipID"] == slip["id"])
    rest = sum(row["totalPay"] for row in one["paySlips"]) - one["totalPay"]
    net = told["totalEarnings"] - told["totalEmployeeTaxes"]
    assert (round(rest, 2), round(net - told["totalPay"], 2)) == (
        (0, 9.62) if pay.org.country == "NZ" else (9.62, 0))


def test_nz_makes_drafts_and_uk_does_not(pay):
    body = {"payrollCalendarID": pay.calendar()["id"], "periodStartDate": "2020-01-01",
            "periodEndDate": "2020-01-07", "paymentDate": pay.week(1)[0]}
    answer = pay.post("/PayRuns", body)
    if pay.org.country == "UK":
        assert answer.status_code == 501
        return
    row = answer.json()["payRun"]
    assert (row["payRunStatus"], row["periodStartDate"][:10]) == ("Draft", pay.week()[0])
    again = pay.post("/PayRuns", body)
    assert reasons(again, 409) == {}
    assert again.json()["problem"]["detail"] == "There can only be one draft pay run per a calendar"
    posted = {**body, "payrollCalendarID": pay.calendar("Monthly Calendar")["id"],
              "payRunStatus": "Posted"}
    assert "payRunStatus" in reasons(pay.post("/PayRuns", posted))


def test_nz_changes_payslips_of_a_draft_and_uk_does_not(pay):
    run = pay.act("create_pay_run", calendar="Weekly Calendar")
    slip = next(row for row in pay.org.payroll.payslips
                if row["employee"] == pay.person()["id"])["id"]
    path = f"/{CASES[pay.org.country][2]}/{slip}"
    body = {"earningsLines": [{"earningsRateID": pay.item("earnings", "Salary"),
                               "ratePerUnit": 30, "numberOfUnits": 10}]}
    answer = pay.put(path, body)
    if pay.org.country == "UK":
        assert answer.status_code == 501
        return
    assert answer.json()["paySlip"]["grossEarnings"] == 300
    assert "can be replaced" in reasons(pay.put(path, {"paymentMethod": "Manual"}))["_default"]
    pay.act("post_pay_run", pay_run=run["id"])
    assert reasons(pay.put(path, body)) == {"_default": "The pay run has already been posted."}


def test_bank_accounts(pay):
    path = hire(pay) + "/PaymentMethods"
    account = {"accountName": "N Novak", "accountNumber": "12345678", "sortCode": "123456"}
    body = {"paymentMethod": "Electronically", "bankAccounts": [account]}
    pay.ok("POST", path, body)
    assert pay.ok("GET", path)["paymentMethod"] == body
    short = {**body, "bankAccounts": [{**account, "sortCode": "12"}]}
    answer = pay.post(path, short)
    assert answer.status_code == (200 if pay.org.country == "NZ" else 400)


def test_tax_and_opening_balances(pay):
    path, nz = hire(pay), pay.org.country == "NZ"
    assert "taxCode" in pay.ok("GET", path + "/Tax")["employeeTax"]
    answer = pay.post(path + "/Tax", {"irdNumber": "111111111", "taxCode": "ME"})
    assert answer.status_code == (200 if nz else 501)
    opening = path + ("/OpeningBalances" if nz else "/ukopeningbalances")
    sent = [{"periodEndDate": "2026-01-04", "daysPaid": 3}] if nz else {"statutorySickPay": 5}
    pay.ok("POST", opening, sent)
    assert pay.ok("GET", opening)["openingBalances"] == sent
    assert pay.put(opening, sent).status_code == (501 if nz else 200)


def test_leave_setup_of_nz_once_before_any_leave(server):
    server.reset(country="NZ")
    pay = Payroll(server, V2)
    path = hire(pay)
    setup = {"annualLeaveOpeningBalance": 100, "sickLeaveOpeningBalance": 10,
             "SickLeaveToAccrueAnnually": 80}
    leave = {"leaveTypeID": pay.item("leave", "Annual Leave"), "description": "x",
             "startDate": pay.week()[0], "endDate": pay.week()[1]}
    assert "not assigned" in reasons(pay.post(path + "/Leave", leave))["_default"]
    pay.ok("POST", path + "/LeaveSetup", setup)
    assert "already been set up" in reasons(pay.post(path + "/LeaveSetup", setup))["_default"]
    pay.ok("POST", path + "/Leave", leave)
    rows = pay.ok("GET", path + "/LeaveBalances")["leaveBalances"]
    assert {row["name"]: row["balance"] for row in rows} == {"Annual Leave": 100, "Sick Leave": 10}


def test_working_patterns_of_nz(server):
    server.reset(country="NZ")
    pay = Payroll(server, V2)
    path = mine(pay, "Working-Patterns")
    week = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), 6)
    body = {"effectiveFrom": "2026-01-01", "workingWeeks": [{**week, "saturday": 0, "sunday": 0}]}
    row = pay.ok("POST", path, body)["payeeWorkingPattern"]
    one = f"{path}/{row['payeeWorkingPatternID']}"
    assert pay.ok("GET", one)["payeeWorkingPattern"]["workingWeeks"] == body["workingWeeks"]
    assert len(pay.ok("GET", path)["payeeWorkingPatterns"]) == 1
    pay.ok("DELETE", one)
    assert pay.get(one).status_code == 404
    assert "saturday" in reasons(pay.post(path, {**body, "workingWeeks": [week]}))
