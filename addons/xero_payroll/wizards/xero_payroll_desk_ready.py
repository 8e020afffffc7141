"""Who can be paid in a pay period, and why the others cannot yet (XQ-28)."""

from dataclasses import dataclass

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..datasets.timesheet_check import PAID
from .xero_payroll_desk import READY

OPEN_STATES = ("open", "progress")
SETTLED = ("synced", "excluded")


@dataclass(frozen=True)
class Found:
    """What there is of one pay period.

    :ivar employees: whose hours count in it
    :ivar sheets: timesheets
    :ivar leaves: time off that goes to Xero
    :ivar undecided: time off that Xero pays and nobody has granted, or not any more
    :ivar last: of whoever has left: ``{employee: values of lines}``
    :ivar conflicts: ``{employee: first day}`` of hours that wait until somebody has solved a conflict
    :ivar strays: timesheets of other days with hours that never go
    """

    employees: object
    sheets: object
    leaves: object
    undecided: object
    last: dict
    conflicts: dict
    strays: object

    def hours_of(self, leavers):
        """How many hours their timesheets hold once they are brought in."""
        sheets = self.sheets.filtered(lambda sheet: sheet.employee_id in leavers)
        written = sheets.line_ids.filtered(lambda line: not line.source_model).mapped("units")
        collected = (vals for employee in leavers for vals in self.last.get(employee, ()))
        return sum(written) + sum(vals["units"] for vals in collected)


