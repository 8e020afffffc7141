"""A pay day on the screen: leave types, a request and its balance, a week from the hours to the pay run."""


import pytest
from payroll_books import OVERTIME, PayrollBooks
from playwright.sync_api import expect

import database
from demo_connect import ORGANISATION
from demo_hours import faults
from demo_payroll import LEAVE, PEOPLE
from odoo_server import OdooServer, start_sandbox
from xero_reader import PayrollReader

pytestmark = pytest.mark.timeout(900)  # the first of them makes a company of its own
DATABASE = "xero_browser_payroll"
AWAY = "Priya Shah"
LATE = "Ella Wong"  # works overtime that Xero does not know of yet


@pytest.fixture(scope="module")
def payroll_xero(chromium):
    with start_sandbox("AU", arguments=("--employees", 0)) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def payroll_odoo(payroll_xero):
    database.create(DATABASE, "xero_connector", "xero_payroll")
    with OdooServer(DATABASE, env=payroll_xero.odoo_env) as server:
        yield server
    database.drop(DATABASE)


@pytest.fixture(scope="module")
def company(payroll_odoo, payroll_xero):
    books = PayrollBooks(payroll_odoo, payroll_xero)
    yield books
    assert not books.bookkeeper.control("GET", "violations")


@pytest.fixture(scope="module")
def staff(visitors, payroll_odoo, company):
    """A function of a login: the screen of that person, logged in."""
    with visitors(payroll_odoo.url) as log_in:
        yield log_in


@pytest.fixture(scope="module")
def pia(staff):
    """The payroll officer."""
    return staff("pia")


@pytest.fixture(scope="module")
def copied(staff, company):
    """Annual leave is a type of time off: ada, the payroll administrator, has copied it."""
    ada = staff("ada")
    ada.open(f"xero-connections/{company.connection_id}")
    ada.turn_to("Payroll")
    ada.picture("payroll-page")
    ada.press("Copy Leave Types")
    row = ada.row(LEAVE, area=ada.dialog)
    row.locator("[name=ticked]").click()
    expect(row.locator("[name=ticked] input")).to_be_checked()
    ada.picture("copy-leave-types")
    ada.press("Copy")
    expect(ada.dialog).to_have_count(0)


@pytest.fixture(scope="module")
def leave(copied, company):
    """A day of leave that somebody has asked for."""
    person = next(person for person in PEOPLE if person.name == AWAY)
    (day,) = company.week.days_away(person)
    return company.create(
        "hr.leave", employee_id=company.employee(AWAY), request_date_from=day, request_date_to=day,
        holiday_status_id=company.find("hr.leave.type", ("xero_pay_item_id.name", "=", LEAVE)))


def test_only_the_ticked_leave_type_is_copied(copied, company):
    found = company.call("hr.leave.type", "search_read", [("xero_pay_item_id", "!=", False)], ["name", "company_id"])
    assert [(row["name"], row["company_id"][0]) for row in found] == [(LEAVE, company.company_id)]


def test_a_request_shows_the_balance_that_xero_knows_of(pia, leave, company):
    pia.open(f"action-hr_holidays.hr_leave_action_action_approve_department/{leave}")
    expect(pia.field("xero_balance_at_request")).to_have_text("60.00")
    pia.picture("leave-request")
    pia.press("Validate")
    expect(pia.button("Push to Xero")).to_be_visible()
    assert company.read("hr.leave", leave, "state") == "validate"


def test_a_week_from_its_hours_to_the_pay_run(staff, pia, leave, company, payroll_xero):
    company.week.keep_time()
    company.overtime(2, LATE)
    pia.app("Employees")
    pia.menu("Xero Payroll", "Ready to Pay")
    expect(pia.field("summary")).to_have_text("Ready to pay: 0 of 5, reasons: 2")
    pia.press("Bring in Hours")
    expect(pia.row("Waits for the manager's approval")).to_contain_text("Tom Becker")
    pia.picture("ready-to-pay-begin")

    manager = staff("max")
    manager.app("Timesheets")
    manager.page.get_by_role("menuitem", name="Pay Periods", exact=True).click()
    manager.page.locator("tr.o_group_header").click()
    expect(manager.page.locator("tr.o_data_row")).to_have_count(len(PEOPLE))
    manager.page.locator("thead .o_list_record_selector input").click()
    manager.picture("pay-periods")
    manager.press("Approve Time")
    expect(manager.row("Approved by the manager")).to_have_count(len(PEOPLE))

    pia.press("Look Again")
    expect(pia.row("Waits for payroll's approval")).to_be_visible()
    pia.press("Approve Pay Items")
    expect(pia.row("Time to push")).to_be_visible()
    pia.press("Push to Xero")
    pia.notification("is in Xero")
    pia.close_notifications()
    pia.press("Look Again")
    expect(pia.field("summary")).to_have_text("Ready to pay: 4 of 5, reasons: 1")
    expect(pia.button("Look Again")).to_be_enabled()
    problem = pia.row("Pay item not assigned")
    expect(problem).to_contain_text(LATE)
    pia.picture("ready-to-pay", readme=True, height=600)
    problem.get_by_role("button", name="Show").click()
    pia.row(LATE).locator("td[name=employee_id]").click()
    expect(pia.field("xero_message")).to_contain_text(f"{OVERTIME} is not assigned to {LATE} in Xero")
    pia.picture("timesheet-held")

    company.bookkeeper.assign_rate(company.people[LATE], OVERTIME)
    pia.app("Employees")
    pia.menu("Xero Payroll", "Ready to Pay")
    pia.press("Bring in from Xero")
    pia.notification("Employees: ")
    pia.close_notifications()
    expect(pia.row("Pay item not assigned")).to_be_visible()
    pia.press("Push to Xero")
    pia.notification("is in Xero")
    pia.close_notifications()
    pia.press("Look Again")
    expect(pia.field("summary")).to_have_text("Ready to pay: 5 of 5, reasons: 0")
    expect(pia.field("next_step")).to_contain_text("then run the pay run Weekly Calendar")
    expect(pia.button("Look Again")).to_be_enabled()
    pia.picture("ready-to-pay-done")
    reader = PayrollReader(payroll_xero.url, ORGANISATION, "payroll-reader")
    assert faults(*company.week.compare(reader)) == []
