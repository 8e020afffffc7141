"""Pay runs that people revert, change or delete in Xero: periods open again, and the books are told of it (B26)."""

from decimal import Decimal
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.xero_connector import values

from ..datasets.pay_run import SUMMARY
from .common import NewZealand
from .time_case import WEEK, CountryTime, DeskCase


class ChangedRuns(DeskCase):
    def setUp(self):
        super().setUp()
        self.connection.write(self.wages_settings())
        self.journal = self.connection.wages_journal_id

    def bring_in_runs(self):
        """Import pay runs, and do what follows in the background."""
        self.xero.advance(600)
        self.bring_in("pay_run")
        self.work(self.connection)

    def paid(self):
        """The pay run of the week that is paid next, posted; its row."""
        self.push(self.approved(), self.officer)
        row = self.post_pay_run()
        self.bring_in_runs()
        return row

    def change(self, row, **values):
        """Somebody changes a pay run in Xero."""
        self.xero.advance(600)
        stored = self.payroll.pay_runs.get(row["id"])
        self.payroll.pay_runs.put({**stored, **values, "updated": self.xero.organisation(1).stamp()})

    def revert(self, row):
        """Somebody takes a pay run back to a draft, and with it what it has paid."""
        for sheet in list(self.payroll.timesheets):
            stamp = self.xero.organisation(1).stamp()
            self.payroll.timesheets.put({**sheet, "status": "APPROVED", "updated": stamp})
        self.change(row, status="DRAFT")

    def repay(self, row, more="55.10"):
        """Somebody adds a reimbursement to the first payslip of a pay run."""
        slip = next(slip for slip in self.payroll.payslips if slip["run"] == row["id"])
        repaid = {"item": self.payroll.items("reimbursement")[0]["id"], "amount": Decimal(more), "description": ""}
        self.payroll.payslips.put({**slip, "reimbursements": [repaid], "edited": True})
        self.change(row)

    def delete(self, row):
        """Somebody reverts a pay run and deletes it; its period is the next one again."""
        self.revert(row)
        self.payroll.pay_runs.remove(row["id"])
        calendar = self.payroll.calendars.get(row["calendar"])
        self.payroll.calendars.put({**calendar, "next": row["start"]})

    def entries(self):
        """Entries that are not cancelled."""
        return self.env["account.move"].search([("journal_id", "=", self.journal.id), ("state", "!=", "cancel")])

    def retry(self, problem):
        with self.as_request(problem) as current:
            current.action_retry()
        self.work(self.connection)

    def runs(self):
        return self.env["xero.pay.run"].search([], order="id")


