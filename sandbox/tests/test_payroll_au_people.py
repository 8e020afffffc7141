"""Employees, pay items, calendars and settings of Payroll AU 1.0."""

import pytest
from payroll_client import AU, Payroll, ms

NEW = {"FirstName": "Nina", "LastName": "Novak", "DateOfBirth": ms("1990-05-01"),
       "StartDate": ms("2026-01-05"), "IncomeType": "SALARYANDWAGES", "EmploymentType": "EMPLOYEE",
       "HomeAddress": {"AddressLine1": "1 Road", "City": "Perth", "Region": "WA"}}
RATE = {"Name": "Night Shift", "AccountCode": "477", "RateType": "RATEPERUNIT",
        "TypeOfUnits": "Hours", "EarningsType": "ORDINARYTIMEEARNINGS",
        "IsQualifyingEarnings": True, "RatePerUnit": "42.5"}


@pytest.fixture
def pay(server):
    return Payroll(server, AU)


def messages(answer):
    """The texts of a refused write, of all its elements."""
    assert answer.status_code == 400, answer.text
    body = answer.json()
    assert (body["ErrorNumber"], body["Type"]) == (10, "ValidationException")
    return [error["Message"] for element in body["Elements"]
            for error in element["ValidationErrors"]]


def names(rows):
    return [(row["FirstName"], row["LastName"]) for row in rows]


def test_the_list_is_a_summary_and_one_is_everything(pay):
    rows = pay.ok("GET", "/Employees")["Employees"]
    assert len(rows) == 60
    assert not {"LeaveBalances", "PayTemplate", "TaxDeclaration", "HomeAddress"} & set(rows[0])
    person = pay.person(1)
    row = pay.ok("GET", f"/Employees/{person['id']}")["Employees"][0]
    balance = next(part for part in row["LeaveBalances"] if part["LeaveName"] == "Annual Leave")
    assert (balance["NumberOfUnits"], balance["TypeOfUnits"]) == (39.5, "Hours")
    assert row["PayTemplate"]["EarningsLines"][0]["CalculationType"] == "ANNUALSALARY"
    assert row["HomeAddress"]["Region"] == "NSW"


def test_twins_a_leaver_and_one_without_a_birthday_are_there(pay):
    rows = pay.ok("GET", "/Employees")["Employees"]
    assert len(names(rows)) - len(set(names(rows))) == 1
    gone = [row for row in rows if row["Status"] == "TERMINATED"]
    assert [row["TerminationReason"] for row in gone] == ["V"]
    assert len([row for row in rows if "DateOfBirth" not in row]) == 1


def test_pages_of_a_hundred_without_a_pagination_block(pay):
    counts = pay.control("POST", f"/organisations/{pay.org.tenant_id}/seed",
                         {"payroll": {"employees": 200}})
    assert counts["employees"] == 200
    sizes = [len(pay.ok("GET", "/Employees", page=page)["Employees"]) for page in (1, 2, 3)]
    assert sizes == [100, 100, 0]
    answer = pay.ok("GET", "/Employees")
    assert len(answer["Employees"]) == 100
    assert "pagination" not in answer


def test_where_order_and_modified_since(pay, server):
    gone = pay.ok("GET", "/Employees", where='Status=="TERMINATED"')["Employees"]
    assert len(gone) == 1
    rows = pay.ok("GET", "/Employees", order="LastName DESC")["Employees"]
    assert rows[0]["LastName"] == max(row["LastName"] for row in rows)
    assert pay.get("/Employees", where="Nonsense==1").json()["Type"] == "QueryParseException"
    since = {"If-Modified-Since": server.sandbox.clock.iso()}
    server.advance(5)
    assert pay.get("/Employees", headers=since).json()["Employees"] == []
    pay.act("edit", employee=pay.person(4)["id"], values={"email": "new@staff.example"})
    rows = pay.get("/Employees", headers=since).json()["Employees"]
    assert [row["Email"] for row in rows] == ["new@staff.example"]


def test_create_and_change_an_employee(pay):
    row = pay.ok("POST", "/Employees", [NEW])["Employees"][0]
    assert (row["FirstName"], row["Status"], row["DateOfBirth"]) == (
        "Nina", "ACTIVE", NEW["DateOfBirth"])
    changed = {"JobTitle": "Clerk", "PayrollCalendarID": pay.calendar()["id"]}
    row = pay.ok("POST", f"/Employees/{row['EmployeeID']}", [changed])["Employees"][0]
    assert (row["JobTitle"], row["LastName"]) == ("Clerk", "Novak")
    assert row["PayrollCalendarID"] == pay.calendar()["id"]


def test_pay_template_lines_with_rate_and_hours(pay):
    lines = [{"EarningsRateID": pay.item("earnings", "Overtime Hours"),
              "CalculationType": "USEEARNINGSRATE", "NormalNumberOfUnits": 4}]
    key = pay.person(1)["id"]
    row = pay.ok("POST", f"/Employees/{key}", [{"PayTemplate": {"EarningsLines": lines}}])
    assert row["Employees"][0]["PayTemplate"]["EarningsLines"] == lines


