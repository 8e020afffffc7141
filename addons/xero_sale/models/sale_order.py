"""Sales orders: what of their invoices is paid in Xero, for the people who sell (INV-20, ORD-05)."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.xero_connector.models.xero_link import PAYMENT_STATES
from odoo.addons.xero_connector.models.xero_mixin import READERS

SELLERS = f"sales_team.group_sale_salesman,{READERS}"
# The first that fits is the order's: some of its invoices are in one of these states, and none in one of those.
RULES = (
    ("paid", ("paid",), ("partial", "unpaid", "draft", False)),
    ("partial", ("paid", "partial"), ()),
    ("unpaid", ("unpaid",), ()),
    ("draft", ("draft",), ()),
    ("cancelled", ("cancelled",), ()),
)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    xero_payment_state = fields.Selection(
        PAYMENT_STATES,
        "Paid in Xero",
        compute="_compute_xero_payment",
        search="_search_xero_payment_state",
        compute_sudo=True,
        groups=SELLERS,
        help="Of the posted invoices; paid when all of them are.",
    )
    xero_amount_due = fields.Monetary("Due in Xero", compute="_compute_xero_payment", compute_sudo=True, groups=SELLERS)

    # === COMPUTES === #

    @api.depends(
        "order_line.invoice_lines.move_id.state",
        "order_line.invoice_lines.move_id.xero_payment_state",
        "order_line.invoice_lines.move_id.xero_amount_due",
    )
    @api.depends_context("company")
    def _compute_xero_payment(self):
        for order in self:
            invoices = order._xero_invoices()
            states = set(invoices.mapped("xero_payment_state"))
            order.xero_payment_state = next(
                (state for state, some, none in RULES if states & set(some) and not states & set(none)), False
            )
            order.xero_amount_due = sum(
                invoice.currency_id._convert(invoice.xero_amount_due, order.currency_id, order.company_id)
                for invoice in invoices
            )

    @api.model
    def _search_xero_payment_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        found, others = Domain.FALSE, Domain.TRUE
        for state, some, none in RULES:
            fits = self._xero_having(some) & ~self._xero_having(none)
            if state in value:
                found |= others & fits
            others &= ~fits
        return found | others if False in value else found

    @api.model
    def _xero_having(self, states):
        """Domain of the orders that have a posted invoice in one of these states."""
        if not states:
            return Domain.FALSE
        invoices = [
            ("move_type", "=", "out_invoice"),
            ("state", "=", "posted"),
            ("xero_payment_state", "in", list(states)),
        ]
        # As root: who sells need not see the invoices; his own orders are all that he finds.
        return Domain("id", "in", self.sudo()._search([("order_line.invoice_lines.move_id", "any", invoices)]))

    # === ACTIONS === #

    def action_xero_push(self):
        """Push the posted invoices of these orders to Xero.

        :return: what pushing the invoices returns
        :raises UserError: not connected, or there is no posted invoice
        """
        self.check_access("read")
        moves = self.invoice_ids.filtered(lambda move: move.state == "posted")
        if not moves:
            raise UserError(self.env._("There is no posted invoice to send: create one, post it, then push again."))
        return moves.action_xero_push()

    # === HELPERS === #

    def _xero_invoices(self):
        """Posted invoices of this order."""
        return self.invoice_ids.filtered(lambda move: move.move_type == "out_invoice" and move.state == "posted")
