"""Each trouble of a pay day has an exception of its own: what is the matter, and what to do (E.B.5)."""

from datetime import timedelta

from odoo.tests import tagged

from .common import NewZealand, UnitedKingdom
from .time_case import CountryTime, TimeCase


class OwnExceptions:
    """The seven, in every country the same, each told apart from all others."""

    def told(self, record, code, *parts):
        """Push; its one open exception has this code, names all of `parts`, and nothing was written."""
        self.forget_calls()
        self.push(record, self.officer)
        found = self.env["xero.exception"].search(
            [("model", "=", record._name), ("res_id", "=", record.id), ("state", "=", "open")]
        )
        self.assertEqual(found.mapped("code"), [code])
        self.assertEqual([call for call in self.payroll_calls() if call.startswith("POST")], [])
        known = self.env["xero.known.error"]._for_code(code)
        self.assertTrue(known.trigger_error and known.correction and known.who)
        for part in (record.employee_id.name, *parts):
            self.assertIn(part, found.cause)
        for text in (found.cause, found.correction):
            self.assertNotIn("%(", text)
            self.assertNotIn("…", text)
        others = self.env["xero.known.error"].search([("code", "!=", code)])
        self.assertNotIn(known.correction, others.mapped("correction"))
        self.assertNotIn(known.cause, others.mapped("cause"))

    def test_hired_again(self):
        timesheet = self.approved()
        self.xero.act("terminate", employee=self.person(3)["id"])
        self.xero.act("rehire", employee=self.person(3)["id"])
        self.bring_in("employee")
        # Both sides say so: the import that nobody knows whether it is the same person, the push that nobody is paid.
        (problem,) = self.problems("employee_rehired")
        self.assertIn(self.hourly.name, problem.cause)
        self.hourly.active = True
        self.told(timesheet, "time_employee_rehired")

    def test_two_people_of_the_same_name(self):
        timesheet = self.approved()
        self.hourly.xero_link_id.unlink()
        self.env["hr.employee"].create({"name": self.hourly.name, "company_id": self.company.id})
        self.told(timesheet, "time_employee_same_name")

    def test_leave_over_a_period_border(self):
        leave = self.leave(3, 9)
        self.post_pay_run()
        self.bring_in("pay_run", "payroll_calendar")
        self.told(leave, "leave_period_border", "Weekly Calendar")

    def test_a_posted_pay_run_locks_its_period(self):
        timesheet = self.approved()
        self.post_pay_run()
        self.bring_in("pay_run")
        self.told(timesheet, "timesheet_period_paid", "Weekly Calendar")

    def test_no_calendar(self):
        timesheet = self.approved()
        self.hourly.sudo().xero_calendar_id = False
        self.told(timesheet, "employee_no_calendar")

    def test_an_inactive_rate_of_the_same_name(self):
        everything = self.env["xero.pay.item"].with_context(active_test=False)
        old = everything.search([("name", "=", self.ordinary.name), ("active", "=", False)])
        timesheet = self.approved(hours=[8.0])
        timesheet.line_ids.sudo().pay_item_id = old
        self.told(timesheet, "pay_item_twin", self.ordinary.name)

    def test_a_timesheet_that_does_not_span_the_period(self):
        start = self.weekly.start_date
        timesheet = self.env["xero.timesheet"].create(
            {
                "employee_id": self.hourly.id,
                "company_id": self.company.id,
                "date_from": start,
                "date_to": start + timedelta(days=3),
                "line_ids": [(0, 0, {"date": start, "units": 8, "pay_item_id": self.ordinary.id})],
            }
        )
        self.told(self.approve(timesheet), "timesheet_not_period", "Weekly Calendar")


@tagged("post_install", "-at_install")
class TestOwnExceptions(OwnExceptions, TimeCase):
    pass


@tagged("post_install", "-at_install")
class TestOwnExceptionsNewZealand(NewZealand, OwnExceptions, CountryTime, TimeCase):
    pass


@tagged("post_install", "-at_install")
class TestOwnExceptionsUnitedKingdom(UnitedKingdom, OwnExceptions, CountryTime, TimeCase):
    pass
