"""Overpayments and prepayments: what was done with prepaid money."""

from odoo import api, models

from .pulled import Result


class XeroDatasetPrepaidCredit(models.AbstractModel):
    """What both lists have in common: the payment on account exists already, its allocations come in."""

    _name = "xero.dataset.prepaid_credit"
    _inherit = "xero.dataset.allocation"
    _description = "Xero Prepaid Credit"

    _odoo_model = "account.payment"
    _paged = True
    _knows_changes = True
    _hides_deleted = True
    _block = 100
    _scope = "accounting.banktransactions"
    _switches = ("sync_receipts", "sync_payments")

    @api.model
    def _is_pulled(self):
        # EXTENDS xero.dataset: without prepaid money there is nothing that it was used for
        if not super()._is_pulled() or self._connection.payment_direction == "to_xero":
            return False
        links = [("tenant_id", "=", self._connection.tenant_id), ("dataset", "=", "prepaid"), ("xero_id", "!=", False)]
        return bool(self.env["xero.link"].search_count(links, limit=1))

    @api.model
    def _title(self, item):
        # EXTENDS xero.dataset
        name = (item.get("Contact") or {}).get("Name")
        return " ".join(filter(None, (name, item.get("Reference"), str(item.get("Total") or ""))))

    @api.model
    def _take_in_unknown(self, items):
        # EXTENDS xero.dataset: only money that is here; the rest is counted (B22)
        payments = self._payments(items)
        results = []
        for item in items:
            payment = payments.get(item[self._xero_id])
            if payment is None:
                results.append(Result(item, "skipped", reason="money_not_here"))
            else:
                results.append(self._take_in_credit(item, self.env["xero.link"], payment))
        return results

    @api.model
    def _take_in_linked(self, item, link, record):
        return self._take_in_credit(item, link, record)

    @api.model
    def _take_in_credit(self, item, link, payment):
        if payment.move_id.state != "posted":
            return Result(item, "skipped", link=link, reason="not_posted")
        values, changes, problem = self._allocate(item, payment.move_id, link)
        return Result(
            item,
            "updated" if changes else "unchanged",
            link=link,
            record_id=payment.id,
            model=payment._name,
            company_id=payment.company_id.id,
            problem=problem,
            values=values,
        )

    @api.model
    def _payments(self, items):
        """``{Xero id of the credit: payment on account}``."""
        links = self.env["xero.link"].search(
            [
                ("tenant_id", "=", self._connection.tenant_id),
                ("dataset", "=", "prepaid"),
                ("part", "in", [item[self._xero_id] for item in items]),
            ]
        )
        payments = self.env["account.payment"].browse(links.mapped("res_id")).exists().grouped("id")
        return {link.part: payments[link.res_id] for link in links if link.res_id in payments}


class XeroDatasetOverpayment(models.AbstractModel):
    """Operations getOverpayments, getOverpayment."""

    _name = "xero.dataset.overpayment"
    _inherit = "xero.dataset.prepaid_credit"
    _description = "Xero Overpayments"

    _key = "overpayment"
    _xero_path = "/Overpayments"
    _xero_plural = "Overpayments"
    _xero_id = "OverpaymentID"
    _pull_sequence = 82


class XeroDatasetPrepayment(models.AbstractModel):
    """Operations getPrepayments, getPrepayment."""

    _name = "xero.dataset.prepayment"
    _inherit = "xero.dataset.prepaid_credit"
    _description = "Xero Prepayments"

    _key = "prepayment"
    _xero_path = "/Prepayments"
    _xero_plural = "Prepayments"
    _xero_id = "PrepaymentID"
    _pull_sequence = 84
