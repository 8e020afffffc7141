"""Pay, bank and tax data stay where payroll sees them: not in logs, history, problems or runs (SEC-05, SEC-07)."""

import logging
from contextlib import contextmanager

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.xero_connector.tests.ear import Ear

from .common import NewZealand, PayrollCase, UnitedKingdom

SECRETS = {"salary": "71234.56", "bank": "48151623", "bsb": "062-999", "tax file": "876543210", "born": "1971-02-03"}
# Where anybody but payroll reads.
TABLES = (
    "xero_event",
    "xero_link",
    "xero_run",
    "xero_exception",
    "xero_request",
    "mail_message",
    "mail_tracking_value",
)

STAFF_TABLES = ("hr_employee", "hr_version", "resource_resource", "res_partner", "res_partner_bank")


@contextmanager
def listening(name="odoo.addons"):
    ear, logger = Ear(), logging.getLogger(name)
    level = logger.level
    logger.addHandler(ear)
    logger.setLevel(logging.DEBUG)
    try:
        yield ear.lines
    finally:
        logger.removeHandler(ear)
        logger.setLevel(level)


class PrivacyCase(PayrollCase):
    """A person whose pay, bank account, tax number and birthday nobody else has."""

    staff = 2

    def setUp(self):
        super().setUp()
        person = self.person(1)
        account = {"AccountNumber": SECRETS["bank"], "BSB": SECRETS["bsb"], "Remainder": True}
        tax = {**person["more"].get("TaxDeclaration", {}), "TaxFileNumber": SECRETS["tax file"]}
        # Australia tells a salary in the pay template, the others in a list of its own.
        lines = [{**line, "salary": 71234.56} for line in person["template"][:1]]
        wages = [{**wage, "type": "Salary", "salary": 71234.56} for wage in person.get("wages") or ()]
        self.payroll.employees.put(
            {
                **person,
                "born": SECRETS["born"],
                "template": lines,
                "wages": wages,
                "more": {**person["more"], "BankAccounts": [account], "TaxDeclaration": tax},
            }
        )

    def assertNowhere(self, tables):
        self.env.flush_all()
        for table in tables:
            self.env.cr.execute(f"SELECT t::text FROM {table} t")  # pylint: disable=sql-injection
            text = "\n".join(row[0] for row in self.env.cr.fetchall())
            if table == "xero_request":
                text += self.sent_bodies()
            for name, secret in SECRETS.items():
                self.assertNotIn(secret, text, f"{name} in {table}")

    def sent_bodies(self):
        """What the requests hold of what was sent: bytes, which SQL shows in hexadecimal digits."""
        return "\n".join(request._body_bytes().decode() for request in self.env["xero.request"].search([]))

    def assertNotLogged(self, lines):
        for logger, text in lines:
            for name, secret in SECRETS.items():
                self.assertNotIn(secret, text, f"{name}, logged by {logger}")


