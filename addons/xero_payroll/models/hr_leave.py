"""Time off: what Xero has of it."""

from odoo import fields, models

STATUSES = [
    ("requested", "Requested"),
    ("current", "Current: in Xero and approved"),
    ("taken", "Taken: paid"),
    ("rejected", "Rejected in Xero"),
]


class HrLeave(models.Model):
    _name = "hr.leave"
    _inherit = ["hr.leave", "xero.payroll.mixin"]

    xero_leave_status = fields.Selection(STATUSES, "Leave in Xero", readonly=True, copy=False)
    xero_balance_at_request = fields.Float(
        "Balance at Request", readonly=True, copy=False, help="Units that Xero knew of when the leave was asked for."
    )

    def _xero_dataset_key(self):
        # EXTENDS xero.mixin
        return "leave_application"
