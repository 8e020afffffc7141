"""Whose version of a document counts when both sides changed it (RUL-14)."""

from odoo import fields, models


class XeroConnection(models.Model):
    _inherit = "xero.connection"

    document_owner = fields.Selection(
        [("ask", "Somebody decides"), ("odoo", "Odoo's version is sent"), ("xero", "Xero's version stays")],
        "Changed on both sides",
        default="ask",
        required=True,
        help="Of a document that was edited in Xero after it was sent, and then in Odoo. What is only paid or "
        "approved in Xero was not edited.",
    )
