"""What is read when on a pay day, so that it stays within the calls that Xero allows (E.B.2, LVE-05, XQ-26)."""

from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from ..models import xero_connection_pay_day
from .common import NewZealand
from .time_case import TimeCase

BALANCES, LEAVE = "/LeaveBalances", "/Leave"
PAY_DAY = date(2026, 10, 15)
MIDNIGHT = datetime(2026, 10, 14, 11)  # of the pay day, in Auckland


@tagged("post_install", "-at_install")
class TestPayDay(NewZealand, TimeCase):
    def setUp(self):
        super().setUp()
        self.bring_in("leave_application", "leave_balance", "pay_run")
        self.connection.write(
            {
                "tz": "Pacific/Auckland",
                "pay_frequency": "FORTNIGHTLY",
                "pay_run_date": PAY_DAY,
                "last_update": "2026-09-01",
            }
        )
        self.forget_calls()

    def many(self):
        """As if these were too many people for one more call each."""
        self.patch(xero_connection_pay_day, "AT_ONCE", 1)

    def calls_of(self, ending):
        return [call for call in self.payroll_calls() if call.endswith(ending)]

    def next_start(self, key, last_start):
        schedule = self.connection._schedule(key)
        schedule.last_start = last_start
        return schedule.next_start

    # === AT NIGHT === #

    def test_leave_of_many_is_not_read_on_the_night_of_the_pay_day(self):
        day_before, day_after = MIDNIGHT - timedelta(days=1), MIDNIGHT + timedelta(days=1)
        for key in ("leave_application", "leave_balance"):
            self.assertEqual(self.next_start(key, day_before), MIDNIGHT, key)
        self.many()
        # Balances are (LVE-05); leave is read on the nights before and after.
        self.assertEqual(self.next_start("leave_balance", day_before), MIDNIGHT)
        self.assertEqual(self.next_start("leave_application", day_before), day_after)
        self.assertEqual(self.next_start("leave_application", day_before - timedelta(days=1)), day_before)
        # What costs one call is read as ever.
        self.assertEqual(self.next_start("payroll_calendar", day_before), MIDNIGHT)

    def test_pay_days_on_which_the_clocks_change(self):
        # E.B.4: the day begins at midnight where the company is, and has 23 or 25 hours
        self.many()
        for zone, day, begin, end in (
            ("Australia/Sydney", "2026-10-04", "2026-10-03 14:00", "2026-10-04 13:00"),
            ("Australia/Sydney", "2027-04-04", "2027-04-03 13:00", "2027-04-04 14:00"),
            ("Pacific/Auckland", "2026-09-27", "2026-09-26 12:00", "2026-09-27 11:00"),
            ("Pacific/Auckland", "2027-04-04", "2027-04-03 11:00", "2027-04-04 12:00"),
            ("Europe/London", "2026-10-25", "2026-10-24 23:00", "2026-10-26 00:00"),
            ("Europe/London", "2027-03-28", "2027-03-28 00:00", "2027-03-28 23:00"),
        ):
            begin, end = map(datetime.fromisoformat, (begin, end))
            with self.subTest(zone=zone, day=day):
                self.connection.write({"tz": zone, "pay_run_date": day})
                before = begin - timedelta(hours=2)
                self.assertEqual(self.next_start("leave_balance", before), begin)
                # Leave of many waits until the day is over.
                self.assertEqual(self.next_start("leave_application", before), end)

    def test_an_interval_that_somebody_chose_stays(self):
        self.many()
        schedule = self.connection._schedule("leave_application")
        schedule.write({"timing": "interval", "minutes": 60, "last_start": MIDNIGHT})
        self.assertEqual(schedule.next_start, MIDNIGHT + timedelta(hours=1))

    # === AFTER THE PAY RUN === #

    def test_a_few_people_are_read_at_once(self):
        self.post_pay_run()
        with self.as_request(self.connection) as connection:
            connection.action_import_payroll()
        self.assertEqual(len(self.calls_of(BALANCES)), 6)
        self.assertEqual(len(self.calls_of(LEAVE)), 6)

    def test_many_follow_at_night(self):
        self.many()
        self.post_pay_run()
        with freeze_time("2026-10-15 02:00:00"):
            with self.as_request(self.connection) as connection:
                message = connection.action_import_payroll()["params"]["message"]
            self.assertEqual(self.calls_of(BALANCES) + self.calls_of(LEAVE), [])
            self.assertTrue(self.env["xero.pay.run"].search([("status", "=", "POSTED")]))
            self.assertIn("Leave Balances", message)
            self.assertIn("night", message)
            schedule = self.connection._schedule("leave_balance")
            schedule.last_start = MIDNIGHT
            # At the midnight after the pay run, once; then on the next pay day.
            self.assertEqual(schedule.next_start, MIDNIGHT + timedelta(days=1))
            # Xero's day begins at any hour: leave of everybody waits for one more night.
            self.assertEqual(self.next_start("leave_application", MIDNIGHT), MIDNIGHT + timedelta(days=2))
            schedule.last_start = MIDNIGHT + timedelta(days=1)
            self.assertEqual(schedule.next_start.date(), date(2026, 10, 28))

    def test_a_posted_pay_run_that_comes_at_night_brings_balances(self):
        # XQ-26: whether it was seen as a draft before or not
        self.post_pay_run()
        self.bring_in("pay_run")
        self.work(self.connection)
        self.assertEqual(len(self.calls_of(BALANCES)), 6)

    def test_switched_off(self):
        self.connection.pull_leave_balances = False
        self.many()
        self.post_pay_run()
        self.bring_in("pay_run")
        self.assertFalse(self.connection._schedule("leave_balance").again_at)

    def test_the_first_import_reads_everybody(self):
        self.many()
        self.connection._forget_imports()
        with self.as_request(self.connection) as connection:
            connection.action_import_payroll()
        self.assertEqual(len(self.calls_of(BALANCES)), 6)

    def test_on_demand_everybody_is_read(self):
        # LVE-05: "additionally on demand"
        self.many()
        self.bring_in("leave_balance")
        self.assertEqual(len(self.calls_of(BALANCES)), 6)
