"""What somebody is paid from, as far as Xero says (books B27)."""

from odoo import api, models


class XeroDatasetEmployee(models.AbstractModel):
    _inherit = "xero.dataset.employee"

    @api.model
    def _changed(self, record, item):
        # EXTENDS xero.dataset.employee: what a person has chosen stays
        changed = super()._changed(record, item)
        if not record.xero_paid_from and (source := self._paid_from(item)):
            changed["xero_paid_from"] = source
        return changed

    @api.model
    def _prepare_new(self, item):
        # EXTENDS xero.dataset.employee
        return {**super()._prepare_new(item), "xero_paid_from": self._paid_from(item)}

    @api.model
    def _paid_from(self, item):
        """A salary in the pay template covers the ordinary hours; ``False`` where Xero tells nothing of pay."""
        if "AnnualSalary" not in item:
            return False
        return "template" if item["AnnualSalary"] else "timesheet"
