"""Files: their document is told when they come, change or go."""

from odoo import SUPERUSER_ID, api, models

CONTENT = {"raw", "datas", "db_datas", "res_model", "res_id", "res_field"}


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS base
        attachments = super().create(vals_list)
        attachments._xero_mark_documents()
        return attachments

    def write(self, vals):
        # EXTENDS base
        changed = bool(CONTENT & vals.keys())
        result = super().write(vals)
        if changed:
            self._xero_mark_documents()
        return result

    def unlink(self):
        # EXTENDS base: what is in Xero stays there
        ids = self.sudo().filtered(lambda file: file._xero_is_tracked()).ids
        links = self.env["xero.link"].sudo()
        if ids:
            links = links.search([("model", "=", self._name), ("res_id", "in", ids)])
        result = super().unlink()
        links.write({"active": False})
        return result

    def action_xero_push(self):
        """Push the documents that these files go with, and so the files.

        :return: the notification of the last document
        """
        parts = self.env["xero.link"].sudo().search([("model", "=", self._name), ("res_id", "in", self.ids)])
        ids_by_model = {}
        for part in parts.mapped("part"):
            model, _comma, res_id = part.partition(",")
            ids_by_model.setdefault(model, []).append(int(res_id))
        action = False
        for model, ids in ids_by_model.items():
            action = self.env[model].browse(ids).exists().action_xero_push()
        return action

    def _xero_put_aside(self):
        """These files stay with their document in Odoo, and no longer stand for a file in Xero."""
        links = self.env["xero.link"].sudo()
        known = links.search([("model", "=", self._name), ("res_id", "in", self.ids)])
        known.write({"active": False})
        for attachment in self.filtered(lambda file: file.id not in known.mapped("res_id")):
            document = self.env[attachment.res_model].browse(attachment.res_id)
            connection = self.env["xero.connection"]._for_company(document._xero_company())
            if connection.tenant_id:
                links.create(
                    {
                        "connection_id": connection.id,
                        "company_id": (document.company_id or connection.company_id).id,
                        "tenant_id": connection.tenant_id,
                        "dataset": "attachment",
                        "model": self._name,
                        "res_id": attachment.id,
                        "part": f"{document._name},{document.id}",
                        "state": "excluded",
                        "active": False,
                    }
                )

    def _xero_mark_documents(self):
        """Let the documents of these files know, when their files go to Xero."""
        tracked = self.sudo().filtered(lambda file: file.res_id and file._xero_is_tracked())
        for model, files in tracked.grouped("res_model").items():
            # Whoever adds a file, a customer too, may not see the connection.
            documents = self.env[model].with_user(SUPERUSER_ID).browse(files.mapped("res_id")).exists()
            documents._xero_mark_files()

    def _xero_is_tracked(self):
        """Whether this file belongs to a record whose files may go to Xero."""
        return self.res_model in self.env and "xero_file_count" in self.env[self.res_model]._fields
