"""Lines of timesheets: hours of one day under one pay item."""

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..datasets.timesheet_check import PAID
from .xero_payroll_mixin import PAYROLL_USER
from .xero_timesheet_collect import DIGITS


class XeroTimesheetLine(models.Model):
    """The pay item may still be changed until the timesheet is in Xero (XQ-15)."""

    _name = "xero.timesheet.line"
    _inherit = "xero.payroll.kept"
    _description = "Xero Timesheet Line"
    _order = "date, id"

    timesheet_id = fields.Many2one("xero.timesheet", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="timesheet_id.company_id", store=True)
    employee_id = fields.Many2one(related="timesheet_id.employee_id", store=True)
    state = fields.Selection(related="timesheet_id.state")
    date = fields.Date(required=True)
    pay_item_id = fields.Many2one(
        "xero.pay.item",
        domain="""[
            '|', ('for_timesheets', '=', True), ('has_time_off_type', '=', True),
            ('company_id', 'parent_of', company_id),
        ]""",
    )
    units = fields.Float("Hours", required=True, digits=(16, 4))
    name = fields.Char("Description")
    time_from = fields.Datetime("Begin", readonly=True, help="Where the source of hours knows it.")
    time_to = fields.Datetime("End", readonly=True)
    source_model = fields.Char(readonly=True)
    source_id = fields.Many2oneReference(model_field="source_model", readonly=True)
    source_date = fields.Date("Worked on", readonly=True, help="When that was before this period.")
    source_item_id = fields.Many2one("xero.pay.item", readonly=True, help="The earnings rate when it was brought in.")
    xero_problem = fields.Char(
        "Unknown to Xero",
        compute="_compute_xero_problem",
        groups=PAYROLL_USER,
        help="Why these hours cannot go; those of the other lines do (XQ-30).",
    )

    _source_index = models.Index("(source_model, source_id)")

    @api.depends("state", "pay_item_id", "employee_id")
    def _compute_xero_problem(self):
        """Before the approval, too: then the pay item may still be changed (XQ-15)."""
        catalogue = self.env["xero.known.error"]
        self.xero_problem = False
        for timesheet, lines in self.filtered(lambda line: line.state != "pushed").grouped("timesheet_id").items():
            connection = self.env["xero.connection"]._for_company(timesheet.company_id)
            if connection.state != "connected" or connection._payroll_refusal("timesheet"):
                continue
            dataset = connection._dataset("timesheet")
            for line in lines:
                if problem := dataset._line_problem(timesheet.sudo().employee_id, line.sudo()):
                    line.xero_problem = catalogue._label_of(problem.code)

    @api.constrains("date", "timesheet_id")
    def _check_date(self):
        self.timesheet_id._check_days()

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Create lines of drafts; where hours come from only the server says."""
        lines = super().create(vals_list)
        lines._check_editable({"units"})
        return lines

    def write(self, vals):
        """Hours may change in a draft, the pay item also while payroll looks at them."""
        self._check_editable(vals.keys())
        # Asked before our constraint reads the timesheet that it goes to.
        self.timesheet_id.browse(vals.get("timesheet_id", [])).check_access("write")
        result = super().write(vals)
        self._check_editable(vals.keys())  # a line may have been moved to another timesheet
        return result

    def unlink(self):
        """Delete lines of drafts."""
        self._check_editable({"units"})
        return super().unlink()

    def _check_editable(self, names):
        if self.env.su:
            return
        for timesheet in self.timesheet_id:
            if timesheet.state == "draft":
                continue
            by_payroll = self.env.user.has_group(PAYROLL_USER) and timesheet.state == "manager_approved"
            if set(names) - {"pay_item_id"} or not by_payroll:
                raise AccessError(
                    self.env._("%s is approved: open it again before you change its hours.", timesheet.display_name)
                )

    # === HELPERS === #

    def _differs_from(self, vals):
        """Whether these values of a line, as the source says them now, are others than those that were brought in."""
        if round(self.units, DIGITS) != vals["units"]:
            return True
        if self.timesheet_id.xero_status == PAID:
            return False
        return self.date != vals["date"] or self.source_item_id.id not in (False, vals["source_item_id"])

    def _as_values(self):
        """Values of a line like this one, which JSON can hold."""
        self.ensure_one()
        same = {name: self[name] for name in ("name", "units", "source_model", "source_id")}
        moments = {name: self[name] and str(self[name]) for name in ("date", "source_date", "time_from", "time_to")}
        return {"pay_item_id": self.pay_item_id.id, **same, **moments}
