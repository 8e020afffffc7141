"""Timesheets that go in steps, and stop half way: what Xero holds meanwhile is what it pays (NZ, UK)."""

from odoo.tests import tagged

from .common import NewZealand, UnitedKingdom
from .time_case import CountryTime, LateCase


class HalfWay(CountryTime):
    """The tests of a country; the classes below say which."""

    def setUp(self):
        super().setUp()
        self.connection.push_status_timesheet = "approved"
        self.hours = self.work_week(self.hourly, hours=[8])
        self.work_hours(self.hourly, self.day(7), 1)

    def stop_at(self, method, path):
        """Xero is not there for that call: it has to wait."""
        self.xero.sandbox.faults.add("offline503", method=method, path=path, times=1)

    def correct(self, sheet, hours):
        """Opened again, other hours, approved, pushed."""
        sheet.with_user(self.officer).action_reopen()
        self.hours.unit_amount = hours
        self.push(self.approve(self.collect() & sheet), self.officer)

    def test_created_and_not_approved_by_us(self):
        self.stop_at("POST", "/Approve")
        sheet = self.approve(self.of_week(0))
        self.push(sheet, self.officer)
        self.assertEqual((sheet.xero_state, self.in_payroll(sheet)["status"]), ("queued", "DRAFT"))
        self.pay()
        self.assertEqual((sheet.state, sheet.xero_state, sheet.xero_status), ("pushed", "synced", "PROCESSED"))
        self.assertFalse(self.late(self.of_week(1)), "paid once")

    def test_reverted_and_not_deleted(self):
        sheet = self.approve(self.of_week(0))
        self.push(sheet, self.officer)
        self.stop_at("DELETE", "/Timesheets")
        self.correct(sheet, 10)
        self.assertEqual(sum(line["units"] for line in self.in_payroll(sheet)["lines"]), 8)
        self.pay()
        self.assertEqual(self.late(self.of_week(1)), {0: 2}, "eight are paid")

    def test_deleted_and_not_made_anew(self):
        sheet = self.approve(self.of_week(0))
        self.push(sheet, self.officer)
        self.stop_at("POST", "/Timesheets$")
        self.correct(sheet, 10)
        self.assertFalse(self.rows_of(self.hourly))
        self.pay()
        self.assertEqual(self.late(self.of_week(1)), {0: 10}, "none is paid")


@tagged("post_install", "-at_install")
class TestHalfWayNewZealand(NewZealand, HalfWay, LateCase):
    pass


@tagged("post_install", "-at_install")
class TestHalfWayUnitedKingdom(UnitedKingdom, HalfWay, LateCase):
    pass
