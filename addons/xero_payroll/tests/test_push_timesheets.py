"""Timesheets go to Xero: what is sent, when, and what becomes of it."""

from datetime import timedelta
from decimal import Decimal

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .time_case import WEEK, TimeCase

CREATE = "POST /payroll.xro/1.0/Timesheets"


@tagged("post_install", "-at_install")
class TestPushTimesheets(TimeCase):
    def test_hours_arrive_by_day(self):
        timesheet = self.approved()
        self.push(timesheet, self.officer)
        row = self.in_payroll(timesheet)
        self.assertEqual([line["units"] for line in row["lines"]], [Decimal(str(n)) for n in (*WEEK, 0, 0)])
        self.assertEqual({line["rate"] for line in row["lines"]}, {self.ordinary.xero_id})
        self.assertEqual((row["start"], row["end"]), (str(timesheet.date_from), str(timesheet.date_to)))
        self.assertEqual(row["employee"], self.hourly.xero_link_id.xero_id)
        self.assertEqual((timesheet.state, timesheet.xero_state), ("pushed", "synced"))
        self.assertEqual(self.payroll_calls(), [CREATE])

    def test_arrives_as_draft_unless_the_company_wants_it_approved(self):
        timesheet = self.approved()
        self.push(timesheet, self.officer)
        self.assertEqual(self.in_payroll(timesheet)["status"], "DRAFT")
        self.connection.push_status_timesheet = "approved"
        self.push(timesheet, self.officer)
        self.assertEqual(self.in_payroll(timesheet)["status"], "APPROVED")

    def test_hours_of_one_day_are_added_up_before_they_are_rounded(self):
        for minutes in (20, 20, 20):
            self.work_hours(self.hourly, self.weekly.start_date, minutes / 60)
        timesheet = self.approve(self.collect())
        self.push(timesheet, self.officer)
        self.assertEqual(self.in_payroll(timesheet)["lines"][0]["units"], Decimal("1.00"))

    def test_nothing_changed_nothing_sent(self):
        timesheet = self.approved()
        self.push(timesheet, self.officer)
        self.forget_calls()
        self.push(timesheet, self.officer)
        self.assertEqual(self.payroll_calls(), [])

    def test_an_approved_timesheet_is_opened_again_and_corrected_in_place(self):
        timesheet = self.approved()
        self.push(timesheet, self.officer)
        xero_id = timesheet.xero_link_id.xero_id
        timesheet.with_user(self.officer).action_reopen()
        self.assertEqual(timesheet.xero_state, "outdated")
        self.env["account.analytic.line"].search([("employee_id", "=", self.hourly.id)])[0].unit_amount = 3.0
        self.approve(self.collect())
        self.forget_calls()
        self.push(timesheet, self.officer)
        self.assertEqual(timesheet.xero_link_id.xero_id, xero_id)
        self.assertEqual(
            sum(line["units"] for line in self.in_payroll(timesheet)["lines"]), Decimal(str(timesheet.total))
        )
        self.assertEqual(self.payroll_calls(), [f"{CREATE}/{xero_id}"])
        self.assertEqual(len(self.rows_of(self.hourly)), 1)

    def changed(self, timesheet):
        """Opened again, an hour changed, approved."""
        timesheet.with_user(self.officer).action_reopen()
        self.env["account.analytic.line"].search([("employee_id", "=", self.hourly.id)])[0].unit_amount = 3.0
        return self.approve(self.collect())

    def test_what_was_approved_in_xero_waits_for_approval_again(self):
        timesheet = self.approved()
        self.push(timesheet, self.officer)
        self.xero.act("approve", timesheet=timesheet.xero_link_id.xero_id)
        self.push(self.changed(timesheet), self.officer)
        row = self.in_payroll(timesheet)
        self.assertEqual(row["status"], "DRAFT")
        self.assertAlmostEqual(float(sum(line["units"] for line in row["lines"])), timesheet.total)

    def test_what_is_paid_stays_as_it_was_paid(self):
        timesheet = self.approved()
        self.push(timesheet, self.officer)
        self.post_pay_run()
        self.changed(timesheet)
        self.push(timesheet, self.officer)
        self.assertEqual(self.problem(timesheet), "time_processed_in_xero")
        self.bring_in("timesheet")
        self.forget_calls()
        self.push(timesheet, self.officer)
        self.assertEqual(self.problem(timesheet), "timesheet_paid")
        self.assertEqual(self.payroll_calls(), [])

    def test_deleted_in_xero(self):
        timesheet = self.approved()
        self.push(timesheet, self.officer)
        self.xero.act("delete", timesheet=timesheet.xero_link_id.xero_id)
        self.changed(timesheet)
        self.push(timesheet, self.officer)
        self.assertEqual(self.problem(timesheet), "timesheet_gone")
        self.push(timesheet, self.officer)
        self.assertEqual((timesheet.xero_state, len(self.rows_of(self.hourly))), ("synced", 1))

    def test_rejected_in_xero(self):
        timesheet = self.approved()
        self.push(timesheet, self.officer)
        self.xero.act("reject", timesheet=timesheet.xero_link_id.xero_id)
        self.bring_in("timesheet")
        self.assertEqual(self.problem(timesheet), "timesheet_rejected")

    def test_left_out_of_the_pay_run(self):
        # A draft that nobody approved in Xero: its hours are not paid, and somebody has to know.
        self.connection.push_status_timesheet = "draft"
        timesheet = self.approved()
        self.push(timesheet, self.officer)
        self.assertEqual((timesheet.xero_state, timesheet.xero_status), ("synced", "DRAFT"))
        self.bring_in("timesheet", "pay_run")
        self.assertFalse(self.problem(timesheet))
        self.xero.advance(600)
        self.xero.act("post_pay_run", calendar="Weekly Calendar")
        self.bring_in("timesheet", "pay_run")
        self.work(self.connection)
        self.assertEqual(self.problem(timesheet), "timesheet_not_paid")
        self.assertFalse(self.env["xero.run"].search([("dataset", "=", "timesheet"), ("state", "!=", "done")]))
        # Paid after all, in whatever way: it closes itself.
        self.xero.advance(600)
        self.xero.act("approve", timesheet=timesheet.xero_link_id.xero_id)
        self.xero.act("process", timesheet=timesheet.xero_link_id.xero_id)
        self.bring_in("timesheet")
        self.assertFalse(self.problem(timesheet))

    def test_entered_by_people_and_left_out_of_the_pay_run(self):
        # Nobody has to say which payroll calendar it is.
        other = self.calendar("Fortnightly Calendar")
        for calendar in (None, other):
            start, end = self.weekly._period(self.weekly.start_date)
            line = {"date": start, "units": 8, "pay_item_id": self.ordinary.id}
            owner = {"employee_id": self.hourly.id, "company_id": self.company.id}
            owner |= {"calendar_id": calendar.id} if calendar else {}
            timesheet = self.env["xero.timesheet"].create(
                {**owner, "date_from": start, "date_to": end, "line_ids": [(0, 0, line)]}
            )
            self.collect()
            self.push(self.approve(timesheet), self.officer)
            self.assertEqual((timesheet.xero_status, timesheet.calendar_id), ("DRAFT", self.weekly))
            self.xero.act("post_pay_run", calendar="Weekly Calendar")
            self.xero.advance(600)
            self.bring_in("pay_run", "timesheet", "payroll_calendar")
            self.work(self.connection)
            self.assertEqual(self.problem(timesheet), "timesheet_not_paid")

    def test_what_is_in_xero_stays_whose_it_is(self):
        timesheet = self.approved()
        self.push(timesheet, self.officer)
        timesheet.with_user(self.officer).action_reopen()
        other = self.employee_of(self.person(6))
        for vals in ({"employee_id": other.id}, {"date_to": timesheet.date_to + timedelta(days=7)}):
            with self.assertRaisesRegex(UserError, "is in Xero"):
                timesheet.with_user(self.officer).write(vals)

    def test_deleted_in_xero_before_the_pay_run(self):
        # A posted run settles what it has paid, so that what it had not is found; its hours are late then.
        timesheet = self.approved()
        self.push(timesheet, self.officer)
        self.xero.act("delete", timesheet=timesheet.xero_link_id.xero_id)
        self.xero.act("post_pay_run", calendar="Weekly Calendar")
        self.xero.advance(600)
        self.bring_in("payroll_calendar", "timesheet", "pay_run")
        self.work(self.connection)
        self.assertEqual((self.problem(timesheet), timesheet.xero_state), ("timesheet_gone", "failed"))
        following = self.collect().filtered(lambda sheet: sheet.date_from > timesheet.date_to)
        self.assertEqual(following.total, timesheet.total)

    def test_paid_in_the_pay_run(self):
        self.connection.push_status_timesheet = "approved"
        timesheet = self.approved()
        self.push(timesheet, self.officer)
        self.xero.act("post_pay_run", calendar="Weekly Calendar")
        # The pay run is read first, when the timesheet still looks open here.
        self.bring_in("pay_run")
        self.work(self.connection)
        self.assertEqual(timesheet.xero_status, "PROCESSED")
        self.assertFalse(self.problem(timesheet))

    def test_salaries_cover_ordinary_hours(self):
        salaried = self.employee_of(self.person(2))
        self.assertEqual((salaried.xero_paid_from, self.hourly.xero_paid_from), ("template", "timesheet"))
        timesheet = self.approved(salaried)
        self.push(timesheet, self.officer)
        self.assertEqual(timesheet.xero_state, "excluded")
        self.assertEqual(self.payroll_calls(), [])

    def test_overtime_of_somebody_with_a_salary_goes(self):
        self.xero.act("assign", employee=self.person(2)["id"], rate="Overtime Hours")
        self.bring_in("employee")
        salaried = self.employee_of(self.person(2))
        task = self.env["project.task"].create({"name": "Night shift", "project_id": self.project.id})
        self.map_hours(task, "Overtime Hours")
        self.work_week(salaried)
        self.work_hours(salaried, salaried.xero_calendar_id.start_date, 2.5, task_id=task.id)
        timesheet = self.approve(self.collect())
        self.push(timesheet, self.officer)
        row = self.in_payroll(timesheet)
        self.assertEqual(len(row["lines"]), 14)
        self.assertEqual({line["rate"] for line in row["lines"]}, {self.rate("Overtime Hours").xero_id})
        self.assertEqual(sum(line["units"] for line in row["lines"]), Decimal("2.5"))

    def map_hours(self, kind, rate, date_from="2000-01-01"):
        self.env["xero.rate.map"].create(
            {
                "connection_id": self.connection.id,
                "kind_ref": kind and f"{kind._name},{kind.id}",
                "pay_item_id": self.rate(rate).id,
                "date_from": date_from,
            }
        )

    def test_the_rate_that_holds_on_the_day(self):
        start = self.weekly.start_date
        self.map_hours(self.project, "Overtime Hours", start)
        self.map_hours(self.project, "Double Time", start + timedelta(days=2))
        self.map_hours(None, "Travel  Time ", start - timedelta(days=30))
        self.work_hours(self.hourly, start + timedelta(days=1), 1)
        self.work_hours(self.hourly, start + timedelta(days=2), 1)
        other = self.project.copy({"name": "Depot"})
        self.work_hours(self.hourly, start + timedelta(days=3), 1, project_id=other.id)
        lines = self.collect().line_ids.sorted("date")
        self.assertEqual(lines.pay_item_id.mapped("name"), ["Overtime Hours", "Double Time", "Travel  Time "])

    # === APPROVALS === #

    def test_not_before_both_approvals(self):
        self.work_week(self.hourly)
        timesheet = self.collect()
        self.push(timesheet, self.officer)
        self.assertEqual((timesheet.xero_state, self.problem(timesheet)), ("held", "timesheet_waits_manager"))
        timesheet.action_manager_approve()
        self.push(timesheet, self.officer)
        self.assertEqual(self.problem(timesheet), "timesheet_waits_payroll")
        self.assertEqual(self.payroll_calls(), [])
        timesheet.with_user(self.officer).action_payroll_approve()
        self.push(timesheet, self.officer)
        self.assertEqual((timesheet.xero_state, self.problem(timesheet)), ("synced", False))

    def test_who_approves(self):
        manager, worker, other = (self.new_user(login) for login in ("manager", "worker", "other"))
        boss = self.env["hr.employee"].create({"name": "Boss", "user_id": manager.id, "company_id": self.company.id})
        self.hourly.write({"user_id": worker.id, "parent_id": boss.id})
        self.work_week(self.hourly)
        timesheet = self.collect()
        for user in (worker, other):
            with self.assertRaises(AccessError):
                timesheet.with_user(user).action_manager_approve()
        with self.assertRaises(UserError):
            timesheet.with_user(self.officer).action_payroll_approve()
        for user in (worker, manager):
            with Form(timesheet.with_user(user)) as form:
                self.assertEqual(form.total, timesheet.total)
        self.assertFalse(self.env["xero.timesheet"].with_user(other).search([]))
        timesheet.with_user(manager).action_manager_approve()
        with self.assertRaises(AccessError):
            timesheet.with_user(manager).action_payroll_approve()
        with self.assertRaises(AccessError):
            timesheet.with_user(manager).write({"state": "payroll_approved"})
        timesheet.with_user(self.officer).action_payroll_approve()
        self.assertEqual(timesheet.state, "payroll_approved")
        with self.assertRaises(AccessError):
            timesheet.with_user(manager).action_reopen()

    def test_nobody_approves_his_own_time(self):
        self.hourly.user_id = self.officer
        self.work_week(self.hourly)
        timesheet = self.collect()
        with self.assertRaisesRegex(AccessError, "his own time"):
            timesheet.with_user(self.officer).action_manager_approve()
        timesheet.action_manager_approve()
        with self.assertRaisesRegex(AccessError, "his own time"):
            timesheet.with_user(self.officer).action_payroll_approve()

    def test_no_rank_lets_anybody_approve_his_own_time(self):
        # XQ-14: two persons look at everybody's time, at an administrator's, too
        admin = self.new_user("payroll_admin", "xero_payroll.group_xero_payroll_admin")
        self.hourly.user_id = admin
        self.work_week(self.hourly)
        timesheet = self.collect()
        with self.assertRaisesRegex(AccessError, "his own time"):
            timesheet.with_user(admin).action_manager_approve()
        timesheet.action_manager_approve()
        with self.assertRaisesRegex(AccessError, "his own time"):
            timesheet.with_user(admin).action_payroll_approve()
        # Everybody else's time he approves in the stead of any manager.
        self.hourly.user_id = False
        timesheet.with_user(admin).action_payroll_approve()
        self.assertEqual(timesheet.state, "payroll_approved")

    def test_payroll_changes_pay_items_until_the_timesheet_is_in_xero(self):
        self.work_week(self.hourly)
        timesheet = self.collect()
        timesheet.action_manager_approve()
        line = timesheet.line_ids[0].with_user(self.officer)
        with self.assertRaises(AccessError):
            line.units = 1.0
        line.pay_item_id = self.rate("Overtime Hours")
        timesheet.with_user(self.officer).action_payroll_approve()
        self.push(timesheet, self.officer)
        self.assertEqual(len({row["rate"] for row in self.in_payroll(timesheet)["lines"]}), 2)
        with self.assertRaises(AccessError):
            line.pay_item_id = self.ordinary

    def test_what_is_on_its_way_is_not_opened_again(self):
        timesheet = self.lost(self.approved())
        with self.assertRaisesRegex(UserError, "on its way to Xero"):
            timesheet.with_user(self.officer).action_reopen()
        self.settle()
        self.assertEqual((timesheet.state, timesheet.xero_state), ("pushed", "synced"))
        timesheet.with_user(self.officer).action_reopen()

    def test_opened_again_in_the_moment_it_left(self):
        timesheet = self.lost(self.approved())
        timesheet.sudo().state = "draft"
        self.settle()
        self.assertEqual((timesheet.state, timesheet.xero_state), ("draft", "synced"))

    def lost(self, timesheet):
        """Pushed, and the answer did not arrive."""
        self.xero.sandbox.faults.add("drop_after", method="POST", path="/Timesheets", times=1)
        self.push(timesheet, self.officer)
        self.assertEqual(timesheet.xero_state, "in_doubt")
        return timesheet

    def settle(self, minutes=10):
        """Look up what became of it, or ask again."""
        self.age(minutes=minutes)
        self.work(self.connection)

    def test_what_went_is_what_was_sent(self):
        # Pay items that change before the outcome is known do not change what Xero holds.
        timesheet = self.lost(self.approved(hours=[8, 7]))
        self.ordinary.sudo().for_timesheets = False
        self.settle()
        self.assertEqual([row["sent"] for row in timesheet.sudo().sent_lines], [True, True])
        # That no hours were sent is known, too: the same request is repeated.
        timesheet.with_user(self.officer).action_reopen()
        self.lost(self.approve(timesheet))
        self.ordinary.sudo().for_timesheets = True
        self.settle(minutes=2)
        self.assertFalse(any(line["units"] for line in self.in_payroll(timesheet)["lines"]))
        self.assertEqual([row["sent"] for row in timesheet.sudo().sent_lines], [False, False])

    def test_approved_again_as_it_was(self):
        # Opened by mistake: nothing has to be sent, and nobody waits for it.
        timesheet = self.approved()
        self.push(timesheet, self.officer)
        timesheet.with_user(self.officer).action_reopen()
        self.approve(timesheet)
        self.forget_calls()
        self.push(timesheet, self.officer)
        self.assertEqual((timesheet.state, timesheet.xero_state), ("pushed", "synced"))
        self.assertEqual(self.payroll_calls(), [])

    # === GROUPS === #

    def run_action(self, employees):
        """The entry *Push Time to Xero* in the menu of a list of employees."""
        action = self.env.ref("xero_payroll.hr_employee_action_push_time")
        with self.as_request(employees, self.officer) as current:
            context = {"active_model": "hr.employee", "active_ids": current.ids, "active_id": current[:1].id}
            return action.with_env(current.env).with_context(**context).run()

    def test_one_person_and_a_group_by_the_action_of_the_list(self):
        # PRL-02, PRL-03
        other = self.employee_of(self.person(6))
        timesheets = self.approved(self.hourly, other)
        self.run_action(self.hourly)
        self.assertEqual((len(self.rows_of(self.hourly)), len(self.rows_of(other))), (1, 0))
        self.run_action(self.hourly | other)
        self.assertEqual((len(self.rows_of(self.hourly)), len(self.rows_of(other))), (1, 1))
        self.assertEqual(set(timesheets.mapped("xero_state")), {"synced"})

    def test_nothing_to_send_is_no_problem_when_it_is_paid(self):
        salaried = self.employee_of(self.person(2))
        timesheet = self.approved(salaried)
        self.push(timesheet, self.officer)
        self.xero.act("post_pay_run", calendar="Fortnightly Calendar")
        self.xero.advance(600)
        self.bring_in("pay_run", "payroll_calendar")
        self.run_action(salaried)
        self.assertEqual((timesheet.xero_state, self.problem(timesheet)), ("excluded", False))

    def test_a_failing_member_is_left_alone(self):
        others = self.employee_of(self.person(3)) | self.employee_of(self.person(6))
        timesheets = self.approved(*others)
        bad, good = timesheets
        self.xero.act("create", timesheet=bad.employee_id.xero_link_id.xero_id, hours=[1])
        self.push(timesheets, self.officer)
        self.assertEqual((good.xero_state, self.problem(bad)), ("synced", "timesheet_exists"))
        self.assertEqual(len(self.rows_of(bad.employee_id)), 1)
        self.assertEqual(len(self.rows_of(good.employee_id)), 1)

    def test_a_timesheet_with_the_same_hours_is_linked(self):
        timesheet = self.approved()
        there = self.xero.act("create", timesheet=self.hourly.xero_link_id.xero_id, hours=WEEK)
        self.push(timesheet, self.officer)
        self.assertEqual((timesheet.xero_link_id.xero_id, timesheet.xero_state), (there["id"], "synced"))
        self.assertEqual(len(self.rows_of(self.hourly)), 1)
