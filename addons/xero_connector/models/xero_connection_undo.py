"""Undo of a push: exactly what it created is voided or deleted in Xero (books B16)."""

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..datasets.statuses import BUSY_STATES

SETTLED = (*BUSY_STATES, "excluded")  # states of what no undo touches


class XeroRun(models.Model):
    _inherit = "xero.run"

    def action_undo(self):
        """Show what an undo of this push would do, and ask.

        :raises UserError: the push is not over, or has created nothing
        :raises AccessError: it has sent what the user may not see
        """
        self.ensure_one()
        self.env["xero.connection"]._check_administrator()
        self.check_access("read")
        return self.env["xero.undo"]._open(self.sudo())

    def _linked_by(self, *kinds):
        """Links of what this push has brought about and Xero still has, in the order in which they were sent.

        Whatever record stands for it by now: partners are merged, expenses posted anew.

        :param kinds: of the events that tell it
        """
        self.ensure_one()
        created = self.env["xero.event"].search([("run_id", "=", self.id), ("kind", "in", kinds)])
        wanted = {(event.dataset, event.model, event.xero_id) for event in created}
        links = self.env["xero.link"].search(
            [
                ("connection_id", "=", self.connection_id.id),
                ("tenant_id", "=", self.connection_id.tenant_id),
                ("xero_id", "in", created.mapped("xero_id")),
                ("state", "not in", SETTLED),
            ],
            order="id",
        )
        return links.filtered(lambda link: (link.dataset, link.model, link.xero_id) in wanted)


class XeroConnection(models.Model):
    _inherit = "xero.connection"

    def _undo(self, run, links):
        """Queue taking back `links`, which `run` created.

        :return: the ``xero.run``
        :raises UserError: not connected, or switched off, or another undo has taken all of them
        """
        self.ensure_one()
        self._check_usable()
        # Somebody else may take them back, or send them, since they were listed.
        self.env.cr.execute(SQL("SELECT 1 FROM xero_link WHERE id = ANY(%s) ORDER BY id FOR UPDATE", links.ids))
        links.invalidate_recordset(["state"])
        links = links.filtered(lambda link: link.state not in SETTLED)
        if not links:
            raise UserError(self.env._("Nothing of %s can be taken back.", run.display_name))
        connection = self.sudo()
        undo = connection._new_run("push", "button", "2", model=run.model, undoes_id=run.id, total=len(links))
        undo.user_id = self.env.uid
        # What is refused is as it was before: whatever has changed since the push is still to be sent.
        links.filtered(lambda link: link.state != "synced" and not link.only_followers).changed = True
        links.write({"state": "queued", "run_id": undo.id, "split": 0})
        self.env["xero.event"]._log_connection(
            connection, "undo", "warning", run_id=undo.id, arguments={"run": run.display_name, "count": len(links)}
        )
        connection._wake_worker()
        return undo
