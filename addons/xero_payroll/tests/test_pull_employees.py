"""Staff come in from Xero: once, active people only, and nobody is taken for somebody else (PUL-04, PRL-01, XQ-33)."""

import uuid
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import PayrollCase


@tagged("post_install", "-at_install")
class TestPullEmployees(PayrollCase):
    def test_staff_come_in_once(self):
        # PUL-04, PRL-01
        person = self.person(1)
        employees = self.bring_in_staff()
        self.assertEqual(len(employees), 4)
        employee = self.employee_of(person)
        self.assertEqual(employee.name, f"{person['first']} {person['last']}")
        self.assertEqual(employee.work_email, person["email"])
        self.assertEqual(employee.job_title, person["job"])
        self.assertEqual(str(employee.contract_date_start), person["start"])
        self.assertEqual(employee.xero_calendar_id.name, self.payroll.calendars.get(person["calendar"])["name"])
        self.forget_calls()
        self.bring_in("employee")
        self.assertEqual(self.employees(), employees)
        # The list again, and nobody on his own: nothing has changed.
        self.assertEqual(self.payroll_calls(), ["GET /payroll.xro/1.0/Employees"])

    def test_only_who_changed_is_read_on_his_own(self):
        self.bring_in_staff()
        person = self.person(2)
        self.xero.advance(600)
        self.xero.act("edit", employee=person["id"], values={"job": "Foreman"})
        self.forget_calls()
        self.bring_in("employee")
        path = "GET /payroll.xro/1.0/Employees"
        self.assertEqual(self.payroll_calls(), [path, f"{path}/{person['id']}"])
        self.assertEqual(self.employee_of(person).job_title, "Foreman")

    def test_who_has_left_does_not_come_in(self):
        # PRL-01
        person = self.person(3)
        self.xero.act("terminate", employee=person["id"])
        employees = self.bring_in_staff()
        self.assertEqual(len(employees), 3)
        self.assertFalse(self.employee_of(person))

    def test_who_leaves_is_archived(self):
        # XQ-31
        self.bring_in_staff()
        person = self.person(3)
        employee = self.employee_of(person)
        self.xero.advance(600)
        self.xero.act("terminate", employee=person["id"])
        self.bring_in("employee")
        self.assertFalse(employee.active)
        self.assertEqual(employee.xero_link_id.xero_status, "TERMINATED")

    def test_who_will_leave_stays_until_then(self):
        self.bring_in_staff()
        person = self.person(3)
        employee = self.employee_of(person)
        last = self.connection._today() + timedelta(5)
        self.xero.act("terminate", employee=person["id"], date=str(last))
        self.bring_in("employee")
        self.assertTrue(employee.active)
        # Nobody touches him in Xero any more; the day passes.
        self.patch(self.env.registry["xero.connection"], "_today", lambda connection: last + timedelta(1))
        self.bring_in("employee")
        self.assertFalse(employee.active)
        self.assertEqual(employee.departure_date, last)

    def test_whose_end_is_taken_back_works_here_again(self):
        # PRL-01, XQ-31: the wrong day was entered in Xero
        self.bring_in_staff()
        person = self.person(3)
        employee = self.employee_of(person)
        self.xero.act("terminate", employee=person["id"])
        self.bring_in("employee")
        self.assertFalse(employee.active)
        self.xero.advance(600)
        stored = self.payroll.employees.get(person["id"])
        self.payroll.employees.put({**stored, "end": None, "updated": self.xero.organisation(1).stamp()})
        self.bring_in("employee")
        self.assertTrue(employee.active)
        self.assertEqual((employee.departure_date, employee.xero_link_id.xero_status), (False, "ACTIVE"))
        # Whom people archive here stays so.
        employee.active = False
        self.bring_in("employee", everything=True)
        self.assertFalse(employee.active)

    def test_an_employee_of_that_name_is_linked(self):
        # XQ-33: case and spaces do not matter
        person = self.person(1)
        name = f"  {person['first'].upper()}   {person['last'].lower()}"
        known = self.env["hr.employee"].create({"name": name, "company_id": self.company.id})
        self.bring_in_staff()
        self.assertEqual(self.employee_of(person), known)
        self.assertEqual(len(self.employees()), 4)

    def namesake(self, person, email):
        """An employee of Odoo's with the name of somebody in Xero."""
        name = f"{person['first']} {person['last']}"
        return self.env["hr.employee"].create({"name": name, "work_email": email, "company_id": self.company.id})

    def test_the_email_tells_people_of_one_name_apart(self):
        person = self.person(1)
        first = self.namesake(person, "other@staff.example")
        second = self.namesake(person, person["email"].upper())
        self.bring_in_staff()
        self.assertEqual(self.employee_of(person), second)
        self.assertFalse(first.xero_link_id)

    def test_one_name_with_another_email_is_a_question(self):
        # XQ-33: the e-mail in Xero may be a private one, and nobody is to be here twice
        person = self.person(1)
        known = self.namesake(person, "jack@firm.example")
        self.bring_in_staff()
        problem = self.problems("employee_alike")
        self.assertEqual((problem.xero_id, len(self.employees())), (person["id"], 4))
        self.assertIn(known.name, problem.cause)
        # Cured as the text says.
        known.private_email = person["email"].upper()
        with self.as_request(problem) as current:
            current.action_retry()
        self.assertEqual((self.employee_of(person), problem.state), (known, "done"))
        self.assertEqual(known.work_email, "jack@firm.example")

    def test_two_people_of_one_name_who_are_not_the_same(self):
        person = self.person(1)
        known = self.namesake(person, "jack@firm.example")
        self.bring_in_staff()
        problem = self.problems("employee_alike")
        new = self.namesake(person, person["email"])
        with self.as_request(problem) as current:
            current.action_retry()
        self.assertEqual((self.employee_of(person), problem.state), (new, "done"))
        self.assertFalse(known.xero_link_id)

    def test_a_shared_email_makes_nobody_somebody_else(self):
        # XQ-33: the address of an office
        anna, ben = self.person(1), self.person(2)
        for person in (anna, ben):
            self.payroll.employees.put({**person, "email": "office@firm.example"})
        name = f"{anna['first']} {anna['last']}"
        known = self.env["hr.employee"].create(
            {"name": "Zoe Other", "work_email": "office@firm.example", "company_id": self.company.id}
        )
        self.bring_in_staff()
        self.assertEqual((known.name, known.xero_link_id.xero_id), ("Zoe Other", False))
        self.assertEqual(set(self.problems("employee_alike").mapped("xero_id")), {anna["id"], ben["id"]})
        # She has married, Xero knows it; then he is somebody else.
        known.name = name
        self.bring_in("employee")
        self.assertEqual(self.employee_of(anna), known)
        self.assertFalse(self.problems())
        self.assertEqual(len(self.employees()), 4)

    def test_two_that_fit_are_a_question(self):
        # XQ-33
        person = self.person(1)
        name = f"{person['first']} {person['last']}"
        self.env["hr.employee"].create([{"name": name, "company_id": self.company.id} for _number in range(2)])
        self.bring_in_staff()
        problem = self.problems("employee_ambiguous")
        self.assertEqual(problem.xero_id, person["id"])
        self.assertIn(name, problem.cause)
        # Cured as the text says.
        self.employees().filtered(lambda e: e.name == name)[0].work_email = person["email"]
        with self.as_request(problem) as current:
            current.action_retry()
        self.assertEqual(problem.state, "done")

    def test_two_of_one_name_without_email_are_a_question(self):
        person = self.person(1)
        self.bring_in_staff()
        self.xero.act("edit", employee=person["id"], values={"email": ""})
        self.xero.act(
            "add_employee", first=person["first"], last=person["last"], calendar="Weekly Calendar", born="1990-01-01"
        )
        self.bring_in("employee")
        self.assertEqual(len(self.employees()), 4)
        self.assertTrue(self.problems("employee_same_name"))

    def test_who_is_hired_again(self):
        # XW-16
        self.bring_in_staff()
        person = self.person(2)
        employee = self.employee_of(person)
        self.xero.act("terminate", employee=person["id"])
        again = self.xero.act("rehire", employee=person["id"])
        self.bring_in("employee")
        problem = self.problems("employee_rehired")
        self.assertEqual(problem.xero_id, again["id"])
        self.assertEqual(len(self.employees()), 3)
        with self.assertRaises(AccessError):
            clerk = self.new_user("clerk", "hr.group_hr_user")
            employee.with_user(clerk).action_xero_clear_link()
        payroll = self.new_user("payroll", "xero_payroll.group_xero_payroll_user")
        # As the exception says, and nothing else.
        employee.with_user(payroll).action_xero_clear_link()
        self.assertFalse(employee.xero_link_id)
        self.assertTrue(employee.active)
        self.assertFalse(employee.departure_date)
        with self.as_request(problem) as current:
            current.action_retry()
        self.assertEqual(self.employee_of(again), employee)
        self.assertEqual(problem.state, "done")

    def test_an_archived_one_is_a_question(self):
        # XQ-33, B5: whether he works here again, or somebody else has his name, nobody knows
        person = self.person(1)
        known = self.env["hr.employee"].create(
            {"name": f"{person['first']} {person['last']}", "company_id": self.company.id, "active": False}
        )
        self.bring_in_staff()
        problem = self.problems("employee_archived")
        self.assertEqual((problem.xero_id, len(self.employees())), (person["id"], 3))
        self.assertIn(known.name, problem.cause)
        # Cured as the text says.
        known.action_unarchive()
        with self.as_request(problem) as current:
            current.action_retry()
        self.assertEqual((self.employee_of(person), problem.state), (known, "done"))

    def test_staff_of_a_branch(self):
        # B12: a branch without a connection has its parent's
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.env.user.company_ids += branch
        person = self.person(1)
        known = self.env["hr.employee"].create({"name": f"{person['first']} {person['last']}", "company_id": branch.id})
        self.bring_in_staff()
        self.assertEqual(self.employee_of(person), known)
        self.assertEqual(len(self.employees()), 3)
        self.assertEqual(known.xero_calendar_id.company_id, self.company)
        self.assertEqual(known.xero_link_id.company_id, branch)

    def test_who_has_no_calendar(self):
        person = self.person(1)
        self.payroll.employees.put({**person, "calendar": None})
        self.bring_in_staff()
        problem = self.problems("employee_no_calendar")
        self.assertEqual(problem.link_id.res_id, self.employee_of(person).id)
        self.xero.advance(600)
        self.xero.act("edit", employee=person["id"], calendar="Weekly Calendar")
        self.bring_in("employee")
        self.assertEqual(problem.state, "done")

    def test_a_calendar_that_is_new_in_xero(self):
        self.bring_in_staff()
        person = self.person(1)
        employee = self.employee_of(person)
        old = employee.xero_calendar_id
        new = self.new_calendar("Sites")
        self.xero.advance(600)
        self.xero.act("edit", employee=person["id"], calendar=new["id"])
        # His list alone: what is unknown takes nothing away, and is asked for again.
        self.bring_in("employee")
        self.assertEqual(employee.xero_calendar_id, old)
        problem = self.problems("employee_pay_unknown")
        self.assertIn(employee.name, problem.cause)
        self.bring_in("pay_item", "payroll_calendar", "employee")
        self.assertEqual((employee.xero_calendar_id.name, problem.state), ("Sites", "done"))

    def test_a_new_calendar_cures_who_had_none(self):
        # As the text says: a calendar is made and chosen in Xero, then try again.
        person = self.person(1)
        self.payroll.employees.put({**person, "calendar": None})
        self.bring_in_staff()
        problem = self.problems("employee_no_calendar")
        new = self.new_calendar("Sites")
        self.xero.advance(600)
        self.xero.act("edit", employee=person["id"], calendar=new["id"])
        with self.as_request(problem) as current:
            current.action_retry()
        self.assertEqual((self.employee_of(person).xero_calendar_id.name, problem.state), ("Sites", "done"))

    def test_a_pay_item_that_is_new_in_xero(self):
        self.bring_in_staff()
        person = self.person(1)
        row = next(item for item in self.payroll.items("earnings") if item["current"])
        new = self.payroll.pay_items.put({**row, "id": str(uuid.uuid4()), "name": "Night Shift"})
        self.xero.advance(600)
        self.xero.act("assign", employee=person["id"], rate=new["id"])
        self.bring_in("employee")
        problem = self.problems("employee_pay_unknown")
        with self.as_request(problem) as current:
            current.action_retry()
        self.assertIn("Night Shift", self.employee_of(person).xero_pay_item_ids.mapped("name"))
        self.assertEqual(problem.state, "done")

    def new_calendar(self, name):
        today = self.connection._today()
        return self.xero.act("make_calendar", name=name, type="WEEKLY", start=str(today), payment=str(today))

    def test_leaving_people_out(self):
        self.connection.on_missing_employee = "skip"
        self.assertFalse(self.bring_in_staff())

    def test_salary_only_when_it_is_wanted(self):
        # PRL-09, SEC-05
        self.bring_in_staff()
        person = self.person(1)
        self.assertFalse(self.employee_of(person).xero_annual_salary)
        self.xero.advance(600)
        self.connection.sync_salaries = True
        self.bring_in("employee")
        employee = self.employee_of(person)
        self.assertAlmostEqual(employee.xero_annual_salary, float(person["template"][0]["salary"]))
        clerk = self.new_user("clerk", "hr.group_hr_manager", "account.group_account_manager")
        with self.assertRaises(AccessError):
            employee.with_user(clerk).read(["xero_annual_salary"])
        self.connection.sync_salaries = False
        self.assertFalse(employee.xero_annual_salary)

    def test_assigned_pay_items(self):
        # XQ-23
        self.bring_in_staff()
        names = self.employee_of(self.person(3)).xero_pay_item_ids.mapped("name")
        self.assertIn("Ordinary Hours", names)
        self.assertIn("Annual Leave", names)
        self.assertNotIn("Jury Duty", names)


