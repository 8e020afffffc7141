"""Pay runs and their payslips: totals, read only."""

from odoo import Command, api, models

from odoo.addons.xero_connector import values
from odoo.addons.xero_connector.datasets.pulled import Result

SUMMARY = ("PayRunID", "PayRunStatus", "PaymentDate", "TotalCost", "TotalPay", "UpdatedDateUTC")
# field here: name in a pay run, in a payslip
TOTALS = {
    "wages": ("Wages", "Wages"),
    "tax": ("Tax", "Tax"),
    "super_amount": ("Super", "Super"),
    "deductions": ("Deductions", "Deductions"),
    "reimbursements": ("Reimbursement", "Reimbursements"),
    "employer_tax": ("EmployerTax", "EmployerTax"),
    "benefits": ("Benefits", "Benefits"),
    "net_pay": ("NetPay", "NetPay"),
}


class XeroDatasetPayRun(models.AbstractModel):
    """Operations getPayRuns, getPayRun: the list has no payslips, a pay run that changed is read for them."""

    _name = "xero.dataset.pay_run"
    _inherit = "xero.dataset.payroll"
    _description = "Xero Pay Runs"

    _key = "pay_run"
    _xero_id = "PayRunID"
    _odoo_model = "xero.pay.run"
    _scope = "payroll.payruns"
    _pull_sequence = 240
    _block = 20
    _switches = ("sync_pay_runs",)

    @api.model
    def _title(self, item):
        # EXTENDS xero.dataset
        return str(values.parse_date(item.get("PaymentDate")) or item["PayRunID"])

    @api.model
    def _fingerprint(self, item):
        # EXTENDS xero.dataset: what the list says of changes
        return values.fingerprint({name: item.get(name) for name in SUMMARY})

    @api.model
    def _read_answer(self, item):
        # EXTENDS xero.dataset: no figure
        return {**super()._read_answer(item), "xero_status": item.get("PayRunStatus")}

    # === PULL === #

    @api.model
    def _why_not(self, item):
        # EXTENDS xero.dataset
        return None

    @api.model
    def _take_in_new(self, items):
        connection = self._connection
        owner = {"connection_id": connection.id, "tenant_id": connection.tenant_id}
        runs = self.env["xero.pay.run"].create([{**owner, **self._prepare_vals(item)} for item in items])
        results = [Result(item, "created", record_id=run.id) for item, run in zip(items, runs, strict=True)]
        for result, run in zip(results, runs, strict=True):
            result.problem = run._after_import()
            run._settle()
        # Those of the first import come before the balances that they made.
        if connection.last_update and "POSTED" in runs.mapped("status"):
            connection._pull_balances()
        return results

    @api.model
    def _take_in_linked(self, item, link, record):
        was_draft = record.status == "DRAFT"
        record.payslip_ids.unlink()
        record.write(self._prepare_vals(item))
        if was_draft and record.status == "POSTED":
            self._connection._pull_balances()
        record._settle()
        return Result(item, "updated", link=link, problem=record._after_import())

    # === VALUES === #

    @api.model
    def _prepare_vals(self, item):
        calendars = self._rows_by_id("xero.payroll.calendar")
        slips = item.get("Payslips") or []
        employees = self._employees_by_id(slip.get("EmployeeID") for slip in slips)
        return {
            "xero_id": item["PayRunID"],
            "calendar_id": calendars.get(item.get("PayrollCalendarID"), self.env["xero.payroll.calendar"]).id,
            "period_start": values.parse_date(item.get("PayRunPeriodStartDate")) or False,
            "period_end": values.parse_date(item.get("PayRunPeriodEndDate")) or False,
            "payment_date": values.parse_date(item.get("PaymentDate")) or False,
            "status": item.get("PayRunStatus") if item.get("PayRunStatus") in ("DRAFT", "POSTED") else False,
            **{field: float(item.get(names[0]) or 0) for field, names in TOTALS.items()},
            "payslip_ids": [Command.create(self._prepare_payslip(slip, employees)) for slip in slips],
        }

    @api.model
    def _prepare_payslip(self, slip, employees):
        name = " ".join(filter(None, (slip.get("FirstName"), slip.get("LastName"))))
        return {
            "xero_id": slip["PayslipID"],
            "employee_id": employees.get(slip.get("EmployeeID"), self.env["hr.employee"]).id,
            "employee_name": name or False,
            **{field: float(slip.get(names[1]) or 0) for field, names in TOTALS.items()},
        }


class XeroDatasetManualJournal(models.AbstractModel):
    _inherit = "xero.dataset.manual_journal"

    @api.model
    def _made_by(self, move):
        # EXTENDS xero.dataset.manual_journal.check: what came from a pay run in Xero never goes back (B26)
        booked = move and self.env["xero.pay.run"].search_count([("move_id", "=", move.id)], limit=1)
        return "journal_of_pay_run" if booked else super()._made_by(move)
