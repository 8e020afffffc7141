"""One document of a batch of Export Control."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from . import messages
from .xero_exception import OPEN_STATES

CHOSEN = ("new", "ready", "blocked")


class XeroBatchDocument(models.Model):
    """What a person sees, chooses and follows of a batch; a document is in one batch at a time."""

    _name = "xero.batch.document"
    _inherit = "xero.record.mixin"
    _description = "Xero Export Document"
    _order = "run_id, date, id"

    run_id = fields.Many2one("xero.run", "Batch", required=True, ondelete="cascade", readonly=True)
    batch_state = fields.Selection(related="run_id.state", string="Batch Is")
    company_id = fields.Many2one(related="run_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference("Record ID", model_field="model", readonly=True)
    partner_id = fields.Many2one("res.partner", "Contact", readonly=True)
    date = fields.Date(readonly=True)
    amount = fields.Monetary("Total", readonly=True, help="In the company's currency.")
    state = fields.Selection(
        [("new", "Not checked"), ("ready", "Ready"), ("blocked", "Cannot go yet"), ("out", "Left out")],
        required=True,
        default="new",
        readonly=True,
    )
    reason = fields.Char(readonly=True, help="Code of the reason why it cannot go.")
    reason_arguments = fields.Json(readonly=True)
    further = fields.Json(readonly=True, help="Warnings beside the reason: code and arguments of each.")
    live = fields.Boolean(default=True, readonly=True, help="Whether the document waits in this batch.")
    link_id = fields.Many2one("xero.link", readonly=True, ondelete="set null", index="btree_not_null")
    link_state = fields.Selection(related="link_id.state", string="Xero")
    message = fields.Char("Reason", compute="_compute_message")

    _batch_index = models.Index("(run_id, state)")
    _live_unique = models.UniqueIndex(
        "(company_id, model, res_id) WHERE live", "This document waits in another batch already."
    )

    @api.depends("reason", "reason_arguments", "further", "link_id.state")
    @api.depends_context("lang")
    def _compute_message(self):
        problems = (
            self.env["xero.exception"]
            .sudo()
            .search([("link_id", "in", self.sudo().link_id.ids), ("state", "in", OPEN_STATES)])
            .with_env(self.env)
            .sudo()
        )
        causes = {problem.link_id.id: problem.cause for problem in problems}
        for document in self:
            if document.sudo().link_id:
                document.message = causes.get(document.sudo().link_id.id, False)
            else:
                told = [(document.reason, document.reason_arguments), *(document.further or [])]
                texts = [messages.render(self.env, code, arguments or {}) for code, arguments in told if code]
                document.message = " ".join(texts) or False

    # === ACTIONS === #

    def action_leave_out(self):
        """These do not travel with this batch; what is exported later finds them again.

        :raises UserError: a batch is closed
        """
        self._changeable().filtered(lambda document: document.state in CHOSEN).write(
            {"state": "out", "reason": False, "reason_arguments": False, "further": False}
        )
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_take_in(self):
        """These travel with this batch after all, as far as nothing is in their way.

        :raises UserError: a batch is closed
        """
        for batch, documents in (
            self._changeable().filtered(lambda document: document.state == "out").grouped("run_id").items()
        ):
            documents.write({"state": "new"})
            batch._start_check()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _changeable(self):
        """These as root, when the user may choose among them."""
        self.env["xero.connection"]._check_user()
        self.check_access("read")
        documents = self.sudo()
        if closed := documents.run_id.filtered(lambda batch: batch.state != "open")[:1]:
            raise UserError(self.env._("%s is closed: what it holds can no longer be changed.", closed.display_name))
        return documents
