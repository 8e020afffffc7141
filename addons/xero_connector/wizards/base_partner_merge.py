"""Merging partners: the contact goes with the partner that stays."""

from odoo import models


class BasePartnerMerge(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        # EXTENDS base
        links = self.env["xero.link"].sudo().search([("model", "=", "res.partner"), ("res_id", "in", partner_ids)])
        result = super()._merge(partner_ids, dst_partner=dst_partner, extra_checks=extra_checks)
        links._follow_merge(partner_ids)
        return result
