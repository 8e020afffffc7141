"""Which employee of Odoo's a person in Xero's payroll is: by e-mail, then by name (XQ-33)."""

from collections import defaultdict

from odoo import api, models

from odoo.addons.xero_connector.datasets.contact import normalise_name
from odoo.addons.xero_connector.datasets.problem import Problem

from .employee import TERMINATED


class XeroDatasetEmployee(models.AbstractModel):
    _inherit = "xero.dataset.employee"

    @api.model
    def _match(self, items):
        # EXTENDS xero.dataset
        employees = self.env["hr.employee"].with_context(active_test=False).search(self._staff_domain())
        links = self.env["xero.link"]._of(employees, self._connection, self._key).filtered("xero_id")
        taken = {link.res_id: link for link in links}
        by_email, by_name = defaultdict(employees.browse), defaultdict(employees.browse)
        for employee in employees:
            by_email[_email(employee.work_email)] |= employee
            by_name[normalise_name(employee.name)] |= employee
        by_email.pop("", None)
        matched = {}
        for item in items:
            same = by_email.get(_email(item.get("Email")), employees.browse())
            for employee in same or by_name.get(normalise_name(self._title(item)), employees.browse()):
                matched.setdefault(item["EmployeeID"], employees.browse())
                matched[item["EmployeeID"]] |= employee
        return self._decide(items, matched, taken)

    @api.model
    def _decide(self, items, matched, taken):
        """The employee where there is no doubt, a Problem where somebody has to look."""
        claims = defaultdict(list)
        decided = {}
        for item in items:
            decided[item["EmployeeID"]] = found = self._decide_one(item, matched.get(item["EmployeeID"]), taken)
            if isinstance(found, models.BaseModel):
                claims[found.id].append(item)
        for rivals in claims.values():
            for item in rivals if len(rivals) > 1 else ():
                name = self._title(item)
                decided[item["EmployeeID"]] = Problem("employee_wanted_twice", employee=name, count=len(rivals))
        return {key: found for key, found in decided.items() if found is not None}

    @api.model
    def _decide_one(self, item, candidates, taken):
        """``None``: a new one."""
        candidates = (candidates or self.env["hr.employee"]).filtered(lambda e: not _differ(e.work_email, item))
        free = candidates.filtered(lambda employee: employee.active and employee.id not in taken)
        name = self._title(item)
        if len(free) > 1:
            return Problem("employee_ambiguous", employee=name, count=len(free))
        if free:
            return free
        if not candidates:
            return None
        links = [taken[employee.id] for employee in candidates if employee.id in taken]
        if any(link.xero_status == TERMINATED for link in links):
            return Problem("employee_rehired", employee=name)
        return Problem("employee_same_name" if links else "employee_archived", employee=name)


def _email(text):
    return (text or "").strip().casefold()


def _differ(email, item):
    """Whether both sides name an address, and not the same one: two people then, whatever they are called."""
    ours, theirs = _email(email), _email(item.get("Email"))
    return bool(ours and theirs and ours != theirs)
