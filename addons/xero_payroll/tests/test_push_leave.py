"""Leave goes to Xero as people are away, not as Odoo cuts it up; what is taken back is taken back there."""

from datetime import datetime, timedelta
from decimal import Decimal

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .time_case import TimeCase

CREATE = "POST /payroll.xro/1.0/LeaveApplications"
FRIDAY, SATURDAY, MONDAY, TUESDAY, WEDNESDAY = 4, 5, 7, 8, 9


class LeavePushCase(TimeCase):
    """Leave of the person who is paid by the hour, and what Xero has of it."""

    def setUp(self):
        super().setUp()
        self.annual = self.leave_type("Annual Leave")
        self.start = self.weekly.start_date

    def leave_type(self, name, **values):
        return self.env["hr.leave.type"].create(
            {
                "name": name,
                "company_id": self.company.id,
                "requires_allocation": False,
                "leave_validation_type": "hr",
                "request_unit": "day",
                "xero_pay_item_id": self.pay_item(name).id,
                **values,
            }
        )

    def leave(self, first, last=None, leave_type=None, grant=True, **values):
        """Leave of the hourly paid person, days counted from the period that is paid next."""
        leave = self.env["hr.leave"].create(
            {
                "employee_id": self.hourly.id,
                "holiday_status_id": (leave_type or self.annual).id,
                "request_date_from": self.start + timedelta(days=first),
                "request_date_to": self.start + timedelta(days=first if last is None else last),
                "name": "A private reason",
                **values,
            }
        )
        if grant:
            leave.action_approve()
        return leave

    def rows(self):
        """Applications in Xero by their first day."""
        return sorted(self.payroll.leaves, key=lambda row: row["start"])

    def units(self, row):
        return [part["units"] for part in row["periods"]]

    def day(self, number):
        return str(self.start + timedelta(days=number))