@tagged("post_install", "-at_install")
class TestPayRunsChanged(ChangedRuns):
    def test_a_draft_entry_follows(self):
        row = self.paid()
        run, move = self.runs(), self.entries()
        self.repay(row)
        self.bring_in_runs()
        self.assertEqual((self.entries(), run.move_id, move.state), (move, move, "draft"))
        payable = move.line_ids.filtered(lambda line: line.account_id == self.connection.wages_payable_account_id)
        self.assertAlmostEqual(payable.balance, -run.net_pay - 55.1, places=2)
        # Reverted, it is nothing that may be posted; posted again, it is booked once.
        self.revert(row)
        self.bring_in_runs()
        self.assertEqual((move.state, run.status, self.entries().ids), ("cancel", "DRAFT", []))
        self.xero.act("post_pay_run", pay_run=row["id"])
        self.bring_in_runs()
        self.assertEqual((self.entries(), self.entries().state), (run.move_id, "draft"))
        self.assertFalse(self.problems().mapped("code"))

    def test_an_entry_that_is_posted_is_for_people(self):
        row = self.paid()
        run, move = self.runs(), self.entries()
        move.action_post()
        self.repay(row)
        self.bring_in_runs()
        problem = self.problems("wages_entry_differs")
        self.assertIn(move.name, problem.cause)
        self.retry(problem)
        self.assertEqual((problem.state, self.entries(), move.state), ("open", move, "posted"))
        move.button_draft()
        self.retry(problem)
        self.assertEqual((problem.state, self.entries(), move.state), ("done", move, "draft"))
        payable = move.line_ids.filtered(lambda line: line.account_id == self.connection.wages_payable_account_id)
        self.assertAlmostEqual(payable.balance, -run.net_pay - 55.1, places=2)

    def test_reverted_and_posted_as_it_was(self):
        row = self.paid()
        move = self.entries()
        move.action_post()
        self.revert(row)
        self.bring_in_runs()
        problem = self.problems("wages_entry_without_run")
        self.change(row, status="POSTED")
        self.bring_in_runs()
        self.assertEqual((problem.state, self.entries(), move.state), ("done", move, "posted"))

    def test_an_entry_that_people_reversed_stays_so(self):
        row = self.paid()
        both = self.reversed(self.entries())
        self.connection.wages_entry_from = "2020-01-02"
        self.change(row)
        self.bring_in_runs()
        self.assertEqual((self.entries(), self.problems().ids), (both, []))
        # Taken back and posted again, as it was, the books lack it.
        self.revert(row)
        self.bring_in_runs()
        self.post_again(row)
        self.assertEqual(self.runs().past_move_ids, both.filtered("reversal_move_ids"))

    def test_reversed_after_the_run_was_taken_back(self):
        row = self.paid()
        self.entries().action_post()
        self.revert(row)
        self.bring_in_runs()
        self.reversed(self.entries())
        # Nobody retries the problem: that the run is posted again cures it.
        self.post_again(row)
        self.assertFalse(self.problems())

    def reversed(self, move):
        """Somebody reverses an entry; both."""
        if move.state == "draft":
            move.action_post()
        return move | move._reverse_moves([{"date": move.date}], cancel=True)

    def post_again(self, row):
        """A pay run is posted as it was; that makes one entry beside those that there are."""
        before = self.entries()
        self.xero.act("post_pay_run", pay_run=row["id"])
        for _time in range(2):
            self.bring_in_runs()
            self.connection.wages_entry_from = "2020-01-03"
        new = self.entries() - before
        self.assertEqual((len(new), new.state, new), (1, "draft", self.runs().move_id))

    def test_deleted_and_made_anew(self):
        row = self.paid()
        old = self.entries()
        self.delete(row)
        again = self.post_pay_run()
        self.bring_in_runs()
        gone, run = self.runs()
        self.assertEqual((gone.status, run.status, run.xero_id), ("DELETED", "POSTED", again["id"]))
        self.assertEqual((old.state, self.entries()), ("cancel", run.move_id))
        self.assertFalse(self.problems())

    def test_deleted_after_its_entry_was_posted(self):
        row = self.paid()
        self.assertEqual(self.weekly._open_from(), self.day(7))
        move = self.entries()
        move.action_post()
        self.delete(row)
        self.bring_in_runs()
        self.assertEqual((self.runs().status, self.weekly._open_from()), ("DELETED", self.day(0)))
        problem = self.problems("wages_entry_without_run")
        self.assertIn(move.name, problem.cause)
        reversal = move._reverse_moves([{"date": move.date}], cancel=True)
        self.retry(problem)
        self.assertEqual((problem.state, move.state), ("done", "posted"))
        # Neither goes to Xero, which has never had this entry.
        for entry in move | reversal:
            with self.as_request(entry) as current:
                current.action_xero_push()
            self.assertEqual(entry.xero_link_id.reason, "journal_of_pay_run")
        # Nobody asks for it again.
        self.forget_calls()
        self.bring_in_runs()
        self.assertEqual(self.payroll_calls(), ["GET /payroll.xro/1.0/PayRuns"])
        # Hours of the period can be paid now.
        self.work_week(self.second)
        sheet = self.approve(self.collect().filtered(lambda sheet: sheet.employee_id == self.second))
        self.push(sheet, self.officer)
        self.assertEqual(sheet.xero_state, "synced")

    def test_a_draft_that_is_deleted_is_no_problem(self):
        row = self.xero.act("create_pay_run", calendar="Weekly Calendar")
        self.bring_in_runs()
        self.xero.act("delete", pay_run=row["id"])
        self.bring_in_runs()
        self.assertEqual(self.runs().status, "DELETED")
        self.assertFalse(self.problems())

    def test_hours_of_a_run_that_was_reverted_may_change(self):
        row = self.paid()
        sheet = self.env["xero.timesheet"].search([])
        self.bring_in("timesheet")
        self.assertEqual(sheet.xero_status, "PROCESSED")
        self.revert(row)
        self.bring_in_runs()
        self.assertEqual(sheet.xero_status, "APPROVED")
        sheet.with_user(self.officer).action_reopen()
        self.assertEqual(sheet.state, "draft")

    def test_hours_that_went_late_stay_where_they_went(self):
        hours = self.work_week(self.hourly)
        row = self.paid()
        first = self.env["xero.timesheet"].search([])
        self.bring_in("payroll_calendar", "timesheet")
        self.work_hours(self.hourly, self.day(5), 2)
        hours[0].unit_amount -= 1
        later = self.collect() - first
        self.assertEqual(sorted(later.line_ids.mapped("units")), [-1, 2])
        self.push(self.approve(later), self.officer)
        self.delete(row)
        self.bring_in_runs()
        self.bring_in("payroll_calendar")
        first.with_user(self.officer).action_reopen()
        self.collect()
        self.assertEqual((first.state, first.total, later.total), ("draft", sum(WEEK) * 2, 1))
        self.assertFalse(self.approve(first).source_changed)
        # As long as nobody has approved the later one, it is the later one that changes.
        (first | later).with_user(self.officer).action_reopen()
        self.collect()
        self.assertEqual((first.total, later.total), (sum(WEEK) * 2 + 1, 0))


