"""What the sandbox does for every API, seen on payroll: scopes, access, limits, keys, faults, log."""

import pytest
from payroll_client import AU, Payroll, ms

from xero_sandbox.sandbox import Sandbox
from xero_sandbox.store import dump, load
from xero_sandbox.testing import SCOPES


@pytest.fixture
def pay(server):
    return Payroll(server, AU)


def sheet(pay, number=3):
    start, end = pay.week()
    return [{"EmployeeID": pay.person(number)["id"], "StartDate": ms(start), "EndDate": ms(end)}]


PATHS = {"employees": ("/Employees", "/LeaveApplications"), "timesheets": ("/Timesheets",),
         "settings": ("/PayItems", "/PayrollCalendars", "/Settings", "/Superfunds"),
         "payruns": ("/PayRuns",)}


@pytest.mark.parametrize("part", PATHS)
def test_each_path_needs_its_scope(server, part):
    without = Payroll(server, AU, scopes=SCOPES)
    for path in PATHS[part]:
        answer = without.get(path)
        assert (answer.status_code, answer.json()["Detail"]) == (401, "AuthorizationUnsuccessful")
        assert "insufficient_scope" in answer.headers["WWW-Authenticate"]
    reader = Payroll(server, AU, organisation=2, scopes=f"{SCOPES} payroll.{part}.read")
    for path in PATHS[part]:
        assert reader.get(path).status_code == 200
    assert reader.post(PATHS[part][0], [{}]).status_code == 401
    others = [path for key, paths in PATHS.items() if key != part for path in paths]
    assert {reader.get(path).status_code for path in others} == {401}


def test_payslips_have_a_scope_of_their_own(server):
    pay = Payroll(server, AU, scopes="offline_access payroll.payruns")
    pay.act("create_pay_run", calendar="Weekly Calendar")
    path = f"/Payslip/{next(iter(pay.org.payroll.payslips))['id']}"
    assert pay.get(path).status_code == 401
    assert Payroll(server, AU, scopes="payroll.payslip.read").get(path).status_code == 200


def test_payroll_that_is_not_set_up_or_not_permitted(pay):
    pay.set_org(payroll="not_set_up")
    answer = pay.get("/Employees")
    assert (answer.status_code, answer.json()["Detail"]) == (401, "AuthorizationUnsuccessful")
    assert "WWW-Authenticate" not in answer.headers
    pay.set_org(payroll="no_permission")
    assert pay.get("/Employees").status_code == 403
    pay.set_org(payroll="full")
    assert pay.get("/Employees").status_code == 200


@pytest.mark.parametrize("country", ["NZ", "UK"])
def test_the_australian_api_is_nowhere_else(server, country):
    server.reset(country=country)
    pay = Payroll(server, AU)
    assert pay.get("/Employees").status_code == 404
    assert pay.get("/PayrollCalendars").headers["Content-Type"].startswith("text/html")


def test_idempotency_keys(pay, server):
    key = {"Idempotency-Key": "tenant:1"}
    first = pay.post("/Timesheets", sheet(pay), headers=key)
    assert pay.post("/Timesheets", sheet(pay), headers=key).content == first.content
    answer = pay.post("/Timesheets", sheet(pay, 6), headers=key)
    assert "used with a different request" in answer.json()["Message"]
    server.advance(360)
    assert "already exists" in pay.post("/Timesheets", sheet(pay), headers=key).text
    assert len(pay.org.payroll.timesheets) == 1


def test_payroll_counts_in_the_same_limits(pay, server):
    server.sandbox.limits.minute = 2
    assert pay.get("/Employees").headers["X-MinLimit-Remaining"] == "1"
    pay.get("/PayItems")
    answer = pay.get("/Employees")
    assert (answer.status_code, answer.headers["X-Rate-Limit-Problem"]) == (429, "minute")
    server.advance(60)
    assert pay.get("/Employees").status_code == 200


def test_faults_reach_payroll(pay):
    pay.control("POST", "/faults", {"kind": "html504", "path": "payroll.*Timesheets", "times": 1})
    answer = pay.post("/Timesheets", sheet(pay))
    assert (answer.status_code, len(pay.org.payroll.timesheets)) == (504, 0)
    pay.control("POST", "/faults", {"kind": "error500_after", "method": "POST", "times": 1})
    assert pay.post("/Timesheets", sheet(pay)).status_code == 500
    assert len(pay.org.payroll.timesheets) == 1


def test_the_log_names_the_version(pay, server):
    pay.get(f"/Employees/{pay.person()['id']}")
    pay.get("/Timesheets")
    assert server.count("GET /payroll.xro/1.0/Employees/{EmployeeID}") == 1
    assert server.count("GET /payroll.xro/1.0/Timesheets") == 1


def test_the_state_file_keeps_payroll(pay, server):
    pay.post("/Timesheets", sheet(pay))
    pay.act("post_pay_run", calendar="Fortnightly Calendar")
    pay.set_org(payroll="no_permission")
    copy = Sandbox()
    load(copy, dump(server.sandbox))
    assert copy.organisations[pay.org.tenant_id].payroll.dump() == pay.org.payroll.dump()
    assert dump(copy) == dump(server.sandbox)


def test_refused_actions_leave_nothing(pay):
    path = f"/organisations/{pay.org.tenant_id}/as-user"
    for request in ({"action": "post_pay_run", "calendar": "Nope"},
                    {"action": "terminate", "employee": "nope"},
                    {"action": "rehire", "employee": pay.person()["id"]}):
        assert "error" in pay.control("POST", path, request)
    assert len(pay.org.payroll.pay_runs) == 0
    assert len(pay.org.payroll.employees) == 60


def test_silent_changes_do_not_move_the_stamp(pay):
    before = pay.person()["updated"]
    pay.act("edit", employee=pay.person()["id"], values={"job": "Chef"}, silent=True)
    assert (pay.person()["job"], pay.person()["updated"]) == ("Chef", before)


def test_people_are_added_and_calendars_made(pay):
    start, end = pay.week()
    pay.act("make_calendar", name="Quarter", type="QUARTERLY", start="2026-10-01",
            payment="2026-12-31")
    row = pay.act("add_employee", first="New", last="Person", calendar="Quarter", salary=52000,
                  start="2026-10-01")
    assert pay.ok("GET", f"/Employees/{row['id']}")["Employees"][0]["PayTemplate"][
        "EarningsLines"][0]["AnnualSalary"] == 52000
    run = pay.act("post_pay_run", calendar="Quarter")
    assert (run["start"], run["end"], run["payment"]) == ("2026-10-01", "2026-12-31", "2026-12-31")
    assert pay.ledger()["477"] == 13000
