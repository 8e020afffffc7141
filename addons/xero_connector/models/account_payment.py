"""Payments: their link to Xero."""

from odoo import api, fields, models


class AccountPayment(models.Model):
    _name = "account.payment"
    _inherit = ["account.payment", "xero.mixin"]

    xero_is_reconciled = fields.Boolean("Reconciled in Xero", compute="_compute_xero_is_reconciled", compute_sudo=True)

    @api.depends("xero_link_ids")
    @api.depends_context("company")
    def _compute_xero_link_id(self):
        # EXTENDS xero.mixin: a payment has a link for each document that it pays
        links = (
            self.env["xero.link"].sudo().search([("model", "=", self._name), ("res_id", "in", self.ids)], order="id")
        )
        by_payment = links.grouped("res_id")
        for payment in self:
            tenant = self.env["xero.connection"]._for_company(payment._xero_company()).tenant_id
            found = by_payment.get(payment._origin.id, links.browse())
            payment.xero_link_id = found.filtered(lambda link, t=tenant: link.tenant_id == t)[:1]

    @api.depends("xero_link_ids.figures")
    def _compute_xero_is_reconciled(self):
        for payment in self:
            payment.xero_is_reconciled = bool((payment.xero_link_id.figures or {}).get("is_reconciled"))
