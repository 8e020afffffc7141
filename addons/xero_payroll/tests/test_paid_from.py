"""Nobody is paid by the hour beside a salary, nobody is left unpaid: what Xero says of pay is followed (B27)."""

from odoo.tests import tagged

from .common import NewZealand
from .time_case import TimeCase


@tagged("post_install", "-at_install")
class TestPaidFromInNewZealand(NewZealand, TimeCase):
    """Persons 2 and 4 have a salary; nothing says so while salaries are not brought in."""

    def setUp(self):
        super().setUp()
        self.ordinary = self.rate("Ordinary Time")
        self.env["xero.rate.map"].create({"connection_id": self.connection.id, "pay_item_id": self.ordinary.id})
        self.salaried = self.employee_of(self.person(2))

    def test_a_question_before_hours_go(self):
        sheet = self.approved(self.salaried)
        self.push(sheet, self.officer)
        self.assertEqual((self.problem(sheet), self.rows_of(self.salaried)), ("paid_from_unknown", []))

    def test_a_salary_that_somebody_has_chosen_covers_the_hours(self):
        self.salaried.sudo().xero_paid_from = "template"
        task = self.env["project.task"].create({"name": "Night shift", "project_id": self.project.id})
        self.xero.act("assign", employee=self.person(2)["id"], rate="Overtime")
        overtime = {"kind_ref": f"project.task,{task.id}", "pay_item_id": self.rate("Overtime").id}
        self.env["xero.rate.map"].create({"connection_id": self.connection.id, **overtime})
        self.work_hours(self.salaried, self.salaried.xero_calendar_id.start_date, 2, task_id=task.id)
        sheet = self.approved(self.salaried)
        self.push(sheet, self.officer)
        self.assertFalse(self.problem(sheet))
        self.assertEqual([line["units"] for line in self.in_payroll(sheet)["lines"]], [2])

    def test_the_rate_of_a_salary_stays(self):
        self.connection.sync_salaries = True
        self.bring_in("salary")
        rate = self.salaried.xero_earnings_rate_id
        self.assertTrue(rate)
        self.xero.act("edit", employee=self.person(2)["id"], values={"phone": "021 555 123"})
        self.bring_in("employee")
        self.assertEqual((self.salaried.work_phone, self.salaried.xero_earnings_rate_id), ("021 555 123", rate))

    def test_a_change_of_pay_is_followed(self):
        self.connection.sync_salaries = True
        self.bring_in("salary")
        (wage,) = self.person(3)["wages"]
        self.payroll.employees.put({**self.person(3), "wages": [{**wage, "type": "Salary", "salary": 70_000}]})
        self.bring_in("salary")
        self.assertEqual(self.hourly.xero_paid_from, "template")

    def test_a_choice_that_xero_contradicts_is_a_question(self):
        self.salaried.sudo().xero_paid_from = "timesheet"
        self.connection.sync_salaries = True
        self.bring_in("salary")
        problem = self.problems("paid_from_differs")
        self.assertEqual((problem.link_id.res_id, self.salaried.xero_paid_from), (self.salaried.id, "timesheet"))
        self.assertIn(self.salaried.name, problem.cause)
        self.salaried.sudo().xero_paid_from = "template"
        self.bring_in("salary")
        self.assertEqual(problem.state, "done")


@tagged("post_install", "-at_install")
class TestPaidFrom(TimeCase):
    def pay(self, number, **values):
        """Somebody changes what a person is paid in Xero."""
        self.xero.advance(600)
        person = self.person(number)
        lines = [{**line, "price": None, "salary": None, **values} for line in person["template"][:1]]
        self.payroll.employees.put({**person, "template": lines})
        self.xero.act("edit", employee=person["id"])
        self.bring_in("employee")

    def test_who_gets_a_salary_is_not_paid_by_the_hour_any_more(self):
        self.pay(3, salary=70_000)
        sheet = self.approved()
        self.push(sheet, self.officer)
        self.assertEqual((self.hourly.xero_paid_from, sheet.xero_state), ("template", "excluded"))
        self.assertFalse(self.rows_of(self.hourly))

    def test_who_is_paid_by_the_hour_from_now_on(self):
        self.pay(2, price=30)
        self.assertEqual(self.employee_of(self.person(2)).xero_paid_from, "timesheet")

    def test_what_a_person_has_chosen_stays_while_xero_says_the_same(self):
        employee = self.employee_of(self.person(2))
        employee.sudo().xero_paid_from = "timesheet"
        self.pay(2, salary=80_000)
        self.assertEqual(employee.xero_paid_from, "timesheet")
        self.assertFalse(self.problems())

    def test_what_was_chosen_before_xero_said_anything(self):
        self.hourly.with_user(self.officer).action_xero_clear_link()
        self.hourly.sudo().xero_paid_from = "template"
        self.bring_in("employee")
        problem = self.problems("paid_from_differs")
        self.assertEqual((problem.link_id.res_id, self.hourly.xero_paid_from), (self.hourly.id, "template"))
        self.hourly.sudo().xero_paid_from = "timesheet"
        self.bring_in("employee")
        self.assertEqual(problem.state, "done")
