"""To Do counts purchase orders, too."""

from odoo import api, models
from odoo.tools import SQL


class XeroTodo(models.Model):
    _inherit = "xero.todo"

    @api.model
    def _counted(self):
        # EXTENDS xero_connector
        return {**super()._counted(), "purchase.order": "amount_total_cc"}

    @api.model
    def _not_yet_queries(self):
        # EXTENDS xero_connector: where somebody has said how orders arrive
        confirmed = SQL(
            "m.state = 'purchase' AND m.date_approve >= x.sync_from AND x.push_status_purchase_order IS NOT NULL"
        )
        return [*super()._not_yet_queries(), self._not_yet_query("purchase.order", confirmed)]
