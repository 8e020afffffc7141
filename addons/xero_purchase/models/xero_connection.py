"""How purchase orders arrive in Xero."""

from odoo import fields, models

from odoo.addons.xero_connector.models.xero_connection import PUSH_STATUSES


class XeroConnection(models.Model):
    _inherit = "xero.connection"

    push_status_purchase_order = fields.Selection(PUSH_STATUSES, "Purchase orders as")
