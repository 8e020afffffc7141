"""Which documents wait for somebody's approval before they go to Xero (RUL-09, RUL-10)."""

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

APPROVER_GROUP = "xero_connector.group_xero_approver"


class XeroApprovalRule(models.Model):
    """One level: several rules of a kind are passed in their order, each by another person."""

    _name = "xero.approval.rule"
    _description = "Xero Approval Rule"
    _order = "company_id, kind, sequence, id"
    _rec_name = "kind"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection("_selection_kind", "Documents", required=True)
    sequence = fields.Integer("Level", default=10)
    active = fields.Boolean(default=True)
    requirement = fields.Selection(
        [("never", "Never"), ("above", "Above the amount"), ("always", "Always")],
        "Approval",
        required=True,
        default="always",
    )
    amount = fields.Monetary(help="In the currency of the company; a document of just this amount needs no approval.")
    user_ids = fields.Many2many(
        "res.users",
        string="Approvers",
        domain=lambda self: [("all_group_ids", "in", self.env.ref(APPROVER_GROUP).ids)],
        help="Empty: everybody of the group. Nobody approves what he made, edited, posted or asked to send.",
    )
    group_id = fields.Many2one(
        "res.groups", "Group of Approvers", required=True, default=lambda self: self.env.ref(APPROVER_GROUP)
    )

    @api.model
    def _selection_kind(self):
        return self.env["xero.connection"]._kind_labels()

    @api.constrains("user_ids")
    def _check_users(self):
        for rule in self:
            for user in rule.user_ids.filtered(lambda user: not user.has_group(APPROVER_GROUP)):
                raise ValidationError(self.env._("%s needs the right “Xero: Approver” first.", user.name))

    @api.constrains("requirement", "amount")
    def _check_amount(self):
        for rule in self:
            if rule.amount < 0:
                raise ValidationError(self.env._("The amount of an approval rule is not negative."))

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Create; logged."""
        self.env.registry.clear_cache()
        rules = super().create(vals_list)
        rules._log("approval_rule_set")
        return rules

    def write(self, vals):
        """Write; logged."""
        self.env.registry.clear_cache()
        result = super().write(vals)
        self._log("approval_rule_set")
        return result

    def unlink(self):
        """Delete; logged."""
        self.env.registry.clear_cache()
        self._log("approval_rule_removed")
        return super().unlink()

    def _log(self, kind):
        for rule in self:
            connection = self.env["xero.connection"]._for_company(rule.company_id)
            if connection:
                requirement = dict(self._fields["requirement"]._description_selection(self.env))[rule.requirement]
                self.env["xero.event"]._log_connection(
                    connection,
                    kind,
                    "ok",
                    arguments={
                        "kind": rule.display_name,
                        "level": rule.sequence,
                        "requirement": requirement if rule.active else "-",
                        "amount": f"{rule.amount:.2f}",
                        "who": rule._approver_names(),
                    },
                )

    # === BUSINESS === #

    @api.model
    @tools.ormcache("company_id")
    def _ids_by_kind(self, company_id):
        """``{kind: ids in the order of the levels}`` of the company and its parents.

        Asked at every posting, so it costs no query.
        """
        companies = self.env["res.company"].browse(company_id).parent_ids
        domain = [("company_id", "in", companies.ids), ("requirement", "!=", "never")]
        rules = self.sudo().search(domain, order="sequence, id")
        return {kind: same._ids for kind, same in rules.grouped("kind").items()}

    @api.model
    def _needed(self, dataset, record):
        """Rules whose approval `record` of a data set needs, in the order of their levels."""
        by_kind = self._ids_by_kind(dataset._rule_company(record).id)
        amounts = dataset._approval_amounts(record) if by_kind else {}
        rules = self.sudo().browse([rule for kind in amounts for rule in by_kind.get(kind, ())])
        return rules.filtered(
            lambda rule: rule.requirement == "always"
            or rule.currency_id.compare_amounts(amounts[rule.kind], rule.amount) > 0
        )

    def _approvers(self):
        """Users who may give this approval."""
        self.ensure_one()
        group = self.group_id.sudo().all_user_ids
        return (self.sudo().user_ids or group).filtered(lambda user: user.active and user.has_group(APPROVER_GROUP))

    def _approver_names(self):
        """Who is asked, for people."""
        self.ensure_one()
        return ", ".join(self.sudo().user_ids.mapped("name")) or self.sudo().group_id.full_name
