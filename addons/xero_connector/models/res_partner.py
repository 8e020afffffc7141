"""Partners: their contact in Xero."""

from odoo import models
from odoo.tools import SQL

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
    "child_ids",
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

    def write(self, vals):
        # EXTENDS base
        result = super().write(vals)
        if SENT_FIELDS & vals.keys():
            self._xero_mark_outdated()
        return result

    def _xero_mark_outdated(self):
        """Remember that Xero's contact may differ; children belong to their company's contact."""
        ids = (self | self.commercial_partner_id)._ids
        if not ids:
            return
        self.env.cr.execute(
            SQL(
                """UPDATE xero_link SET state = 'outdated'
                    WHERE model = 'res.partner' AND res_id IN %s AND state = 'synced'""",
                ids,
            )
        )
        if self.env.cr.rowcount:
            self.env["xero.link"].invalidate_model(["state"])
