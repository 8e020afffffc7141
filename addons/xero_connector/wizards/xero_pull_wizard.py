"""Import one data set, as a choice from a list."""

from odoo import api, fields, models


class XeroPullWizard(models.TransientModel):
    """Which data set, and whether everything is read again."""

    _name = "xero.pull.wizard"
    _description = "Import from Xero"

    connection_id = fields.Many2one(
        "xero.connection",
        required=True,
        default=lambda self: self.env["xero.connection"].search([("company_id", "=", self.env.company.id)], limit=1),
    )
    dataset = fields.Selection(selection="_selection_dataset", required=True)
    everything = fields.Boolean(
        "Read everything again", help="Off: only what changed in Xero since the last import is read."
    )

    @api.model
    def _selection_dataset(self):
        """What the connections of the user's companies bring in: payroll, say, only with access to it (PUL-02)."""
        connections = self.env["xero.connection"].search([("company_id", "parent_of", self.env.companies.ids)])
        wanted = {key for connection in connections for key in connection._pulled_keys()}
        return [(key, connections._dataset_label(key)) for key in connections._all_pulled_keys() if key in wanted]

    def action_pull(self):
        """Import the chosen data set: at once as far as it goes, then in the background."""
        self.ensure_one()
        connection = self.connection_id
        connection._check_user()
        connection.check_access("read")
        # The same refusals as for a program that pulls.
        connection.sudo()._check_pulled(self.dataset)
        return connection._import([self.dataset], everything=self.everything)
