"""What pay runs refer to: people and calendars that come later, and what is left when their connection is made anew."""

from odoo.tests import tagged

from .common import PayrollCase


class LinkedRuns(PayrollCase):
    def post_run(self):
        """Somebody posts the next pay run of people 2 and 4."""
        return self.xero.act("post_pay_run", calendar="Fortnightly Calendar")

    def runs(self):
        return self.env["xero.pay.run"].search([])


@tagged("post_install", "-at_install")
class TestWhatComesLater(LinkedRuns):
    def test_an_employee_who_was_a_question(self):
        person = self.person(2)
        name = f"{person['first']} {person['last']}"
        self.env["hr.employee"].create([{"name": name, "company_id": self.company.id} for _number in range(2)])
        self.bring_in_staff()
        self.post_run()
        self.bring_in("pay_run")
        payslips = self.runs().payslip_ids
        (slip,) = payslips.filtered(lambda slip: not slip.employee_id)
        self.assertEqual(slip.employee_name, name)
        self.employees().filtered(lambda employee: employee.name == name)[0].work_email = person["email"]
        with self.as_request(self.problems("employee_ambiguous")) as current:
            current.action_retry()
        self.assertEqual(slip.employee_id, self.employee_of(person))
        # Nothing is read once more for it.
        self.forget_calls()
        self.bring_in("pay_run")
        self.assertEqual(self.payroll_calls(), ["GET /payroll.xro/1.0/PayRuns"])

    def test_a_calendar(self):
        row = self.post_run()
        self.bring_in("pay_run")
        run = self.runs()
        self.assertFalse(run.calendar_id)
        self.bring_in("payroll_calendar")
        self.assertEqual(run.calendar_id.xero_id, row["calendar"])
        self.assertTrue(run._has_paid(run.calendar_id, run.period_start))


@tagged("post_install", "-at_install")
class TestConnectionMadeAnew(LinkedRuns):
    def test_pay_runs_people_and_entries_are_found_again(self):
        employee = self.bring_in_staff().filtered("xero_earnings_rate_id")[:1]
        before = (employee.xero_calendar_id.xero_id, employee.xero_earnings_rate_id.xero_id)
        settings = self.wages_settings()
        self.connection.write(settings)
        row = self.post_run()
        self.bring_in("pay_run")
        move = self.runs().move_id
        move.action_post()
        with self.as_request(self.connection) as connection:
            connection.unlink()
        self.assertFalse(self.runs())
        self.assertFalse(employee.xero_calendar_id)
        self.connection = self.connect()
        # What came from a pay run never goes back, whether that is here or not.
        with self.as_request(move) as current:
            current.action_xero_push()
        self.assertEqual((move.xero_state, move.xero_link_id.reason), ("excluded", "journal_of_pay_run"))
        self.bring_in_staff()
        self.assertEqual((employee.xero_calendar_id.xero_id, employee.xero_earnings_rate_id.xero_id), before)
        self.connection.write(settings)
        self.bring_in("pay_run")
        run = self.runs()
        self.assertEqual((run.xero_id, run.status), (row["id"], "POSTED"))
        self.assertTrue(run._has_paid(run.calendar_id, run.period_start))
        # It is in the books already.
        entries = self.env["account.move"].search([("journal_id", "=", settings["wages_journal_id"])])
        self.assertEqual((run.move_id, entries), (move, move))
        self.assertFalse(self.problems("wages_entry_differs"))
