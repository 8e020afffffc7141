"""What the company paid is paid in Odoo: its payment is the expense's own, on either side."""

from odoo import api, models

from odoo.addons.xero_connector.datasets.amounts import decimal
from odoo.addons.xero_connector.datasets.payment_push import Share
from odoo.addons.xero_connector.datasets.problem import Problem
from odoo.addons.xero_connector.datasets.pulled import Result


class XeroDatasetPayment(models.AbstractModel):
    _inherit = "xero.dataset.payment"

    # === TO XERO === #

    @api.model
    def _shares(self, payment):
        # EXTENDS xero_connector: all of it pays the bill of its expense
        move = payment.move_id
        if not move._xero_company_expense():
            return super()._shares(payment)
        amount = decimal(payment.amount)
        base = sum((decimal(line.balance) for line in self._bill_lines(move)), decimal(0))
        return [Share(f"account.move,{move.id}", move, amount, amount, base, self.env["account.move.line"])]

    @api.model
    def _bill_lines(self, move):
        return self._connection._dataset("invoice")._document_lines(move)

    # === FROM XERO === #

    @api.model
    def _find_by_hand(self, item, move, taken):
        # EXTENDS xero_connector: whatever its day, it can only be this one
        if not move._xero_company_expense():
            return super()._find_by_hand(item, move, taken)
        payment = move.origin_payment_id
        same = payment.currency_id.compare_amounts(payment.amount, float(decimal(item.get("Amount")))) == 0
        free = (payment, move) not in taken and not payment.xero_link_ids.filtered("xero_id")
        return payment if same and free else payment.browse()

    @api.model
    def _take_back(self, item, link):
        # EXTENDS xero_connector: the company has paid, and the entry is the expense itself
        record = self.env[link.model].browse(link.res_id)
        if link.model != "account.payment" or not record.move_id._xero_company_expense():
            return super()._take_back(item, link)
        problem = Problem("expense_payment_deleted", payment=record.display_name)
        return Result(item, "removed", link=link, problem=problem, values={"xero_id": False, "state": "excluded"})
