"""The payroll officer's screen: who can be paid, what is missing, and what to do next (XQ-28)."""

from collections import defaultdict
from datetime import timedelta
from urllib.parse import quote

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

DEFAULT_NAMES = {"weekly calendar", "fortnightly calendar"}
READY = "ready"
KINDS = ("success", "warning", "danger")  # of notifications
UNAPPROVED = ("DRAFT", "REQUESTED")  # of timesheets in Xero, which pays approved ones only


class XeroPayrollDesk(models.TransientModel):
    """One pay period of one payroll calendar."""

    _name = "xero.payroll.desk"
    _inherit = "xero.payroll.kept"
    _description = "Ready to Pay"

    connection_id = fields.Many2one("xero.connection", required=True, ondelete="cascade")
    calendar_id = fields.Many2one(
        "xero.payroll.calendar", required=True, domain="[('id', 'in', calendar_ids)]", ondelete="cascade"
    )
    calendar_ids = fields.Many2many(
        "xero.payroll.calendar", string="Calendars of Timesheets", compute="_compute_calendar_ids", compute_sudo=True
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
        found, groups = self._find(), defaultdict(lambda: self.env["hr.employee"])
        for employee, reason in self._reasons(found).items():
            groups[reason] |= employee
        # As root: people of companies where the officer does not work are counted, too.
        self.sudo().write(
            {
                "ready_count": len(groups.pop(READY, ())),
                "total_count": len(found.employees),
                "line_ids": [
                    Command.clear(),
                    *(
                        Command.create(self._prepare_line(reason, employees, found))
                        for reason, employees in sorted(groups.items(), key=lambda group: -len(group[1]))
                    ),
                ],
            }
        )

    def _prepare_line(self, reason, employees, found):
        hours = found.hours_of(employees) if reason == self._has_left() else 0.0
        leaves = found.leaves.browse()
        if reason == self._has_left_leave():
            leaves = self._late(found.leaves)
        elif reason == self._not_granted():
            leaves = found.undecided
        return {
            "reason": reason,
            "employee_ids": [Command.set(employees.ids)],
            "count": len(employees),
            "without_hours": reason in (self._no_hours(), self._has_left(), self._has_left_leave()),
            "hours": hours,
            "leave_ids": [Command.set(leaves.filtered(lambda leave: leave.employee_id in employees).ids)],
        }

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

    @api.depends("connection_id")
    def _compute_calendar_ids(self):
        for desk in self:
            desk.calendar_ids = desk.connection_id._time_calendars() if desk.connection_id else False

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
            sheets = desk._timesheets()
            desk.next_step = desk._next_step(sheets)
            desk.leave_warning = sheets[:1].leave_warning

    def _next_step(self, sheets):
        names = {
            "calendar": self.calendar_id.name,
            "first": format_date(self.env, self.date_from),
            "last": format_date(self.env, self.date_to),
        }
        if self._is_paid():
            return self.env._("The pay run %(calendar)s, %(first)s – %(last)s, is posted in Xero.", **names)
        drafts = sheets.filtered(lambda sheet: sheet.xero_status in UNAPPROVED)
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
        return self.env["xero.pay.run"]._has_paid(self.calendar_id, self.date_from)

    @api.constrains("connection_id")
    def _check_connection(self):
        """The one that a company of the user's travels with, which may be a branch's parent's (B12)."""
        used = self.env["xero.connection"].union(*map(self.env["xero.connection"]._for_company, self.env.companies))
        if self.sudo().connection_id - used:
            raise AccessError(self.env._("None of your companies is paid by that Xero organisation."))

    @api.constrains("connection_id", "calendar_id")
    def _check_calendar(self):
        """One whose people's hours can be sent (XW-12)."""
        for desk in self:
            if desk.calendar_id not in desk.calendar_ids:
                raise ValidationError(
                    self.env._(
                        "Hours of the “%s” cannot be sent to Xero: choose a calendar that timesheets can be sent for.",
                        desk.calendar_id.name,
                    )
                )

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
        found = self._find()
        problems = self._problems(found.sheets)  # some of what is in Xero may have lines that were held back
        sheets = found.sheets.filtered(
            lambda row: row.state == "payroll_approved"
            or row.state == "pushed"
            and (row.xero_state != "synced" or row in problems)
        )
        leaves, sheets = self._within_reach(self._late(found.leaves)), self._within_reach(sheets)
        if not sheets and not leaves:
            raise UserError(self.env._("There is nothing to push in this period."))
        actions = [records.action_xero_push() for records in (leaves, sheets) if records]
        self._look()
        return actions[0] if len(actions) == 1 else self._merge(*actions)

    def _merge(self, of_leave, of_time):
        """One answer for both: what happens in the background is shown when the sentences are read."""
        told = [action["params"] for action in (of_leave, of_time) if "params" in action]
        shown = [action for action in (of_leave, of_time) if "params" not in action]
        if not told:
            runs = self.env["xero.run"].browse(action["res_id"] for action in shown)
            return self.env["xero.timesheet"]._xero_follow(runs)
        kind = max((params["type"] for params in told), key=KINDS.index)
        message = " ".join(params["message"] for params in told)
        outcome = self.connection_id._notify(message, kind)
        outcome["params"]["next"] = shown[0] if shown else outcome["params"]["next"]
        return outcome

    def action_import(self):
        """Bring in what payroll needs of Xero: people, leave and balances, pay runs."""
        self._check_payroll()
        if not self.connection_id.has_access("read"):
            company = self.connection_id.sudo().company_id
            raise UserError(
                self.env._(
                    "Payroll of %s is brought in by somebody who works there; what has a schedule comes by itself.",
                    company.name,
                )
            )
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
