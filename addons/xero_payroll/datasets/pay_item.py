"""Pay items of all kinds."""

from odoo import api, models

from ..models.xero_pay_item import RATE_TYPES


class XeroDatasetPayItem(models.AbstractModel):
    """Operations getPayItems (AU), getEarningsRates, getDeductions, getReimbursements, getLeaveTypes (NZ, UK)."""

    _name = "xero.dataset.pay_item"
    _inherit = ["xero.dataset.payroll", "xero.dataset.reference"]
    _description = "Xero Pay Items"

    _key = "pay_item"
    _xero_id = "PayItemID"
    _odoo_model = "xero.pay.item"
    _scope = "payroll.settings"
    _pull_sequence = 200

    @api.model
    def _row_domain(self):
        # EXTENDS xero.dataset.reference: a list of one kind says nothing of the others
        domain = super()._row_domain()
        return [*domain, ("kind", "=", self._source.kind)] if self._source.kind else domain

    @api.model
    def _prepare_vals(self, item):
        rate_type = item.get("RateType")
        return {
            "xero_id": item["PayItemID"],
            "kind": item["Kind"],
            "name": item.get("Name") or item["PayItemID"],
            "rate_type": rate_type if rate_type in dict(RATE_TYPES) else False,
            "type_of_units": item.get("TypeOfUnits") or False,
            "multiplier": float(item.get("Multiplier") or 0),
            "category": item.get("EarningsType") or False,
            "account_code": item.get("AccountCode") or False,
            "account_xero_id": item.get("AccountID") or False,
            "is_paid_leave": bool(item.get("IsPaidLeave")),
            "is_statutory_leave": bool(item.get("IsStatutoryLeave")),
            "active": item.get("CurrentRecord") is not False,
        }
