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
