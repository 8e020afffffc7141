"""What records of payroll get from the connector: its link, shown to those who work with payroll."""

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.xero_connector.datasets.statuses import BUSY_STATES

PAYROLL_USER = "xero_payroll.group_xero_payroll_user"
PAYROLL_ADMIN = "xero_payroll.group_xero_payroll_admin"
READERS = f"hr.group_hr_user,{PAYROLL_USER}"


class XeroPayrollMixin(models.AbstractModel):
    """:class:`xero.mixin` for models of staff: other people read it than those of accounting."""

    _name = "xero.payroll.mixin"
    _inherit = ["xero.mixin", "xero.payroll.kept"]
    _description = "Xero Payroll Mixin"

    xero_link_id = fields.Many2one(groups=READERS)
    xero_state = fields.Selection(groups=READERS)
    xero_number = fields.Char(groups=READERS)
    xero_status = fields.Char(groups=READERS)
    xero_status_label = fields.Char(groups=READERS)
    xero_url = fields.Char(groups=READERS)
    xero_message = fields.Char(groups=READERS)
    xero_warning = fields.Char(groups=READERS)
    xero_pushable = fields.Boolean(groups=READERS)
    xero_file_count = fields.Integer(groups=READERS)
    xero_waits_for = fields.Char(groups=READERS)
    xero_can_approve = fields.Boolean(groups=READERS)

    def action_xero_push(self):
        # EXTENDS xero.mixin: who works with invoices only sends nobody's time or leave (XQ-12)
        self._check_payroll_user()
        return super().action_xero_push()

    def action_xero_dry_run(self):
        # EXTENDS xero.mixin: what would be sent tells what somebody earns
        self._check_payroll_user()
        return super().action_xero_dry_run()

    def _xero_enter_by_hand(self, reason):
        """Payroll has entered these records in Xero itself: they do not go there any more, their problems are cured.

        :param reason: code of a known error that says so
        """
        links = self.sudo().xero_link_ids  # of a timesheet, lines that were held back have their own
        # What agrees with Xero goes on to do so.
        settled = links.filtered(lambda link: link.xero_id and link.state == "synced")
        # What people enter there is theirs, and no difference to decide on.
        (links - settled).write({"state": "excluded", "reason": reason, "sent_print": False})
        self.env["xero.exception"].sudo()._close(links)

    def _check_not_on_its_way(self):
        if busy := self.filtered(lambda record: record.sudo().xero_link_id.state in BUSY_STATES)[:1]:
            raise UserError(self.env._("%s is on its way to Xero: try again when it has arrived.", busy.display_name))

    def _check_payroll_user(self):
        if not self.env.user.has_group(PAYROLL_USER):
            raise AccessError(self.env._("Only payroll users send time and leave to Xero."))
