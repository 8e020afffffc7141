"""Xero's tracking categories."""

from odoo import fields, models


class XeroTrackingCategory(models.Model):
    """One tracking category of a Xero organisation; at most two are active there."""

    _name = "xero.tracking.category"
    _description = "Xero Tracking Category"
    _order = "name"

    connection_id = fields.Many2one("xero.connection", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="connection_id.company_id", store=True, index=True)
    tenant_id = fields.Char(required=True)
    xero_id = fields.Char("Xero ID", required=True)
    name = fields.Char(required=True)
    status = fields.Char(default="ACTIVE")
    option_ids = fields.One2many("xero.tracking.option", "category_id")
    active = fields.Boolean(default=True)

    _xero_unique = models.Constraint(
        "UNIQUE(connection_id, tenant_id, xero_id)", "This tracking category is here already."
    )

    def _option(self, name):
        """Option of that name (XW-03), possibly none.

        Where missing ones are made Xero's own rule holds: case makes no difference, and an archived one keeps its name.
        """
        self.ensure_one()
        found = self.option_ids.filtered(lambda option: option.xero_id and option.name == name)[:1]
        if found or not self.connection_id.create_tracking_options:
            return found
        options = self.with_context(active_test=False).option_ids.filtered(lambda option: option.status != "DELETED")
        return options.filtered(lambda option: option.name.casefold() == name.casefold())[:1]
