"""What somebody is paid from, as far as Xero says (books B27)."""

from odoo import api, models


class XeroDatasetEmployee(models.AbstractModel):
    _inherit = "xero.dataset.employee"

    @api.model
    def _changed(self, record, item):
        # EXTENDS xero.dataset.employee
        return {**super()._changed(record, item), **record._xero_follow_pay(self._paid_from(item))}

    @api.model
    def _problem_of(self, item, record):
        # EXTENDS xero.dataset.employee
        return super()._problem_of(item, record) or record._xero_pay_problem(self._paid_from(item))

    @api.model
    def _prepare_new(self, item):
        # EXTENDS xero.dataset.employee
        told = self._paid_from(item)
        return {**super()._prepare_new(item), "xero_paid_from": told, "xero_told_from": told}

    @api.model
    def _paid_from(self, item):
        """A salary in the pay template covers the ordinary hours; ``False`` where Xero tells nothing of pay."""
        if "AnnualSalary" not in item:
            return False
        return "template" if item["AnnualSalary"] else "timesheet"
