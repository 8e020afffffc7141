"""Products and categories: the Xero accounts of their sales and purchases, and the item of a product."""

from odoo import api, fields, models


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


class ProductProduct(models.Model):
    _name = "product.product"
    _inherit = ["product.product", "xero.mixin"]

    xero_is_tracked = fields.Boolean("Tracked in Xero", compute="_compute_xero_stock", compute_sudo=True)
    xero_qty_on_hand = fields.Float("Quantity in Xero", compute="_compute_xero_stock", compute_sudo=True)
    xero_stock_warning = fields.Boolean(compute="_compute_xero_stock", compute_sudo=True)

    @api.depends("xero_link_ids.figures")
    @api.depends_context("company")
    def _compute_xero_stock(self):
        """Stock as Xero keeps it; tracking the same goods on both sides counts them twice (ITM-10)."""
        for product in self:
            figures = product.xero_link_id.figures or {}
            product.xero_is_tracked = bool(figures.get("is_tracked"))
            product.xero_qty_on_hand = figures.get("quantity") or 0
            storable = "is_storable" in product._fields and product.is_storable
            product.xero_stock_warning = product.xero_is_tracked and storable


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