@tagged("post_install", "-at_install")
class TestPullManyEmployees(PayrollCase):
    """Sixty people, two of one name, one who has left."""

    staff = None

    def test_twins_in_xero_are_two_people(self):
        self.payroll.employees.replace(list(self.payroll.employees)[6:8])
        employees = self.bring_in_staff()
        self.assertEqual(len(employees), 2)
        self.assertEqual(len(set(employees.mapped("name"))), 1)
        self.assertFalse(self.problems())

    def test_a_page_is_read_in_parts(self):
        # It goes on where it stopped when the calls of a minute are used up, and nobody is read twice.
        with self.as_request(self.connection) as connection:
            connection.pull("employee")
        active = sum(1 for person in self.payroll.employees if not person["end"])
        for _minute in range(4):
            self.work(self.connection)
            self.age(seconds=70)
        self.assertEqual(len(self.employees()), active)
        run = self.last_run("employee")
        self.assertEqual((run.state, run.created, run.failed), ("done", active, 0))
        # Twenty people in a step at most: whoever presses a button meanwhile comes in between.
        self.assertGreaterEqual(self.payroll_calls().count("GET /payroll.xro/1.0/Employees"), 3)
        answered = [call for call in self.xero.calls if "/Employees" in call["path"] and call["status"] == 200]
        self.assertEqual(sum("/Employees/" in call["path"] for call in answered), active)
