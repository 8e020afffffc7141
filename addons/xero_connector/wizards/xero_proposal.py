"""What Xero has and Odoo lacks, proposed line by line; nothing is created before somebody confirms."""

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

# Fields of the proposal that hold its lines, in the order in which they are created.
KINDS = ("account_ids", "tax_ids", "analytic_ids")


class XeroProposal(models.TransientModel):
    """Proposals for what Xero says to one connection and nothing in Odoo stands for."""

    _name = "xero.proposal"
    _description = "Create from Xero"

    connection_id = fields.Many2one("xero.connection", required=True, ondelete="cascade")
    account_ids = fields.One2many("xero.proposal.account", "wizard_id", "Accounts")
    tax_ids = fields.One2many("xero.proposal.tax", "wizard_id", "Taxes")
    analytic_ids = fields.One2many("xero.proposal.analytic", "wizard_id", "Analytic Accounts")

    @api.model
    def _open(self, connection):
        """Open the lists of proposals; none is chosen."""
        connection.ensure_one()
        connection._check_administrator()
        connection.check_access("write")
        lines = {name: self.env[self._fields[name].comodel_name]._prepare_lines(connection) for name in KINDS}
        commands = {name: [Command.create(vals) for vals in vals_list] for name, vals_list in lines.items()}
        wizard = self.create({"connection_id": connection.id, **commands})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Create from Xero"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def action_create(self):
        """Create what is chosen, each with its mapping.

        :raises UserError: nothing is chosen, or a line lacks something
        """
        self.ensure_one()
        self.connection_id._check_administrator()
        self.connection_id.check_access("write")
        chosen = [line for name in KINDS for line in self[name].filtered("chosen")]
        if not chosen:
            raise UserError(self.env._("Tick what is to be created."))
        for line in chosen:
            line._check_source()
            line._check()
            line._create_record()
        return {"type": "ir.actions.client", "tag": "soft_reload"}


class XeroProposalLine(models.AbstractModel):
    """One element of Xero's that Odoo lacks; a kind says how it is found, checked and created."""

    _name = "xero.proposal.line"
    _description = "Create from Xero: Line"

    _source = None  # field that holds the row of Xero's reference data

    wizard_id = fields.Many2one("xero.proposal", required=True, ondelete="cascade")
    chosen = fields.Boolean("Create")
    name = fields.Char(required=True)

    @api.model
    def _prepare_lines(self, connection):
        """Values of the lines that are proposed for a connection."""
        raise NotImplementedError

    def _check(self):
        """Raise a sentence when nothing can be created from the line as it stands."""
        raise NotImplementedError

    def _check_source(self):
        """Raise a sentence when the line is about another organisation."""
        if self[self._source].connection_id != self.wizard_id.connection_id:
            raise UserError(self.env._("%s is not of this organisation.", self.name))

    def _create_record(self):
        """Create the record of Odoo's, with its mapping."""
        raise NotImplementedError

    @property
    def _company(self):
        """The company that things are created in."""
        return self.wizard_id.connection_id.company_id

    @api.model
    def _active_rows(self, model, connection):
        """Xero's reference data of one model that is in use in the organisation of `connection`."""
        domain = [("connection_id", "=", connection.id), ("status", "=", "ACTIVE")]
        return self.env[model].search([*domain, ("tenant_id", "=", connection.tenant_id)])
