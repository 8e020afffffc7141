"""Which of Odoo's documents are expenses, whom their bill is for, and what keeps them from going to Xero."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from odoo.addons.xero_connector.datasets.invoice import XeroDatasetInvoice as Invoice
from odoo.addons.xero_connector.datasets.problem import Problem
from odoo.addons.xero_connector.datasets.statuses import GONE

_lt = LazyTranslate(__name__)

EXPENSE = Domain("expense_ids", "!=", False)
BILL, BILL_DOMAIN = Invoice._kinds["bill"]


class XeroDatasetInvoice(models.AbstractModel):
    """An expense is no data set of its own: Xero keeps its bill among the others.

    What the employee paid, Odoo books as a receipt of all his expenses; what the company paid, as the entry of its
    payment, which becomes a bill to the vendor (B11).
    """

    _inherit = "xero.dataset.invoice"

    _kinds = {
        **Invoice._kinds,
        "bill": (BILL, list(Domain(BILL_DOMAIN) & ~EXPENSE)),
        "expense": (_lt("Expenses"), list(EXPENSE)),
    }

    # === KIND === #

    @api.model
    def _xero_type(self, record):
        # EXTENDS xero.dataset.document
        return "ACCPAY" if record._xero_company_expense() else super()._xero_type(record)

    @api.model
    def _typed_domain(self, wanted):
        # EXTENDS xero.dataset.document
        domain = super()._typed_domain(wanted)
        return domain | EXPENSE if "ACCPAY" in wanted else domain

    @api.model
    def _numbered_by_supplier(self, record):
        # EXTENDS xero.dataset.document
        return super()._numbered_by_supplier(record) or bool(record._xero_company_expense())

    @api.model
    def _status_field(self, record):
        # EXTENDS xero.dataset.document
        return "push_status_expense" if record._xero_expenses() else super()._status_field(record)

    # === CONTACT === #

    @api.model
    def _partner(self, records):
        # EXTENDS xero.dataset.document.check
        partners = self.env["res.partner"]
        for record in records:
            partners |= self._expense_partner(record) if record._xero_expenses() else super()._partner(record)
        return partners

    @api.model
    def _expense_partner(self, record):
        """The vendor of what the company paid, never the employee; else the employee's work contact."""
        if expense := record._xero_company_expense():
            vendor = expense.vendor_id or record.partner_id or self._connection.expense_vendor_id
            return vendor.commercial_partner_id
        partner = record.partner_id.commercial_partner_id
        return record.partner_id if partner == record.company_id.partner_id else partner

    # === CHECK === #

    @api.model
    def _check(self, record, link):
        # EXTENDS xero.dataset.document: what is no bill at all needs nothing that bills need
        is_new = record._xero_expenses() and not link.xero_id
        if is_new:
            self._check_reimbursed_once(record)
        result = super()._check(record, link)
        if is_new:
            self._check_sent_once(record, link)
        return result

    @api.model
    def _check_reimbursed_once(self, record):
        """What the employee paid is paid back by this bill or in the pay run, never by both (B11)."""
        if self._connection.expense_reimbursement == "pay_run" and not record._xero_company_expense():
            raise Problem("expense_in_pay_run", state="excluded")

    @api.model
    def _check_sent_once(self, record, link):
        """An expense that was posted anew waits as long as its former bill counts in Xero."""
        former = record._xero_former_links().filtered(lambda old: old.tenant_id == self._connection.tenant_id)
        if former and not link.duplicate_accepted_by_id:
            number, status = former[0].number or "", former[0].xero_status or ""
            raise Problem("expense_sent_before", state="held", number=number, status=status)

    @api.model
    def _check_partner(self, record):
        # EXTENDS xero.dataset.document.check
        expense = record._xero_company_expense()
        if expense and self._partner(record) <= expense.employee_id.work_contact_id:
            raise Problem("expense_without_vendor", expense=expense.name)
        return super()._check_partner(record)

    # === LINES === #

    @api.model
    def _document_lines(self, record):
        # EXTENDS xero.dataset.document.check: all but the money itself
        lines = super()._document_lines(record)
        if not record._xero_company_expense():
            return lines
        liquidity, _counterparts, _rest = record.origin_payment_id._seek_for_lines()
        return lines - liquidity

    @api.model
    def _carries_amount(self, line):
        # EXTENDS xero.dataset.document.check: in an entry, taxes are lines like others
        tax = line.tax_repartition_line_id and line.move_id.move_type == "entry"
        return super()._carries_amount(line) and not tax

    @api.model
    def _tracked_record(self, line, source):
        # EXTENDS xero.dataset: an expense says its department itself
        if source == "department" and line.expense_id:
            return line.sudo().expense_id.department_id
        return super()._tracked_record(line, source)


def counts_in_xero(link):
    """Whether what `link` stands for is a bill in Xero that somebody may pay."""
    return bool(link.xero_id) and link.xero_status not in GONE
