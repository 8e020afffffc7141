"""What pay consists of in Xero: earnings rates, deductions, reimbursements, leave types."""

from odoo import api, fields, models

KINDS = [
    ("earnings", "Earnings"),
    ("deduction", "Deduction"),
    ("reimbursement", "Reimbursement"),
    ("leave", "Leave"),
]
RATE_TYPES = [
    ("FIXEDAMOUNT", "Fixed amount"),
    ("MULTIPLE", "Multiple of the ordinary rate"),
    ("RATEPERUNIT", "Rate per unit"),
]
HOURS = "hours"


class XeroPayItem(models.Model):
    """One pay item of an organisation; the pick-list of timesheets and leave types."""

    _name = "xero.pay.item"
    _description = "Xero Pay Item"
    _order = "kind, name, id"

    connection_id = fields.Many2one("xero.connection", required=True, ondelete="cascade", index=True, readonly=True)
    company_id = fields.Many2one(related="connection_id.company_id", store=True, index=True)
    tenant_id = fields.Char(required=True, readonly=True)
    xero_id = fields.Char("Xero ID", required=True, readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    name = fields.Char(required=True, readonly=True)
    rate_type = fields.Selection(RATE_TYPES, readonly=True, help="Of earnings.")
    type_of_units = fields.Char("Units", readonly=True, help="What is counted, e.g. Hours.")
    multiplier = fields.Float(digits=(8, 4), readonly=True, help="Of the ordinary rate.")
    category = fields.Char(readonly=True, help="Kind of earnings, in Xero's words.")
    account_code = fields.Char(readonly=True)
    account_xero_id = fields.Char(readonly=True)
    is_paid_leave = fields.Boolean(readonly=True)
    active = fields.Boolean(default=True, readonly=True, help="Xero's current record; older ones rest.")
    for_timesheets = fields.Boolean(compute="_compute_for_timesheets", store=True, help="Hours can be sent under it.")

    _xero_unique = models.Constraint("UNIQUE(connection_id, tenant_id, xero_id)", "This pay item is here already.")

    @api.depends("kind", "rate_type", "type_of_units", "active")
    def _compute_for_timesheets(self):
        """A timesheet takes earnings by the hour: no fixed amounts, no other units (XW-17)."""
        for item in self:
            item.for_timesheets = (
                item.active
                and item.kind == "earnings"
                and item.rate_type != "FIXEDAMOUNT"
                and (item.type_of_units or HOURS).strip().lower() == HOURS
            )
