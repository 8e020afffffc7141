"""Tracking options of Xero's that no analytic account stands for."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class XeroProposalAnalytic(models.TransientModel):
    """One tracking option of Xero's that Odoo lacks."""

    _name = "xero.proposal.analytic"
    _inherit = "xero.proposal.line"
    _description = "Create from Xero: Analytic Account"

    _source = "option_id"

    option_id = fields.Many2one("xero.tracking.option", required=True, readonly=True, ondelete="cascade")
    category_id = fields.Many2one(related="option_id.category_id")
    plan_id = fields.Many2one("account.analytic.plan")
    taken_by_id = fields.Many2one("account.analytic.account", "Name is used by", compute="_compute_taken_by_id")

    @api.depends("name", "plan_id")
    def _compute_taken_by_id(self):
        for line in self:
            domain = [("company_id", "in", (False, line._company.id)), ("plan_id", "=", line.plan_id.id)]
            line.taken_by_id = self.env["account.analytic.account"].search(
                [*domain, ("name", "=ilike", (line.name or "").strip())], limit=1
            )

    @api.model
    def _prepare_lines(self, connection):
        # EXTENDS xero.proposal.line: categories that another source fills are no plans
        slots = {slot.category: slot for slot in connection._tracking_slots()}
        options = self._active_rows("xero.tracking.category", connection).option_ids
        accounts = self.env["account.analytic.account"].with_company(connection.company_id)
        mapped = accounts.search([("xero_tracking_option_id", "in", options.ids)]).xero_tracking_option_id
        lines = []
        for option in options - mapped:
            slot = slots.get(option.category_id)
            if not slot or slot.source == "plan":
                lines.append({"option_id": option.id, "name": option.name, "plan_id": slot.plan.id if slot else False})
        return lines

    def _check(self):
        # EXTENDS xero.proposal.line
        if not self.plan_id:
            raise UserError(self.env._("Choose the analytic plan of %s.", self.name))
        if self.taken_by_id:
            raise UserError(
                self.env._("%(plan)s has %(name)s already: map it instead.", plan=self.plan_id.name, name=self.name)
            )

    def _create_record(self):
        # EXTENDS xero.proposal.line
        accounts = self.env["account.analytic.account"].sudo().with_company(self._company)
        accounts.create(
            {
                "name": self.name,
                "plan_id": self.plan_id.id,
                "company_id": self._company.id,
                "xero_tracking_option_id": self.option_id.id,
            }
        )