class XeroPayrollDesk(models.TransientModel):
    _inherit = "xero.payroll.desk"

    def _find(self):
        """What there is of the period, looked up once."""
        people = self._people()
        left = people.filtered(lambda employee: not employee.active)
        sheets, last = self._timesheets(people), self._last_hours(left)
        leaves, undecided = self._leaves(people), self._undecided(people)
        conflicts, strays = self._conflicts(people), self._strays(people)
        # Everybody who works (XQ-31), and whoever has left with hours, brought in or not, or leave that Xero lacks.
        away = (self._late(leaves) | undecided).employee_id
        open_ones = (sheets | strays).employee_id.union(*last, *conflicts, away)
        employees = people - left | left & open_ones
        own = leaves.filtered(lambda leave: leave.employee_id in employees)
        return Found(employees, sheets, own, undecided, last, conflicts, strays)

    def _people(self):
        """Everybody on the calendar, whoever has left not long ago, too."""
        connection = self.connection_id.sudo()
        if not connection:
            return self.env["hr.employee"].sudo()
        return self.env["xero.timesheet"]._on_calendar(connection, self.calendar_id, self.date_from)

    def _last_hours(self, leavers):
        """``{employee: values of lines}``, late ones too; what a paid period lacks is late in the next one.

        Where the source of hours was uninstalled nobody can say; *Bring in Hours* tells the cure.
        """
        connection, calendar = self.connection_id.sudo(), self.calendar_id.sudo()
        if not leavers or self._is_over() or connection._hours() is None:
            return {}
        timesheets = self.env["xero.timesheet"].sudo()
        return timesheets._collected_lines(connection, calendar, leavers, self.date_from, self.date_to)

    def _conflicts(self, people):
        if not people or self._is_over():
            return {}
        period = self.connection_id.sudo(), people, self.date_from, self.date_to
        return self.env["xero.timesheet"].sudo()._conflicts(*period)

    def _is_over(self):
        return self.date_to < self.calendar_id._open_from()

    def _timesheets(self, people=None):
        """Those of the period, of `people`; default: of everybody."""
        people = self._people() if people is None else people
        return self.env["xero.timesheet"]._of_period(people, self.date_from, self.date_to)

    def _strays(self, people):
        """Timesheets of other days than the period that hold hours which people wrote there: those never go."""
        if self._is_over():
            return self.env["xero.timesheet"]
        beside = self.env["xero.timesheet"]._beside(people, self.date_from, self.date_to)
        return beside.filtered(lambda row: row.state != "pushed" and not all(row.line_ids.mapped("source_model")))

    def _leaves(self, people):
        """Leave of the period that goes to Xero: what is granted, and what has to be taken back there."""
        leaves = self._time_off(people, self.connection_id.sudo()._dataset("leave_application")._ready_domain())
        return leaves.filtered(lambda leave: leave.state == "validate" or leave.xero_leave_status != "rejected")

    def _undecided(self, people):
        """Leave of the period that Xero pays, and that was put back to approval here."""
        if self._is_over():
            return self.env["hr.leave"].sudo()
        asked = Domain("state", "in", ("confirm", "validate1"))
        return self._time_off(people, asked & Domain("xero_leave_status", "=", "current"))

    def _time_off(self, people, domain):
        """Leave of the period; which types go to Xero is said in the company of the connection."""
        days = Domain("request_date_from", "<=", self.date_to) & Domain("request_date_to", ">=", self.date_from)
        leaves = self.env["hr.leave"].sudo().with_company(self.connection_id.sudo().company_id)
        found = leaves.search(Domain("employee_id", "in", people.ids) & days & domain)
        return found.with_env(self.sudo().env)

    def _reasons(self, found):
        """``{employee: why he cannot be paid yet}``; :data:`READY` for those who can.

        :param found: a :class:`Found`
        """
        sheets, leaves = found.sheets.grouped("employee_id"), found.leaves.grouped("employee_id")
        links = self.env["xero.link"].sudo()._of(found.employees, self.connection_id.sudo(), "employee")
        linked = set(links.filtered(lambda link: link.xero_id and link.xero_status != "TERMINATED").mapped("res_id"))
        problems = self._problems(found.sheets) | self._problems(found.leaves)
        late, reasons = self._late(found.leaves), {}
        for employee in found.employees:
            sheet, own = sheets.get(employee), leaves.get(employee, found.leaves.browse())
            broken = [problems[row] for row in (*(sheet or ()), *own) if row in problems]
            left = not employee.active and self._reason_of_leaver(sheet, employee, found.last.get(employee, ()), broken)
            # Where only Odoo knows that he has left, Xero takes his hours.
            goes = employee.id in linked and sheet and (broken or sheet.state != "pushed")
            waits = own & late
            if day := found.conflicts.get(employee):
                reasons[employee] = self._in_conflict(day)
            elif employee in found.strays.employee_id:
                reasons[employee] = self.env._(
                    "Hours in a timesheet of other days: enter them in the one of this period, then delete it"
                )
            elif employee in found.undecided.employee_id:
                reasons[employee] = self._not_granted()
            elif left and not (waits if left == READY else goes):
                reasons[employee] = left
            elif employee.id not in linked:
                reasons[employee] = self._has_left_leave() if left else self.env._("Not linked to anybody in Xero")
            elif broken:
                reasons[employee] = broken[0]
            elif waits:
                reasons[employee] = self.env._("Leave to push")
            else:
                reasons[employee] = self._reason_of(sheet, employee, own)
            if reasons[employee] != READY and employee.company_id not in self.env.companies:
                reasons[employee] = self.env._("Works at %s: select that company, too", employee.company_id.name)
        return reasons

    def _problems(self, records):
        """``{record: what it looks like}`` of the open exceptions of these."""
        found = (
            self.env["xero.exception"]
            .sudo()
            .search([("model", "=", records._name), ("res_id", "in", records.ids), ("state", "in", OPEN_STATES)])
        )
        catalogue = self.env["xero.known.error"]
        return {records.browse(problem.res_id): catalogue._label_of(problem.code) for problem in found}

    def _reason_of(self, sheet, employee, leaves):
        if not sheet and employee._xero_template_hours():
            return self.env._("Hours of an earlier period are in the pay template: bring in hours")
        if not sheet:
            salaried = employee.xero_paid_from == "template"
            return READY if salaried or self._is_away(leaves) else self._no_hours()
        if sheet.source_changed and sheet.xero_status != PAID and not self._is_over():
            return self.env._("Hours differ from where they were entered: open the timesheet again and bring in hours")
        if sheet._is_nothing():
            return READY
        waits = {
            "draft": self.env._("Waits for the manager's approval"),
            "manager_approved": self.env._("Waits for payroll's approval"),
        }
        in_xero = sheet.state == "pushed" and sheet.xero_state == "synced"
        to_push = READY if in_xero or self._never_goes(sheet) else self.env._("Time to push")
        return waits.get(sheet.state, to_push)

    def _never_goes(self, sheet):
        """Whether nothing of a timesheet is for Xero, as its people are paid now."""
        if sheet.xero_state != "excluded" or sheet.by_hand:
            return sheet.by_hand
        dataset = self.connection_id.sudo()._dataset(sheet._xero_dataset_key())
        return not dataset._has_hours(dataset._browse(sheet.id))

    def _reason_of_leaver(self, sheet, employee, lines, broken):
        """Xero takes no hours of whoever has left: what went before counts, as long as nothing came after it.

        :param lines: values of the lines that there are
        :param broken: what keeps some of them back
        """
        went = sheet and sheet.state == "pushed" and sheet.xero_state in SETTLED and not broken
        settled = went or (sheet and sheet.by_hand)
        if self._is_over() or (settled and not sheet.source_changed) or (sheet and sheet._is_nothing()):
            return READY
        items = [line.pay_item_id for line in sheet.line_ids] if sheet else []
        items += [self.env["xero.pay.item"].sudo().browse(vals["pay_item_id"]) for vals in lines]
        return READY if all(map(employee._xero_salary_covers, items)) else self._has_left()

    @api.model
    def _late(self, leaves):
        """Those that are not in Xero as they are now; some are there with the first of several."""
        open_ones = leaves.filtered(lambda leave: leave.xero_state not in SETTLED)
        return open_ones.filtered(lambda leave: leave._xero_heads().xero_state not in SETTLED)

    def _in_conflict(self, day):
        names = {"day": format_date(self.env, day)}
        return self.env._("Work entries of %(day)s in conflict: solve that, then bring in hours", **names)

    def _no_hours(self):
        return self.env._("No hours in this period")

    def _has_left(self):
        return self.env._("Has left: enter the last hours in Xero")

    def _has_left_leave(self):
        return self.env._("Has left: put the last leave right in Xero")

    def _not_granted(self):
        return self.env._("Leave is in Xero and not granted here: approve or refuse it")

    def _is_away(self, leaves):
        """Whether leave that is in Xero, all of one employee's, covers every day of work in the period."""
        granted = leaves.filtered(lambda leave: leave.state == "validate")
        if not granted:
            return False
        days = granted.employee_id._xero_midnights(self.date_from, self.date_to)
        away = [("time_type", "=", "leave"), "|", ("holiday_id", "=", False), ("holiday_id", "in", granted.ids)]
        return not self.connection_id.sudo()._dataset("leave_application")._worked(granted[0], *days, away)
