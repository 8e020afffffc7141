"""One thing that does not fit Xero, as a validation found it."""

from odoo import fields, models


class XeroMismatch(models.TransientModel):
    """A record in use, where it is used, what is wrong, and the way to the cure."""

    _name = "xero.mismatch"
    _inherit = "xero.record.mixin"
    _description = "Does Not Fit Xero"

    connection_id = fields.Many2one("xero.connection", required=True, readonly=True, ondelete="cascade")
    model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference("Record ID", model_field="model", readonly=True)
    where_used = fields.Char(readonly=True)
    last_used = fields.Date(readonly=True)
    cause = fields.Char("What does not fit", readonly=True)
    cure = fields.Char(readonly=True)

    def action_cure(self):
        """Open where it can be put right."""
        self.ensure_one()
        if self.cure == "map_account":
            return self.connection_id.action_map_accounts()
        if self.cure == "map_tax":
            return self.connection_id.action_map_taxes()
        return self.action_open_record()
