"""What happened to one record: connection events, history, audit. Append-only."""

from odoo import api, fields, models
from odoo.exceptions import AccessError

from . import messages
from .xero_run import TRIGGERS


class XeroEvent(models.Model):
    """One thing that happened; never changed afterwards."""

    _name = "xero.event"
    _inherit = "xero.record.mixin"
    _description = "Xero Event"
    _order = "id desc"

    connection_id = fields.Many2one("xero.connection", ondelete="set null", index="btree_not_null")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", index=True)
    tenant_name = fields.Char("Xero Organisation")
    user_id = fields.Many2one("res.users", "By")
    trigger = fields.Selection(TRIGGERS, "Started by")
    direction = fields.Selection([("push", "To Xero"), ("pull", "From Xero"), ("connection", "Connection")])
    dataset = fields.Char("Data Set Key")
    dataset_name = fields.Char("Data Set", compute="_compute_dataset_name")
    model = fields.Char()
    res_id = fields.Many2oneReference("Record ID", model_field="model")
    kind = fields.Char("What", required=True)
    result = fields.Selection(
        [("ok", "Done"), ("warning", "Warning"), ("failed", "Failed"), ("skipped", "Skipped")],
        required=True,
    )
    code = fields.Char()
    arguments = fields.Json()
    message = fields.Char(compute="_compute_message")
    xero_id = fields.Char("Xero ID")
    number = fields.Char("Xero Number")
    content_hash = fields.Char()
    attempts = fields.Integer()
    duration = fields.Integer("Duration (ms)")
    correlation_id = fields.Char("Xero Correlation ID")
    run_id = fields.Many2one("xero.run", ondelete="set null", index="btree_not_null")

    _record_index = models.Index("(model, res_id)")

    @api.depends("dataset")
    def _compute_dataset_name(self):
        for event in self:
            dataset = self.env.get(f"xero.dataset.{event.dataset}")
            event.dataset_name = dataset._label(self.env) if dataset is not None else event.dataset

    @api.depends_context("lang")
    @api.depends("code", "arguments", "kind", "number")
    def _compute_message(self):
        for event in self:
            event.message = messages.render(self.env, event.code or event.kind, event.arguments)

    @api.depends("kind", "record_name")
    def _compute_display_name(self):
        for event in self:
            event.display_name = event.record_name or event.tenant_name or event.kind

    def write(self, vals):
        """Refused to everybody but the server itself: events are an audit trail."""
        self._check_server()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_server(self):
        self._check_server()

    def _check_server(self):
        if not self.env.su:
            raise AccessError(self.env._("Xero events are an audit trail: they cannot be changed or deleted."))

    # === BUSINESS === #

    @api.model
    def _log(self, link, kind, result, *, run=None, user=None, **values):
        """Record what happened to the record of `link`.

        :param kind: what was done, e.g. ``created``, ``updated``, ``refused``
        :param values: further fields (code, arguments, attempts, duration in ms ...)
        """
        return self._log_many([(link, kind, result, values)], run=run, user=user)

    @api.model
    def _log_many(self, rows, *, run=None, user=None):
        """:meth:`_log` for rows of ``(link, kind, result, values)`` in one query."""
        run = run or self.env["xero.run"]
        return self.sudo().create(
            [
                {
                    "connection_id": link.connection_id.id,
                    "company_id": link.company_id.id,
                    "tenant_name": link.connection_id.tenant_name,
                    "user_id": (user or run.user_id or self.env.user).id,
                    "trigger": run.trigger or "button",
                    "direction": "pull" if run.kind == "pull" else "push",
                    "dataset": link.dataset,
                    "model": link.model,
                    "res_id": link.res_id,
                    "kind": kind,
                    "result": result,
                    "xero_id": link.xero_id,
                    # The number of a contact is its name, and names stay out of the log.
                    "number": link.number if link.model != "res.partner" else False,
                    "run_id": run.id,
                    **values,
                }
                for link, kind, result, values in rows
            ]
        )

    @api.model
    def _log_person(self, connection, records_by_dataset, kind):
        """Record what the user has done with these records: ``edited`` or ``posted``."""
        return self.sudo().create(
            [
                {
                    "connection_id": connection.id,
                    "company_id": connection.company_id.id,
                    "tenant_name": connection.tenant_name,
                    "user_id": self.env.uid,
                    "trigger": "posting",
                    "direction": "push",
                    "dataset": dataset,
                    "model": record._name,
                    "res_id": record.id,
                    "kind": kind,
                    "result": "ok",
                }
                for dataset, records in records_by_dataset.items()
                for record in records
            ]
        )

    @api.model
    def _log_connection(self, connection, kind, result, **values):
        """Record something about the connection itself."""
        return self.sudo().create(
            {
                "connection_id": connection.id,
                "company_id": connection.company_id.id,
                "tenant_name": connection.tenant_name,
                "user_id": self.env.uid,
                "direction": "connection",
                "kind": kind,
                "result": result,
                "trigger": "schedule" if self.env.context.get("ir_cron_progress_id") else "button",
                **values,
            }
        )
