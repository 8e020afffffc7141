"""Pay runs and their payslips: totals, read only."""

from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.fields import Domain

from odoo.addons.xero_connector import values
from odoo.addons.xero_connector.datasets.problem import Problem
from odoo.addons.xero_connector.datasets.pulled import Result

GONE = "DELETED"
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
    _lists_all = True
    _block = 20
    _switches = ("sync_pay_runs",)

    @api.model
    def _title(self, item):
        # EXTENDS xero.dataset
        return str(values.parse_date(item.get("PaymentDate")) or item["PayRunID"])

    @api.model
    def _fingerprint(self, item):
        # EXTENDS xero.dataset: what the list says of changes; of most it is what it was before kinds were asked for
        kind = {} if self._is_scheduled(item) else {"PayRunType": item["PayRunType"]}
        return values.fingerprint({**{name: item.get(name) for name in SUMMARY}, **kind})

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
        runs._find_entries()
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
        before = record.status
        if before != "POSTED":
            record._part_with_reversed()
        record.payslip_ids.unlink()
        vals = self._prepare_vals(item)
        if before == "POSTED":
            del vals["posted_at"]  # what is said of it later changes nothing of that
        record.write(vals)
        if before == "DRAFT" and record.status == "POSTED":
            self._connection._pull_balances()
        if before == "POSTED" and record.status != "POSTED":
            record._open_again()
        record._settle()
        return Result(item, "updated", link=link, problem=record._after_import())

    @api.model
    def _absent(self, listed, before):
        # EXTENDS xero.dataset
        return self._links_where(Domain("xero_status", "!=", GONE) & Domain("xero_id", "not in", listed))

    @api.model
    def _gone_problem(self, link):
        # A draft that somebody deletes is no problem, an entry of what was posted is one.
        link.write({"xero_status": GONE, "pull_hash": False})
        run = self._browse(link.res_id).exists()
        if problem := run and run._note_gone():
            problem.direction = "pull"
            return problem
        self.env["xero.exception"].sudo()._close(link)
        return Problem("pay_run_gone", state="excluded")

    # === VALUES === #

    @api.model
    def _prepare_vals(self, item):
        calendars = self._rows_by_id("xero.payroll.calendar")
        slips = item.get("Payslips") or []
        employees = self._employees_by_id(slip.get("EmployeeID") for slip in slips)
        return {
            "xero_id": item["PayRunID"],
            "calendar_id": calendars.get(item.get("PayrollCalendarID"), self.env["xero.payroll.calendar"]).id,
            "calendar_xero_id": item.get("PayrollCalendarID") or False,
            "period_start": values.parse_date(item.get("PayRunPeriodStartDate")) or False,
            "period_end": values.parse_date(item.get("PayRunPeriodEndDate")) or False,
            "payment_date": values.parse_date(item.get("PaymentDate")) or False,
            "status": item.get("PayRunStatus") if item.get("PayRunStatus") in ("DRAFT", "POSTED") else False,
            "posted_at": self._posted_at(item),
            "is_scheduled": self._is_scheduled(item),
            **{field: float(item.get(names[0]) or 0) for field, names in TOTALS.items()},
            "payslip_ids": [Command.create(self._prepare_payslip(slip, employees)) for slip in slips],
        }

    @api.model
    def _posted_at(self, item):
        """When it was posted; where Xero tells no more than the day, the end of it."""
        if day := values.parse_date(item.get("PostedDateTime")):
            return fields.Datetime.to_datetime(day) + timedelta(days=1)
        return values.parse_moment(item.get("UpdatedDateUTC")) or False

    @api.model
    def _is_scheduled(self, item):
        return item.get("PayRunType") in (None, "Scheduled")

    @api.model
    def _prepare_payslip(self, slip, employees):
        name = " ".join(filter(None, (slip.get("FirstName"), slip.get("LastName"))))
        return {
            "xero_id": slip["PayslipID"],
            "employee_id": employees.get(slip.get("EmployeeID"), self.env["hr.employee"]).id,
            "employee_xero_id": slip.get("EmployeeID") or False,
            "employee_name": name or False,
            **{field: float(slip.get(names[1]) or 0) for field, names in TOTALS.items()},
        }


class XeroDatasetManualJournal(models.AbstractModel):
    _inherit = "xero.dataset.manual_journal"

    @api.model
    def _made_by(self, move):
        # EXTENDS xero.dataset.manual_journal.check: what came from a pay run in Xero never goes back (B26)
        own = (move | move.reversed_entry_id).sudo()
        booked = Domain("move_id", "in", own.ids) | Domain("past_move_ids", "in", own.ids)
        made = any(own.mapped("xero_pay_run")) or own and self.env["xero.pay.run"].search_count(booked, limit=1)
        return "journal_of_pay_run" if made else super()._made_by(move)
