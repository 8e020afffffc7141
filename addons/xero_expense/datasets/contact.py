"""Employees: the work contact that an expense is paid back to."""

from odoo import api, models


class XeroDatasetContact(models.AbstractModel):
    _inherit = "xero.dataset.contact"

    @api.model
    def _stands_alone(self, record):
        # EXTENDS xero_connector: Odoo may keep its employees below its own company; a bill is to the person
        company = record.commercial_partner_id.ref_company_ids
        return super()._stands_alone(record) or bool(company and record.sudo().employee_ids)