def test_a_pay_template_replaces_the_one_before(pay):
    key = pay.person(1)["id"]
    read = pay.ok("GET", f"/Employees/{key}")["Employees"][0]["PayTemplate"]
    union = {"DeductionTypeID": pay.item("deduction", "Union Fees/Subscriptions"),
             "CalculationType": "FIXEDAMOUNT", "Amount": 12.5}
    fund = {"ContributionType": "SGC", "CalculationType": "STATUTORY"}
    more = {**read, "DeductionLines": [union], "SuperLines": [fund]}
    pay.ok("POST", f"/Employees/{key}", [{"PayTemplate": more}])
    assert pay.ok("GET", f"/Employees/{key}")["Employees"][0]["PayTemplate"] == more
    strange = {"DeductionLines": [{**union, "DeductionTypeID": key}]}
    assert messages(pay.post(f"/Employees/{key}", [{"PayTemplate": strange}])) == [
        "The DeductionTypeID does not exist."]
    pay.ok("POST", f"/Employees/{key}", [{"JobTitle": "Clerk"}])
    assert pay.ok("GET", f"/Employees/{key}")["Employees"][0]["PayTemplate"] == more
    left = {"EarningsLines": read["EarningsLines"]}
    row = pay.ok("POST", f"/Employees/{key}", [{"PayTemplate": left}])["Employees"][0]
    assert not row["PayTemplate"].get("DeductionLines") and not row["PayTemplate"].get("SuperLines")
    assert not any(line["AnnualNumberOfUnits"] for line in row["PayTemplate"]["LeaveLines"])
    assert row["LeaveBalances"]  # what was earned stays


def test_what_an_employee_lacks_is_all_told(pay):
    told = messages(pay.post("/Employees", [{"FirstName": "X"}]))
    for name in ("LastName", "DateOfBirth", "HomeAddress AddressLine1", "IncomeType",
                 "EmploymentType"):
        assert f"The {name} field is required." in told
    wrong = {**NEW, "HomeAddress": {"AddressLine1": "1 Road"}}
    assert messages(pay.post("/Employees", [wrong])) == [
        "The HomeAddress Region must be an Australian state."]
    assert len(pay.org.payroll.employees) == 60


def test_an_array_is_saved_whole_or_not_at_all(pay):
    assert len(messages(pay.post("/Employees", [NEW, {"FirstName": "X"}]))) == 5
    assert len(pay.org.payroll.employees) == 60
    assert pay.post("/Employees", NEW).json()["Type"] == "PostDataInvalidException"
    assert pay.post("/Employees", {"Employees": [NEW]}).status_code == 400
    assert "50 elements" in pay.post("/Employees", [NEW] * 51).json()["Message"]
    assert pay.post("/Employees", []).json()["Type"] == "NoDataProcessedException"


def test_termination_needs_a_reason_and_rehire_makes_a_new_person(pay):
    key = pay.person(1)["id"]
    end = {"TerminationDate": ms("2026-10-01")}
    assert messages(pay.post(f"/Employees/{key}", [end])) == [
        "The TerminationReason field is required."]
    row = pay.ok("POST", f"/Employees/{key}", [{**end, "TerminationReason": "V"}])["Employees"][0]
    assert row["Status"] == "TERMINATED"
    assert "cannot be made active" in messages(
        pay.post(f"/Employees/{key}", [{"Status": "ACTIVE"}]))[0]
    again = pay.act("rehire", employee=key, date="2026-11-02")
    assert again["id"] != key
    assert pay.ok("GET", f"/Employees/{again['id']}")["Employees"][0]["Status"] == "ACTIVE"
    assert pay.ok("GET", f"/Employees/{key}")["Employees"][0]["Status"] == "TERMINATED"


def test_pay_items_hold_archived_twins_and_other_traps(pay):
    items = pay.ok("GET", "/PayItems")["PayItems"]
    assert {kind: len(rows) for kind, rows in items.items()} == {
        "EarningsRates": 7, "DeductionTypes": 2, "LeaveTypes": 6, "ReimbursementTypes": 2}
    ordinary = {row["CurrentRecord"]: row for row in items["EarningsRates"]
                if row["Name"] == "Ordinary Hours"}
    assert "IsQualifyingEarnings" in ordinary[True]
    assert "IsQualifyingEarnings" not in ordinary[False]
    assert any(row["Name"] == "Travel  Time " for row in items["EarningsRates"])
    pay.act("archive", pay_item="Annual Leave")
    rows = pay.ok("GET", "/PayItems")["PayItems"]["LeaveTypes"]
    assert [row["CurrentRecord"] for row in rows if row["Name"] == "Annual Leave"] == [False]


