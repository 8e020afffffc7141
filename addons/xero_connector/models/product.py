"""Products and categories: the Xero accounts of their sales and purchases, and the item of a product."""

from odoo import api, fields, models

TRACKED_HELP = "Off by default. It is switched on in Xero, by editing the item there; nothing is sent for it from here."
QUANTITY_HELP = "As Xero counts it. Stock that moves in Odoo is not sent."
SENT_FIELDS = {
    "name",
    "default_code",
    "description_sale",
    "description_purchase",
    "list_price",
    "standard_price",
    "taxes_id",
    "supplier_taxes_id",
    "sale_ok",
    "purchase_ok",
    "categ_id",
    "property_account_income_id",
    "property_account_expense_id",
    "xero_sales_account_id",
    "xero_purchase_account_id",
}


class ProductTemplate(models.Model):
    _inherit = "product.template"

    xero_sales_account_id = fields.Many2one(
        "xero.account",
        company_dependent=True,
        help="Wins over the mapping of the category and of the account.",
    )
    xero_purchase_account_id = fields.Many2one(
        "xero.account",
        company_dependent=True,
        help="On bills: wins over the mapping of the category and of the account.",
    )

    xero_is_tracked = fields.Boolean(
        "Tracked in Xero", compute="_compute_xero_stock", compute_sudo=True, help=TRACKED_HELP
    )
    xero_qty_on_hand = fields.Float(
        "Quantity in Xero", compute="_compute_xero_stock", compute_sudo=True, help=QUANTITY_HELP
    )
    xero_stock_warning = fields.Boolean(compute="_compute_xero_stock", compute_sudo=True)

    @api.depends("product_variant_ids.xero_link_ids.figures")
    @api.depends_context("company")
    def _compute_xero_stock(self):
        """Stock of all variants, as Xero keeps it (ITM-06)."""
        for template in self:
            variants = template.product_variant_ids
            template.xero_is_tracked = any(variants.mapped("xero_is_tracked"))
            template.xero_qty_on_hand = sum(variants.mapped("xero_qty_on_hand"))
            template.xero_stock_warning = any(variants.mapped("xero_stock_warning"))

    def write(self, vals):
        # EXTENDS base: what its variants are in Xero may differ from now on
        result = super().write(vals)
        if SENT_FIELDS & vals.keys() and not self.env.context.get("xero_no_echo"):
            self.env["xero.link"]._mark_changed("product.product", self.product_variant_ids.ids)
        return result


class ProductProduct(models.Model):
    _name = "product.product"
    _inherit = ["product.product", "xero.mixin"]

    xero_is_tracked = fields.Boolean(
        "Tracked in Xero", compute="_compute_xero_stock", compute_sudo=True, help=TRACKED_HELP
    )
    xero_qty_on_hand = fields.Float(
        "Quantity in Xero", compute="_compute_xero_stock", compute_sudo=True, help=QUANTITY_HELP
    )
    xero_stock_warning = fields.Boolean(compute="_compute_xero_stock", compute_sudo=True)

    @api.depends("xero_link_ids.figures")
    @api.depends_context("company")
    def _compute_xero_stock(self):
        """Stock as Xero keeps it; tracking the same goods on both sides counts them twice (ITM-10)."""
        for product in self:
            figures = product.xero_link_id.figures or {}
            product.xero_is_tracked = bool(figures.get("is_tracked"))
            product.xero_qty_on_hand = figures.get("quantity") or 0
            product.xero_stock_warning = product.xero_is_tracked and product._xero_is_storable()

    def _xero_is_storable(self):
        """Whether Odoo keeps its stock; without the add-on for stock it keeps none."""
        return "is_storable" in self._fields and self.is_storable

    def _xero_dataset_key(self):
        # EXTENDS xero.mixin
        return "item"

    def _xero_wants_note(self):
        # EXTENDS xero.mixin: most products never have to be items
        return False

    def write(self, vals):
        # EXTENDS base
        result = super().write(vals)
        if SENT_FIELDS & vals.keys() and not self.env.context.get("xero_no_echo"):
            self.env["xero.link"]._mark_changed(self._name, self.ids)
        return result


class ProductCategory(models.Model):
    _inherit = "product.category"

    xero_sales_account_id = fields.Many2one(
        "xero.account",
        company_dependent=True,
        help="Wins over the mapping of the account; a product's own mapping wins over it.",
    )
    xero_purchase_account_id = fields.Many2one(
        "xero.account",
        company_dependent=True,
        help="On bills: wins over the mapping of the account; a product's own mapping wins over it.",
    )
