"""Salaries and wages, where Xero keeps them apart from the employee (PRL-09)."""

from odoo import api, models


class XeroDatasetSalary(models.AbstractModel):
    """Operation getEmployeeSalaryAndWages (NZ, UK): one call for each employee, when the company wants salaries.

    Australia tells them with the employee.
    """

    _name = "xero.dataset.salary"
    _inherit = ["xero.dataset.payroll", "xero.dataset.reference"]
    _description = "Xero Salaries"

    _key = "salary"
    _xero_id = "SalaryAndWagesID"
    _odoo_model = "hr.employee"
    _scope = "payroll.employees"
    _pull_sequence = 215
    _switches = ("sync_salaries",)
    _weekly = True

    @api.model
    def _is_pulled(self):
        # EXTENDS xero.dataset.payroll
        return super()._is_pulled() and self._source is not None

    @api.model
    def _store(self, items):
        # EXTENDS xero.dataset.reference: they are figures of the employee whose list was read
        employee = self._browse(self._employee_link.res_id).exists()
        active = [item for item in items if item.get("Status") == "Active"]
        changed = self._changed(employee, self._prepare_pay(employee, active))
        employee.write(changed)
        self._ask(employee._xero_pay_problem(self._paid_from(active)))
        return {"updated" if changed else "unchanged": len(employee)}

    @api.model
    def _ask(self, problem):
        """Open the question of what the employee is paid from, or close it."""
        problems = self.env["xero.exception"].sudo()
        if problem:
            problems._report([(self._employee_link, problem.code, problem.arguments, 0.0)], direction="pull")
        else:
            problems._close_code(self._employee_link, "paid_from_differs")

    @api.model
    def _paid_from(self, active):
        """What somebody is paid from; ``False`` where Xero tells nothing of pay."""
        return bool(active) and ("template" if self._salaries(active) else "timesheet")

    @api.model
    def _salaries(self, active):
        return [item.get("AnnualSalary") or 0 for item in active if item.get("PaymentType") == "Salary"]

    @api.model
    def _prepare_pay(self, employee, active):
        """The annual salary, what is paid for ordinary hours, and where that comes from (books B27)."""
        vals = {"xero_annual_salary": float(sum(self._salaries(active)))}
        vals |= employee._xero_follow_pay(self._paid_from(active))
        known = self._rows_by_id("xero.pay.item")
        rates = [known[item["EarningsRateID"]] for item in active if item.get("EarningsRateID") in known]
        if rates:
            vals["xero_earnings_rate_id"] = rates[0].id
        return vals
