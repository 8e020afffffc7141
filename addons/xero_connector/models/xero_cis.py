"""Vendors under the UK's Construction Industry Scheme: Xero keeps tax back of their bills (books B6)."""

from odoo import fields, models
from odoo.exceptions import UserError

from .xero_exception import OPEN_STATES


class XeroConnection(models.Model):
    _inherit = "xero.connection"

    organisation_key = fields.Char("OrganisationID", readonly=True, copy=False)
    cis_contractor = fields.Boolean("CIS Contractor", readonly=True, copy=False)
    cis_read_at = fields.Datetime(readonly=True, copy=False)


class XeroLink(models.Model):
    _inherit = "xero.link"

    cis_enabled = fields.Boolean(
        "CIS Subcontractor", readonly=True, help="Xero keeps tax back of this contact's bills."
    )
    cis_read_at = fields.Datetime(readonly=True)
    cis_accepted_by_id = fields.Many2one("res.users", "CIS Confirmed by", readonly=True)


class XeroException(models.Model):
    _inherit = "xero.exception"

    def action_retry(self):
        # EXTENDS: somebody may have put it right in Xero meanwhile
        self.env["xero.connection"]._check_user()
        held = self.filtered(lambda problem: problem.code == "cis_contact").sudo()
        held.connection_id.cis_read_at = False
        for problem in held:
            problem._cis_contact().cis_read_at = False
        return super().action_retry()

    def _cure_accept_cis(self):
        """A person says that bills of this vendor go to Xero although it keeps tax back."""
        connection, dataset, record = self._for_cure()
        contact = dataset._cis_contacts(record)
        if not contact:
            raise UserError(
                self.env._(
                    "The vendor of %s is not linked to a contact of Xero any more: try again.", record.display_name
                )
            )
        contact.cis_accepted_by_id = self.env.uid
        self.env["xero.event"]._log(contact, "cis_accepted", "ok", user=self.env.user)
        same = self.search(
            [("code", "=", self.code), ("connection_id", "=", connection.id), ("state", "in", OPEN_STATES)]
        )
        waiting = same.filtered(lambda problem: problem.sudo()._cis_contact() == contact)
        return waiting.action_retry()

    def _cis_contact(self):
        """Link of the contact that this problem is about."""
        dataset = self.connection_id._dataset(self.dataset)
        return dataset._cis_contacts(dataset._browse(self.res_id).exists())