@tagged("post_install", "-at_install")
class TestPrivacy(PrivacyCase):
    def test_import(self):
        self.connection.sync_salaries = True
        with listening() as lines:
            self.bring_in_staff()
            self.xero.act("post_pay_run", calendar="Fortnightly Calendar")
            self.bring_in("leave_balance", "pay_run")
        self.assertAlmostEqual(self.employee_of(self.person(1)).xero_annual_salary, 71234.56)
        self.assertNotLogged(lines)
        self.assertNowhere(TABLES)

    def hours_for_template(self, officer):
        """An approved timesheet of the person; its hours go to the pay template, where the salary stands, too."""
        self.connection.payroll_push_target = "pay_template"
        self.xero.act("assign", employee=self.person(1)["id"], rate="Overtime Hours")
        self.bring_in_staff()
        self.bring_in("pay_template")
        employee = self.employee_of(self.person(1))
        first, last = employee.xero_calendar_id._period(employee.xero_calendar_id.start_date)
        line = {"date": first, "units": 2, "pay_item_id": self.pay_item("Overtime Hours", "earnings").id}
        timesheet = self.env["xero.timesheet"].create(
            {
                "employee_id": employee.id,
                "company_id": self.company.id,
                "date_from": first,
                "date_to": last,
                "line_ids": [(0, 0, line)],
            }
        )
        timesheet.action_manager_approve()
        timesheet.with_user(officer).action_payroll_approve()
        return timesheet

    def test_hours_to_pay_templates(self):
        # The salary travels with them: it is read and written back, and is nowhere but in the template.
        officer = self.new_user("officer", "xero_payroll.group_xero_payroll_user")
        with listening() as lines:
            timesheet = self.hours_for_template(officer)
            row = self.person(1)
            self.payroll.employees.put({**row, "template": [{**row["template"][0], "units": 40}, *row["template"][1:]]})
            self.push(timesheet, officer)
            self.assertEqual(self.problem(timesheet), "pay_template_changed")
            self.push(timesheet, officer)
        self.assertEqual((timesheet.xero_state, self.person(1)["template"][1]["units"]), ("synced", 2))
        self.assertNotLogged(lines)
        self.assertNowhere((*TABLES, *STAFF_TABLES))

    def test_hours_whose_outcome_is_in_doubt(self):
        # Meanwhile the salary is in the request, which nobody may read, and nowhere else; then not even there.
        officer = self.new_user("officer", "xero_payroll.group_xero_payroll_user")
        with listening() as lines:
            timesheet = self.hours_for_template(officer)
            self.xero.sandbox.faults.add("drop_after", method="POST", path="/Employees", times=1)
            self.push(timesheet, officer)
            self.assertEqual(timesheet.xero_state, "in_doubt")
            self.assertIn(SECRETS["salary"], self.sent_bodies())
            with self.assertRaisesRegex(AssertionError, "salary in xero_request"):
                self.assertNowhere(["xero_request"])
            self.assertNowhere([table for table in (*TABLES, *STAFF_TABLES) if table != "xero_request"])
            boss = self.new_user("boss", "xero_connector.group_xero_admin", "base.group_system")
            with self.assertRaises(AccessError):
                self.env["xero.request"].with_user(boss).search([])
            self.xero.sandbox.faults.clear()
            self.age(minutes=7)
            self.work(self.connection)
        self.assertEqual(timesheet.xero_state, "synced")
        self.assertNotLogged(lines)
        self.assertNowhere((*TABLES, *STAFF_TABLES))

    def test_nobody_keeps_what_nobody_needs(self):
        # Bank, tax and birth are not even stored; the salary only when the company wants it.
        self.bring_in_staff()
        self.assertNowhere((*TABLES, *STAFF_TABLES))

    def new_employee(self, **values):
        """Somebody who is only in Odoo; his birthday, and an address with one of the secrets in it."""
        self.bring_in_staff()
        weekly = self.env["xero.payroll.calendar"].search([("calendar_type", "=", "WEEKLY")])
        self.connection.write({"push_employees": True, "new_employee_calendar_id": weekly.id})
        return self.env["hr.employee"].create(
            {
                "name": "Zoe Young",
                "company_id": self.company.id,
                "birthday": SECRETS["born"],
                "private_street": f"{SECRETS['bank']} Harbour Street",
                "private_city": "Sydney",
                "private_state_id": self.env.ref("base.state_au_2").id,
                "private_zip": "2000",
                **values,
            }
        )

    def test_a_new_employee_on_the_way_to_xero(self):
        officer = self.new_user("officer", "xero_payroll.group_xero_payroll_user")
        with listening() as lines:
            employee = self.new_employee()
            self.xero.sandbox.faults.add("drop_after", method="POST", path="/Employees", times=1)
            self.push(employee, officer)
            self.xero.sandbox.faults.clear()
            self.age(minutes=7)
            self.work(self.connection)
        self.assertEqual(employee.xero_state, "synced")
        self.assertNotLogged(lines)
        self.assertNowhere(TABLES)
        bodies = self.env["xero.request"].search([]).mapped("body")
        self.assertFalse(any(bodies), "what was sent is kept no longer than its outcome is open")

    def test_a_new_employee_whom_xero_refuses(self):
        officer = self.new_user("officer", "xero_payroll.group_xero_payroll_user")
        with listening() as lines:
            employee = self.new_employee()
            self.connection.new_employee_calendar_id.sudo().xero_id = "00000000-0000-4000-8000-0000000000cc"
            self.push(employee, officer)
        self.assertTrue(self.problem(employee))
        self.assertNotLogged(lines)
        self.assertNowhere(TABLES)

    def test_an_element_that_cannot_be_stored(self):
        self.connection.sync_salaries = True
        employees = self.env.registry["xero.dataset.employee"]

        def fail(dataset, item):
            raise ValueError(f"could not store {dict(item)}")

        self.patch(employees, "_prepare_new", fail)
        with listening() as lines:
            self.bring_in_staff()
        self.assertEqual(len(self.problems("not_understood")), 2)
        said = [text for _logger, text in lines if "could not be stored" in text]
        self.assertIn("in _take_in_new", said[0])
        self.assertNotLogged(lines)
        self.assertNowhere(TABLES)

    def test_an_answer_that_cannot_be_read(self):
        # Of one person: the other one comes in.
        person = self.person(1)
        self.payroll.employees.put({**person, "template": [{**person["template"][0], "salary": 71234.56e12}]})
        with listening() as lines:
            self.bring_in_staff()
        self.assertEqual(self.employees(), self.employee_of(self.person(2)))
        self.assertEqual(self.problems("not_understood").xero_id, person["id"])
        self.assertEqual(self.last_run("employee").state, "done")
        self.assertFalse([text for _logger, text in lines if "7123456" in text])


