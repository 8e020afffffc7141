"""Payroll of a connection: access, settings, and what Xero offers in its country."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from odoo.addons.xero_connector.client import errors, scopes
from odoo.addons.xero_connector.models import messages

from .. import periods
from ..regions import ALL, region_of
from .xero_payroll_mixin import PAYROLL_ADMIN

_lt = LazyTranslate(__name__)

FREQUENCIES = [
    ("WEEKLY", "Weekly"),
    ("FORTNIGHTLY", "Fortnightly"),
    ("FOURWEEKLY", "Four-weekly"),
    ("MONTHLY", "Monthly"),
]
CAPABILITIES = {
    "employee": _lt("Employees from Xero"),
    "employee_push": _lt("New employees to Xero"),
    "salary": _lt("Annual salaries from Xero"),
    "pay_item": _lt("Pay items from Xero"),
    "payroll_calendar": _lt("Payroll calendars from Xero"),
    "leave_type": _lt("Leave types from Xero"),
    "leave_balance": _lt("Leave balances from Xero"),
    "leave_application": _lt("Leave applications from Xero"),
    "leave_application_push": _lt("Leave requests to Xero"),
    "statutory_leave": _lt("Statutory leave requests to Xero"),
    "timesheet": _lt("Timesheets to Xero"),
    "pay_template": _lt("Pay templates to Xero"),
    "pay_run": _lt("Pay runs and payslip totals from Xero"),
    "work_location": _lt("Work locations"),
}
COUNTRIES = _lt("Australia, New Zealand and the United Kingdom")
REASONS = {
    "no_region": _lt("Xero offers payroll to other programs in %(countries)s only, not in %(country)s."),
    "no_statutory_leave": _lt(
        "Statutory leave (sick, maternity and the like in the United Kingdom) is entered in Xero itself."
    ),
    "no_work_locations": _lt("Only organisations in the United States had work locations, and Xero closed that."),
}
PAYROLL = "payroll"


class XeroConnection(models.Model):
    _inherit = "xero.connection"

    payroll_access = fields.Boolean(
        "Allow Payroll Access",
        help="Asks Xero for payroll as well when you connect. The Xero user who connects must be a payroll "
        "administrator there.",
    )
    payroll_problem = fields.Char(compute="_compute_payroll_problem", help="Why payroll does not come in.")
    payroll_capabilities = fields.Html(compute="_compute_payroll_capabilities", sanitize=False)

    leave_types_to_copy = fields.Integer(
        compute="_compute_leave_types_to_copy",
        groups=PAYROLL_ADMIN,
        help="Leave types of Xero that no time off type stands for yet (LVE-03).",
    )

    # What comes in
    on_missing_employee = fields.Selection(
        [("create", "Create them in Odoo"), ("skip", "Leave them out")],
        "Employees only in Xero",
        default="create",
        required=True,
    )
    sync_salaries = fields.Boolean("Annual Salaries", help="Only payroll users see them.")
    sync_leave = fields.Boolean("Leave Applications", default=True)
    pull_leave_balances = fields.Boolean(
        "Leave Balances", default=True, help="At midnight of each pay run date, and with each import."
    )
    sync_pay_runs = fields.Boolean("Pay Runs", default=True)

    # When people are paid
    pay_frequency = fields.Selection(FREQUENCIES, "Pay Run Frequency")
    pay_period_start = fields.Date(help="First day of any pay period.")
    pay_run_date = fields.Date(help="The day on which any of the pay runs is done.")
    pay_period_text = fields.Char("Current Pay Period", compute="_compute_pay_period")
    next_pay_run_date = fields.Date(compute="_compute_pay_period")

    # === ACCESS === #

    def _payroll_region(self):
        """The region of the organisation, ``None`` where Xero offers other programs no payroll."""
        self.ensure_one()
        return region_of(self.country_code)

    def _payroll_limit(self, capability):
        """Why Xero does not offer something in the organisation's country: a sentence, ``False`` when it does.

        :param capability: one of :data:`~..regions.ALL`
        """
        self.ensure_one()
        region = self._payroll_region()
        if region and region.supports(capability):
            return False
        code = region.limits[capability] if region else "no_region"
        arguments = {"countries": self.env._(COUNTRIES), "country": self.country_code or "?"}
        return messages.fill(self.env, self.env._(REASONS[code]), arguments)

    def _payroll_refusal(self, capability):
        """Why payroll data cannot travel now: a sentence, ``False`` when they can; no call."""
        self.ensure_one()
        if not self.payroll_access:
            return self.env._(
                "Payroll access is off: tick “Allow Payroll Access” at the connection of %s, then disconnect and "
                "connect again.",
                self.company_id.name,
            )
        if self.state == "connected" and (limit := self._payroll_limit(capability)):
            return limit
        return self._payroll_consent_missing() and self._payroll_reconnect_text()

    def _payroll_consent_missing(self):
        return bool(self.granted_scopes and scopes.missing_scopes(self.granted_scopes, (PAYROLL,)))

    def _payroll_reconnect_text(self):
        return self.env._(
            "The consent does not cover payroll yet. Disconnect, remove the app at Xero under Settings ▸ Connected "
            "apps, then connect again with “Allow Payroll Access” ticked, as a Xero user with payroll access."
        )

    def _features(self):
        # EXTENDS xero_connector
        wanted = self.payroll_access and (not self.country_code or self._payroll_region())
        return (*super()._features(), *((PAYROLL,) if wanted else ()))

    @api.depends("payroll_access")
    def _compute_health(self):
        # EXTENDS xero_connector: other scopes are needed with the switch on
        return super()._compute_health()

    def _health_problems(self):
        # EXTENDS xero_connector: what to do is more than to connect again (XW-11)
        problems = super()._health_problems()
        wanted = PAYROLL in self._features()
        if "scopes" in problems and wanted and self._payroll_consent_missing():
            problems["scopes"] = self._payroll_reconnect_text()
        return problems

    def _check_pulled(self, dataset):
        # EXTENDS xero_connector: payroll has its own reasons
        if dataset in ALL:
            self._check_usable()
            if refusal := self._payroll_refusal(dataset):
                raise UserError(refusal)
        return super()._check_pulled(dataset)

    def _read_elements(self, elements, chosen=None):
        # EXTENDS xero_connector: of payroll, only what comes in; a calendar or an item an employee has may be new
        for key in dict(elements).keys() & set(ALL):
            self.sudo()._check_pulled(key)
        if "employee" in dict(elements):
            self._import(["pay_item", "payroll_calendar"])
        return super()._read_elements(elements, chosen=chosen)

    def _error_text(self, error):
        # EXTENDS xero_connector
        if isinstance(error, errors.ApiRefused):
            # 403 speaks of the user; a demo company simply begins without payroll.
            code = "payroll_demo" if self.is_demo_company and error.status != 403 else "api_refused"
            known = self.env["xero.known.error"]._for_code(code).with_env(self.env).sudo()
            return f"{known.cause} {known.correction}"
        return super()._error_text(error)

    # === COMPUTES === #

    @api.depends("payroll_access", "granted_scopes", "country_code", "state")
    @api.depends_context("lang")
    def _compute_payroll_problem(self):
        for connection in self:
            wanted = connection.payroll_access and connection.state == "connected"
            connection.payroll_problem = wanted and connection._payroll_refusal("employee")

    @api.depends("country_code")
    @api.depends_context("lang")
    def _compute_payroll_capabilities(self):
        """What works in the organisation's country, and why the rest does not (PRL-14 to PRL-16)."""
        for connection in self:
            rows = []
            for capability in ALL:
                limit = connection._payroll_limit(capability) if connection.country_code else False
                rows.append({"label": self.env._(CAPABILITIES[capability]), "limit": limit})
            connection.payroll_capabilities = self.env["ir.qweb"]._render(
                "xero_payroll.capabilities", {"rows": rows, "country": connection.country_code}
            )

    @api.depends("tenant_id")
    def _compute_leave_types_to_copy(self):
        for connection in self:
            connection.leave_types_to_copy = len(connection._leave_types_to_copy(connection._leave_types()))

    @api.depends("pay_frequency", "pay_period_start", "pay_run_date", "tz")
    @api.depends_context("lang")
    def _compute_pay_period(self):
        for connection in self:
            today = connection._today()
            period = connection._pay_period(today)
            connection.pay_period_text = period and f"{period[0]} – {period[1]}"
            connection.next_pay_run_date = connection._pay_day_after(today, itself=True)

    # === LEAVE TYPES === #

    def _leave_types(self):
        """Leave types of the organisation, as pay items."""
        own = [("connection_id", "=", self.id), ("tenant_id", "=", self.tenant_id), ("kind", "=", "leave")]
        return self.env["xero.pay.item"].search(own)

    def _leave_types_to_copy(self, items):
        """Those of `items` that no time off type stands for, archived ones too; none of statutory leave."""
        types = self.env["hr.leave.type"].with_context(active_test=False).with_company(self.company_id)
        offered = items.filtered(lambda item: not item.is_statutory_leave)
        return offered - types.search([("xero_pay_item_id", "in", items.ids)]).xero_pay_item_id

    # === WHEN PEOPLE ARE PAID === #

    def _today(self):
        """The day it is at the company."""
        return fields.Date.context_today(self.with_context(tz=self.tz or "UTC"))

    def _pay_period(self, day):
        """First and last day of the pay period that `day` lies in (XQ-25), ``False`` without settings."""
        self.ensure_one()
        if not self.pay_frequency or not self.pay_period_start:
            return False
        return periods.period(self.pay_frequency, self.pay_period_start, day)

    def _pay_day_after(self, day, itself=False):
        """The first nominated pay date after `day`: of the settings, else of Xero's calendars.

        :param itself: whether `day` may be one
        :return: date, ``False`` when nobody has said when people are paid
        """
        self.ensure_one()
        anchors = [(self.pay_frequency, self.pay_run_date)] if self.pay_frequency and self.pay_run_date else []
        if not anchors:
            known = (
                self.env["xero.payroll.calendar"]
                .sudo()
                .search([("connection_id", "=", self.id), ("tenant_id", "=", self.tenant_id)])
            )
            anchors = [(row.calendar_type, row.payment_date) for row in known if row.calendar_type]
        days = [_next(kind, anchor, day, itself) for kind, anchor in anchors if anchor]
        return min(days, default=False)

    # === ACTIONS === #

    def action_copy_leave_types(self):
        """Choose which leave types of Xero's become time off types."""
        self.ensure_one()
        return self.env["xero.leave.type.wizard"]._open(self)


def _next(kind, anchor, day, itself):
    """The first of the days that follow `anchor` at that frequency after `day`."""
    number = periods.number_of(kind, anchor, day)
    current = periods.start(kind, anchor, number)
    return current if itself and current == day else periods.start(kind, anchor, number + 1)
