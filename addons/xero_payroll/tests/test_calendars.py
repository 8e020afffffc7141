"""Pay periods, pay dates and the midnight on which leave balances are read (CFG-16, XQ-25, LVE-05, PRL-20)."""

from datetime import date, datetime, timedelta

from freezegun import freeze_time
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from .. import periods
from .common import PayrollCase

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
# Every month has such days, twice a month even half a month later.
FIRSTS = st.builds(lambda day, number: day.replace(day=number), DAYS, st.sampled_from([*range(1, 14), *range(16, 29)]))


@tagged("post_install", "-at_install")
class TestPeriods(BaseCase):
    def test_periods_across_a_year_end(self):
        # XQ-25
        cases = {
            ("WEEKLY", "2026-11-02", "2027-01-01"): ("2026-12-28", "2027-01-03"),
            ("FORTNIGHTLY", "2026-11-02", "2027-01-01"): ("2026-12-28", "2027-01-10"),
            ("FOURWEEKLY", "2026-11-02", "2027-01-01"): ("2026-12-28", "2027-01-24"),
            ("MONTHLY", "2026-01-31", "2026-02-28"): ("2026-02-28", "2026-03-30"),
            ("TWICEMONTHLY", "2026-11-01", "2026-12-31"): ("2026-12-16", "2026-12-31"),
            ("QUARTERLY", "2026-10-01", "2027-03-31"): ("2027-01-01", "2027-03-31"),
            ("ANNUAL", "2026-04-06", "2027-04-05"): ("2026-04-06", "2027-04-05"),
        }
        for (kind, first, day), expected in cases.items():
            found = periods.period(kind, date.fromisoformat(first), date.fromisoformat(day))
            self.assertEqual(tuple(map(str, found)), expected, kind)

    @given(kind=st.sampled_from(periods.KINDS), first=DAYS, day=DAYS)
    @settings(max_examples=300, deadline=None)
    def test_every_day_lies_in_one_period(self, kind, first, day):
        start, end = periods.period(kind, first, day)
        self.assertTrue(start <= day <= end)
        self.assertEqual(periods.period(kind, first, end + timedelta(1))[0], end + timedelta(1))

    @given(kind=st.sampled_from(periods.KINDS), first=FIRSTS, number=st.integers(-30, 30), day=DAYS)
    @settings(max_examples=300, deadline=None)
    def test_periods_stay_when_the_calendar_moves_on(self, kind, first, number, day):
        # Xero's start is that of the period that is paid next.
        later = periods.start(kind, first, number)
        self.assertEqual(periods.period(kind, later, day), periods.period(kind, first, day))

    def test_twice_a_month(self):
        cases = {"2027-01-01": "2027-01-16", "2027-01-16": "2027-02-01", "2027-02-16": "2027-03-01"}
        for first, following in cases.items():
            found = periods.start("TWICEMONTHLY", date.fromisoformat(first), 1)
            self.assertEqual(str(found), following)


