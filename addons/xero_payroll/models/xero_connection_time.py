"""Time of a connection: where hours come from, what they are paid under, how they arrive in Xero."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.xero_connector.datasets.statuses import BUSY_STATES

from .. import periods

PERIODS = 4  # that are collected at most, from the one that is paid next to today's


class XeroConnection(models.Model):
    _inherit = "xero.connection"

    hours_source = fields.Selection(
        "_selection_hours_source",
        "Hours come from",
        default="timesheet",
        required=True,
        help="One source for the whole company: hours that are in two places would be paid twice.",
    )
    push_status_timesheet = fields.Selection(
        [("draft", "Draft"), ("approved", "Approved")],
        "Timesheets arrive as",
        default="draft",
        required=True,
        help="Draft: somebody approves them in Xero once more.",
    )
    payroll_push_target = fields.Selection(
        [("timesheet", "Timesheets"), ("pay_template", "Pay templates of the employees")],
        "Hours go to",
        default="timesheet",
        required=True,
        help="Pay templates: the hours of the period that is paid next become lines of the employee's pay template; "
        "all other lines stay as they are in Xero. Hours stay there until the next timesheet replaces them.",
    )
    rate_map_ids = fields.One2many(
        "xero.rate.map",
        "connection_id",
        "Earnings Rates of Hours",
        groups="xero_payroll.group_xero_payroll_user",
    )

    push_employees = fields.Boolean(
        "Send new employees", help="Employees who are only in Odoo can be pushed; all others come from Xero."
    )
    new_employee_calendar_id = fields.Many2one(
        "xero.payroll.calendar",
        "Payroll Calendar of New Employees",
        domain="[('connection_id', '=', id)]",
        help="New employees are paid by it.",
    )

    @api.model
    def _selection_hours_source(self):
        labels = {
            "timesheet": self.env._("Timesheets"),
            "attendance": self.env._("Attendances"),
            "work_entry": self.env._("Work entries"),
        }
        return [
            (key, label) for key, label in labels.items() if self.env[f"xero.hours.{key}"]._source_model in self.env
        ]

    # === CRUD === #

    def write(self, vals):
        # EXTENDS xero_connector: what was never sent is not waiting for the other place any more
        if "payroll_push_target" in vals:
            for connection in self.filtered(lambda row: row.payroll_push_target != vals["payroll_push_target"]):
                waiting = [
                    ("connection_id", "=", connection.id),
                    ("dataset", "=", connection.payroll_push_target),
                    ("xero_id", "=", False),
                    ("state", "not in", BUSY_STATES),
                ]
                links = self.env["xero.link"].sudo().search(waiting)
                self.env["xero.exception"].sudo()._close(links)
                links.unlink()
        return super().write(vals)

    # === BUSINESS === #

    def _time_calendar_types(self):
        """Types of payroll calendars whose people's hours can be sent; a pay template has no days (XW-12)."""
        self.ensure_one()
        region = self._payroll_region()
        if not region:
            return ()
        return region.timesheet_calendars if self.payroll_push_target == "timesheet" else periods.KINDS

    def _time_calendars(self):
        """Payroll calendars of people whose hours can be sent."""
        self.ensure_one()
        wanted = [
            ("connection_id", "=", self.id),
            ("tenant_id", "=", self.tenant_id),
            ("calendar_type", "in", self._time_calendar_types()),
            ("start_date", "!=", False),
        ]
        return self.env["xero.payroll.calendar"].search(wanted)

    def _hours(self):
        """The source of hours, one ``xero.hours.*``; ``None`` when its app was uninstalled."""
        source = self.env.get(f"xero.hours.{self.hours_source}")
        return source if source is not None and source._source_model in self.env else None

    def _collect_hours(self):
        """Bring in the hours of all periods that are not paid yet, up to today's; no call."""
        self.ensure_one()
        found = self.env["xero.timesheet"]
        if self._payroll_refusal("timesheet"):
            return found
        for calendar in self._time_calendars():
            day = calendar.start_date
            for _period in range(PERIODS):
                found |= found._collect(self, calendar, day)
                day = fields.Date.add(calendar._period(day)[1], days=1)
                if day > self._today():
                    break
        return found

    def action_collect_hours(self):
        """Bring in hours, and show the timesheets that they are in.

        :raises UserError: payroll cannot travel
        """
        self.ensure_one()
        self.env["xero.connection"]._check_user()
        connection = self.sudo()
        if refusal := connection._payroll_refusal("timesheet"):
            raise UserError(refusal)
        found = connection._collect_hours()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Timesheets"),
            "res_model": "xero.timesheet",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", found.ids)],
        }

    def _queue_mode(self, mode):
        # EXTENDS xero_connector: by schedule, hours are brought in before what is approved goes (PRL-06)
        if mode.kind in ("timesheet", "pay_template"):
            try:
                with self.env.cr.savepoint():
                    self._collect_hours()
            except UserError:
                # It may name people: the button tells those who may know.
                self.env["xero.event"]._log_connection(self, "hours_not_collected", "failed")
        return super()._queue_mode(mode)
