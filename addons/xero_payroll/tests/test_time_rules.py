"""Rules of time: rounding, days to come, the longest shift, the shortest rest (XQ-27)."""

from datetime import datetime, timedelta

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.xero_connection_time_rules import round_hours, round_moment
from ..models.xero_hours import Entry
from .time_case import TimeCase


@tagged("post_install", "-at_install")
class TestTimeRules(TimeCase):
    def test_up_to_the_next_step(self):
        moment = datetime(2026, 11, 2, 7, 57)
        steps = {5: (8, 0), 10: (8, 0), 15: (8, 0), 20: (8, 0), 30: (8, 0)}
        for minutes, expected in steps.items():
            self.assertEqual(round_moment(moment, minutes), moment.replace(hour=expected[0], minute=expected[1]))
            self.assertEqual(round_moment(moment.replace(minute=0), minutes), moment.replace(minute=0))
        self.assertEqual(round_moment(moment.replace(minute=31), 20), moment.replace(minute=40))
        self.assertEqual(round_moment(datetime(2026, 11, 2, 23, 58), 5), datetime(2026, 11, 3))
        for hours, minutes, expected in (
            (7.95, 5, 8),
            (8, 5, 8),
            (0.1, 30, 0.5),
            (-0.3, 15, -0.5),
            (7 + 2 / 3, 20, 23 / 3),
        ):
            self.assertAlmostEqual(round_hours(hours, minutes), expected)
        self.assertEqual(round_hours(0.0, 5), 0.0)

    def test_where_the_clock_is_half_an_hour_off(self):
        for zone, offset in (("Australia/Adelaide", 570), ("Asia/Kathmandu", 345), ("Australia/Sydney", 600)):
            self.hourly.tz = zone
            eight = datetime(2026, 6, 2, 8) - timedelta(minutes=offset)
            for minutes in ("5", "10", "15", "20", "30"):
                self.connection.write({"time_rounding": minutes, "time_capture": "start_end"})
                later = eight + timedelta(hours=4, minutes=1)
                found = self.connection._rounded(Entry(self.hourly, eight.date(), 4.0, None, start=eight, end=later))
                self.assertEqual(
                    (found.start, found.end), (eight, eight + timedelta(hours=4, minutes=int(minutes))), (zone, minutes)
                )

    def test_the_time_of_each_entry(self):
        self.connection.time_rounding = "5"
        self.work_hours(self.hourly, self.weekly.start_date, 7 + 57 / 60)
        timesheet = self.approve(self.collect())
        self.assertEqual(timesheet.total, 8.0)
        self.assertFalse(timesheet.source_changed)
        self.push(timesheet, self.officer)
        self.assertEqual(self.in_payroll(timesheet)["lines"][0]["units"], 8)

    def test_as_they_are_without_the_rule(self):
        self.work_hours(self.hourly, self.weekly.start_date, 7.95)
        self.assertEqual(self.collect().total, 7.95)

    def test_begin_and_end(self):
        start = datetime(2026, 11, 2, 7, 57)
        entry = Entry(self.hourly, start.date(), 7.5, None, start=start, end=start + timedelta(hours=8, minutes=5))
        self.connection.write({"time_rounding": "15", "time_capture": "start_end"})
        found = self.connection._rounded(entry)
        # 8:00 to 16:15; the break of 35 minutes stays.
        self.assertEqual((found.start.hour, found.end.hour, found.end.minute), (8, 16, 15))
        self.assertAlmostEqual(found.hours, 7.5 + 10 / 60)
        self.connection.time_capture = "duration"
        self.assertEqual(self.connection._rounded(entry).hours, 7.5)
        # Without begin and end, the time is rounded.
        self.connection.time_capture = "start_end"
        self.assertEqual(self.connection._rounded(Entry(self.hourly, start.date(), 7.95, None)).hours, 8)

    def test_attendances(self):
        if "hr.attendance" not in self.env:
            self.skipTest("Attendances are not installed")
        self.connection.write({"hours_source": "attendance", "time_rounding": "5", "time_capture": "start_end"})
        start = datetime.combine(self.weekly.start_date, datetime.min.time()).replace(hour=1, minute=57)
        self.env["hr.attendance"].create(
            {"employee_id": self.hourly.id, "check_in": start, "check_out": start + timedelta(hours=2)}
        )
        line = self.collect().line_ids
        self.assertEqual((line.units, line.time_from.minute, line.time_to.hour), (2.0, 0, 4))

    # === WHAT WAITS === #

    def refused(self, timesheet, code):
        self.forget_calls()
        self.push(timesheet, self.officer)
        self.assertEqual((self.problem(timesheet), self.payroll_calls()), (code, []))

    def goes(self, timesheet):
        self.push(timesheet, self.officer)
        self.assertEqual((timesheet.xero_state, self.problem(timesheet)), ("synced", False))

    def test_days_to_come(self):
        later = self.today() + timedelta(days=2)  # wherever in the world the company is
        first, last = self.weekly._period(later)
        line = {"date": later, "units": 1, "pay_item_id": self.ordinary.id}
        owner = {"employee_id": self.hourly.id, "company_id": self.company.id, "calendar_id": self.weekly.id}
        timesheet = self.env["xero.timesheet"].create(
            {**owner, "date_from": first, "date_to": last, "line_ids": [(0, 0, line)]}
        )
        self.approve(timesheet)
        self.connection.time_no_future = True
        self.refused(timesheet, "time_in_future")
        self.connection.time_no_future = False
        self.goes(timesheet)

    def test_the_longest_shift(self):
        timesheet = self.approved(hours=[8.0, 7.0])
        self.work_hours(self.hourly, self.weekly.start_date, 0.5)
        timesheet.with_user(self.officer).action_reopen()
        self.approve(self.collect())
        self.connection.time_max_hours = 8
        self.refused(timesheet, "time_shift_long")
        self.connection.time_max_hours = 8.5
        self.goes(timesheet)

    def test_the_shortest_rest(self):
        timesheet = self.approved(hours=[8.0, 8.0])
        evening = datetime.combine(self.weekly.start_date, datetime.min.time()).replace(hour=14)
        first, second = timesheet.line_ids.sorted("date").sudo()
        first.write({"time_from": evening, "time_to": evening + timedelta(hours=8)})
        second.write({"time_from": evening + timedelta(hours=17), "time_to": evening + timedelta(hours=25)})
        self.connection.time_min_rest = 10
        self.refused(timesheet, "time_rest_short")
        # Begun on one day: a break, no rest.
        second.date = first.date
        self.connection.time_min_rest = 9
        self.goes(timesheet)

    def test_rest_since_the_period_before(self):
        timesheet = self.approved(hours=[8.0])
        morning = datetime.combine(self.weekly.start_date, datetime.min.time()).replace(hour=5)
        timesheet.line_ids.sudo().write({"time_from": morning, "time_to": morning + timedelta(hours=8)})
        before = self.weekly.start_date - timedelta(days=1)
        line = {"date": before, "units": 4, "pay_item_id": self.ordinary.id}
        line |= {"time_from": morning - timedelta(hours=9), "time_to": morning - timedelta(hours=5)}
        period = {"date_from": before - timedelta(days=6), "date_to": before}
        owner = {"employee_id": self.hourly.id, "company_id": self.company.id}
        self.env["xero.timesheet"].create({**owner, **period, "line_ids": [(0, 0, line)]})
        self.connection.time_min_rest = 10
        self.refused(timesheet, "time_rest_short")
        self.connection.time_min_rest = 5
        self.goes(timesheet)

    @mute_logger("odoo.sql_db")
    def test_limits_make_sense(self):
        for name in ("time_max_hours", "time_min_rest"):
            for hours in (-1, 25):
                with self.assertRaises(ValidationError):
                    self.connection[name] = hours
