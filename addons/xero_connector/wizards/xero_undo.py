"""Undo of a push: what it created is voided or deleted in Xero, after a look at each record (books B16)."""

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ..datasets.problem import Problem
from ..datasets.statuses import BUSY_STATES
from ..models import messages

CREATED = ("created", "adopted")  # kinds of events; what was adopted is ours, its answer was lost


class XeroUndo(models.TransientModel):
    """One push, and what becomes of everything that it created."""

    _name = "xero.undo"
    _description = "Undo a Push"

    run_id = fields.Many2one("xero.run", "Push", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="run_id.company_id")
    line_ids = fields.One2many("xero.undo.line", "undo_id", readonly=True)
    undo_count = fields.Integer("Are Taken Back", compute="_compute_counts")
    stay_count = fields.Integer("Stay in Xero", compute="_compute_counts")

    def _compute_counts(self):
        for undo in self:
            undo.undo_count = len(undo.line_ids.filtered("possible"))
            undo.stay_count = len(undo.line_ids) - undo.undo_count

    def _open(self, run):
        """Show what an undo of `run` would do; no API call.

        :raises UserError: the run is not over, or has created nothing that is still in Xero
        :raises AccessError: it has sent what the user may not see
        """
        if run.kind != "push" or run.state not in ("done", "stopped"):
            raise UserError(self.env._("%s is not finished.", run.display_name))
        ours, others = self._with_dependents(run._linked_by(*CREATED)), run._linked_by("matched")
        if not ours:
            raise UserError(self.env._("%s has created nothing in Xero that is still there.", run.display_name))
        self._check_seen(run, ours | others)
        lines = [self._prepare_line(link) for link in ours]
        lines += [self._prepare_line(link, Problem("undo_not_ours")) for link in others]
        # Only the server makes these rows; their reader is who asked.
        undo = self.sudo().create({"run_id": run.id, "line_ids": [fields.Command.create(line) for line in lines]})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Undo: void or delete in Xero"),
            "res_model": self._name,
            "res_id": undo.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _with_dependents(self, links):
        """`links`, and those of what is taken back with them."""
        for dataset, same in links._by_dataset():
            links |= dataset._taken_back_with(same)
        return links.filtered(lambda link: link.state not in BUSY_STATES)

    def _check_seen(self, run, links):
        """Nobody takes back what he may not even see: a list of it would tell names (SEC-05)."""
        if links.with_env(self.env)._filtered_access("read") != links:
            raise AccessError(
                self.env._(
                    "%s has sent records that you may not see. Ask an administrator who may see them to take it back.",
                    run.display_name,
                )
            )

    def _prepare_line(self, link, problem=None):
        dataset = link._dataset()
        record, status = dataset._browse(link.res_id).exists(), link.xero_status
        try:
            if not problem:
                dataset._check_retirement(record, link)
                status = dataset._prepare_retirement(link)["Status"]
        except Problem as found:
            problem = found
        return {
            "link_id": link.id,
            "amount": dataset._amount(record),
            "possible": not problem,
            "code": problem and problem.code,
            "arguments": problem and problem.arguments,
            "status": status,
        }

    def action_undo(self):
        """Take back what can be taken back, in the background.

        :return: the run to follow
        :raises UserError: nothing can be taken back
        :raises AccessError: it is what the user may not see
        """
        self.ensure_one()
        self.env["xero.connection"]._check_administrator()
        self.check_access("read")
        links = self.sudo().line_ids.filtered("possible").link_id
        self._check_seen(self.run_id, links)
        run = self.run_id.connection_id._undo(self.run_id, links)
        return {
            "type": "ir.actions.act_window",
            "res_model": "xero.run",
            "res_id": run.id,
            "views": [(False, "form")],
            "target": "current",
        }


class XeroUndoLine(models.TransientModel):
    """One record that the push created."""

    _name = "xero.undo.line"
    _description = "Record of an Undo"

    undo_id = fields.Many2one("xero.undo", required=True, ondelete="cascade")
    link_id = fields.Many2one("xero.link", required=True, ondelete="cascade")
    record_name = fields.Char(related="link_id.record_name")
    number = fields.Char(related="link_id.number")
    currency_id = fields.Many2one(related="link_id.company_id.currency_id")
    amount = fields.Monetary(help="In the company's currency.")
    possible = fields.Boolean()
    status = fields.Char()
    code = fields.Char()
    arguments = fields.Json()
    outcome = fields.Char("What Happens", compute="_compute_outcome")

    def _compute_outcome(self):
        for line in self:
            if line.code:
                line.outcome = messages.render(self.env, line.code, line.arguments or {})
            else:
                label = messages.status_label(self.env, line.status)
                line.outcome = self.env._("Becomes %s in Xero", label)
