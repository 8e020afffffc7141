"""One editable grid: Odoo's accounts or taxes, and what stands for them in Xero."""

from odoo import api, fields, models


class XeroMappingWizard(models.TransientModel):
    """Proposals are only proposals: nothing is mapped before somebody confirms."""

    _name = "xero.mapping.wizard"
    _description = "Map to Xero"

    connection_id = fields.Many2one("xero.connection", required=True, ondelete="cascade")
    kind = fields.Selection([("account", "Accounts"), ("tax", "Taxes")], required=True)
    line_ids = fields.One2many("xero.mapping.line", "wizard_id")
    summary = fields.Char(compute="_compute_summary")

    @api.depends("line_ids.xero_account_id", "line_ids.xero_tax_rate_id", "kind")
    def _compute_summary(self):
        for wizard in self:
            lines = wizard.line_ids
            chosen = lines.filtered(lambda line: line.xero_account_id or line.xero_tax_rate_id)
            wizard.summary = self.env._("%(done)s of %(total)s have a counterpart", done=len(chosen), total=len(lines))

    @api.model
    def _open(self, connection, kind):
        """Open the grid with today's mapping and proposals for what is not mapped."""
        connection.ensure_one()
        connection._check_administrator()
        connection.check_access("write")
        wizard = self.create({"connection_id": connection.id, "kind": kind})
        wizard.line_ids = [(0, 0, vals) for vals in wizard._prepare_lines()]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Map Accounts") if kind == "account" else self.env._("Map Taxes"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def _prepare_lines(self):
        connection = self.connection_id
        if self.kind == "account":
            # What customer invoices need stands first.
            records = connection._accounts_to_map().sorted(lambda a: (a.internal_group != "income", a.code or ""))
            source, target = "account_id", "xero_account_id"
            proposals = connection._dataset("account")._propose(records.with_company(connection.company_id))
        else:
            records, source, target = connection._taxes_to_map(), "tax_id", "xero_tax_rate_id"
            proposals = connection._dataset("tax_rate")._propose(records)
        lines = []
        for record in records:
            mapped = record.with_company(connection.company_id)[target]
            if mapped and (mapped.connection_id != connection or mapped.tenant_id != connection.tenant_id):
                mapped = mapped.browse()
            proposal, reason = proposals.get(record.id, (mapped.browse(), ""))
            lines.append(
                {
                    source: record.id,
                    target: (mapped or proposal).id,
                    "origin": "mapped" if mapped else "proposal" if proposal else False,
                    "reason": "" if mapped else reason,
                }
            )
        return lines

    def action_confirm(self):
        """Write the mapping as it stands in the grid."""
        self.ensure_one()
        connection = self.connection_id
        connection._check_administrator()
        connection.check_access("write")
        for line in self.line_ids:
            if self.kind == "account":
                account = line.account_id.sudo().with_company(connection.company_id)
                if account.xero_account_id != line.xero_account_id:
                    account.xero_account_id = line.xero_account_id
            elif line.tax_id.xero_tax_rate_id != line.xero_tax_rate_id:
                line.tax_id.sudo().xero_tax_rate_id = line.xero_tax_rate_id
        return {"type": "ir.actions.client", "tag": "soft_reload"}


class XeroMappingLine(models.TransientModel):
    """One Odoo account or tax of the grid."""

    _name = "xero.mapping.line"
    _description = "Map to Xero: Line"

    wizard_id = fields.Many2one("xero.mapping.wizard", required=True, ondelete="cascade")
    connection_id = fields.Many2one(related="wizard_id.connection_id")
    account_id = fields.Many2one("account.account", readonly=True)
    tax_id = fields.Many2one("account.tax", readonly=True)
    type_tax_use = fields.Selection(related="tax_id.type_tax_use")
    xero_account_id = fields.Many2one(
        "xero.account", domain="[('connection_id', '=', connection_id), ('status', '=', 'ACTIVE')]"
    )
    xero_tax_rate_id = fields.Many2one(
        "xero.tax.rate",
        domain="[('connection_id', '=', connection_id), ('status', '=', 'ACTIVE'), "
        "('can_apply_to_revenue' if type_tax_use == 'sale' else 'can_apply_to_expenses', '=', True)]",
    )
    origin = fields.Selection([("mapped", "Mapped"), ("proposal", "Proposal")], "", readonly=True)
    account_type = fields.Selection(related="account_id.account_type")
    tax_description = fields.Html(related="tax_id.description")
    reason = fields.Char(readonly=True)