@tagged("post_install", "-at_install")
class TestPayDates(PayrollCase):
    def settle(self, tz="Australia/Sydney", frequency="FORTNIGHTLY", period="2026-09-21", pay="2026-09-17"):
        self.connection.write({"tz": tz, "pay_frequency": frequency, "pay_period_start": period, "pay_run_date": pay})
        return self.connection._schedule("leave_balance")

    def test_current_period_and_next_pay_date(self):
        # CFG-16, XQ-25, PRL-20
        self.settle()
        # Ten in the evening of 4 October in Sydney, where the last period has one day left.
        with freeze_time("2026-10-04 11:00:00"):
            self.connection.invalidate_recordset(["pay_period_text", "next_pay_run_date"])
            self.assertEqual(self.connection.pay_period_text, "2026-09-21 – 2026-10-04")
            self.assertEqual(str(self.connection.next_pay_run_date), "2026-10-15")
        with freeze_time("2026-10-04 13:30:00"):
            self.connection.invalidate_recordset(["pay_period_text", "next_pay_run_date"])
            self.assertEqual(self.connection.pay_period_text, "2026-10-05 – 2026-10-18")

    def test_current_period_where_clocks_change(self):
        # XQ-25: the minutes before and after local midnight, on both sides of the change
        cases = [
            ("Pacific/Auckland", "2026-09-14", "2026-09-27 10:59", "2026-09-14 – 2026-09-27"),
            ("Pacific/Auckland", "2026-09-14", "2026-09-27 11:00", "2026-09-28 – 2026-10-11"),
            ("Pacific/Auckland", "2026-03-23", "2026-04-05 11:59", "2026-03-23 – 2026-04-05"),
            ("Pacific/Auckland", "2026-03-23", "2026-04-05 12:00", "2026-04-06 – 2026-04-19"),
            ("Europe/London", "2026-03-16", "2026-03-29 22:59", "2026-03-16 – 2026-03-29"),
            ("Europe/London", "2026-03-16", "2026-03-29 23:00", "2026-03-30 – 2026-04-12"),
            ("Europe/London", "2026-10-12", "2026-10-25 23:59", "2026-10-12 – 2026-10-25"),
            ("Europe/London", "2026-10-12", "2026-10-26 00:00", "2026-10-26 – 2026-11-08"),
        ]
        for tz, period, moment, expected in cases:
            self.settle(tz=tz, period=period)
            with freeze_time(moment):
                self.connection.invalidate_recordset(["pay_period_text", "next_pay_run_date"])
                self.assertEqual(self.connection.pay_period_text, expected, (tz, moment))

    def test_pay_dates_of_the_calendars(self):
        # PRL-20: nobody has set a date, Xero's calendars know
        self.bring_in("payroll_calendar")
        calendars = self.env["xero.payroll.calendar"].search([("calendar_type", "=", "WEEKLY")])
        day = calendars.payment_date
        self.assertEqual(self.connection._pay_day_after(day - timedelta(1)), day)
        self.assertEqual(calendars._payment_day(calendars.start_date), day)
        self.assertEqual(calendars._payment_day(calendars.start_date + timedelta(8)), day + timedelta(7))

    def test_calendars_of_every_kind(self):
        # PRL-12
        kinds = ("WEEKLY", "FORTNIGHTLY", "FOURWEEKLY", "MONTHLY", "TWICEMONTHLY", "QUARTERLY")
        for kind in kinds:
            self.xero.act("make_calendar", name=f"All {kind}", type=kind, start="2027-01-01", payment="2027-02-05")
        self.bring_in("payroll_calendar")
        found = self.env["xero.payroll.calendar"].search([("name", "like", "All ")])
        self.assertEqual(sorted(found.mapped("calendar_type")), sorted(kinds))
        periods = {row.calendar_type: str(row._period(date(2027, 1, 20))[1]) for row in found}
        self.assertEqual((periods["FOURWEEKLY"], periods["TWICEMONTHLY"]), ("2027-01-28", "2027-01-31"))
        self.assertEqual(
            {(str(row.start_date), str(row.payment_date)) for row in found}, {("2027-01-01", "2027-02-05")}
        )

    def test_midnight_of_the_pay_date(self):
        # LVE-05: days when clocks change among them
        cases = [
            ("Australia/Sydney", "2026-10-04", datetime(2026, 10, 3, 14), datetime(2026, 10, 31, 13)),
            ("Australia/Sydney", "2026-10-05", datetime(2026, 10, 4, 13), datetime(2026, 11, 1, 13)),
            ("Australia/Sydney", "2026-04-06", datetime(2026, 4, 5, 14), datetime(2026, 5, 3, 14)),
            ("Pacific/Auckland", "2026-09-25", datetime(2026, 9, 24, 12), datetime(2026, 10, 22, 11)),
            ("Pacific/Auckland", "2026-09-28", datetime(2026, 9, 27, 11), datetime(2026, 10, 25, 11)),
            ("Pacific/Auckland", "2026-04-05", datetime(2026, 4, 4, 11), datetime(2026, 5, 2, 12)),
            ("Pacific/Auckland", "2026-04-06", datetime(2026, 4, 5, 12), datetime(2026, 5, 3, 12)),
            ("Europe/London", "2026-03-29", datetime(2026, 3, 29, 0), datetime(2026, 4, 25, 23)),
            ("Europe/London", "2026-03-30", datetime(2026, 3, 29, 23), datetime(2026, 4, 26, 23)),
            ("Europe/London", "2026-10-25", datetime(2026, 10, 24, 23), datetime(2026, 11, 22, 0)),
            ("Europe/London", "2026-10-26", datetime(2026, 10, 26, 0), datetime(2026, 11, 23, 0)),
        ]
        for tz, pay, expected, after in cases:
            schedule = self.settle(tz=tz, pay=pay, frequency="FOURWEEKLY")
            schedule.last_start = expected - timedelta(days=3)
            self.assertEqual(schedule.next_start, expected, (tz, pay))
            # Once it has run, the next one is four weeks later.
            schedule.last_start = expected
            self.assertEqual(schedule.next_start, after, (tz, pay))

    def queued(self, moment):
        """Runs that the schedules start at that moment (UTC)."""
        with freeze_time(moment), self.as_request(self.connection) as connection:
            before = connection.env["xero.run"].search([])
            connection.sudo()._start_due()
            runs = connection.env["xero.run"].search([]) - before
            found = len(runs.filtered(lambda run: run.dataset == "leave_balance"))
            runs.sudo().write({"state": "done"})
            return found

    def test_only_on_the_pay_date(self):
        # LVE-05: the day before none, on the day one, the day after none
        for tz, pay, midnight in (
            ("Australia/Sydney", "2026-10-05", datetime(2026, 10, 4, 13)),
            ("Pacific/Auckland", "2026-09-28", datetime(2026, 9, 27, 11)),
            ("Pacific/Auckland", "2026-04-06", datetime(2026, 4, 5, 12)),
            ("Europe/London", "2026-10-25", datetime(2026, 10, 24, 23)),
            ("Europe/London", "2026-03-30", datetime(2026, 3, 29, 23)),
        ):
            with self.subTest(tz):
                schedule = self.settle(tz=tz, pay=pay)
                self.connection.last_update = "2026-03-01"
                schedule.write({"last_start": midnight - timedelta(days=3), "last_run_id": False})
                self.assertEqual(self.queued(midnight - timedelta(hours=24)), 0)
                self.assertEqual(self.queued(midnight - timedelta(minutes=1)), 0)
                self.assertEqual(self.queued(midnight + timedelta(minutes=2)), 1)
                self.assertEqual(self.queued(midnight + timedelta(hours=5)), 0)
                self.assertEqual(self.queued(midnight + timedelta(hours=25)), 0)

    def test_a_missed_pay_date_is_made_up_for(self):
        schedule = self.settle(pay="2026-10-05")
        self.connection.last_update = "2026-09-01"
        schedule.write({"last_start": datetime(2026, 10, 1), "last_run_id": False})
        self.assertEqual(self.queued(datetime(2026, 10, 6, 20)), 1)

    def test_nobody_knows_when_people_are_paid(self):
        self.connection.last_update = "2026-09-01"
        schedule = self.connection._schedule("leave_balance")
        schedule.last_start = datetime(2026, 9, 1)
        self.assertEqual(self.queued(datetime(2026, 10, 6, 20)), 0)

    def test_switched_off(self):
        # XQ-26
        schedule = self.settle(pay="2026-10-05")
        self.connection.write({"last_update": "2026-09-01", "pull_leave_balances": False})
        schedule.last_start = datetime(2026, 10, 1)
        self.assertEqual(self.queued(datetime(2026, 10, 4, 14)), 0)
