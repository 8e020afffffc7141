"""Products and categories: the Xero account of their sales, and the item of a product."""

from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    xero_sales_account_id = fields.Many2one(
        "xero.account",
        company_dependent=True,
        help="Wins over the mapping of the category and of the account.",
    )


class ProductProduct(models.Model):
    _name = "product.product"
    _inherit = ["product.product", "xero.mixin"]


class ProductCategory(models.Model):
    _inherit = "product.category"

    xero_sales_account_id = fields.Many2one(
        "xero.account",
        company_dependent=True,
        help="Wins over the mapping of the account; a product's own mapping wins over it.",
    )
