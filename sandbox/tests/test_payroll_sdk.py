"""Xero's own Python client reads every payroll answer, except those it cannot read from Xero either
(facts, section 6.2): people without a birthday or a title, pay items older than May 2026."""

import time

import pytest
from payroll_client import AU, V2, Payroll

pytest.importorskip("xero_python")

from xero_python.api_client import ApiClient
from xero_python.api_client.configuration import Configuration
from xero_python.api_client.oauth2 import OAuth2Token
from xero_python.payrollau import PayrollAuApi
from xero_python.payrollnz import PayrollNzApi
from xero_python.payrolluk import PayrollUkApi

APIS = {"AU": (PayrollAuApi, AU), "NZ": (PayrollNzApi, V2), "UK": (PayrollUkApi, V2)}
UNREADABLE = {"AU": {"get_employees", "get_pay_items"}, "NZ": {"get_employees"},
              "UK": {"get_employees"}}
PERSON = ("get_employee", "get_employee_leaves", "get_employee_leave_balances",
          "get_employee_leave_types", "get_employee_salary_and_wages", "get_employee_tax",
          "get_employee_payment_method")
LISTS = ("get_employees", "get_earnings_rates", "get_leave_types", "get_deductions",
         "get_reimbursements", "get_pay_run_calendars", "get_pay_runs", "get_settings",
         "get_tracking_categories", "get_timesheets")
OTHER = {
    "AU": ("get_employees", "get_leave_applications", "get_leave_applications_v2", "get_pay_items",
           "get_payroll_calendars", "get_pay_runs", "get_settings", "get_superfunds",
           "get_timesheets"),
    "NZ": (*LISTS, "get_superannuations", "get_statutory_deductions"),
    "UK": (*LISTS, "get_benefits", "get_earnings_orders"),
}


def sdk(server, pay, country):
    """The official client of one organisation."""
    configuration = Configuration()
    configuration.oauth2_token = OAuth2Token(client_id="a", client_secret="b")
    client = ApiClient(configuration)
    token = {**{key: pay.tokens[key] for key in ("access_token", "expires_in", "token_type")},
             "refresh_token": "x", "scope": [], "expires_at": time.time() + 3600}
    client.oauth2_token_getter(lambda: token)
    client.oauth2_token_saver(lambda fresh: None)
    api, root = APIS[country]
    found = api(client)
    found.base_url = server.url + root
    return found


@pytest.mark.parametrize("country", APIS)
def test_the_official_client_reads_the_answers(server, country):
    server.reset(country=country)
    server.sandbox.limits.minute = 100_000
    pay = Payroll(server, APIS[country][1])
    person = pay.person()["id"]
    pay.act("create", timesheet=person, hours=[8, 8])
    pay.act("post_pay_run", calendar="Fortnightly Calendar")
    run = next(iter(pay.org.payroll.pay_runs))["id"]
    slip = next(iter(pay.org.payroll.payslips))["id"]
    sheet = next(iter(pay.org.payroll.timesheets))["id"]
    calls = [(name,) for name in OTHER[country]] + [
        ("get_pay_run", run), ("get_timesheet", sheet), ("get_employee", person),
        ("get_payslip" if country == "AU" else "get_pay_slip", slip)]
    if country != "AU":
        calls += [(name, person) for name in PERSON] + [("get_pay_slips", run)]
    api, unread = sdk(server, pay, country), set()
    for name, *arguments in calls:
        try:
            getattr(api, name)(pay.org.tenant_id, *arguments)
        except ValueError:
            unread.add(name)
    assert unread == UNREADABLE[country]
