"""Approvals that were given or refused. Append-only."""

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

# Events of a push that somebody asked for.
ASKED = ("refused", "skipped", "unchanged", "posted", "edited", "retry", "in_doubt")
SENT = ("created", "updated", "adopted", "matched")
BY_PERSONS = ("button", "posting", "code", "webhook")


class XeroApproval(models.Model):
    """One person's decision on one content of one document."""

    _name = "xero.approval"
    _inherit = "xero.record.mixin"
    _description = "Xero Approval"
    _order = "id desc"

    connection_id = fields.Many2one("xero.connection", ondelete="set null", index="btree_not_null")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    model = fields.Char(required=True)
    res_id = fields.Many2oneReference("Record ID", model_field="model")
    rule_id = fields.Many2one("xero.approval.rule", ondelete="set null", index="btree_not_null")
    decision = fields.Selection([("approved", "Approved"), ("rejected", "Rejected")], required=True)
    user_id = fields.Many2one("res.users", "By", required=True, ondelete="restrict")
    amount = fields.Monetary()
    reason = fields.Char()
    fingerprint = fields.Char("Content", required=True, help="Of what was decided on; an edit makes another one.")

    _record_index = models.Index("(model, res_id)")
    _level_unique = models.UniqueIndex(
        "(connection_id, model, res_id, fingerprint, rule_id) WHERE decision = 'approved' AND rule_id IS NOT NULL",
        "Somebody has given this approval already.",
    )
    _person_unique = models.UniqueIndex(
        "(connection_id, model, res_id, fingerprint, user_id) WHERE decision = 'approved'",
        "Each level is approved by another person.",
    )

    @api.depends("record_name", "decision")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.record_name or row.decision

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Only the server writes decisions down: Approve and Reject check who decides."""
        self._check_server()
        return super().create(vals_list)

    def write(self, vals):
        """Refused to everybody but the server."""
        self._check_server()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_server(self):
        self._check_server()

    def _check_server(self):
        if not self.env.su:
            raise AccessError(self.env._("Approvals are an audit trail: they cannot be made, changed or deleted here."))

    # === BUSINESS === #

    @api.model
    def _given(self, record, connection, fingerprint):
        """Decisions on the present content of `record`."""
        return self.sudo().search(
            [
                ("connection_id", "=", connection.id),
                ("model", "=", record._name),
                ("res_id", "=", record.id),
                ("fingerprint", "=", fingerprint),
            ]
        )

    @api.model
    def _next_rule(self, rules, given):
        """The first of `rules` that nobody has approved yet, possibly empty."""
        approved = given.filtered(lambda row: row.decision == "approved")
        return rules.filtered(lambda rule: rule not in approved.rule_id)[:1]

    @api.model
    def _involved(self, record):
        """Users who made, edited or posted `record`, or asked for the push that waits: they do not approve it.

        Who closes a batch asks for what a schedule exports later.
        """
        events = self.env["xero.event"].sudo()
        ours = self._told_of(record) & Domain("direction", "=", "push")
        sent = events.search(ours & Domain("kind", "in", SENT), limit=1)
        by_persons = Domain("kind", "in", ASKED) & Domain("trigger", "in", BY_PERSONS)
        asked = events.search(ours & Domain("id", ">", sent.id or 0) & by_persons)
        holding = [("model", "=", record._name), ("res_id", "=", record.id), ("state", "!=", "out")]
        batches = self.env["xero.batch.document"].sudo().search(holding).run_id
        closing = [("run_id", "in", batches.ids), ("kind", "=", "batch_closed"), ("id", ">", sent.id or 0)]
        closed = events.search(closing)
        return record.sudo().create_uid | asked.user_id | closed.user_id

    @api.model
    def _told_of(self, record):
        """Domain of the events that tell who had a hand in `record`."""
        return Domain("model", "=", record._name) & Domain("res_id", "=", record.id)

    @api.model
    def _check_may_decide(self, rule, record, given):
        """Raise a sentence unless the user may decide on `record` for `rule` now."""
        user = self.env.user
        in_cron = self.env.context.get("ir_cron_progress_id") or self.env.context.get("cron_id")
        if user.id == SUPERUSER_ID or in_cron:
            raise AccessError(self.env._("An approval is given by a person, not by a program."))
        if user not in rule._approvers():
            raise AccessError(
                self.env._(
                    "%(record)s is approved by: %(who)s.", record=record.display_name, who=rule._approver_names()
                )
            )
        if user in self._involved(record):
            raise UserError(
                self.env._(
                    "You made, edited, posted or asked to send %s yourself: somebody else approves it.",
                    record.display_name,
                )
            )
        if user in given.filtered(lambda row: row.decision == "approved").user_id:
            raise UserError(
                self.env._("You have approved %s already: the next level is another person's.", record.display_name)
            )
