"""By what a contact of Xero's and a partner of Odoo's are known to be the same."""

from odoo import api, fields, models

KEYS = [
    ("account_number", "Account number"),
    ("vat", "Tax number"),
    ("company_registry", "Company number"),
    ("email", "E-mail address"),
    ("name", "Name"),
]


class XeroMatchRule(models.Model):
    """One key; the first rule that finds a partner decides (RUL-01)."""

    _name = "xero.match.rule"
    _description = "Xero Match Rule"
    _order = "sequence, id"
    _rec_name = "key"

    connection_id = fields.Many2one("xero.connection", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="connection_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    key = fields.Selection(KEYS, required=True)
    active = fields.Boolean(default=True)

    _key_unique = models.Constraint("UNIQUE(connection_id, key)", "This key has a rule already.")

    @api.model
    def _create_defaults(self, connection):
        """All keys, the surest first."""
        self.sudo().create(
            [
                {"connection_id": connection.id, "key": key, "sequence": 10 * number}
                for number, (key, _label) in enumerate(KEYS, 1)
            ]
        )
