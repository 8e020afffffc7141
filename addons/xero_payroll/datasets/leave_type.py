"""Leave types: pay items that time off types of Odoo's come from (LVE-03)."""

from odoo import api, models


class XeroDatasetLeaveType(models.AbstractModel):
    """Operations getPayItems (AU), getLeaveTypes (NZ, UK)."""

    _name = "xero.dataset.leave_type"
    _inherit = "xero.dataset.pay_item"
    _description = "Xero Leave Types"

    _key = "leave_type"
    _pull_sequence = 201

    @api.model
    def _store(self, items):
        # EXTENDS xero.dataset.reference: time off types are called as in Xero (XQ-17)
        counts = super()._store(items)
        types = self.env["hr.leave.type"].with_context(active_test=False)
        for leave_type in types.search([("xero_pay_item_id", "any", self._row_domain())]):
            if leave_type._is_called_as_in_xero() and leave_type.name != leave_type.xero_pay_item_id.name:
                leave_type.with_context(xero_no_echo=True).name = leave_type.xero_pay_item_id.name
        return counts
