"""Employees: brought in from Xero, where they are made first (XQ-34)."""

from odoo import api, fields, models

from odoo.addons.xero_connector import values
from odoo.addons.xero_connector.datasets.problem import Problem
from odoo.addons.xero_connector.datasets.pulled import Result

TERMINATED = "TERMINATED"
NEW = "NEW"  # a person whom nobody has employed yet


class XeroDatasetEmployee(models.AbstractModel):
    """Operations getEmployees, getEmployee; of Australia's summaries only the changed ones are read one by one."""

    _name = "xero.dataset.employee"
    _inherit = "xero.dataset.payroll"
    _description = "Xero Employees"

    _key = "employee"
    _xero_id = "EmployeeID"
    _odoo_model = "hr.employee"
    _scope = "payroll.employees"
    _pull_sequence = 210
    _block = 50

    # === HOOKS === #

    @api.model
    def _title(self, item):
        # EXTENDS xero.dataset
        return _full_name(item) or item["EmployeeID"]

    @api.model
    def _fingerprint(self, item):
        # EXTENDS xero.dataset: what a summary says of changes; a last day that passes is one, too, and so is the switch
        names = ("EmployeeID", "TerminationDate", "UpdatedDateUTC") if self._detailed else item
        wanted = {"salaries": True} if self._detailed and self._connection.sync_salaries else {}
        return values.fingerprint({"today": self._status(item), **wanted, **{name: item.get(name) for name in names}})

    @api.model
    def _status(self, item):
        """``ACTIVE``, ``TERMINATED`` or ``NEW``: where Xero has no status, the last day and the calendar tell."""
        last = values.parse_date(item.get("TerminationDate"))
        if last and last < self._connection._today():
            return TERMINATED
        if self._region.employs_apart and not item.get("PayrollCalendarID"):
            return NEW
        return item.get("Status") or "ACTIVE"

    @api.model
    def _why_not(self, item):
        # EXTENDS xero.dataset: active people only (PRL-01)
        return "has_left" if self._status(item) == TERMINATED else None

    @api.model
    def _wants_details(self, item):
        # EXTENDS xero.dataset: who has left needs no call
        return not self._why_not(item)

    @api.model
    def _read_answer(self, item):
        # EXTENDS xero.dataset: no name, no figure
        return {**super()._read_answer(item), "xero_status": self._status(item)}

    # === PULL === #

    @api.model
    def _take_in(self, items, links):
        # EXTENDS xero.dataset: payslips may have come in before it was known whose they are
        results = super()._take_in(items, links)
        known = [result for result in results if result.kind not in ("skipped", "refused")]
        people = {result.item["EmployeeID"]: result.record_id or result.link.res_id for result in known}
        self.env["xero.payslip"]._link_people(self._connection, people)
        return results

    @api.model
    def _take_in_match(self, item, record):
        record.write(self._changed(record, item))
        problem = self._problem_of(item, record)
        return Result(item, "linked", record_id=record.id, company_id=record.company_id.id, problem=problem)

    @api.model
    def _take_in_new(self, items):
        if self._connection.on_missing_employee != "create":
            return [Result(item, "skipped", reason="only_in_xero") for item in items]
        employees = self.env["hr.employee"].create([self._prepare_new(item) for item in items])
        return [
            Result(item, "created", record_id=employee.id, problem=self._problem_of(item, employee))
            for item, employee in zip(items, employees, strict=True)
        ]

    @api.model
    def _take_in_linked(self, item, link, record):
        if self._status(item) == TERMINATED:
            return self._take_in_leaver(item, link, record)
        vals = self._changed(record, item)
        record.write(vals)
        problem = self._problem_of(item, record)
        returns = link.xero_status == TERMINATED and not record.active
        if returns:  # the end was a mistake, or put off
            record.action_unarchive()
        return Result(item, "updated" if vals or returns else "unchanged", link=link, problem=problem)

    @api.model
    def _take_in_leaver(self, item, link, record):
        """Who has left is archived in Odoo, too; payroll does not list him any more (XQ-31)."""
        last = values.parse_date(item.get("TerminationDate"))
        # Whoever is hired again may come in the same block: he has to see that this one has ended.
        link.xero_status = TERMINATED
        if not record.active:
            return Result(item, "unchanged", link=link)
        record.write({"active": False, "departure_date": last or False})
        return Result(item, "removed", link=link)

    @api.model
    def _problem_of(self, item, record):
        """Nobody can be paid, and no hours be sent, without a payroll calendar; what is unknown comes in later."""
        if not item.get("PayrollCalendarID"):
            return Problem("employee_no_calendar", employee=self._title(item))
        items = {item.get("OrdinaryEarningsRateID"), *(item.get("PayItemIDs") or ())} - {None, ""}
        known = self._rows_by_id("xero.payroll.calendar"), self._rows_by_id("xero.pay.item")
        if item["PayrollCalendarID"] in known[0] and items <= known[1].keys():
            return None
        return Problem("employee_pay_unknown", employee=self._title(item))

    # === VALUES === #

    @api.model
    def _prepare_vals(self, item):
        """Values of the employee; pay is only taken over when the company wants it so."""
        vals = {
            "name": _full_name(item),
            "work_email": (item.get("Email") or "").strip(),
            "job_title": (item.get("JobTitle") or "").strip(),
            "work_phone": (item.get("Phone") or "").strip(),
            "mobile_phone": (item.get("Mobile") or "").strip(),
            **self._prepare_row("xero_calendar_id", item.get("PayrollCalendarID")),
            "xero_employment": item.get("EmploymentType") or False,
        }
        # New Zealand and the United Kingdom tell it with the salary.
        if "OrdinaryEarningsRateID" in item:
            vals |= self._prepare_row("xero_earnings_rate_id", item["OrdinaryEarningsRateID"])
        if "AnnualSalary" in item:
            salary = float(item["AnnualSalary"]) if self._connection.sync_salaries else 0.0
            vals["xero_annual_salary"] = salary
        return vals

    @api.model
    def _prepare_row(self, name, xero_id):
        """Value of the field `name`, a row of a pick-list; an id that Odoo does not know yet is no news."""
        if not xero_id:
            return {name: False}
        row = self._rows_by_id(self.env[self._odoo_model]._fields[name].comodel_name).get(xero_id)
        return {name: row.id} if row else {}

    @api.model
    def _changed(self, record, item):
        """What differs; a field that Xero leaves empty never clears one that people fill in."""
        vals = self._prepare_vals(item)
        if address(vals["work_email"]) == address(record.private_email):
            del vals["work_email"]  # Odoo has it, and another one for work
        changed = self._differing(record, {name: vals[name] for name in vals if not name.startswith("xero_")})
        for name in vals.keys() - changed.keys():
            if name.startswith("xero_"):
                current = record[name]
                current = current.id if isinstance(current, models.BaseModel) else current
                if current != vals[name]:
                    changed[name] = vals[name]
        assigned = self._assigned(item)
        if assigned is not None and assigned != record.xero_pay_item_ids:
            changed["xero_pay_item_ids"] = [fields.Command.set(assigned.ids)]
        return changed

    @api.model
    def _assigned(self, item):
        """Pay items of the employee, ``None`` when Xero did not say (XQ-23)."""
        if "PayItemIDs" not in item:
            return None
        known = self._rows_by_id("xero.pay.item")
        return self.env["xero.pay.item"].concat(*(known[key] for key in item["PayItemIDs"] if key in known))

    @api.model
    def _prepare_new(self, item):
        vals = {name: value for name, value in self._prepare_vals(item).items() if value}
        started = values.parse_date(item.get("StartDate"))
        if started:
            vals.update(date_version=started, contract_date_start=started)
        if assigned := self._assigned(item):
            vals["xero_pay_item_ids"] = [fields.Command.set(assigned.ids)]
        return {**vals, "company_id": self._connection.company_id.id}


def address(text):
    """An e-mail address as addresses are compared."""
    return (text or "").strip().casefold()


def _full_name(item):
    return " ".join(filter(None, ((item.get(name) or "").strip() for name in ("FirstName", "LastName"))))
