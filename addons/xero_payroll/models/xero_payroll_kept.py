"""Readonly fields of payroll that nobody writes from outside."""

from odoo import api, models

from odoo.addons.xero_connector.models.kept import check_kept_by_server


class XeroPayrollKept(models.AbstractModel):
    """For models on which the server notes what Xero says, and what it counts."""

    _name = "xero.payroll.kept"
    _description = "Xero Payroll Fields That the Server Keeps"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS base
        for vals in vals_list:
            check_kept_by_server(self, vals, "xero_payroll")
        return super().create(vals_list)

    def write(self, vals):
        # EXTENDS base
        check_kept_by_server(self, vals, "xero_payroll")
        return super().write(vals)
