"""Scopes, keys, limits and refusals of payroll 2.0, and its page."""

import pytest
import requests
from payroll_client import AU, V2, Payroll
from test_payroll_v2_time import create, leave, mine, reasons, sheet

from xero_sandbox.testing import SCOPES

PATHS = {"employees": ("/Employees",), "timesheets": ("/Timesheets",), "payruns": ("/PayRuns",),
         "settings": ("/EarningsRates", "/LeaveTypes", "/Deductions", "/Reimbursements",
                      "/PayRunCalendars", "/Settings")}


@pytest.fixture(params=["NZ", "UK"])
def country(server, request):
    server.reset(country=request.param)
    server.sandbox.limits.minute = 100_000
    return request.param


@pytest.mark.parametrize("part", PATHS)
def test_each_path_needs_its_scope(server, country, part):
    assert Payroll(server, V2, scopes=SCOPES).get(PATHS[part][0]).status_code == 401
    reader = Payroll(server, V2, scopes=f"{SCOPES} payroll.{part}.read")
    assert {reader.get(path).status_code for path in PATHS[part]} == {200}
    others = [path for key, paths in PATHS.items() if key != part for path in paths]
    assert {reader.get(path).status_code for path in others} == {401}
    assert reader.post("/Timesheets", {}).status_code == 401


def test_leave_belongs_to_the_employees_scope(server, country):
    pay = Payroll(server, V2, scopes=f"{SCOPES} payroll.employees")
    pay.ok("POST", mine(pay), leave(pay))
    assert pay.get(mine(pay, "LeaveBalances")).status_code == 200


def test_payslips_have_a_scope_of_their_own(server, country):
    path = "/PaySlips" if country == "NZ" else "/Payslips"
    pay = Payroll(server, V2, scopes="offline_access payroll.payruns")
    run = pay.act("create_pay_run", calendar="Weekly Calendar")
    assert pay.get(path, PayRunID=run["id"]).status_code == 401
    reader = Payroll(server, V2, scopes="offline_access payroll.payslip.read")
    assert reader.get(path, PayRunID=run["id"]).status_code == 200


def test_without_payroll_or_without_permission(server, country):
    pay = Payroll(server, V2)
    pay.set_org(payroll="not_set_up")
    assert pay.get("/Employees").status_code == 401
    pay.set_org(payroll="no_permission")
    assert pay.get("/Employees").json()["Detail"] == "AuthorizationUnsuccessful"


def test_keys_replay_and_their_misuse_is_a_problem(server, country):
    pay, key = Payroll(server, V2), {"Idempotency-Key": "tenant:1"}
    first = pay.post("/Timesheets", sheet(pay), headers=key)
    assert pay.post("/Timesheets", sheet(pay), headers=key).content == first.content
    other = pay.post("/Timesheets", sheet(pay, number=6), headers=key)
    assert reasons(other) == {}
    assert "different request" in other.json()["problem"]["detail"]
    assert len(pay.org.payroll.timesheets) == 1


def test_a_refused_write_leaves_nothing(server, country):
    pay = Payroll(server, V2)
    good, bad = sheet(pay)["timesheetLines"][0], {"date": pay.week()[0]}
    assert reasons(pay.post("/Timesheets", sheet(pay, timesheetLines=[good, bad])))
    assert len(pay.org.payroll.timesheets) == 0
    assert pay.post("/Timesheets", None).json()["problem"]["status"] == "400"


def test_both_versions_of_au_share_one_limit(server):
    old, new = Payroll(server, AU), Payroll(server, V2)
    server.sandbox.limits.minute = 2
    assert old.get("/Timesheets").headers["X-MinLimit-Remaining"] == "1"
    assert new.get("/Timesheets").headers["X-MinLimit-Remaining"] == "0"
    answer = new.get("/Timesheets")
    assert (answer.status_code, answer.text) == (429, "")


def test_unknown_values_and_new_fields_on_demand(server, country):
    pay = Payroll(server, V2)
    create(pay)
    for kind, text in (("unknown_enum", "SOMETHINGNEW"), ("unknown_fields", "AnotherNew")):
        pay.control("DELETE", "/faults")
        pay.control("POST", "/faults", {"kind": kind})
        assert text in pay.get("/Timesheets").text


def test_the_wages_journal_is_in_the_trial_balance(server, country):
    pay = Payroll(server, V2)
    pay.act("post_pay_run", calendar="Fortnightly Calendar")
    report = pay.get("/api.xro/2.0/Reports/TrialBalance", date="2099-12-31").text
    assert "(804)" in report
    assert "(825)" in report


def test_the_page_shows_what_was_pushed(server, country):
    pay = Payroll(server, V2)
    create(pay)
    pay.ok("POST", mine(pay), leave(pay, description="Beach <b>"))
    pay.act("post_pay_run", calendar="Fortnightly Calendar")
    root = f"{server.url}/organisation/{pay.org.tenant_id}"
    text = requests.get(root + "/payroll", timeout=5).text
    for part in ("Chloe Cooper", "Beach &lt;b&gt;", "Fortnightly Calendar", "POSTED", "DRAFT",
                 "TERMINATED"):
        assert part in text
    assert "Payroll (60)" in requests.get(root, timeout=5).text
