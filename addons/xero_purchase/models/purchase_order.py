"""Purchase orders: their data set, and when a sent one has changed."""

from odoo import api, fields, models
from odoo.tools import formatLang

from odoo.addons.xero_connector.models.xero_mixin import READERS

# What an order may still change after it was confirmed, also of what purchase_stock adds.
SENT_FIELDS = {
    "currency_id",
    "date_approve",
    "date_planned",
    "dest_address_id",
    "fiscal_position_id",
    "incoterm_id",
    "incoterm_location",
    "name",
    "partner_id",
    "partner_ref",
    "picking_type_id",
    "state",
}


class PurchaseOrder(models.Model):
    _name = "purchase.order"
    _inherit = ["purchase.order", "xero.mixin"]

    xero_id = fields.Char("ID in Xero", compute="_compute_xero_id", compute_sudo=True, groups=READERS)

    @api.depends("xero_link_ids.xero_id")
    @api.depends_context("company")
    def _compute_xero_id(self):
        for order in self:
            order.xero_id = order.xero_link_id.xero_id

    def _xero_dataset_key(self):
        # EXTENDS xero.mixin
        return "purchase_order"

    def _xero_wants_note(self):
        # EXTENDS xero.mixin
        return self.state == "purchase" and self.xero_link_id.state not in ("synced", "sending", "in_doubt")

    def _xero_success_sentence(self, link):
        # EXTENDS xero.mixin
        return self.env._(
            "%(name)s is in Xero as %(status)s, %(odoo)s = %(xero)s.",
            name=link.number or self.name,
            status=self.xero_status_label,
            odoo=formatLang(self.env, self.amount_total, currency_obj=self.currency_id),
            xero=formatLang(self.env, link.xero_total, currency_obj=self.currency_id),
        )

    def _xero_files_switch(self):
        # EXTENDS xero.mixin: files of purchases (XQ-36)
        return "include_ap_attachments"

    # === APPROVAL === #

    def _xero_content(self):
        # EXTENDS xero.mixin: what travels; receipts and bills change nothing of it
        self.ensure_one()
        return {
            **{name: str(self[name]) for name in sorted(SENT_FIELDS & self._fields.keys())},
            "lines": [
                [
                    line.id,
                    line.name,
                    line.product_id.id,
                    line.tax_ids.ids,
                    str(line.product_qty),
                    str(line.price_unit),
                    str(line.discount),
                    line.analytic_distribution or {},
                ]
                for line in self.order_line.sorted("id")
            ],
        }

    # === CRUD === #

    def write(self, vals):
        # EXTENDS purchase
        result = super().write(vals)
        if SENT_FIELDS & vals.keys():
            self._xero_after_edit("posted" if vals.get("state") == "purchase" else "edited")
            self._xero_mark_outdated()
        if "user_id" in vals:
            self._xero_user_changed()
        return result

    def button_approve(self, force=False):
        # EXTENDS purchase
        result = super().button_approve(force)
        confirmed = self.filtered(lambda order: order.state == "purchase")
        confirmed._xero_try_again()
        confirmed._xero_after_posting()
        return result

    # === BUSINESS === #

    def _xero_mark_outdated(self):
        """Remember that what Xero holds may no longer be what Odoo says (B14)."""
        orders = self.filtered(lambda order: order.state in ("purchase", "cancel"))
        self.env["xero.link"]._mark_changed(self._name, orders.ids)
