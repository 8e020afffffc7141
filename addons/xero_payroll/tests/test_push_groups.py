"""Whole groups go to Xero: few calls, and everybody once whatever goes wrong on the way."""

import random
from collections import Counter

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.xero_connector import values
from odoo.addons.xero_connector.engine import answer, outgoing
from odoo.addons.xero_connector.tests.common import FIXED_CASES
from odoo.addons.xero_connector.tests.test_storm import SHARE, StormCase

from .time_case import TimeCase

LOST = ("drop_after", "error500_after", "truncated", "malformed")


class GroupCase(TimeCase, StormCase):
    """Any number of people who are paid by the hour, every two weeks."""

    staff = 3

    def setUp(self):
        super().setUp()
        self.fortnightly = self.calendar("Fortnightly Calendar")
        self.xero.sandbox.limits.minute = 10**6

    def ride_out(self, timesheets, seed, share=SHARE):
        """Let the worker send `timesheets` through a storm; how often each kind of fault came."""
        faults = self.let_loose(seed, "/payroll.xro/", share)
        with mute_logger("odoo.sql_db"):
            self.settle(self.connection, lambda: timesheets.mapped("xero_state"))
        fired = Counter(entry["kind"] for entry in faults.log)
        faults.clear()
        return fired

    def hire(self, count):
        """People in Xero and in Odoo, linked."""
        people = [
            self.xero.act(
                "add_employee",
                first=f"Person{number}",
                last="Group",
                calendar="Fortnightly Calendar",
                rate=self.ordinary.xero_id,
                hourly=30,
                start="2020-01-01",
            )
            for number in range(count)
        ]
        employees = self.env["hr.employee"].create(
            [
                {
                    "name": f"{person['first']} Group",
                    "company_id": self.company.id,
                    "xero_calendar_id": self.fortnightly.id,
                    "xero_earnings_rate_id": self.ordinary.id,
                    "xero_paid_from": "timesheet",
                }
                for person in people
            ]
        )
        for employee, person in zip(employees, people, strict=True):
            self.link(self.connection, "employee", employee, person["id"])
        return employees

    def group(self, count):
        """Approved timesheets of so many people."""
        employees = self.hire(count)
        start = self.fortnightly.start_date
        self.env["account.analytic.line"].create(
            [
                {
                    "project_id": self.project.id,
                    "employee_id": employee.id,
                    "date": start,
                    "unit_amount": 1 + number % 8,
                    "name": "Work",
                }
                for number, employee in enumerate(employees)
            ]
        )
        timesheets = self.approve(self.collect())
        self.assertEqual(len(timesheets), count)
        return timesheets

    def queue(self, timesheets):
        with self.as_request(timesheets, self.officer) as current:
            return current.action_xero_push()

    def kill_and_settle(self, timesheets):
        """The worker dies when Xero has written and nothing of the answer is kept; another one goes on later.

        :return: how many were being sent
        """
        self.queue(timesheets)
        with self.assertLogs("odoo.addons.xero_connector", "ERROR"):
            self.patch(answer, "record", self.die)
            self.work(self.connection)
        self.patch(answer, "record", self.recorded)
        sending = Counter(timesheets.mapped("xero_state"))["sending"]
        self.assertEqual(len(list(self.payroll.timesheets)), sending)
        self.age(minutes=10)
        self.settle(self.connection, lambda: timesheets.mapped("xero_state"))
        return sending

    recorded = staticmethod(answer.record)

    def die(self, *_args, **_kwargs):
        raise MemoryError

    def check_everybody_once(self, timesheets):
        """Each has exactly one timesheet in Xero, under its own link, with its own hours."""
        self.assertEqual(Counter(timesheets.mapped("xero_state")), {"synced": len(timesheets)})
        rows = Counter(row["employee"] for row in self.payroll.timesheets)
        self.assertEqual((len(rows), set(rows.values())), (len(timesheets), {1}))
        for timesheet in timesheets:
            row = self.in_payroll(timesheet)
            self.assertEqual(row["employee"], timesheet.employee_id.xero_link_id.xero_id)
            self.assertAlmostEqual(float(sum(line["units"] for line in row["lines"])), timesheet.total)
        self.assertEqual(self.env["xero.request"].search_count([("state", "!=", "answered")]), 0)