class CountrySalaries:
    """Salaries are a list of their own there."""

    def test_salaries(self):
        self.connection.sync_salaries = True
        with listening() as lines:
            self.bring_in_staff()
            self.bring_in("salary")
        self.assertAlmostEqual(self.employee_of(self.person(1)).xero_annual_salary, 71234.56)
        self.assertNotLogged(lines)
        self.assertNowhere(TABLES)

    def test_salaries_that_cannot_be_stored(self):
        # Those of one person: the other one's come in, and no figure is in a log.
        self.connection.sync_salaries = True
        self.bring_in_staff()
        salaries = self.env.registry["xero.dataset.salary"]
        stored, broken = salaries._prepare_pay, self.employee_of(self.person(1))

        def fail(dataset, employee, active):
            if employee == broken:
                raise ValueError(f"could not convert string to float: {active}")
            return stored(dataset, employee, active)

        self.patch(salaries, "_prepare_pay", fail)
        with listening() as lines:
            self.bring_in("salary")
        run = self.last_run("salary")
        self.assertEqual((run.state, run.failed, broken.xero_annual_salary), ("done", 1, 0))
        self.assertTrue(self.employee_of(self.person(2)).xero_paid_from)
        events = self.env["xero.event"].search([("run_id", "=", run.id), ("code", "=", "not_understood")])
        self.assertEqual(events.mapped("res_id"), broken.ids)
        self.assertNotLogged(lines)
        self.assertNowhere(TABLES)

    def test_salaries_nobody_wants(self):
        with listening() as lines:
            self.bring_in_staff()
        self.assertNotLogged(lines)
        self.assertNowhere((*TABLES, *STAFF_TABLES))


@tagged("post_install", "-at_install")
class TestPrivacyNewZealand(NewZealand, CountrySalaries, PrivacyCase):
    pass


@tagged("post_install", "-at_install")
class TestPrivacyUnitedKingdom(UnitedKingdom, CountrySalaries, PrivacyCase):
    pass
