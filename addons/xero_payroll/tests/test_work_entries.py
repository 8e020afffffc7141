"""Hours that come from Work Entries; what is in conflict there waits until somebody has solved that."""

from odoo.tests import tagged
from odoo.tools import format_date

from .time_case import DeskCase


@tagged("post_install", "-at_install")
class TestWorkEntries(DeskCase):
    def setUp(self):
        super().setUp()
        if "hr.work.entry" not in self.env:
            self.skipTest("Work Entries are not installed")
        self.connection.hours_source = "work_entry"
        self.kind = self.env["hr.work.entry.type"].create({"name": "Work", "code": "XWORK"})

    def entry(self, number, hours, kind=None):
        """A work entry of a day of the week that is paid next."""
        return self.env["hr.work.entry"].create(
            {
                "name": "Work",
                "employee_id": self.hourly.id,
                "version_id": self.hourly.version_id.id,
                "company_id": self.company.id,
                "date": self.day(number),
                "duration": hours,
                "work_entry_type_id": (self.kind if kind is None else kind).id,
            }
        )

    def sheet(self):
        return self.env["xero.timesheet"].search([("employee_id", "=", self.hourly.id)], order="id desc", limit=1)

    def conflicts(self, desk):
        """Whom the screen lists for a conflict."""
        return desk.line_ids.filtered(lambda line: "solve that" in line.reason).employee_ids

    def test_kinds(self):
        night = self.kind.create({"name": "Night", "code": "XNIGHT"})
        away = self.kind.create({"name": "Away", "code": "XAWAY", "is_leave": True})
        self.env["xero.rate.map"].create(
            {
                "connection_id": self.connection.id,
                "kind_ref": f"hr.work.entry.type,{night.id}",
                "pay_item_id": self.rate("Overtime Hours").id,
            }
        )
        for kind in (night, away):
            self.entry(0, 4, kind)
        sheet = self.collect()
        self.assertEqual(sheet.line_ids.pay_item_id.mapped("name"), ["Overtime Hours"])
        self.assertEqual(sheet.total, 4)

    def test_in_conflict(self):
        self.entry(0, 8)
        first, second = self.entry(1, 20), self.entry(1, 8)
        self.assertEqual((first | second).mapped("state"), ["conflict"] * 2)
        desk = self.desk()
        self.press(desk, "action_collect")
        sheet = self.sheet()
        self.assertEqual((sheet.total, self.conflicts(desk)), (8, self.hourly))
        # The other hours go; To Do names the person and the day.
        self.approve(sheet)
        self.press(desk, "action_push")
        problem = self.problems("work_entry_conflict")
        self.assertIn(f"{self.hourly.name} on {format_date(self.env, self.day(1))}", problem.cause)
        self.assertEqual((sheet.xero_state, self.conflicts(desk)), ("synced", self.hourly))
        # Once it is solved they count.
        second.unlink()
        first.duration = 7
        self.press(desk, "action_refresh")
        self.assertFalse(self.conflicts(desk))
        self.assertTrue(sheet.source_changed)
        sheet.with_user(self.officer).action_reopen()
        self.press(desk, "action_collect")
        self.assertEqual(sheet.total, 15)
        self.approve(sheet)
        self.press(desk, "action_push")
        self.assertEqual((self.problems("work_entry_conflict").ids, desk.ready_count), ([], 1))
        self.assertEqual(float(sum(line["units"] for line in self.in_payroll(sheet)["lines"])), 15)

    def test_nothing_else(self):
        # He is not listed as somebody who may be paid nothing.
        self.entry(0, 8, kind=self.kind.browse())
        desk = self.desk()
        self.assertEqual(self.conflicts(desk), self.hourly)
        self.assertEqual(self.reasons(desk)["No hours in this period"], 1)
        self.assertFalse(desk.line_ids.filtered(lambda line: "solve that" in line.reason).without_hours)

    def test_leave_in_conflict_is_none_of_it(self):
        away = self.kind.create({"name": "Away", "code": "XAWAY", "is_leave": True})
        self.entry(0, 20, away)
        self.entry(0, 8, away)
        self.assertFalse(self.conflicts(self.desk()))

    def test_what_a_salary_covers(self):
        self.entry(0, 20)
        self.entry(0, 8)
        self.hourly.xero_paid_from = "template"
        self.assertFalse(self.conflicts(self.desk()))

    def test_what_is_paid_stays_paid(self):
        # It is not taken back while nobody knows what is right.
        entry = self.entry(0, 8)
        self.push(self.approve(self.collect()), self.officer)
        self.post_pay_run()
        self.xero.advance(600)
        self.bring_in("payroll_calendar", "timesheet", "pay_run")
        more = self.entry(0, 20)
        self.assertEqual((entry | more).mapped("state"), ["conflict"] * 2)
        self.entry(8, 5)
        self.collect()
        sheet = self.sheet()
        self.assertEqual((sheet.date_from, sheet.total), (self.day(7), 5))
        more.duration = 2
        self.collect()
        self.assertEqual(sheet.total, 7)
