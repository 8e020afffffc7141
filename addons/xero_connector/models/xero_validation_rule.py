"""Rules that keep records from going to Xero, or warn, set without code (RUL-03)."""

from odoo import SUPERUSER_ID, api, fields, models, tools
from odoo.exceptions import ValidationError


class XeroValidationRule(models.Model):
    """Records that meet the condition are kept back, or sent with a warning."""

    _name = "xero.validation.rule"
    _inherit = "xero.condition"
    _description = "Xero Validation Rule"
    _order = "sequence, id"

    name = fields.Char(
        required=True,
        help="A rule of a company replaces the rule for all companies of the same name for the same records. "
        "Rules of a team name it in their condition.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: for all companies.")
    model = fields.Selection("_selection_model", "Records", required=True)
    severity = fields.Selection(
        [("block", "Keep it back"), ("warn", "Send it, with a warning")], required=True, default="block"
    )
    message = fields.Char(required=True, translate=True, help="What people read about a record that was found.")

    _name_unique = models.UniqueIndex(
        "(model, name, coalesce(company_id, 0)) WHERE active", "There is a rule of this name already."
    )

    @api.model
    def _selection_model(self):
        """Models that have a data set and the buttons of Xero."""
        datasets = [self.env[name] for name in self.env.registry if name.startswith("xero.dataset.")]
        names = {dataset._odoo_model for dataset in datasets if dataset._key}
        names = sorted(name for name in names if name in self.env and "xero_link_ids" in self.env[name]._fields)
        return [(name, self.env["ir.model"]._get(name).sudo().name) for name in names]

    @api.depends("model")
    def _compute_model_name(self):
        for rule in self:
            rule.model_name = rule.model

    @api.constrains("company_id", "author_id")
    def _check_author_companies(self):
        """The condition of a rule for all companies is looked up by its author, everywhere."""
        for rule in self:
            connected = rule.env["xero.connection"].sudo().search([("tenant_id", "!=", False)]).company_id
            companies = rule.company_id or connected
            foreign = companies - rule.author_id.sudo().company_ids
            if foreign and rule.author_id.id != SUPERUSER_ID:
                raise ValidationError(
                    rule.env._(
                        "You do not work in %s: choose a company for the rule.", ", ".join(foreign.mapped("name"))
                    )
                )

    @api.model
    def _condition_fields(self):
        # EXTENDS xero.condition
        return super()._condition_fields() | {"model", "company_id"}

    @api.model
    @tools.ormcache("model", "company_id", "severity")
    def _ids_for(self, model, company_id, severity):
        companies = self.env["res.company"].browse(company_id).parent_ids
        rules = self.sudo().search([("model", "=", model), ("company_id", "in", (False, *companies.ids))])
        own = set(rules.filtered("company_id").mapped("name"))
        return rules.filtered(lambda rule: rule.severity == severity and (rule.company_id or rule.name not in own))._ids

    @api.model
    def _for(self, record, company, severity):
        """Rules for `record` in `company`, also those of its parents.

        A rule of a company replaces the general one of its name (RUL-07).
        """
        return self.sudo().browse(self._ids_for(record._name, company.id, severity))
