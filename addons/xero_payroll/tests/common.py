"""Ground for tests: a connected company with a few people in Xero's payroll."""

import re

from odoo.addons.xero_connector.tests.common import XeroCase

from ..models.xero_connection_wages import ACCOUNTS

STAFF = 4
ONLY_READ = re.compile(
    "/(PayRunCalendars|PayrollCalendars|PayItems|EarningsRates|LeaveTypes|Deductions|Reimbursements|PayRuns|PaySlips?)"
    "(/[^/]*)?$",
    re.IGNORECASE,
)


class NewZealand:
    """A company and an organisation there."""

    country, chart, currency, country_xmlid = "NZ", "nz", "NZD", "base.nz"
    leave_name = "Annual Leave"
    ordinary_name = "Ordinary Time"


class UnitedKingdom:
    """The same."""

    country, chart, currency, country_xmlid = "UK", "uk", "GBP", "base.uk"
    leave_name = "Holiday"
    ordinary_name = "Regular Hours"


class PayrollCase(XeroCase):
    """Payroll access granted; :attr:`staff` people in Xero, nobody in Odoo."""

    staff = STAFF

    def setUp(self):
        super().setUp()
        self.payroll = self.xero.organisation(1).payroll
        if self.staff:
            self.keep_staff(self.staff)
        self.connection = self.connect()
        self.forget_calls()
        self.addCleanup(self.check_only_read)

    def new_connection(self, company=None, **values):
        # The consent that follows covers payroll, too.
        return super().new_connection(company, **{"payroll_access": True, **values})

    def keep_staff(self, count):
        """Only the first `count` people are in Xero; the sandbox has sixty."""
        self.payroll.employees.replace(list(self.payroll.employees)[:count])

    def wages_settings(self):
        """Values of a connection that books pay runs: a journal that goes to Xero, an account for each thing."""
        general = [("type", "=", "general"), ("company_id", "=", self.company.id)]
        journal = self.env["account.journal"].search(general, limit=1)
        journal.xero_send_entries = True
        values = {"wages_entry": True, "wages_entry_from": "2020-01-01", "wages_journal_id": journal.id}
        for number, name in enumerate(sorted(ACCOUNTS)):
            kind = "liability_current" if "payable" in name else "expense"
            account = {"code": f"8{number:03d}", "name": name, "account_type": kind}
            values[name] = self.env["account.account"].create(account).id
        return values

    # === RUNNING === #

    def bring_in(self, *keys, everything=False):
        """Import data sets as a button does; the notification."""
        with self.as_request(self.connection) as connection:
            return connection._import(list(keys), everything=everything)

    def bring_in_staff(self):
        """Employees, and what they refer to."""
        self.bring_in("pay_item", "payroll_calendar", "employee")
        return self.employees()

    def forget_calls(self):
        self.check_only_read()
        self.xero.sandbox.log.clear()

    def check_only_read(self):
        """Nothing that payroll is set up with, and no pay run, was written (CFG-15, PRL-21)."""
        written = [call for call in self.payroll_calls() if not call.startswith("GET")]
        self.assertFalse([call for call in written if ONLY_READ.search(call)])

    def payroll_calls(self):
        """``METHOD /path`` of the calls of payroll since :meth:`forget_calls`."""
        return [f"{call['method']} {call['path']}" for call in self.xero.calls if "payroll.xro" in call["path"]]

    # === LOOKING === #

    def person(self, number):
        """The row of a person in Xero, counted from 1."""
        return list(self.payroll.employees)[number - 1]

    def employees(self):
        return self.env["hr.employee"].search([("company_id", "=", self.company.id)], order="id")

    def employee_of(self, person):
        """The employee that a person in Xero is linked to."""
        link = self.env["xero.link"].search([("dataset", "=", "employee"), ("xero_id", "=", person["id"])])
        return self.env["hr.employee"].browse(link.res_id)

    def pay_item(self, name, kind="leave"):
        return self.env["xero.pay.item"].search(
            [("connection_id", "=", self.connection.id), ("kind", "=", kind), ("name", "=", name)]
        )

    def problems(self, code=None):
        """Open exceptions of payroll."""
        domain = [("state", "=", "open"), ("connection_id", "=", self.connection.id)]
        return self.env["xero.exception"].search([*domain, ("code", "=", code)] if code else domain)

    def last_run(self, key):
        return self.env["xero.run"].search([("dataset", "=", key)], order="id desc", limit=1)
