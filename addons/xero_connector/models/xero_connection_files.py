"""Files that go to Xero with their documents: the switches, and when they are sent."""

from odoo import api, fields, models

from ..client import scopes
from .xero_run import BUTTON

FILES_INLINE = 3  # files that a button sends while its user waits
LATER = "3"  # priority of what follows documents
SWITCHES = ("include_ap_attachments", "include_ar_attachments")


class XeroConnection(models.Model):
    _inherit = "xero.connection"

    include_ap_attachments = fields.Boolean(
        "Include AP Attachments",
        help="Files of bills and supplier credits go to Xero after the document, at most ten each.",
    )
    include_ar_attachments = fields.Boolean(
        "Include AR Attachments",
        help="Files of invoices and credit notes go to Xero after the document, at most ten each.",
    )
    include_ar_pdf = fields.Boolean(
        "With the Invoice PDF", help="The PDF that Odoo made when the invoice was sent, too."
    )
    attachments_online = fields.Boolean(
        "Shown to Customers", help="Customers see the files of an invoice when they open it online."
    )

    @api.depends(*SWITCHES)
    def _compute_health(self):
        # EXTENDS the health of a connection: another scope is needed with a switch on
        return super()._compute_health()

    def _features(self):
        """Features whose scopes this connection asks for."""
        # EXTENDS the features of every connection
        files = any(self[switch] for switch in SWITCHES)
        return (*super()._features(), *(("attachments",) if files else ()))

    def _may_send_files(self):
        """Whether a switch is on and the consent covers files."""
        self.ensure_one()
        wanted = "attachments" in self._features()
        return wanted and not scopes.missing_scopes(self.granted_scopes, ("attachments",))

    def _queue_followers(self, dataset, rows, run):
        """Queue parts of records that `run` has sent: in it when a person waits, else in a run of less priority.

        :param dataset: key of the data set of the parts
        :param rows: list of ``(res_id, part, company id)``
        """
        if not rows:
            return
        model = self._dataset(dataset)._odoo_model
        waited_for = run.priority == BUTTON and run.reserved_until
        if not waited_for or len(rows) > FILES_INLINE:
            run = self._later_run(model, run)
            self._wake_worker()
        queued = self._upsert_rows(dataset, model, rows, run)
        if run.model == model:
            run.total += len(queued)

    def _later_run(self, model, run):
        """A run for `model` of the same user that nobody has begun; made when there is none."""
        runs = self.env["xero.run"].sudo()
        runs.flush_model()
        self.env.cr.execute(
            """SELECT id FROM xero_run
                WHERE connection_id = %s AND kind = 'push' AND model = %s AND priority = %s AND user_id = %s
                  AND state = 'queued' AND started_at IS NULL AND id != %s
             ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED""",
            [self.id, model, LATER, run.user_id.id, run.id],
        )
        found = self.env.cr.fetchone()
        if found:
            return runs.browse(found[0])
        return self._new_run("push", run.trigger, LATER, model=model, user_id=run.user_id.id)
