"""Invoices and bills, receipts of both kinds: Xero's ACCREC and ACCPAY invoices."""

from odoo import api, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class XeroDatasetInvoice(models.AbstractModel):
    """Operations createInvoices, updateOrCreateInvoices, getInvoices."""

    _name = "xero.dataset.invoice"
    _inherit = "xero.dataset.document"
    _description = "Xero Invoices"

    _key = "invoice"
    _xero_path = "/Invoices"
    _xero_plural = "Invoices"
    _xero_id = "InvoiceID"
    _types = {"out_invoice": "ACCREC", "out_receipt": "ACCREC", "in_invoice": "ACCPAY", "in_receipt": "ACCPAY"}
    _status_fields = {"ACCREC": "push_status_invoice", "ACCPAY": "push_status_bill"}
    _kinds = {
        "invoice": (_lt("Customer invoices"), [("move_type", "in", ("out_invoice", "out_receipt"))]),
        "bill": (_lt("Bills"), [("move_type", "in", ("in_invoice", "in_receipt"))]),
    }
    _number_field = "InvoiceNumber"
    _pull_sequence = 90
    _discounted = ("ACCREC",)

    @api.model
    def _prepare_extra(self, record, link):
        extra = {"DueDate": record.invoice_date_due or self._date(record)}
        if record.is_sale_document(include_receipts=True):
            extra["Reference"] = self._reference(record)
        if url := self._connection._record_url(record):
            extra["Url"] = url
        return extra

    @api.model
    def _conflict_queries(self, records):
        # A comma would divide the number in two.
        numbers = ",".join(number for record in records if "," not in (number := self._number(record)))
        return [{"InvoiceNumbers": numbers, "page": 1, "pageSize": 100, "unitdp": 4}] if numbers else []

    @api.model
    def _deep_link(self, xero_id):
        # Xero leads from here to the bill, too.
        return f"/AccountsReceivable/View.aspx?InvoiceID={xero_id}"