@tagged("post_install", "-at_install")
class TestUnscheduledRuns(NewZealand, CountryTime, ChangedRuns):
    def pay_bonus(self):
        """Somebody posts an unscheduled pay run of the week that is paid next; its id."""
        start, end, key = str(self.day(0)), str(self.day(6)), "0b0d5e4e-7a3c-4a36-a0b9-6d1f1a4a1c11"
        stored = {"id": key, "calendar": self.weekly.xero_id, "start": start, "end": end, "payment": end}
        stored |= {"status": "POSTED", "kind": "Unscheduled", "message": "", "posted": end}
        self.payroll.pay_runs.put({**stored, "updated": self.xero.organisation(1).stamp()})
        return key

    def test_one_that_came_in_when_nobody_asked_for_its_kind_is_read_again(self):
        key = self.pay_bonus()
        self.xero.act("create_pay_run", calendar="Fortnightly Calendar")

        def as_before(dataset, item):
            return values.fingerprint({name: item.get(name) for name in SUMMARY})

        with patch.object(self.env.registry["xero.dataset.pay_run"], "_fingerprint", as_before):
            self.bring_in_runs()
        self.runs().is_scheduled = True
        self.assertEqual(len(self.runs()), 2)
        self.forget_calls()
        self.bring_in_runs()
        read = [call for call in self.payroll_calls() if "/PayRuns/" in call]
        self.assertEqual(read, [f"GET /payroll.xro/2.0/PayRuns/{key}"])
        self.assertEqual(self.runs().filtered("is_scheduled").status, "DRAFT")

    def test_a_bonus_pays_for_no_period(self):
        self.pay_bonus()
        self.bring_in_runs()
        self.assertEqual((self.runs().status, self.runs().is_scheduled), ("POSTED", False))
        self.assertEqual(self.weekly._open_from(), self.start)
        sheet = self.approved()
        self.push(sheet, self.officer)
        self.assertEqual((sheet.xero_state, self.problems().ids), ("synced", []))
        self.assertNotIn("is posted", self.desk().next_step or "")
        self.post_pay_run()
        self.bring_in_runs()
        self.assertEqual(self.weekly._open_from(), self.day(7))
