"""Catalogue of what can go wrong: cause, correction, who can fix it, and the cure."""

import re

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

WHO = [
    ("bookkeeper", "Bookkeeper"),
    ("administrator", "Xero administrator in Odoo"),
    ("xero_user", "A user in Xero"),
    ("nobody", "Nobody, it passes by itself"),
]
CURES = [
    ("retry", "Try again"),
    ("map_account", "Map the account"),
    ("map_tax", "Map the tax"),
    ("open_partner", "Open the contact"),
    ("choose", "Choose it in Xero"),
    ("new_number", "New number, or link it"),
    ("accept_duplicate", "No duplicate: send it"),
    ("accept_cis", "Confirm the vendor: send its bills"),
    ("choose_partner", "Choose the partner"),
    ("take_xero", "Take over from Xero"),
    ("send_odoo", "Send Odoo's version"),
    ("read_again", "Look in Xero, then try again"),
    ("check_again", "Restored in Xero: look again"),
    ("delete_there", "Delete it in Xero, too"),
    ("open_connection", "Open the connection"),
    ("refresh_reference", "Bring in Xero's accounts and taxes"),
]


class XeroKnownError(models.Model):
    """One known problem: of our own checks (by code) or a text of Xero's (by pattern)."""

    _name = "xero.known.error"
    _description = "Xero API Connection Error"
    _order = "function, sequence, id"
    _rec_name = "trigger_error"

    code = fields.Char(required=True, index=True)
    sequence = fields.Integer(default=10)
    function = fields.Char(required=True, translate=True, help="What one was doing.")
    trigger_error = fields.Char(required=True, translate=True, help="What it looks like.")
    pattern = fields.Char(help="Regular expression found in Xero's text, letter case ignored.")
    cause = fields.Text(required=True, translate=True)
    correction = fields.Text(required=True, translate=True)
    who = fields.Selection(WHO, required=True, default="bookkeeper")
    cure = fields.Selection(CURES)

    _code_unique = models.Constraint("UNIQUE(code)", "This code is in the catalogue already.")

    @api.constrains("pattern")
    def _check_pattern(self):
        for known in self.filtered("pattern"):
            try:
                re.compile(known.pattern)
            except re.error as error:
                raise ValidationError(
                    self.env._(
                        "The pattern of “%(name)s” cannot be read: %(error)s", name=known.trigger_error, error=error
                    )
                ) from None

    @api.model_create_multi
    def create(self, vals_list):
        """Create, and forget the cached catalogue."""
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        """Write, and forget the cached catalogue; what people have changed, upgrades leave as it is."""
        self.env.registry.clear_cache()
        if not self.env.context.get("xero_data_file"):
            names = self.env["ir.model.data"].sudo()
            names.search([("model", "=", self._name), ("res_id", "in", self.ids)]).noupdate = True
        return super().write(vals)

    def _load_records_write(self, values):
        # EXTENDS base: the add-on's own texts
        return super(XeroKnownError, self.with_context(xero_data_file=True))._load_records_write(values)

    def unlink(self):
        """Delete, and forget the cached catalogue."""
        self.env.registry.clear_cache()
        return super().unlink()

    # === BUSINESS === #

    @api.model
    @tools.ormcache("code")
    def _id_for_code(self, code):
        return self.sudo().search([("code", "=", code)], limit=1).id

    @api.model
    def _for_code(self, code):
        """Entry for a code of our own, possibly empty."""
        return self.sudo().browse(self._id_for_code(code) if code else False)

    @api.model
    def _label_of(self, code):
        """What a problem with that code looks like, in the language of the user; of an unknown one the code."""
        return self._for_code(code).trigger_error or code

    @api.model
    @tools.ormcache()
    def _patterns(self):
        known = self.sudo().search([("pattern", "!=", False)])
        return [(re.compile(entry.pattern, re.IGNORECASE), entry.code) for entry in known]

    @api.model
    def _classify(self, text):
        """Code and arguments for a message of Xero's.

        :param text: message as Xero sent it
        :return: ``(code, arguments)``; named groups of the pattern are arguments, the whole text
            is always argument ``text``. An unknown text has the code ``xero_refused``.
        """
        for pattern, code in self._patterns():
            if found := pattern.search(text):
                return code, {**found.groupdict(), "text": text}
        return "xero_refused", {"text": text}
