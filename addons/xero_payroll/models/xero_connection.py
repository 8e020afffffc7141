"""Payroll of a connection: access, region, what is supported there."""

from odoo import models

from ..regions import region_of


class XeroConnection(models.Model):
    _inherit = "xero.connection"

    def _payroll_region(self):
        """The region of the organisation, ``None`` where Xero offers other programs no payroll."""
        self.ensure_one()
        return region_of(self.country_code)
