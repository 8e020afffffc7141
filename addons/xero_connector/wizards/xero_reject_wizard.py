"""Why documents are not approved."""

from odoo import fields, models


class XeroRejectWizard(models.TransientModel):
    """One reason for one or several documents."""

    _name = "xero.reject.wizard"
    _description = "Reject for Xero"

    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    res_ids = fields.Json("Record IDs", readonly=True, help="Of each model.")
    reason = fields.Char(required=True)

    def action_reject(self):
        """Keep the documents back until they change; those who asked read the reason."""
        self.ensure_one()
        for name, ids in (self.res_ids or {}).items():
            model = self.env.get(name)
            if model is not None and hasattr(model, "_xero_decide"):
                for record in model.browse(ids).exists():
                    record._xero_decide("rejected", self.reason)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
