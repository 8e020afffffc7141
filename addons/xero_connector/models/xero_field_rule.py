"""Which fields of a contact travel, which way, and what they have to hold (RUL-04, XM-08).

A field that travels one way only is read-only on the other side.
"""

from odoo import api, fields, models

CONTACT_FIELDS = [
    ("name", "Name"),
    ("email", "E-mail"),
    ("phone", "Phone"),
    ("vat", "Tax number"),
    ("company_registry", "Company number"),
    ("address", "Addresses"),
    ("persons", "Persons"),
    ("terms", "Payment terms"),
]


class XeroFieldRule(models.Model):
    """One field of a contact."""

    _name = "xero.field.rule"
    _description = "Xero Field Rule"
    _order = "id"
    _rec_name = "field"

    connection_id = fields.Many2one("xero.connection", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="connection_id.company_id", store=True, index=True)
    field = fields.Selection(CONTACT_FIELDS, required=True, readonly=True)
    to_xero = fields.Boolean(default=True)
    from_xero = fields.Boolean(default=True)
    mandatory = fields.Boolean(help="A contact without it is not sent.")
    unique = fields.Boolean(help="A contact is not sent while another one that is in Xero has the same.")

    _field_unique = models.Constraint("UNIQUE(connection_id, field)", "This field has a rule already.")

    @api.model
    def _create_defaults(self, connection):
        """All fields, both ways; payment terms only come from Xero."""
        self.sudo().create(
            [
                {"connection_id": connection.id, "field": key, "to_xero": key != "terms"}
                for key, _label in CONTACT_FIELDS
            ]
        )

    def write(self, vals):
        """Write, and forget the cached rules."""
        self.env.registry.clear_cache()
        return super().write(vals)
