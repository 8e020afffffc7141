"""To Do counts what the company paid, and its payment."""

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.xero_connector.datasets.statuses import BOOKED


class XeroTodo(models.Model):
    _inherit = "xero.todo"

    @api.model
    def _not_yet_queries(self):
        # EXTENDS xero_connector: an entry of its payment is a bill all the same, and paid without a partial
        entry = SQL("m.state = 'posted' AND m.date >= x.sync_from AND %s", self._is_company_expense(SQL("m.id")))
        goes = self._goes_to_xero(self._is_company_expense(SQL("m.move_id")))
        payment = SQL("m.state IN %s AND %s", BOOKED, goes)
        return [
            *super()._not_yet_queries(),
            self._not_yet_query("account.move", entry),
            self._not_yet_query("account.payment", payment),
        ]

    @api.model
    def _is_company_expense(self, move_id):
        """SQL: whether an entry is one of ``account.move._xero_company_expense()``."""
        return SQL(
            """EXISTS (SELECT 1 FROM account_move d JOIN account_move_line i ON i.move_id = d.id
                        WHERE d.id = %s AND d.move_type = 'entry' AND d.origin_payment_id IS NOT NULL
                          AND d.reversed_entry_id IS NULL AND i.expense_id IS NOT NULL)""",
            move_id,
        )
