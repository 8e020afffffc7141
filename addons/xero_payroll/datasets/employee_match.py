"""Which employee of Odoo's a person in Xero's payroll is: by name and e-mail; one alone is a question (XQ-33)."""

from collections import defaultdict

from odoo import api, models

from odoo.addons.xero_connector.datasets.contact import normalise_name
from odoo.addons.xero_connector.datasets.problem import Problem

from .employee import TERMINATED, address


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
            for email in _addresses(employee.work_email, employee.private_email):
                by_email[email] |= employee
            by_name[normalise_name(employee.name)] |= employee
        decided = self._decide(items, by_name, taken)
        claimed = {found.id for found in decided.values() if isinstance(found, models.BaseModel)}
        for item in items:
            alike = by_name[normalise_name(self._title(item))] | by_email[address(item.get("Email"))]
            alike = alike.filtered(lambda employee: employee.active and employee.id not in claimed | taken.keys())
            if alike and item["EmployeeID"] not in decided:
                others = ", ".join(alike.mapped("name"))
                decided[item["EmployeeID"]] = Problem("employee_alike", employee=self._title(item), others=others)
        return decided

    @api.model
    def _decide(self, items, by_name, taken):
        """The employee where there is no doubt, a Problem where somebody has to look."""
        claims = defaultdict(list)
        decided = {}
        for item in items:
            decided[item["EmployeeID"]] = found = self._decide_one(item, by_name, taken)
            if isinstance(found, models.BaseModel):
                claims[found.id].append(item)
        for rivals in claims.values():
            for item in rivals if len(rivals) > 1 else ():
                name = self._title(item)
                decided[item["EmployeeID"]] = Problem("employee_wanted_twice", employee=name, count=len(rivals))
        return {key: found for key, found in decided.items() if found is not None}

    @api.model
    def _decide_one(self, item, by_name, taken):
        """``None``: nobody is surely him."""
        name, theirs = self._title(item), _addresses(item.get("Email"))
        ours = {e: _addresses(e.work_email, e.private_email) for e in by_name[normalise_name(name)]}
        candidates = self.env["hr.employee"].union(
            *([e for e in ours if ours[e] & theirs] or [e for e in ours if not _differ(ours[e], theirs)])
        )
        free = candidates.filtered(lambda employee: employee.active and employee.id not in taken)
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


def _addresses(*texts):
    return {address(text) for text in texts} - {""}


def _differ(ours, theirs):
    """Whether both sides name an address, and not the same one: two people then, whatever they are called."""
    return bool(ours and theirs) and not ours & theirs
