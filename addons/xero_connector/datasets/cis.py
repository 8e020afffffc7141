"""Bills of vendors of whom Xero keeps tax back, the UK's Construction Industry Scheme: only when confirmed (B6)."""

from datetime import timedelta

from odoo import api, fields, models

from .problem import Problem

FRESH = timedelta(days=1)


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
        # EXTENDS xero.dataset.document.check: what was read long ago is read again before the document leaves
        result = super()._check_partner(record)
        if self._connection.cis_contractor and is_known(self._connection):
            contact = self._cis_contacts(record)
            if contact.cis_enabled and is_known(contact) and not contact.cis_accepted_by_id:
                raise Problem("cis_contact", state="held", partner=self._partner(record).name)
        return result


def is_known(record):
    """Whether the settings of a connection or of a contact's link were read lately."""
    return bool(record.cis_read_at) and record.cis_read_at > fields.Datetime.now() - FRESH
