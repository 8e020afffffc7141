"""Hours come from one source, each once; what is late goes to the next pay period."""

from datetime import datetime, timedelta

from odoo.tests import tagged

from .time_case import TimeCase


@tagged("post_install", "-at_install")
class TestCollectHours(TimeCase):
    def setUp(self):
        super().setUp()
        self.start = self.weekly.start_date

    def total(self, timesheets, first):
        return sum(timesheets.filtered(lambda sheet: sheet.date_from == first).mapped("total"))

    def test_collecting_again_changes_nothing(self):
        self.work_week(self.hourly)
        sheet = self.collect()
        lines = sheet.line_ids.ids
        self.assertEqual(sheet.total, 37.6)
        self.assertEqual(self.collect(), sheet)
        self.assertEqual(sheet.line_ids.ids, lines)

    def test_a_draft_follows_its_source(self):
        hours = self.work_week(self.hourly)
        sheet = self.collect()
        sheet.line_ids = [(0, 0, {"date": self.start, "units": 1, "pay_item_id": self.ordinary.id, "name": "By hand"})]
        hours[0].unit_amount = 2
        hours[1].unlink()
        self.collect()
        self.assertAlmostEqual(sheet.total, 37.6 - 6 - 8 + 1)

    def test_what_is_approved_stays_and_says_so(self):
        hours = self.work_week(self.hourly)
        sheet = self.approve(self.collect())
        self.assertFalse(sheet.source_changed)
        hours[0].unit_amount = 2
        self.collect()
        self.assertEqual(sheet.total, 37.6)
        sheet.invalidate_recordset()
        self.assertTrue(sheet.source_changed)

    def says_so(self, sheet):
        sheet.invalidate_recordset()
        return sheet.source_changed

    def test_another_day_after_the_approval_says_so(self):
        hours = self.work_week(self.hourly)
        sheet = self.approve(self.collect())
        hours[0].date = self.start + timedelta(days=5)
        self.assertTrue(self.says_so(sheet))

    def test_another_rate_after_the_approval_says_so_until_it_is_paid(self):
        hours = self.work_week(self.hourly)
        project = hours.project_id.copy()
        overtime = {"kind_ref": f"project.project,{project.id}", "pay_item_id": self.rate("Overtime Hours").id}
        self.env["xero.rate.map"].create({"connection_id": self.connection.id, **overtime})
        sheet = self.approve(self.collect())
        hours[0].project_id = project
        self.assertTrue(self.says_so(sheet))
        hours[0].project_id = hours[1].project_id
        self.assertFalse(self.says_so(sheet))
        self.push(sheet, self.officer)
        self.post_pay_run()
        self.bring_in("timesheet", "payroll_calendar")
        hours[0].project_id = project
        self.assertFalse(self.says_so(sheet))

    def test_what_payroll_chose_is_no_change(self):
        # XQ-15
        self.work_week(self.hourly)
        sheet = self.collect()
        sheet.sudo().state = "manager_approved"
        sheet.with_user(self.officer).line_ids[0].pay_item_id = self.rate("Overtime Hours")
        self.assertFalse(self.says_so(sheet))

    def test_late_hours_go_to_the_next_period(self):
        hours = self.work_week(self.hourly)
        sheet = self.approve(self.collect())
        self.push(sheet, self.officer)
        self.post_pay_run()
        self.bring_in("timesheet", "payroll_calendar")
        self.assertEqual(sheet.xero_link_id.xero_status, "PROCESSED")
        hours[0].unit_amount = 9.5  # 1.5 more than was paid
        self.work_hours(self.hourly, self.start + timedelta(days=5), 4)  # forgotten
        self.work_hours(self.hourly, self.start + timedelta(days=7), 8)
        hours[4].unlink()  # 6 too many
        following = self.collect() - sheet
        self.assertEqual(following.date_from, self.start + timedelta(days=7))
        late = {str(line.source_date): line.units for line in following.line_ids if line.source_date}
        expected = {0: 1.5, 5: 4, 4: -6}
        self.assertEqual(late, {str(self.start + timedelta(days=day)): units for day, units in expected.items()})
        self.assertAlmostEqual(following.total, 7.5)
        self.approve(following)
        self.push(following, self.officer)
        self.assertEqual(self.in_payroll(following)["lines"][0]["units"], 7.5)
        self.collect()
        self.assertAlmostEqual(
            sum((sheet | following).mapped("total")), sum((hours.exists()).mapped("unit_amount")) + 12
        )

    def test_attendances(self):
        if "hr.attendance" not in self.env:
            self.skipTest("Attendances are not installed")
        self.connection.hours_source = "attendance"
        noon = datetime.combine(self.start, datetime.min.time()).replace(hour=8)
        self.env["hr.attendance"].create(
            {"employee_id": self.hourly.id, "check_in": noon, "check_out": noon + timedelta(hours=2)}
        )
        self.env["hr.attendance"].create({"employee_id": self.hourly.id, "check_in": noon + timedelta(hours=5)})
        self.work_week(self.hourly)  # not the source: nothing is paid twice
        self.assertEqual(self.collect().mapped("total"), [2.0])

    def test_by_schedule(self):
        # PRL-06: hours come in, what is approved goes
        self.work_week(self.hourly)
        self.env["xero.push.mode"]._create_missing(self.connection)
        mode = self.mode("scheduled", "timesheet")
        self.env.flush_all()
        with self.as_request(self.connection) as connection:
            connection._start_due_pushes()
        sheet = self.env["xero.timesheet"].search([])
        self.assertEqual((sheet.total, sheet.state), (37.6, "draft"))
        self.approve(sheet)
        mode.last_start = False
        with self.as_request(self.connection) as connection:
            connection._start_due_pushes()
        self.work(self.connection)
        self.assertEqual(sheet.xero_state, "synced")

    def test_one_person_on_demand(self):
        second = self.employee_of(self.person(6))
        sheets = self.approved(self.hourly, second)
        with self.as_request(second, self.officer) as current:
            current.action_xero_push_time()
        self.assertEqual({row["employee"] for row in self.payroll.timesheets}, {second.xero_link_id.xero_id})
        self.assertEqual(len(self.payroll_calls()), 1)
        with self.as_request(self.hourly | second, self.officer) as current:
            current.action_xero_push_time()
        self.assertEqual(set(sheets.mapped("xero_state")), {"synced"})
