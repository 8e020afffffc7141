"""Whoever claims an expense does not approve its bill."""

from odoo import api, models
from odoo.fields import Domain


class XeroApproval(models.Model):
    _inherit = "xero.approval"

    @api.model
    def _involved(self, record):
        # EXTENDS xero_connector: who wrote the expenses, and whose money it is
        users = super()._involved(record)
        if record._name != "account.move":
            return users
        expenses = record._xero_expenses()
        return users | expenses.create_uid | expenses.employee_id.user_id

    @api.model
    def _told_of(self, record):
        # EXTENDS xero_connector: who has edited the expenses, also before they were booked
        told = super()._told_of(record)
        if record._name != "account.move":
            return told
        return told | Domain("model", "=", "hr.expense") & Domain("res_id", "in", record._xero_expenses().ids)
