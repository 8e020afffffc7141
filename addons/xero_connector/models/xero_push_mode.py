"""How each kind of document goes to Xero: by hand, by schedule, or as soon as it is posted."""

from odoo import api, fields, models, tools
from odoo.fields import Domain

from .xero_schedule import SWITCHES

MODES = [("manual", "By hand"), ("scheduled", "By schedule"), ("on_posting", "When it is posted")]


class XeroPushMode(models.Model):
    """One kind of document of one connection (TIM-08)."""

    _name = "xero.push.mode"
    _inherit = ["xero.timed", "xero.condition"]
    _description = "Xero Push Mode"
    _order = "id"
    _rec_name = "kind"

    connection_id = fields.Many2one("xero.connection", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="connection_id.company_id", store=True, index=True)
    kind = fields.Selection("_selection_kind", "Documents", required=True, readonly=True)
    push_mode = fields.Selection(
        MODES,
        "Are sent",
        required=True,
        default="manual",
        help="By hand: posting sends nothing.\n"
        "By schedule: what was posted since the start date and is not in Xero, or changed, is sent at these times.\n"
        "When it is posted: at once in the background; what was posted while Xero was not connected, or before "
        "this was chosen, follows by the schedule.",
    )

    document_status = fields.Char("Arrive as", compute="_compute_document_status")

    _kind_unique = models.Constraint("UNIQUE(connection_id, kind)", "This kind of document has a push mode already.")
    _minutes_minimum = models.Constraint("CHECK(minutes >= 5)", "An interval is at least 5 minutes.")

    @api.model
    def _selection_kind(self):
        return self.env["xero.connection"]._kind_labels()

    @api.depends("push_mode")
    def _compute_is_on(self):
        for mode in self:
            mode.is_on = mode.push_mode != "manual"

    @api.depends("kind", *SWITCHES)
    @api.depends_context("lang")
    def _compute_document_status(self):
        for mode in self:
            mode.document_status = mode.connection_id._status_label(mode.kind)

    @api.depends("kind")
    def _compute_model_name(self):
        datasets = self.env["xero.connection"]._dataset_by_kind()
        for mode in self:
            key = datasets.get(mode.kind)
            mode.model_name = self.env[f"xero.dataset.{key}"]._odoo_model if key else False

    @api.model
    def _create_missing(self, connection):
        """Rows for kinds that have none: they are sent by hand."""
        known = self.sudo().search([("connection_id", "=", connection.id)]).mapped("kind")
        self.sudo().create(
            [
                {"connection_id": connection.id, "kind": kind}
                for kind in self.env["xero.connection"]._dataset_by_kind()
                if kind not in known
            ]
        )

    # === BUSINESS === #

    @api.model
    @tools.ormcache("connection_id")
    def _ids_on_posting(self, connection_id):
        """``{kind: id}`` of what is sent when it is posted; asked at every posting, so it costs no query."""
        rows = self.sudo().search([("connection_id", "=", connection_id), ("push_mode", "=", "on_posting")])
        return {row.kind: row.id for row in rows}

    def _ready(self, ids=None):
        """Records that go now by themselves: not in Xero yet or outdated; nothing that failed or is excluded.

        :param ids: only these; default: all
        :raises UserError, ValueError: the condition cannot be used any more
        """
        self.ensure_one()
        connection = self.connection_id
        dataset = connection._dataset(connection._dataset_by_kind()[self.kind])
        domain = connection._waiting_domain(dataset, self.kind, ("outdated",), untried=True)
        if ids is not None:
            domain &= Domain("id", "in", ids)
        ready = self._matching(dataset._browse([]).search(domain), connection.company_id)
        return ready if ids is not None else ready | self._cancelled(dataset)

    def _cancelled(self, dataset):
        """Records that were cancelled in Odoo and wait to be voided in Xero, where the company has it so (B14)."""
        connection, kinds = self.connection_id, dict(dataset._kinds)
        if connection.on_cancel != "void":
            return dataset._browse([])
        links = (
            self.env["xero.link"]
            .sudo()
            .search(
                [
                    ("tenant_id", "=", connection.tenant_id),
                    ("dataset", "=", dataset._key),
                    ("model", "=", dataset._odoo_model),
                    ("state", "=", "outdated"),
                    ("reason", "=", False),
                    ("xero_id", "!=", False),
                ]
            )
        )
        domain = [("id", "in", links.mapped("res_id")), ("state", "in", dataset._undone_states), *kinds[self.kind][1]]
        return dataset._browse([]).search(domain)
