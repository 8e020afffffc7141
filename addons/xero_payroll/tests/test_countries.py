"""New Zealand and the United Kingdom: the same as in Australia, from other lists in another spelling (K13)."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .. import periods
from .common import NewZealand, PayrollCase, UnitedKingdom

V2 = "GET /payroll.xro/2.0"


class CountryCase:
    """The tests of a country; the class beside it says which."""

    leave_name = None
    benefit = "super_amount"

    def test_staff(self):
        # PUL-04, PRL-01: the list says all of a person
        self.payroll.employees.put({**self.person(4), "end": "2026-01-31", "reason": "V"})
        employees = self.bring_in_staff()
        self.assertEqual(len(employees), 3)
        person = self.person(1)
        employee = self.employee_of(person)
        self.assertEqual(employee.name, f"{person['first']} {person['last']}")
        self.assertEqual(employee.work_email, person["email"])
        if self.country == "NZ":  # of the United Kingdom the list tells no job titles
            self.assertTrue(person["job"])
            self.assertEqual(employee.job_title, person["job"])
        self.assertEqual(str(employee.contract_date_start), person["start"])
        self.assertEqual(employee.xero_calendar_id.name, self.payroll.calendars.get(person["calendar"])["name"])
        self.assertEqual([call for call in self.payroll_calls() if "Employees" in call], [f"{V2}/Employees"])
        self.bring_in("employee")
        self.assertEqual(self.employees(), employees)
        self.assertFalse(self.problems())
        # Who leaves is archived.
        self.payroll.employees.put({**person, "end": "2026-02-28", "reason": "V"})
        self.bring_in("employee")
        self.assertFalse(employee.active)

    def test_more_people_than_fit_on_a_page(self):
        rows = list(self.payroll.employees)
        more = [
            {**rows[0], "id": f"00000000-0000-4000-8000-{n:012d}", "first": f"N{n}", "email": ""} for n in range(105)
        ]
        self.payroll.employees.replace([*rows, *more])
        self.bring_in_staff()
        self.assertEqual(len(self.employees()), 109)
        self.assertEqual(self.payroll_calls().count(f"{V2}/Employees"), 2)

    def test_pay_items(self):
        # PUL-06, PRL-19: one list for each kind
        self.bring_in("pay_item")
        lists = ["Deductions", "EarningsRates", "LeaveTypes", "Reimbursements"]
        self.assertEqual(sorted(self.payroll_calls()), [f"{V2}/{name}" for name in lists])
        rows = self.env["xero.pay.item"].with_context(active_test=False).search([])
        kinds = ("earnings", "deduction", "reimbursement", "leave")
        for kind in kinds:
            theirs = self.payroll.items(kind)
            ours = rows.filtered(lambda row, k=kind: row.kind == k)
            names = {row.xero_id: row.name for row in ours}
            self.assertEqual(names, {item["id"]: item["name"] for item in theirs}, kind)
            self.assertEqual(len(ours.filtered("active")), sum(1 for item in theirs if item["current"]), kind)
        overtime = self.pay_item("Overtime", "earnings")
        self.assertEqual((overtime.rate_type, overtime.multiplier, overtime.for_timesheets), ("MULTIPLE", 1.5, True))
        self.bring_in("pay_item")
        run = self.last_run("pay_item")
        self.assertEqual((run.created, run.updated, run.unchanged), (0, 0, len(rows)))
        # A list of one kind says nothing of the others.
        self.bring_in("leave_type")
        self.assertTrue(self.pay_item("Overtime", "earnings"))

    def test_calendars(self):
        # PRL-12
        weekly = next(row for row in self.payroll.calendars if row["name"] == "Weekly Calendar")
        kinds = [kind for kind in periods.KINDS if self.country == "NZ" or kind != "TWICEMONTHLY"]
        for number, kind in enumerate(kinds):
            own = {"id": f"{weekly['id'][:-12]}{number:012d}", "name": kind, "type": kind}
            self.payroll.calendars.put({**weekly, **own})
        self.bring_in("payroll_calendar")
        calendars = self.env["xero.payroll.calendar"].search([])
        self.assertLessEqual({(kind, kind) for kind in kinds}, {(row.name, row.calendar_type) for row in calendars})
        calendar = calendars.filtered(lambda row: row.name == "Weekly Calendar")
        self.assertEqual((calendar.calendar_type, str(calendar.start_date)), ("WEEKLY", self.next_week()))

    def next_week(self):
        return next(row["next"] for row in self.payroll.calendars if row["name"] == "Weekly Calendar")

    def test_balances(self):
        # LVE-02
        self.bring_in_staff()
        person = self.person(1)
        self.xero.act("set_balance", employee=person["id"], leave_type=self.leave_name, units=7.5)
        self.forget_calls()
        self.bring_in("leave_balance")
        self.assertEqual(len(self.payroll_calls()), 4)
        balances = self.employee_of(person).xero_balance_ids
        found = balances.filtered(lambda balance: balance.pay_item_id.name == self.leave_name)
        self.assertEqual((found.units, found.type_of_units), (7.5, "Hours"))

    def test_who_is_not_in_xero_any_more_holds_up_nobody(self):
        self.bring_in_staff()
        self.connection.sync_salaries = True
        gone = self.employee_of(self.person(1))
        self.xero.act("delete", employee=self.person(1)["id"])
        for key in ("leave_balance", "leave_application", "salary"):
            with self.subTest(key):
                self.bring_in(key)
                run = self.last_run(key)
                self.assertEqual((run.state, run.failed), ("done", 1))
                problem = self.problems("employee_list_refused")
                self.assertEqual((problem.link_id.res_id, problem.run_id), (gone.id, run))
        self.assertTrue(self.employee_of(self.person(1)).xero_balance_ids)

    def test_salaries(self):
        # PRL-09, B27: only when the company wants them
        employees = self.bring_in_staff()
        self.forget_calls()
        with self.as_request(self.connection) as connection:
            self.assertNotIn("salary", connection.sudo()._pulled_keys())
            connection.sync_salaries = True
            connection._import(["salary"])
        self.assertEqual(len(self.payroll_calls()), 4)
        for number in (1, 3):
            person, (wage,) = self.person(number), self.person(number)["wages"]
            employee = self.employee_of(person)
            salaried = wage["type"] == "Salary"
            self.assertEqual(employee.xero_annual_salary, float(wage["salary"]) if salaried else 0)
            self.assertEqual(employee.xero_paid_from, "template" if salaried else "timesheet")
            self.assertEqual(employee.xero_earnings_rate_id.xero_id, wage["rate"])
        chosen = employees[0]
        chosen.xero_paid_from = "timesheet"  # what a person has chosen stays
        past = {**self.person(1)["wages"][0], "status": "History"}
        self.payroll.employees.put({**self.person(1), "wages": [past]})
        self.bring_in("salary")
        self.assertEqual((chosen.xero_annual_salary, chosen.xero_paid_from), (0, "timesheet"))

    def test_leave(self):
        # LVE-08, XQ-20: it hangs on the employee
        self.bring_in_staff()
        person = self.person(1)
        item = self.pay_item(self.leave_name)
        self.env["hr.leave.type"].create(
            {
                "name": self.leave_name,
                "company_id": self.company.id,
                "xero_pay_item_id": item.id,
                "requires_allocation": False,
            }
        )
        start = fields.Date.to_date(self.payroll.calendars.get(person["calendar"])["next"]) + timedelta(35)
        monday = start - timedelta(start.weekday())
        row = self.xero.act(
            "request_leave",
            employee=person["id"],
            leave_type=self.leave_name,
            start=str(monday),
            end=str(monday + timedelta(2)),
            title="Tramping",
        )
        self.xero.act("approve", leave=row["id"])
        self.forget_calls()
        self.bring_in("leave_application")
        self.assertEqual(len(self.payroll_calls()), 4)
        leave = self.env["hr.leave"].search([("employee_id", "=", self.employee_of(person).id)])
        self.assertEqual((leave.state, leave.xero_leave_status), ("validate", "current"))
        self.assertEqual((leave.request_date_from, leave.request_date_to), (monday, monday + timedelta(2)))
        self.bring_in("leave_application")
        self.assertEqual(len(self.env["hr.leave"].search([("employee_id", "=", leave.employee_id.id)])), 1)

    def test_copied_leave_types(self):
        # XQ-16: leave is counted as it is in Xero, where that is not said in hours
        self.bring_in("pay_item")
        boss = self.new_user("boss", "xero_payroll.group_xero_payroll_admin")
        wizard = self.connection.with_user(boss).action_copy_leave_types()["res_id"]
        wizard = self.env["xero.leave.type.wizard"].with_user(boss).browse(wizard)
        item, *others = wizard.line_ids.pay_item_id
        item.sudo().type_of_units = "Days"
        wizard.line_ids.ticked = True
        wizard.action_copy()
        types = self.env["hr.leave.type"].search([("xero_pay_item_id", "!=", False)]).grouped("xero_pay_item_id")
        self.assertEqual(types[item].request_unit, "day")
        self.assertEqual({types[other].request_unit for other in others}, {"hour"})

    def test_pay_runs(self):
        # PRL-11
        self.bring_in_staff()
        self.xero.act("post_pay_run", calendar="Fortnightly Calendar")
        self.forget_calls()
        self.bring_in("pay_run")
        run = self.env["xero.pay.run"].search([])
        self.assertEqual(self.payroll_calls(), [f"{V2}/PayRuns", f"{V2}/PayRuns/{run.xero_id}"])
        theirs = next(iter(self.payroll.pay_runs))
        self.assertEqual((run.status, str(run.period_start)), ("POSTED", theirs["start"]))
        self.assertEqual(str(run.payment_date), theirs["payment"])
        self.assertTrue(run.payslip_ids.employee_id)
        self.assertGreater(run[self.benefit], 0)
        self.assertAlmostEqual(run.net_pay, run.wages - run.tax - run.deductions, places=2)
        lines = self.connection._wages_lines(run)
        self.assertTrue(run.currency_id.is_zero(sum(amount for _field, amount in lines)))
        self.bring_in("pay_run")
        self.assertEqual(self.payroll_calls()[2:], [f"{V2}/PayRuns"])


@tagged("post_install", "-at_install")
class TestNewZealand(NewZealand, CountryCase, PayrollCase):
    """All of it there."""


@tagged("post_install", "-at_install")
class TestUnitedKingdom(UnitedKingdom, CountryCase, PayrollCase):
    benefit = "employer_tax"
