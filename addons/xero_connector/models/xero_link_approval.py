"""The list of what waits for approval."""

from odoo import api, fields, models

from ..datasets.gates import WAITING


class XeroLink(models.Model):
    _inherit = "xero.link"

    waits_for = fields.Char("Waits for Approval by", compute="_compute_waits_for")

    @api.depends("state", "reason")
    def _compute_waits_for(self):
        """Who is asked, for links whose records the reader may see."""
        for link in self:
            link.waits_for = False
            if link._waiting_for_approval():
                record = self.env[link.model].browse(link.res_id).exists()._filtered_access("read")
                link.waits_for = record and record.sudo().xero_waits_for

    def _waiting_for_approval(self):
        """Those of these links whose records wait for an approval."""
        return self.filtered(lambda link: link.state == "held" and link.reason == WAITING)

    def _records(self):
        """Records of these links by model, as the user sees them; of several parts each once."""
        return [
            self.env[model].browse(dict.fromkeys(links.mapped("res_id")))
            for model, links in self.grouped("model").items()
        ]

    def action_approve(self):
        """Approve the documents of these links."""
        self.check_access("read")
        for records in self._records():
            records.action_xero_approve()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_reject(self):
        """Reject the documents of these links, of whatever models, with one reason."""
        self.check_access("read")
        action, chosen = False, {}
        for records in self._records():
            action = records.action_xero_reject()
            chosen |= action["context"]["default_res_ids"]
        return action and {**action, "context": {"default_res_ids": chosen}}
