"""The payroll officer's screen: who can be paid, what is missing, and what to do next (XQ-28)."""

from collections import defaultdict
from datetime import datetime, time, timedelta
from urllib.parse import quote

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

DEFAULT_NAMES = {"weekly calendar", "fortnightly calendar"}
OPEN_STATES = ("open", "progress")
READY = "ready"
SETTLED = ("synced", "excluded")
UNAPPROVED = ("DRAFT", "REQUESTED")  # of timesheets in Xero, which pays approved ones only


class XeroPayrollDesk(models.TransientModel):
    """One pay period of one payroll calendar."""

    _name = "xero.payroll.desk"
    _description = "Ready to Pay"

    connection_id = fields.Many2one("xero.connection", required=True, ondelete="cascade")
    calendar_id = fields.Many2one(
        "xero.payroll.calendar", required=True, domain="[('connection_id', '=', connection_id)]", ondelete="cascade"
    )
    day = fields.Date(
        compute="_compute_day",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="Any day of the pay period.",
    )
    date_from = fields.Date(compute="_compute_period")
    date_to = fields.Date(compute="_compute_period")
    payment_date = fields.Date(compute="_compute_period")
    summary = fields.Char(compute="_compute_summary")
    line_ids = fields.One2many("xero.payroll.desk.line", "desk_id", "Not Ready")
    ready_count = fields.Integer(readonly=True)
    total_count = fields.Integer(readonly=True)
    next_step = fields.Char(compute="_compute_summary")
    leave_warning = fields.Char(compute="_compute_summary")
    is_ready = fields.Boolean(compute="_compute_summary")

    # === OPENING === #

    @api.model
    def _open(self, connection):
        """The screen for the period that is paid next.

        :raises UserError: Xero has no payroll calendar that timesheets can be sent for (XW-13)
        """
        calendars = connection.sudo()._time_calendars()
        people = dict(
            self.env["hr.employee"]
            .sudo()
            ._read_group([("xero_calendar_id", "in", calendars.ids)], ["xero_calendar_id"], ["__count"])
        )
        calendar = max(calendars, key=lambda row: _default_order(row, people.get(row, 0)), default=calendars)
        if not calendar:
            raise UserError(
                self.env._(
                    "Neither a Weekly Calendar nor a Fortnightly Calendar was found in Xero, or they have no start "
                    "date. Set one up in Xero and import payroll calendars."
                )
            )
        desk = self.create({"connection_id": connection.id, "calendar_id": calendar.id})
        desk._look()
        return desk._show()

    @api.model
    def action_open(self):
        """Open the screen of the user's company."""
        self.env["xero.connection"]._check_user()
        connection = self.env["xero.connection"]._for_company(self.env.company)
        if not connection or (refusal := connection.sudo()._payroll_refusal("timesheet")):
            raise UserError(refusal if connection else self.env._("%s has no Xero connection.", self.env.company.name))
        return self._open(connection.with_env(self.env))

    def _look(self):
        """Find out anew who is ready."""
        self.ensure_one()
        groups = defaultdict(lambda: self.env["hr.employee"])
        for employee, reason in self._reasons().items():
            groups[reason] |= employee
        # As root: people of companies where the officer does not work are counted, too.
        self.sudo().write(
            {
                "ready_count": len(groups.pop(READY, ())),
                "total_count": len(self._employees()),
                "line_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "reason": reason,
                                "employee_ids": [Command.set(employees.ids)],
                                "without_hours": reason in (self._no_hours(), self._has_left()),
                            }
                        )
                        for reason, employees in sorted(groups.items(), key=lambda group: -len(group[1]))
                    ),
                ],
            }
        )

    def _show(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ready to Pay"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "current",
        }

    # === COMPUTES === #

    @api.depends_context("lang")
    def _compute_display_name(self):
        self.display_name = self.env._("Ready to Pay")

    @api.depends("calendar_id")
    def _compute_day(self):
        for desk in self:
            desk.day = desk.calendar_id.start_date

    @api.depends("calendar_id", "day")
    def _compute_period(self):
        for desk in self:
            period = desk.calendar_id and desk.day and desk.calendar_id._period(desk.day)
            desk.date_from, desk.date_to = period or (False, False)
            desk.payment_date = period and desk.calendar_id._payment_day(desk.day)

    @api.depends("ready_count", "total_count", "line_ids", "date_from")
    @api.depends_context("lang")
    def _compute_summary(self):
        for desk in self:
            desk.is_ready = desk.total_count and desk.ready_count == desk.total_count
            desk.summary = self.env._(
                "Ready to pay: %(ready)s of %(total)s, reasons: %(reasons)s",
                ready=desk.ready_count,
                total=desk.total_count,
                reasons=len(desk.line_ids),
            )
            desk.next_step = desk._next_step()
            desk.leave_warning = desk._timesheets()[:1].leave_warning

    def _next_step(self):
        names = {
            "calendar": self.calendar_id.name,
            "first": format_date(self.env, self.date_from),
            "last": format_date(self.env, self.date_to),
        }
        if self._is_paid():
            return self.env._("The pay run %(calendar)s, %(first)s – %(last)s, is posted in Xero.", **names)
        drafts = self._timesheets().filtered(lambda sheet: sheet.xero_status in UNAPPROVED)
        if self.is_ready and drafts:
            return self.env._(
                "First approve the draft timesheets in Xero (%(count)s), else their hours are not paid; then run the "
                "pay run %(calendar)s, %(first)s – %(last)s, there: Payroll ▸ Pay employees.",
                count=len(drafts),
                **names,
            )
        if self.is_ready:
            return self.env._(
                "Now run the pay run %(calendar)s, %(first)s – %(last)s, in Xero: Payroll ▸ Pay employees.", **names
            )
        return False

    def _is_paid(self):
        posted = [
            ("calendar_id", "=", self.calendar_id.id),
            ("status", "=", "POSTED"),
            ("period_start", "=", self.date_from),
        ]
        return bool(self.env["xero.pay.run"].search_count(posted, limit=1))

    # === WHO IS READY === #

    def _employees(self):
        """Everybody who works and is on the calendar (XQ-31), and whoever has left with hours of the period."""
        people, connection = self.env["hr.employee"].sudo(), self.connection_id.sudo()
        if not connection:
            return people
        staff = connection._dataset("employee")._staff_domain()
        own = staff & Domain("xero_calendar_id", "=", self.calendar_id.id)
        found = people.search(own)
        if not self.date_from:
            return found
        left = own & Domain("active", "=", False) & Domain("departure_date", ">=", self.date_from)
        return found | self._with_hours(people.with_context(active_test=False).search(left))

    def _with_hours(self, employees):
        """Those with hours in the period, brought in or not."""
        if not employees:
            return employees
        connection = self.connection_id.sudo()
        source = self.env[f"xero.hours.{connection.hours_source}"]
        entries = connection._entries(source, employees, self.date_from, self.date_to)
        sheets = [("employee_id", "in", employees.ids), ("date_from", "=", self.date_from)]
        known = self.env["xero.timesheet"].sudo().search(sheets).employee_id
        return employees & known.union(*(entry.employee for entry in entries))

    def _timesheets(self):
        own = [("employee_id", "in", self._employees().ids), ("date_from", "=", self.date_from)]
        return self.env["xero.timesheet"].sudo().search(own)

    def _leaves(self):
        """Leave of the period that goes to Xero: what is granted, and what has to be taken back there."""
        days = Domain("request_date_from", "<=", self.date_to) & Domain("request_date_to", ">=", self.date_from)
        own = Domain("employee_id", "in", self._employees().ids)
        ready = self.connection_id.sudo()._dataset("leave_application")._ready_domain()
        leaves = self.env["hr.leave"].sudo().search(own & days & ready)
        return leaves.filtered(lambda leave: leave.state == "validate" or leave.xero_leave_status != "rejected")

    def _reasons(self):
        """``{employee: why he cannot be paid yet}``; :data:`READY` for those who can."""
        employees, timesheets = self._employees(), self._timesheets()
        sheets = timesheets.grouped("employee_id")
        links = self.env["xero.link"].sudo()._of(employees, self.connection_id, "employee")
        linked = set(links.filtered(lambda link: link.xero_id and link.xero_status != "TERMINATED").mapped("res_id"))
        leaves = self._leaves()
        problems = self._problems(timesheets) | self._problems(leaves)
        late = self._late(leaves)
        reasons = {}
        for employee in employees:
            sheet = sheets.get(employee)
            own = leaves.filtered(lambda leave, e=employee: leave.employee_id == e)
            broken = [problems[row] for row in (*(sheet or ()), *own) if row in problems]
            if not employee.active:
                reasons[employee] = self._reason_of_leaver(sheet, employee)
            elif employee.id not in linked:
                reasons[employee] = self.env._("Not linked to anybody in Xero")
            elif broken:
                reasons[employee] = broken[0]
            elif own & late:
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
        labels = {
            code: catalogue._for_code(code).with_env(self.env).sudo().trigger_error for code in found.mapped("code")
        }
        return {records.browse(problem.res_id): labels[problem.code] or problem.code for problem in found}

    def _reason_of(self, sheet, employee, leaves):
        if not sheet and employee._xero_template_hours():
            return self.env._("Hours of an earlier period are in the pay template: bring in hours")
        if not sheet:
            salaried = employee.xero_paid_from == "template"
            return READY if salaried or self._is_away(leaves) else self._no_hours()
        if sheet._is_nothing():
            return READY
        return {
            "draft": self.env._("Waits for the manager's approval"),
            "manager_approved": self.env._("Waits for payroll's approval"),
            "payroll_approved": READY if sheet.xero_state == "excluded" else self.env._("Time to push"),
            "pushed": READY if sheet.xero_state in ("synced", "excluded") else self.env._("Time to push"),
        }[sheet.state]

    def _reason_of_leaver(self, sheet, employee):
        """Xero takes no hours of whoever has left: what went before counts, as long as nothing came after it."""
        if not sheet:
            return READY if employee.xero_paid_from == "template" else self._has_left()
        went = sheet.state == "pushed" and sheet.xero_state in SETTLED and not sheet.source_changed
        return READY if went or sheet._is_nothing() else self._has_left()

    @api.model
    def _late(self, leaves):
        """Those that are not in Xero as they are now; some are there with the first of several."""
        open_ones = leaves.filtered(lambda leave: leave.xero_state not in SETTLED)
        return open_ones.filtered(lambda leave: leave._xero_heads().xero_state not in SETTLED)

    def _no_hours(self):
        return self.env._("No hours in this period")

    def _has_left(self):
        return self.env._("Has left: enter the last hours in Xero")

    def _is_away(self, leaves):
        """Whether leave that is in Xero, all of one employee's, covers every day of work in the period."""
        granted = leaves.filtered(lambda leave: leave.state == "validate")
        if not granted:
            return False
        days = datetime.combine(self.date_from, time.min), datetime.combine(self.date_to, time.max)
        away = [("time_type", "=", "leave"), "|", ("holiday_id", "=", False), ("holiday_id", "in", granted.ids)]
        return not self.connection_id.sudo()._dataset("leave_application")._worked(granted[0], *days, away)

    # === ACTIONS === #

    def action_refresh(self):
        """Look again."""
        self._look()

    def action_previous(self):
        """The pay period before."""
        self.day = self.date_from - timedelta(days=1)
        self._look()

    def action_next(self):
        """The pay period after."""
        self.day = self.date_to + timedelta(days=1)
        self._look()

    def action_collect(self):
        """Bring in the hours of this period."""
        self._check_payroll()
        connection = self.connection_id.sudo()
        self.env["xero.timesheet"]._collect(connection, self.calendar_id.sudo(), self.day)
        self._look()

    def action_approve(self):
        """Approve the pay items of all timesheets that their managers have approved."""
        self._check_payroll()
        waiting = self._within_reach(self._timesheets().filtered(lambda row: row.state == "manager_approved"))
        outcome = waiting.action_payroll_approve()
        self._look()
        return outcome

    def action_push(self):
        """Push everybody's approved time and granted leave; large groups go in the background."""
        self._check_payroll()
        timesheets = self._timesheets()
        problems = self._problems(timesheets)  # some of what is in Xero may have lines that were held back
        sheets = timesheets.filtered(
            lambda row: row.state == "payroll_approved"
            or row.state == "pushed"
            and (row.xero_state != "synced" or row in problems)
        )
        leaves, sheets = self._within_reach(self._late(self._leaves())), self._within_reach(sheets)
        if not sheets and not leaves:
            raise UserError(self.env._("There is nothing to push in this period."))
        actions = [records.action_xero_push() for records in (leaves, sheets) if records]
        self._look()
        return actions[-1]

    def action_import(self):
        """Bring in what payroll needs of Xero: people, leave and balances, pay runs."""
        self._check_payroll()
        outcome = self.connection_id.action_import_payroll()
        self._look()
        return outcome

    def action_timesheets(self):
        """The timesheets of this period."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Timesheets"),
            "res_model": "xero.timesheet",
            "views": [(False, "list"), (False, "form"), (False, "pivot")],
            "domain": [("id", "in", self._timesheets().ids)],
        }

    def action_open_xero(self):
        """Open the organisation in Xero; payroll has no page of which Xero says that it stays (facts, 3.5)."""
        connection = self.connection_id.sudo()
        code = quote(connection.short_code or "", safe="")
        url = f"{connection._go_url()}/organisationlogin/default.aspx?shortcode={code}"
        return {"type": "ir.actions.act_url", "url": url, "target": "new"}

    def _within_reach(self, records):
        """`records` of the companies that are selected, as the user sees them."""
        return records.filtered(lambda row: row.company_id in self.env.companies).with_env(self.env)

    def _check_payroll(self):
        self.ensure_one()
        self.env["xero.connection"]._check_user()
        if refusal := self.connection_id.sudo()._payroll_refusal("timesheet"):
            raise UserError(refusal)


def _default_order(calendar, people):
    """What the screen opens with: where there are people, by its usual name, with most of them (XW-13)."""
    return bool(people), calendar.name.strip().casefold() in DEFAULT_NAMES, people
