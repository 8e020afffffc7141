"""How expenses arrive in Xero."""

from odoo import fields, models

from odoo.addons.xero_connector.models.xero_connection import PUSH_STATUSES


class XeroConnection(models.Model):
    _inherit = "xero.connection"

    push_status_expense = fields.Selection(PUSH_STATUSES, "Expenses as")
    expense_reimbursement = fields.Selection(
        [("bill", "By a bill to the employee"), ("pay_run", "In the pay run")],
        "Employees are paid back",
        default="bill",
        required=True,
        help="Never by both: what is paid back in the pay run does not go to Xero as a bill. "
        "What the company paid itself goes as a bill to the vendor either way.",
    )
    expense_vendor_id = fields.Many2one(
        "res.partner",
        "Vendor of the rest",
        check_company=True,
        help="For expenses that the company paid and that name no vendor.",
    )

    def _queue(self, records_by_dataset, trigger, priority="2", run=None):
        # EXTENDS xero_connector: expenses travel as the bills that Odoo has booked for them
        expenses = records_by_dataset.get("expense")
        if expenses:
            others = {key: records for key, records in records_by_dataset.items() if key != "expense"}
            bills = expenses._xero_bills()
            if invoices := others.get("invoice"):
                bills |= invoices
            records_by_dataset = {**others, "invoice": bills}
        return super()._queue(records_by_dataset, trigger, priority, run)
