"""Why documents are not approved."""

from odoo import fields, models


class XeroRejectWizard(models.TransientModel):
    """One reason for one or several documents of a model."""

    _name = "xero.reject.wizard"
    _description = "Reject for Xero"

    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    model = fields.Char(required=True, readonly=True)
    res_ids = fields.Json("Record IDs", readonly=True)
    reason = fields.Char(required=True)

    def action_reject(self):
        """Keep the documents back until they change; those who asked read the reason."""
        self.ensure_one()
        model = self.env.get(self.model)
        if model is not None and hasattr(model, "_xero_decide"):
            for record in model.browse(self.res_ids or []).exists():
                record._xero_decide("rejected", self.reason)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
