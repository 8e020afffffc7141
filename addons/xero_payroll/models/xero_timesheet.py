"""Timesheets for payroll: hours of one employee in one pay period, approved in two steps."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.xero_connector.models import messages

from .xero_payroll_mixin import PAYROLL_USER

STATES = [
    ("draft", "Draft"),
    ("manager_approved", "Approved by the manager"),
    ("payroll_approved", "Approved by payroll"),
    ("pushed", "In Xero"),
]
# What says whose hours these are, and whether they may travel: only while they are a draft.
FIXED = {"employee_id", "company_id", "calendar_id", "date_from", "date_to"}
BY_BUTTONS = {"state", "by_hand"}


class XeroTimesheet(models.Model):
    """Managers approve the time, payroll approves the pay items, then it may go to Xero (XQ-14)."""

    _name = "xero.timesheet"
    _description = "Xero Timesheet"
    _inherit = ["mail.thread", "xero.payroll.mixin"]
    _order = "date_from desc, employee_id"
    _check_company_auto = True

    employee_id = fields.Many2one("hr.employee", required=True, check_company=True, index=True)
    department_id = fields.Many2one(related="employee_id.department_id", store=True)
    employee_type = fields.Selection(related="employee_id.employee_type", groups=PAYROLL_USER)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    calendar_id = fields.Many2one(
        "xero.payroll.calendar",
        compute="_compute_calendar_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )
    date_from = fields.Date(required=True)
    date_to = fields.Date(required=True)
    by_hand = fields.Boolean(
        "Entered in Xero", readonly=True, copy=False, help="By people: Xero takes no hours of whoever has left."
    )
    state = fields.Selection(STATES, required=True, default="draft", readonly=True, copy=False, tracking=True)
    line_ids = fields.One2many("xero.timesheet.line", "timesheet_id")
    total = fields.Float(
        "Total Time",
        compute="_compute_total",
        store=True,
        help="Sum of all lines, in hours; what was paid as leave and not taken is left out.",
    )

    _period_unique = models.Constraint(
        "UNIQUE(employee_id, date_from, date_to)", "This employee has a timesheet for that period already."
    )
    _dates_in_order = models.Constraint("CHECK(date_from <= date_to)", "A period ends after it begins.")

    @api.depends("employee_id")
    def _compute_calendar_id(self):
        """That of the employee as he is paid now."""
        for timesheet in self:
            timesheet.calendar_id = timesheet.employee_id.xero_calendar_id

    @api.depends("line_ids.units")
    def _compute_total(self):
        for timesheet in self:
            timesheet.total = sum(timesheet.line_ids.mapped("units"))

    @api.depends("employee_id", "date_from", "date_to")
    def _compute_display_name(self):
        for timesheet in self:
            name = timesheet.sudo().employee_id.name or ""  # who sees a timesheet need not see staff
            timesheet.display_name = f"{name} {timesheet.date_from} – {timesheet.date_to}"

    @api.constrains("date_from", "date_to")
    def _check_days(self):
        """Xero is told the hours of each day of the period, and no others."""
        for timesheet in self:
            first, last = timesheet.date_from, timesheet.date_to
            for day in (day for day in timesheet.line_ids.mapped("date") if not first <= day <= last):
                raise ValidationError(
                    self.env._(
                        "%(day)s is not a day of the timesheet %(timesheet)s: enter these hours in the one that has "
                        "the day.",
                        day=day,
                        timesheet=timesheet.display_name,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Create as a draft, whatever is asked for."""
        if not self.env.su and any(vals.get("state", "draft") != "draft" or vals.get("by_hand") for vals in vals_list):
            raise AccessError(self.env._("A timesheet begins as a draft."))
        return super().create(vals_list)

    def write(self, vals):
        """States change by the buttons only; what is approved stays as it was approved."""
        approved = any(timesheet.state != "draft" for timesheet in self)
        fixed = (FIXED | BY_BUTTONS if approved else BY_BUTTONS) & vals.keys()
        if fixed and not self.env.su:
            raise AccessError(self.env._("An approved timesheet is opened again before it is changed."))
        if FIXED & vals.keys() and not self.env.su:
            self._check_not_in_xero()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft(self):
        for timesheet in self.filtered(lambda timesheet: timesheet.state != "draft"):
            raise UserError(self.env._("%s is approved: open it again before you delete it.", timesheet.display_name))
        self._check_not_in_xero()

    def _check_not_in_xero(self):
        if sent := self.filtered(lambda timesheet: timesheet.sudo().xero_link_id.xero_id)[:1]:
            raise UserError(self.env._("%s is in Xero: delete it there first.", sent.display_name))

    # === XERO === #

    def _xero_dataset_key(self):
        # EXTENDS xero.mixin: to the one place that the company has chosen (K11)
        connection = self.env["xero.connection"].sudo()._for_company(self._xero_company())
        return connection.payroll_push_target or "timesheet"

    def _xero_wants_note(self):
        # EXTENDS xero.mixin: before its approval nobody asks
        return self.state in ("payroll_approved", "pushed")

    def _xero_problem_text(self):
        # EXTENDS xero.mixin: the timesheet may go, and some of its lines not (XQ-30)
        text = super()._xero_problem_text()
        connection = self.env["xero.connection"]._for_company(self._xero_company())
        if text or connection.state != "connected" or not self._xero_wants_note():
            return text
        problem = connection._dataset("timesheet")._held_problem(self._origin)
        return (
            problem and not self._is_put_aside(problem) and messages.render(self.env, problem.code, problem.arguments)
        )

    def _is_put_aside(self, problem):
        """Whether people have chosen to ignore it."""
        same = [("model", "=", self._name), ("res_id", "=", self._origin.id), ("code", "=", problem.code)]
        return bool(self.env["xero.exception"].sudo().search_count([*same, ("state", "=", "ignored")], limit=1))
