"""Hours that somebody changes in Xero after they were sent: people hear of it, and what was paid is what counts."""

from decimal import Decimal

from odoo.tests import tagged

from .common import NewZealand
from .time_case import CountryTime, LateCase


class Edited:
    """What holds in all countries."""

    def setUp(self):
        super().setUp()
        self.hours = self.work_week(self.hourly, hours=[8, 7])
        self.work_hours(self.hourly, self.day(7), 8)
        self.sheet = self.approve(self.of_week(0))
        self.push(self.sheet, self.officer)

    def edit(self, *units):
        """Somebody enters other hours in the timesheet in Xero, a number for each of its lines."""
        self.xero.advance(600)
        row = self.in_payroll(self.sheet)
        lines = [{**line, "units": Decimal(number)} for line, number in zip(row["lines"], units, strict=False)]
        stamp = self.xero.organisation(1).stamp()
        self.payroll.timesheets.put({**row, "lines": [*lines, *row["lines"][len(lines) :]], "updated": stamp})

    def there(self):
        return sum(line["units"] for line in self.in_payroll(self.sheet)["lines"])

    def correct(self, hours):
        """Opened again, the first day corrected, approved, pushed."""
        self.sheet.with_user(self.officer).action_reopen()
        self.hours[0].unit_amount = hours
        self.push(self.approve(self.collect() & self.sheet), self.officer)

    def test_people_hear_of_it(self):
        self.bring_in("timesheet")
        self.assertFalse(self.problem(self.sheet))
        self.edit(6)
        self.bring_in("timesheet")
        self.assertEqual(self.problem(self.sheet), "timesheet_edited")
        self.assertIn(self.hourly.name, self.problems("timesheet_edited").cause)
        self.edit(8)
        self.bring_in("timesheet")
        self.assertFalse(self.problem(self.sheet), "put right in Xero")

    def test_a_correction_does_not_overwrite_it_unasked(self):
        self.edit(6)
        self.bring_in("timesheet")
        self.correct(5)
        self.assertEqual((self.sheet.xero_state, self.there()), ("held", 13))
        with self.as_request(self.problems("timesheet_edited"), self.officer) as problems:
            problems[:1].action_cure()
        self.work(self.connection)
        self.assertEqual((self.sheet.xero_state, self.there()), ("synced", 12))
        self.assertFalse(self.problem(self.sheet))

    def test_the_same_hours_go_again(self):
        self.edit(6)
        self.bring_in("timesheet")
        with self.as_request(self.problems("timesheet_edited"), self.officer) as problems:
            problems.action_cure()
        self.work(self.connection)
        self.assertEqual((self.sheet.xero_state, self.there(), self.problem(self.sheet)), ("synced", 15, False))


@tagged("post_install", "-at_install")
class TestEdited(Edited, LateCase):
    def test_what_was_paid_counts(self):
        self.edit(6)
        self.pay()
        self.assertFalse(self.problem(self.sheet))
        self.assertEqual((self.sheet.total, self.sheet.state), (13, "pushed"))
        self.hours[0].unit_amount = 6
        self.assertFalse(self.late(self.of_week(1)), "it is paid as it is")

    def test_hours_on_another_day_are_no_other_hours(self):
        self.edit(0, 7, 8)
        self.pay()
        self.assertFalse(self.late(self.of_week(1)))

    def test_more_was_paid(self):
        self.edit(8, 9)
        self.pay()
        self.assertEqual(self.late(self.of_week(1)), {1: -2})

    def test_paid_for_nothing_that_odoo_knows(self):
        self.edit(8, 7, 4)
        self.pay()
        self.assertEqual(self.sheet.total, 19)
        self.assertFalse(self.late(self.of_week(1)))


@tagged("post_install", "-at_install")
class TestEditedNewZealand(NewZealand, Edited, CountryTime, LateCase):
    def test_only_the_total_is_known(self):
        self.edit(6)
        self.pay()
        self.assertEqual(self.problem(self.sheet), "timesheet_paid_otherwise")
        self.assertEqual(self.sheet.total, 15)
