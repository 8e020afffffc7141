"""Leave applications that people entered in Xero, and what became of those that Odoo sent."""

from odoo import api, models

from odoo.addons.xero_connector import values
from odoo.addons.xero_connector.datasets.problem import Problem
from odoo.addons.xero_connector.datasets.pulled import Result

STATUSES = {"REQUESTED": "requested", "SCHEDULED": "current", "PROCESSED": "taken", "REJECTED": "rejected"}
GRANTED = ("current", "taken")
CASHED_OUT = "CASHED_OUT"
OPEN = ("confirm", "validate1", "validate")
# A leave comes in as it stands in Xero: nobody is asked, nobody is mailed.
QUIET = {
    "leave_fast_create": True,
    "leave_skip_state_check": True,
    "mail_activity_automation_skip": True,
    "xero_no_echo": True,
}


class XeroDatasetLeaveApplication(models.AbstractModel):
    """Operations getLeaveApplicationsV2 (AU), getEmployeeLeaves (NZ, UK: one call for each employee)."""

    _name = "xero.dataset.leave_application"
    _inherit = "xero.dataset.payroll"
    _description = "Xero Leave Applications"

    _key = "leave_application"
    _xero_id = "LeaveApplicationID"
    _odoo_model = "hr.leave"
    _scope = "payroll.employees"
    _pull_sequence = 220
    _switches = ("sync_leave",)
    _block = 50

    # === HOOKS === #

    @api.model
    def _listed(self, answer):
        # EXTENDS xero.dataset.payroll: in a list of one employee nobody says whose it is
        items = super()._listed(answer)
        if self._source.of_employee:
            items = [{**item, "EmployeeID": self._employee_link.xero_id} for item in items]
        return items

    @api.model
    def _title(self, item):
        # EXTENDS xero.dataset: dates only, the title may tell why somebody is away
        start, end = self._days(item)
        return f"{start} – {end}"

    @api.model
    def _read_answer(self, item):
        # EXTENDS xero.dataset
        return {**super()._read_answer(item), "xero_status": self._status(item)}

    @api.model
    def _status(self, item):
        """One word for all pay periods: taken when all of it was paid (XQ-20)."""
        found = {period.get("LeavePeriodStatus") for period in item.get("LeavePeriods") or []} - {None}
        for status in ("REQUESTED", "SCHEDULED", "REJECTED"):
            if status in found:
                return status
        return "PROCESSED" if found else "SCHEDULED"

    @api.model
    def _days(self, item):
        return values.parse_date(item.get("StartDate")), values.parse_date(item.get("EndDate"))

    # === PULL === #

    @api.model
    def _why_not(self, item):
        # EXTENDS xero.dataset: what was rejected, or paid out instead, never was a leave
        if self._status(item) == "REJECTED":
            return "rejected"
        return "cashed_out" if item.get("PayOutType") == CASHED_OUT else None

    @api.model
    def _take_in_unknown(self, items):
        # EXTENDS xero.dataset: what was paid already matters of staff only
        staff, results, others = self._employees_by_id(item.get("EmployeeID") for item in items), [], []
        for item in items:
            paid = self._status(item) == "PROCESSED" and not self._why_not(item)
            if paid and item.get("EmployeeID") not in staff:
                results.append(Result(item, "skipped", reason="employee_not_here"))
            else:
                others.append(item)
        return results + super()._take_in_unknown(others)

    @api.model
    def _match(self, items):
        # EXTENDS xero.dataset
        employees = self._employees_by_id(item.get("EmployeeID") for item in items)
        types = self._types()
        leaves = self.env["hr.leave"].search(
            [
                ("employee_id", "in", [employee.id for employee in employees.values()]),
                ("state", "in", OPEN),
                ("request_date_from", "in", [self._days(item)[0] for item in items]),
            ]
        )
        linked = (
            self.env["xero.link"]
            .sudo()
            .search(
                [
                    ("tenant_id", "=", self._connection.tenant_id),
                    ("dataset", "=", self._key),
                    ("res_id", "in", leaves.ids),
                    ("xero_id", "!=", False),
                ]
            )
        )
        free = leaves - leaves.browse(linked.mapped("res_id"))
        return {
            item["LeaveApplicationID"]: found
            for item in items
            if (found := self._match_one(item, employees.get(item.get("EmployeeID")), types, free))
        }

    @api.model
    def _match_one(self, item, employee, types, free):
        """The leave of the same days, a Problem, or nothing: a new one."""
        if not employee:
            return Problem("leave_employee_unknown", dates=self._title(item))
        leave_types = types.get(item.get("LeaveTypeID"))
        if not leave_types:
            return Problem("leave_type_unmapped", employee=employee.name, dates=self._title(item))
        start, end = self._days(item)
        return free.filtered(
            lambda leave: leave.employee_id == employee
            and leave.holiday_status_id in leave_types
            and (leave.request_date_from, leave.request_date_to) == (start, end)
        )[:1]

    @api.model
    def _types(self):
        """``{LeaveTypeID: hr.leave.type}`` of the company; several may stand for one, what is new gets the first."""
        company = self._connection.company_id
        types = self.env["hr.leave.type"].search(
            [("xero_pay_item_id", "!=", False), ("company_id", "in", (False, company.id))]
        )
        return types.grouped(lambda leave_type: leave_type.xero_pay_item_id.xero_id)

    @api.model
    def _take_in_match(self, item, record):
        self._follow(record, item)
        return Result(item, "linked", record_id=record.id, part=self._part(item), **self._said_of_units(item, record))

    @api.model
    def _take_in_new(self, items):
        employees = self._employees_by_id(item.get("EmployeeID") for item in items)
        types, results = self._types(), []
        for item in items:
            employee, leave_type = employees[item["EmployeeID"]], types[item["LeaveTypeID"]][:1]
            leave = self.env["hr.leave"].with_context(**QUIET).create(self._prepare_new(item, employee, leave_type))
            self._follow(leave, item)
            said = self._said_of_units(item, leave)
            results.append(Result(item, "created", record_id=leave.id, part=self._part(item), **said))
        return results

    @api.model
    def _said_of_units(self, item, leave):
        """Values of a Result: a question, or a note in the history, when the leave is not as long as in Xero."""
        problem = self._units_problem(item, leave)
        return {"problem": problem, "notes": [] if problem else self._units_notes(item, leave)}

    @api.model
    def _take_in_linked(self, item, link, record):
        changed = self._follow(record, item)
        return Result(
            item, "updated" if changed else "unchanged", link=link, problem=self._difference(item, link, record)
        )

    @api.model
    def _part(self, item):
        """A leave may be several applications: each is known by its first day."""
        return str(self._days(item)[0])

    @api.model
    def _follow(self, record, item):
        """Let the leave stand as in Xero: its status there, and approved once it is; whether anything changed.

        What was approved there before, and is asked for again here, waits for people.
        """
        status = STATUSES[self._status(item)]
        news = status in GRANTED and record.xero_leave_status not in GRANTED
        # What went with it has had a status since then.
        others = self._group(record).filtered("xero_leave_status")
        other = (record | others).filtered(lambda leave: leave.xero_leave_status != status)
        changed = bool(other)
        other.xero_leave_status = status
        if news and record.state in ("confirm", "validate1"):
            record.with_context(**QUIET)._action_validate(check_state=False)
            changed = True
        return changed

    @api.model
    def _difference(self, item, link, record):
        """What somebody has to decide: days that differ, a rejection of what Odoo granted."""
        if record.state not in OPEN:
            return None
        arguments = {"employee": record.employee_id.name, "dates": self._title(item)}
        if self._status(item) == "REJECTED":
            return Problem("leave_rejected", **arguments)
        start, end = self._days(item)
        if (record.request_date_from, record.request_date_to) != (start, end) and not self._has_siblings(link):
            return Problem("leave_days_differ", **arguments)
        if link.state == "synced" and not self._has_siblings(link):
            return self._units_problem(item, record)
        return None

    @api.model
    def _has_siblings(self, link):
        """Whether the leave is several applications, none of which has all its days."""
        same = [("tenant_id", "=", link.tenant_id), ("dataset", "=", self._key), ("res_id", "=", link.res_id)]
        return link.search_count([*same, ("id", "!=", link.id)], limit=1) > 0

    @api.model
    def _prepare_new(self, item, employee, leave_type):
        start, end = self._days(item)
        part = self._prepare_part_of_day(item, employee, leave_type) if start == end else {}
        return {
            **part,
            "employee_id": employee.id,
            "holiday_status_id": leave_type.id,
            "request_date_from": start,
            "request_date_to": end,
            "name": item.get("Title") or False,
            "state": "confirm",
        }
