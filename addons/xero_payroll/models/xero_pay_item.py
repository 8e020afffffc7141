"""What pay consists of in Xero: earnings rates, deductions, reimbursements, leave types."""

from odoo import api, fields, models
from odoo.fields import Domain

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
    _check_company_domain = models.check_company_domain_parent_of  # a branch may use its parent's (B12)

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
    is_statutory_leave = fields.Boolean(readonly=True, help="Of the United Kingdom: it is entered in Xero only.")
    active = fields.Boolean(default=True, readonly=True, help="Xero's current record; older ones rest.")
    for_timesheets = fields.Boolean(compute="_compute_for_timesheets", store=True, help="Hours can be sent under it.")

    has_time_off_type = fields.Boolean(
        compute="_compute_has_time_off_type",
        search="_search_has_time_off_type",
        compute_sudo=True,
        help="A time off type of Odoo stands for it.",
    )
    timesheet_note = fields.Char("Not for Timesheets Because", compute="_compute_timesheet_note")

    _xero_unique = models.Constraint("UNIQUE(connection_id, tenant_id, xero_id)", "This pay item is here already.")

    @api.depends("kind", "name", "rate_type", "type_of_units", "active")
    @api.depends_context("lang")
    def _compute_timesheet_note(self):
        """What keeps earnings from timesheets, or makes people choose the wrong one (XW-17)."""
        everything = self.with_context(active_test=False)
        named = [("kind", "=", "earnings"), ("connection_id", "in", self.connection_id.ids)]
        names = {item: " ".join((item.name or "").split()).casefold() for item in everything.search(named)}
        for item in self:
            notes = []
            if item.kind == "earnings" and not item.active:
                notes.append(self.env._("It is not current in Xero."))
            elif item.kind == "earnings" and not item.for_timesheets:
                notes.append(self.env._("Timesheets take hours only: its rate type must be per unit, its units hours."))
            if item.kind == "earnings" and (item.name or "") != " ".join((item.name or "").split()):
                notes.append(self.env._("Its name has spaces too many."))
            twins = [row for row, name in names.items() if name == names.get(item) and row != item]
            if any(row.active != item.active and row.connection_id == item.connection_id for row in twins):
                notes.append(self.env._("Another one of that name is not current, or is the current one."))
            item.timesheet_note = " ".join(notes)

    @api.depends("connection_id")
    def _compute_has_time_off_type(self):
        linked = self._of_time_off_types(self.connection_id)
        for item in self:
            item.has_time_off_type = item in linked

    @api.model
    def _search_has_time_off_type(self, operator, value):
        if operator != "in":
            return NotImplemented
        linked = self._of_time_off_types(self.env["xero.connection"].sudo().search([("tenant_id", "!=", False)]))
        return Domain("id", "in" if True in value else "not in", linked.ids)

    @api.model
    def _of_time_off_types(self, connections):
        """Leave types that people can ask for, in the companies of `connections`."""
        found = (connection._dataset("leave_application")._types().values() for connection in connections)
        return self.browse().union(*(leave_types.xero_pay_item_id for by_id in found for leave_types in by_id))

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
