"""Payments: their link to Xero."""

from odoo import models


class AccountPayment(models.Model):
    _name = "account.payment"
    _inherit = ["account.payment", "xero.mixin"]
