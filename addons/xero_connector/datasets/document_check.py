"""What keeps a document from going to Xero, found without an API call."""

from odoo import api, models
from odoo.fields import Domain

from . import amounts
from .periods import check_lock_dates, check_start
from .problem import Problem
from .statuses import GONE

REFUSED_LINE_TYPES = ("non_deductible_product", "non_deductible_product_total", "non_deductible_tax")
PROFIT_AND_LOSS = ("income", "expense")  # groups of accounts
NO_TAX_RATES = {"sales": "no_tax_sale_rate_id", "purchase": "no_tax_purchase_rate_id"}


class XeroDatasetDocumentCheck(models.AbstractModel):
    """The checks of documents, from the cheap ones to those that read every line."""

    _name = "xero.dataset.document.check"
    _inherit = "xero.dataset"
    _description = "Xero Document Checks"

    _unit_step = amounts.UNIT  # of a price in Xero
    _final_statuses = ("PAID", *GONE)
    _number_field = None  # that Xero lets be used once
    _in_batches = True
    _in_books = True
    _date_can_move = True
    _confirmed_state = "posted"
    _final_code = "final_in_xero"
    _cancelled_code = "cancelled_in_odoo"

    @api.model
    def _check(self, record, link):
        self._check_kind(record)
        self._check_state(record, link)
        self._check_start(record, link)
        self._check_partner(record)
        self._check_lock_dates(record)
        self._check_currency(record)
        self._check_lines(record)

    @api.model
    def _check_kind(self, record):
        if not self._xero_type(record):
            raise Problem("wrong_type")

    @api.model
    def _check_state(self, record, link):
        gone = link.xero_id and link.xero_status in GONE
        if gone and record.state == "cancel":
            raise Problem("cancelled", state="excluded")
        if gone and record.state == self._confirmed_state:
            raise self._void_problem(record, link)
        if link.xero_id and link.xero_status in self._final_statuses:
            raise Problem(self._final_code, state="skipped", status=link.xero_status)
        if record.state == "cancel":
            if link.xero_id:
                raise Problem(self._cancelled_code, state="outdated", status=link.xero_status)
            raise Problem("cancelled", state="excluded")
        self._check_confirmed(record, link)
        if not self._status(record):
            raise Problem("status_not_chosen")

    @api.model
    def _void_problem(self, record, link):
        """The Problem when Xero has voided or deleted what Odoo counts: its number is used up there (XQ-01)."""
        return Problem("number_deleted", number=link.number or self._number(record))

    @api.model
    def _check_confirmed(self, record, link):
        """Posted and numbered, or a draft where drafts travel, too."""
        editable = self._drafts_travel(record) and link.xero_status in (False, "DRAFT")
        if record.state != "posted" and not editable:
            raise Problem("not_posted")

    @api.model
    def _drafts_travel(self, record):
        """Whether `record` may go to Xero before it is posted (INV-23)."""
        return self._connection.push_draft_documents

    @api.model
    def _own_number(self, record):
        """Odoo's number of `record`; until it is posted it has none, and posting tells Xero the real one."""
        return record.name if record.name and record.name != "/" else f"DRAFT-{record.id}"

    @api.model
    def _date(self, record):
        """Xero's Date is Odoo's accounting date, unless an approver has moved it out of a locked period (B15)."""
        return record.xero_link_id.date_override or record.date or record.invoice_date

    @api.model
    def _check_start(self, record, link):
        check_start(self._connection, self._date(record), link)
        if record == record.company_id.account_opening_move_id:
            raise Problem("opening_entry", state="excluded")

    @api.model
    def _partner(self, records):
        """Whose contacts `records` are for."""
        return records.commercial_partner_id

    @api.model
    def _check_partner(self, record):
        partner = self._partner(record)
        if not partner:
            raise Problem("no_contact")
        contact = partner.xero_link_id
        if not contact.xero_id and self._connection.on_missing_contact == "skip":
            raise Problem("contact_left_out", state="excluded", partner=partner.name)
        if contact.xero_status in ("ARCHIVED", "GDPRREQUEST"):
            raise Problem("contact_archived", partner=partner.name)
        own = self._connection._company_of_partner(partner)
        if own and own != record.company_id and not self._connection.allow_intercompany:
            raise Problem("intercompany", partner=partner.name)

    @api.model
    def _check_lock_dates(self, record):
        check_lock_dates(self._connection, self._date(record))

    @api.model
    def _check_currency(self, record):
        currency = record.currency_id
        if currency.decimal_places != 2:
            raise Problem("currency_decimals", currency=currency.name)
        subscribed = self._connection.currency_codes or []
        if currency != record.company_id.currency_id and currency.name not in subscribed:
            raise Problem("currency_not_subscribed", currency=currency.name)

    @api.model
    def _check_lines(self, record):
        for line in self._document_lines(record):
            if line.display_type in REFUSED_LINE_TYPES:
                raise Problem("non_deductible", line=line.name or "")
            if line.display_type == "rounding" and line.tax_repartition_line_id:
                raise Problem("rounding_in_tax")
        kept = self.env["account.tax"]
        for line, account, rate in self._line_mappings(record):
            self._check_account_with_tax(line, account, rate)
            if rate._is_kept():
                kept |= line.tax_ids
        for line in self._document_lines(record):
            tax = line.group_tax_id or line.tax_line_id
            if line.tax_repartition_line_id and tax not in kept:
                self._check_tax_account(line, tax)

    @api.model
    def _check_tax_account(self, line, tax):
        """Raise a Problem when Odoo books a tax elsewhere than on an account of taxes, where Xero books it (B1)."""
        elsewhere = not line.tax_repartition_line_id.account_id or line.account_id.internal_group in PROFIT_AND_LOSS
        if elsewhere and not line.currency_id.is_zero(line.amount_currency):
            raise Problem("tax_elsewhere", tax=tax.name, account=line.account_id.display_name)

    @api.model
    def _check_account_with_tax(self, line, account, rate):
        if not account:  # a code typed in by hand: only Xero knows
            return
        if account.status != "ACTIVE" or not account.active:
            odoo_account = self._line_odoo_account(line).display_name
            raise Problem("account_archived", account=account.display_name, odoo_account=odoo_account)
        if not account._usable_on_lines():
            raise Problem("account_not_for_lines", account=account.display_name)
        if not rate._fits(account):
            raise Problem("tax_not_for_account", tax=rate.display_name, account=account.display_name)

    # === BY ITSELF === #

    @api.model
    def _ready_domain(self):
        # EXTENDS xero.dataset: posted since the start date
        start = self._connection.sync_from
        return Domain("state", "=", "posted") & Domain("date", ">=", start) if start else Domain.FALSE

    # === MAPPING OF LINES === #

    @api.model
    def _document_lines(self, record):
        """Lines of `record` that belong to the document in Xero."""
        return record.line_ids

    @api.model
    def _carries_amount(self, line):
        """Whether Xero gets the amount of the line; taxes and terms are Xero's own."""
        return line.display_type in self._amount_types

    @api.model
    def _shown_lines(self, record):
        """Odoo's lines in the order in which Xero shows them."""
        shown = self._document_lines(record).filtered(
            lambda line: self._carries_amount(line) or line.display_type in self._text_types
        )
        return shown.sorted(lambda line: (line.display_type in ("epd", "rounding"), line.sequence, line.id))

    @api.model
    def _has_discount(self, line):
        """Whether the line of Xero's has a DiscountRate."""
        return self._xero_type(line.move_id) in self._discounted

    @api.model
    def _line_mappings(self, record):
        """``(line, xero.account, xero.tax.rate)`` for each line that carries an amount.

        Lines of one document mostly share product, account and taxes: each kind is mapped once.
        """
        known = {}
        for line in self._document_lines(record):
            if self._carries_amount(line):
                kind = (line.display_type, line.product_id.id, line.account_id.id, line.tax_ids._ids)
                if kind not in known:
                    known[kind] = self._line_account(line), self._line_tax_rate(line)
                yield line, *known[kind]

    @api.model
    def _line_account(self, line):
        """Xero account of a line: product, its category, the Odoo account, the default (REF-04).

        :return: ``xero.account``, empty when a text code stands for it
        :raises Problem: nothing is mapped
        """
        connection = self._connection
        if not connection.sync_accounts:
            if not self._line_account_code(line):
                raise Problem("account_unmapped", account=line.account_id.display_name)
            return self.env["xero.account"]
        if line.display_type == "rounding" and not line.account_id.xero_account_id:
            account = connection.rounding_account_id
        else:
            account = self._mapped_account(line)
        if not account or account.connection_id != connection or account.tenant_id != connection.tenant_id:
            raise Problem("account_unmapped", account=line.account_id.display_name)
        return account

    @api.model
    def _side(self, line):
        """``sales`` or ``purchase``: whose accounts and tax rates `line` is mapped to."""
        return "sales"

    @api.model
    def _mapped_account(self, line):
        """``xero.account`` that is chosen for the product, its category, the Odoo account, or the rest."""
        field, product = f"xero_{self._side(line)}_account_id", line.product_id
        return (
            product[field]
            or product.categ_id[field]
            or self._line_odoo_account(line).xero_account_id
            or self._connection[f"default_{self._side(line)}_account_id"]
        )

    @api.model
    def _no_tax_rate(self, line):
        """``xero.tax.rate`` of a line without taxes."""
        return self._connection[NO_TAX_RATES[self._side(line)]]

    @api.model
    def _line_odoo_account(self, line):
        return line.account_id

    @api.model
    def _account_item(self, account, line):
        """How a line names its account: by the code that people know, as long as it has one."""
        if account and not account.code:
            return {"AccountID": account.xero_id}
        return {"AccountCode": account.code or self._line_account_code(line)}

    @api.model
    def _line_account_code(self, line):
        account = self._line_odoo_account(line)
        return account.xero_account_code or account.code

    @api.model
    def _line_tax_rate(self, line):
        """Xero tax rate of a line; no tax is itself a mapping (B4).

        :raises Problem: unmapped, negative, or several taxes without a combination
        """
        connection = self._connection
        taxes = line.tax_ids
        if not taxes:
            rate = self._no_tax_rate(line)
            if not rate:
                raise Problem("no_tax_unmapped")
        elif len(taxes) == 1:
            self._check_tax(taxes)
            rate = taxes.xero_tax_rate_id
        else:
            for tax in taxes:
                self._check_tax(tax)
            rate = connection._combination_rate(taxes)
            if not rate:
                raise Problem("combination_unmapped", taxes=" + ".join(taxes.mapped("name")))
        if not rate or rate.connection_id != connection or rate.tenant_id != connection.tenant_id:
            raise Problem("tax_unmapped", tax=taxes.display_name if len(taxes) == 1 else "")
        if rate.status != "ACTIVE" or not rate.active:
            raise Problem("tax_archived", tax=rate.display_name)
        return rate

    @api.model
    def _check_tax(self, tax):
        if tax._xero_is_withheld():
            raise Problem("tax_negative", tax=tax.display_name)
