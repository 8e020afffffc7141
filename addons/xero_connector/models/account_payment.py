"""Payments: their links to Xero, one for each document that they pay."""

from odoo import api, fields, models

from ..datasets.statuses import BOOKED
from .xero_money_mixin import TO_XERO

SENT_FIELDS = {"payment_type", "partner_type", "amount", "date", "memo", "partner_id", "journal_id", "currency_id"}


class AccountPayment(models.Model):
    _name = "account.payment"
    _inherit = ["account.payment", "xero.money.mixin"]

    xero_is_reconciled = fields.Boolean("Reconciled in Xero", compute="_compute_xero_is_reconciled", compute_sudo=True)

    def _xero_dataset_key(self):
        # EXTENDS xero.mixin
        payment = self.sudo()  # who pays need not see what else it pays, nor any link
        if payment._xero_is_prepaid():
            return None
        connection = self.env["xero.connection"]._for_company(self._xero_company())
        if connection.payment_direction not in TO_XERO:
            return None
        return "batch_payment" if connection._dataset("batch_payment")._is_batch(payment) else "payment"

    def _xero_is_prepaid(self):
        """Whether this is prepaid money that came from Xero: a Payment of its documents would count it twice."""
        return any(link.dataset == "prepaid" and link.xero_id for link in self.xero_link_ids)

    def write(self, vals):
        # EXTENDS account
        posted = vals.get("state") in BOOKED
        again = self.filtered(lambda payment: payment.state not in BOOKED) if posted else self.browse()
        result = super().write(vals)
        again._xero_send_anew()
        if "state" in vals and not self.env.context.get("xero_no_echo"):
            self.sudo()._xero_tell_undone()
        if posted or SENT_FIELDS & vals.keys():
            self._xero_after_edit("posted" if posted else "edited")
        return result

    def action_cancel(self):
        # EXTENDS account
        result = super().action_cancel()
        self._xero_settlement_changed()
        return result

    def action_reject(self):
        # EXTENDS account
        result = super().action_reject()
        self._xero_settlement_changed()
        return result

    def _xero_settlement_changed(self, by_person=False):
        """What these pay is another now: Xero's payments may be wrong, and what waited may go (B19, B23).

        :param by_person: the user has settled something with them
        """
        if self.env.context.get("xero_no_echo"):
            return
        connections = self.env["xero.connection"]
        sent = self.sudo().filtered(
            lambda payment: (
                connections._for_company(payment._xero_company()).payment_direction in TO_XERO
                and not payment._xero_is_prepaid()
            )
        )
        self.sudo()._xero_tell_undone()
        sent._xero_settled_anew(by_person)

    def _xero_tell_undone(self):
        """Say of payments that came from Xero where they no longer count, or do again."""
        connections = self.env["xero.connection"]
        came = self.filtered(
            lambda payment: connections._for_company(payment._xero_company()).payment_direction == "from_xero"
        )
        links = came.xero_link_ids.filtered(lambda link: link.dataset in ("payment", "prepaid"))
        undone = {
            link: link.connection_id and link.connection_id._dataset("payment")._undone_here(link) for link in links
        }
        rows = [(link, problem.code, problem.arguments, 0.0) for link, problem in undone.items() if problem]
        exceptions = self.env["xero.exception"]
        exceptions._close(links.filtered(lambda link: not undone[link]), ("payment_undone_here",))
        if rows:
            exceptions._report(rows, direction="pull")

    def _xero_content(self):
        # EXTENDS xero.money.mixin
        names = ["payment_type", "partner_type", "amount", "date", "memo"]
        return {
            **super()._xero_content(),
            **{name: str(self[name] or "") for name in names},
            "currency": self.currency_id.name,
            "partner": self.partner_id.id,
        }

    @api.depends("xero_link_ids.figures")
    def _compute_xero_is_reconciled(self):
        for payment in self:
            payment.xero_is_reconciled = bool((payment.xero_link_id.figures or {}).get("is_reconciled"))
