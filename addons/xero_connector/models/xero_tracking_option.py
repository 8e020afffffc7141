"""Options of Xero's tracking categories."""

from odoo import fields, models


class XeroTrackingOption(models.Model):
    """One option of a tracking category."""

    _name = "xero.tracking.option"
    _inherit = "xero.mixin"
    _description = "Xero Tracking Option"
    _order = "name"

    category_id = fields.Many2one("xero.tracking.category", required=True, ondelete="cascade", index=True)
    connection_id = fields.Many2one(related="category_id.connection_id", store=True, index=True)
    company_id = fields.Many2one(related="category_id.company_id", store=True, index=True)
    # Empty: it is to be made in Xero.
    xero_id = fields.Char("Xero ID")
    name = fields.Char(required=True)
    status = fields.Char(default="ACTIVE")
    active = fields.Boolean(default=True)

    _xero_unique = models.Constraint("UNIQUE(category_id, xero_id)", "This tracking option is here already.")
    _new_unique = models.UniqueIndex("(category_id, lower(name)) WHERE xero_id IS NULL")

    def _xero_check_push(self):
        # OVERRIDE xero.mixin: nobody writes options by hand, and documents send them, too
        self.check_access("read")

    def _xero_dataset_key(self):
        # OVERRIDE xero.mixin
        return "tracking_option"