@tagged("post_install", "-at_install")
class TestPushLeave(LeavePushCase):
    # === WHAT IS SENT === #

    def test_one_day(self):
        leave = self.leave(1)
        self.push(leave, self.officer)
        row = self.rows()[0]
        self.assertEqual(
            (row["employee"], row["type"]), (self.hourly.xero_link_id.xero_id, self.pay_item("Annual Leave").xero_id)
        )
        self.assertEqual((row["start"], row["end"], self.units(row)), (self.day(1), self.day(1), [8]))
        self.assertEqual(row["title"], "Annual Leave")
        self.assertEqual((leave.xero_state, leave.xero_leave_status), ("synced", "current"))
        self.assertEqual(leave.xero_link_id.part, self.day(1))
        self.assertEqual(self.payroll_calls(), [CREATE])

    def test_granted_leave_is_time_in_odoo_and_no_hours_for_xero(self):
        # XQ-13: Odoo's own add-on for timesheets and time off, which comes with both, books the time
        if "holiday_id" not in self.env["account.analytic.line"]._fields:
            self.skipTest("Timesheets with time off are not installed")
        project = self.company.leave_timesheet_task_id.project_id
        project.company_id = self.company
        leave = self.leave(1, grant=False)
        lines = self.env["account.analytic.line"]
        self.assertFalse(lines.search([("holiday_id", "=", leave.id)]), "asked for, not granted")
        leave.action_approve()
        entry = lines.search([("holiday_id", "=", leave.id)])
        self.assertEqual((str(entry.date), entry.unit_amount), (self.day(1), 8))
        away = self.env["resource.calendar.leaves"].search([("holiday_id", "=", leave.id)])
        self.assertEqual(away.resource_id, self.hourly.resource_id, "and the calendar shows it")
        self.work_hours(self.hourly, self.start, 8)
        self.assertEqual(self.collect().total, 8, "leave travels as leave")

    def test_friday_and_monday_are_one_application(self):
        friday, monday = self.leave(FRIDAY), self.leave(MONDAY)
        self.push(friday | monday, self.officer)
        (row,) = self.rows()
        self.assertEqual((row["start"], row["end"], self.units(row)), (self.day(FRIDAY), self.day(MONDAY), [8, 8]))
        self.assertEqual(friday.xero_state, "synced")
        self.assertFalse(self.problem(monday))
        self.assertEqual(self.payroll_calls(), [CREATE])

    def test_pushing_the_second_sends_both(self):
        self.leave(FRIDAY)
        self.push(self.leave(MONDAY), self.officer)
        self.assertEqual([row["end"] for row in self.rows()], [self.day(MONDAY)])

    def test_a_working_day_between_makes_two(self):
        self.push(self.leave(FRIDAY) | self.leave(TUESDAY), self.officer)
        self.assertEqual(
            [(row["start"], row["end"]) for row in self.rows()], [(self.day(FRIDAY),) * 2, (self.day(TUESDAY),) * 2]
        )

    def test_a_public_holiday_between_makes_one(self):
        self.public_holiday(MONDAY)
        self.push(self.leave(FRIDAY) | self.leave(TUESDAY), self.officer)
        (row,) = self.rows()
        self.assertEqual((row["end"], self.units(row)), (self.day(TUESDAY), [8, 8]))

    def public_holiday(self, number):
        day = datetime.combine(self.start + timedelta(days=number), datetime.min.time())
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Public holiday",
                "company_id": self.company.id,
                "date_from": day - timedelta(hours=3),
                "date_to": day + timedelta(hours=21),
                "resource_id": False,
                "time_type": "leave",
            }
        )

    def test_a_public_holiday_within_costs_nothing(self):
        self.public_holiday(WEDNESDAY)
        leave = self.leave(TUESDAY, WEDNESDAY + 1)
        self.push(leave, self.officer)
        self.assertEqual(self.units(self.rows()[0]), [Decimal(str(leave.number_of_hours))])
        self.assertEqual(leave.number_of_hours, 16)

    def test_another_type_is_another_application(self):
        sick = self.leave_type("Personal/Carer's Leave")
        self.push(self.leave(FRIDAY) | self.leave(MONDAY, leave_type=sick), self.officer)
        self.assertEqual(len(self.rows()), 2)

    def test_half_a_day(self):
        half = self.leave_type("Personal/Carer's Leave", request_unit="half_day")
        leave = self.leave(
            1, leave_type=half, request_unit_half=True, request_date_from_period="am", request_date_to_period="am"
        )
        self.push(leave, self.officer)
        self.assertEqual(self.units(self.rows()[0]), [4])

    def test_units_of_each_pay_period(self):
        leave = self.leave(3, 14)  # Thursday of the first week to Monday of the third
        self.push(leave, self.officer)
        self.assertEqual(self.units(self.rows()[0]), [16, 40, 8])

    def test_a_type_that_xero_counts_in_days(self):
        self.pay_item("Annual Leave").sudo().type_of_units = "Days"
        self.push(self.leave(FRIDAY, MONDAY), self.officer)
        self.assertEqual(self.units(self.rows()[0]), [1, 1])

    # === CHANGES === #

    def test_a_day_more_extends_the_application(self):
        friday = self.leave(FRIDAY)
        self.push(friday, self.officer)
        self.leave(MONDAY)
        self.assertEqual(friday.xero_state, "outdated")
        self.push(friday, self.officer)
        (row,) = self.rows()
        self.assertEqual((row["end"], self.units(row)), (self.day(MONDAY), [8, 8]))

    def test_nothing_changed_nothing_sent(self):
        leave = self.leave(1)
        self.push(leave, self.officer)
        self.forget_calls()
        self.push(leave, self.officer)
        self.assertEqual(self.payroll_calls(), [])

    def test_what_is_refused_is_rejected_in_xero(self):
        leave = self.leave(1)
        self.push(leave, self.officer)
        leave.action_refuse()
        self.assertEqual(leave.xero_state, "outdated")
        self.push(leave, self.officer)
        self.assertEqual([part["status"] for part in self.rows()[0]["periods"]], ["REJECTED"])
        self.assertEqual((leave.xero_leave_status, leave.xero_state), ("rejected", "excluded"))
        self.forget_calls()
        self.push(leave, self.officer)
        self.assertEqual(self.payroll_calls(), [])

    def test_of_two_the_first_is_refused(self):
        friday, monday = self.leave(FRIDAY), self.leave(MONDAY)
        self.push(friday | monday, self.officer)
        friday.action_refuse()
        self.push(friday | monday, self.officer)
        rejected, left = self.rows()
        self.assertEqual(rejected["periods"][0]["status"], "REJECTED")
        self.assertEqual((left["start"], left["end"], self.units(left)), (self.day(MONDAY),) * 2 + ([8],))

    def test_of_two_the_second_is_refused(self):
        friday, monday = self.leave(FRIDAY), self.leave(MONDAY)
        self.push(friday | monday, self.officer)
        monday.action_refuse()
        self.assertEqual(friday.xero_state, "outdated")
        self.push(friday, self.officer)
        (row,) = self.rows()
        self.assertEqual((row["end"], self.units(row)), (self.day(FRIDAY), [8]))

    def test_what_is_paid_cannot_be_taken_back(self):
        leave = self.leave(1)
        self.push(leave, self.officer)
        self.post_pay_run()
        self.bring_in("leave_application")
        self.assertEqual(leave.xero_leave_status, "taken")
        leave.action_refuse()
        self.push(leave, self.officer)
        self.assertEqual(self.problem(leave), "leave_taken_in_xero")
        self.assertEqual(self.rows()[0]["periods"][0]["status"], "PROCESSED")

    def test_what_is_in_xero_is_not_deleted(self):
        leave = self.leave(1)
        self.push(leave, self.officer)
        with self.assertRaisesRegex(UserError, "is in Xero"):
            leave.unlink()

    def test_a_leave_comes_back_as_what_it_is(self):
        friday, monday = self.leave(FRIDAY), self.leave(MONDAY)
        self.push(friday | monday, self.officer)
        self.bring_in("leave_application", everything=True)
        self.assertEqual(self.env["hr.leave"].search_count([("employee_id", "=", self.hourly.id)]), 2)
        self.assertFalse(self.problems())

    # === WHAT KEEPS IT BACK === #

    def refused(self, leave, code):
        self.forget_calls()
        self.push(leave, self.officer)
        self.assertEqual(self.problem(leave), code)
        self.assertEqual([call for call in self.payroll_calls() if call.startswith("POST")], [])

    def test_over_the_border_of_a_paid_period(self):
        leave = self.leave(FRIDAY, MONDAY)
        self.post_pay_run()
        self.bring_in("pay_run")
        self.refused(leave, "leave_period_border")
        self.refused(self.leave(2), "leave_period_paid")

    def test_not_granted_yet(self):
        self.refused(self.leave(1, grant=False), "leave_waits")

    def test_type_without_a_counterpart(self):
        self.annual.xero_pay_item_id = False
        self.refused(self.leave(1), "leave_type_not_mapped")

    def test_somebody_who_is_not_in_xero(self):
        leave = self.leave(1)
        self.hourly.xero_link_id.unlink()
        self.refused(leave, "time_employee_unknown")

    def test_other_leave_in_xero(self):
        leave = self.leave(1)
        self.xero.act(
            "request_leave",
            employee=self.hourly.xero_link_id.xero_id,
            leave_type="Annual Leave",
            start=self.day(1),
            end=self.day(2),
        )
        self.push(leave, self.officer)
        self.assertEqual(self.problem(leave), "leave_overlaps")
        self.assertEqual(len(self.rows()), 1)

    def test_only_payroll_sends_leave(self):
        clerk = self.new_user(
            "clerk", "xero_connector.group_xero_user", "hr_holidays.group_hr_holidays_manager", "hr.group_hr_manager"
        )
        with self.assertRaisesRegex(AccessError, "payroll"):
            self.push(self.leave(1), clerk)

    # === FAULTS === #

    def test_lost_answers(self):
        leave = self.leave(1)
        self.xero.sandbox.faults.add("drop_after", method="POST", path="/payroll.xro/", times=1)
        self.push(leave, self.officer)
        self.assertEqual(leave.xero_state, "in_doubt")
        self.xero.sandbox.faults.clear()
        self.age(minutes=7)
        self.work(self.connection)
        self.assertEqual((leave.xero_state, len(self.rows())), ("synced", 1))

    def test_a_lost_rejection(self):
        leave = self.leave(1)
        self.push(leave, self.officer)
        leave.action_refuse()
        self.xero.sandbox.faults.add("drop_after", method="POST", path="/payroll.xro/", times=1)
        self.push(leave, self.officer)
        self.xero.sandbox.faults.clear()
        self.age(minutes=7)
        self.work(self.connection)
        self.assertEqual((leave.xero_state, leave.xero_leave_status), ("excluded", "rejected"))
