"""Partners: their contact in Xero."""

from odoo import api, fields, models

from .xero_connection_push import INLINE

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

    xero_ar_account = fields.Char(
        "Account Number as Customer",
        company_dependent=True,
        help="A Xero contact with this account number is this customer.",
    )
    xero_ap_account = fields.Char(
        "Account Number as Vendor",
        company_dependent=True,
        help="A Xero contact with this account number is this vendor.",
    )
    xero_outstanding = fields.Monetary(
        "Outstanding in Xero", compute="_compute_xero_balances", compute_sudo=True, currency_field="xero_currency_id"
    )
    xero_overdue = fields.Monetary(
        "Overdue in Xero", compute="_compute_xero_balances", compute_sudo=True, currency_field="xero_currency_id"
    )
    xero_currency_id = fields.Many2one("res.currency", compute="_compute_xero_balances", compute_sudo=True)

    @api.depends("xero_link_ids.figures")
    @api.depends_context("company")
    def _compute_xero_balances(self):
        """What Xero says the customer owes, in the organisation's currency; for sales and support, too."""
        for partner in self:
            owed = (partner.xero_link_id.figures or {}).get("receivable") or {}
            partner.xero_outstanding = owed.get("outstanding", 0)
            partner.xero_overdue = owed.get("overdue", 0)
            partner.xero_currency_id = self.env.company.currency_id

    def _xero_dataset_key(self):
        # EXTENDS xero.mixin
        return "contact" if self.commercial_partner_id == self else None

    def _xero_wants_note(self):
        # EXTENDS xero.mixin: a contact travels with its documents, nobody has to be told
        return False

    def action_xero_refresh(self):
        # EXTENDS xero.mixin: a contact is brought in again as a whole, with what it owes
        self.env["xero.connection"]._check_user()
        self.check_access("write")
        links = self.sudo().xero_link_id.filtered("xero_id")
        if len(self) > INLINE or len(links) != len(self):
            return super().action_xero_refresh()
        for connection, same in links.grouped("connection_id").items():
            connection.with_env(self.env).sudo()._read_elements([("contact", link.xero_id) for link in same])
        self.invalidate_recordset()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_xero_clear_link(self):
        """Forget which contact in Xero this partner is; the next push or import looks for it anew (XW-16)."""
        self.ensure_one()
        self.env["xero.connection"]._check_user()
        self.check_access("write")
        self.sudo().xero_link_id._clear(self.display_name)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS base
        partners = super().create(vals_list)
        if (parents := partners.parent_id) and not self.env.context.get("xero_no_echo"):
            parents._xero_mark_outdated()
        return partners

    def write(self, vals):
        # EXTENDS base
        if not SENT_FIELDS & vals.keys() or self.env.context.get("xero_no_echo"):
            return super().write(vals)
        former = self.commercial_partner_id
        result = super().write(vals)
        (self | former)._xero_mark_outdated()
        return result

    # === BUSINESS === #

    def _xero_mark_outdated(self):
        """Remember that Xero's contact may differ; children belong to their company's contact."""
        self.env["xero.link"]._mark_changed(self._name, (self | self.commercial_partner_id).ids)