def test_posting_pay_items_replaces_the_collection(pay):
    rates = [row for row in pay.ok("GET", "/PayItems")["PayItems"]["EarningsRates"]
             if row["CurrentRecord"] and row["Name"] in ("Ordinary Hours", "Overtime Hours")]
    answer = pay.ok("POST", "/PayItems", {"EarningsRates": [*rates, RATE]})["PayItems"]
    left = {row["Name"]: row["CurrentRecord"] for row in answer["EarningsRates"]}
    assert left == {"Ordinary Hours": True, "Overtime Hours": True, "Night Shift": True}
    assert len(answer["LeaveTypes"]) == 6
    night = next(row for row in answer["EarningsRates"] if row["Name"] == "Night Shift")
    assert night["RatePerUnit"] == "42.5000"
    pay.ok("POST", "/PayItems", {"EarningsRates": [RATE | {"Name": "Only"}]})
    used = pay.org.payroll.pay_items.get(rates[0]["EarningsRateID"])
    assert used["current"] is False  # somebody is paid with it, so it stays, archived


@pytest.mark.parametrize(("change", "text"), [
    ({"IsQualifyingEarnings": None}, "The IsQualifyingEarnings field is required."),
    ({"TypeOfUnits": None}, "The Type Of Units is required"),
    ({"Name": " "}, "The Name is required"),
    ({"AccountCode": "nope"}, "The AccountCode 'nope' is not a valid account."),
    ({"RateType": "MULTIPLE"}, "The Multiplier is required"),
])
def test_pay_items_that_are_refused(pay, change, text):
    element = {key: value for key, value in {**RATE, **change}.items() if value is not None}
    assert messages(pay.post("/PayItems", {"EarningsRates": [element]})) == [text]
    assert len(pay.ok("GET", "/PayItems")["PayItems"]["EarningsRates"]) == 7


def test_calendars_are_read_and_made_but_never_changed(pay):
    rows = pay.ok("GET", "/PayrollCalendars")["PayrollCalendars"]
    assert {row["CalendarType"] for row in rows} == {"WEEKLY", "FORTNIGHTLY", "MONTHLY"}
    weekly = next(row for row in rows if row["CalendarType"] == "WEEKLY")
    assert weekly["StartDate"] == ms(pay.week()[0])
    new = {"Name": "Quarter", "CalendarType": "QUARTERLY", "StartDate": ms("2026-10-01"),
           "PaymentDate": ms("2026-12-31")}
    row = pay.ok("POST", "/PayrollCalendars", [new])["PayrollCalendars"][0]
    one = pay.ok("GET", f"/PayrollCalendars/{row['PayrollCalendarID']}")["PayrollCalendars"][0]
    assert (one["Name"], one["PaymentDate"]) == ("Quarter", new["PaymentDate"])
    assert "must be unique" in messages(pay.post("/PayrollCalendars", [new]))[0]
    assert pay.post(f"/PayrollCalendars/{row['PayrollCalendarID']}", [new]).status_code == 501
    assert "cannot be changed" in messages(pay.post("/PayrollCalendars", [row]))[0]


def test_settings_name_accounts_and_tracking(pay):
    settings = pay.ok("GET", "/Settings")["Settings"]
    accounts = {row["Type"]: row["Code"] for row in settings["Accounts"]}
    assert accounts["WAGESEXPENSE"] == "477"
    assert accounts["PAYGLIABILITY"] == "825"
    assert settings["TrackingCategories"]["TimesheetCategories"]["TrackingCategoryName"] == "Region"
    assert settings["EmployeesAreSTP2"] is True


def test_super_funds(pay):
    assert len(pay.ok("GET", "/Superfunds")["SuperFunds"]) == 1
    assert messages(pay.post("/Superfunds", [{"Type": "REGULATED"}])) == [
        "The USI field is required."]
    row = pay.ok("POST", "/Superfunds", [{"Type": "REGULATED", "USI": "STA0100AU"}])
    key = row["SuperFunds"][0]["SuperFundID"]
    pay.ok("POST", f"/Superfunds/{key}", [{"Name": "AustralianSuper"}])
    assert pay.ok("GET", f"/Superfunds/{key}")["SuperFunds"][0]["Name"] == "AustralianSuper"
    products = pay.ok("GET", "/SuperfundProducts", USI="STA0100AU")["SuperFundProducts"]
    assert len(products) == 1


def test_a_deleted_employee_is_nowhere(pay):
    key = pay.person()["id"]
    pay.act("delete", employee=key)
    assert key not in {row["EmployeeID"] for row in pay.ok("GET", "/Employees")["Employees"]}
    assert pay.get(f"/Employees/{key}").status_code == 404
    pay.act("post_pay_run", calendar="Weekly Calendar")
    paid = next(iter(pay.org.payroll.payslips))["employee"]
    assert "pay history" in str(Payroll.__mro__[1].act(pay, "delete", employee=paid))


def test_unknown_ids_paths_and_methods(pay):
    answer = pay.get("/Employees/00000000-0000-0000-0000-000000000001")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert pay.get("/Nothing").status_code == 404
    assert pay.delete(f"/Employees/{pay.person()['id']}").status_code == 501
    assert pay.put("/Employees", [NEW]).status_code == 501
