"""What goes to Xero by itself: kinds of documents, and the schedules of their push modes."""

from odoo import api, fields, models, tools

from ..datasets.gates import ERRORS
from ..engine import transaction


class XeroConnection(models.Model):
    _inherit = "xero.connection"

    push_mode_ids = fields.One2many("xero.push.mode", "connection_id")
    flow_mode_ids = fields.Many2many("xero.push.mode", compute="_compute_flow", string="What goes to Xero")
    flow_files = fields.Char("Files", compute="_compute_flow")

    @api.depends("push_mode_ids", "include_ap_attachments", "include_ar_attachments")
    @api.depends_context("lang")
    def _compute_flow(self):
        """What goes to Xero, for the matrix beside what comes from there (PUL-19)."""
        for connection in self:
            connection.flow_mode_ids = connection.push_mode_ids
            sales, purchases = connection.include_ar_attachments, connection.include_ap_attachments
            if sales and purchases:
                connection.flow_files = self.env._("Go with invoices, bills and their credit notes")
            elif sales:
                connection.flow_files = self.env._("Go with invoices and credit notes")
            elif purchases:
                connection.flow_files = self.env._("Go with bills and supplier credits")
            else:
                connection.flow_files = self.env._("Stay in Odoo")

    def _status_label(self, kind):
        """The status that documents of a kind get in Xero, as people read it; ``False`` when they have none."""
        field = f"push_status_{kind}"
        return self._label_of(field) if field in self._fields else False

    # === KINDS === #

    @api.model
    @tools.ormcache()
    def _dataset_by_kind(self):
        """``{kind of document: own key of its data set}``, in the order in which they are sent.

        What can go in two ways, as payments do, has the one that is read from Xero, too.
        """
        datasets = [self.env[name] for name in self.env.registry if name.startswith("xero.dataset.")]
        chosen = [dataset for dataset in datasets if dataset._key and dataset._kinds]
        chosen.sort(key=lambda dataset: (dataset._sequence, dataset._pull_sequence or 0))
        return {kind: dataset._own_key() for dataset in chosen for kind in dataset._kinds}

    @api.model
    def _kind_labels(self):
        """Kinds of documents with their names, for selections."""
        return [
            (kind, self.env._(self.env[f"xero.dataset.{key}"]._kinds[kind][0]))
            for kind, key in self._dataset_by_kind().items()
        ]

    # === SCHEDULES === #

    def _start_due_pushes(self):
        """Queue what the push modes send now; a condition that cannot be used stops only its own kind."""
        now = fields.Datetime.now()
        for connection in self.sudo():
            connection = connection.with_company(connection.company_id)
            self.env["xero.push.mode"]._create_missing(connection)
            for mode in connection.push_mode_ids.filtered("is_on"):
                if mode._is_due(now):
                    transaction.run_committed(self.env, lambda c=connection, m=mode: c._queue_mode(m))

    def _queue_mode(self, mode):
        """Queue what is ready, in one run; and the batches of the kind that a person has closed.

        :return: the ``xero.run``, empty when nothing is ready
        """
        mode.last_start = fields.Datetime.now()
        self._export_closed(mode.kind)
        run = self.env["xero.run"]
        try:
            ready = mode._ready()
        except ERRORS as error:
            arguments = {"kind": mode.display_name, "detail": str(error)}
            self.env["xero.event"]._log_connection(self, "mode_failed", "failed", arguments=arguments)
            return run
        if by_dataset := ready._xero_by_dataset():
            run = self._queue(by_dataset, "schedule")
            mode.last_run_id = run
        return run
