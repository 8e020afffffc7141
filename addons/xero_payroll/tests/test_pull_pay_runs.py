"""Pay runs and payslip totals, for payroll only; the posted one as an entry where that is wanted (PRL-11, B26)."""

import json
from decimal import Decimal

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..models.xero_connection_wages import ACCOUNTS
from .common import PayrollCase


@tagged("post_install", "-at_install")
class TestPullPayRuns(PayrollCase):
    def setUp(self):
        super().setUp()
        self.bring_in_staff()

    def pay(self, post=True):
        """The next weekly pay run."""
        action = "post_pay_run" if post else "create_pay_run"
        return self.xero.act(action, calendar="Fortnightly Calendar")

    def runs(self):
        return self.env["xero.pay.run"].search([])

    def test_a_pay_run_with_its_payslips(self):
        # PRL-11
        row = self.pay(post=False)
        self.forget_calls()
        self.bring_in("pay_run")
        path = "GET /payroll.xro/1.0/PayRuns"
        self.assertEqual(self.payroll_calls(), [path, f"{path}/{row['id']}"])
        run = self.runs()
        self.assertEqual(run.status, "DRAFT")
        self.assertEqual((str(run.period_start), str(run.payment_date)), (row["start"], row["payment"]))
        self.assertEqual(run.calendar_id.name, "Fortnightly Calendar")
        self.assertTrue(run.payslip_ids)
        self.assertEqual(run.payslip_ids.employee_id, run.payslip_ids.employee_id & self.employees())
        for total in ("wages", "tax", "super_amount", "net_pay"):
            self.assertGreater(run[total], 0)
            self.assertAlmostEqual(run[total], sum(run.payslip_ids.mapped(total)), places=2)
        self.assertAlmostEqual(run.net_pay, run.wages - run.tax - run.deductions, places=2)
        self.forget_calls()
        self.bring_in("pay_run")
        self.assertEqual(self.payroll_calls(), [path])
        self.xero.advance(600)
        self.pay()
        self.bring_in("pay_run")
        self.assertEqual(self.runs(), run)
        self.assertEqual(run.status, "POSTED")
        # What it did to leave balances is read, too (K20).
        self.assertEqual(self.last_run("leave_balance").state, "queued")

    def test_figures_are_nowhere_else(self):
        # SEC-07: neither in history, links, runs nor problems
        self.pay()
        self.bring_in("pay_run")
        run = self.runs()
        figures = {f"{value:.2f}".rstrip("0").rstrip(".") for value in (run.wages, run.tax, run.net_pay)}
        for model in ("xero.event", "xero.link", "xero.exception", "xero.run"):
            for row in self.env[model].search([]).read():
                text = json.dumps(row, default=str)
                for figure in figures:
                    self.assertNotIn(figure, text, model)

    def test_a_posted_pay_run_is_one_entry(self):
        # B26
        self.pay(post=False)
        self.connection.write(self.wages_settings())
        self.bring_in("pay_run")
        run = self.runs()
        self.assertFalse(run.move_id)
        self.xero.advance(600)
        slip = next(iter(self.payroll.payslips))
        costs = self.payroll.items("reimbursement")[0]
        repaid = {"item": costs["id"], "amount": Decimal("55.10"), "description": ""}
        self.payroll.payslips.put({**slip, "reimbursements": [repaid], "edited": True})
        self.pay()
        self.bring_in("pay_run")
        move = run.move_id
        self.assertEqual((move.state, move.date, len(move.line_ids)), ("draft", run.payment_date, 6))
        self.assertAlmostEqual(run.reimbursements, 55.1, places=2)
        by_account = {line.account_id: line.balance for line in move.line_ids}
        self.assertAlmostEqual(by_account[self.connection.wages_account_id], run.wages, places=2)
        self.assertAlmostEqual(by_account[self.connection.wages_payable_account_id], -run.net_pay - 55.1, places=2)
        self.assertAlmostEqual(by_account[self.connection.wages_super_payable_account_id], -run.super_amount, places=2)
        # Nobody's name, once only, and never back.
        names = " ".join(filter(None, move.line_ids.mapped("name"))) + (move.ref or "")
        for employee in self.employees():
            self.assertNotIn(employee.name, names)
        self.bring_in("pay_run", everything=True)
        self.assertEqual(run.move_id, move)
        move.action_post()
        self.forget_calls()
        with self.as_request(move) as current:
            current.action_xero_push()
        self.assertEqual((move.xero_state, move.xero_link_id.reason), ("excluded", "journal_of_pay_run"))
        self.assertFalse([call for call in self.xero.calls if call["method"] != "GET"])

    def test_no_entry_without_its_accounts(self):
        settings = self.wages_settings()
        accounts = {name: settings.pop(name) for name in ACCOUNTS}
        with self.assertRaises(ValidationError):
            self.connection.wages_entry = True
        self.connection.write(settings)
        self.pay()
        self.bring_in("pay_run")
        problem = self.problems("wages_account_missing")
        self.assertIn("Wages Payable", problem.cause)
        self.connection.write(accounts)
        with self.as_request(problem) as current:
            current.action_retry()
        self.assertEqual(problem.state, "done")
        self.assertTrue(self.runs().move_id)

    def test_what_is_here_already_is_booked_when_that_is_switched_on(self):
        self.pay()
        self.bring_in("pay_run")
        run = self.runs()
        settings = self.wages_settings()
        accounts = {name: settings.pop(name) for name in ACCOUNTS}
        self.connection.write(settings)
        self.assertTrue(self.problems("wages_account_missing"))
        self.connection.wages_entry = False
        self.connection.write({**accounts, "wages_entry": True})
        self.assertEqual(run.move_id.date, run.payment_date)
        self.bring_in("pay_run", everything=True)
        self.assertEqual(self.env["account.move"].search_count([("journal_id", "=", settings["wages_journal_id"])]), 1)

    def test_odoo_posts_the_wages(self):
        self.connection.wages_posted_by = "odoo"
        with self.assertRaises(ValidationError):
            self.connection.write({"wages_entry": True})
