"""What moves money for documents: a link to Xero for each document that it pays."""

from odoo import api, models

from ..datasets.allocation import RECONCILABLE

TO_XERO = ("to_xero", "both")  # directions
# The link that a person has to know of stands for the whole.
URGENCY = ("failed", "in_doubt", "outdated", "held", "sending", "queued", "synced", "excluded")


class XeroMoneyMixin(models.AbstractModel):
    """Payments, and lines of bank statements that are reconciled without one."""

    _name = "xero.money.mixin"
    _inherit = "xero.mixin"
    _description = "Xero Money Mixin"

    @api.depends("xero_link_ids")
    @api.depends_context("company")
    def _compute_xero_link_id(self):
        # EXTENDS xero.mixin
        links = (
            self.env["xero.link"].sudo().search([("model", "=", self._name), ("res_id", "in", self.ids)], order="id")
        )
        by_record = links.grouped("res_id")
        for record in self:
            tenant = self.env["xero.connection"]._for_company(record._xero_company()).tenant_id
            found = by_record.get(record._origin.id, links.browse())
            mine = found.filtered(lambda link, t=tenant: link.tenant_id == t)
            record.xero_link_id = mine.sorted(lambda link: (URGENCY.index(link.state), link.id))[:1]

    def _xero_waiting_link(self):
        # OVERRIDE xero.mixin: any part of it, whatever the others are
        tenant = self.env["xero.connection"]._for_company(self._xero_company()).tenant_id
        mine = self.xero_link_ids.filtered(lambda link: link.tenant_id == tenant)
        return mine._waiting_for_approval().sorted("id")[:1]

    def _xero_content(self):
        # EXTENDS xero.mixin: what travels, and for what
        self.ensure_one()
        lines = self.move_id.line_ids.sorted("id")
        partials = lines.matched_debit_ids | lines.matched_credit_ids
        return {
            "journal": self.journal_id.id,
            "lines": [[line.account_id.id, str(line.amount_currency), str(line.balance)] for line in lines],
            "settles": [
                [row.debit_move_id.id, row.credit_move_id.id, str(row.amount)]
                for row in partials.sorted("id")
                if row.debit_move_id.account_type in RECONCILABLE
            ],
        }

    def _xero_wants_note(self):
        # EXTENDS xero.mixin: only its parts know what keeps them from travelling
        return False

    def _xero_settled_anew(self, by_person=False):
        """What these pay is another now: Xero's payments may be wrong, and what waited may go (B19, B23).

        :param by_person: the user has settled something with them
        """
        if not self:
            return
        self.env["xero.link"]._mark_changed(self._name, self.ids)
        with self._xero_never_fails():
            # What is queued may be parts that these had before.
            self._xero_try_again(("failed", "held", "queued") if by_person else ("failed", "held"))
            self._xero_after_posting(by_person)
