"""Connections made before there was a way back get the default rules of contacts."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Create match and field rules where there are none."""
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    for connection in env["xero.connection"].search([]):
        for model in ("xero.match.rule", "xero.field.rule"):
            if not env[model].search_count([("connection_id", "=", connection.id)], limit=1):
                env[model]._create_defaults(connection)