@tagged("post_install", "-at_install")
class TestPushGroups(GroupCase):
    def test_two_hundred_people_cost_four_writes(self):
        timesheets = self.group(200)
        self.forget_calls()
        self.queue(timesheets)
        self.work(self.connection)
        self.check_everybody_once(timesheets)
        self.assertEqual(self.payroll_calls(), ["POST /payroll.xro/1.0/Timesheets"] * 4)

    def test_hours_in_conflict_are_looked_for_once(self):
        if "hr.work.entry" not in self.env:
            self.skipTest("Work Entries are not installed")
        timesheets = self.group(30)
        self.connection.hours_source = "work_entry"
        dataset = self.connection._dataset("timesheet")

        def queries(count):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            parts = dataset._parts(timesheets[:count])
            self.assertEqual(set(parts.values()), {("",)})
            return self.cr.sql_log_count - before

        self.assertEqual(queries(30), queries(10))

    def test_a_group_that_is_too_large_goes_in_parts(self):
        # XW-18: half a batch is just as large as a call may be
        timesheets, dataset = self.group(120), self.connection._dataset("timesheet")
        elements = [dataset._prepare_payload(sheet, sheet.xero_link_id)[0] for sheet in timesheets[:25]]
        self.patch(outgoing, "MAX_BODY", len(values.dumps({dataset._xero_plural: elements})))
        self.queue(timesheets)
        self.work(self.connection)
        self.check_everybody_once(timesheets)
        requests = self.env["xero.request"].search([("dataset", "=", "timesheet")], order="id")
        self.assertEqual([len(request.link_ids) for request in requests], [25, 25, 25, 22, 23])

    def test_one_bad_member_costs_one_more_write(self):
        timesheets = self.group(20)
        gone = timesheets[7].employee_id.xero_link_id.xero_id
        self.xero.act("terminate", employee=gone, date="2024-01-01")
        self.forget_calls()
        self.queue(timesheets)
        self.work(self.connection)
        self.assertEqual(self.problem(timesheets[7]), "time_not_employed_in_xero")
        self.assertEqual(self.payroll_calls(), ["POST /payroll.xro/1.0/Timesheets"] * 2)
        self.assertEqual(Counter(timesheets.mapped("xero_state")), {"synced": 19, "failed": 1})

    def test_a_batch_of_export_control(self):
        # XW-01: payroll is a batch type like any other
        timesheets = self.group(3)
        with self.as_request(self.env["xero.run"], self.officer) as current:
            current.action_export_control()
        batch = self.env["xero.run"].search([("batch_kind", "=", "timesheet"), ("company_id", "=", self.company.id)])
        self.assertEqual(set(batch.document_ids.mapped("res_id")), set(timesheets.ids))
        for action in ("action_close", "action_export"):
            with self.as_request(batch, self.officer) as current:
                getattr(current, action)()
        self.work(self.connection)
        self.check_everybody_once(timesheets)

    def test_lost_answers(self):
        for kind in LOST:
            with self.subTest(kind=kind):
                self.env["xero.timesheet"].sudo().search([]).write({"state": "draft"})
                self.payroll.timesheets.replace([])
                timesheets = self.group_again(12) if kind != LOST[0] else self.group(12)
                self.xero.sandbox.faults.add(kind, method="POST", path="/payroll.xro/", times=1)
                self.queue(timesheets)
                self.settle(self.connection, lambda rows=timesheets: rows.mapped("xero_state"))
                self.assertTrue(self.xero.sandbox.faults.log)
                self.xero.sandbox.faults.clear()
                self.check_everybody_once(timesheets)

    def test_three_time_outs(self):
        # XW-18: no answer, whether Xero has written or not; tried again, and nobody has two
        timesheets = self.group(12)
        self.xero.sandbox.faults.add("html504", method="POST", path="/payroll.xro/", times=3)
        self.queue(timesheets)
        self.settle(self.connection, lambda: timesheets.mapped("xero_state"))
        self.assertEqual(len(self.xero.sandbox.faults.log), 3)
        self.check_everybody_once(timesheets)

    def group_again(self, _count):
        self.env["xero.link"].sudo().search([("dataset", "=", "timesheet")]).unlink()
        return self.approve(self.collect())

    def test_killed_after_xero_has_written(self):
        timesheets = self.group(60)
        self.assertEqual(self.kill_and_settle(timesheets), 50)
        self.check_everybody_once(timesheets)

    def test_storm_over_a_group_of_sixty(self):
        seeds = [1] if FIXED_CASES else [1, random.SystemRandom().randrange(10**6)]
        for seed in seeds:
            with self.subTest(seed=seed):
                self.storm(seed)

    def storm(self, seed):
        self.env["xero.link"].sudo().search([("dataset", "=", "timesheet")]).unlink()
        self.env["xero.timesheet"].sudo().search([]).write({"state": "draft"})
        self.payroll.timesheets.replace([])
        timesheets = self.group(60) if seed == 1 else self.group_again(60)
        for start in range(0, 60, 4):
            with self.as_request(timesheets[start : start + 4]) as current:
                self.connection.with_env(current.env).push("timesheet", current)
        fired = self.ride_out(timesheets, seed, 2 * SHARE)
        self.assertTrue(fired, seed)
        self.check_everybody_once(timesheets)
