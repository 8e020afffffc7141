"""Contacts that are only in Xero: how many there are, and what is to become of them (B25)."""

from odoo import fields, models


class XeroConnection(models.Model):
    _inherit = "xero.connection"

    contacts_missing = fields.Integer(
        "Contacts only in Xero", readonly=True, copy=False, help="As the last import of all contacts has counted them."
    )
    contacts_ignored = fields.Integer(readonly=True, copy=False, help="So many of them are known to be left out.")

    # === ACTIONS === #

    def action_create_missing(self):
        """Create partners for the contacts that are only in Xero, and for those that come later."""
        self.ensure_one()
        self._check_administrator()
        self.on_missing_partner = "create"
        return self._import(["contact"], everything=True)

    def action_ignore_missing(self):
        """Leave the contacts out that are only in Xero; only when there are more it is asked again."""
        self.ensure_one()
        self._check_administrator()
        self.contacts_ignored = self.contacts_missing

    # === BUSINESS === #

    def _note_missing(self, run, everything):
        """`run` has read contacts.

        :param everything: whether it has read all of them, not only what changed
        """
        # What changed may have been counted before.
        self.contacts_missing = run.missing if everything else max(self.contacts_missing, run.missing)
