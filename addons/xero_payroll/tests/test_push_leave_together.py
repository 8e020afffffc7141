"""Leaves that are one application with others: however many they are, and what becomes of each (XW-02, XQ-09)."""

from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_push_leave import FRIDAY, MONDAY, LeavePushCase


@tagged("post_install", "-at_install")
class TestPushLeaveTogether(LeavePushCase):
    def test_more_weeks_than_one_sees_at_once(self):
        weeks = [self.leave(7 * week, 7 * week + 4) for week in range(20)]
        leaves = self.env["hr.leave"].concat(*weeks)
        self.push(leaves, self.officer)
        (row,) = self.rows()
        self.assertEqual((row["start"], row["end"]), (self.day(0), self.day(7 * 19 + 4)))
        self.assertEqual(self.units(row), [40] * 20)

    def test_days_are_those_where_people_work(self):
        # XW-02: in Sydney Monday's work begins before Sunday has ended in UTC
        self.hourly.tz = self.hourly.resource_calendar_id.tz = "Australia/Sydney"
        self.push(self.leave(FRIDAY) | self.leave(MONDAY), self.officer)
        self.assertEqual([self.units(row) for row in self.rows()], [[8, 8]])

    def test_what_goes_with_other_leave_is_not_deleted_either(self):
        # XQ-09
        friday, monday = self.leave(FRIDAY), self.leave(MONDAY)
        self.push(friday | monday, self.officer)
        with self.assertRaisesRegex(UserError, "is in Xero"):
            monday.unlink()
        monday.action_refuse()
        self.push(friday, self.officer)
        monday.unlink()
        (row,) = self.rows()
        self.assertEqual((row["end"], self.units(row)), (self.day(FRIDAY), [8]))

    def test_what_joined_and_was_not_sent_yet_may_go(self):
        friday = self.leave(FRIDAY)
        self.push(friday, self.officer)
        monday = self.leave(MONDAY)
        monday.unlink()
        self.assertEqual(friday.xero_state, "outdated")
        self.push(friday, self.officer)
        self.assertEqual([self.units(row) for row in self.rows()], [[8]])

    def test_deleting_one_leaves_the_others_to_be_sent(self):
        friday, monday, other = self.leave(FRIDAY), self.leave(MONDAY), self.leave(MONDAY + 1)
        self.push(other, self.officer)
        self.assertEqual(friday.xero_state, "synced")
        self.hourly.xero_link_id.flush_recordset()
        friday.xero_link_id.state = "outdated"  # it is going to be sent again
        monday.unlink()
        self.push(friday | other, self.officer)
        self.assertEqual([self.units(row) for row in self.rows()], [[8], [8]])
        self.assertEqual(self.rows()[1]["start"], str(self.start + timedelta(days=MONDAY + 1)))

    def test_leave_of_a_branch(self):
        # B12: its types are mapped for the company of the connection
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.env.user.company_ids += branch
        self.officer.company_ids += branch
        self.env = self.env(context={**self.env.context, "allowed_company_ids": (self.company | branch).ids})
        leave = self.leave(MONDAY)
        self.hourly.company_id = branch
        self.assertEqual(leave.company_id, branch)
        with self.as_request(self.env["xero.run"], self.officer) as current:
            current.action_export_control()
        batch = self.env["xero.run"].search([("batch_kind", "=", "leave_application")])
        self.assertEqual(batch.document_ids.mapped("res_id"), leave.ids)
        self.push(leave, self.officer)
        self.assertEqual((leave.xero_state, len(self.rows())), ("synced", 1), leave.xero_message)
