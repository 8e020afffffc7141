"""Bills of vendors of whom Xero keeps tax back, the UK's Construction Industry Scheme: only when confirmed (B6)."""

from odoo import api, models

from .problem import Problem


class XeroDataset(models.AbstractModel):
    _inherit = "xero.dataset"

    @api.model
    def _cis_contacts(self, records):
        """Links of the contacts of `records` on whose documents Xero may keep tax back."""
        return self.env["xero.link"]


class XeroDatasetDocument(models.AbstractModel):
    _inherit = "xero.dataset.document"

    @api.model
    def _cis_contacts(self, records):
        # OVERRIDE xero.dataset
        bought = records.filtered(self._numbered_by_supplier)
        links = self.env["xero.link"]._of(self._partner(bought), self._connection, "contact")
        return links.filtered("xero_id")

    @api.model
    def _check_partner(self, record):
        # EXTENDS xero.dataset.document.check
        result = super()._check_partner(record)
        contact = self._cis_contacts(record)
        if self._connection.cis_contractor and contact.cis_enabled and not contact.cis_accepted_by_id:
            raise Problem("cis_contact", state="held", partner=self._partner(record).name)
        return result
