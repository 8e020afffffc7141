"""Entries of expenses are bills, also in journals whose entries are sent."""

from odoo import models
from odoo.fields import Domain

from odoo.addons.xero_connector.datasets.manual_journal import XeroDatasetManualJournal as ManualJournal

LABEL, DOMAIN = ManualJournal._kinds["manual_journal"]


class XeroDatasetManualJournal(models.AbstractModel):
    _inherit = "xero.dataset.manual_journal"

    _kinds = {
        "manual_journal": (LABEL, list(Domain(DOMAIN) & Domain("line_ids", "not any", [("expense_id", "!=", False)])))
    }
