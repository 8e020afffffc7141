"""What a posted pay run is in the books, country by country (B26)."""

from decimal import Decimal
from unittest.mock import patch

from odoo.tests import tagged

from ..models.xero_connection_wages import ACCOUNTS
from ..regions.v2 import Version2
from .common import NewZealand, PayrollCase, UnitedKingdom


class WagesCase(PayrollCase):
    """Pay runs are booked; the next one comes in with :meth:`booked`."""

    def setUp(self):
        super().setUp()
        self.bring_in_staff()
        self.connection.write(self.wages_settings())

    def slip(self, **lines):
        """A draft pay run; its first payslip with those lines."""
        self.xero.act("create_pay_run", calendar="Fortnightly Calendar")
        slip = next(iter(self.payroll.payslips))
        return self.payroll.payslips.put({**slip, **lines, "edited": True})

    def line(self, kind, amount):
        """A line of a payslip, a deduction or a reimbursement."""
        return {"item": self.payroll.items(kind)[0]["id"], "amount": Decimal(amount), "description": ""}

    def booked(self):
        """The pay run once it was posted and brought in."""
        self.xero.act("post_pay_run", calendar="Fortnightly Calendar")
        self.bring_in("pay_run")
        return self.env["xero.pay.run"].search([])

    def balances(self, run):
        """``{field of the account: balance}`` of the entry of a pay run; what is owed is negative."""
        lines = {line.account_id: line.balance for line in run.move_id.line_ids}
        return {name: round(lines[self.connection[name]], 2) for name in ACCOUNTS if self.connection[name] in lines}


@tagged("post_install", "-at_install")
class TestWagesSwitches(WagesCase):
    """Pay runs that are here when somebody changes what is booked."""

    def test_an_account_that_is_chosen_books_what_lacked_it(self):
        chosen = self.connection.wages_payable_account_id
        self.connection.write({"wages_entry": False, "wages_payable_account_id": False})
        run = self.booked()
        self.connection.wages_entry = True
        problem = self.problems("wages_account_missing")
        self.connection.wages_payable_account_id = chosen
        self.assertEqual((problem.state, run.move_id.state, self.problems().ids), ("done", "draft", []))

    def test_what_the_books_contradict_can_be_tried_again(self):
        run = self.booked()
        run.move_id.action_post()
        # It was booked by other rules: those of New Zealand, before its tax was taken out of contributions.
        run.booked = {**run.booked, "lines": run.booked["lines"][1:]}
        self.connection.wages_entry_from = "2020-01-02"
        problem = self.problems("wages_entry_differs")
        run.move_id.button_draft()
        with self.as_request(problem) as current:
            current.action_retry()
        self.assertEqual((problem.state, len(run.booked["lines"])), ("done", len(run.move_id.line_ids)))

    def test_what_is_not_to_be_booked_any_more_has_no_draft(self):
        run = self.booked()
        off = {"wages_entry": False, "wages_posted_by": "odoo"}
        on = {"wages_entry": True, "wages_posted_by": "xero"}
        for values, back in (
            (off, on),
            ({"wages_entry_from": "2100-01-01"}, {"wages_entry_from": "2020-01-01"}),
        ):
            move = run.move_id
            self.assertEqual(move.state, "draft")
            self.connection.write(values)
            self.assertEqual((move.state, run.move_id.ids), ("cancel", []))
            self.connection.write(back)
        # What is in the books stays there.
        run.move_id.action_post()
        move = run.move_id
        self.connection.write(off)
        self.assertEqual((run.move_id, move.state, self.problems().ids), (move, "posted", []))
        self.bring_in("pay_run", everything=True)
        self.assertEqual((run.move_id, move.state, self.problems().ids), (move, "posted", []))

    def test_a_pay_run_without_amounts_is_no_entry(self):
        draft = self.xero.act("create_pay_run", calendar="Fortnightly Calendar")
        for slip in self.payroll.payslips.group("run", draft["id"]):
            self.payroll.payslips.remove(slip["id"])
        run = self.booked()
        self.assertEqual((run.status, run.wages, run.move_id.ids), ("POSTED", 0, []))


@tagged("post_install", "-at_install")
class TestWagesInNewZealand(NewZealand, WagesCase):
    def test_the_tax_on_contributions_is_no_cost_beside_them(self):
        # Example of getPaySlip: 0.70 of the 4.86 go to the tax office, not to the fund.
        self.slip()
        run = self.booked()
        self.assertGreater(run.employer_tax, 0)
        self.assertEqual(
            self.balances(run),
            {
                "wages_account_id": round(run.wages, 2),
                "wages_super_account_id": round(run.super_amount, 2),
                "wages_payable_account_id": -round(run.net_pay, 2),
                "wages_tax_payable_account_id": -round(run.tax + run.employer_tax, 2),
                "wages_super_payable_account_id": -round(run.super_amount - run.employer_tax, 2),
            },
        )

    def test_deductions_are_no_pay(self):
        self.slip(deductions=[self.line("deduction", "9.62")], reimbursements=[self.line("reimbursement", "72")])
        run = self.booked()
        self.assertAlmostEqual(run.net_pay, run.wages - run.tax - 9.62, places=2)
        self.assertAlmostEqual(self.balances(run)["wages_payable_account_id"], -run.net_pay - 72, places=2)


@tagged("post_install", "-at_install")
class TestWagesInTheUnitedKingdom(UnitedKingdom, WagesCase):
    def test_the_tax_of_the_employer_is_a_cost(self):
        run = self.booked()
        balances = self.balances(run)
        self.assertAlmostEqual(balances["wages_employer_tax_account_id"], run.employer_tax, places=2)
        self.assertAlmostEqual(balances["wages_tax_payable_account_id"], -run.tax - run.employer_tax, places=2)

    def test_pay_of_a_payslip_is_told_before_deductions(self):
        # Example of getPayRun: 480.77 less 94.23 are the 386.54 of the payslip, less 9.62 the 376.92 of the pay run.
        slip = self.slip(deductions=[self.line("deduction", "9.62")])
        run = self.booked()
        self.assertFalse(self.problems())
        self.assertAlmostEqual(run.net_pay, run.wages - run.tax - 9.62, places=2)
        self.assertAlmostEqual(self.balances(run)["wages_deduction_payable_account_id"], -9.62, places=2)
        self.assertAlmostEqual(self.balances(run)["wages_payable_account_id"], -run.net_pay, places=2)
        payslip = run.payslip_ids.filtered(lambda row: row.xero_id == slip["id"])
        self.assertAlmostEqual(payslip.net_pay, payslip.wages - payslip.tax - 9.62, places=2)

    def test_what_contradicts_itself_is_not_booked(self):
        def in_doubt(region, item, source):
            return read(region, {**item, "totalPay": item["totalPay"] + 1}, source)

        read = Version2.read_pay_run
        with patch.object(Version2, "read_pay_run", in_doubt):
            run = self.booked()
        self.assertFalse(run.move_id)
        self.assertTrue(self.problems("wages_not_balanced"))
