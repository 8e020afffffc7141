"""Customer invoices and receipts: Xero's ACCREC invoices."""

from odoo import api, models


class XeroDatasetInvoice(models.AbstractModel):
    """Operations createInvoices, updateOrCreateInvoices, getInvoices."""

    _name = "xero.dataset.invoice"
    _inherit = "xero.dataset.document"
    _description = "Xero Customer Invoices"

    _key = "invoice"
    _xero_path = "/Invoices"
    _xero_plural = "Invoices"
    _xero_id = "InvoiceID"
    _move_types = ("out_invoice", "out_receipt")
    _xero_type = "ACCREC"
    _number_field = "InvoiceNumber"
    _status_field = "push_status_invoice"
    _pull_sequence = 90
    _has_discount = True

    @api.model
    def _prepare_extra(self, record, link):
        extra = {"DueDate": record.invoice_date_due or self._date(record)}
        if url := self._connection._record_url(record):
            extra["Url"] = url
        return extra

    @api.model
    def _conflict_queries(self, records):
        numbers = ",".join(self._number(record) for record in records)
        return [{"InvoiceNumbers": numbers, "page": 1, "pageSize": 100, "unitdp": 4}]

    @api.model
    def _deep_link(self, xero_id):
        return f"/AccountsReceivable/View.aspx?InvoiceID={xero_id}"
