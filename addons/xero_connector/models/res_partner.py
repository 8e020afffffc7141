"""Partners: their contact in Xero."""

from odoo import api, models

SENT_FIELDS = {
    "name",
    "email",
    "phone",
    "vat",
    "company_registry",
    "street",
    "street2",
    "city",
    "zip",
    "state_id",
    "country_id",
    "parent_id",
    "child_ids",
    "type",
    "active",
}


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "xero.mixin"]

    def _xero_dataset_key(self):
        # EXTENDS xero.mixin
        return "contact" if self.commercial_partner_id == self else None

    def _xero_wants_note(self):
        # EXTENDS xero.mixin: a contact travels with its documents, nobody has to be told
        return False

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS base
        partners = super().create(vals_list)
        if parents := partners.parent_id:
            parents._xero_mark_outdated()
        return partners

    def write(self, vals):
        # EXTENDS base
        if not SENT_FIELDS & vals.keys():
            return super().write(vals)
        former = self.commercial_partner_id
        result = super().write(vals)
        (self | former)._xero_mark_outdated()
        return result

    # === BUSINESS === #

    def _xero_mark_outdated(self):
        """Remember that Xero's contact may differ; children belong to their company's contact."""
        self.env["xero.link"]._mark_changed(self._name, (self | self.commercial_partner_id).ids)
