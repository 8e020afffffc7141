"""Files of a host record: which of them travel, and how many are in Xero."""

from odoo import api, fields, models

from . import messages
from .xero_exception import OPEN_STATES
from .xero_mixin import READERS


class XeroMixin(models.AbstractModel):
    _inherit = "xero.mixin"

    xero_file_count = fields.Integer(
        "Files in Xero", compute="_compute_xero_file_count", compute_sudo=True, groups=READERS
    )

    # === HOOKS === #

    def _xero_files_switch(self):
        """Name of the connection's switch for the files of this record, or ``None``."""
        return None

    def _xero_files_online(self):
        """Whether a customer may see the files of this record in Xero."""
        return False

    def _xero_files(self, connection):
        """Files that travel with these records, oldest first: ``{record id: attachments}``.

        Not Odoo's own, such as the content of binary fields.
        """
        switched = self.filtered(lambda record: record._xero_sends_files(connection))
        if not switched:
            return {}
        domain = [
            ("res_model", "=", self._name),
            ("res_id", "in", switched.ids),
            ("type", "=", "binary"),
            ("res_field", "in", [False, *self._xero_file_fields(connection)]),
        ]
        return self.env["ir.attachment"].sudo().search(domain, order="id").grouped("res_id")

    def _xero_sends_files(self, connection):
        """Whether the files of this record go to Xero."""
        switch = self._xero_files_switch()
        return bool(switch and connection[switch])

    def _xero_file_fields(self, connection):
        """Binary fields whose content travels, too."""
        return []

    # === COMPUTES === #

    @api.depends_context("company")
    def _compute_xero_file_count(self):
        parts = {f"{self._name},{record._origin.id}": record for record in self}
        counted = self.env["xero.link"]._read_group(
            [
                ("tenant_id", "in", self._xero_tenants()),
                ("dataset", "=", "attachment"),
                ("part", "in", list(parts)),
                ("xero_id", "!=", False),
                ("active", "in", [True, False]),
            ],
            ["part"],
            ["__count"],
        )
        counts = dict(counted)
        for part, record in parts.items():
            record.xero_file_count = counts.get(part, 0)

    # === ACTIONS === #

    def _xero_outcome_sentence(self):
        # EXTENDS xero.mixin: what became of the files
        sentence, kind = super()._xero_outcome_sentence()
        links = (
            self.env["xero.link"]
            .sudo()
            .search(
                [("dataset", "=", "attachment"), ("part", "=", f"{self._name},{self.id}"), ("state", "!=", "synced")]
            )
        )
        waiting = links.filtered(lambda link: link.state in ("queued", "sending", "in_doubt"))
        if waiting:
            sentence += " " + self.env._("Files still to be sent: %s.", len(waiting))
        problems = (
            self.env["xero.exception"]
            .sudo()
            .search([("link_id", "in", links.ids), ("state", "in", OPEN_STATES), ("direction", "=", "push")])
        )
        for problem in problems:
            sentence += " " + messages.render(self.env, problem.code, problem.arguments)
        return sentence, "warning" if problems and kind == "success" else kind

    # === BUSINESS === #

    def _xero_mark_files(self):
        """A file of these records has come or changed: the next push sends it; nothing is sent here."""
        connections = self.env["xero.connection"]
        marked = self.filtered(lambda r: r._xero_sends_files(connections._for_company(r._xero_company())))
        self.env["xero.link"]._mark_followers_changed(self._name, marked.ids)
