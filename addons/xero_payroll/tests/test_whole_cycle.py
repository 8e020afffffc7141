"""A pay period from its beginning to its end, in each country (E.B.1); each call keeps to Xero's specification."""

from odoo.tests import tagged

from .common import NewZealand, UnitedKingdom
from .time_case import TimeCase


class WholeCycle:
    """People and what they refer to come in, hours and leave go, the pay run and what is left of leave come back."""

    ordinary_name = "Ordinary Hours"
    week = [8.0, 8.0, 7.6, 6.0]  # the fifth day is taken off

    def test_from_staff_to_payslip(self):
        self.bring_in("leave_balance")
        item = self.pay_item(self.leave_name)
        before = self.balance(item)
        if not self.hourly.xero_earnings_rate_id:
            rate = self.rate(self.ordinary_name)
            self.env["xero.rate.map"].create({"connection_id": self.connection.id, "pay_item_id": rate.id})
            self.hourly.sudo().xero_paid_from = "timesheet"
        leave = self.leave(4, 4)
        timesheet = self.approved(hours=self.week)
        self.assertEqual((timesheet.date_from, timesheet.calendar_id), (self.weekly.start_date, self.weekly))

        self.push(leave, self.officer)
        self.push(timesheet, self.officer)
        self.assertEqual((leave.xero_state, timesheet.xero_state), ("synced", "synced"))
        (row,) = self.rows_of(self.hourly)
        self.assertAlmostEqual(float(sum(map(float, self.units(row)))), sum(self.week))
        (taken,) = [each for each in self.payroll.leaves if each["employee"] == self.hourly.xero_link_id.xero_id]

        self.post_pay_run()
        self.bring_in("timesheet", "leave_application", "pay_run", "leave_balance", "payroll_calendar")
        run = self.env["xero.pay.run"].search([("calendar_id", "=", self.weekly.id), ("status", "=", "POSTED")])
        self.assertEqual((run.period_start, run.period_end), (timesheet.date_from, timesheet.date_to))
        slip = run.payslip_ids.filtered(lambda slip: slip.employee_id == self.hourly)
        self.assertGreater(slip.wages, 0)
        self.assertEqual((leave.xero_link_id.xero_id, leave.xero_leave_status), (taken["id"], "taken"))
        self.assertEqual(timesheet.xero_link_id.xero_status, "PROCESSED")
        self.assertNotEqual(self.balance(item), before)
        self.assertGreater(self.weekly.start_date, timesheet.date_to)
        self.assertFalse(self.problems())

    def balance(self, item):
        return (
            self.env["xero.leave.balance"]
            .search([("employee_id", "=", self.hourly.id), ("pay_item_id", "=", item.id)])
            .units
        )

    def units(self, row):
        return [
            unit
            for line in row["lines"]
            for unit in (line["units"] if isinstance(line["units"], list) else [line["units"]])
        ]


@tagged("post_install", "-at_install")
class TestCycleAustralia(WholeCycle, TimeCase):
    pass


@tagged("post_install", "-at_install")
class TestCycleNewZealand(NewZealand, WholeCycle, TimeCase):
    ordinary_name = "Ordinary Time"


@tagged("post_install", "-at_install")
class TestCycleUnitedKingdom(UnitedKingdom, WholeCycle, TimeCase):
    ordinary_name = "Regular Hours"
